"""A card as a file that phones take in: vCard 3.0 (RFC 2426), which all read."""

import base64
import re

from contacts.models import ContactMethod
from events.cards.showing import Shown

MOST_PHOTO_BYTES = 40_000
_WIDTH = 75  # octets of a line, RFC 2426, 2.6


def text_of(shown: Shown, *, photo: bytes = b"", folded: bool = True) -> str:
    """The lines of a vCard, each ended by CRLF."""
    if len(photo) > MOST_PHOTO_BYTES:
        photo = b""
    lines = ["BEGIN:VCARD", "VERSION:3.0", *_lines(shown)]
    if photo:
        data = base64.b64encode(photo).decode()
        lines.append(f"PHOTO;ENCODING=b;TYPE=JPEG:{data}")
    lines.append("END:VCARD")
    return "".join(f"{_folded(line) if folded else line}\r\n" for line in lines)


def _lines(shown: Shown) -> list[str]:
    # Without parts of a name all of it is what they are called.
    given = shown.given_name or ("" if shown.family_name else shown.name)
    lines = [f"N:{_text(shown.family_name)};{_text(given)};;;"]
    lines.append(f"FN:{_text(shown.name)}")
    if shown.organization:
        lines.append(f"ORG:{_text(shown.organization)}")
    if shown.job_title:
        lines.append(f"TITLE:{_text(shown.job_title)}")
    lines += [_line_of(method) for method in shown.methods]
    if shown.where:
        place = ";".join(map(_text, (shown.city, shown.region)))
        lines.append(f"ADR:;;;{place};;{_text(shown.country)}")
    said = [shown.headline]
    said += [f"Pronouns: {shown.pronouns}"] if shown.pronouns else []
    if note := "\n".join(filter(None, said)):
        lines.append(f"NOTE:{_text(note)}")
    return lines


def _line_of(method: ContactMethod) -> str:
    kind = ContactMethod.Kind
    if method.kind == kind.EMAIL:
        return f"EMAIL;TYPE=INTERNET:{_text(method.normalized)}"
    if method.kind == kind.PHONE:
        return f"TEL:{_text(method.normalized)}"
    if method.kind == kind.ADDRESS:
        return f"ADR:;;{_text(method.value)};;;;"
    if method.href:
        return f"URL:{_one_line(method.href)}"
    service = method.service or "other"
    return f"X-SOCIALPROFILE;TYPE={service}:{_text(method.value)}"


def _text(value: str) -> str:
    """Escaped, RFC 2426, 4: no value ends its line or its part."""
    value = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", value)
    value = re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", value)
    value = value.replace("\\", "\\\\").replace("\n", "\\n")
    return value.replace(";", "\\;").replace(",", "\\,")


def _one_line(value: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+", "", value)


def _folded(line: str) -> str:
    """In pieces of at most 75 octets, none of which cuts a letter in two."""
    pieces, piece, octets = [], "", 0
    for char in line:
        size = len(char.encode())
        if octets + size > _WIDTH:
            pieces.append(piece)
            piece, octets = "", 1
        piece += char
        octets += size
    return "\r\n ".join([*pieces, piece])
