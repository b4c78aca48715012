"""Properties that say who someone is."""

import binascii
import re

from contacts.importing.cards import Header
from contacts.importing.reading import Handler, Reading
from contacts.importing.records import Dated
from contacts.importing.values import date_of, one_line, split, unescaped

MAX_PHOTO = 10 << 20


def _fn(reading: Reading, header: Header, value: str) -> bool:
    if name := one_line(unescaped(value)):
        reading.formatted.append((header.preferred, name))
    return True


def _n(reading: Reading, header: Header, value: str) -> bool:
    if any(reading.n):
        return False
    parts = split(value, ";")
    if reading.version != "2.1" and len(parts) > 1 and "," in value:
        # Several values of one part: "Philip,Paul"; "Jr.,M.D.".
        parts = [
            re.sub(r",(?=\S)", ", " if index in (3, 4) else " ", part)
            if "," in part and "\\," not in value
            else part
            for index, part in enumerate(parts)
        ]
    reading.n = [one_line(part) for part in parts]
    return len(parts) <= 5


def _nickname(reading: Reading, header: Header, value: str) -> bool:
    names = [one_line(name) for name in split(value, ",")]
    if reading.record.nickname:
        return False
    reading.record.nickname = ", ".join(name for name in names if name)
    return True


def _text(name: str) -> Handler:
    """A handler for what stands once: the first fills the field, more are kept."""

    def handler(reading: Reading, header: Header, value: str) -> bool:
        if getattr(reading.record, name):
            return False
        setattr(reading.record, name, one_line(unescaped(value)))
        return True

    return handler


def _org(reading: Reading, header: Header, value: str) -> bool:
    if reading.record.organization:
        return False
    parts = [one_line(part) for part in split(value, ";")]
    reading.record.organization = parts[0] or next(filter(None, parts), "")
    # Departments have no field: the line is kept beside.
    return sum(map(bool, parts)) < 2


def _note(reading: Reading, header: Header, value: str) -> bool:
    text = unescaped(value).strip()
    about = reading.record.about
    reading.record.about = f"{about}\n\n{text}" if about else text
    return True


def _bday(reading: Reading, header: Header, value: str) -> bool:
    found = date_of(unescaped(value), header)
    if found and not reading.record.birthday:
        reading.record.birthday = found
        return True
    if not found:
        reading.record.notes.append(
            f"The birthday “{value[:40]}” is no full date; it is kept aside."
        )
    return False


def _dated(kind: str) -> Handler:
    def handler(reading: Reading, header: Header, value: str) -> bool:
        found = date_of(unescaped(value), header)
        if found is None:
            return False
        label = reading.groups.get(header.group, "") or header.param("X-ABLABEL")
        what = "anniversary" if label == "anniversary" else kind
        said = "" if what == "anniversary" else label[:100]
        if header.name == "DEATHDATE":
            said = "died"
        reading.record.dates.append(Dated(what, found, said))
        return True

    return handler


def _categories(reading: Reading, header: Header, value: str) -> bool:
    """Tags. Google's "myContacts" is on everybody and says nothing of anybody."""
    separator = ";" if reading.version == "2.1" and "," not in value else ","
    tags = [one_line(tag) for tag in split(value, separator)]
    keep = [tag[:200] for tag in tags if tag and tag.lower() != "mycontacts"]
    reading.record.tags += [tag for tag in keep if tag not in reading.record.tags]
    return len(keep) == len([tag for tag in tags if tag])


def number_of(value: str) -> str:
    """The number of a card, however it is written."""
    uid = value.strip()
    if uid[:9].lower() == "urn:uuid:":
        uid = uid[9:]
    return uid.lower() if re.fullmatch(r"[0-9A-Fa-f-]{32,36}", uid) else uid


def _uid(reading: Reading, header: Header, value: str) -> bool:
    uid = number_of(value)
    if reading.record.uid or len(uid) > 500:
        return False
    reading.record.uid = uid
    return True


def _kind(reading: Reading, header: Header, value: str) -> bool:
    reading.kind = value.strip().lower()
    return reading.kind == "individual"


def _photo(reading: Reading, header: Header, value: str) -> bool:
    """2.1 and 3.0 have it in base64, 4.0 as a data: address (RFC 2397)."""
    record = reading.record
    start = value[:200].lower()
    if start.startswith("data:"):
        kind, comma, value = value.partition(",")
        if not comma or "base64" not in kind.lower():
            record.notes.append("The photo is written in a way we cannot read.")
            return True
    elif re.match(r"[a-z][a-z0-9+.-]*:", start):
        record.notes.append(
            f"The photo is only a link ({value[:100]}); nothing was fetched,"
            " the link is kept."
        )
        return False
    if record.photo:
        record.notes.append("The card has more than one photo; the first is taken.")
        return True
    text = "".join(value.split()).replace("\\", "")
    try:
        data = binascii.a2b_base64(text + "=" * (-len(text.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        data = b""
    if not data or len(data) > MAX_PHOTO:
        why = "is larger than 10 MB" if data else "cannot be read"
        record.notes.append(f"The photo {why} and was left out.")
        return True
    record.photo = data
    return True


def _android(reading: Reading, header: Header, value: str) -> bool:
    """vnd.android.cursor.item/contact_event;2019-05-03;1;… and nickname;Nick;…"""
    parts = split(value, ";")
    kind = parts[0].rpartition("/")[2]
    if kind == "nickname" and len(parts) > 1 and not reading.record.nickname:
        reading.record.nickname = one_line(parts[1])
        return True
    if kind == "contact_event" and len(parts) > 2:
        if parts[2] == "3":
            return _bday(reading, header, parts[1])
        found = date_of(parts[1])
        if found and parts[2] == "1":
            reading.record.dates.append(Dated("anniversary", found))
        elif found:
            label = parts[3][:100] if len(parts) > 3 else ""
            reading.record.dates.append(Dated("other", found, label))
        return bool(found)
    return False


HANDLERS: dict[str, Handler] = {
    "FN": _fn,
    "N": _n,
    "NICKNAME": _nickname,
    "X-NICKNAME": _nickname,
    "ORG": _org,
    "TITLE": _text("job_title"),
    "PRONOUNS": _text("pronouns"),
    "X-PRONOUNS": _text("pronouns"),
    "X-HEADLINE": _text("headline"),
    "NOTE": _note,
    "BDAY": _bday,
    "ANNIVERSARY": _dated("anniversary"),
    "X-ANNIVERSARY": _dated("anniversary"),
    "X-EVOLUTION-ANNIVERSARY": _dated("anniversary"),
    "X-KADDRESSBOOK-X-ANNIVERSARY": _dated("anniversary"),
    "X-MS-ANNIVERSARY": _dated("anniversary"),
    "X-ABDATE": _dated("other"),
    "DEATHDATE": _dated("other"),
    "CATEGORIES": _categories,
    "UID": _uid,
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "PHOTO": _photo,
    "X-ANDROID-CUSTOM": _android,
}
