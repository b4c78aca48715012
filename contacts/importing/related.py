"""What a vCard says of its person and others: RELATED (RFC 6350, 6.6.6), the
X-ABRELATEDNAMES of Apple, X-SPOUSE, X-MANAGER and X-ASSISTANT.

The lines stay with the contact as they are, so that whoever comes later is found.
"""

import re
from collections.abc import Iterable

from contacts.importing.cards import Header, header_of
from contacts.importing.records import Relation, Who
from contacts.importing.values import one_line, unescaped
from networkcrm.text import fold

_WORDS = ("SPOUSE", "MANAGER", "ASSISTANT", "CHILD")
_BARE = {
    f"X-{program}{word}": word.lower()
    for word in _WORDS
    for program in ("", "MS-", "EVOLUTION-", "KADDRESSBOOK-X-")
}
NAMES = frozenset({"RELATED", "X-ABRELATEDNAMES", *_BARE})
# Where the lines of a contact, as JSON, hold one of these.
KEPT = f'"({"|".join(sorted(NAMES))})[;:]'
# No relation to somebody else, or none that tells a kind.
_NOT_KINDS = {"me", "pref", "home", "work", "text", "uri", "internet"}
_AROUND = re.compile(
    r"^(?:is )?(?:(?:an?|the|my|his|her|their) )?|(?: (?:of|to|with))?$"
)
_ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


def plain_kind(said: str) -> str:
    """ "Is a colleague of" → "colleague"."""
    folded = fold(said)
    return (_AROUND.sub("", folded).strip() or folded)[:60].strip()


def relations(lines: Iterable[str]) -> list[Relation]:
    """Of the lines that a contact keeps, those that name somebody else."""
    found = []
    for line in lines:
        head, colon, value = _cut(line)
        header = header_of(head) if colon else None
        if header is None or header.name not in NAMES:
            continue
        who = _who(header, value)
        if who:
            kinds = _kinds(header)
            found += [
                Relation(kind, who, is_theirs=True, is_sure=False) for kind in kinds
            ]
    return found


def _cut(line: str) -> tuple[str, str, str]:
    """At the colon that stands in no quotes."""
    match = re.match(r'((?:[^":]|"[^"]*")*):', line)
    return (match[1], ":", line[match.end() :]) if match else ("", "", "")


def _kinds(header: Header) -> list[str]:
    """What the other is to the person of the card."""
    if word := _BARE.get(header.name):
        return [word]
    said = [header.param("X-ABLABEL")] if header.param("X-ABLABEL") else []
    said += sorted(header.types)
    kinds = [plain_kind(word) for word in said]
    if "me" in kinds:
        return []
    return [kind for kind in kinds if kind and kind not in _NOT_KINDS] or ["contact"]


def _who(header: Header, value: str) -> Who | None:
    text = one_line(unescaped(value))
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    if text[:9].lower() == "urn:uuid:":
        return Who(uid=text[9:].lower())
    if scheme == "mailto" and _ADDRESS.fullmatch(rest):
        return Who(email=rest.casefold())
    if scheme in ("urn", "http", "https", "uid") and colon:
        return Who(uid=text)
    if header.name == "RELATED" and header.param("VALUE").lower() in ("uri", ""):
        # A bare card number, as some write it; else a name all the same.
        bare = text.lower() if re.fullmatch(r"[0-9A-Fa-f-]{32,36}", text) else text
        return Who(uid=bare, name=text[:300]) if text else None
    return Who(name=text[:300]) if text else None
