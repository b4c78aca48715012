"""Properties that say how to reach someone, and where."""

import binascii
import re
from urllib.parse import unquote

from contacts.importing.cards import Header, as_meant
from contacts.importing.lines import clean
from contacts.importing.reading import Handler, Reading
from contacts.importing.records import Method, escaped
from contacts.importing.values import one_line, split, unescaped
from contacts.models.methods import Service, service_of

# What nobody sees, and comes with what was copied out of a chat: marks of direction.
UNSEEN = dict.fromkeys([0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)]) | (
    dict.fromkeys(range(0x2060, 0x206A))
)
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
# Which words of TYPE make a label, in the order they are said.
_PLACES = {"home": "home", "work": "work", "school": "school", "main": "main"}
_DEVICES = {
    "cell": "mobile", "mobile": "mobile", "iphone": "mobile", "fax": "fax",
    "pager": "pager", "car": "car", "video": "video", "textphone": "textphone",
    "other": "other",
}  # fmt: skip
# Words of TYPE that tell nothing a person would say of a number or an address.
_SILENT = {
    "pref", "voice", "msg", "internet", "text", "uri", "url", "dom", "intl", "postal",
    "parcel", "isdn", "modem", "bbs", "pcs", "tlx", "x400", "utf-8", "quoted-printable",
}  # fmt: skip
# Android's own label: TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=C3=BC):1
_CUSTOM = "X-CUSTOM("
SERVICES = {
    "twitter": Service.X, "x": Service.X, "mastodon": Service.MASTODON,
    "bluesky": Service.BLUESKY, "bsky": Service.BLUESKY, "linkedin": Service.LINKEDIN,
    "instagram": Service.INSTAGRAM, "facebook": Service.FACEBOOK,
    "github": Service.GITHUB, "signal": Service.SIGNAL, "sgnl": Service.SIGNAL,
    "whatsapp": Service.WHATSAPP, "telegram": Service.TELEGRAM, "tg": Service.TELEGRAM,
    "skype": Service.SKYPE, "skype-username": Service.SKYPE,
}  # fmt: skip
# Services of the past and of the few: a handle all the same, its service as label.
OTHERS = {
    "aim": "AIM", "icq": "ICQ", "msn": "MSN", "yahoo": "Yahoo", "ymsgr": "Yahoo",
    "jabber": "XMPP", "xmpp": "XMPP", "gtalk": "Google Talk", "qq": "QQ",
    "google-talk": "Google Talk", "googletalk": "Google Talk", "matrix": "Matrix",
    "gadugadu": "Gadu-Gadu", "gadu-gadu": "Gadu-Gadu", "groupwise": "GroupWise",
    "threema": "Threema", "youtube": "YouTube", "tiktok": "TikTok", "sip": "SIP",
    "wechat": "WeChat", "line": "LINE", "flickr": "Flickr", "myspace": "Myspace",
    "sinaweibo": "Weibo", "weibo": "Weibo", "discord": "Discord", "slack": "Slack",
    "zoom": "Zoom", "reddit": "Reddit", "pinterest": "Pinterest", "xing": "XING",
    "viber": "Viber",
}  # fmt: skip


def _label(reading: Reading, header: Header) -> str:
    if header.group and (label := reading.groups.get(header.group, "")):
        return label
    types = header.types
    if not types:
        return _named(header) if header.params else ""
    if header.name == "EMAIL" and types == {"internet"}:
        return ""
    words = [_PLACES[t] for t in _PLACES if t in types]
    words += dict.fromkeys(_DEVICES[t] for t in _DEVICES if t in types)
    if len(words) < len(types):
        words += _own_words(header)
    return " ".join(words)


def _own_words(header: Header) -> list[str]:
    """What somebody wrote for a label that no standard knows: "X-Boat"."""
    found = []
    for each in header.params.get("TYPE", ()):
        for written in each.split(","):
            word = written.strip()
            known = word.lower()
            if known not in _KNOWN:
                found.append(word[2:] if known[:2] == "x-" else word)
    return found


def _named(header: Header) -> str:
    for key, values in header.params.items():
        if key.startswith(_CUSTOM) and values:
            raw = binascii.a2b_qp(values[-1].rstrip(")").encode())
            return clean(as_meant(raw.decode("utf-8", "surrogateescape")))
    return header.param("X-ABLABEL")


def add_method(
    reading: Reading,
    header: Header,
    kind: str,
    value: str,
    service: str = "",
    label: str = "",
) -> bool:
    if value:
        reading.record.methods.append(
            Method(
                kind, value, service, label or _label(reading, header), header.preferred
            )
        )
    return True


def _email(reading: Reading, header: Header, value: str) -> bool:
    address = unescaped(value).translate(UNSEEN).strip()
    if address[:7].lower() == "mailto:":
        address = unquote(address[7:].partition("?")[0])
    if _EMAIL.fullmatch(address):
        return add_method(reading, header, "email", address)
    # From every letter on it looks for the @: not in a whole book.
    found = _EMAIL.findall(address[:1000])
    if not found:
        reading.record.notes.append(
            f"“{address[:80]}” is no e-mail address; it is kept aside."
        )
    for each in found:
        add_method(reading, header, "email", each)
    return False


def _tel(reading: Reading, header: Header, value: str) -> bool:
    number = one_line(unescaped(value).translate(UNSEEN))
    if number[:4].lower() == "tel:":
        number = number[4:].replace(";ext=", " ext. ")
    if not any(c.isalnum() for c in number):
        return False
    return add_method(reading, header, "phone", number)


def _adr(reading: Reading, header: Header, value: str) -> bool:
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
    add_method(reading, header, "address", text)
    for name in ("LABEL", "GEO", "TZ") if header.params else ():
        if said := header.param(name):
            record.extra.append(f"{name}:{escaped(unescaped(said))}")
    # Since RFC 9554 there are eleven more, beside those that all programs know.
    return not any(part and part not in text for part in parts[7:])


def _address_label(reading: Reading, header: Header, value: str) -> bool:
    reading.labels.append((header, unescaped(value)))
    return True


def _url(reading: Reading, header: Header, value: str) -> bool:
    address = "".join(unescaped(value).split())
    scheme = address.partition(":")[0].lower() if ":" in address else ""
    if scheme in ("http", "https") or (not scheme and "." in address) or (
        "." in scheme
    ):  # fmt: skip
        if found := service_of(address):
            return add_method(reading, header, "handle", address, found[0])
        return add_method(reading, header, "url", address)
    if scheme == "mailto":
        return _email(reading, header, address)
    if scheme == "tel":
        return _tel(reading, header, address)
    if scheme in SERVICES or scheme in OTHERS:
        return _impp(reading, header, address)
    reading.record.notes.append(f"“{address[:80]}” is no web page; it is kept aside.")
    return False


def _handle(
    reading: Reading, header: Header, service: str, value: str, label: str = ""
) -> bool:
    known = SERVICES.get(service)
    if known:
        return add_method(reading, header, "handle", value, known)
    other = label or OTHERS.get(service, service)
    return add_method(reading, header, "handle", value, Service.OTHER, other)


def _social(reading: Reading, header: Header, value: str) -> bool:
    """X-SOCIALPROFILE as Apple writes it, SOCIALPROFILE of RFC 9554."""
    address = unescaped(value).strip()
    service = header.param("SERVICE-TYPE", "X-SERVICE-TYPE").lower()
    service = service or next(
        (t for t in header.types if t in SERVICES or t in OTHERS), ""
    )
    service = service or next(iter(header.types - {"pref", "home", "work"}), "")
    user = header.param("USERNAME", "X-USER")
    scheme, colon, rest = address.partition(":")
    if found := service_of(address):
        return add_method(reading, header, "handle", address, found[0])
    if colon and scheme.lower() == "x-apple":
        address = rest
    if not re.match(r"https?:", address, re.IGNORECASE) or (
        user and service in SERVICES
    ):
        name = user or address or header.param("X-DISPLAYNAME")
        _handle(reading, header, service or "other", name)
        return bool(name) and address in name
    if service and user:
        _handle(reading, header, service, user)
    return add_method(
        reading, header, "url", address, label=OTHERS.get(service, service)
    )


def _impp(reading: Reading, header: Header, value: str) -> bool:
    address = unescaped(value).strip()
    scheme, colon, rest = address.partition(":")
    service = header.param("X-SERVICE-TYPE", "SERVICE-TYPE").lower() or scheme.lower()
    if not colon:
        rest = address
    if found := service_of(address):
        return add_method(reading, header, "handle", address, found[0])
    if scheme.lower() in ("http", "https"):
        said = header.param("X-SERVICE-TYPE", "SERVICE-TYPE")
        return add_method(reading, header, "url", address, label=said)
    rest = rest.lstrip("/").partition("?")[0]
    return bool(rest) and _handle(reading, header, service, rest)


def _messenger(reading: Reading, header: Header, value: str) -> bool:
    service = header.name.lower().removeprefix("x-")
    service = service.removeprefix("messaging/").removesuffix("-all")
    address = unescaped(value).strip()
    if found := service_of(address):
        return add_method(reading, header, "handle", address, found[0])
    return _handle(reading, header, service, address)


_KNOWN = {*_PLACES, *_DEVICES, *_SILENT, *SERVICES, *OTHERS}
HANDLERS: dict[str, Handler] = {
    "EMAIL": _email,
    "TEL": _tel,
    "X-MS-TEL": _tel,
    "ADR": _adr,
    "LABEL": _address_label,
    "URL": _url,
    "X-SOCIALPROFILE": _social,
    "SOCIALPROFILE": _social,
    "IMPP": _impp,
    **{f"X-{name.upper()}": _messenger for name in (*SERVICES, *OTHERS) if name != "x"},
    # As KAddressBook has them.
    **{f"X-MESSAGING/{name.upper()}-ALL": _messenger for name in (*SERVICES, *OTHERS)},
}
