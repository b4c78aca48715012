"""An iCalendar file as events: time zones, whole days, recurrences, exceptions.

Times are taken as the clocks of the place show them, recurrences are reckoned by those
clocks, and only then become moments: so a meeting at seven stays at seven all year.
"""

import hashlib
import math
import re
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-untyped]
from icalendar import Calendar

from contacts.importing.records import Unread
from events.calendars.blocks import Block, Property, blocks
from events.calendars.zones import Zones
from events.guests.reading import Line, turned

MAX_BYTES = 10 << 20
MOST_EVENTS = 2000
# Of what comes again: so far back and ahead, and so often in a whole file.
BACK, AHEAD = timedelta(days=90), timedelta(days=365)
MOST_RECURRING = 500
MOST_PER_SERIES = 200
# Seconds for all that comes again.
PATIENCE = 8.0
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?")
_DURATION = re.compile(
    r"([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_LINK = re.compile(r"https?://[^\s<>\"]+", re.I)
_MEETS_ONLINE = re.compile(
    r"zoom\.us|meet\.google|teams\.(?:microsoft|live)|webex|jitsi|whereby|gotomeet"
    r"|^online$|^virtual$",
    re.I,
)


class CannotRead(Exception):
    """The file as a whole is refused; the message says why, in a sentence."""


@dataclass(slots=True)
class Happening:
    """One event of the file. `uid` is that of the file, with the day of a recurrence
    behind a "#"; times are moments, `time_zone` the place's or ""."""

    line: int
    uid: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    time_zone: str
    is_all_day: bool
    place: str
    url: str
    is_online: bool
    cancelled: bool
    notes: str
    series: str
    guests: list[Line] = field(default_factory=list)


@dataclass
class Found:
    """What a file holds. `series` are the UIDs of what comes again."""

    happenings: list[Happening] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    series: set[str] = field(default_factory=set)
    # Sentences about the file as a whole.
    remarks: list[str] = field(default_factory=list)


def read(raw: bytes, zone: ZoneInfo, now: datetime, mine: Iterable[str] = ()) -> Found:
    """The events of a file. `zone` is the owner's, for times that name none; `mine` are
    the owner's addresses, who is no guest of their own.

    Raises CannotRead for what is no calendar at all.
    """
    if len(raw) > MAX_BYTES:
        raise CannotRead("This is larger than 10 MB. Export fewer years of it.")
    if b"BEGIN:VEVENT" not in raw.upper().replace(b"\0", b""):
        raise CannotRead(_why_not(raw))
    return _File(zone, now, {address.casefold() for address in mine}).read(raw)


def _why_not(raw: bytes) -> str:
    start = raw.strip()[:1000].lower()
    if re.match(rb"(?:https?|webcal)://\S+$", start):
        return (
            "This is the address of a calendar. Nothing is fetched from here: open it"
            " in your browser, with https:// in front instead of webcal://, save the"
            " file, and bring that."
        )
    if b"begin:vcalendar" in start:
        return "There is no event in this calendar."
    if start.startswith(b"<"):
        return "This is a web page, not a calendar. Save the .ics file it links to."
    return "This is no calendar file. It would begin with BEGIN:VCALENDAR."


class _File:
    def __init__(self, zone: ZoneInfo, now: datetime, mine: set[str]) -> None:
        self.zone, self.now, self.mine = zone, now, mine
        self.found = Found()

    def read(self, raw: bytes) -> Found:
        parts = list(blocks(raw))
        calendar = parts.pop()
        self.zones = Zones([p for p in parts if p.kind == "VTIMEZONE"], self.zone)
        if said := calendar.text("X-WR-TIMEZONE"):
            self.zones.default = self.zones.of(said)
            self.zones.unknown.clear()
        self.all_cancelled = calendar.text("METHOD").upper() == "CANCEL"
        events = [p for p in parts if p.kind == "VEVENT"]
        by_uid: dict[str, list[Block]] = defaultdict(list)
        for block in events:
            by_uid[block.text("UID")[:400] or _name_for(block)].append(block)
        self.deadline = time.monotonic() + PATIENCE
        self.recurring = 0
        for uid, group in by_uid.items():
            if len(self.found.happenings) >= MOST_EVENTS:
                self.found.remarks.append(
                    f"The first {MOST_EVENTS:,} events were read, of {len(events):,}."
                    " Export fewer years of it for the rest."
                )
                break
            self._group(uid, group)
        for name in sorted(self.zones.unknown):
            self.found.remarks.append(
                f"Nobody knows the time zone “{name[:60]}”: its times are taken as"
                f" those of {self.zones.default.key}."
            )
        return self.found

    def _fail(self, block: Block, reason: str) -> None:
        name = block.text("SUMMARY")[:80]
        said = f"“{name}”: {reason}" if name else reason
        self.found.unread.append(Unread(block.line, said))

    def _group(self, uid: str, group: list[Block]) -> None:
        """All that has one UID: an event, or a series with its exceptions."""
        plain = [b for b in group if not b.first("RECURRENCE-ID")]
        is_series = any(b.first("RRULE") or b.first("RDATE") for b in plain)
        if is_series or len(plain) < len(group):
            self.found.series.add(uid)
        if is_series:
            self._series(uid, group)
            return
        # Without its master, an exception stands for itself; of two versions of one
        # event the later counts.
        latest: dict[str, Block] = {}
        for block in sorted(group, key=_version):
            said = block.first("RECURRENCE-ID")
            day = self._local(said) if said else None
            latest[f"{uid}#{day.isoformat()}" if day else uid] = block
        for key, block in latest.items():
            self._add(key, block)

    def _add(self, uid: str, block: Block) -> None:
        said = block.first("DTSTART")
        start = self._local(said) if said else None
        if said is None or start is None:
            self._fail(block, "it does not say when it is.")
            return
        end = self._end_of(block, said, start)
        zone = self._zone_of(said)
        self._take(uid, block, start, end, zone, _is_day(said))

    def _take(
        self,
        uid: str,
        block: Block,
        start: datetime,
        end: datetime | None,
        zone: ZoneInfo,
        is_all_day: bool,
    ) -> None:
        if not 1900 <= start.year <= 2200:
            self._fail(block, "its date is too far away.")
            return
        if end is not None and (end < start or end.year > 2200):
            self._fail(block, "it ends before it starts.")
            return
        place, url = block.text("LOCATION"), block.text("URL")
        linked = _LINK.search(url) or _LINK.search(place)
        is_online = bool(_MEETS_ONLINE.search(place) or _LINK.fullmatch(place))
        if _LINK.fullmatch(place):
            place = ""
        named = zone.key if zone.key not in ("UTC", self.zone.key) else ""
        status = block.text("STATUS").upper()
        self.found.happenings.append(
            Happening(
                block.line,
                uid,
                " ".join(block.text("SUMMARY").split())[:300] or "An event",
                start.replace(tzinfo=zone).astimezone(UTC),
                end and end.replace(tzinfo=zone).astimezone(UTC),
                "" if is_all_day and zone is self.zones.default else named,
                is_all_day,
                " ".join(place.split())[:300],
                linked[0][:1000] if linked else "",
                is_online,
                status == "CANCELLED" or self.all_cancelled,
                block.text("DESCRIPTION")[:50_000],
                " ".join(block.text("SUMMARY").split())[:200] if "#" in uid else "",
                self._guests(block),
            )
        )

    def _zone_of(self, said: Property) -> ZoneInfo:
        if said.value.strip().upper().endswith("Z"):
            return ZoneInfo("UTC")
        name = said.parameters.get("TZID", "")
        return self.zones.of(name) if name else self.zones.default

    def _local(self, said: Property, into: ZoneInfo | None = None) -> datetime | None:
        """As the clocks show it there; "...Z" as those of `into` do."""
        return self._moment(said.value.split(",")[0], into)

    def _moment(self, text: str, into: ZoneInfo | None = None) -> datetime | None:
        match = _MOMENT.fullmatch(text.strip().upper())
        if not match:
            return None
        year, month, day, hour, minute, second = (
            int(part or 0) for part in match.groups()[:6]
        )
        # A leap second is the one before.
        second = min(second, 59)
        try:
            moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
        except ValueError:
            return None
        if match[7] and into and into.key != "UTC":
            try:
                moment = moment.replace(tzinfo=UTC).astimezone(into)
            except OverflowError:
                return None
            return moment.replace(tzinfo=None)
        return moment

    def _end_of(
        self, block: Block, start_said: Property, start: datetime
    ) -> datetime | None:
        said = block.first("DTEND")
        zone = self._zone_of(start_said)
        if said and (end := self._local(said, zone)):
            theirs = self._zone_of(said)
            if theirs.key != zone.key and not said.value.strip().upper().endswith("Z"):
                # It ends in another zone, as a flight does.
                end = end.replace(tzinfo=theirs).astimezone(zone).replace(tzinfo=None)
            if zone.key == "UTC" and theirs.key != "UTC":
                end = self._local(said) or end
                end = end.replace(tzinfo=theirs).astimezone(UTC).replace(tzinfo=None)
            if _is_day(start_said) and end <= start:
                end = start + timedelta(days=1)
            return end
        said = block.first("DURATION")
        match = _DURATION.fullmatch(said.value.strip().upper()) if said else None
        if match and match[1] != "-":
            weeks, days, hours, minutes, seconds = (
                min(int(part or 0), 10**6) for part in match.groups()[1:]
            )
            try:
                return start + timedelta(
                    days=days + 7 * weeks, hours=hours, minutes=minutes, seconds=seconds
                )
            except OverflowError:
                return None
        return start + timedelta(days=1) if _is_day(start_said) else None

    def _series(self, uid: str, group: list[Block]) -> None:
        """What comes again, within a window, by the library that knows the rules."""
        plain = sorted((b for b in group if not b.first("RECURRENCE-ID")), key=_version)
        master = plain[-1]
        said = master.first("DTSTART")
        start = self._local(said) if said else None
        if said is None or start is None or not 1900 <= start.year <= 2200:
            self._fail(master, "it does not say when it is.")
            return
        rule = master.text("RRULE").upper()
        left = MOST_RECURRING - self.recurring
        if _is_too_often(rule):
            self._fail(
                master,
                "it comes again all day long. Only the first is taken.",
            )
            self._add(uid, master)
            return
        if _is_never(rule):
            self._fail(master, "the day on which it comes again does not exist.")
            self._add(uid, master)
            return
        if left <= 0 or time.monotonic() > self.deadline:
            self._fail(
                master,
                f"there are more than {MOST_RECURRING} events that come again, or they"
                " take too long to reckon. This series is left out.",
            )
            return
        zone = self._zone_of(said)
        exceptions = [b for b in group if b.first("RECURRENCE-ID")]
        text = self._floating([master, *exceptions], zone, _is_day(said))
        here = self.now.astimezone(zone).replace(tzinfo=None)
        try:
            calendar = Calendar.from_ical(text)
            query = recurring_ical_events.of(calendar, keep_recurrence_attributes=True)
            found = sorted(
                (
                    (_clock(one.start), one)
                    for one in query.between(here - BACK, here + AHEAD)
                ),
                key=lambda pair: pair[0],
            )[: min(left, MOST_PER_SERIES)]
        except Exception:
            # Rules come in every shape, and the library raises whatever it stumbles on.
            self._fail(master, "nobody understands when it comes again.")
            self._add(uid, master)
            return
        by_number = {str(n): b for n, b in enumerate([master, *exceptions])}
        self.recurring += len(found)
        for begins, one in found:
            block = by_number[str(one.get("X-NUMBER", "0"))]
            ends = _clock(one.end)
            original = one.get("RECURRENCE-ID")
            day = original.dt if original is not None else begins
            has_end = block.first("DTEND") or block.first("DURATION") or _is_day(said)
            key = f"{uid}#{day.isoformat()}"
            self._take(
                key, block, begins, ends if has_end else None, zone, _is_day(said)
            )

    def _floating(self, group: list[Block], zone: ZoneInfo, is_day: bool) -> str:
        """The series in the time of its own clocks, with nothing else in it."""
        out = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-"]
        for number, block in enumerate(group):
            out += ["BEGIN:VEVENT", "UID:series", f"X-NUMBER:{number}"]
            said = block.first("DTSTART")
            start = self._in(said, zone) if said else None
            for name in ("DTSTART", "DTEND", "RECURRENCE-ID"):
                if (one := block.first(name)) and (moment := self._in(one, zone)):
                    if name == "DTEND" and start and moment < start:
                        continue
                    more = "".join(
                        f";{key}={value}"
                        for key, value in one.parameters.items()
                        if key == "RANGE"
                    )
                    out.append(f"{name}{more}{_said(moment, is_day)}")
            if (one := block.first("DURATION")) and not block.first("DTEND"):
                out.append(f"DURATION:{one.value.strip()}")
            for one in (*block.all("EXDATE"), *block.all("RDATE")):
                for part in one.value.split(","):
                    piece = Property(one.name, one.parameters, part.split("/")[0])
                    if moment := self._in(piece, zone):
                        out.append(f"{one.name}{_said(moment, is_day)}")
            if one := block.first("RRULE"):
                out.append(f"RRULE:{self._rule(one.value, zone, is_day)}")
            out.append("END:VEVENT")
        return "\r\n".join([*out, "END:VCALENDAR", ""])

    def _in(self, said: Property, zone: ZoneInfo) -> datetime | None:
        """As the clocks of this zone show it."""
        moment = self._local(said, zone)
        theirs = self._zone_of(said)
        is_named = "TZID" in said.parameters
        if moment and is_named and theirs.key != zone.key:
            moment = moment.replace(tzinfo=theirs).astimezone(zone).replace(tzinfo=None)
        return moment

    def _rule(self, value: str, zone: ZoneInfo, is_day: bool) -> str:
        """Ending with the window, and its end in the time of the clocks."""
        parts = dict(
            part.upper().split("=", 1)
            for part in value.strip().split(";")
            if "=" in part
        )
        last = self.now.astimezone(zone).replace(tzinfo=None) + AHEAD
        last += timedelta(days=1)
        if "COUNT" not in parts:
            until = self._moment(parts.get("UNTIL", ""), zone)
            if (
                until
                and _MOMENT.fullmatch(parts["UNTIL"])
                and "T" not in parts["UNTIL"]
            ):
                until = until.replace(hour=23, minute=59, second=59)
            last = min(until, last) if until else last
            text = f"{last:%Y%m%d}" if is_day else f"{last:%Y%m%dT%H%M%S}"
            parts["UNTIL"] = text
        else:
            parts.pop("UNTIL", None)
        return ";".join(f"{key}={part}" for key, part in parts.items())

    def _guests(self, block: Block) -> list[Line]:
        """Who is invited or invites and does not decline; rooms are nobody."""
        guests = []
        for said in (*block.all("ORGANIZER"), *block.all("ATTENDEE")):
            kind = said.parameters.get("CUTYPE", "").upper()
            declined = said.parameters.get("PARTSTAT", "").upper() == "DECLINED"
            address = re.sub(r"^mailto:", "", said.value.strip(), flags=re.I)
            if kind in ("ROOM", "RESOURCE", "GROUP") or declined:
                continue
            if address.casefold() in self.mine:
                continue
            email = address if re.fullmatch(r"[^\s@]+@[^\s@]+\.\w+", address) else ""
            name = " ".join(said.parameters.get("CN", "").strip("\"'").split())
            name = turned(name) or email
            if name and any(char.isalpha() for char in name) and name[0] not in "=+@-":
                guests.append(Line(block.line, name[:300], "", email[:320]))
        return guests[:200]


def _is_day(said: Property) -> bool:
    return "T" not in said.value.upper()


def _said(moment: datetime, is_day: bool) -> str:
    if is_day:
        return f";VALUE=DATE:{moment:%Y%m%d}"
    return f":{moment:%Y%m%dT%H%M%S}"


def _clock(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, datetime.min.time())


def _is_too_often(rule: str) -> bool:
    """More than a few times a day."""
    if re.search(r"FREQ=(SECONDLY|MINUTELY|HOURLY)", rule):
        return True
    lists = re.findall(r"BY(?:HOUR|MINUTE|SECOND)=([\d,]+)", rule)
    return math.prod(one.count(",") + 1 for one in lists) > 4


def _is_never(rule: str) -> bool:
    """On the thirtieth of February, which the library would look for until 9999."""
    months = re.search(r"BYMONTH=([\d,]+)", rule)
    days = re.search(r"BYMONTHDAY=([-\d,]+)", rule)
    if not months or not days:
        return False
    longest = max(
        29 if int(month) == 2 else 30 if int(month) in (4, 6, 9, 11) else 31
        for month in months[1].split(",")
        if month and len(month) < 4
    )
    return all(abs(int(day)) > longest for day in re.findall(r"-?\d{1,6}", days[1]))


def _name_for(block: Block) -> str:
    """Of an event that has no UID: what it is and when, which stays as it is."""
    said = block.first("DTSTART")
    words = f"{block.text('SUMMARY')} {said.value if said else ''}"
    return f"unnamed-{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def _version(block: Block) -> tuple[int, str, int]:
    """The later of two: by its sequence, then by when it was changed."""
    sequence = block.text("SEQUENCE")
    changed = block.text("LAST-MODIFIED") or block.text("DTSTAMP")
    number = int(sequence) if sequence.isdecimal() and len(sequence) < 9 else 0
    return number, changed, block.line
