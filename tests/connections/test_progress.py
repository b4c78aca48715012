"""The states of an introduction: what the verbs allow, the database allows too."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connections.models import Introduction, Stuck
from networkcrm.partial_dates import PartialDate
from tests.factories import ContactFactory, IntroductionFactory

State = Introduction.State
VERBS = ("ask", "agree", "make", "meet", "close", "decline", "expire", "step_back")
# The shortest way to each state.
WAYS = {
    State.IDEA: (),
    State.ASKED: ("ask",),
    State.AGREED: ("ask", "agree"),
    State.MADE: ("make",),
    State.MET: ("make", "meet"),
    State.CLOSED: ("make", "close"),
    State.DECLINED: ("ask", "decline"),
    State.EXPIRED: ("ask", "expire"),
}
COLUMNS = ("state", *Introduction.DATES, "ask_on")


def in_state(owner, state):
    introduction = IntroductionFactory(owner=owner)
    for verb in WAYS[state]:
        getattr(introduction, verb)()
    return introduction


def stored(introduction):
    rows = Introduction.objects.of(introduction.owner_id).filter(pk=introduction.pk)
    return rows.values(*COLUMNS).get()


@pytest.mark.parametrize(("state", "verb"), list(product(State, VERBS)))
def test_a_verb_is_taken_by_the_database_or_refused_with_a_sentence(user, state, verb):
    introduction = in_state(user, state)
    before = stored(introduction)

    refused = ""
    try:
        getattr(introduction, verb)()
    except Stuck as stuck:
        refused = stuck.messages[0]

    if refused:
        assert refused.endswith(".")
        assert stored(introduction) == before
    else:
        assert stored(introduction)["state"] == introduction.state


@pytest.mark.parametrize("state", State)
def test_the_shortest_way_leads_there_and_back(user, state):
    introduction = in_state(user, state)

    assert stored(introduction)["state"] == state
    for _verb in WAYS[state]:
        introduction.step_back()
    assert stored(introduction) == stored(IntroductionFactory(owner=user))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(verbs=st.lists(st.sampled_from([*VERBS, "ask_later"]), max_size=12))
def test_any_order_of_verbs_ends_in_a_state_that_can_be(user, verbs):
    introduction = IntroductionFactory(owner=user)

    for verb in verbs:
        try:
            getattr(introduction, verb)()
        except Stuck:
            continue

    assert stored(introduction)["state"] == introduction.state
    introduction.delete()


@pytest.mark.parametrize(("state", "leap"), list(product(State, State)))
def test_no_state_is_written_without_its_dates(user, state, leap):
    """Whoever writes past the verbs: only the state that the dates tell is taken."""
    introduction = in_state(user, state)
    mine = Introduction.objects.of(user.pk).filter(pk=introduction.pk)
    plain = {"ask_on": None}

    if leap == state:
        assert mine.update(state=leap, **plain) == 1
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            mine.update(state=leap, **plain)


def test_what_was_asked_is_not_made_before_they_agree(user):
    introduction = in_state(user, State.ASKED)
    mine = Introduction.objects.of(user.pk).filter(pk=introduction.pk)

    with pytest.raises(Stuck, match="Not everybody has said yes yet"):
        introduction.make()
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(state="made", made_at=datetime.now(UTC))


def test_the_owner_is_asked_by_their_own_calendar(user):
    """Half past noon in London is the next day in Auckland."""
    user.time_zone = "Pacific/Auckland"
    user.save()
    introduction = IntroductionFactory(owner=user)

    with time_machine.travel(datetime(2026, 11, 1, 12, 30, tzinfo=UTC), tick=False):
        introduction.ask()

    assert introduction.ask_on == date(2026, 11, 16)
    due = Introduction.objects.of(user.pk).due
    assert list(due(date(2026, 11, 15))) == []
    assert list(due(date(2026, 11, 16))) == [introduction]


def test_asking_again_counts_the_silence_anew_and_the_waiting_not(user):
    introduction = in_state(user, State.ASKED)
    asked_at = introduction.asked_at

    with time_machine.travel(datetime.now(UTC) + timedelta(days=20)):
        introduction.ask()
        assert introduction.ask_on == introduction.today + timedelta(days=14)

    assert introduction.asked_at == asked_at


def test_making_it_writes_the_day_and_taking_it_back_forgets_it(user):
    introduction = IntroductionFactory(owner=user)

    introduction.make()
    assert introduction.on == PartialDate.of(introduction.today)
    introduction.step_back()

    assert introduction.on is None


def test_a_day_that_was_typed_stays(user):
    introduction = IntroductionFactory(owner=user, on=PartialDate(2026, 10))

    introduction.make()
    introduction.step_back()

    assert introduction.on == PartialDate(2026, 10)


def test_the_same_two_are_brought_together_once_at_a_time(user):
    first = in_state(user, State.CLOSED)
    IntroductionFactory(owner=user, a=first.b, b=first.a)

    with pytest.raises(Stuck, match="written down once more since"):
        first.step_back()

    assert stored(first)["state"] == State.CLOSED


def test_nobody_in_the_trash_is_asked_about(user):
    introduction = IntroductionFactory(owner=user)
    introduction.make()
    day = introduction.ask_on
    due = Introduction.objects.of(user.pk).due
    assert list(due(day)) == [introduction]

    introduction.b.trash()

    assert list(due(day)) == []


def test_the_track_tells_what_was_left_out(user):
    introduction = in_state(user, State.MET)

    assert [(s.label, s.is_reached, s.is_skipped) for s in introduction.track] == [
        ("Idea", True, False),
        ("Asked", False, True),
        ("Agreed", False, True),
        ("Made", True, False),
        ("They met", True, False),
        ("Closed", False, False),
    ]


def test_the_track_ends_where_it_was_declined(user):
    introduction = in_state(user, State.DECLINED)

    assert [step.label for step in introduction.track] == ["Idea", "Asked", "Declined"]


def test_whose_yes_it_takes(user):
    by_me = IntroductionFactory(owner=user)
    me = user.contacts.get(is_me=True)
    for_me = IntroductionFactory(
        owner=user, introducer=ContactFactory(owner=user), a=me
    )

    assert by_me.asked_parties == ("a", "b")
    assert for_me.asked_parties == ("introducer",)
