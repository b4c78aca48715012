from contacts.models.contacts import Contact, ContactTag, Stage
from contacts.models.facts import Fact, ImportantDate
from contacts.models.groups import Circle, Organization, Tag
from contacts.models.imports import Import, ImportRow
from contacts.models.methods import ContactMethod
from contacts.models.search import SearchRow, SearchWord

__all__ = [
    "Circle",
    "Contact",
    "ContactMethod",
    "ContactTag",
    "Fact",
    "Import",
    "ImportRow",
    "ImportantDate",
    "Organization",
    "SearchRow",
    "SearchWord",
    "Stage",
    "Tag",
]
