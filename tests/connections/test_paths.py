"""The way from one person to another: how long, by whom, and why."""

import json
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from connections.models import Relationship
from connections.network.evidence import chains
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    ContactFactory,
    EventFactory,
    InteractionFactory,
    IntroductionFactory,
    OrganizationFactory,
    OriginFactory,
    RelationshipFactory,
)


@pytest.fixture
def someone(user):
    def someone(*names, **values):
        made = [ContactFactory(owner=user, full_name=n, **values) for n in names]
        return made if len(made) > 1 else made[0]

    return someone


@pytest.fixture
def me(user):
    return user.contacts.get(is_me=True)


def know(*people, **values):
    """Each knows the next."""
    for a, b in pairwise(people):
        RelationshipFactory(owner=a.owner, from_contact=a, to_contact=b, **values)


def names(chain):
    return [chain.start.full_name, *(link.next.full_name for link in chain.links)]


def ways(owner, a, b, most=1):
    return [names(chain) for chain in chains(owner, a, b, most)]


def words(chain):
    return [link.reasons[0].words for link in chain.links]


def test_from_me_through_those_i_am_in_touch_with(user, me, someone):
    ana, ben, tom = someone("Ana", "Ben", "Tom")
    know(ana, tom)
    know(ben, tom)
    InteractionFactory(
        owner=user, kind="coffee", on=PartialDate(2026, 11, 2), with_contacts=[ana]
    )

    (chain,) = chains(user, me, tom)

    assert names(chain)[1:] == ["Ana", "Tom"]
    assert words(chain) == ["you met, last in touch 2 Nov 2026", "colleagues"]
    assert ways(user, tom, me) == [["Tom", "Ana", me.full_name]]


def test_whom_i_only_noticed_is_no_way(user, me, someone):
    ana, tom = someone("Ana", "Tom")
    know(ana, tom)
    OriginFactory(contact=ana, how="online")

    assert chains(user, me, tom) == []

    know(me, ana)
    assert ways(user, me, tom) == [[me.full_name, "Ana", "Tom"]]


def test_with_a_thousand_in_touch_the_search_starts_at_the_other_end(
    user, me, someone, monkeypatch
):
    monkeypatch.setattr("connections.network.paths.FEW", 1)
    ana, ben, tom, eva, friend = someone("Ana", "Ben", "Tom", "Eva", "Friend")
    know(ana, tom, eva)
    know(me, friend, eva)
    InteractionFactory(owner=user, kind="message", with_contacts=[ana])
    InteractionFactory(owner=user, kind="meal", with_contacts=[ben])

    assert ways(user, me, ben) == [[me.full_name, "Ben"]]
    assert ways(user, me, eva) == [[me.full_name, "Friend", "Eva"]]
    assert ways(user, me, tom) == [[me.full_name, "Ana", "Tom"]]


def test_others_meet_through_me_only_when_there_is_no_other_way(user, me, someone):
    ana, ben, eva, tom = someone("Ana", "Ben", "Eva", "Tom")
    know(me, ana)
    know(me, tom)

    assert ways(user, ana, tom) == [["Ana", me.full_name, "Tom"]]

    know(ana, ben, eva, tom)
    assert ways(user, ana, tom) == [["Ana", "Ben", "Eva", "Tom"]]


def test_an_event_and_an_organization_count_as_two(user, someone):
    ana, ben, tom = someone("Ana", "Ben", "Tom")
    fair = EventFactory(owner=user, name="The fair")
    OriginFactory(contact=ana, how="event", event=fair)
    InteractionFactory(owner=user, kind="event", event=fair, with_contacts=[tom])

    assert words(chains(user, ana, tom)[0]) == ["both at The fair"]
    know(ana, ben, tom)
    # Two favours of people who know each other before one of strangers in a hall.
    assert ways(user, ana, tom, 2) == [["Ana", "Ben", "Tom"], ["Ana", "Tom"]]

    firm = OrganizationFactory(owner=user, name="Lumen")
    eva, max_ = someone("Eva", "Max", organization=firm)
    (chain,) = chains(user, eva, max_)
    assert (words(chain), chain.links[0].strength) == (["both at Lumen"], 1)


def test_the_strongest_of_the_shortest(user, someone):
    ana, weak, strong, tom = someone("Ana", "Weak", "Strong", "Tom")
    know(ana, weak, tom, strength=2)
    know(ana, strong, tom, strength=4)

    assert ways(user, ana, tom, 4) == [["Ana", "Strong", "Tom"], ["Ana", "Weak", "Tom"]]

    for row in Relationship.objects.filter(strength=4):
        row.until = PartialDate(2020)
        row.strength = 3
        row.save()
    chain = chains(user, ana, tom)[0]
    assert names(chain) == ["Ana", "Weak", "Tom"]


def test_what_ended_counts_less_and_says_so(user, someone):
    ana, tom = someone("Ana", "Tom")
    since, until = PartialDate(2019), PartialDate(2021, 5)
    know(ana, tom, strength=2, since=since, until=until)

    link = chains(user, ana, tom)[0].links[0]

    assert link.reasons[0].words == "colleagues, 2019 to May 2021"
    assert link.strength == 1


def test_each_kind_of_evidence_in_words(user, someone):
    lena, maya, tom, eva, max_ = someone("Lena", "Maya", "Tom", "Eva", "Max")
    OriginFactory(
        contact=maya, how="introduction", introducer=lena, on=PartialDate(2024, 3)
    )
    IntroductionFactory(
        owner=user,
        introducer=maya,
        a=tom,
        b=eva,
        state="made",
        made_at=timezone.now(),
        on=PartialDate(2025),
    )
    InteractionFactory(
        owner=user,
        kind="meal",
        title="Dinner at Eva's",
        on=PartialDate(2026, 1, 2),
        with_contacts=[eva, max_],
    )
    mentor = user.relationshipkinds.get(key="mentor")
    ida = someone("Ida")
    know(max_, ida, kind=mentor)

    (chain,) = chains(user, lena, ida)

    assert names(chain) == ["Lena", "Maya", "Eva", "Max", "Ida"]
    assert words(chain) == [
        "Lena brought you Maya, Mar 2024",
        "Maya introduced Eva to Tom, 2025",
        "together: Dinner at Eva's, 2 Jan 2026",
        "mentor of Ida",
    ]
    assert words(chains(user, tom, eva)[0]) == ["introduced by Maya, 2025"]
    assert words(chains(user, ida, max_)[0]) == ["mentee of Max"]


def test_an_idea_of_an_introduction_is_no_link(user, someone):
    ana, tom = someone("Ana", "Tom")
    IntroductionFactory(owner=user, a=ana, b=tom)

    assert chains(user, ana, tom) == []


def test_a_crowd_and_a_plan_are_no_link(user, me, someone):
    crowd = someone(*(f"Person {n}" for n in range(13)))
    InteractionFactory(owner=user, kind="email", with_contacts=crowd)
    day = PartialDate.of(timezone.localdate() + timezone.timedelta(days=3))
    InteractionFactory(owner=user, kind="meal", on=day, with_contacts=crowd[:2])

    mine = [["Person 0", me.full_name, "Person 1"]]
    assert ways(user, crowd[0], crowd[1]) == mine


def test_the_trashed_are_no_way_and_the_archived_are(user, someone):
    ana, ben, tom = someone("Ana", "Ben", "Tom")
    know(ana, ben, tom)

    ben.archive()
    assert ways(user, ana, tom) == [["Ana", "Ben", "Tom"]]

    ben.trash()
    assert chains(user, ana, tom) == []


def test_alternatives_share_nobody(user, someone):
    ana, ben, eva, ida, tom = someone("Ana", "Ben", "Eva", "Ida", "Tom")
    know(ana, tom)
    know(ana, ben, tom)
    know(ana, eva, ida, tom)
    know(ben, eva)

    assert ways(user, ana, tom, 4) == [
        ["Ana", "Tom"],
        ["Ana", "Ben", "Tom"],
        ["Ana", "Eva", "Ida", "Tom"],
    ]


def test_no_way_through_a_strangers_rows(user, stranger, someone):
    ana, tom = someone("Ana", "Tom")
    theirs = ContactFactory(owner=stranger)
    know(theirs, ContactFactory(owner=stranger))

    assert chains(user, ana, tom) == []


def run(capsys, *arguments):
    call_command("path", *arguments)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_command(user, someone, capsys):
    ana, tom = someone("Ána Ruiz", "Tom")

    assert run(capsys, "me", "tom") == {"found": False, "length": None, "steps": []}
    know(ana, tom)
    said = run(capsys, "ANA RUIZ", str(tom.pk), "--owner", user.email)
    assert said == {
        "found": True,
        "length": 1,
        "steps": [
            {
                "from": {"id": str(ana.pk), "name": "Ána Ruiz"},
                "to": {"id": str(tom.pk), "name": "Tom"},
                "evidence": ["colleagues"],
                "strength": 3,
            }
        ],
    }
    assert run(capsys, "Tom", "Tom")["length"] == 0


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Nobody", "You know nobody called Nobody."),
        ("Ben Ito", "You know 2 people called Ben Ito."),
        ("Eva", "Eva is in the trash"),
        ("01a20192-076e-7bd7-8730-8d795ccd2086", "You know nobody called 01a2"),
    ],
)
def test_command_says_who_is_meant(user, stranger, someone, name, sentence):
    someone("Ben Ito", "Ben Ito")
    someone("Eva").trash()
    ContactFactory(owner=stranger, full_name="Nobody")

    with pytest.raises(CommandError, match=sentence):
        call_command("path", "me", name, owner=user.email)


def test_i_am_you_in_the_words(user, me, someone):
    lena, tom = someone("Lena", "Tom")
    made = {"state": "made", "made_at": timezone.now(), "on": PartialDate(2025)}
    IntroductionFactory(owner=user, introducer=lena, a=me, b=tom, **made)

    assert words(chains(user, me, lena)[0]) == ["Lena introduced you to Tom, 2025"]
    assert words(chains(user, lena, tom)[0]) == ["Lena introduced Tom to you, 2025"]
