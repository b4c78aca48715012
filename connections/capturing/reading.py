"""What a line typed in a hurry says of someone.

The phone reads the line too, with no signal: static/js/capture/reading.js follows
these rules step by step, and both are held to tests/connections/capture_cases.json.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from networkcrm.text import fold


def _words(text: str) -> set[str]:
    return set(text.split())


LONGEST_NAME = 80
# More than anybody says in one breath; what is beyond is only kept.
LONGEST_READ = 2000

_DELIMITER = re.compile(r"\s*[,;|·•、，；،؛。\n\t]+\s*|\s+[-–—]\s+|[.!?]+(?:\s+|$)")
_SHORT_FOR = _words("prof inc corp univ dept assoc ltd mrs rev hon gen sen capt approx")

_WORD = r"[^\s,;<>\"()]"
_USER = r"[^\s,;:<>\"()@]"
_EMAIL = re.compile(rf"(?<!{_USER})(?:mailto:)?({_USER}+@[\w-]+(?:\.[\w-]+)+)", re.I)
_FEDIVERSE = re.compile(r"(?<!\w)(@[\w.]+@[\w-]+(?:\.[\w-]+)+)")
_URL = re.compile(
    rf"(?<![\w.-])(?:(?:https?://|www\.){_WORD}+"
    r"|(?:[\w-]+\.)*(?:linkedin\.com/(?:in|pub)|(?:x|twitter|github|instagram|facebook)"
    rf"\.com|bsky\.app/profile|t\.me|wa\.me)/{_WORD}+"
    r"|[\w-]+(?:\.[\w-]+)+/@\w+)",
    re.I,
)
_DOMAIN = re.compile(
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev|app|co|ai|edu|eu|info|me|tech"
    r"|de|fr|uk|ch|at|nl|es|it|se|no|dk|pl|pt|fi|ie|be|cz|ca|au|jp|in|br)"
)
_PHONE = re.compile(r"(?<![\w.])(?:tel:)?(\+?[0-9(][0-9 ()./-]{5,}[0-9])(?!\w)")
_AMERICAN = re.compile(r"\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-][0-9]{4}")
_DATE = re.compile(
    r"[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}"
    r"|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4}"
    r"|(?:19|20)[0-9]{2} ?[-/] ?(?:19|20)[0-9]{2}"
)
_TAG = re.compile(r"(?<!\S)#((?:[^\W_]|[-])*[^\W\d_](?:\w|-)*)")
_LABEL = re.compile(
    r"(?:tel|phone|mobile|cell|fax|mail|e-?mail|web|site|website|call|at|on)?[\s.:]*",
    re.I,
)

_WHO = r"(?:(?:and|but) )?(?:(?:s?he|they|who) )?"
_CLAUSES = (
    ("needs", r"(?:needs|need|is looking for|are looking for|looking for|seeks)"),
    ("offers", r"(?:offers|(?:can|could) offer|could help with|can help(?: with)?)"),
)
_CLAUSE = {
    kind: re.compile(rf"{_WHO}{verb}:? +(.+)", re.I | re.S) for kind, verb in _CLAUSES
}
_PROMISE = re.compile(
    r"(?:(?:and )?i )?(?:promised?|will|'ll|have to|should)"
    r"(?: (?:her|him|them))?(?: to| that i'd| i'd)?:? +(.+)"
    r"|(?:and )?i'll +(.+)|(?:todo|to do):? +(.+)",
    re.I | re.S,
)
_EVENT = re.compile(
    r"(?:we )?met (?:(?:her|him|them) )?(?:at|during) (?:the )?(.+)", re.I
)
_VIA = re.compile(
    r"(.*?)(?:^|\s|\()(?:(?:we )?(?:met )?(?:her |him |them )?(via|through)"
    r"|introduced by|introduced to me by|intro by|brought by)[: ]+([^()]+)\)?",
    re.I | re.S,
)
_INSIDE = re.compile(
    r"\s+(?=(?:via|introduced by|needs|is looking for|looking for|offers|can offer"
    r"|can help with|i'll|i promised|promised)\s)",
    re.I,
)
_HELLO = re.compile(
    r"(?:i )?(?:just )?(?:met|talked to|talked with|spoke to|spoke with|this is|name:)"
    r" +(.+)",
    re.I,
)
_WORKS_AT = re.compile(r"(.+?)\s+(?:at|@|from)\s*(.+)|(.+?)\s*\(([^()]+)\)", re.I)
_NAME_GOES_ON = re.compile(
    r"(.+?)\s+((?:with|who|works|runs|is|was|has|makes|does|leads|teaches|studies"
    r"|builds|sells|in|knows|just|wants)\s.+)"
)

_PARTICLES = _words(
    "de la las los del della der den van von vom zu zur da do dos das di du le el al"
    " bin binti ibn ben bat abu y e und ter ten te af av san"
)
_NO_NAME = _words(
    "i we he she they it is are was were has have had needs wants to of my our his her"
    " about very really great good nice fun tired this that there today tonight what"
    " who how when where not no yes and or but if so the a an some"
)
_ARTICLES = {"the", "a", "an", "some", "that"}
_CHANNELS = _words(
    "zoom email e-mail mail linkedin mastodon x twitter bluesky slack discord teams"
    " whatsapp signal telegram phone facebook instagram app web text chat car train"
    " bus"
)
_SUFFIXES = _words("md phd dr jr sr mba cpa esq msc bsc ii iii")
_JOBS = _words(
    "ceo cto cfo coo cmo vp founder co-founder cofounder director manager engineer"
    " developer programmer designer architect professor lecturer teacher researcher"
    " scientist analyst consultant lawyer attorney doctor nurse journalist editor"
    " writer author artist photographer producer partner president chair chairman"
    " secretary student intern head lead owner freelancer freelance coach advisor"
    " adviser investor recruiter accountant librarian officer coordinator specialist"
    " assistant postdoc curator organizer chef baker farmer translator musician"
    " economist biologist physicist chemist psychologist therapist pastor"
)
_SMALL = {"of", "and", "the", "for", "de", "la", "del", "für", "und", "&", "in", "des"}
_HOUSES = re.compile(
    "株式会社|有限|公司|大学|会社|集团|銀行|银行|شركة|جامعة|بنك|חברת|אוניברסיט|주식회사|대학"
)


@dataclass
class Understood:
    """What was read, each part "" or empty where nothing was said of it."""

    name: str = ""
    organization: str = ""
    job_title: str = ""
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    # Addresses and @handles of profiles and web pages, as typed.
    links: list[str] = field(default_factory=list)
    # Of `people` where the typed name fits just one of them, else as typed.
    introducer: str = ""
    needs: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    promise: str = ""
    tags: list[str] = field(default_factory=list)
    # The name of an event, as typed.
    event: str = ""
    # All the rest, in the words of the one who typed.
    remember: str = ""


@dataclass
class _Piece:
    text: str
    after: str
    # Only the first pieces of a line say where someone works, up to a full stop.
    begins: bool


def read(text: str, people: Iterable[str] = ()) -> Understood:
    """Read a line such as "Ana Ruiz, Acme, ana@example.org, via Ben, needs a designer".

    `people` are the names of those who are near, who "Ben" may be. Never raises;
    what is not understood stands in `remember`, so that nothing typed is lost.
    """
    found = Understood()
    known = list(people)
    text = text.replace("\0", " ").replace("’", "'").strip()
    pieces = _pieces(text[:LONGEST_READ])
    left: list[_Piece] = []
    clause = ""
    for piece in pieces:
        said = _take_addresses(piece.text, found)
        if not said:
            continue
        said = _take_introducer(said, found, known)
        if not said:
            continue
        clause = _take_clause(said, clause, found)
        if not clause:
            left.append(_Piece(said, piece.after, piece.begins))
    _take_name(left, found)
    _take_work(left, found)
    found.remember = _joined(left) + text[LONGEST_READ:]
    return found


def best_of(name: str, people: Sequence[str]) -> str:
    """The one of these people whom a typed name means, or "" when none or several.

    It is the whole name, or how the names of just one of them begin.
    """
    wanted = fold(name)
    keys = [(fold(person), person) for person in people]
    same = [person for key, person in keys if key == wanted]
    begun = [person for key, person in keys if key.startswith(f"{wanted} ")]
    fitting = same or begun
    return fitting[0] if wanted and len(set(fitting)) == 1 else ""


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    start, begins = 0, True
    for mark in _DELIMITER.finditer(text):
        is_stop = mark[0][0] in ".!?"
        if is_stop and not _ends_a_sentence(text[start : mark.start()], mark[0]):
            continue
        pieces.append(_Piece(text[start : mark.start()].strip(), mark[0], begins))
        start = mark.end()
        begins = begins and not is_stop
    pieces.append(_Piece(text[start:].strip(), "", begins))
    pieces = [piece for piece in pieces if piece.text]
    if not pieces:
        return []
    first, *others = pieces
    inside = _INSIDE.split(_apart(first.text))
    if len(inside) > 1 and is_name(_without_work(_bare(inside[0]))):
        last = inside.pop()
        new = [_Piece(part, ", ", True) for part in inside]
        return [*new, _Piece(last, first.after, True), *others]
    inside = [part.strip() for part in re.split(r"\n", _apart(first.text))]
    new = [_Piece(part, ", ", True) for part in inside if part]
    new[-1].after = first.after
    return [*new, *others]


def _apart(text: str) -> str:
    """The addresses in the first piece stand on lines of their own."""
    for pattern in (_FEDIVERSE, _EMAIL, _URL):
        text = pattern.sub(lambda found: f"\n{found[0]}\n", text)
    return text if _is_phone_only(text) else _PHONE.sub(_phone_apart, text)


def _phone_apart(found: re.Match[str]) -> str:
    return f"\n{found[0]}\n" if _is_phone(found[1], alone=False) else found[0]


def _ends_a_sentence(before: str, mark: str) -> bool:
    if mark[0] in "!?" or not mark[-1].isspace():
        return True
    word = re.split(r"[\s.]", before)[-1]
    if word[-1:].isdigit():
        return True
    return len(word) > 2 and fold(word) not in _SHORT_FOR


def _take_addresses(text: str, found: Understood) -> str:
    """What else the piece says, "" when it is only an address or a tag."""
    bare = text
    for match in _TAG.finditer(bare):
        _add(found.tags, match[1])
    text = bare = " ".join(_TAG.sub(" ", bare).split())
    for pattern, into in (
        (_FEDIVERSE, found.links),
        (_EMAIL, found.emails),
        (_URL, found.links),
    ):
        for match in pattern.finditer(bare):
            value = match[1] if pattern is not _URL else match[0]
            _add(into, value.rstrip(".:!?'"))
        bare = pattern.sub(" ", bare)
    alone = _is_phone_only(bare)
    for match in _PHONE.finditer(bare):
        if _is_phone(match[1], alone):
            _add(found.phones, " ".join(match[1].split()))
            bare = bare.replace(match[0], " ")
    if _DOMAIN.fullmatch(bare):
        _add(found.links, bare)
        return ""
    # An address amid a sentence is taken, and the sentence stays whole.
    return "" if _LABEL.fullmatch(bare.strip()) else text


def _is_phone_only(text: str) -> bool:
    match = _PHONE.search(text)
    if not match:
        return False
    rest = (text[: match.start()] + text[match.end() :]).strip()
    return _LABEL.fullmatch(rest) is not None


def _is_phone(value: str, alone: bool) -> bool:
    digits = re.sub(r"[^0-9]", "", value)
    if not 7 <= len(digits) <= 15 or _DATE.fullmatch(value.strip()):
        return False
    return alone or value[0] in "+0(" or _AMERICAN.fullmatch(value) is not None


def _take_introducer(text: str, found: Understood, people: list[str]) -> str:
    match = _VIA.fullmatch(text)
    if not match or found.introducer:
        return text
    before, word, name = match[1].strip(), (match[2] or "").lower(), match[3].strip()
    known = best_of(name, people)
    words = name.lower().split()
    sure = name[:1] != name[:1].lower() or not name[:1].isascii()
    looks = is_name(name) and words[0] not in _CHANNELS
    if known or (looks and (sure or (word != "through" and len(words) < 3))):
        found.introducer = known or name
        return before
    return text


def _take_clause(text: str, last: str, found: Understood) -> str:
    """Which kind of clause this is, "" when it is none."""
    into = {"needs": found.needs, "offers": found.offers}
    for kind, pattern in _CLAUSE.items():
        if match := pattern.fullmatch(text):
            _add(into[kind], _told(match[1]))
            return kind
    match = _PROMISE.fullmatch(text)
    if match and not found.promise:
        found.promise = _told(match[1] or match[2] or match[3])
        return "promise"
    if (match := _EVENT.fullmatch(text)) and _is_proper(match[1]) and not found.event:
        found.event = match[1].strip()
        return "event"
    if last in into and re.match(r"(?:and|or) ", text, re.I):
        into[last][-1] += f" {text}"
        return last
    return ""


def _take_name(left: list[_Piece], found: Understood) -> None:
    if not left:
        return
    said = _bare(left[0].text)
    if match := _WORKS_AT.fullmatch(said):
        name, place = match[1] or match[3], match[2] or match[4]
        if is_name(name) and (match[4] or _is_proper(place)):
            found.name = name
            _take_place(place, found)
            left.pop(0)
            return
    if is_name(said):
        found.name = said
        left.pop(0)
        while left and left[0].begins and fold(left[0].text).strip(".") in _SUFFIXES:
            found.name += f", {left.pop(0).text}"
        return
    goes_on = _NAME_GOES_ON.fullmatch(said)
    if goes_on and is_name(goes_on[1]) and _is_proper(goes_on[1]):
        found.name, left[0].text = goes_on[1], goes_on[2]
        return
    words = fold(said).split()
    described = words and words[0] in _ARTICLES and len(words) <= 7
    if len(left) == 1 and described and not set(words[1:]) & (_NO_NAME - _ARTICLES):
        found.name = said
        left.pop(0)


def _take_work(left: list[_Piece], found: Understood) -> None:
    while found.name and left and left[0].begins:
        said = left[0].text
        at = _WORKS_AT.fullmatch(said)
        if at and at[1] and _is_job(at[1]) and not found.job_title:
            found.job_title = at[1]
            _take_place(at[2], found)
        elif _is_job(said) and not found.job_title:
            found.job_title = said
        elif _is_organization(said) and not found.organization:
            found.organization = said
        else:
            return
        left.pop(0)


def _take_place(text: str, found: Understood) -> None:
    if not found.organization:
        found.organization = text.strip()


def is_name(text: str) -> bool:
    """Whether this could be what someone is called, in any script."""
    words = text.split()
    if not 1 <= len(words) <= 7 or len(text) > LONGEST_NAME:
        return False
    if re.search(r"[0-9:?!\"/=<>{}\[\]()@#+*]", text) or not re.search(
        r"[^\W\d_]", text
    ):
        return False
    low = [word.lower().strip(".,'") for word in words]
    if set(low) & _NO_NAME:
        return False
    small = [w for w in words if w[0].islower() and w.lower() not in _PARTICLES]
    big = [w for w in words if not w[0].islower()]
    if not big:
        return len(words) <= 4
    return not small or (len(small) == 1 and len(words) <= 3)


def _is_proper(text: str) -> bool:
    """It begins like a name does: with a capital, a digit, or a letter without case."""
    first = text.strip()[:1]
    return bool(first) and first.isalnum() and not first.islower()


def _is_job(text: str) -> bool:
    words = [word.strip(".") for word in fold(text).split()]
    plain = not set(words) & (_NO_NAME - {"of", "the", "and"})
    return plain and len(words) <= 6 and bool(set(words) & _JOBS)


def _is_organization(text: str) -> bool:
    words = text.split()
    if len(words) > 5 or len(text) > LONGEST_NAME or re.search(r"[:?!\"=<>]", text):
        return False
    if not any(char.isupper() for char in text):
        return _HOUSES.search(text) is not None
    return not [
        w for w in words[1:] if w[0].islower() and w == w.lower() and w not in _SMALL
    ] and (_is_proper(text) or words[0] != words[0].lower())


def _bare(text: str) -> str:
    match = _HELLO.fullmatch(text.strip())
    said = match[1] if match and is_name(_without_work(match[1])) else text
    return " ".join(said.split())


def _without_work(text: str) -> str:
    match = _WORKS_AT.fullmatch(text)
    return (match[1] or match[3]) if match else text


def _told(text: str) -> str:
    return " ".join(text.split()).rstrip(".! ")


def _add(values: list[str], value: str) -> None:
    if value and value not in values:
        values.append(value)


def _joined(left: list[_Piece]) -> str:
    said = "".join(piece.text + piece.after for piece in left[:-1])
    if left:
        said += left[-1].text + left[-1].after.rstrip(" \n,;")
    return said.strip()
