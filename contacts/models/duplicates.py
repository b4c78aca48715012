"""What is known of contacts that were taken for two, or for one."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from contacts.models.contacts import Contact
from networkcrm.owned import Owned, OwnedForeignKey, owner_and_id


class Distinct(Owned):
    """The owner said that these two are not the same person."""

    one = OwnedForeignKey(Contact, related_name="distincts_as_one")
    other = OwnedForeignKey(Contact, related_name="distincts_as_other")

    class Meta:
        constraints = [
            owner_and_id("distinct"),
            models.UniqueConstraint(
                F("owner"),
                Least("one", "other"),
                Greatest("one", "other"),
                name="distinct_pair_once",
            ),
            models.CheckConstraint(
                condition=~Q(one=F("other")), name="distinct_are_two"
            ),
        ]
        indexes = [
            models.Index(F("owner"), F("one"), name="distinct_of_one"),
            models.Index(F("owner"), F("other"), name="distinct_of_other"),
        ]

    def __str__(self) -> str:
        return f"{self.one} is not {self.other}"


class MergedUid(Owned):
    """The card number of one who was merged into this contact: a later import of the
    same file finds them by it."""

    contact = OwnedForeignKey(Contact, related_name="merged_uids")
    uid = models.CharField(max_length=500)

    class Meta:
        constraints = [
            owner_and_id("mergeduid"),
            models.UniqueConstraint(
                fields=["owner", "uid", "contact"], name="mergeduid_once"
            ),
        ]
        indexes = [models.Index(F("owner"), F("contact"), name="mergeduid_of_contact")]

    def __str__(self) -> str:
        return self.uid


class MergedContact(Owned):
    """One who was merged into this contact. Its id is theirs, so that their old
    addresses lead on."""

    contact = OwnedForeignKey(Contact, related_name="merged_contacts")

    class Meta:
        constraints = [owner_and_id("mergedcontact")]
        indexes = [
            models.Index(F("owner"), F("contact"), name="mergedcontact_of_contact")
        ]

    def __str__(self) -> str:
        return f"{self.pk}, now {self.contact}"
