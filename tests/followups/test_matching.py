"""Which needs and offers are brought together."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from connections.models import Introduction
from followups.matching import matches, matches_with_me
from followups.models import Suggestion
from tests.factories import (
    CardOfferFactory,
    ContactFactory,
    FactFactory,
    IntroductionFactory,
    RelationshipFactory,
    SuggestionFactory,
    UnfitFactory,
)

TODAY = date(2026, 11, 22)


def person(owner, name, **facts):
    contact = ContactFactory(owner=owner, full_name=name)
    for kind, text in facts.items():
        FactFactory(contact=contact, kind=kind, text=text)
    return contact


def pairs(found):
    return [(match.why_need, match.why_offer) for match in found]


def test_a_need_finds_who_can_help_with_it_and_says_why(user, stranger):
    maya = person(user, "Maya Lindqvist", need="a lawyer who knows leases")
    tom = person(user, "Tom Okafor", offer="reads leases, was a lawyer for ten years")
    person(user, "Ana Ruiz", offer="two tickets for the opera")
    person(stranger, "Mallory", offer="a lawyer who knows leases")

    [match] = matches(user, today=TODAY)

    assert (match.need.contact, match.other) == (maya, tom)
    assert match.offer == tom.facts.get()
    assert match.why_need == "Maya needs “a lawyer who knows leases”"
    assert match.why_offer == "Tom offers “reads leases, was a lawyer for ten years”"
    assert match.key == f"match:{match.need.pk}:{match.offer.pk}"
    assert 0.5 < match.score <= 1
    assert len(match.key) <= 120


@pytest.mark.parametrize(
    ("says", "offer"),
    [
        ({"job_title": "Photographer"}, "Tom is “Photographer”"),
        ({"headline": "Photos of food"}, "Tom is “Photos of food”"),
        ({"works_on": "photographs of old kitchens"}, None),
        ({"hope": "to photograph food one day"}, None),
        ({"enjoys": "photography"}, "Tom enjoys “photography”"),
    ],
)
def test_what_they_do_and_wish_answers_a_need_too(user, says, offer):
    person(user, "Maya Lindqvist", need="a photographer for a cookbook")
    [(kind, text)] = says.items()
    if kind in ("job_title", "headline"):
        ContactFactory(owner=user, full_name="Tom Okafor", **says)
    else:
        person(user, "Tom Okafor", **says)

    [(_need, why)] = pairs(matches(user, today=TODAY))

    assert text in why
    assert why == offer or offer is None


def introduced(a, b, need, offer):
    IntroductionFactory(owner=a.owner, a=b, b=a, state=Introduction.State.IDEA)


def related(a, b, need, offer):
    RelationshipFactory(owner=a.owner, from_contact=b, to_contact=a)


def refused(a, b, need, offer):
    key = f"match:{need.pk}:{offer.pk}"
    answer = {"answer": Suggestion.Answer.NEVER, "answered_at": timezone.now()}
    SuggestionFactory(contact=a, key=key, **answer)


def unfit(a, b, need, offer):
    UnfitFactory(need=need, contact=b)


def gone(a, b, need, offer):
    b.trash()


def put_away(a, b, need, offer):
    a.archive()


def met(a, b, need, offer):
    need.turn()


def no_longer(a, b, need, offer):
    offer.turn()


@pytest.mark.parametrize(
    "happened", [introduced, related, refused, unfit, gone, put_away, met, no_longer]
)
def test_who_is_not_brought_together(user, happened):
    maya = person(user, "Maya Lindqvist", need="a lawyer")
    tom = person(user, "Tom Okafor", offer="a lawyer")
    assert len(matches(user, today=TODAY)) == 1

    happened(maya, tom, maya.facts.get(), tom.facts.get())

    assert matches(user, today=TODAY) == []


def test_a_weak_word_counts_where_there_is_no_other(user):
    """Half of all needs have one: beside a word that tells something it finds none."""
    person(user, "Ana", need="a first carpenter")
    person(user, "Ben", offer="my first summer house")
    assert matches(user, today=TODAY) == []

    person(user, "Chu", need="a house for the summer")

    assert pairs(matches(user, today=TODAY)) == [
        ("Chu needs “a house for the summer”", "Ben offers “my first summer house”")
    ]


def test_nobody_is_matched_with_themselves_or_with_me(user):
    person(user, "Maya Lindqvist", need="a lawyer", offer="a lawyer")
    me = user.contacts.get(is_me=True)
    FactFactory(contact=me, kind="offer", text="a lawyer")

    assert matches(user, today=TODAY) == []


def test_what_i_can_give_and_who_can_help_me(user):
    me = user.contacts.get(is_me=True)
    CardOfferFactory(
        owner=user, audience="designers", text="Two free desks for anybody"
    )
    FactFactory(contact=me, kind="need", text="a tax adviser")
    person(user, "Maya Lindqvist", need="a desk")
    person(user, "Tom Okafor", offer="tax, in plain words")

    found = matches_with_me(user, today=TODAY)

    assert sorted(pairs(found)) == [
        ("Maya needs “a desk”", "You offer “Two free desks for anybody”"),
        ("You need “a tax adviser”", "Tom offers “tax, in plain words”"),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_matching_costs_the_same(user, count, django_assert_num_queries):
    for number in range(count):
        person(user, f"Maya {number}", need="a lawyer for a desgin studio")
        person(user, f"Tom {number}", offer="is a lawyer")

    with django_assert_num_queries(9):
        found = matches(user, today=TODAY)

    assert len(found) == count * count


def test_an_introduction_that_came_to_nothing_can_be_tried_again(user):
    maya = person(user, "Maya Lindqvist", need="a lawyer")
    tom = person(user, "Tom Okafor", offer="a lawyer")
    state = {"state": Introduction.State.DECLINED, "asked_at": timezone.now()}
    IntroductionFactory(owner=user, a=maya, b=tom, **state, declined_at=timezone.now())

    assert len(matches(user, today=TODAY)) == 1


@pytest.fixture
def labelled(user):
    """The network of matches.toml: (half, need, those who fit) of each case."""
    cases = tomllib.loads((Path(__file__).parent / "matches.toml").read_text())["need"]
    givers = {
        text: giver(user, text).pk
        for case in cases
        for text in [*case["fits"], *case["misses"]]
    }
    found = []
    for number, case in enumerate(cases):
        need = person(user, f"Needs {number}", need=case["text"]).facts.get()
        fits = {givers[text] for text in [*case["fits"], *case.get("also", ())]}
        found.append((case["half"], need, fits))
    return found


def giver(owner, text):
    kind, colon, words = text.partition(": ")
    if kind in ("headline", "job_title"):
        return ContactFactory(owner=owner, full_name="Giver", **{kind: words})
    known = colon and kind in ("works_on", "hope", "enjoys")
    return person(owner, "Giver", **({kind: words} if known else {"offer": text}))


def measured(user, cases):
    """Of each three that are shown how many fit, and of how many needs that somebody
    could meet somebody is shown."""
    shown, right, met, could = 0, 0, 0, 0
    for need, fits in cases:
        found = matches(user, today=TODAY, needs=[need], most=3)
        good = [match for match in found if match.other.pk in fits]
        shown, right = shown + len(found), right + len(good)
        could, met = could + bool(fits), met + bool(good)
    return right / shown, met / could


@pytest.mark.parametrize(
    ("half", "precision", "found"), [("tuned", 0.75, 0.95), ("held", 0.62, 0.85)]
)
def test_precision_of_the_first_three(user, labelled, half, precision, found):
    cases = [(need, fits) for where, need, fits in labelled if where == half]

    at_three, met = measured(user, cases)

    assert len(cases) >= 25
    assert at_three >= precision
    assert met >= found
