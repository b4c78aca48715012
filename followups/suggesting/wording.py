"""The sentences of a suggestion: what stands large, and what stands below each name."""

from datetime import date
from typing import NamedTuple

from django.utils import timezone
from django.utils.text import Truncator

from connections.models import Introduction
from contacts.models import Contact, Fact, ImportantDate
from followups.matching import Match
from followups.models import FollowUp, Suggestion
from networkcrm.partial_dates import MONTHS, PartialDate

LONGEST_TEXT = 140
LONGEST_NAME = 60
# From this score of a match on, the offer is what is needed.
CLOSE = 0.7
# What a need or an offer begins with when it was typed as a sentence: in the middle
# of ours it is written small. A name stays as it is.
_SMALL = set(
    "a an the to some someone somebody anyone more help advice people any other"  # noqa: SIM905
    " introductions clients customers users work money funding feedback".split()
)
# Of them, and of me.
_VERBS = {
    "offer": ("offers", "you offer"),
    "works_on": ("works on", "you work on"),
    "hope": ("hopes", "you hope"),
    "enjoys": ("enjoys", "you enjoy"),
}
_SAID_ALREADY = ("needs ", "need ", "offers ", "offer ", "looking for ", "can offer ")


def first_name(contact: Contact) -> str:
    return Truncator(contact.first_name).chars(LONGEST_NAME)


def named_apart(one: Contact, other: Contact) -> tuple[str, str]:
    """By their first names, or by all of it when these are the same."""
    if first_name(one) != first_name(other):
        return first_name(one), first_name(other)
    whole = Truncator(one.full_name), Truncator(other.full_name)
    return whole[0].chars(LONGEST_NAME), whole[1].chars(LONGEST_NAME)


def in_a_sentence(text: str) -> str:
    """As it stands after "Maya needs": "a first retail buyer"."""
    said = " ".join(text.split()).rstrip(".!;, ")
    for word in _SAID_ALREADY:
        if said.lower().startswith(word) and len(said) > len(word):
            said = said[len(word) :]
    first = said.partition(" ")[0]
    if first.lower() in _SMALL:
        said = first.lower() + said[len(first) :]
    return Truncator(said).chars(LONGEST_TEXT)


def quoted(text: str) -> str:
    return f"“{Truncator(' '.join(text.split()).rstrip('.')).chars(LONGEST_TEXT)}”"


def told(fact: Fact) -> str:
    """ "told you on 2 Nov", no more exact than it is known."""
    on: PartialDate | None = fact.heard_on
    if on is None or on.year is None:
        return ""
    this_year = on.year == timezone.localdate().year
    if on.month is None:
        return f"told you in {on.year}"
    month = MONTHS[on.month - 1]
    year = "" if this_year else f" {on.year}"
    if on.day is None:
        return f"told you in {month}{year}"
    return f"told you on {on.day} {month[:3]}{year}"


def of_match(match: Match) -> str:
    """ "Maya needs a retail buyer in Boston. Tom offers exactly that." """
    need, other, offer = match.need, match.other, match.offer
    who, name = named_apart(need.contact, other)
    if other.is_me:
        name = "You"
    if offer is None or offer.kind != Fact.Kind.OFFER:
        help_ = f"{name} may have it"
    elif match.score >= CLOSE:
        help_ = f"{name} {'offer' if other.is_me else 'offers'} exactly that"
    else:
        verb = "offer" if other.is_me else "offers"
        help_ = f"{name} {verb} {in_a_sentence(offer.text)}"
    return f"{who} needs {in_a_sentence(need.text)}. {help_}."


def of_need(need: Fact) -> str:
    who, what = first_name(need.contact), in_a_sentence(need.text)
    return f"{who} needs {what}. Who do you know?"


def of_promise(followup: FollowUp, contact: Contact) -> str:
    title = Truncator(followup.title.rstrip(".")).chars(LONGEST_TEXT)
    return f"Keep your word to {first_name(contact)}: {title}."


def of_introduction(introduction: Introduction, a: Contact, b: Contact) -> str:
    who, other = named_apart(a, b)
    if introduction.state == Introduction.State.AGREED:
        return f"{who} and {other} both said yes. Introduce them."
    return f"You had the idea to introduce {who} and {other}. Ask them both?"


def of_birthday(contact: Contact, day: date, today: date) -> str:
    """ "Tom turns 40 today.", without the age where the year is not known."""
    born: PartialDate | None = contact.birthday
    years = day.year - born.year if born and born.year else 0
    if years > 0:
        return f"{first_name(contact)} turns {years} {_when(day, today)}."
    return f"{first_name(contact)}’s birthday is {_when(day, today)}."


def of_date(row: ImportantDate, day: date, today: date) -> str:
    who, when = first_name(row.contact), _when(day, today)
    if row.label:
        return f"{Truncator(row.label).chars(LONGEST_NAME)} of {who} is {when}."
    words = {
        ImportantDate.Kind.ANNIVERSARY: f"{who}’s anniversary is {when}.",
        ImportantDate.Kind.NAME_DAY: f"{who}’s name day is {when}.",
        ImportantDate.Kind.CHILD: f"A child of {who} has a birthday {when}.",
    }
    kind = ImportantDate.Kind(row.kind)
    return words.get(kind, f"A day to remember for {who} is {when}.")


def _when(day: date, today: date) -> str:
    days = (day - today).days
    return ("today", "tomorrow")[days] if days < 2 else f"on {day:%A}"


class Line(NamedTuple):
    """One person of a suggestion; None is me."""

    contact: Contact | None
    reason: str


def lines(row: Suggestion) -> list[Line]:
    """The people of it, each with the reason that stands below the name."""
    Kind = Suggestion.Kind
    contact = row.contact
    first, second = contact.headline or contact.job_title or contact.city, ""
    if row.need:
        needs = f"needs {quoted(row.need.text)}"
        first = ", ".join(filter(None, [needs, told(row.need)]))
    if row.offer:
        second = f"{_VERBS[row.offer.kind][not row.other]} {quoted(row.offer.text)}"
    elif row.other:
        second = row.other.headline or row.other.job_title
    if row.kind == Kind.PROMISE and row.followup:
        first = row.followup.when
    if row.kind == Kind.INTRODUCTION and row.introduction:
        of_a = row.introduction.a_id == contact.pk
        whys = (row.introduction.why_a, row.introduction.why_b)
        first, second = whys if of_a else whys[::-1]
    found = [Line(contact, first)]
    if row.other or second:
        found.append(Line(row.other, second))
    return found


class Words(NamedTuple):
    """What stands above a suggestion and on its buttons."""

    above: str
    done: str
    never: str


def words(row: Suggestion) -> Words:
    Kind = Suggestion.Kind
    asked = row.introduction and row.introduction.state == Introduction.State.AGREED
    help_, not_again = "Someone you can help", "Not again"
    return {
        Kind.MATCH: Words(help_, "Introduce them", "Not a fit"),
        Kind.MINE: Words(help_, "I helped", "Not a fit"),
        Kind.NEED: Words(help_, "I helped", not_again),
        Kind.PROMISE: Words("A promise to keep", "Done", not_again),
        Kind.BIRTHDAY: Words("A day to remember", "I wrote or called", not_again),
        Kind.INTRODUCTION: Words(
            "Two people to bring together",
            "Introduce them" if asked else "Ask them both",
            not_again,
        ),
    }[Kind(row.kind)]
