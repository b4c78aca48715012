"""Who is to be thanked for what came of it: up the chain, once per outcome."""

import pytest

from connections.credit import credited, credited_events
from contacts.purging import purge
from tests.factories import (
    ContactFactory,
    EventFactory,
    OriginFactory,
    OutcomeFactory,
)
from tests.owner_watch import owner_watch


@pytest.fixture
def chain(user):
    """Lena brought Maya, who brought Tom and Uma; Lena was met at a mixer."""
    mixer = EventFactory(owner=user, name="Mixer")
    people = {
        name: ContactFactory(owner=user, full_name=name)
        for name in ("Lena", "Maya", "Tom", "Uma")
    }
    OriginFactory(contact=people["Lena"], how="event", event=mixer)
    for name, introducer in (("Maya", "Lena"), ("Tom", "Maya"), ("Uma", "Maya")):
        OriginFactory(contact=people[name], introducer=people[introducer])
    return people | {"mixer": mixer}


def by_name(user):
    names = dict(user.contacts.values_list("pk", "full_name"))
    return {names[pk]: count for pk, count in credited(user.pk).items()}


def test_credit_goes_up_the_whole_chain(user, chain):
    OutcomeFactory(owner=user, with_contacts=[chain["Tom"]])
    OutcomeFactory(owner=user, with_contacts=[chain["Maya"]])

    assert by_name(user) == {"Maya": 1, "Lena": 2}
    assert credited_events(user.pk) == {chain["mixer"].pk: 2}


def test_two_people_of_one_outcome_give_credit_once(user, chain):
    OutcomeFactory(owner=user, with_contacts=[chain["Tom"], chain["Uma"]])

    assert by_name(user) == {"Maya": 1, "Lena": 1}


def test_taking_part_is_no_credit_and_does_not_take_it_away(user, chain):
    OutcomeFactory(owner=user, with_contacts=[chain["Lena"]])
    OutcomeFactory(owner=user, with_contacts=[chain["Maya"], chain["Tom"]])

    assert by_name(user) == {"Maya": 1, "Lena": 1}


def test_the_trash_brings_no_credit_and_breaks_no_chain(user, chain):
    OutcomeFactory(owner=user, with_contacts=[chain["Tom"]])
    OutcomeFactory(owner=user, with_contacts=[chain["Uma"]])
    chain["Uma"].trash()
    chain["Maya"].trash()

    assert by_name(user) == {"Lena": 1}
    through = user.outcomes.through(user, [chain["Lena"].pk])
    assert [[p.full_name for p in one.people] for one in through] == [["Tom"]]


def test_an_outcome_of_an_event_belongs_to_it_without_anybody(user, chain):
    dinner = EventFactory(owner=user, name="Dinner")
    OutcomeFactory(owner=user, event=dinner)
    OutcomeFactory(owner=user, event=chain["mixer"], with_contacts=[chain["Tom"]])

    assert credited_events(user.pk) == {dinner.pk: 1, chain["mixer"].pk: 1}


def test_the_numbers_are_those_of_the_lists(user, stranger, chain):
    for number, names in enumerate((["Tom", "Uma"], ["Maya"], ["Lena", "Tom"], [])):
        OutcomeFactory(
            owner=user,
            title=f"Outcome {number}",
            event=chain["mixer"] if number == 3 else None,
            with_contacts=[chain[name] for name in names],
        )
    theirs = ContactFactory(owner=stranger)
    OriginFactory(contact=theirs, introducer=ContactFactory(owner=stranger))
    OutcomeFactory(owner=stranger, with_contacts=[theirs])

    with owner_watch(user) as wrong:
        people, events = credited(user.pk), credited_events(user.pk)
        listed = {
            pk: user.outcomes.through(user, [pk]).count()
            for pk in user.contacts.values_list("pk", flat=True)
        }
        began = {one.pk: user.outcomes.began_at(user, one).count()
                 for one in user.events.all()}  # fmt: skip

    assert {pk: count for pk, count in listed.items() if count} == people
    assert began == events
    assert wrong == []


def test_whoever_was_purged_ends_the_chain(user, chain):
    OutcomeFactory(owner=user, with_contacts=[chain["Tom"]])

    purge(user, [chain["Maya"].pk])

    assert credited(user.pk) == {}
    assert user.outcomes.count() == 1
