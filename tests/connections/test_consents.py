"""The page behind the link of somebody who is asked."""

import re
import threading
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from connections import introducing
from connections.models import Consent
from contacts import purging
from tests.connections.pressing import answer, ask, link, state
from tests.factories import (
    ConsentFactory,
    ContactMethodFactory,
    IntroductionFactory,
    make_user,
)
from tests.owner_watch import owner_watch

HOSTILE = "<script>alert(1)</script> O'Hara & “Ülkü”"


def test_the_page_shows_the_words_of_the_asker_and_nothing_else(visitor, introduction):
    tom = introduction.b
    ContactMethodFactory(contact=tom, value="tom@example.org")
    token = introducing.ask_by_link(introduction, "a", f"A question.\n{HOSTILE}")

    response = visitor.get(link(token))

    text = unescape(re.sub(r"<[^>]+>", " ", response.text))
    assert response.status_code == 200
    assert "ada asks you" in text
    assert HOSTILE in text
    assert "<script>alert" not in response.text
    hidden = (
        "Okafor",
        "tom@",
        "Maya",
        "He buys",
        introduction.owner.email,
        str(tom.pk),
    )
    assert [word for word in hidden if word in text] == []


def test_nobody_keeps_or_lists_the_page(visitor, asked):
    pages = [visitor.get(link(asked)), answer(visitor, asked), visitor.get(link("x"))]

    for page in pages:
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert '<meta name="robots" content="noindex, nofollow">' in page.text
    assert pages[2]["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_preview_of_the_link_answers_nothing(visitor, introduction, asked, method):
    before = Consent.objects.values().get()

    for query in ("", "?answer=yes", "?answer=no&words=x"):
        getattr(visitor, method)(link(asked) + query)

    assert Consent.objects.values().get() == before
    assert state(introduction) == "asked"


@pytest.mark.parametrize(
    ("given", "became"), [("yes", "asked"), ("no", "declined"), ("not_now", "asked")]
)
def test_an_answer_with_its_words(visitor, client, introduction, asked, given, became):
    response = answer(visitor, asked, given, f"Gladly. {HOSTILE}")

    consent = introduction.consents.get()
    assert response.status_code == 200
    assert "ada" in response.text
    assert (consent.answer, consent.words) == (given, f"Gladly. {HOSTILE}")
    assert state(introduction) == became
    page = client.get(introduction.get_absolute_url()).text
    assert "O&#x27;Hara &amp; “Ülkü”" in page
    assert "<script>alert" not in page


def test_both_yes_is_agreed_by_itself_and_stands_on_today(
    visitor, client, introduction, asked
):
    other = introducing.ask_by_link(introduction, "b", "May I introduce you to Maya?")
    answer(visitor, asked)
    assert state(introduction) == "asked"

    answer(visitor, other)

    assert state(introduction) == "agreed"
    today = client.get(reverse("today")).text
    assert "both said yes" in today
    assert "Introduce them" in today


def test_not_now_is_asked_about_in_thirty_days(visitor, client, introduction, asked):
    answer(visitor, asked, "not_now", "After Christmas")

    introduction.refresh_from_db()
    assert introduction.ask_on == introduction.today + timedelta(days=30)
    page = client.get(introduction.get_absolute_url()).text
    assert "not now" in page
    assert "After Christmas" in page
    assert f"asked about it on {introduction.ask_on:%-d %B %Y}" in page


def test_the_thirty_days_are_those_of_the_owner(visitor, introduction):
    user = introduction.owner
    user.time_zone = "Pacific/Auckland"
    user.save()
    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=UTC), tick=False):
        token = introducing.ask_by_link(introduction, "a", "May I?")
        answer(visitor, token, "not_now")

    introduction.refresh_from_db()
    assert introduction.ask_on.isoformat() == "2026-12-02"


def test_what_is_no_answer_is_asked_for(visitor, introduction, asked):
    for sent in ({}, {"answer": "maybe"}, {"answer": "yes", "words": "x" * 2001}):
        response = visitor.post(link(asked), sent)
        assert response.status_code == 422
        assert "errorlist" in response.text
    assert introduction.consents.get().answer == ""


def test_words_with_a_null_are_refused(visitor, introduction, asked):
    assert answer(visitor, asked, "yes", "a\0b").status_code == 422


def test_the_answer_needs_the_token_of_the_form(asked, client):
    careful = Client(enforce_csrf_checks=True)

    assert answer(careful, asked).status_code == 403

    page = careful.get(link(asked)).text
    key = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    sent = {"answer": "yes", "csrfmiddlewaretoken": key}
    assert careful.post(link(asked), sent).status_code == 200


# Links that lead nowhere


def test_a_link_is_answered_once(visitor, introduction, asked):
    answer(visitor, asked, "yes")

    again = [answer(visitor, asked, "no"), visitor.get(link(asked))]

    assert [page.status_code for page in again] == [410, 410]
    assert "This was answered already." in again[0].text
    assert introduction.consents.get().answer == "yes"


def test_an_expired_link(visitor, introduction, asked):
    with time_machine.travel(datetime.now(UTC) + timedelta(days=30, minutes=1)):
        pages = [visitor.get(link(asked)), answer(visitor, asked)]

    assert [page.status_code for page in pages] == [410, 410]
    assert "has waited too long" in pages[0].text
    assert introduction.consents.get().answer == ""


@pytest.mark.parametrize(
    "alter",
    [
        lambda token: token[:-1],
        lambda token: f"{token}A",
        lambda token: f"{token}=",
        lambda token: f"{token}==",
        # The last letter carries bits that decoding throws away.
        lambda token: token[:-1] + chr(ord(token[-1]) ^ 1),
        lambda token: token.swapcase(),
        lambda token: "A" * len(token),
        lambda token: "é" * 10,
        lambda token: " ",
        lambda token: token[:22],
        lambda token: "x" * 5000,
    ],
)
def test_an_altered_link_leads_nowhere(visitor, introduction, asked, alter):
    pages = [visitor.get(link(alter(asked))), answer(visitor, alter(asked))]

    assert [page.status_code for page in pages] == [404, 404]
    assert "This link leads nowhere" in pages[0].text
    assert introduction.consents.get().answer == ""


def test_a_secret_of_one_owner_opens_nothing_at_another(
    visitor, introduction, asked, stranger
):
    raw = introducing.Consent.objects.by_token(asked).get()
    theirs = IntroductionFactory(owner=stranger)
    theirs.ask()
    moved = ConsentFactory(introduction=theirs)
    token = moved.renew()
    mixed = asked[:21] + token[21:]

    assert visitor.get(link(mixed)).status_code == 404
    assert raw.owner_id == introduction.owner_id


def test_only_the_owner_of_the_link_is_looked_at(introduction, asked, stranger):
    ConsentFactory(introduction=IntroductionFactory(owner=stranger)).renew()

    with owner_watch(introduction.owner) as wrong:
        consent = introducing.consent_of(asked)
        introducing.answer_by_link(consent, "yes", "")

    assert wrong == []


def test_the_database_holds_no_secret(introduction, asked):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM connections_consent c")
        row = cursor.fetchone()[0]

    assert asked[22:] not in row
    assert len(introduction.consents.get().token_hash) == 64


def test_a_new_link_voids_the_old_one(client, visitor, introduction):
    first = ask(client, introduction).context["link"]
    second = ask(client, introduction).context["link"]

    pages = [visitor.get(address.partition("8000")[2]) for address in (first, second)]

    assert [page.status_code for page in pages] == [404, 200]


def test_asked_by_hand_after_a_link_is_told_as_it_was(client, introduction, asked):
    ask = reverse("introduction_ask", args=[introduction.pk])
    page = client.get(introduction.get_absolute_url())
    assert "by a link" in page.text

    page = client.post(ask, {"party": "a", "way": "hand"}, follow=True)

    assert "by a link" not in page.text


@pytest.mark.parametrize(
    ("happens", "status"),
    [
        (lambda row: row.delete(), 404),
        (lambda row: row.a.trash(), 410),
        (lambda row: row.b.trash(), 410),
        (lambda row: purging.purge(row.owner, [row.a_id]), 410),
        (lambda row: purging.purge(row.owner, [row.b_id]), 410),
        (lambda row: row.expire(), 410),
        (lambda row: row.decline(), 410),
        (lambda row: introducing.take_back(row), 404),
        (lambda row: row.consents.get().withdraw_link(), 404),
    ],
    ids=[
        *("deleted", "trashed", "other-trashed", "purged", "other-purged"),
        *("expired", "declined", "back", "withdrawn"),
    ],
)
def test_what_happened_meanwhile_has_its_sentence(
    visitor, introduction, asked, happens, status
):
    happens(introduction)

    pages = [visitor.get(link(asked)), answer(visitor, asked)]

    assert [page.status_code for page in pages] == [status, status]
    kind = "leads nowhere" if status == 404 else "settled already"
    assert kind in pages[0].text
    assert not Consent.objects.exclude(answer="").exists()


def test_too_often_is_told(visitor, asked):
    answers = [visitor.get(link(asked)).status_code for _ in range(25)]

    assert answers == [200] * 20 + [429] * 5


def test_guessing_is_limited_by_where_it_comes_from(visitor, asked):
    answers = [visitor.get(link(f"guess-{i}")).status_code for i in range(65)]

    assert answers == [404] * 60 + [429] * 5


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_heard(transactional_db):
    owner = make_user("ada")
    row = IntroductionFactory(owner=owner)
    token = introducing.ask_by_link(row, "a", "May I?")
    together = threading.Barrier(2)
    heard = []

    def reply(given):
        try:
            consent = introducing.consent_of(token)
            together.wait(timeout=10)
            heard.append(introducing.answer_by_link(consent, given, given))
        finally:
            connection.close()

    threads = [threading.Thread(target=reply, args=(g,)) for g in ("yes", "no")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    consent = Consent.objects.get()
    assert sorted(heard) == [False, True]
    assert consent.words == consent.answer
    assert state(row) == {"yes": "asked", "no": "declined"}[consent.answer]
