"""What is worth a mail in the morning: first names and titles, nothing that was told.

A mail lies on other people's servers. No notes, no stories, no needs, no full names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.mail import EmailMultiAlternatives
from django.db.models.functions import Right
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from contacts.models import Contact
from events.models import Event
from followups import cadence, suggesting
from followups.models import FollowUp, FollowUpQuerySet, Suggestion
from followups.reminders import mailing
from followups.reminders.schedule import DAY, hour_of
from networkcrm.models import User

AT_MOST = 8
HELP = "Whom to help today"


@dataclass(frozen=True, slots=True)
class Line:
    """What it is, a second word about it ("4 days late"), and its page here."""

    text: str
    more: str
    path: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    # What a subject says of it.
    short: str
    lines: list[Line]


def sections_of(owner: User, today: date) -> Iterator[Section]:
    """What there is for the owner on this day, in their time zone; no empty ones."""
    if suggestion := suggesting.of_day(owner, today):
        who = suggestion.contact
        line = Line(who.first_name, _reason(suggestion), who.get_absolute_url())
        yield Section(HELP, f"help {who.first_name}", [line])
    promises = list(promises_due(owner, today)[: AT_MOST + 1])
    if promises:
        lines = [_promise(one) for one in promises[:AT_MOST]]
        short = f"“{promises[0].title}”"
        if len(promises) > 1:
            number = promises_due(owner, today).count()
            short = f"{number} promises"
            if left := number - len(lines):
                path = reverse("followup_list")
                lines.append(Line(f"And {left} more", "", path))
        yield Section("You promised", short, lines)
    if events := events_of(owner, today):
        lines = [Line(one.name, _when(one), one.get_absolute_url()) for one in events]
        yield Section("Today’s event", events[0].name, lines)
    if born := born_on(owner, today):
        short = f"{born[0].first_name}’s birthday"
        yield Section("Birthday", short, [_person(one) for one in born])
    if touches := cadence.keep_in_touch(owner, today):
        people = [touch.contact for touch in touches]
        short = f"keep in touch with {people[0].first_name}"
        yield Section("Keep in touch", short, [_person(one) for one in people])
    if over := list(owner.events.to_debrief(owner)[:3]):
        lines = [Line(one.name, "", _debrief(one)) for one in over]
        yield Section("How was it?", f"how was {over[0].name}?", lines)


# Why, without a word of what they told.
REASONS = {
    Suggestion.Kind.MATCH: "fits with {other}",
    Suggestion.Kind.MINE: "you two fit",
    Suggestion.Kind.PROMISE: "a promise is due",
    Suggestion.Kind.INTRODUCTION: "an introduction waits",
    Suggestion.Kind.BIRTHDAY: "a birthday",
    Suggestion.Kind.NEED: "has needed something for a long time",
}


def _reason(suggestion: Suggestion) -> str:
    other = suggestion.other.first_name if suggestion.other else "somebody you know"
    return REASONS[Suggestion.Kind(suggestion.kind)].format(other=other)


def promises_due(owner: User, today: date) -> FollowUpQuerySet:
    due: FollowUpQuerySet = owner.followups.due(today).mine()
    return due.select_related("contact").by_date()


def _promise(one: FollowUp) -> Line:
    who = one.contact.first_name if one.contact else one.contact_name.partition(" ")[0]
    said = who and who.lower() in one.title.lower()
    text = one.title if said or not who else f"{one.title} ({who})"
    return Line(text, one.when, one.get_absolute_url())


def _person(contact: Contact) -> Line:
    return Line(contact.first_name, "", contact.get_absolute_url())


def _debrief(event: Event) -> str:
    return reverse("event_debrief", kwargs={"event_id": event.pk})


def _when(event: Event) -> str:
    """As the owner's clock shows it."""
    if event.is_all_day or event.starts_at is None:
        return "all day"
    return date_format(timezone.localtime(event.starts_at), "H:i")


def born_on(owner: User, day: date) -> list[Contact]:
    """Those whose birthday it is; that of 29 February is on the 28th in other years."""
    endings = [f"-{day:%m-%d}"]
    if f"{day:%m-%d}" == "02-28" and (day + DAY).month == 3:
        endings.append("-02-29")
    # With the dash before it: the month "2012-11" ends like a day, too.
    people = owner.contacts.active().annotate(ending=Right("birthday", 6))
    return list(people.filter(ending__in=endings).by_name()[:AT_MOST])


def events_of(owner: User, day: date) -> list[Event]:
    start, end = hour_of(day, 0, owner), hour_of(day + DAY, 0, owner)
    rows = owner.events.filter(starts_at__gte=start, starts_at__lt=end)
    return list(rows.filter(cancelled_at=None).order_by("starts_at", "pk")[:3])


def mail_of_day(owner: User, today: date) -> EmailMultiAlternatives | None:
    """The mail; None when there is nothing to say."""
    with timezone.override(owner.tz):
        sections = list(sections_of(owner, today))
        if not sections:
            return None
        context = {"sections": sections, "day": today}
        template = "followups/email/digest"
        return mailing.mail_to(owner, _subject(sections), template, context)


def _subject(sections: list[Section]) -> str:
    """What presses most, and what comes next; whom to help where nothing presses."""
    said = sorted(sections, key=lambda section: section.title == HELP)
    text = "Today: " + ", ".join(section.short for section in said[:2])
    return text if len(text) <= 120 else text[:119] + "…"


def mail_to_try(owner: User) -> EmailMultiAlternatives:
    """What the test button sends."""
    subject = "This is how a mail from networkcrm arrives"
    return mailing.mail_to(owner, subject, "followups/email/test", {})
