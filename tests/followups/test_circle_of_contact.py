"""The card "Keeping in touch" on the page of a contact, and its buttons."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from followups import cadence
from tests.followups.test_circles import (
    NOW,
    TODAY,
    CircleFactory,
    person,
    said,
    undo_last,
)


@pytest.fixture(autouse=True)
def sunday():
    with time_machine.travel(NOW, tick=False):
        yield


def post(client, name, contact, **values):
    url = reverse(name, args=[contact.pk])
    page = client.post(url, values, follow=True)
    contact.refresh_from_db()
    return page


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, ["In no circle, without a rhythm", "Nobody reminds you of Ana."]),
        ({"cadence_days": 30, "ago": 39}, ["Every 30 days", "9 days late"]),
        ({"cadence_days": 30, "ago": 3}, ["(their own)", "in touch"]),
        ({"cadence_days": 7}, ["Every week", "Never in touch so far."]),
        (
            {"cadence_days": 7, "ago": 99, "quiet_until": date(2027, 1, 3)},
            ["Left in peace until 3 January.", "Ask again now"],
        ),
        ({"quiet_until": TODAY}, ["Not now"]),
    ],
)
def test_the_card_says_how_it_stands(client, user, columns, words):
    ana = person(user, "Ana", **columns)

    text = client.get(ana.get_absolute_url()).text

    assert [word for word in words if word not in text] == []


def test_who_was_just_added_is_not_said_to_be_in_touch(client, user):
    inner = user.circles.get(name="Inner circle")
    ana = person(user, "Ana", inner)

    card = client.get(ana.get_absolute_url())
    circle = client.get(reverse("circle_detail", args=[inner.pk]))

    assert "Never in touch so far." in card.text
    assert "not yet in touch" in circle.text
    assert "chip good" not in card.text + circle.text


def test_the_card_names_the_circle(client, user):
    inner = user.circles.get(name="Inner circle")
    ana = person(user, "Ana", inner, ago=41)

    text = client.get(ana.get_absolute_url()).text

    assert f'<a href="{reverse("circle_detail", args=[inner.pk])}">Inner circle' in text
    assert '<span class="chip late">11 days late</span>' in text


def test_whoever_is_away_and_i_have_no_card(client, user):
    ana = person(user, "Ana")
    ana.archive()

    for contact in (ana, user.contacts.get(is_me=True)):
        assert 'id="touch"' not in client.get(contact.get_absolute_url()).text


def test_not_now_is_respected_everywhere(client, user):
    ana = person(user, "Ana", user.circles.get(name="Inner circle"), ago=500)
    person(user, "Ben", ago=500)

    page = post(client, "contact_quiet", ana)

    assert said(page) == ["Ana is left in peace until 22 December."]
    assert ana.quiet_until == TODAY + timedelta(30)
    assert cadence.due(user, TODAY, most=5) == []
    assert [one.contact.full_name for one in cadence.keep_in_touch(user, TODAY)] == [
        "Ben"
    ]
    assert client.get(reverse("circle_list")).context["circles"][0].slipping == 0
    losing = client.get(reverse("contact_list") + "?touch=losing").context["page"]
    assert list(losing) == []
    assert client.get(reverse("circle_review")).context["gone"] == []
    day = TODAY + timedelta(30)
    assert len(cadence.due(user, day, most=5)) == 1


def test_not_now_is_taken_back(client, user):
    ana = person(user, "Ana", quiet_until=date(2026, 11, 30))

    page = post(client, "contact_quiet", ana)
    assert undo_last(client, page) == ["Ana is as before."]
    ana.refresh_from_db()
    assert ana.quiet_until == date(2026, 11, 30)

    page = post(client, "contact_ask_again", ana)
    assert said(page) == ["You are reminded of Ana again."]
    assert ana.quiet_until is None
    undo_last(client, page)
    ana.refresh_from_db()
    assert ana.quiet_until == date(2026, 11, 30)


def test_a_contact_is_logged_in_place(client, user):
    ana = person(user, "Ana", user.circles.get(name="Inner circle"), ago=60)
    back = reverse("circle_list")

    page = post(client, "contact_log", ana, kind="call", back=back)

    assert page.request["PATH_INFO"] == back
    assert str(ana.last_contact_on) == str(TODAY)
    assert page.context["circles"][0].slipping == 0
    undo_last(client, page)
    assert client.get(back).context["circles"][0].slipping == 1


def test_a_button_leads_back_to_no_other_site(client, user):
    ana = person(user, "Ana")

    page = post(client, "contact_quiet", ana, back="//evil.example.org/")

    assert page.request["PATH_INFO"] == ana.get_absolute_url()


def test_circle_and_rhythm_are_set_and_taken_back(client, user):
    inner, close = user.circles.closest_first()[:2]
    ana = person(user, "Ana", inner, cadence_days=14)

    page = post(client, "circle_of_contact", ana, circle=close.pk, cadence_days="")

    assert said(page) == ["Ana sits in Close now."]
    assert (ana.circle, ana.cadence_days) == (close, None)
    assert undo_last(client, page) == ["Ana is as before."]
    ana.refresh_from_db()
    assert (ana.circle, ana.cadence_days) == (inner, 14)


def test_what_is_not_sent_stays(client, user):
    inner = user.circles.get(name="Inner circle")
    ana = person(user, "Ana", inner, cadence_days=14)

    page = post(client, "circle_of_contact", ana, cadence_days=21)
    assert (ana.circle, ana.cadence_days) == (inner, 21)
    assert said(page) == ["Ana is saved."]

    assert undo_last(client, page) == ["Ana is as before."]
    ana.refresh_from_db()
    assert ana.cadence_days == 14


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"cadence_days": 0}, "cadence_days", "greater than or equal to 1"),
        ({"cadence_days": -1}, "cadence_days", "greater than or equal to 0"),
        ({"cadence_days": "often"}, "cadence_days", "Enter a whole number."),
        ({"cadence_days": 10**9}, "cadence_days", "less than or equal to 32767"),
        ({"circle": "nonsense"}, "circle", "not one of the available choices"),
        ({"circle": "theirs"}, "circle", "not one of the available choices"),
    ],
)
def test_what_cannot_be_a_rhythm(client, user, stranger, values, field, sentence):
    ana = person(user, "Ana", cadence_days=14)
    if values.get("circle") == "theirs":
        values = {"circle": stranger.circles.first().pk}

    page = post(client, "circle_of_contact", ana, **values)

    errors = page.context["form"].errors
    found = errors.get(field, []) + errors.get("__all__", [])
    assert any(sentence in error for error in found), errors
    assert (ana.circle, ana.cadence_days) == (None, 14)


def test_a_full_circle_asks_from_the_card_too(client, user):
    circle = CircleFactory(owner=user, seats=1)
    person(user, "Ben", circle)
    ana = person(user, "Ana")

    page = post(client, "circle_of_contact", ana, circle=circle.pk, cadence_days=9)

    assert page.context["coming"] == [ana]
    assert (ana.circle, ana.cadence_days) == (None, 9)


def test_another_owners_contact_is_not_there(client, user, stranger):
    theirs = person(stranger, "Not mine")

    for name in ("contact_quiet", "contact_ask_again", "contact_log"):
        assert post(client, name, theirs).status_code == 404
    assert post(client, "circle_of_contact", theirs, circle="").status_code == 404
    assert theirs.quiet_until is None
