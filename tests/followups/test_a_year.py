"""A year of one owner, walked day by day and hour by hour, through the real functions.

Sixty people, promises of all sorts, needs, offers, birthdays, introductions; somebody
who looks at Today in the morning and does most, not all, of what it says; a worker that
comes every hour and is off for ten days. Both changes of the clocks lie within.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from followups import cadence, suggesting
from followups.models import FollowUp, Suggestion
from followups.suggesting import answering
from followups.tasks import remind_everybody
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    ContactFactory,
    EventFactory,
    FactFactory,
    FollowUpFactory,
    InteractionFactory,
    IntroductionFactory,
)

FIRST = date(2026, 1, 5)
DAYS = 365
ZONE = ZoneInfo("Europe/Berlin")
# The worker does not run on these days, and comes back at noon of the one after.
OFF = range(100, 110)
# By the clock of the owner; the mail is due at seven.
MAIL_AT, LOOKS_AT, NOON, LOOKS_LATE_AT = 7, 8, 12, 17
# On some days the worker is seen to come again and again.
HOURS = (MAIL_AT, LOOKS_AT)
MORE_HOURS = (6, MAIL_AT, LOOKS_AT, NOON, LOOKS_LATE_AT, 23)
REST = timedelta(days=30)
NEEDS = ["a first retail buyer", "a quiet room to write", "someone for old cellos"]
OFFERS = ["I buy for forty retail shops", "a quiet room by the sea", "cellos, repaired"]


@dataclass
class Story:
    """What was seen and sent on which day."""

    suggested: list[tuple[date, Suggestion]] = field(default_factory=list)
    # Of the days without a suggestion: those who had a reason.
    forgotten: list[tuple[date, object]] = field(default_factory=list)
    # The first day on which Today showed a promise.
    shown: dict[object, date] = field(default_factory=dict)
    # What was due on a day and not on Today, or not in the mail.
    hidden: list[tuple[date, str]] = field(default_factory=list)
    unmailed: list[tuple[date, str]] = field(default_factory=list)
    # By the day: why there was something to say in the morning.
    reasons: dict[date, list[str]] = field(default_factory=dict)
    mails: list[tuple[datetime, object]] = field(default_factory=list)


@pytest.fixture
def owner(user, settings):
    settings.SESSION_COOKIE_AGE = 3 * 365 * 24 * 3600
    user.time_zone = ZONE.key
    user.mails_digest = True
    user.save()
    return user


def local(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), ZONE)


class Life:
    """The owner, who does things; the same ones in every run."""

    def __init__(self, owner, client):
        self.owner, self.client = owner, client
        self.rng = Random(7)
        self.story = Story()
        self.people = ContactFactory.create_batch(60, owner=owner)
        self._know_people()
        self._promise()
        with connection.cursor() as cursor:
            # As the database does by itself when it is not within one transaction.
            cursor.execute("ANALYZE")

    def _know_people(self):
        close = self.owner.circles.get(key="inner circle")
        for number, contact in enumerate(self.people):
            contact.full_name = f"Tester {number} Example"
            if number < 6:
                contact.circle = close
            if number % 3 == 0:
                day = date(1980, 1, 1) + timedelta(number * 6)
                # Nobody knows the year of most birthdays.
                contact.birthday = PartialDate(None, day.month, day.day)
            contact.save()
            if number < 6:
                FactFactory(contact=contact, text=NEEDS[number % 3])
            elif number < 18:
                FactFactory(contact=contact, text=f"Wish{number}wood")
            elif number < 22:
                FactFactory(contact=contact, kind="offer", text=OFFERS[number % 3])
        for a, b in ((10, 20), (11, 21), (12, 22)):
            IntroductionFactory(owner=self.owner, a=self.people[a], b=self.people[b])
        # The nights of the changed clocks are among them.
        nights = (date(2026, 3, 28), date(2026, 7, 7), date(2026, 10, 24))
        self.events = [(day, f"A night in {day:%B}") for day in nights]
        for day, name in self.events:
            EventFactory(owner=self.owner, name=name, starts_at=local(day, 23, 30))

    def _promise(self):
        owner, rng = self.owner, self.rng
        for number in range(60):
            FollowUpFactory(
                owner=owner,
                contact=rng.choice([None, rng.choice(self.people)]),
                title=f"Promise {number}",
                due_on=FIRST + timedelta(number * 6 + rng.randint(0, 5)),
            )
        for title, rule, due in (
            ("Call the parents", "FREQ=WEEKLY;INTERVAL=2", date(2026, 1, 11)),
            (
                "Pay the room",
                "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
                date(2026, 1, 31),
            ),
            ("Give the speech", "FREQ=YEARLY", date(2026, 3, 29)),
        ):
            FollowUpFactory(
                owner=owner, contact=None, title=title, repeat=rule, due_on=due
            )
        # Of the day on which the worker is back.
        FollowUpFactory(
            owner=owner,
            contact=None,
            title="Pick up the keys",
            due_on=FIRST + timedelta(OFF.stop),
        )
        FollowUpFactory(owner=owner, contact=None, title="Some day", due_on=None)
        FollowUpFactory(
            owner=owner, title="Their promise", promised_by="them", contact=None,
            due_on=FIRST + timedelta(9),
        )  # fmt: skip

    def due(self, day):
        """By hand: my open promises of this day or before."""
        rows = FollowUp.objects.filter(owner=self.owner, promised_by="me")
        rows = rows.filter(done_at=None, dismissed_at=None).order_by("due_on", "title")
        return [row for row in rows if row.due_on and row.due_on <= day]

    def _celebrated(self, day):
        """The birthdays and the events of this day, by hand."""
        sign = f"--{day:%m-%d}"
        found = [one.full_name for one in self.people if str(one.birthday) == sign]
        return found + [name for on, name in self.events if on == day]

    def look_at_today(self, day):
        suggestion = suggesting.of_day(self.owner, day)
        touches = cadence.keep_in_touch(self.owner, day)
        due = self.due(day)
        # Nothing was done since the mail of the morning: this is what it had to say.
        said = [*due, *touches, *self._celebrated(day), *filter(None, [suggestion])]
        self.story.reasons[day] = [str(one) for one in said]
        if any(row.due_on == day for row in due):
            self._look_at_the_page(day, due, suggestion)
        self._be_helped(suggestion, day)
        for row in due:
            self._keep(row)
        for touch in touches:
            if self.rng.random() < 0.7:
                InteractionFactory(
                    owner=self.owner,
                    kind="call",
                    on=PartialDate.of(day),
                    with_contacts=[touch.contact],
                )

    def _look_at_the_page(self, day, due, suggestion):
        context = self.client.get(reverse("today")).context
        shown = {row.pk for row in context["promises"]}
        if suggestion:
            # The same all day, and no promise stands there twice.
            assert context["help"].suggestion == suggestion
            assert suggestion.followup_id not in shown
            shown.add(suggestion.followup_id)
        for row in due:
            if row.pk in shown:
                self.story.shown.setdefault(row.pk, day)
            else:
                self.story.hidden.append((day, row.title))

    def _be_helped(self, suggestion, day):
        if suggestion is None:
            if who := self._who_could_be_helped(day):
                self.story.forgotten.append((day, who))
            return
        self.story.suggested.append((day, suggestion))
        ways = [answering.done] * 6 + [answering.later] * 3 + [answering.never, None]
        if answer := self.rng.choice(ways):
            answer(suggestion)

    def _who_could_be_helped(self, day):
        """By hand: somebody with an open need who was not suggested for thirty days."""
        lately = [row for on, row in self.story.suggested if on >= day - REST]
        tired = {pk for row in lately for pk in (row.contact_id, row.other_id)}
        said = self.owner.suggestions.filter(answer="never").values_list("key")
        never = {key for (key,) in said}
        needs = self.owner.facts.filter(kind="need", state="open")
        return next(
            (
                need
                for need in needs
                if need.contact_id not in tired and f"need:{need.pk}" not in never
            ),
            None,
        )

    def _keep(self, promise):
        promise.refresh_from_db()
        chance = self.rng.random()
        if not promise.is_open:
            return
        if chance < 0.55:
            promise.complete()
        elif chance < 0.75:
            promise.snooze(days=self.rng.choice([1, 7]))
        elif chance < 0.8 and not promise.repeat:
            promise.dismiss()

    def look_into_the_mail(self, outbox, day):
        for message in outbox[len(self.story.mails) :]:
            now = datetime.now(UTC)
            self.story.mails.append((now, message))
            if now.astimezone(ZONE).hour == MAIL_AT:
                self.story.unmailed += [
                    (day, row.title)
                    for row in self.due(day)
                    if row.title not in message.body
                ]


def test_a_year(client, owner, run_tasks, mailoutbox):
    # The clock goes on while they are made, so that keys sort the same in every run.
    with time_machine.travel(local(FIRST, 0), tick=True) as traveller:
        life = Life(owner, client)
        story = life.story
        for number in range(DAYS):
            day = FIRST + timedelta(number)
            is_long = number % 10 == 0 or number == OFF.stop
            for hour in MORE_HOURS if is_long else HOURS:
                traveller.move_to(local(day, hour), tick=False)
                if number not in OFF and (number != OFF.stop or hour >= NOON):
                    remind_everybody.call()
                    if ProcrastinateJob.objects.filter(status="todo").exists():
                        run_tasks()
                    life.look_into_the_mail(mailoutbox, day)
                if hour == (LOOKS_LATE_AT if number == OFF.stop else LOOKS_AT):
                    life.look_at_today(day)

    every_promise_surfaced(owner, story)
    nobody_was_suggested_too_often(story)
    mails_were_sent_once_and_for_a_reason(story)


def every_promise_surfaced(owner, story):
    last = FIRST + timedelta(DAYS - 1)
    mine = owner.followups.mine().filter(due_on__lte=last)

    assert story.hidden == []
    assert story.unmailed == []
    assert mine.count() > 80
    assert [row.title for row in mine if row.pk not in story.shown] == []
    assert [row.title for row in mine if story.shown[row.pk] > row.due_on] == []
    # What comes again came again, and keeps to the last day of the month.
    rents = owner.followups.filter(title="Pay the room").order_by("due_on")
    assert rents.exclude(done_at=None).count() >= 8
    assert rents.last().due_on >= date(2026, 12, 31)
    # What has no day, and what they promised, is not mine to do today.
    others = owner.followups.filter(title__in=["Some day", "Their promise"])
    assert not {row.pk for row in others} & story.shown.keys()


def nobody_was_suggested_too_often(story):
    days = [on for on, _row in story.suggested]
    seen = {}
    for on, row in story.suggested:
        for contact_id in {row.contact_id, row.other_id} - {None}:
            assert on - seen.get(contact_id, date.min) > REST, row.why
            seen[contact_id] = on

    assert len(days) == len(set(days))
    assert story.forgotten == []
    assert len(days) > 120
    assert len({row.kind for _on, row in story.suggested}) >= 4


def mails_were_sent_once_and_for_a_reason(story):
    days = [sent.astimezone(ZONE).date() for sent, _message in story.mails]
    off = {FIRST + timedelta(number) for number in OFF}
    wanted = [day for day, found in story.reasons.items() if found and day not in off]
    back = FIRST + timedelta(OFF.stop)
    hours = {
        sent.astimezone(ZONE).hour
        for sent, _message in story.mails
        if sent.astimezone(ZONE).date() != back
    }

    assert days == wanted
    assert len(days) == len(set(days))
    assert 100 < len(days) < DAYS - len(off)
    assert hours == {7}
    # After ten days without a worker: one mail, at noon, of that day.
    assert [sent.astimezone(ZONE).hour for sent, _m in story.mails
            if sent.astimezone(ZONE).date() == back] == [12]  # fmt: skip
