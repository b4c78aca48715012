"""Ready texts for an introduction: copied, opened in a mail program, or sent."""

import pytest
from django.core import mail
from django.urls import reverse

from connections import introduction_texts
from tests.factories import (
    ContactFactory,
    ContactMethodFactory,
    IntroductionFactory,
)


@pytest.fixture
def maya(user):
    return ContactFactory(owner=user, full_name="Maya Lindqvist")


@pytest.fixture
def tom(user):
    return ContactFactory(owner=user, full_name="Tom Okafor")


def press(client, introduction, verb, **data):
    url = reverse(f"introduction_{verb}", args=[introduction.pk])
    response = client.post(url, data, follow=True)
    introduction.refresh_from_db()
    return response


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def agreed(user, maya, tom):
    row = IntroductionFactory(
        owner=user,
        a=maya,
        b=tom,
        why_a="He buys for shops.",
        why_b="She makes candles.",
    )
    row.ask()
    row.agree()
    return row


def test_what_one_side_reads_says_nothing_of_how_to_reach_the_other(user, maya, tom):
    for contact in (maya, tom):
        contact.headline = f"Candles, {contact.given_name}, x@example.org"
        contact.city = "Boston"
        contact.save()
        ContactMethodFactory(contact=contact, value="secret@example.org")
        ContactMethodFactory(contact=contact, kind="phone", value="+1 617 555 0137")
    row = IntroductionFactory(owner=user, a=maya, b=tom, why_a="He buys for shops.")

    letter = introduction_texts.question(row, "a")

    assert "Tom Okafor" in letter.text
    assert "Boston" in letter.text
    assert "He buys for shops." in letter.text
    assert not [word for word in ("@", "617", "secret") if word in letter.text]


def test_the_mail_to_both_has_both_addresses(client, agreed, maya, tom):
    ContactMethodFactory(contact=maya, value="old@example.org")
    ContactMethodFactory(contact=maya, value="maya@example.org", preferred=True)
    ContactMethodFactory(contact=tom, value="tom@example.org")

    letter = client.get(agreed.get_absolute_url()).context["letter"]

    assert letter.to == ("maya@example.org", "tom@example.org")
    assert "Maya Lindqvist (maya@example.org)." in letter.text
    assert "Tom Okafor (tom@example.org). He buys for shops." in letter.text
    assert letter.subject == "Maya, meet Tom"


def test_without_an_address_the_page_says_so(client, agreed):
    ContactMethodFactory(contact=agreed.a, value="not an address")

    page = client.get(agreed.get_absolute_url())

    assert page.context["letter"].to == ()
    assert "Of neither you know an e-mail address." in page.text


def test_a_mailto_link_is_encoded_as_the_rfc_says():
    letter = introduction_texts.Letter(
        ("a+b@example.org", "ö&?=@example.org"), "Ana & Tom?", "Hello,\n\n100 % é"
    )

    assert letter.mailto == (
        "mailto:a+b@example.org,%C3%B6%26%3F%3D@example.org"
        "?subject=Ana%20%26%20Tom%3F&body=Hello%2C%0D%0A%0D%0A100%20%25%20%C3%A9"
    )


def test_a_long_text_is_left_out_of_the_link():
    letter = introduction_texts.Letter(("a@example.org",), "Hello", "人" * 300)

    assert letter.mailto == "mailto:a@example.org?subject=Hello"
    assert letter.is_too_long


@pytest.fixture
def reachable(agreed):
    ContactMethodFactory(contact=agreed.a, value="maya@example.org")
    ContactMethodFactory(contact=agreed.b, value="tom@example.org")
    return agreed


def test_the_server_sends_it_once(client, user, reachable, settings):
    sent = {"subject": "Maya, meet\r\nBcc: all@example.org", "text": "Hello you two"}

    press(client, reachable, "mail", **sent)
    again = press(client, reachable, "mail", **sent)

    assert reachable.state == "made"
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert (message.to, message.cc, message.bcc) == (
        ["maya@example.org", "tom@example.org"],
        [user.email],
        [],
    )
    assert (message.from_email, message.reply_to) == (
        settings.DEFAULT_FROM_EMAIL,
        [user.email],
    )
    assert message.subject == "Maya, meet Bcc: all@example.org"
    assert message.body == "Hello you two"
    assert "There is nothing to send: it is not agreed, or done." in said(again)


def test_a_mail_that_is_not_taken_changes_nothing(client, reachable, monkeypatch):
    def refuse(self):
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)

    response = press(client, reachable, "mail", subject="Hello", text="You two")

    assert response.status_code == 502
    assert "The mail could not be sent" in response.text
    assert "You two" in response.text
    assert reachable.state == "agreed"


def test_nothing_is_offered_to_send_where_mails_go_to_the_terminal(
    client, reachable, settings
):
    settings.MAILERS = {"default": {"BACKEND": "networkcrm.mails.PlainConsole"}}

    page = client.get(reachable.get_absolute_url()).text
    response = press(client, reachable, "mail", subject="Hello", text="You two")

    assert "Write to both from here" not in page
    assert "It cannot be sent from here. Copy the text instead." in said(response)
    assert reachable.state == "agreed"
