"""Asking the people of an introduction: by a link, by mail, by hand."""

from uuid import UUID

from django.core import mail
from django.urls import reverse

from connections import introducing
from connections.models import Introduction
from tests.connections.pressing import answer, ask, link, press, said, state, undo
from tests.factories import (
    ContactMethodFactory,
    IntroductionFactory,
)


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
