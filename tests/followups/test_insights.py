"""Whom I met and helped week by week, and the balance of giving."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from contacts.forms import ContactFilterForm
from followups.insights.giving import balances
from followups.insights.weeks import weeks
from networkcrm.partial_dates import PartialDate
from networkcrm.periods import stretch, week_of
from tests.factories import (
    CircleFactory,
    ContactFactory,
    FavourFactory,
    InteractionFactory,
    IntroductionFactory,
    SuggestionFactory,
)

# A Sunday, late: in Auckland it is Monday already.
NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)
SUNDAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def on(text):
    return PartialDate.from_iso(text)


def met(contact, day):
    InteractionFactory(owner=contact.owner, on=on(day), with_contacts=[contact])


def introduced(owner, a, b, day=None, **extra):
    row = IntroductionFactory(owner=owner, a=a, b=b, on=day and on(day), **extra)
    row.make()
    return row


def helped(contact, day, **extra):
    return FavourFactory(contact=contact, on=on(day), **extra)


def counted(owner):
    """{Monday: (met, helped)} of the weeks with anything."""
    return {
        str(week.monday): (week.met, week.helped)
        for week in weeks(owner)
        if week.met or week.helped
    }


def test_a_week_begins_on_monday_and_counts_the_first_meeting(user):
    ana, ben, ida = ContactFactory.create_batch(3, owner=user)
    met(ana, "2026-11-15")
    met(ana, "2026-11-16")
    met(ben, "2026-11-16")
    met(ida, "2026-11")

    assert counted(user) == {"2026-11-09": (1, 0), "2026-11-16": (1, 0)}


def test_helped_is_a_person_once_a_week(user, stranger):
    ana, ben, ida = ContactFactory.create_batch(3, owner=user)
    helped(ana, "2026-11-17")
    helped(ana, "2026-11-18")
    introduced(user, ana, ben, "2026-11-19")
    introduced(user, ida, ben)
    SuggestionFactory(contact=ida, on=date(2026, 11, 4), answer="done", answered_at=NOW)
    SuggestionFactory(
        contact=ben, on=date(2026, 11, 5), answer="later", answered_at=NOW
    )
    helped(ben, "2026-11-03", direction="received")
    helped(ContactFactory(owner=stranger), "2026-11-18")

    assert counted(user) == {"2026-11-02": (0, 1), "2026-11-16": (0, 3)}


def test_this_week_is_the_owners(user):
    user.time_zone = "Pacific/Auckland"
    user.save()

    assert weeks(user)[-1].monday == date(2026, 11, 23)
    assert len(weeks(user)) == 52


def test_nobody_in_the_trash_is_counted(user):
    ana = ContactFactory(owner=user)
    met(ana, "2026-11-16")
    helped(ana, "2026-11-17")
    ana.trash()

    assert counted(user) == {}
    assert balances(user) == []


@pytest.fixture
def a_full_year(user):
    people = ContactFactory.create_batch(6, owner=user)
    for number, contact in enumerate(people):
        met(contact, f"2026-{number + 5:02}-1{number}")
        helped(contact, f"2026-{number + 5:02}-1{number}")
        helped(contact, f"2026-{number + 5:02}-2{number}", direction="received")
    introduced(user, people[0], people[1], "2026-08-03")
    introduced(user, people[2], people[0])
    introduced(user, user.contacts.get(is_me=True), people[4], introducer=people[3])
    return people


def test_every_number_counts_the_list_behind_it(client, user, a_full_year):
    page = client.get(reverse("insights")).text
    section = page[page.index('id="weeks"') : page.index('id="giving"')]

    links = re.findall(r'<a href="([^"]+)">(\d+)</a>', section)

    assert len(links) > 12
    for url, number in links:
        path, _, query = unescape(url).partition("?")
        if path == reverse("contact_list"):
            form = ContactFilterForm(QueryDict(query), owner=user)
            count = form.filter(user.contacts.all()).count()
        else:
            answer = client.get(unescape(url))
            count = answer.context["page"].paginator.count
            assert len(answer.context["rows"]) == count
            for row in answer.context["rows"]:
                assert row.favours or row.introductions or row.suggestions
        assert count == int(number), url


def test_the_balance_says_it_in_sentences(client, user, a_full_year):
    ana, ben, _ida, leo, _noa, _tom = a_full_year
    FavourFactory(contact=leo, direction="received")

    words = {balance.contact_id: balance.words for balance in balances(user)}
    page = client.get(reverse("insights")).text

    assert words[str(ana.pk)] == (
        "You helped once and introduced them twice; they helped you once."
    )
    assert words[str(ben.pk)] == (
        "You helped once and introduced them once; they helped you once."
    )
    assert words[str(leo.pk)] == (
        "You helped once; they helped you twice and introduced you once."
    )
    for direction in ("given", "received"):
        url = f"{reverse('favour_list')}?show={direction}"
        listed = client.get(url).context["page"].paginator.count
        assert re.search(rf'href="{re.escape(url)}"><b>{listed}</b>', page)
    owed = page[page.index("Who gave you more") :]
    assert leo.full_name in owed
    assert ana.full_name not in owed


def test_the_favours_of_a_week_say_what_it_was(client, user):
    ana, ben = ContactFactory.create_batch(2, owner=user)
    helped(ana, "2026-11-17", text="Read her application")
    introduced(user, ana, ben)

    page = client.get(reverse("insights_helped"), {"in": "2026-W47"})

    assert "the week of 16 November 2026" in page.text
    assert "Read her application" in page.text
    assert page.text.count("You introduced") == 2


@pytest.mark.parametrize("said", ["2026-W54", "2025-W53", "yesterday", "0", "2026-W"])
def test_a_link_that_names_no_week_says_so(client, user, said):
    helped(ContactFactory(owner=user), "2026-11-17")

    page = client.get(reverse("insights_helped"), {"in": said})
    people = client.get(reverse("contact_list"), {"met_in": said})

    assert len(page.context["rows"]) == 1
    assert "names no year and no week" in page.text
    assert "names no year and no week" in people.text


def test_nothing_yet_teaches(client, user):
    page = client.get(reverse("insights")).text
    helped_page = client.get(reverse("insights_helped")).text

    assert "Log a coffee" in page
    assert "nobody is forgotten who once helped you" in page
    assert "Introduce two people" in helped_page


@pytest.mark.parametrize("count", [1, 3])
def test_the_people_helped_cost_the_same(
    client, user, count, django_assert_num_queries
):
    for _ in range(count):
        ana, ben = ContactFactory.create_batch(2, owner=user)
        helped(ana, "2026-11-17")
        introduced(user, ana, ben)
    client.get(reverse("insights_helped"))

    with django_assert_num_queries(7):
        client.get(reverse("insights_helped"))


@pytest.mark.parametrize(
    ("key", "first", "before"),
    [
        ("2026", "2026", "2027"),
        ("2026-W01", "2025-12-29", "2026-01-05"),
        ("2026-W53", "2026-12-28", "2027-01-04"),
    ],
)
def test_a_stretch_is_a_year_or_a_week(key, first, before):
    found = stretch(key)

    assert (found.first, found.before) == (first, before)
    if found.is_exact:
        assert week_of(date.fromisoformat(first)) == key


def test_the_circles_link_to_those_in_touch_and_those_slipping(client, user):
    circle = CircleFactory(owner=user, cadence_days=30)
    for day in ("2026-11-01", "2026-10-25", "2026-09", "2025"):
        met(ContactFactory(owner=user, circle=circle), day)
    for day in ("2026-11-20", "2026-05-05"):
        quiet = {"circle": circle, "quiet_until": date(2026, 12, 24)}
        met(ContactFactory(owner=user, **quiet), day)
    ContactFactory(owner=user, circle=circle).archive()

    page = client.get(reverse("insights")).text
    section = page[page.index("Circles you keep") : page.index('id="giving"')]
    links = re.findall(r'<a href="([^"]+)">(\d+)</a>', section)

    # In peace are both of the last: in touch the one, slipping none.
    assert [number for _url, number in links] == ["3", "2"]
    for url, number in links:
        listed = client.get(unescape(url)).context["page"].paginator.count
        assert listed == int(number)
