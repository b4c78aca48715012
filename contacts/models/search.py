"""What search reads: one row per contact, and the words of one owner."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F

from contacts.models.contacts import Contact
from networkcrm.owned import Owned, OwnedOneToOneField, owner_and_id


class SearchRow(Owned):
    """All that can be found of one contact, kept current by contacts/search_rows.py.

    Contacts in the trash have none, and neither has the owner's own contact.
    """

    contact = OwnedOneToOneField(Contact, related_name="search_row")
    # The first 200 characters of the contact's: enough to begin with and to sort by.
    sort_key = models.CharField(max_length=200, db_collation="C")
    # The name alone, short enough to be compared in every row that matches.
    names = SearchVectorField()
    # Everything: A names, B methods, organization and place, C what they told and
    # how you met, D notes and interactions. A word of the name is there twice, as
    # ada and as =ada, so that the index knows names from the rest.
    words = SearchVectorField()
    # [[weight, label, text], ...] as shown when it is the reason of a hit.
    pieces = models.JSONField(default=list)

    class Meta:
        constraints = [
            owner_and_id("searchrow"),
            models.UniqueConstraint(
                fields=["owner", "contact"], name="searchrow_one_per_contact"
            ),
        ]
        indexes = [
            # Every search reads through what waits to be sorted in: some of it waits,
            # because sorting in one by one costs an import half its time.
            GinIndex(
                fields=["owner", "words"],
                gin_pending_list_limit=512,
                name="searchrow_words",
            ),
            models.Index(
                F("owner"), F("sort_key"), F("contact"), name="searchrow_by_name"
            ),
        ]


class SearchWord(Owned):
    """A word that occurs in some row of this owner: where typos find their way back.

    Two transactions that learn the same word do not wait for each other, so it may
    stand here twice.
    """

    word = models.CharField(max_length=100, db_collation="C")

    class Meta:
        constraints = [owner_and_id("searchword")]
        indexes = [
            models.Index(F("owner"), F("word"), name="searchword_by_word"),
            GinIndex(
                fields=["owner", "word"],
                gin_pending_list_limit=512,
                name="searchword_trigrams",
                opclasses=["uuid_ops", "gin_trgm_ops"],
            ),
        ]
