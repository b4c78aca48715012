"""LinkedIn's "Get a copy of your data": connections, messages and invitations, one of
them or all in the zip."""

import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from contacts.importing import linkedin
from contacts.importing.archives import Unfit, is_zip, parts
from contacts.importing.gathering import Gathering, day_of, one_line, read_moment
from contacts.importing.records import NOBODY, Myself, Record, Unread
from contacts.importing.tables import columns_named, delimiter_of, has_header, table
from contacts.models.methods import Service, service_of
from networkcrm.text import fold

FILES = re.compile(
    r"(?:^|/)(?:connections|messages|invitations|profile)\.csv$", re.IGNORECASE
)
MARKS = re.compile(r"(?:^|/)(?:connections|messages|invitations)\.csv$", re.IGNORECASE)
messages_columns = columns_named(
    {
        "conversation id": "talk", "conversation title": "title", "from": "from",
        "sender profile url": "from_url", "to": "to",
        "recipient profile urls": "to_urls", "date": "date",
        "subject": "subject", "content": "text", "is message draft": "draft",
    },
    "from", "to", "date", "text",
)  # fmt: skip
invitations_columns = columns_named(
    {
        "from": "from", "to": "to", "sent at": "date", "message": "text",
        "direction": "direction", "inviterprofileurl": "from_url",
        "inviteeprofileurl": "to_url",
    },
    "from", "to", "date",
)  # fmt: skip
profile_columns = columns_named(
    {"first name": "given", "last name": "family", "headline": "headline"},
    "given", "family", "headline",
)  # fmt: skip
# A message may have as many lines as it likes.
LINES_WITHIN = 2000
_TIMES = (
    "%Y-%m-%d %H:%M:%S UTC", "%m/%d/%y, %I:%M %p", "%m/%d/%Y, %I:%M %p",
)  # fmt: skip
_LINE_END = re.compile(r"<br\s*/?>|</(?:p|div|li)>", re.IGNORECASE)
# No heart: <3.
_TAG = re.compile(r"</?[a-z][^<>]{0,2000}>", re.IGNORECASE)
GONE = "linkedin member"
Pair = tuple[str, str]


def is_linkedin(start: str) -> bool:
    kinds = (linkedin.columns_of, messages_columns, invitations_columns)
    return any(delimiter_of(start, columns_of) for columns_of in kinds)


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """Connections, and with whom I wrote. Never raises for what is in the file."""
    if not is_zip(file) and has_header(file, linkedin.columns_of):
        yield from linkedin.read(file)
        return
    crowd = Gathering("LinkedIn", Service.LINKEDIN, myself.tz)
    archive = Archive(crowd, set(myself.names))
    for part in parts(file, FILES):
        try:
            archive.take(part.name, io.BytesIO(part.read()))
        except Unfit as error:
            crowd.refuse(part.name, str(error), True)
    archive.say_all()
    yield from crowd.records()


@dataclass(slots=True)
class Archive:
    crowd: Gathering
    names: set[str]
    messages: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    invitations: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    by_name: dict[str, list[str]] = field(default_factory=dict)

    def take(self, name: str, file: IO[bytes]) -> None:
        if has_header(file, linkedin.columns_of):
            self._connections(file)
        elif has_header(file, messages_columns):
            self._keep(table(file, messages_columns, LINES_WITHIN), self.messages)
        elif has_header(file, invitations_columns):
            self._keep(table(file, invitations_columns, LINES_WITHIN), self.invitations)
        elif has_header(file, profile_columns):
            for row in table(file, profile_columns):
                if not isinstance(row, Unread):
                    names = [row[1].get(key, "") for key in ("given", "family")]
                    self.names.add(fold(" ".join(names)))
        else:
            self.crowd.refuse(name, "Its columns are none that we know.", True)

    def _keep(
        self,
        rows: Iterator[tuple[int, dict[str, str]] | Unread],
        kept: list[tuple[int, dict[str, str]]],
    ) -> None:
        for row in rows:
            if isinstance(row, Unread):
                self.crowd.unread.append(row)
            else:
                kept.append(row)

    def _connections(self, file: IO[bytes]) -> None:
        for item in linkedin.read(file):
            if isinstance(item, Unread):
                self.crowd.unread.append(item)
                continue
            url = next((m.value for m in item.methods if m.kind == "handle"), "")
            key = _key((item.full_name, url))
            self.crowd.people.setdefault(key, item)
            self.by_name.setdefault(fold(item.full_name), []).append(key)

    def say_all(self) -> None:
        rows = [cells for _line, cells in self.messages]
        me = _me([(_senders(cells) + _recipients(cells)) for cells in rows], rows, self)
        for line, cells in self.messages:
            self._message(line, cells, me)
        for line, cells in self.invitations:
            self._invitation(line, cells)

    def person(self, pair: Pair) -> str:
        """The key of whoever has this name and profile, made when they are new; ""
        for a member whose name is hidden."""
        name, url = pair
        if not fold(name) or fold(name) == GONE:
            return ""
        key = _key(pair)
        if not url and len(found := self.by_name.get(fold(name), [])) == 1:
            key = found[0]
        if key not in self.crowd.people:
            record = self.crowd.person(key, name, url)
            record.stand_ins = ()
            self.by_name.setdefault(fold(name), []).append(key)
        return key

    def _message(self, line: int, cells: dict[str, str], me: str) -> None:
        pairs = _senders(cells) + _recipients(cells)
        at = read_moment(cells.get("date", ""), *_TIMES)
        name = one_line(cells.get("from", ""))
        if fold(cells.get("draft", "")) == "yes":
            said = "A draft that was never sent."
            self.crowd.unread.append(Unread(line, said, name[:300], failed=False))
            return
        if at is None:
            said = f"“{cells.get('date', '')[:40]}” is no date we understand."
            self.crowd.unread.append(Unread(line, said, name[:300]))
            return
        if not me:
            said = (
                "This file alone does not say who of them is you. Give your own contact"
                " the name you have on LinkedIn, and bring the file again."
            )
            self.crowd.unread.append(Unread(line, said, name[:300], failed=False))
            return
        keys = [self.person(pair) if _key(pair) != me else "" for pair in pairs]
        others = sorted({key for key in keys if key})
        is_mine = _key(pairs[0]) == me
        if not others or not (is_mine or keys[0]):
            said = "A message of a member whose name is hidden."
            self.crowd.unread.append(Unread(line, said, name[:300], failed=False))
            return
        talk = cells.get("talk") or " ".join(others)
        subject, text = (
            one_line(cells.get("subject", "")),
            _plain(cells.get("text", "")),
        )
        by = "" if is_mine else keys[0]
        title = one_line(cells.get("title", "")) or subject
        self.crowd.say("message", talk, at, by, text, others, title=title)

    def _invitation(self, line: int, cells: dict[str, str]) -> None:
        from_me = fold(cells.get("direction", "")) == "outgoing" or (
            fold(cells.get("from", "")) in self.names
        )
        to = (one_line(cells.get("to", "")), cells.get("to_url", "").strip())
        by = (one_line(cells.get("from", "")), cells.get("from_url", "").strip())
        key = self.person(to if from_me else by)
        if not key:
            said = "An invitation of a member whose name is hidden."
            self.crowd.unread.append(Unread(line, said, failed=False))
            return
        at = read_moment(cells.get("date", ""), *_TIMES)
        record = self.crowd.people[key]
        if record.connected_on is None:
            record.connected_on = day_of(at, self.crowd.tz)
            record.noticed = True
            said = "You invited them" if from_me else "They invited you"
            record.story = f"{said} on LinkedIn."
        if at and (text := _plain(cells.get("text", ""))):
            sender = "" if from_me else key
            self.crowd.say("message", f"invitation {key}", at, sender, text, [key])


def _key(pair: Pair) -> str:
    name, url = pair
    found = service_of(url) if url else None
    return f"@{found[1].casefold()}" if found else fold(name)


def _senders(cells: dict[str, str]) -> list[Pair]:
    return [(one_line(cells.get("from", "")), cells.get("from_url", "").strip())]


def _recipients(cells: dict[str, str]) -> list[Pair]:
    """Names and profiles stand side by side; a name may hold a comma of its own."""
    names, urls = (
        [part.strip() for part in cells.get(key, "").split(",") if part.strip()]
        for key in ("to", "to_urls")
    )
    if len(urls) == 1:
        return [(one_line(cells.get("to", "")), urls[0])]
    if len(names) > len(urls) > 0:
        # Between two people stands no space: "Cy Dee, PhD,Ana Ruiz".
        apart = [one_line(name) for name in re.split(r",(?! )", cells.get("to", ""))]
        names = apart if len(apart) == len(urls) else names
    if len(urls) == len(names):
        return list(zip(names, urls, strict=True))
    return [(name, "") for name in names]


def _me(rows: list[list[Pair]], cells: list[dict[str, str]], archive: Archive) -> str:
    """The key of the owner: who has their name, or who is in every conversation."""
    talks: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for pairs, row in zip(rows, cells, strict=True):
        there = {_key(pair) for pair in pairs}
        for pair in pairs:
            if fold(pair[0]) in archive.names:
                return _key(pair)
        talk = row.get("talk") or " ".join(sorted(there))
        talks.setdefault(talk, set()).update(there)
    for there in talks.values():
        counts.update(there)
    best = counts.most_common(2)
    if len(talks) > 1 and best and best[0][1] > (best[1][1] if len(best) > 1 else 0):
        return best[0][0]
    return ""


def _plain(text: str) -> str:
    """Without the tags of a web page, which some messages hold."""
    return html.unescape(_TAG.sub("", _LINE_END.sub("\n", text))).strip()
