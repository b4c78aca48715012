"""The people of an archive, each once, with all that happened between them and me."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from typing import Any

from contacts.importing.lines import clean
from contacts.importing.records import Happening, Method, Record, Unread, fit
from networkcrm.partial_dates import PartialDate

MAX_TEXT = 50_000
CUT = "\n\n(Cut here: this day holds more than fits.)"
LONGEST_NAME = 2000
# Of a group in which only I said something that day.
MAX_SILENT = 20


@dataclass(slots=True)
class Day:
    """What was said in one conversation on one day, by whom; "" is me."""

    said: list[tuple[datetime, str, str]] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    title: str = ""
    url: str = ""


class Gathering:
    """People by a key of the reader's own, and their conversations by day."""

    def __init__(self, platform: str, service: str, tz: tzinfo) -> None:
        self.platform = platform
        self.service = service
        self.tz = tz
        self.people: dict[str, Record] = {}
        self.days: dict[tuple[str, str, date], Day] = {}
        self.unread: list[Unread] = []

    def person(self, key: str, name: str = "", handle: str = "") -> Record:
        """The record of this person; the first name that is told is theirs."""
        record = self.people.get(key)
        if record is None:
            record = self.people[key] = Record(
                len(self.people) + 1, platform=self.platform, by_name=True
            )
            if handle:
                record.methods.append(Method("handle", handle[:1000], self.service))
                record.stand_ins = (f"@{handle}"[:300],)
        if name and not record.full_name:
            record.full_name = one_line(name)
        return record

    def refuse(self, name: str, reason: str, failed: bool = False) -> None:
        """What becomes nobody, and why."""
        place = len(self.people) + len(self.unread) + 1
        self.unread.append(Unread(place, reason, one_line(name)[:300], failed))

    def say(
        self,
        kind: str,
        talk: str,
        at: datetime,
        by: str,
        text: str,
        others: Collection[str],
        title: str = "",
        url: str = "",
    ) -> None:
        """Someone (a key, "" for me) said something to these others and me."""
        local = at.astimezone(self.tz)
        day = self.days.setdefault(
            (kind, talk, local.date()), Day(title=title, url=url)
        )
        day.said.append((local, by, text))
        day.others.update(others)

    def records(self) -> Iterator[Record | Unread]:
        """Everybody with a name or a stand-in, then what was refused."""
        for (kind, talk, on), day in sorted(
            self.days.items(), key=lambda pair: pair[0]
        ):
            happening = self._happening(kind, talk, on, day)
            for there in self._there(day):
                self.people[there].happenings.append(happening)
        for record in self.people.values():
            if not record.full_name:
                record.full_name = record.stand_ins[0]
            fit(record)
            yield record
        yield from self.unread

    def _there(self, day: Day) -> list[str]:
        """Who wrote; when only I did, all to whom I wrote."""
        wrote = {by for _at, by, _text in day.said if by}
        if not wrote:
            wrote = set(sorted(day.others)[:MAX_SILENT])
        return sorted(key for key in wrote if key in self.people)

    def _happening(self, kind: str, talk: str, on: date, day: Day) -> Happening:
        day.said.sort(key=lambda one: one[0])
        text = _told(day, {by: self._name(by) for _at, by, _text in day.said})
        before = _told(day, {by: self._name(by, -1) for _at, by, _text in day.said})
        first, by, _text = day.said[0]
        return Happening(
            uid=uid_of(self.platform, kind, talk, str(on)),
            kind=kind,
            on=PartialDate.of(on),
            at=first.time().replace(second=0, microsecond=0),
            platform=self.platform,
            title=day.title[:200],
            text=text,
            started_by="them" if by else "me",
            url=day.url,
            before=before if before != text else "",
            count=len(day.said),
        )

    def _name(self, key: str, stand_in: int = 0) -> str:
        """Their name; with -1 what stood for it when it was not known."""
        if not key:
            return "You"
        record = self.people.get(key)
        if record is None:
            return "Someone"
        if stand_in and record.stand_ins:
            return record.stand_ins[stand_in]
        return record.full_name or record.stand_ins[0]


def _told(day: Day, names: Mapping[str, str]) -> str:
    lines = [f"{names[by]}: {text}" for _at, by, text in day.said if text]
    text = "\n\n".join(lines)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(CUT)] + CUT


def uid_of(*parts: str) -> str:
    whole = "\n".join(parts).encode()
    return f"{parts[0].lower()}:{hashlib.blake2b(whole, digest_size=16).hexdigest()}"


def one_line(text: str) -> str:
    """Of a name or a title; none is so long that the rest of it matters."""
    return " ".join(clean(text[:LONGEST_NAME]).split())


def moment(seconds: Any) -> datetime | None:
    """Of seconds since 1970, or milliseconds; None for what is no time of a network."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if seconds > 100_000_000_000:
        seconds /= 1000
    try:
        found = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if 1990 < found.year < 2200 else None


def read_moment(text: str, *formats: str) -> datetime | None:
    """A time of ISO 8601, or in one of these formats; UTC unless it says otherwise."""
    text = text.strip()[:60]
    readers: list[Callable[[str], datetime]] = [datetime.fromisoformat]
    readers += [partial(_strptime, each) for each in formats]
    for read in readers:
        try:
            found = read(text)
        except ValueError:
            continue
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found if 1990 < found.year < 2200 else None
    return None


def _strptime(format_: str, text: str) -> datetime:
    return datetime.strptime(text, format_)  # noqa: DTZ007


def day_of(at: datetime | None, tz: tzinfo) -> PartialDate | None:
    return PartialDate.of(at.astimezone(tz).date()) if at else None
