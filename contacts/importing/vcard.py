"""vCard files: 2.1, 3.0 (RFC 2426), 4.0 (RFC 6350) and their many dialects."""

import binascii
import re
from collections.abc import Callable, Iterator
from typing import IO

from contacts.importing.cards import Card, Header, cards, joined
from contacts.importing.lines import clean, lines
from contacts.importing.records import Dated, Method, Record, Unread, escaped, fit
from contacts.models.methods import Service, service_of
from networkcrm.partial_dates import PartialDate, parse

MAX_PHOTO = 10 << 20
_ESCAPE = re.compile(r"\\([\\,;:nN])")
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_DATE = re.compile(r"(\d{4}|--)-?(\d\d)?-?(\d\d)?(?:[T ].*)?$")
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
# Which words of TYPE make a label, in the order they are said.
_PLACES = {"home": "home", "work": "work", "school": "school", "main": "main"}
_DEVICES = {
    "cell": "mobile", "mobile": "mobile", "iphone": "mobile", "fax": "fax",
    "pager": "pager", "car": "car", "video": "video", "textphone": "textphone",
    "other": "other",
}  # fmt: skip
_SERVICES = {
    "twitter": Service.X, "x": Service.X, "mastodon": Service.MASTODON,
    "bluesky": Service.BLUESKY, "bsky": Service.BLUESKY, "linkedin": Service.LINKEDIN,
    "instagram": Service.INSTAGRAM, "facebook": Service.FACEBOOK,
    "github": Service.GITHUB, "signal": Service.SIGNAL, "sgnl": Service.SIGNAL,
    "whatsapp": Service.WHATSAPP, "telegram": Service.TELEGRAM, "tg": Service.TELEGRAM,
    "skype": Service.SKYPE, "skype-username": Service.SKYPE,
}  # fmt: skip
# Services of the past and of the few: a handle all the same, its service as label.
_OTHERS = {
    "aim": "AIM", "icq": "ICQ", "msn": "MSN", "yahoo": "Yahoo", "ymsgr": "Yahoo",
    "jabber": "XMPP", "xmpp": "XMPP", "gtalk": "Google Talk", "google-talk": "Google Talk",
    "googletalk": "Google Talk", "qq": "QQ", "gadugadu": "Gadu-Gadu", "matrix": "Matrix",
    "gadu-gadu": "Gadu-Gadu", "groupwise": "GroupWise", "threema": "Threema",
    "youtube": "YouTube", "tiktok": "TikTok", "wechat": "WeChat", "line": "LINE",
    "flickr": "Flickr", "myspace": "Myspace", "sinaweibo": "Weibo", "weibo": "Weibo",
    "discord": "Discord", "slack": "Slack", "zoom": "Zoom", "reddit": "Reddit",
    "pinterest": "Pinterest", "xing": "XING", "viber": "Viber", "sip": "SIP",
}  # fmt: skip
# Say something of the file or the program, not of the person.
VOLATILE = ("REV", "PRODID")


def read(file: IO[bytes]) -> Iterator[Record | Unread]:
    """The people of a vCard file, in its order, with flat memory.

    Never raises for what is in the file: a card that cannot be read is yielded as
    Unread with the line it begins on. Nothing a card points at is ever fetched.
    """
    for card in cards(lines(file)):
        if isinstance(card, Unread):
            yield card
            continue
        try:
            yield _record(card)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            yield Unread(card.line, f"This card cannot be read ({error}).")


class _Reading:
    """One card on its way to a record."""

    __slots__ = ("formatted", "groups", "kind", "labels", "n", "record", "version")

    def __init__(self, line: int) -> None:
        self.record = Record(line)
        self.version = ""
        self.kind = ""
        self.n: list[str] = []
        self.formatted: list[tuple[bool, str]] = []
        # The words of `item1.X-ABLabel`, by group.
        self.groups: dict[str, str] = {}
        self.labels: list[str] = []


def _record(card: Card) -> Record | Unread:
    reading = _Reading(card.line)
    record = reading.record
    record.notes += card.notes
    for prop in card.properties:
        name = prop.header.name
        if name == "VERSION":
            reading.version = prop.value.strip()
        elif prop.header.group and name in ("X-ABLABEL", "X-ABLABLE"):
            label = clean(unescaped(joined(prop, "") or ""))
            if match := _APPLE_LABEL.fullmatch(label):
                label = match[1].lower()
            reading.groups[prop.header.group] = label
    for prop in card.properties:
        header = prop.header
        if header.name == "VERSION" or (header.group and header.name == "X-ABLABEL"):
            continue
        if prop.more is None and prop.value.isascii() and prop.value.isprintable() and not (
            header.quoted or header.charset or len(prop.value) > 10_000
        ):  # fmt: skip
            value: str | None = prop.value.strip()
        else:
            value = joined(prop, reading.version)
        if value is None:
            record.notes.append(
                f"{header.name} on line {prop.line} is longer than 1 MB and was left out."
            )
            continue
        if not value:
            continue
        if value[:5].lower() == "file:" or "<!DOCTYPE" in value or "<!ENTITY" in value:
            if refusal := _refusal(header.name, value):
                record.notes.append(f"{refusal} (line {prop.line}).")
                continue
        handler = _HANDLERS.get(header.name)
        if handler is None or not handler(reading, header, value):
            _keep(reading, header, value)
    return _finished(reading)


def _refusal(name: str, value: str) -> str:
    if value[:5].lower() == "file:":
        return f"{name} points at a file on some computer and was left out"
    if name in ("NOTE", "FN", "N", "ORG", "TITLE"):
        return ""
    return f"{name} holds an XML document type and was left out"


def _keep(reading: _Reading, header: Header, value: str) -> None:
    """Into `extra`, as one unfolded line that says all its header said."""
    line = [header.name]
    for key, values in header.params.items():
        texts = [f'"{v}"' if re.search("[:;,]", v) else v for v in values]
        line.append(f"{key}={','.join(t.replace(chr(10), ' ') for t in texts)}")
    if header.binary:
        line.append("ENCODING=b")
    if label := reading.groups.get(header.group, ""):
        line.append(f'X-ABLABEL="{label.replace(chr(34), "")}"')
    text = value.replace("\n", "\\n")
    reading.record.extra.append(f"{';'.join(line)}:{text}")


def _finished(reading: _Reading) -> Record | Unread:
    record = reading.record
    if reading.kind in ("group", "list"):
        name = reading.formatted[0][1] if reading.formatted else ""
        return Unread(
            record.line, "A group of contacts, not a person.", name, failed=False
        )
    if reading.formatted:
        best = max(reading.formatted, key=lambda pair: pair[0])
        record.full_name = best[1]
        for _preferred, other in reading.formatted:
            if other != best[1]:
                record.extra.append(f"FN:{escaped(other)}")
    _spread_name(reading)
    if not record.full_name:
        record.full_name = _some_name(record)
    if not record.full_name:
        return Unread(
            record.line,
            "This card has no name, organization, e-mail address or phone number.",
        )
    for label in reading.labels:
        if not any(m.kind == "address" for m in record.methods):
            record.methods.append(Method("address", label))
        else:
            record.extra.append(f"LABEL:{escaped(label)}")
    if len(record.methods) > 1:
        seen = {(m.kind, m.service, m.value): m for m in reversed(record.methods)}
        if len(seen) < len(record.methods):
            record.methods = list(reversed(seen.values()))
    fit(record)
    return record


def _spread_name(reading: _Reading) -> None:
    """N: family; given; additional; prefixes; suffixes (RFC 6350, 6.2.2)."""
    record, parts = reading.record, reading.n
    if not any(parts):
        return
    if len(parts) == 1:
        # A dialect that has the whole name here.
        if not record.full_name:
            family, comma, given = parts[0].partition(",")
            if comma:
                record.family_name, record.given_name = family.strip(), given.strip()
            record.full_name = one_line(f"{given} {family}" if comma else parts[0])
        elif parts[0] != record.full_name:
            record.family_name = parts[0]
        return
    parts += [""] * (5 - len(parts))
    (
        record.family_name,
        record.given_name,
        record.middle_name,
        record.prefix,
        record.suffix,
    ) = parts[:5]
    if not record.full_name:
        order = (
            record.prefix,
            record.given_name,
            record.middle_name,
            record.family_name,
        )
        record.full_name = " ".join(part for part in (*order, record.suffix) if part)


def _some_name(record: Record) -> str:
    values = {m.kind: m.value for m in reversed(record.methods)}
    return one_line(
        record.nickname
        or record.organization
        or values.get("email", "")
        or values.get("phone", "")
        or values.get("handle", "")
    )[:300]


def one_line(text: str) -> str:
    return " ".join(text.split())


def unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: "\n" if m[1] in "nN" else m[1], text)


def split(text: str, separator: str) -> list[str]:
    """At every separator that is not escaped; the parts come unescaped and stripped."""
    if "\\" not in text:
        return [part.strip() for part in text.split(separator)]
    # NUL cannot stand in a value any more, so it can stand in for an escaped backslash.
    parts = re.split(rf"(?<!\\){separator}", text.replace("\\\\", "\0"))
    return [unescaped(part.replace("\0", "\\\\")).strip() for part in parts]


def _label(reading: _Reading, header: Header) -> str:
    if header.group and (label := reading.groups.get(header.group, "")):
        return label
    types = header.types
    if not types:
        return header.param("X-ABLABEL", "LABEL") if header.params else ""
    if header.name == "EMAIL" and types == {"internet"}:
        return ""
    words = [_PLACES[t] for t in _PLACES if t in types]
    words += dict.fromkeys(_DEVICES[t] for t in _DEVICES if t in types)
    return " ".join(words)


def _method(
    reading: _Reading, header: Header, kind: str, value: str, service: str = "", label: str = ""
) -> bool:  # fmt: skip
    if value:
        reading.record.methods.append(
            Method(
                kind, value, service, label or _label(reading, header), header.preferred
            )
        )
    return True


def _fn(reading: _Reading, header: Header, value: str) -> bool:
    if name := one_line(unescaped(value)):
        reading.formatted.append((header.preferred, name))
    return True


def _n(reading: _Reading, header: Header, value: str) -> bool:
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


def _nickname(reading: _Reading, header: Header, value: str) -> bool:
    names = [one_line(name) for name in split(value, ",")]
    if reading.record.nickname:
        return False
    reading.record.nickname = ", ".join(name for name in names if name)
    return True


def _text(name: str) -> Callable[[_Reading, Header, str], bool]:
    """A handler for what stands once: the first fills the field, more are kept."""

    def handler(reading: _Reading, header: Header, value: str) -> bool:
        if getattr(reading.record, name):
            return False
        setattr(reading.record, name, one_line(unescaped(value)))
        return True

    return handler


def _org(reading: _Reading, header: Header, value: str) -> bool:
    if reading.record.organization:
        return False
    parts = [one_line(part) for part in split(value, ";")]
    reading.record.organization = parts[0] or next(filter(None, parts), "")
    # Departments have no field: the line is kept beside.
    return sum(map(bool, parts)) < 2


def _note(reading: _Reading, header: Header, value: str) -> bool:
    text = unescaped(value).strip()
    about = reading.record.about
    reading.record.about = f"{about}\n\n{text}" if about else text
    return True


def _email(reading: _Reading, header: Header, value: str) -> bool:
    address = unescaped(value).strip()
    if address[:7].lower() == "mailto:":
        address = address[7:]
    if not _EMAIL.fullmatch(address):
        match = _EMAIL.search(address)
        if not match:
            reading.record.notes.append(
                f"“{address[:80]}” is no e-mail address; it is kept aside."
            )
            return False
        _method(reading, header, "email", match[0])
        return False
    return _method(reading, header, "email", address)


def _tel(reading: _Reading, header: Header, value: str) -> bool:
    number = one_line(unescaped(value))
    if number[:4].lower() == "tel:":
        number = number[4:].replace(";ext=", " ext. ")
    if not any(c.isalnum() for c in number):
        return False
    return _method(reading, header, "phone", number)


def _adr(reading: _Reading, header: Header, value: str) -> bool:
    """Post box; extension; street; city; region; code; country (RFC 6350, 6.3.1)."""
    parts = split(value, ";")
    parts += [""] * (7 - len(parts))
    box, extension, street, city, region, code, country = parts[:7]
    record = reading.record
    if not (record.city or record.region or record.country) or header.preferred:
        record.city, record.region, record.country = map(
            one_line, (city, region, country)
        )
    rows = [box, extension, street, f"{code} {city}".strip(), region, country]
    text = "\n".join(row for row in rows if row)
    return _method(reading, header, "address", text)


def _address_label(reading: _Reading, header: Header, value: str) -> bool:
    reading.labels.append(unescaped(value))
    return True


def _url(reading: _Reading, header: Header, value: str) -> bool:
    address = "".join(unescaped(value).split())
    scheme = address.partition(":")[0].lower() if ":" in address else ""
    if scheme in ("http", "https") or (not scheme and "." in address) or (
        "." in scheme
    ):  # fmt: skip
        if found := service_of(address):
            return _method(reading, header, "handle", address, found[0])
        return _method(reading, header, "url", address)
    reading.record.notes.append(f"“{address[:80]}” is no web page; it is kept aside.")
    return False


def _handle(
    reading: _Reading, header: Header, service: str, value: str, label: str = ""
) -> bool:
    known = _SERVICES.get(service)
    if known:
        return _method(reading, header, "handle", value, known)
    other = label or _OTHERS.get(service, service)
    return _method(reading, header, "handle", value, Service.OTHER, other)


def _social(reading: _Reading, header: Header, value: str) -> bool:
    """X-SOCIALPROFILE as Apple writes it, SOCIALPROFILE of RFC 9554."""
    address = unescaped(value).strip()
    service = header.param("SERVICE-TYPE", "X-SERVICE-TYPE").lower()
    service = service or next(
        (t for t in header.types if t in _SERVICES or t in _OTHERS), ""
    )
    service = service or next(iter(header.types - {"pref", "home", "work"}), "")
    user = header.param("USERNAME", "X-USER", "X-DISPLAYNAME")
    scheme, colon, rest = address.partition(":")
    if found := service_of(address):
        return _method(reading, header, "handle", address, found[0])
    if colon and scheme.lower() == "x-apple":
        address = rest
    if not re.match(r"https?:", address, re.IGNORECASE) or (
        user and service in _SERVICES
    ):
        name = user or address
        return bool(name) and _handle(reading, header, service or "other", name)
    if service and user:
        _handle(reading, header, service, user)
    return _method(reading, header, "url", address, label=_OTHERS.get(service, service))


def _impp(reading: _Reading, header: Header, value: str) -> bool:
    address = unescaped(value).strip()
    scheme, colon, rest = address.partition(":")
    service = header.param("X-SERVICE-TYPE", "SERVICE-TYPE").lower() or scheme.lower()
    if not colon:
        rest = address
    if found := service_of(address):
        return _method(reading, header, "handle", address, found[0])
    rest = rest.lstrip("/").partition("?")[0]
    return bool(rest) and _handle(reading, header, service, rest)


def _messenger(reading: _Reading, header: Header, value: str) -> bool:
    service = header.name.removeprefix("X-").lower()
    service = service.removeprefix("messenger-").removeprefix("kaddressbook-")
    address = unescaped(value).strip()
    if found := service_of(address):
        return _method(reading, header, "handle", address, found[0])
    return _handle(reading, header, service, address)


def date_of(text: str, header: Header | None = None) -> PartialDate | None:
    """RFC 6350, 4.3.1 and its kin: 1985-04-12, 19850412T0000, 1985-04, --0412, 1604-…"""
    if match := _DATE.match(text):
        year, month, day = match.groups()
        omitted = header.param("X-APPLE-OMIT-YEAR") if header else ""
        known = year not in ("--", "0000", "1604", omitted)
        try:
            if month == "00" or day == "00":
                return PartialDate(int(year)) if known else None
            return PartialDate(
                int(year) if known else None,
                int(month) if month else None,
                int(day) if day else None,
            )
        except ValueError:
            return None
    try:
        return parse(text)
    except ValueError:
        return None


def _bday(reading: _Reading, header: Header, value: str) -> bool:
    found = date_of(unescaped(value), header)
    if found and not reading.record.birthday:
        reading.record.birthday = found
        return True
    if not found:
        reading.record.notes.append(
            f"The birthday “{value[:40]}” is no full date; it is kept aside."
        )
    return False


def _dated(kind: str) -> Callable[[_Reading, Header, str], bool]:
    def handler(reading: _Reading, header: Header, value: str) -> bool:
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


def _categories(reading: _Reading, header: Header, value: str) -> bool:
    """Tags. Google's "myContacts" is on everybody and says nothing of anybody."""
    separator = ";" if reading.version == "2.1" and "," not in value else ","
    tags = [one_line(tag) for tag in split(value, separator)]
    keep = [tag[:200] for tag in tags if tag and tag.lower() != "mycontacts"]
    reading.record.tags += [tag for tag in keep if tag not in reading.record.tags]
    return len(keep) == len([tag for tag in tags if tag])


def _uid(reading: _Reading, header: Header, value: str) -> bool:
    uid = value.strip()
    if uid[:9].lower() == "urn:uuid:":
        uid = uid[9:]
    if re.fullmatch(r"[0-9A-Fa-f-]{32,36}", uid):
        uid = uid.lower()
    if reading.record.uid or len(uid) > 500:
        return False
    reading.record.uid = uid
    return True


def _kind(reading: _Reading, header: Header, value: str) -> bool:
    reading.kind = value.strip().lower()
    return reading.kind == "individual"


def _photo(reading: _Reading, header: Header, value: str) -> bool:
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


def _android(reading: _Reading, header: Header, value: str) -> bool:
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


_HANDLERS: dict[str, Callable[[_Reading, Header, str], bool]] = {
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
    "EMAIL": _email,
    "TEL": _tel,
    "ADR": _adr,
    "LABEL": _address_label,
    "URL": _url,
    "X-SOCIALPROFILE": _social,
    "SOCIALPROFILE": _social,
    "IMPP": _impp,
    "BDAY": _bday,
    "ANNIVERSARY": _dated("anniversary"),
    "X-ANNIVERSARY": _dated("anniversary"),
    "X-EVOLUTION-ANNIVERSARY": _dated("anniversary"),
    "X-KADDRESSBOOK-X-ANNIVERSARY": _dated("anniversary"),
    "X-ABDATE": _dated("other"),
    "DEATHDATE": _dated("other"),
    "CATEGORIES": _categories,
    "UID": _uid,
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "PHOTO": _photo,
    "X-ANDROID-CUSTOM": _android,
    **{
        f"X-{name.upper()}": _messenger
        for name in (*_SERVICES, *_OTHERS)
        if name != "x"
    },
}
