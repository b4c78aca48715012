"""The page of reminders: what is sent, where it arrives, what came of it."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from followups.models import PushSubscription
from tests.factories import PushSubscriptionFactory, ReminderFactory
from tests.followups.push_service import Browser, PushService

MORNING = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture(autouse=True)
def morning(db):
    cache.clear()
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(client):
    # Signed in at the moment the test is in.
    return client


def page(client):
    return client.get(reverse("reminder_settings"))


def save(client, **values):
    sent = {"digest_hour": "7", "quiet_from": "22", "quiet_until": "7"} | values
    return client.post(reverse("reminder_settings"), sent, follow=True)


def test_everything_has_its_switch(client, user):
    page = save(
        client,
        mails_digest="on",
        pushes_events="on",
        digest_hour="18",
        quiet_from="0",
        quiet_until="0",
    )

    user.refresh_from_db()
    assert (user.mails_digest, user.pushes_promises, user.pushes_events) == (
        True,
        False,
        True,
    )
    assert (user.digest_hour, user.quiet_from, user.quiet_until) == (18, 0, 0)
    assert "Saved. The next mail comes today at 18:00." in page.text


def test_an_hour_that_is_past_begins_tomorrow(client, user):
    page = save(client, mails_digest="on", digest_hour="6")

    assert "The next mail comes tomorrow at 6:00." in page.text
    assert {row.state for row in user.reminders.all()} == {"nothing"}


def test_what_was_sent_today_comes_tomorrow(client, user):
    ReminderFactory(owner=user, about="2026-11-22", state="sent", sent_at=MORNING)

    page = save(client, mails_digest="on", digest_hour="18")

    assert "The next mail comes tomorrow at 18:00." in page.text


def test_without_a_mail_it_says_so(client):
    assert "There is no daily mail" in save(client).text


@pytest.mark.parametrize("field", ["digest_hour", "quiet_from", "quiet_until"])
@pytest.mark.parametrize("hour", ["24", "-1", "seven", "7.5", "", "٧x", "9" * 400])
def test_an_hour_that_is_none(client, user, field, hour):
    page = save(client, mails_digest="on", **{field: hour})

    assert page.status_code == 422
    assert field in page.context["form"].errors
    if hour:
        assert "A day has the hours 0 to 23." in page.text
    user.refresh_from_db()
    assert not user.mails_digest


def subscription(**values):
    sent = {"endpoint": "https://fcm.googleapis.com/fcm/send/abc"} | Browser.new().keys
    return sent | values


def add(client, **values):
    return client.post(
        reverse("subscription_add"),
        subscription(**values),
        follow=True,
        headers={"user-agent": FIREFOX},
    )


def test_a_browser_is_turned_on(client, user):
    page = add(client)

    one = user.pushsubscriptions.get()
    assert (one.endpoint, one.device) == (
        "https://fcm.googleapis.com/fcm/send/abc",
        "Firefox on Android",
    )
    assert "Firefox on Android gets notices now." in page.text
    assert f'data-browser="{one.endpoint_hash}"' in page.text
    assert one.endpoint not in page.text
    assert one.auth not in page.text


def test_the_same_browser_once_more_is_one(client, user):
    add(client)
    again = subscription()

    client.post(reverse("subscription_add"), again)

    one = user.pushsubscriptions.get()
    assert (one.p256dh, one.auth) == (again["p256dh"], again["auth"])


def test_the_same_browser_of_another_account_is_not_touched(client, user, stranger):
    theirs = PushSubscriptionFactory(
        owner=stranger, endpoint=subscription()["endpoint"]
    )

    add(client)

    assert user.pushsubscriptions.count() == 1
    theirs.refresh_from_db()
    assert theirs.p256dh == "BExample"


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""},
        {"endpoint": "http://127.0.0.1/"},
        {"endpoint": "https://127.0.0.1/"},
        {"endpoint": "https://10.0.0.1:6379/"},
        {"endpoint": "https://push.example.org/abc"},
        {"endpoint": "https://permanently-removed.invalid/fcm/send/abc"},
        {"endpoint": "https://fcm.googleapis.com/" + "a" * 3000},
        {"endpoint": "https://fcm.googleapis.com/\0"},
        {"p256dh": ""},
        {"p256dh": "made up"},
        {"p256dh": "BAAA"},
        {"p256dh": "B" + "A" * 86},
        {"p256dh": "A" * 5000},
        {"auth": ""},
        {"auth": "!!!!"},
        {"auth": "YWJj"},
        {"auth": "ü" * 22},
    ],
)
def test_what_is_no_browser_is_told_in_a_sentence(client, wrong):
    page = add(client, **wrong)

    assert "It is not turned on. " in page.text
    assert not PushSubscription.objects.exists()


def test_too_many_browsers(client, user):
    for _ in range(20):
        PushSubscriptionFactory(owner=user)

    page = add(client)

    assert "remove some of them first" in page.text
    assert user.pushsubscriptions.count() == 20


def test_a_browser_is_turned_off(client, user):
    one = PushSubscriptionFactory(owner=user)

    page = client.post(reverse("subscription_delete", args=[one.pk]), follow=True)

    assert "gets no notices any more" in page.text
    assert not user.pushsubscriptions.exists()


def test_signing_out_turns_this_browser_off(client, user):
    one, other = (PushSubscriptionFactory(owner=user) for _ in range(2))

    client.post(reverse("account_logout"), {"browser": one.endpoint_hash})

    assert list(user.pushsubscriptions.all()) == [other]


def test_signing_out_turns_nobody_elses_off(client, user, stranger):
    theirs = PushSubscriptionFactory(owner=stranger)

    client.post(reverse("account_logout"), {"browser": theirs.endpoint_hash})

    assert stranger.pushsubscriptions.exists()


def try_out(client, channel):
    return client.post(reverse("reminder_test"), {"channel": channel}, follow=True)


def test_a_mail_to_try(client, user):
    page = try_out(client, "mail")

    assert f"A mail is on its way to {user.email}." in page.text
    assert mail.outbox[0].to == [user.email]
    assert not user.reminders.exists()


class Refusing(BaseEmailBackend):
    def send_messages(self, messages):
        raise smtplib.SMTPDataError(554, b"5.7.1 <b>Spam</b>")


def test_a_mail_to_try_that_is_refused(client, settings):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Refusing"}}

    page = try_out(client, "mail")

    assert "The mail server refused it: 554 5.7.1 &lt;b&gt;Spam" in page.text


def test_a_mail_to_try_where_there_is_no_server(client, settings, capsys):
    settings.MAILERS = {"default": {"BACKEND": "networkcrm.mails.PlainConsole"}}

    page = try_out(client, "mail")

    assert "Mails go to the terminal here: set EMAIL_URL" in page.text
    assert "This is how a mail from networkcrm arrives" in capsys.readouterr().out


def test_a_notice_to_try(client, user, settings):
    service, phone = PushService(), Browser.new()
    settings.PUSH_SERVICES = [service.origin]
    service.answers = {"/gone": [(410, {})], "/busy": [(503, {})]}
    for name in ("phone", "gone", "busy"):
        PushSubscriptionFactory(
            owner=user, endpoint=f"{service.origin}/{name}", device=name, **phone.keys
        )

    page = try_out(client, "push")

    service.shutdown()
    service.server_close()
    assert "A notice is on its way to phone." in page.text
    assert "gone does not want notices any more, and was removed." in page.text
    assert "The push service of busy refused it (503)." in page.text
    sent = next(asked for asked in service.asked if asked.path == "/phone")
    assert phone.read(sent.body)["url"] == reverse("reminder_settings")


def test_a_notice_to_try_without_a_browser(client):
    assert "No browser takes notices yet" in try_out(client, "push").text


def test_too_often_is_too_often(client):
    answers = [
        client.post(reverse("reminder_test"), {"channel": "mail"}).status_code
        for _ in range(8)
    ]

    assert (answers[0], answers[-1]) == (302, 429)


def test_the_last_ten_are_told(client, user, morning):
    for _ in range(12):
        ReminderFactory(owner=user, state="sent", sent_at=MORNING)
    morning.shift(timedelta(minutes=5))
    ReminderFactory(owner=user, state="nothing")
    ReminderFactory(owner=user, state="failed", problem="The mail server said <no>.")

    text = page(client).text

    assert text.count("Sent.") == 9
    assert "The mail server said &lt;no&gt;." in text
    assert "There was nothing to say" not in text


def test_what_was_cut_off_is_told(client, user, morning):
    ReminderFactory(owner=user)
    assert "It is being sent." in page(client).text

    morning.shift(timedelta(minutes=11))

    assert "The server stopped while it was being sent." in page(client).text


def test_where_no_key_can_be_kept_the_page_says_so(client, monkeypatch):
    from networkcrm import home

    def refuse(folder):
        raise home.SetupError("no")

    monkeypatch.setattr(home, "vapid_key", refuse)

    assert "There is no key for notices" in page(client).text


def test_settings_lead_there(client):
    assert reverse("reminder_settings") in client.get(reverse("settings")).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(client, user, count, django_assert_num_queries):
    for _ in range(count):
        PushSubscriptionFactory(owner=user, last_sent_at=MORNING)
        ReminderFactory(owner=user)
    page(client)

    with django_assert_num_queries(4):
        page(client)
