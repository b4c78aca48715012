"""Asking the people of an introduction, and the page behind the link."""

import re
import threading
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from connections import introducing
from connections.models import Consent, Introduction
from contacts import purging
from tests.factories import (
    ConsentFactory,
    ContactFactory,
    ContactMethodFactory,
    IntroductionFactory,
    make_user,
)
from tests.owner_watch import owner_watch

HOSTILE = "<script>alert(1)</script> O'Hara & “Ülkü”"


@pytest.fixture
def introduction(user):
    return IntroductionFactory(
        owner=user,
        a=ContactFactory(owner=user, full_name="Maya Lindqvist"),
        b=ContactFactory(owner=user, full_name="Tom Okafor"),
        why_a="He buys for shops.",
    )


@pytest.fixture
def asked(introduction):
    """The token of the link to Maya."""
    return introducing.ask_by_link(introduction, "a", "May I introduce you to Tom?")


@pytest.fixture
def visitor(client):
    """Somebody without an account. Depends on client so that both can be used."""
    return Client(enforce_csrf_checks=False)


def link(token):
    return reverse("consent_answer", args=[token])


def answer(visitor, token, answer="yes", words=""):
    return visitor.post(link(token), {"answer": answer, "words": words})


def press(client, introduction, verb, **data):
    url = reverse(f"introduction_{verb}", args=[introduction.pk])
    response = client.post(url, data, follow=True)
    introduction.refresh_from_db()
    return response


def said(response):
    return [str(message) for message in response.context["messages"]]


def undo(client, response):
    messages = [m for m in response.context["messages"] if m.extra_tags]
    return said(client.post(messages[-1].extra_tags, follow=True))


def ask(client, introduction, **data):
    sent = {"party": "a", "way": "link", "message": "May I?", "subject": "Tom"}
    return press(client, introduction, "ask", **(sent | {"seen_at": ""} | data))


def state(introduction):
    introduction.refresh_from_db()
    return introduction.state


# The page


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


# Asking


def test_the_link_is_shown_once(client, introduction):
    response = ask(client, introduction, message="May I introduce you to Tom?")

    address = response.context["link"]
    assert address in response.text
    assert "no-store" in response["Cache-Control"]
    assert introduction.state == "asked"
    token = address.rpartition("/i/")[2].strip("/")
    later = client.get(introduction.get_absolute_url())
    asked_page = client.get(reverse("introduction_ask", args=[introduction.pk]))
    assert token not in later.text + asked_page.text


def test_the_address_of_the_link_is_that_of_the_server(client, introduction, settings):
    response = client.post(
        reverse("introduction_ask", args=[introduction.pk]),
        {"party": "a", "message": "May I?", "subject": "Tom"},
        headers={"host": "localhost"},
    )

    assert response.context["link"].startswith(f"{settings.BASE_URL}/i/")


def test_asking_is_undone_and_the_link_dies(client, visitor, introduction):
    response = ask(client, introduction)
    path = response.context["link"].partition("8000")[2]

    undo(client, response)

    assert state(introduction) == "idea"
    assert visitor.get(path).status_code == 404


def test_asking_needs_words(client, introduction):
    response = ask(client, introduction, message="")

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"message"}
    assert introduction.state == "idea"


def test_a_party_that_need_not_be_asked_is_not_there(client, introduction):
    url = reverse("introduction_ask", args=[introduction.pk])

    assert client.get(url, {"party": "introducer"}).status_code == 404
    assert client.get(url, {"party": "x"}).status_code == 404


def test_a_strangers_introduction_is_not_there(client, stranger):
    theirs = IntroductionFactory(owner=stranger)

    response = ask(client, theirs)

    assert response.status_code == 404
    assert theirs.state == "idea"


def test_who_said_yes_is_not_asked_again(client, visitor, introduction, asked):
    answer(visitor, asked, "yes")

    response = ask(client, introduction)

    assert said(response) == ["Maya Lindqvist said yes already."]
    assert introduction.consents.get().answer == "yes"


def test_what_they_wrote_stays_when_they_are_asked_again(
    client, visitor, introduction, asked
):
    answer(visitor, asked, "not_now", "After Christmas")

    ask(client, introduction)

    consent = introduction.consents.get()
    assert (consent.answer, consent.words) == ("", "After Christmas")


def test_nobody_in_the_trash_is_asked(client, introduction):
    introduction.b.trash()

    response = ask(client, introduction)

    assert "Tom Okafor is no longer among your people." in said(response)[0]
    assert introduction.state == "idea"


def test_the_server_mails_the_question_once(client, user, introduction, settings):
    ContactMethodFactory(contact=introduction.a, value="maya@example.org")
    sent = {"way": "mail", "subject": "Tom\nBcc: all@example.org"}

    first = ask(client, introduction, **sent)
    second = ask(client, introduction, **sent)

    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert (message.to, message.reply_to) == (["maya@example.org"], [user.email])
    assert message.subject == "Tom Bcc: all@example.org"
    assert first.context["link"] in message.body
    assert "Maya Lindqvist was asked a moment ago: not sent." in said(second)


def test_a_question_that_is_not_taken_leaves_it_an_idea(
    client, introduction, monkeypatch
):
    ContactMethodFactory(contact=introduction.a, value="maya@example.org")

    def refuse(self):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)

    response = ask(client, introduction, way="mail", message="My own words")

    assert response.status_code == 502
    assert "My own words" in response.text
    assert introduction.state == "idea"
    assert not introduction.consents.exists()


def test_by_mail_without_an_address(client, introduction):
    response = ask(client, introduction, way="mail")

    assert "It cannot be sent from here. Copy the link instead." in said(response)
    assert mail.outbox == []


# By hand


def test_i_asked_and_both_said_yes(client, introduction):
    press(client, introduction, "answer", party="a", answer="yes", words="Gladly")
    assert introduction.state == "asked"

    response = press(client, introduction, "answer", party="b", answer="yes")

    assert introduction.state == "agreed"
    assert said(response) == ["Tom Okafor said yes."]
    undo(client, response)
    assert state(introduction) == "asked"
    assert [c.party for c in introduction.consents.exclude(answer="")] == ["a"]


def test_one_no_is_enough_and_is_taken_back(client, introduction):
    press(client, introduction, "answer", party="a", answer="yes")
    press(client, introduction, "answer", party="b", answer="no", words="No time")
    assert introduction.state == "declined"

    press(client, introduction, "back")

    assert introduction.state == "asked"
    assert dict(introduction.consents.values_list("party", "answer")) == {
        "a": "yes",
        "b": "",
    }


def test_a_yes_taken_back_by_not_now_is_no_agreement_any_more(client, introduction):
    for party in ("a", "b"):
        press(client, introduction, "answer", party=party, answer="yes")

    press(client, introduction, "answer", party="b", answer="not_now")

    assert introduction.state == "asked"
    assert introduction.agreed_at is None


def test_a_no_after_the_agreement_goes_back_to_the_agreement(client, introduction):
    for party in ("a", "b"):
        press(client, introduction, "answer", party=party, answer="yes")

    press(client, introduction, "answer", party="b", answer="no")
    assert introduction.state == "declined"
    press(client, introduction, "back")

    assert introduction.state == "agreed"
    assert set(introduction.consents.values_list("answer", flat=True)) == {"yes"}


def test_taking_agreed_back_lets_the_last_be_asked_again(
    client, visitor, introduction, asked
):
    press(client, introduction, "answer", party="b", answer="yes")
    answer(visitor, asked)
    assert state(introduction) == "agreed"

    press(client, introduction, "back")

    assert introduction.state == "asked"
    assert visitor.get(link(asked)).status_code == 200


def test_an_answer_by_hand_voids_the_link(client, visitor, introduction, asked):
    press(client, introduction, "answer", party="a", answer="yes")

    assert visitor.get(link(asked)).status_code == 404


def test_no_answer_is_no_answer(client, introduction):
    response = press(client, introduction, "answer", party="a", answer="perhaps")

    assert said(response) == ["Is it yes, no or not now?"]
    assert introduction.state == "idea"


def test_a_link_is_withdrawn_and_the_withdrawing_undone(
    client, visitor, introduction, asked
):
    response = press(client, introduction, "withdraw", party="a")
    assert visitor.get(link(asked)).status_code == 404

    undo(client, response)

    assert visitor.get(link(asked)).status_code == 200


def test_an_undo_does_not_swallow_an_answer(client, visitor, introduction):
    response = ask(client, introduction)
    answer(visitor, response.context["link"].rpartition("/i/")[2].strip("/"))

    assert undo(client, response) == [
        "It has moved on since then, so nothing was taken back."
    ]
    assert introduction.consents.get().answer == "yes"


def test_a_token_names_its_owner_and_a_secret(introduction, asked):
    from base64 import urlsafe_b64decode

    raw = urlsafe_b64decode(asked + "==")

    assert UUID(bytes=raw[:16]) == introduction.owner_id
    assert len(raw) == 40


def test_settled_by_somebody_else_while_the_page_was_open(visitor, introduction, asked):
    consent = introducing.consent_of(asked)
    Introduction.objects.get().expire()

    assert introducing.answer_by_link(consent, "yes", "") is False
