from contacts.models.contacts import Contact, ContactTag, Stage
from contacts.models.duplicates import Distinct, MergedContact, MergedUid
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
    "Distinct",
    "Fact",
    "Import",
    "ImportRow",
    "ImportantDate",
    "MergedContact",
    "MergedUid",
    "Organization",
    "SearchRow",
    "SearchWord",
    "Stage",
    "Tag",
]
