"""manage.py seed_network: believable, within the rules, and the same every time."""

import json
from collections import defaultdict
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from connections import seeding
from connections.chains import chain
from connections.models import Consent, Introduction, Outcome
from contacts.models import SearchRow, Stage
from contacts.models.methods import normalized
from networkcrm import derived
from tests.factories import ContactFactory, make_user

TODAY = "2026-11-22"


def seed_network(owner, count, **options):
    out = StringIO()
    options = {"seed": 1, "today": date.fromisoformat(TODAY)} | options
    call_command(
        "seed_network",
        owner=owner.email,
        contacts=count,
        stdout=out,
        stderr=StringIO(),
        **options,
    )
    return json.loads(out.getvalue().splitlines()[-1])


def told(owner):
    """The network in words: who they are, who brought them, and what happened."""
    return [
        (
            contact.full_name,
            contact.headline,
            sorted(method.value for method in contact.methods.all()),
            [link.name for link in chain(owner.pk, contact.pk)],
            sorted(i.text for i in contact.interactions.all()),
            sorted(fact.text for fact in contact.facts.all()),
            sorted((i.kind, i.text) for i in contact.introductions_as_a.all()),
            sorted(str(tie) for tie in contact.relationships_from.all()),
            sorted((o.title, o.value) for o in contact.outcomes.all()),
        )
        for contact in owner.contacts.others().order_by("pk")
    ]


def when(owner):
    return [str(i.on) for i in owner.interactions.order_by("pk")]


def test_reports_what_it_wrote(user):
    report = seed_network(user, 60)

    del report["seconds"]
    assert report == {
        "contacts": user.contacts.others().count(),
        "events": user.events.count(),
        "interactions": user.interactions.count(),
        "origins": user.origins.count(),
        "introductions": user.introductions.count(),
        "relationships": user.relationships.count(),
        "outcomes": user.outcomes.count(),
    }
    assert report["contacts"] == 60


def test_promises_are_due_and_kept(user):
    seed_network(user, 300)

    promises = user.followups
    assert promises.open().mine().count() >= 3
    assert promises.over().count() >= 10
    assert {row.contact_name for row in promises.all()} <= {
        contact.full_name for contact in user.contacts.others()
    }
    assert promises.filter(due_on__gt=TODAY, done_at__isnull=False).count() == 0


def test_every_rule_of_the_database_holds(user):
    seed_network(user, 60)

    connection.check_constraints()


def test_has_all_that_the_pages_show(user):
    seed_network(user, 200)

    others = user.contacts.others()
    assert max(others.values_list("chain_depth", flat=True)) >= 6
    assert set(others.values_list("stage", flat=True)) >= {1, 2, 3, 4, 5, 6}
    assert others.archived().exists()
    assert others.trashed().exists()
    assert others.filter(origin=None).exists()
    assert any(len(contact.full_name) > 40 for contact in others)
    assert any(" " not in contact.full_name for contact in others)
    assert {"need", "offer"} <= set(user.facts.values_list("kind", flat=True))
    assert set(user.events.values_list("kind", flat=True)) >= {"class", "conference"}
    assert user.events.upcoming().exists()
    assert user.importantdates.exists()
    assert all(circle.free_seats >= 0 for circle in user.circles.all())


def test_has_introductions_of_every_kind_and_state(user):
    seed_network(user, 400)

    introductions = user.introductions.all()
    kinds = introductions.for_me().values_list("kind", flat=True)
    states = introductions.by_me().values_list("state", flat=True)
    assert set(kinds) == set(Introduction.Kind.values)
    assert set(states) == set(Introduction.State.values)
    assert introductions.between_others().exists()
    assert set(user.consents.values_list("answer", flat=True)) == {
        *Consent.Answer.values,
        "",
    }


def test_an_introduction_is_what_the_origin_says(user):
    seed_network(user, 200)

    origins = user.origins.filter(introduction__isnull=False)
    told = [
        (o.contact_id, o.introducer_id, o.url, o.on)
        == (i.a_id, i.introducer_id, i.url, i.on)
        for o in origins.select_related("introduction")
        for i in [o.introduction]
    ]
    assert len(told) == user.introductions.for_me().count() > 30
    assert all(told)
    assert user.origins.filter(
        introducer__isnull=False, introduction__isnull=True
    ).exists()


def test_some_are_introduced_together(user):
    seed_network(user, 200)

    groups = defaultdict(list)
    for each in user.introductions.filter(occasion__isnull=False):
        groups[each.occasion].append(each)
    assert groups
    assert max(len(those) for those in groups.values()) >= 3
    for those in groups.values():
        assert len(those) > 1
        assert len({(i.introducer_id, i.kind, i.url, i.text) for i in those}) == 1


def test_two_of_every_five_are_tied_to_somebody(user):
    seed_network(user, 600)

    ties = user.relationships.count()
    names = set(user.relationships.values_list("kind__name", flat=True))
    assert 0.3 < ties / 600 < 0.5
    assert len(names) >= 10
    assert user.relationships.filter(until__isnull=False).exists()
    assert user.relationships.filter(strength__isnull=False).exists()


def test_the_kinds_of_relationship_i_deleted_stay_deleted(user):
    user.relationshipkinds.exclude(key="friend").delete()

    seed_network(user, 100)

    names = user.relationships.values_list("kind__name", flat=True)
    assert set(names) == {"friend"}


def test_something_came_of_one_in_twelve_i_met(user):
    seed_network(user, 800)

    met = user.contacts.others().met().count()
    outcomes = user.outcomes.all()
    assert 1 / 18 < outcomes.count() / met < 1 / 7
    assert set(outcomes.values_list("kind", flat=True)) == set(Outcome.Kind.values)
    assert outcomes.filter(value__isnull=False).values("currency").distinct().count()
    assert outcomes.filter(introduction__isnull=False).exists()
    assert outcomes.filter(event__isnull=False).exists()
    assert not outcomes.filter(shares__isnull=True).exists()
    assert any(len(each.people) > 1 for each in outcomes.with_people())


def test_i_want_to_meet_some_whom_i_only_noticed(user):
    seed_network(user, 400)

    wanted = user.contacts.wanted()
    assert wanted.exists()
    assert set(wanted.values_list("stage", flat=True)) <= {Stage.NONE, Stage.NOTICED}


@pytest.mark.parametrize("count", [7, 20])
def test_even_a_small_one_has_a_long_chain(user, count):
    seed_network(user, count)

    deepest = user.contacts.order_by("-chain_depth").first()
    names = [link.name for link in chain(user.pk, deepest.pk)]
    assert len(names) == deepest.chain_depth + 1 >= 7


def test_same_seed_tells_the_same_story(user, stranger):
    seed_network(user, 40, seed=7)
    seed_network(stranger, 40, seed=7)

    assert told(user) == told(stranger)
    assert when(user) == when(stranger)


def test_another_seed_tells_another(user, stranger):
    seed_network(user, 10, seed=7)
    seed_network(stranger, 10, seed=8)

    assert told(user) != told(stranger)


def test_another_day_moves_only_the_dates(user, stranger):
    seed_network(user, 40)
    seed_network(stranger, 40, today=date(2027, 3, 1))

    assert [person[:4] for person in told(user)] == [
        person[:4] for person in told(stranger)
    ]
    assert when(user) != when(stranger)


def test_nothing_has_happened_after_the_day_given(user):
    seed_network(user, 60)

    assert max(when(user)) <= TODAY
    for rows in (user.introductions, user.outcomes):
        dates = rows.filter(on__isnull=False).values_list("on", flat=True)
        assert max(str(on) for on in dates) <= TODAY


def test_adds_to_those_who_are_there(user):
    friend = ContactFactory(owner=user, full_name="Grace Hopper")
    seed_network(user, 20)
    seed_network(user, 20)

    emails = user.contactmethods.filter(kind="email").values_list("value", flat=True)
    assert user.contacts.others().count() == 41
    assert user.contacts.filter(pk=friend.pk, full_name="Grace Hopper").exists()
    assert len(emails) == len(set(emails))


def test_never_seats_more_than_a_circle_has(user):
    circle = user.circles.get(name="Inner circle")
    for _seat in range(19):
        ContactFactory(owner=user, circle=circle)

    seed_network(user, 200)

    assert circle.free_seats in {0, 1}


def test_addresses_are_those_of_nobody(user):
    seed_network(user, 100)

    for method in user.contactmethods.all():
        assert method.normalized == normalized(
            method.kind, method.service, method.value
        )
        if method.kind in ("email", "url"):
            assert method.normalized.endswith(
                ("example.org", "example.com", "example.net")
            )
        elif method.kind == "phone":
            assert method.normalized.startswith(
                ("+442079460", "+493023125", "+33199")
            ) or ("55501" in method.normalized)


def test_everybody_can_be_found_at_once(user):
    seed_network(user, 30)

    assert set(user.searchrows.values_list("contact_id", flat=True)) >= set(
        user.contacts.others().values_list("pk", flat=True)
    )


def test_what_is_computed_is_up_to_date(user, monkeypatch):
    monkeypatch.setattr(seeding, "CHUNK", 25)
    seed_network(user, 60)
    before = computed(user)

    derived.touch(user.pk, user.contacts.values_list("pk", flat=True))

    assert computed(user) == before


def computed(user):
    fields = [f.attname for f in SearchRow._meta.concrete_fields]
    kept = [name for name in fields if name not in ("id", "created_at", "updated_at")]
    rows = user.searchrows.order_by("contact_id").values_list(*kept)
    contacts = user.contacts.order_by("pk")
    return list(rows), list(contacts.values_list("stage", "reached_on"))


def test_nobody_elses_network_grows(user):
    stranger = make_user("mallory")

    seed_network(user, 20)

    assert stranger.contacts.others().count() == 0
    assert stranger.events.count() == 0


def test_an_unknown_owner_is_refused_in_a_sentence(db):
    with pytest.raises(CommandError, match="no account with the address nobody@"):
        call_command("seed_network", owner="nobody@example.org", contacts=5)
