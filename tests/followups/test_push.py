"""Notices to browsers: encrypted for each, to push services and nobody else."""

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from followups.reminders import push, schedule, sending
from followups.reminders.push import Words, is_known
from tests.factories import (
    AttendanceFactory,
    ContactFactory,
    EventFactory,
    FollowUpFactory,
    PushSubscriptionFactory,
)
from tests.followups.push_service import Browser, PushService
from tests.owner_watch import owner_watch

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(settings):
    service = PushService()
    settings.PUSH_SERVICES = [service.origin]
    yield service
    service.shutdown()
    service.server_close()


@pytest.fixture
def phone():
    return Browser.new()


def subscribe(user, service, browser, name="phone"):
    return PushSubscriptionFactory(
        owner=user, endpoint=f"{service.origin}/{name}", device=name, **browser.keys
    )


@pytest.fixture
def subscription(user, service, phone):
    return subscribe(user, service, phone)


def promise(user, **values):
    ana = ContactFactory(owner=user, full_name="Ana Secretname", about="Secret")
    values = {"title": "Send the list", "due_on": MORNING.date()} | values
    return FollowUpFactory(contact=ana, note="Secret", **values)


def said(service, browser):
    return [browser.read(asked.body) for asked in service.asked]


def test_promises_due_are_told_once_a_day(user, service, phone, subscription, morning):
    promise(user)
    promise(user, title="Later", due_on=MORNING.date() + timedelta(1))

    for _ in range(5):
        sending.send_due(user)
        morning.shift(timedelta(minutes=5))

    assert said(service, phone) == [
        {
            "title": "A promise is due",
            "body": "Send the list",
            "url": reverse("followup_list"),
            "tag": "promises",
        }
    ]
    row = user.reminders.get()
    assert (row.channel, row.kind, row.state, row.sent_at) == (
        "push",
        "promises",
        "sent",
        MORNING,
    )
    subscription.refresh_from_db()
    assert subscription.last_sent_at == MORNING


def test_several_promises_are_one_notice(user, service, phone, subscription):
    promise(user, due_on=MORNING.date() - timedelta(3))
    for number in range(2):
        promise(user, title=f"Another {number}")

    sending.send_due(user)

    (notice,) = said(service, phone)
    assert notice["title"] == "3 promises are due"
    assert notice["body"] == "Send the list, and 2 more"


def test_the_event_of_the_evening_is_told_once(
    user, service, phone, subscription, morning
):
    event = EventFactory(
        owner=user,
        name="Mixer",
        starts_at=datetime(2026, 11, 22, 18, 30, tzinfo=UTC),
        place="Secret",
        notes="Secret",
    )
    for name in ("Ana Secretname", "Ben Secretname"):
        AttendanceFactory(
            event=event,
            contact=ContactFactory(owner=user, full_name=name),
            state="wanted",
            talking_points="Secret",
        )

    for _ in range(11):
        sending.send_due(user)
        morning.shift(timedelta(hours=1))

    assert said(service, phone) == [
        {
            "title": "Tonight: Mixer",
            "body": "It begins at 18:30. You want to meet Ana and Ben.",
            "url": reverse("event_brief", args=[event.pk]),
            "tag": f"event-{event.pk}",
        }
    ]


def test_the_request_is_what_push_services_want(user, service, subscription, settings):
    """RFC 8030, 8188 and 8292."""
    promise(user)

    sending.send_due(user)

    (asked,) = service.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert asked.path == "/phone"
    assert headers["content-encoding"] == "aes128gcm"
    assert 0 < int(headers["ttl"]) <= 6 * 60 * 60
    scheme, token, key = headers["authorization"].replace(",", " ").split()
    assert (scheme, key) == ("vapid", f"k={push.public_key()}")
    claims = json.loads(push.decoded(token.removeprefix("t=").split(".")[1]))
    assert claims["aud"] == service.origin
    assert claims["sub"] == f"mailto:{settings.DEFAULT_FROM_EMAIL}"
    assert b"Send" not in asked.body


def test_a_notice_is_not_kept_longer_than_it_is_good_for(
    user, service, subscription, morning
):
    EventFactory(owner=user, starts_at=MORNING + timedelta(minutes=10))

    sending.send_due(user)

    (asked,) = service.asked
    assert asked.headers["ttl"] == "600"


def test_each_browser_gets_it_in_its_own_key(user, service, phone, subscription):
    laptop = Browser.new()
    subscribe(user, service, laptop, "laptop")
    promise(user)

    sending.send_due(user)

    found = {asked.path: asked.body for asked in service.asked}
    assert phone.read(found["/phone"]) == laptop.read(found["/laptop"])


def test_nothing_due_is_no_notice(user, service, subscription, morning):
    sending.send_due(user)
    promise(user)
    morning.shift(timedelta(hours=2))
    sending.send_due(user)

    assert service.asked == []
    assert user.reminders.get().state == "nothing"


@pytest.mark.parametrize("change", ["pushes_promises", "pushes_events"])
def test_each_kind_has_its_switch(user, service, phone, subscription, change):
    promise(user)
    EventFactory(owner=user, name="Mixer", starts_at=MORNING + timedelta(hours=1))
    setattr(user, change, False)

    sending.send_due(user)

    (notice,) = said(service, phone)
    assert ("promise" in notice["title"]) == (change == "pushes_events")


def test_what_waited_for_the_end_of_quiet_hours_is_told_if_still_true(
    user, service, subscription, morning
):
    user.quiet_from, user.quiet_until = 22, 9
    kept = promise(user)

    sending.send_due(user)
    kept.complete()
    morning.shift(timedelta(hours=2))
    sending.send_due(user)

    assert service.asked == []
    assert user.reminders.get().state == "nothing"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(user, service, subscription, status):
    service.answers["/phone"] = [(status, {})]
    promise(user)

    sending.send_due(user)

    assert not user.pushsubscriptions.exists()
    row = user.reminders.get()
    assert (row.state, row.problem) == ("failed", sending.NO_BROWSER)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again_later(
    user, service, phone, subscription, morning, status
):
    service.answers["/phone"] = [(status, {})]
    promise(user)
    tried = []

    for _ in range(6):
        before = len(service.asked)
        sending.send_due(user)
        tried.append(len(service.asked) - before)
        morning.shift(timedelta(minutes=5))

    assert tried == [1, 1, 0, 0, 0, 0]
    row = user.reminders.get()
    assert (row.state, row.tries, row.problem) == (
        "sent",
        2,
        f"The push service of phone refused it ({status}).",
    )


def test_a_service_may_say_how_long_to_wait(user, service, subscription, morning):
    service.answers["/phone"] = [(429, {"Retry-After": "1800"})]
    promise(user)

    sending.send_due(user)

    again = user.reminders.get().next_try_at
    assert again == MORNING + timedelta(minutes=30)


@pytest.mark.parametrize(
    "pause", ["soon", "-5", "9" * 40, "Wed, 21 Oct 2026 07:28:00 GMT"]
)
def test_a_service_may_say_nonsense(user, service, subscription, pause):
    service.answers["/phone"] = [(429, {"Retry-After": pause})]
    promise(user)

    sending.send_due(user)

    again = user.reminders.get().next_try_at
    assert timedelta(minutes=5) <= again - MORNING <= timedelta(hours=1)


def test_a_refusal_for_good_is_told(user, service, subscription, morning):
    service.answers["/phone"] = [(403, {})]
    promise(user)

    sending.send_due(user)
    morning.shift(timedelta(minutes=30))
    sending.send_due(user)

    assert len(service.asked) == 1
    row = user.reminders.get()
    assert row.sentence == "The push service of phone refused it (403)."
    assert user.pushsubscriptions.exists()


def test_only_the_browser_that_did_not_take_it_is_asked_again(
    user, service, phone, subscription, morning
):
    subscribe(user, service, Browser.new(), "laptop")
    service.answers["/laptop"] = [(503, {})]
    promise(user)

    sending.send_due(user)
    morning.shift(timedelta(minutes=5))
    sending.send_due(user)

    paths = [asked.path for asked in service.asked]
    assert sorted(paths) == ["/laptop", "/laptop", "/phone"]
    assert user.reminders.get().state == "sent"


def test_what_it_takes_of_something_else_meanwhile_changes_nothing(
    user, service, phone, subscription, morning
):
    service.answers["/phone"] = [(503, {})]
    promise(user)
    soon = MORNING + timedelta(hours=2)
    EventFactory(owner=user, name="Brunch", starts_at=soon)

    sending.send_due(user)
    morning.shift(timedelta(minutes=5))
    sending.send_due(user)

    titles = [notice["title"] for notice in said(service, phone)]
    assert titles == ["A promise is due", "Today: Brunch", "A promise is due"]
    assert {row.state for row in user.reminders.all()} == {"sent"}


def test_a_service_that_does_not_answer(user, service, subscription, caplog):
    service.shutdown()
    service.server_close()
    promise(user)

    sending.send_due(user)

    row = user.reminders.get()
    assert row.state == "waiting"
    assert row.problem == "The push service of phone does not answer."
    assert "/phone" not in caplog.text


def test_nobody_is_followed_elsewhere(user, service, subscription):
    elsewhere = PushService()
    target = {"Location": f"{elsewhere.origin}/inside"}
    for status in (301, 302, 303, 307, 308):
        service.answers.setdefault("/phone", []).append((status, target))
        outcome = push.push([subscription], Words("a", "b", "/", "t"), MORNING)
        assert outcome.taken == []

    assert elsewhere.asked == []
    elsewhere.shutdown()
    elsewhere.server_close()


def test_a_service_that_is_not_allowed_any_more_is_not_called(
    user, service, subscription, settings
):
    settings.PUSH_SERVICES = ["fcm.googleapis.com"]

    outcome = push.push([subscription], Words("a", "b", "/", "t"), MORNING)

    assert service.asked == []
    assert outcome.problems == ["phone cannot be reached: turn it on anew."]


@pytest.mark.parametrize("keys", [{"p256dh": "BExample"}, {"auth": "ü"}, {"auth": ""}])
def test_keys_that_are_none_stop_nothing(user, service, subscription, keys):
    for name, value in keys.items():
        setattr(subscription, name, value)

    outcome = push.push([subscription], Words("a", "b", "/", "t"), MORNING)

    assert (outcome.taken, len(outcome.problems)) == ([], 1)


@pytest.mark.parametrize("text", ["a" * 300, "ü" * 300, "👩‍👩‍👧" * 3000, "a" * 50_000])
def test_what_is_too_long_is_cut(user, service, phone, subscription, text):
    push.push([subscription], Words(text, text, "/", "t"), MORNING)

    (asked,) = service.asked
    assert len(asked.body) < 4096
    (notice,) = said(service, phone)
    assert notice["url"] == "/"
    assert notice["body"].rstrip("…") == text[: len(notice["body"].rstrip("…"))]


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://fcm.googleapis.com:443/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
    ],
)
def test_services_of_browsers_are_known(endpoint):
    assert is_known(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "made up",
        "http://fcm.googleapis.com/abc",
        "ftp://fcm.googleapis.com/abc",
        "//fcm.googleapis.com/abc",
        "https://fcm.googleapis.com:22/abc",
        "https://fcm.googleapis.com:port/abc",
        "https://fcm.googleapis.com@127.0.0.1/abc",
        "https://me:you@fcm.googleapis.com/abc",
        "https://@fcm.googleapis.com/abc",
        "https://fcm.googleapis.com.example.org/abc",
        "https://evilfcm.googleapis.com/abc",
        "https://evilnotify.windows.com/abc",
        "https://push.apple.com.example.org/abc",
        "https://push.example.org/abc",
        "http://127.0.0.1/abc",
        "https://127.0.0.1/abc",
        "https://[::1]/abc",
        "https://[::1/abc",
        "https://10.0.0.7/abc",
        "https://2130706433/abc",
        "https://localhost/abc",
        "https://fcm.googleapis.com\\@127.0.0.1/abc",
        "https://127.0.0.1\\.push.apple.com/abc",
        "https://127.0.0.1#.push.apple.com/abc",
        "https://127.0.0.1%23.push.apple.com/abc",
        "https://a b.push.apple.com/abc",
    ],
)
def test_nobody_else_is(endpoint):
    assert not is_known(endpoint)


def test_whoever_runs_the_server_may_allow_another(settings):
    settings.PUSH_SERVICES = ["push.example.org", "https://other.example.org:8443"]

    assert is_known("https://push.example.org/abc")
    assert is_known("https://other.example.org:8443/abc")
    assert not is_known("https://other.example.org/abc")
    assert not is_known("http://other.example.org:8443/abc")


def test_a_key_of_the_environment_is_the_same_on_all_machines(settings):
    settings.VAPID_PRIVATE_KEY = base64.urlsafe_b64encode(bytes(31) + b"\x07").decode()

    first, second = push.public_key(), push.public_key()

    assert first == second
    assert push.is_public_key(first)


def test_it_names_the_owner(user, service, subscription):
    promise(user)
    EventFactory(owner=user, starts_at=MORNING + timedelta(hours=1))

    with owner_watch(user) as wrong:
        for notice in schedule.due(user, MORNING):
            sending.send(user, notice)

    assert wrong == []
    assert len(service.asked) == 2


def test_pages_do_not_wait_for_what_only_sending_needs():
    """pywebpush takes more than half a second to import."""
    code = (
        "import os, sys, django;"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'networkcrm.settings';"
        "django.setup();"
        "import networkcrm.urls, followups.views.reminders, followups.tasks;"
        "print({'pywebpush', 'aiohttp', 'requests'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "set()"
