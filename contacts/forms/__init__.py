from contacts.forms.contacts import ContactForm
from contacts.forms.facts import FactForm
from contacts.forms.filters import ContactFilterForm
from contacts.forms.rows import DateFormSet, MethodFormSet

__all__ = [
    "ContactFilterForm",
    "ContactForm",
    "DateFormSet",
    "FactForm",
    "MethodFormSet",
]
