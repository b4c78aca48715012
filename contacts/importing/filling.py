"""How the cells of a line become a person."""

import re
from collections.abc import Iterable

from contacts.importing import related
from contacts.importing.about import number_of
from contacts.importing.cells import Line, plain
from contacts.importing.fields import FIELDS, KEEP, LEAVE_OUT, NAMES, Cell
from contacts.importing.records import Dated, Record, Unread, escaped, fit
from contacts.importing.values import one_line
from contacts.importing.ways import place, reach
from networkcrm.text import fold

MAX_STORY = 50_000
# "+49(0)30" and "@ana" are none.
_FORMULA = re.compile(r"=\s*[\w(+@'\"$-]|[+@-]+\s*[A-Za-z][\w.]*(?:\(|\s*\|.*!)")
_SUFFIXES = {
    "jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "mba", "dds", "cpa", "msc",
    "bsc", "ma", "ba", "dphil", "rn", "pe", "pmp", "llm", "jd", "med",
    "inc", "llc", "ltd", "limited", "corp", "plc", "gmbh", "ag", "kg", "ohg",
    "se", "sa", "sas", "sarl", "srl", "spa", "sl", "bv", "nv", "oy", "ab",
}  # fmt: skip
_FAMILY_FIRST = re.compile(
    r"(?P<family>(?:(?:de|da|di|du|la|le|van|von|der|den|ter|al|el|bin|ben)\s+)*[^\W\d_]"
    r"[\w'’-]*),\s*(?P<given>[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,2})",
    re.IGNORECASE,
)  # fmt: skip
# Han, kana and hangul: the family name stands first.
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff々]+")


def record_of(
    line: int,
    cells: Iterable[Cell],
    day_first: bool | None = None,
    platform: str = "",
) -> Record | Unread:
    """The person that the cells of a line describe, or why there is none.

    Several cells may be of one field. `day_first` reads 03/04/2019 as the third of
    April, and as no date at all with None; `platform` is where `connected_on` was.
    Nothing is lost: a value that its field cannot take is kept with the contact.
    """
    reading = Line(Record(line, platform=platform), day_first)
    for name, label, value in cells:
        value = plain(value)
        if not value or name == LEAVE_OUT:
            continue
        if name == KEEP or name not in FIELDS:
            reading.keep(label, value)
        elif _FORMULA.match(value) and name != "about":
            reading.keep_aside(label, value, "is a formula and not what it shows")
        else:
            reading.cells[name].append((label.strip(), value))
    for take in (_name, _work, reach, place, _about, _dates, _met, _others):
        take(reading)
    return _finished(reading.record)


def _name(reading: Line) -> None:
    record = reading.record
    for name in NAMES:
        values = dict.fromkeys(one_line(v) for _label, v in reading.of(name))
        setattr(record, name, " ".join(values))
    record.nickname = one_line(reading.first("nickname"))
    record.pronouns = one_line(reading.first("pronouns"))
    record.full_name = one_line(reading.first("full_name"))
    if not record.full_name:
        record.full_name = joined_name(record)
    elif not any(getattr(record, name) for name in NAMES):
        match = _FAMILY_FIRST.fullmatch(record.full_name)
        if match and fold(match["given"]).replace(".", "") not in _SUFFIXES:
            record.given_name, record.family_name = match["given"], match["family"]
            record.full_name = f"{match['given']} {match['family']}"


def joined_name(record: Record) -> str:
    parts = [getattr(record, name) for name in NAMES]
    given, family = record.given_name, record.family_name
    if _CJK.fullmatch(given) and _CJK.fullmatch(family):
        parts[1:4] = [family, record.middle_name, given]
    return " ".join(part for part in parts if part)


def _work(reading: Line) -> None:
    record = reading.record
    for name in ("organization", "job_title", "headline"):
        setattr(record, name, one_line(reading.first(name)))
    # Departments have no field: as in a vCard, they stay beside the organization.
    departments = [one_line(value) for _label, value in reading.of("department")]
    if departments:
        whole = ";".join(map(escaped, [record.organization, *departments]))
        record.extra.append(f"ORG:{whole}")


def _about(reading: Line) -> None:
    record, notes = reading.record, reading.of("about")
    is_one = len(notes) == 1
    texts = [v if is_one or not label else f"{label}: {v}" for label, v in notes]
    record.about = "\n\n".join(dict.fromkeys(texts))
    for _label, value in reading.of("tags"):
        record.tags += [tag for tag in tags_of(value) if tag not in record.tags]
    uid = number_of(reading.first("uid"))
    if len(uid) > 500:
        reading.keep("uid", uid)
    else:
        record.uid = uid


def tags_of(text: str) -> list[str]:
    """By the strongest separator in it: ` ::: `, then `;`, `|` or a line, then `,`.

    Google's "* myContacts" is on everybody and says nothing of anybody.
    """
    marks = next((mark for mark in (":::", "[;|\n]") if re.search(mark, text)), ",")
    found = [one_line(tag).lstrip("* ")[:200] for tag in re.split(marks, text)]
    return [tag for tag in dict.fromkeys(found) if tag and tag.lower() != "mycontacts"]


def _dates(reading: Line) -> None:
    record = reading.record
    for label, value in reading.of("birthday"):
        found = reading.date(label or "birthday", value)
        if found and record.birthday and found != record.birthday:
            record.extra.append(f"BDAY:{found}")
        record.birthday = record.birthday or found
    for name in ("anniversary", "date"):
        for label, value in reading.of(name):
            if found := reading.date(label or name, value):
                is_named = name == "date" and fold(label) != "anniversary"
                kind = "other" if is_named else "anniversary"
                said = label.lstrip("* ")[:100] if is_named else ""
                record.dates.append(Dated(kind, found, said))


def _met(reading: Line) -> None:
    record = reading.record
    for name in ("met_on", "connected_on"):
        for label, value in reading.of(name):
            found = reading.date(label or name, value)
            if found and record.connected_on is None:
                record.connected_on = found
                record.in_person = name == "met_on"
            elif found:
                reading.keep(label or name, value)
    record.place = one_line(reading.first("met_at"))[:300]
    record.introducer = one_line(reading.first("met_through"))[:300]
    texts = [value for _label, value in reading.of("story")]
    record.story = "\n\n".join(dict.fromkeys(texts))
    if len(record.story) > MAX_STORY:
        reading.keep("story", record.story)
        record.story = record.story[:MAX_STORY]
    record.in_person = record.in_person or bool(record.place)


def _others(reading: Line) -> None:
    """Those close to them stay with the contact as a vCard has it: see related.py."""
    record, lines = reading.record, []
    for name in ("spouse", "manager", "assistant"):
        lines += [f"X-{name.upper()}:{escaped(v)}" for _label, v in reading.of(name)]
    for label, value in reading.of("relation"):
        word = re.sub(r'["\s]+', " ", label.lstrip("* ")) or "contact"
        for who in re.split(r"\s*(?::::|[;,\n])\s*", value):
            if who:
                lines.append(f'X-ABRELATEDNAMES;X-ABLABEL="{word}":{escaped(who)}')
    record.extra += lines
    record.relations = related.relations(lines)


def _finished(record: Record) -> Record | Unread:
    if not record.full_name:
        values = {m.kind: m.value for m in reversed(record.methods)}
        known = [values.get(kind, "") for kind in ("email", "phone", "handle")]
        names = [record.nickname, record.organization, *known]
        record.full_name = next(filter(None, map(one_line, names)), "")[:300]
        if record.full_name and record.full_name in known:
            record.stand_ins = (record.full_name,)
    if not record.full_name or not fold(record.full_name):
        return Unread(
            record.line,
            "This line has no name, organization, e-mail address or phone number.",
        )
    record.extra = list(dict.fromkeys(record.extra))
    fit(record)
    return record
