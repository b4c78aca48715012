"""Invented people for tests. Everything of a factory belongs to one owner."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from connections.models import (
    Consent,
    GraphLayout,
    Interaction,
    Introduction,
    Origin,
    Outcome,
    OutcomeShare,
    Participation,
    Relationship,
    RelationshipKind,
)
from contacts.models import (
    Circle,
    Contact,
    ContactMethod,
    ContactTag,
    Distinct,
    Fact,
    Import,
    ImportantDate,
    ImportRow,
    MergedContact,
    MergedUid,
    Organization,
    Tag,
)
from events.models import (
    Attendance,
    Capture,
    Card,
    CardLink,
    CardNote,
    CardOffer,
    Event,
    Feed,
    Goal,
    Guest,
)
from followups.models import (
    CircleMove,
    Favour,
    FollowUp,
    PushSubscription,
    Reminder,
    Suggestion,
    Unfit,
)
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate


def make_user(name, **extra):
    return User.objects.create_user(f"{name}@example.org", "a long passphrase", **extra)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"owner{n}@example.org")


class OwnedFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    owner = factory.SubFactory(UserFactory)


class OrganizationFactory(OwnedFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Lumen {n}")


class TagFactory(OwnedFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"tag {n}")


class CircleFactory(OwnedFactory):
    class Meta:
        model = Circle

    name = factory.Sequence(lambda n: f"circle {n}")
    seats = 20
    cadence_days = 30


class ContactFactory(OwnedFactory):
    class Meta:
        model = Contact

    full_name = factory.Sequence(lambda n: f"Ada Example {n}")


class OfContactFactory(OwnedFactory):
    class Meta:
        abstract = True

    owner = factory.SelfAttribute("contact.owner")
    contact = factory.SubFactory(ContactFactory)


class ContactMethodFactory(OfContactFactory):
    class Meta:
        model = ContactMethod

    kind = "email"
    value = factory.Sequence(lambda n: f"ada{n}@example.org")


class ContactTagFactory(OfContactFactory):
    class Meta:
        model = ContactTag

    tag = factory.SubFactory(TagFactory, owner=factory.SelfAttribute("..owner"))


class FactFactory(OfContactFactory):
    class Meta:
        model = Fact

    kind = "need"
    text = "a first retail buyer"


class ImportantDateFactory(OfContactFactory):
    class Meta:
        model = ImportantDate

    kind = "anniversary"
    on = PartialDate(None, 5, 3)


class DistinctFactory(OwnedFactory):
    class Meta:
        model = Distinct

    one = factory.SubFactory(ContactFactory, owner=factory.SelfAttribute("..owner"))
    other = factory.SubFactory(ContactFactory, owner=factory.SelfAttribute("..owner"))


class MergedContactFactory(OfContactFactory):
    class Meta:
        model = MergedContact


class MergedUidFactory(OfContactFactory):
    class Meta:
        model = MergedUid

    uid = factory.Sequence(lambda n: f"card-{n}")


class ImportFactory(OwnedFactory):
    class Meta:
        model = Import

    source = "vcard"
    file_name = "people.vcf"


class ImportRowFactory(OwnedFactory):
    class Meta:
        model = ImportRow

    owner = factory.SelfAttribute("batch.owner")
    batch = factory.SubFactory(ImportFactory)
    number = factory.Sequence(lambda n: n)
    line = 1
    state = "new"


class EventFactory(OwnedFactory):
    class Meta:
        model = Event

    name = factory.Sequence(lambda n: f"Mixer {n}")


class OriginFactory(OfContactFactory):
    class Meta:
        model = Origin

    how = "online"


class InteractionFactory(OwnedFactory):
    class Meta:
        model = Interaction
        skip_postgeneration_save = True

    kind = "coffee"
    on = PartialDate(2026, 11, 2)

    @factory.post_generation
    def with_contacts(self, create, extracted, **kwargs):
        for contact in extracted or []:
            Participation(owner=self.owner, interaction=self, contact=contact).save()


class IntroductionFactory(OwnedFactory):
    """By me, unless there is another introducer."""

    class Meta:
        model = Introduction

    introducer = factory.LazyAttribute(lambda row: row.owner.contacts.get(is_me=True))
    a = factory.SubFactory(ContactFactory, owner=factory.SelfAttribute("..owner"))
    b = factory.SubFactory(ContactFactory, owner=factory.SelfAttribute("..owner"))


class ConsentFactory(OwnedFactory):
    class Meta:
        model = Consent

    owner = factory.SelfAttribute("introduction.owner")
    introduction = factory.SubFactory(IntroductionFactory)
    party = "a"
    message = "May I introduce you to someone who sells candles?"


class RelationshipKindFactory(OwnedFactory):
    class Meta:
        model = RelationshipKind

    name = factory.Sequence(lambda n: f"coach {n}")
    inverse_name = factory.Sequence(lambda n: f"client of coach {n}")


class RelationshipFactory(OwnedFactory):
    class Meta:
        model = Relationship

    from_contact = factory.SubFactory(
        ContactFactory, owner=factory.SelfAttribute("..owner")
    )
    to_contact = factory.SubFactory(
        ContactFactory, owner=factory.SelfAttribute("..owner")
    )
    kind = factory.LazyAttribute(
        lambda row: row.owner.relationshipkinds.get(key="colleague")
    )


class OutcomeFactory(OwnedFactory):
    class Meta:
        model = Outcome
        skip_postgeneration_save = True

    title = "A guest lecture"
    kind = "talk"
    on = PartialDate(2026, 11)

    @factory.post_generation
    def with_contacts(self, create, extracted, **kwargs):
        for contact in extracted or []:
            OutcomeShare(owner=self.owner, outcome=self, contact=contact).save()


class GraphLayoutFactory(OwnedFactory):
    class Meta:
        model = GraphLayout


class OfEventFactory(OwnedFactory):
    class Meta:
        abstract = True

    owner = factory.SelfAttribute("event.owner")
    event = factory.SubFactory(EventFactory)


class AttendanceFactory(OfEventFactory):
    class Meta:
        model = Attendance

    contact = factory.SubFactory(ContactFactory, owner=factory.SelfAttribute("..owner"))


class GuestFactory(OfEventFactory):
    class Meta:
        model = Guest

    name = factory.Sequence(lambda n: f"Grace Guest {n}")


class GoalFactory(OfEventFactory):
    class Meta:
        model = Goal

    text = "Meet founders"
    target = 3


class CaptureFactory(OwnedFactory):
    class Meta:
        model = Capture

    text = "Ana Ruiz, Acme"
    captured_at = factory.LazyFunction(timezone.now)


class CardFactory(OwnedFactory):
    class Meta:
        model = Card


class CardOfferFactory(OwnedFactory):
    class Meta:
        model = CardOffer

    audience = factory.Sequence(lambda n: f"founders {n}")
    text = "I know who buys candles."


class CardLinkFactory(OwnedFactory):
    class Meta:
        model = CardLink


class CardNoteFactory(OwnedFactory):
    class Meta:
        model = CardNote

    owner = factory.SelfAttribute("link.owner")
    link = factory.SubFactory(CardLinkFactory)
    name = "Ben Katz"
    reach = "ben@example.org"


class FeedFactory(OwnedFactory):
    class Meta:
        model = Feed

    kind = "events"
    token_hash = factory.Sequence(lambda n: f"{n:064x}")


class FollowUpFactory(OfContactFactory):
    class Meta:
        model = FollowUp

    title = "Send the grant list"


class FavourFactory(OfContactFactory):
    class Meta:
        model = Favour

    text = "Read her grant application"


class UnfitFactory(OfContactFactory):
    class Meta:
        model = Unfit

    need = factory.LazyAttribute(
        lambda row: FactFactory(contact__owner=row.owner, kind="need")
    )


class SuggestionFactory(OfContactFactory):
    class Meta:
        model = Suggestion

    # One a day, so that any number of them stands.
    on = factory.Sequence(lambda n: date(2026, 1, 1) + timedelta(n))
    kind = "need"
    key = factory.LazyAttribute(lambda row: f"need:{row.contact.pk}")
    why = "She still looks for a first retail buyer."


class CircleMoveFactory(OfContactFactory):
    class Meta:
        model = CircleMove

    before = factory.SubFactory(CircleFactory, owner=factory.SelfAttribute("..owner"))
    why = "Not in touch for a year."
    answer = "kept"


class PushSubscriptionFactory(OwnedFactory):
    class Meta:
        model = PushSubscription

    endpoint = factory.Sequence(lambda n: f"https://push.example.org/{n}")
    p256dh = "BExample"
    auth = "secret"
    device = "Firefox on Android"


class ReminderFactory(OwnedFactory):
    class Meta:
        model = Reminder

    channel = "mail"
    kind = "digest"
    about = factory.Sequence(lambda n: str(date(2026, 1, 1) + timedelta(n)))
