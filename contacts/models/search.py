"""What search reads: one row per contact, and the words of one owner."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from contacts.models.contacts import Contact
from networkcrm.owned import Owned, OwnedOneToOneField, owner_and_id


class SearchRow(Owned):
    """All that can be found of one contact, kept current by contacts/search.py."""

    contact = OwnedOneToOneField(Contact, related_name="search_row")
    # [[kind, text], ...] as shown when it is the reason of a hit.
    pieces = models.JSONField(default=list)
    words = SearchVectorField(null=True)

    class Meta:
        constraints = [
            owner_and_id("searchrow"),
            models.UniqueConstraint(
                fields=["owner", "contact"], name="searchrow_one_per_contact"
            ),
        ]
        indexes = [GinIndex(fields=["owner", "words"], name="searchrow_words")]


class SearchWord(Owned):
    """A word that occurs in some row of this owner: where typos find their way back."""

    word = models.CharField(max_length=100)

    class Meta:
        constraints = [
            owner_and_id("searchword"),
            models.UniqueConstraint(fields=["owner", "word"], name="searchword_once"),
        ]
        indexes = [
            GinIndex(
                fields=["owner", "word"],
                name="searchword_trigrams",
                opclasses=["uuid_ops", "gin_trgm_ops"],
            )
        ]
