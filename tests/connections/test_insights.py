"""Where relations come from, what they led to, and how they went in person."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from connections import seeding
from contacts.forms import ContactFilterForm
from tests.factories import ContactFactory

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        yield


def numbers(page):
    """(what the link says, its address) of every number on the page."""
    main = page[page.index("<main") : page.index("</main")]
    for url, text in re.findall(r'<a href="([^"]+\?[^"]*)">(.*?)</a>', main, re.S):
        number = re.match(r"\s*(?:All |<b>)?([\d,]+)\b(?![^<]*[A-Z]{3})", text)
        if number:
            yield int(number[1].replace(",", "")), unescape(url)


def listed(client, user, url):
    """How many rows the list at this address has."""
    path, _, query = url.partition("?")
    if path == reverse("contact_list"):
        # The page makes the same of it, and takes thirty times as long to be drawn.
        form = ContactFilterForm(QueryDict(query), owner=user)
        assert form.is_valid(), form.errors
        return form.filter(user.contacts.all()).count()
    return client.get(url).context["page"].paginator.count


@pytest.mark.parametrize("when", ["", "this-year", "last-year", "12-months"])
def test_every_number_counts_the_list_behind_it(client, user, when):
    seeding.seed(user, 250, 3, TODAY)
    found = set(numbers(client.get(reverse("insights"), {"when": when}).text))

    wrong = [
        (number, count, url)
        for number, url in found
        if (count := listed(client, user, url)) != number
    ]

    assert len(found) > (100 if not when else 30)
    assert wrong == []


def test_the_list_says_what_it_was_narrowed_to(client, user):
    seeding.seed(user, 60, 3, TODAY)
    insights = client.get(reverse("insights")).context["insights"]
    first = insights.connectors.rows[0]

    page = client.get(first.cells[0].url)

    assert page.context["page"].paginator.count == first.cells[0].count
    assert f"came through {first.label}" in page.text


def test_nothing_yet_says_how_to_begin(client, user):
    page = client.get(reverse("insights")).text

    assert "Nothing to count yet" in page
    assert reverse("contact_create") in page


@pytest.mark.parametrize("count", [1, 3])
def test_costs_the_same_for_three(client, user, count, django_assert_num_queries):
    seeding.seed(user, 20 * count, 3, TODAY)
    client.get(reverse("insights"))

    with django_assert_num_queries(19):
        client.get(reverse("insights"))


def test_a_stranger_is_not_counted(client, user, stranger):
    seeding.seed(stranger, 30, 3, TODAY)
    ContactFactory(owner=user)

    page = client.get(reverse("insights")).context["insights"]

    assert (page.people.count, page.outcomes.count) == (1, 0)
    assert page.connectors.rows == []


@pytest.mark.parametrize("name", ["through", "introducer", "began_at"])
def test_a_link_to_what_a_stranger_has_narrows_nothing(client, user, stranger, name):
    seeding.seed(stranger, 20, 3, TODAY)
    ContactFactory(owner=user, full_name="Grace Hopper")
    theirs = stranger.events if name == "began_at" else stranger.contacts
    there = theirs.latest("pk")

    page = client.get(reverse("contact_list"), {name: there.pk})

    assert [c.full_name for c in page.context["page"]] == ["Grace Hopper"]
    assert "not there any more" in page.text
    assert str(there) not in page.text
