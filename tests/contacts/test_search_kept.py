"""The search rows that were kept are those that would be made anew."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from connections import debriefing, undoing, undoing_introductions
from connections.undoing_outcomes import delete_outcome
from connections.undoing_relationships import delete_relationship
from contacts import bulk, seats
from contacts.importing import undoing as importing
from contacts.merging import merge
from contacts.purging import purge
from contacts.search_rows import reindex
from events.guests import writing as guests
from events.undoing import delete_attendance, delete_event
from followups.circles_moving import delete_circle
from followups.undoing import delete_followup
from networkcrm import derived
from tests.contacts.importing.test_running import bring, card
from tests.factories import (
    AttendanceFactory,
    CircleFactory,
    ContactFactory,
    ContactMethodFactory,
    ContactTagFactory,
    EventFactory,
    FactFactory,
    FavourFactory,
    FollowUpFactory,
    GuestFactory,
    ImportantDateFactory,
    InteractionFactory,
    IntroductionFactory,
    OrganizationFactory,
    OriginFactory,
    OutcomeFactory,
    RelationshipFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


def rows(user):
    """What search reads, pieces of one weight in any order."""
    return {
        contact_id: (sort_key, names, words, sorted(pieces))
        for contact_id, sort_key, names, words, pieces in user.searchrows.values_list(
            "contact_id", "sort_key", "names", "words", "pieces"
        )
    }


@pytest.fixture
def world(user, client):
    """Three people with everything that search knows of somebody."""
    with derived.batch():
        lena, tom, maya = (
            ContactFactory(owner=user, full_name=name)
            for name in ("Lena Brandt", "Tom Okoye", "Maya Lindqvist")
        )
        event = EventFactory(owner=user, name="Harbour Talks")
        tom.organization = OrganizationFactory(owner=user, name="Quayside")
        tom.circle = CircleFactory(owner=user, name="Board")
        tom.save()
        tag = ContactTagFactory(contact=tom, tag=TagFactory(owner=user, name="climb"))
        world = SimpleNamespace(
            user=user,
            lena=lena,
            tom=tom,
            maya=maya,
            event=event,
            tag=tag,
            method=ContactMethodFactory(contact=tom, kind="phone", value="030 1234567"),
            fact=FactFactory(contact=tom, text="a retail buyer"),
            date=ImportantDateFactory(contact=tom, label="Ada's first day"),
            origin=OriginFactory(
                contact=tom,
                introducer=lena,
                event=event,
                platform="mastodon",
                story="Over soup.",
            ),
            interaction=InteractionFactory(
                owner=user,
                event=event,
                platform="zoom",
                text="the harvest",
                with_contacts=[tom, maya],
            ),
            attendance=AttendanceFactory(
                event=event, contact=maya, talking_points="her thesis", note="early"
            ),
            introduction=IntroductionFactory(
                owner=user, introducer=lena, a=tom, b=maya, event=event, why_a="bread"
            ),
            relationship=RelationshipFactory(
                owner=user, from_contact=lena, to_contact=tom
            ),
            outcome=OutcomeFactory(
                owner=user, event=event, title="A lecture", with_contacts=[tom, lena]
            ),
            favour=FavourFactory(contact=tom, text="lent a ladder"),
            followup=FollowUpFactory(
                contact=tom,
                title="send the slides",
                due_on=timezone.localdate(),
                repeat="FREQ=WEEKLY",
            ),
            guest=GuestFactory(event=event, name="Grace Guest"),
        )
    world.undo = lambda url: client.post(url)
    return world


def rename(row, field="name"):
    """As a page does it: what was read is changed and saved."""
    row = type(row).objects.of(row.owner_id).get(pk=row.pk)
    setattr(row, field, "Something Other")
    row.save()


def in_bulk(world, action, **choices):
    done = action(world.user, world.user.contacts.others(), choices)
    return done, lambda: bulk.undo.remember(world.user, done.verb, done.payload)


def taken_back(delete):
    """Delete it, and take that back."""

    def write(world):
        world.undo(delete(world))

    return write


def bulk_and_back(action, **choices):
    def write(world):
        chosen = {k: v(world) if callable(v) else v for k, v in choices.items()}
        done, remember = in_bulk(world, action, **chosen)
        assert done.payload
        world.undo(remember())

    return write


def imported(world):
    text = card(
        "FN:Tom Okoye", "UID:tom-1", "TEL:030 1234567", "NOTE:Sails", "ORG:Quayside"
    ) + card("FN:Ina Neu", "EMAIL:ina@example.org", "CATEGORIES:climb")
    batch = bring(world.user, text)
    assert batch.created
    return batch


def import_undone(world):
    importing.undo(world.user, imported(world))


def completed(world):
    world.followup.complete()


def met(world):
    world.attendance.meet()
    debriefing.write_down(world.attendance)


def merged(world):
    return merge(world.user, world.lena.pk, world.tom.pk, {"full_name": "gone"})


def interaction_of_others(world):
    world.interaction.set_people({world.lena.pk, world.maya.pk})


def outcome_of_others(world):
    world.outcome.set_people({world.maya.pk})


def kind_renamed(world):
    rename(world.relationship.kind)


def renormalized(world):
    world.user.phone_region = "DE"
    world.user.save()
    world.user.contactmethods.all().renormalize(world.user)


def guest_wanted(world):
    guests.want(world.guest, None, "her boat")


WRITES = {
    "renamed": lambda w: rename(w.lena, "full_name"),
    "renamed at work": lambda w: rename(w.tom.organization),
    "organization gone": lambda w: w.tom.organization.delete(),
    "tag renamed": lambda w: rename(w.tag.tag),
    "tag gone": lambda w: w.tag.tag.delete(),
    "tag taken off": lambda w: w.tag.delete(),
    "circle renamed": lambda w: rename(w.tom.circle),
    "circle deleted": lambda w: delete_circle(w.tom.circle),
    "circle back": taken_back(lambda w: delete_circle(w.tom.circle)),
    "event renamed": lambda w: rename(w.event),
    "event deleted": lambda w: delete_event(w.event),
    "event back": taken_back(lambda w: delete_event(w.event)),
    "trashed": lambda w: w.lena.trash(),
    "introducer purged": lambda w: purge(w.user, [w.lena.pk]),
    "introduced purged": lambda w: purge(w.user, [w.tom.pk]),
    "all tagged": bulk_and_back(bulk.tag, tag_name="new"),
    "all in a circle": bulk_and_back(
        bulk.circle, circle=lambda w: str(w.tom.circle_id)
    ),
    "all archived": bulk_and_back(bulk.archive),
    "all trashed": lambda w: in_bulk(w, bulk.trash),
    "all trashed and back": bulk_and_back(bulk.trash),
    "moved": lambda w: seats.move(w.user, {w.maya.pk: w.tom.circle_id}),
    "method changed": lambda w: rename(w.method, "value"),
    "phones read anew": renormalized,
    "method gone": lambda w: w.method.delete(),
    "fact changed": lambda w: rename(w.fact, "text"),
    "date changed": lambda w: rename(w.date, "label"),
    "date gone": lambda w: w.date.delete(),
    "origin changed": lambda w: rename(w.origin, "story"),
    "origin gone": lambda w: undoing.delete_origin(w.origin),
    "origin back": taken_back(lambda w: undoing.delete_origin(w.origin)),
    "interaction changed": lambda w: rename(w.interaction, "title"),
    "interaction of others": interaction_of_others,
    "interaction gone": lambda w: undoing.delete_interaction(w.interaction),
    "interaction back": taken_back(lambda w: undoing.delete_interaction(w.interaction)),
    "attendance changed": lambda w: rename(w.attendance, "note"),
    "attendance gone": lambda w: delete_attendance(w.attendance),
    "attendance back": taken_back(lambda w: delete_attendance(w.attendance)),
    "met and written down": met,
    "expected": lambda w: guests.expect(w.event, [w.lena.pk, w.tom.pk]),
    "guest wanted": guest_wanted,
    "introduction changed": lambda w: rename(w.introduction, "why_a"),
    "introduction gone": lambda w: undoing_introductions.delete_introduction(
        w.introduction
    ),
    "introduction back": taken_back(
        lambda w: undoing_introductions.delete_introduction(w.introduction)
    ),
    "relationship gone": lambda w: delete_relationship(w.relationship),
    "relationship back": taken_back(lambda w: delete_relationship(w.relationship)),
    "kind renamed": kind_renamed,
    "outcome changed": lambda w: rename(w.outcome, "title"),
    "outcome of others": outcome_of_others,
    "outcome gone": lambda w: delete_outcome(w.outcome),
    "outcome back": taken_back(lambda w: delete_outcome(w.outcome)),
    "favour changed": lambda w: rename(w.favour, "text"),
    "favour gone": lambda w: w.favour.delete(),
    "promise kept": completed,
    "promise gone": lambda w: delete_followup(w.followup),
    "promise back": taken_back(lambda w: delete_followup(w.followup)),
    "merged": merged,
    "merged and parted": taken_back(merged),
    "imported": imported,
    "import undone": import_undone,
}


def test_the_rows_kept_are_those_made_anew_after_every_kind_of_write(user, world):
    """One world for all of them: what each writes is rolled back."""
    wrong = {}

    for name, write in WRITES.items():
        with transaction.atomic():
            write(as_it_stands(world))
            kept = rows(user)
            words = set(user.searchwords.values_list("word", flat=True))
            reindex(user.pk)
            anew = rows(user)
            if kept != anew:
                wrong[name] = [
                    (kept.get(pk), anew.get(pk))
                    for pk in kept | anew
                    if kept.get(pk) != anew.get(pk)
                ]
            if lost := {w.word for w in user.searchwords.all()} - words:
                wrong[f"{name}, words"] = lost
            transaction.set_rollback(True)

    assert wrong == {}


def as_it_stands(world):
    """As a page would read it."""
    there = {
        name: type(row)._base_manager.get(pk=row.pk)
        for name, row in vars(world).items()
        if isinstance(row, Model)
    }
    return SimpleNamespace(**(vars(world) | there))
