"""What is needed and offered, and whether it is still so."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.urls import reverse

from followups import matching
from tests.factories import ContactFactory, FactFactory
from tests.followups.test_followups import said, undo_last

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana(user):
    return ContactFactory(owner=user, full_name="Ana Ruiz")


@pytest.fixture
def me(user):
    return user.contacts.get(is_me=True)


def step(client, name, fact):
    response = client.post(
        reverse(name, args=[fact.pk]), {"back": "/give/?show=again"}, follow=True
    )
    fact.refresh_from_db()
    return response


def test_who_needs_and_offers_what(client, user, stranger, ana, me):
    FactFactory(contact=ana, kind="need", text="a kiln", heard_on="2026-11-01")
    FactFactory(contact=ana, kind="need", text="a room", heard_on="2026-11-20")
    FactFactory(contact=ana, kind="need", text="met", state="met")
    FactFactory(contact=ana, kind="offer", text="two desks", heard_on="2026-02")
    FactFactory(contact=me, kind="need", text="a cellist")
    trashed = ContactFactory(owner=user, trashed_at=NOW)
    FactFactory(contact=trashed, kind="need", text="nothing any more")
    FactFactory(contact=ContactFactory(owner=stranger), kind="need", text="not mine")

    def shown(**query):
        page = client.get(reverse("give"), query)
        return [ask.fact.text for ask in page.context["asks"]]

    assert shown() == ["a room", "a kiln"]
    assert shown(sort="oldest") == ["a kiln", "a room"]
    assert shown(show="offers") == ["two desks"]
    assert shown(show="mine") == ["a cellist"]
    assert shown(show="again") == ["two desks"]
    assert shown(q="ana KILN") == ["a kiln"]
    assert shown(show="nonsense", sort="nonsense", page="99", q="\0") == [
        "a room",
        "a kiln",
    ]
    tabs = client.get(reverse("give")).context["tabs"]
    assert [count for _key, _label, count in tabs] == [2, 1, 1, 1]


def test_it_is_asked_again_ninety_days_after_it_was_said(client, ana):
    FactFactory(contact=ana, kind="need", text="fresh", heard_on="2026-08-27")
    FactFactory(contact=ana, kind="need", text="old", heard_on="2026-08-26")
    FactFactory(
        contact=ana,
        kind="need",
        text="said again",
        heard_on="2020",
        confirmed_on="2026-09-01",
    )

    page = client.get(reverse("give"), {"show": "again"})

    assert [ask.fact.text for ask in page.context["asks"]] == ["old"]


@pytest.mark.parametrize(
    ("name", "state", "confirmed_on"),
    [
        ("give_still", "open", date(2026, 11, 25)),
        ("give_met", "met", None),
        ("give_stale", "stale", None),
    ],
)
def test_one_tap_says_what_became_of_it(client, ana, name, state, confirmed_on):
    need = FactFactory(contact=ana, kind="need", text="a <kiln>", heard_on="2026")

    response = step(client, name, need)

    assert (need.state, need.confirmed_on) == (state, confirmed_on)
    assert response.redirect_chain == [("/give/?show=again", 302)]
    assert "<kiln>" not in response.text
    assert undo_last(client, response) == ["“a <kiln>” is as it was."]
    need.refresh_from_db()
    assert (need.state, need.confirmed_on) == ("open", None)


def test_what_is_neither_needed_nor_offered_has_no_such_steps(client, ana):
    story = FactFactory(contact=ana, kind="story", text="Missed the ferry.")

    response = client.post(reverse("give_met", args=[story.pk]))

    assert response.status_code == 404


def test_a_need_that_is_met_asks_with_what(client, ana):
    need = FactFactory(contact=ana, kind="need", text="a kiln")

    response = step(client, "give_met", need)

    assert f"need={need.pk}&amp;direction=given&amp;contact={ana.pk}" in response.text


def test_my_own_in_one_line(client, user, me):
    response = client.post(
        reverse("give_add"), {"kind": "offer", "text": " two  free desks "}, follow=True
    )

    fact = me.facts.get()
    assert (fact.kind, fact.text, fact.state) == ("offer", "two free desks", "open")
    assert said(response) == ["Written down: “two free desks”."]
    undo_last(client, response)
    assert not me.facts.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "story", "text": "a kiln"},
        {"kind": "need", "text": "  "},
        {"kind": "need", "text": "x" * 2001},
        {"kind": "need", "text": "a\0kiln"},
    ],
)
def test_what_cannot_be_written_down_is_told(client, me, data):
    response = client.post(reverse("give_add"), data)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not me.facts.exists()


def test_two_who_fit_are_introduced_with_both_reasons(client, user, ana):
    tom = ContactFactory(owner=user, full_name="Tom Okafor")
    FactFactory(contact=ana, kind="need", text="a lawyer")
    FactFactory(contact=tom, kind="offer", text="a lawyer & friend")

    [match] = client.get(reverse("give")).context["matches"]
    query = parse_qs(urlsplit(match.introduction_url).query)
    form = client.get(match.introduction_url).context["form"]

    assert (query["a"], query["b"]) == ([str(ana.pk)], [str(tom.pk)])
    assert form.instance.a == ana
    assert form.instance.b == tom
    assert form["why_a"].value() == "Tom offers “a lawyer & friend”"
    assert form["why_b"].value() == "Ana needs “a lawyer”"


def test_not_a_fit_is_remembered_until_it_is_taken_back(client, user, ana):
    tom = ContactFactory(owner=user, full_name="Tom Okafor")
    need = FactFactory(contact=ana, kind="need", text="a lawyer")
    FactFactory(contact=tom, kind="offer", text="a lawyer")
    url = reverse("match_unfit", args=[need.pk, tom.pk])

    client.post(url)
    response = client.post(url, follow=True)
    without = client.get(reverse("match_list")).context["matches"]
    undo_last(client, response)

    assert without == []
    assert len(client.get(reverse("match_list")).context["matches"]) == 1


def test_the_list_of_matches_says_what_is_no_fit(client, user, ana):
    tom = ContactFactory(owner=user, full_name="Tom Okafor")
    need = FactFactory(contact=ana, kind="need", text="a lawyer")
    FactFactory(contact=tom, kind="offer", text="a lawyer")

    client.post(reverse("match_unfit", args=[need.pk, tom.pk]))
    page = client.get(reverse("match_list"), headers={"HX-Target": "div#matches"})

    assert "Tom is not proposed again" in page.text
    assert 'id="matches"' in page.text


@pytest.mark.parametrize("mine", ["need", "person"])
def test_a_stranger_is_not_matched(client, user, stranger, ana, mine):
    theirs = ContactFactory(owner=stranger)
    need = FactFactory(contact=ana if mine == "need" else theirs, kind="need")
    who = theirs if mine == "need" else ana

    response = client.post(reverse("match_unfit", args=[need.pk, who.pk]))

    assert response.status_code == 404


def test_it_says_when_older_needs_are_left_out(client, user, ana, monkeypatch):
    monkeypatch.setattr(matching, "MOST_NEEDS", 1)
    FactFactory(contact=ana, kind="need", text="a lawyer")
    FactFactory(contact=user.contacts.get(is_me=True), kind="need", text="a kiln")
    url, said = reverse("match_list"), "that were written down last"

    assert said not in client.get(url).text

    FactFactory(contact=ana, kind="need", text="a boat")
    assert said in client.get(url).text
    assert said not in client.get(url, {"contact": ana.pk}).text


def test_who_could_meet_one_need_and_who_fits_with_one_person(client, user, ana):
    tom = ContactFactory(owner=user, full_name="Tom Okafor", job_title="Lawyer")
    need = FactFactory(contact=ana, kind="need", text="a lawyer")
    FactFactory(contact=tom, kind="need", text="a kiln")
    FactFactory(contact=ana, kind="offer", text="a kiln in May")
    url = reverse("match_list")

    def others(**query):
        page = client.get(url, query)
        return [(m.need.contact, m.other) for m in page.context["matches"]]

    assert others(need=need.pk) == [(ana, tom)]
    assert sorted(others(contact=ana.pk), key=str) == [(ana, tom), (tom, ana)]
    assert others(need="nonsense", contact="\0") == others()
    assert reverse("match_list") in client.get(ana.get_absolute_url()).text
    assert (
        "fits-found"
        not in client.get(ContactFactory(owner=user).get_absolute_url()).text
    )


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("show", ["", "offers", "mine", "again"])
def test_the_page_costs_the_same(
    client, user, me, count, show, django_assert_max_num_queries
):
    for number in range(count):
        one, other = ContactFactory.create_batch(2, owner=user)
        for who, kind in ((one, "need"), (other, "offer"), (me, "need"), (me, "offer")):
            FactFactory(contact=who, kind=kind, text=f"a lawyer {number}")
            FactFactory(contact=who, kind=kind, text="an old kiln", heard_on="2020")

    with django_assert_max_num_queries(26):
        client.get(reverse("give"), {"show": show})
