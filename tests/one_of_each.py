"""One row of each kind, by the name that addresses give it."""

import io

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from contacts import photos
from followups.reminders import unsubscribing
from networkcrm import derived
from tests.factories import (
    AttendanceFactory,
    CaptureFactory,
    CardFactory,
    CardLinkFactory,
    CardNoteFactory,
    CardOfferFactory,
    CircleFactory,
    CircleMoveFactory,
    ConsentFactory,
    ContactFactory,
    ContactMethodFactory,
    ContactTagFactory,
    DistinctFactory,
    EventFactory,
    FactFactory,
    FavourFactory,
    FeedFactory,
    FollowUpFactory,
    GoalFactory,
    GraphLayoutFactory,
    GuestFactory,
    ImportantDateFactory,
    ImportFactory,
    ImportRowFactory,
    InteractionFactory,
    IntroductionFactory,
    MergedContactFactory,
    MergedUidFactory,
    OrganizationFactory,
    OriginFactory,
    OutcomeFactory,
    PushSubscriptionFactory,
    RelationshipFactory,
    ReminderFactory,
    SuggestionFactory,
    TagFactory,
    UnfitFactory,
)


def a_picture(size=(3, 2), format="PNG"):
    """The bytes of a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format)
    return out.getvalue()


def tokens_of(owner, events):
    """The tokens of secret addresses, each for the page it opens."""
    birthdays = FeedFactory(owner=owner, kind="birthdays")
    follow_ups = FeedFactory(owner=owner, kind="follow-ups")
    return {
        "feed_events_token": a_token_of(events),
        "feed_birthdays_token": a_token_of(birthdays),
        "feed_followups_token": a_token_of(follow_ups),
        "digest_off_token": unsubscribing.token_for(owner),
    }


def a_token_of(feed):
    """Of one that was read a moment ago: reading it now changes nothing."""
    token = feed.renew()
    feed.note_reading()
    return token


def kwargs_of(name, arguments, ids):
    """What the address of this name takes: keys of rows, the token that opens its
    page ("NAME_token" of `ids`), and something made up for the rest."""
    return {a: ids.get(f"{name}_{a}", ids.get(a, "made-up")) for a in arguments}


@derived.batch()
def one_of_each(owner):
    """Returns {name of the URL's argument: its value}."""
    lena = ContactFactory(owner=owner, full_name="Lena Brandt")
    event = EventFactory(owner=owner)
    batch = ImportFactory(owner=owner)
    table = ImportFactory(owner=owner, source="csv", state="mapping")
    table.file.save("x", ContentFile("Wer,E-Mail,Größe\nAna,,38\n".encode()))
    contact = ContactFactory(
        owner=owner,
        full_name="Maya Lindqvist",
        organization=OrganizationFactory(owner=owner),
        circle=CircleFactory(owner=owner),
    )
    contact.photo.save("x", photos.cleaned(a_picture()))
    method = ContactMethodFactory(contact=contact)
    tag = ContactTagFactory(contact=contact, tag=TagFactory(owner=owner)).tag
    origin = OriginFactory(contact=contact, introducer=lena, event=event)
    introduction = IntroductionFactory(owner=owner, a=lena, b=contact, event=event)
    introduction.ask()
    consent = ConsentFactory(introduction=introduction)
    owner.origins.filter(pk=origin.pk).update(introduction=introduction)
    relationship = RelationshipFactory(
        owner=owner, from_contact=lena, to_contact=contact
    )
    outcome = OutcomeFactory(
        owner=owner,
        introduction=introduction,
        event=event,
        with_contacts=[contact],
    )
    distinct = DistinctFactory(one=lena, other=contact, owner=owner)
    GraphLayoutFactory(owner=owner, positions={str(contact.pk): [0.5, 0.5]})
    interaction = InteractionFactory(owner=owner, event=event, with_contacts=[contact])
    feed = FeedFactory(owner=owner)
    CardFactory(owner=owner)
    capture = CaptureFactory(owner=owner, event=event, contact=contact)
    capture.picture.save("x", photos.cleaned(a_picture()))
    note = CardNoteFactory(
        link=CardLinkFactory(owner=owner, event=event), event=event, contact=contact
    )
    need = FactFactory(contact=contact)
    followup = FollowUpFactory(
        contact=contact,
        event=event,
        introduction=introduction,
        interaction=interaction,
    )
    suggestion = SuggestionFactory(
        contact=contact,
        other=lena,
        need=need,
        offer=FactFactory(contact=lena, kind="offer"),
        followup=followup,
        introduction=introduction,
        # Today's, which the first visit of the day would write down.
        on=timezone.localdate(timezone=owner.tz),
    )
    return {
        "contact_id": contact.pk,
        "organization_id": contact.organization_id,
        "circle_id": contact.circle_id,
        "tag_id": tag.pk,
        "method_id": method.pk,
        "fact_id": need.pk,
        "date_id": ImportantDateFactory(contact=contact).pk,
        "import_id": batch.pk,
        "import_columns_import_id": table.pk,
        "row_id": ImportRowFactory(batch=batch, contact=contact).pk,
        "event_id": event.pk,
        "origin_id": origin.pk,
        "interaction_id": interaction.pk,
        "introduction_id": introduction.pk,
        "consent_id": consent.pk,
        "consent_answer_token": consent.renew(),
        "relationship_id": relationship.pk,
        "kind_id": relationship.kind_id,
        "outcome_id": outcome.pk,
        "attendance_id": AttendanceFactory(event=event, contact=contact).pk,
        "guest_id": GuestFactory(event=event, contact=contact).pk,
        "goal_id": GoalFactory(event=event, tag=tag).pk,
        "capture_id": capture.pk,
        "offer_id": CardOfferFactory(owner=owner).pk,
        "link_id": note.link_id,
        "card_token": note.link.token,
        "card_thanks_token": note.link.token,
        "card_vcf_token": note.link.token,
        "note_id": note.pk,
        "feed_id": feed.pk,
        **tokens_of(owner, feed),
        "followup_id": followup.pk,
        "favour_id": FavourFactory(contact=contact, met_need=need).pk,
        "suggestion_id": suggestion.pk,
        "need_id": need.pk,
        "unfit_id": UnfitFactory(contact=contact, need=need).pk,
        "move_id": CircleMoveFactory(contact=contact, after=contact.circle).pk,
        "subscription_id": PushSubscriptionFactory(owner=owner).pk,
        "reminder_id": ReminderFactory(owner=owner).pk,
        "distinct_id": distinct.pk,
        "merged_id": MergedContactFactory(contact=contact).pk,
        "uid_id": MergedUidFactory(contact=contact).pk,
        # Of a page that looks back.
        "year": 2026,
    }
