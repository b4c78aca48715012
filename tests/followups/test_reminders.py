"""Each thing is sent at most once, whoever sends it and whatever breaks."""

import smtplib
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from followups import tasks
from followups.reminders import digest, log, schedule, sending
from networkcrm.tasks import schedules
from tests.factories import (
    ContactFactory,
    FollowUpFactory,
    PushSubscriptionFactory,
    ReminderFactory,
    make_user,
)

MORNING = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def morning(request):
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def wants_mail(user):
    user.mails_digest = True
    user.save()
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    FollowUpFactory(contact=ana, title="Send the list", due_on=MORNING.date())
    return user


@pytest.fixture
def user(user):
    return wants_mail(user)


class Server(BaseEmailBackend):
    """A mail server that answers as the test says."""

    answers: list[Exception | None] = []
    taken: list[str] = []

    def open(self):
        return None

    def send_messages(self, messages):
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.taken.extend(message.to[0] for message in messages)
        return len(messages)


@pytest.fixture
def server(settings):
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Server"}}
    Server.answers, Server.taken = [], []
    return Server


REFUSED = smtplib.SMTPDataError(451, b"4.7.1 Try later\r\nplease")


def test_the_worker_looks_every_five_minutes():
    assert schedules["followups.tasks.remind_everybody"] == "*/5 * * * *"


def test_those_whose_hour_has_come_get_their_mail(user, stranger, run_tasks):
    wants_mail(stranger)
    stranger.time_zone = "America/New_York"
    stranger.save()

    for _ in range(3):
        tasks.remind_everybody.enqueue()
        run_tasks()

    assert [message.to for message in mail.outbox] == [[user.email]]
    row = user.reminders.get()
    assert (row.state, row.sent_at) == ("sent", MORNING)
    assert not stranger.reminders.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"mails_digest": False}])
def test_who_is_away_or_wants_none_gets_none(user, change, run_tasks):
    for name, value in change.items():
        setattr(user, name, value)
    user.save()

    tasks.remind_everybody.enqueue()
    tasks.remind.enqueue(str(user.pk))
    run_tasks()

    assert mail.outbox == []


def test_what_breaks_for_one_stops_nobody_else(
    user, stranger, run_tasks, monkeypatch, caplog
):
    wants_mail(stranger)
    real = digest.sections_of

    def break_for_one(owner, today):
        if owner == user:
            raise RuntimeError("boom")
        return real(owner, today)

    monkeypatch.setattr(digest, "sections_of", break_for_one)

    tasks.remind_everybody.enqueue()
    run_tasks()

    assert [message.to for message in mail.outbox] == [[stranger.email]]
    row = user.reminders.get()
    assert (row.state, row.problem) == ("failed", sending.BROKEN)
    assert "boom" in caplog.text


def test_looking_for_one_may_fail(user, stranger, run_tasks, monkeypatch, caplog):
    wants_mail(stranger)
    real = schedule.due

    def break_for_one(owner, now):
        if owner == user:
            raise RuntimeError("boom")
        return real(owner, now)

    monkeypatch.setattr(schedule, "due", break_for_one)

    tasks.remind_everybody.enqueue()
    run_tasks()

    assert [message.to for message in mail.outbox] == [[stranger.email]]
    assert "boom" in caplog.text


def test_nothing_to_say_is_no_mail_all_day(user, morning):
    user.followups.get().complete()

    sending.send_due(user)
    FollowUpFactory(owner=user, contact=None, due_on=MORNING.date())
    morning.shift(timedelta(hours=2))
    sending.send_due(user)

    assert mail.outbox == []
    assert user.reminders.get().state == "nothing"
    assert not user.reminders.shown().exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends():
    """Both find it due before either has written it down."""
    user = wants_mail(make_user("ada"))
    both = threading.Barrier(2)
    sent = []

    def work():
        now = MORNING
        (notice,) = schedule.due(user, now)
        both.wait(10)
        sent.append(sending.send(user, notice))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(sent) == [False, True]
    assert len(mail.outbox) == 1
    assert user.reminders.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_tries_again(server, morning):
    user = wants_mail(make_user("ada"))
    server.answers = [REFUSED]
    sending.send_due(user)
    morning.shift(timedelta(minutes=5))
    both = threading.Barrier(2)
    sent = []

    def work():
        (notice,) = schedule.due(user, MORNING + timedelta(minutes=5))
        both.wait(10)
        sent.append(sending.send(user, notice))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(sent) == [False, True]
    assert server.taken == [user.email]
    row = user.reminders.get()
    assert (row.state, row.tries) == ("sent", 2)


@pytest.mark.django_db(transaction=True)
def test_it_is_written_down_before_it_is_sent(monkeypatch):
    """Seen by another connection while the mail is on its way."""
    user = wants_mail(make_user("ada"))
    seen = []

    def look(message):
        def ask():
            seen.extend(user.reminders.values_list("state", flat=True))
            connection.close()

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join(10)

    monkeypatch.setattr(sending.mailing, "send", look)

    sending.send_due(user)

    assert seen == ["sending"]


def test_a_crash_in_between_is_told_and_nothing_is_sent_twice(
    user, monkeypatch, morning
):
    class Killed(BaseException):
        pass

    def die(message):
        raise Killed

    monkeypatch.setattr(sending.mailing, "send", die)
    with pytest.raises(Killed):
        sending.send_due(user)
    monkeypatch.undo()

    morning.shift(timedelta(minutes=5))
    assert sending.send_due(user) == 0
    assert user.reminders.get().sentence == "It is being sent."

    morning.shift(timedelta(hours=1))
    assert sending.send_due(user) == 0
    assert mail.outbox == []
    row = user.reminders.get()
    assert row.is_cut_off
    assert "It may have arrived or not" in row.sentence


def test_a_refused_mail_is_tried_again_with_longer_and_longer_pauses(
    user, server, morning
):
    server.answers = [REFUSED, REFUSED]
    tried = []

    for _ in range(24):
        if sending.send_due(user):
            tried.append((datetime.now(UTC) - MORNING).seconds // 60)
        morning.shift(timedelta(minutes=5))

    row = user.reminders.get()
    assert tried == [0, 5, 20]
    assert server.taken == [user.email]
    assert (row.state, row.tries) == ("sent", 3)


def test_what_is_refused_all_day_is_given_up_with_a_sentence(user, server, morning):
    server.answers = [REFUSED] * 99

    for _ in range(24 * 12):
        sending.send_due(user)
        morning.shift(timedelta(minutes=5))

    yesterday = user.reminders.get(about="2026-11-22")
    assert server.taken == []
    assert yesterday.state == "failed"
    assert yesterday.problem == (
        "The mail server refused it: 451 4.7.1 Try later please. It was tried 6 times"
        " and is not tried any more."
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"No such user")}),
            "The mail server refused it: 550 No such user.",
        ),
        (
            smtplib.SMTPAuthenticationError(535, b"no"),
            "The mail server does not accept the name and password of EMAIL_URL.",
        ),
        (
            ConnectionRefusedError(),
            "The mail server does not answer: look at EMAIL_URL",
        ),
    ],
)
def test_why_it_was_refused(user, server, monkeypatch, answer, said):
    if isinstance(answer, OSError) and not isinstance(answer, smtplib.SMTPException):

        def closed(self):
            raise answer

        monkeypatch.setattr(Server, "open", closed)
    else:
        server.answers = [answer]

    sending.send_due(user)

    row = user.reminders.get()
    assert row.state == "waiting"
    assert row.sentence.startswith(said)


def test_a_mail_that_broke_off_is_not_sent_again(user, server, morning):
    """Nobody knows whether the server took it."""
    server.answers = [smtplib.SMTPServerDisconnected("gone")]

    sending.send_due(user)
    morning.shift(timedelta(hours=3))
    sending.send_due(user)

    row = user.reminders.get()
    assert (row.state, row.tries, server.taken) == ("failed", 1, [])
    assert "may have arrived or not" in row.problem


def test_what_is_not_true_any_more_is_not_tried_again(user, server, morning):
    server.answers = [REFUSED]
    sending.send_due(user)
    user.followups.get().complete()
    morning.shift(timedelta(minutes=10))

    sending.send_due(user)

    assert (user.reminders.get().state, server.taken) == ("nothing", [])


def test_what_is_sent_at_midnight_is_still_of_its_day(user, morning):
    user.followups.update(due_on=MORNING.date() + timedelta(days=1))
    user.digest_hour, user.time_zone = 23, "UTC"
    user.save()
    before = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    (notice,) = schedule.due(user, before)

    morning.move_to(before + timedelta(minutes=1))
    sending.send(user, notice)

    assert user.reminders.get().state == "nothing"
    assert mail.outbox == []


def test_a_week_without_a_machine_is_one_mail(user, morning):
    morning.shift(timedelta(days=7))

    sending.send_due(user)

    assert [row.about for row in user.reminders.all()] == ["2026-11-29"]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("sunday", ["2027-03-28", "2027-10-31"])
def test_one_a_day_when_the_clocks_change(user, morning, sunday):
    """None twice, none left out, though two o'clock comes twice or not at all."""
    user.time_zone, user.digest_hour = "Europe/Berlin", 2
    user.save()
    sunday = datetime.fromisoformat(sunday).replace(tzinfo=UTC)
    morning.move_to(sunday - timedelta(days=1, hours=3))

    for _ in range(3 * 24 * 2):
        sending.send_due(user)
        morning.shift(timedelta(minutes=30))

    days = sorted(row.about for row in user.reminders.all())
    expected = [sunday + timedelta(days=n) for n in (-1, 0, 1)]
    assert days == [f"{day:%Y-%m-%d}" for day in expected]
    assert len(mail.outbox) == 3


def test_nightly_what_waits_is_given_up_and_the_log_of_a_season_goes(user):
    ReminderFactory(
        owner=user,
        state="waiting",
        problem="No.",
        tries=2,
        next_try_at=MORNING - timedelta(days=2),
    )
    old = ReminderFactory(owner=user)
    user.reminders.filter(pk=old.pk).update(created_at=MORNING - timedelta(days=100))

    tasks.clear_reminders.call()

    row = user.reminders.get()
    assert (row.state, row.next_try_at) == ("failed", None)
    assert row.problem == "No. It was tried 2 times and is not tried any more."


def test_two_who_claim_a_row_that_is_there(user):
    PushSubscriptionFactory(owner=user)
    notice = next(one for one in schedule.due(user, MORNING) if one.kind == "digest")

    rows = [log.claim(user, notice, MORNING) for _ in range(2)]

    assert rows[0] is not None
    assert rows[1] is None
