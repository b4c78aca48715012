"""A person of a file in words, for a page that shows how they would come in."""

import re

from contacts.importing.records import Record
from contacts.importing.values import unescaped
from contacts.models import ContactMethod
from contacts.models.methods import Service

_KINDS = dict(ContactMethod.Kind.choices)
_KEPT = re.compile(r'X-COLUMN(?:;X-ABLABEL="([^"]*)")?:(.*)', re.DOTALL)
# Of what has no field.
MOST_KEPT = 4


def facts_of(record: Record) -> list[tuple[str, str]]:
    """What is told of them, each with what it is; the name is not among it."""
    names = (record.prefix, record.given_name, record.middle_name)
    parts = [*filter(None, names), record.family_name, record.suffix]
    place = ", ".join(filter(None, [record.city, record.region, record.country]))
    facts = [
        ("Name", " · ".join(filter(None, parts))),
        ("Nickname", record.nickname),
        ("Pronouns", record.pronouns),
        ("Work", " at ".join(filter(None, [record.job_title, record.organization]))),
        ("In a line", record.headline),
    ]
    for method in record.methods:
        what = Service(method.service).label if method.service else _KINDS[method.kind]
        label = f" ({method.label})" if method.label else ""
        facts.append((f"{what}{label}", method.value.replace("\n", ", ")))
    facts.append(("Lives in", place))
    if record.birthday:
        facts.append(("Birthday", record.birthday.words))
    for dated in record.dates:
        facts.append((dated.label or dated.kind.capitalize(), dated.on.words))
    facts.append(("Tags", ", ".join(record.tags)))
    facts += [("Close to them", relation.words) for relation in record.relations]
    met = [record.connected_on.words if record.connected_on else "", record.place]
    if record.introducer:
        met.append(f"through {record.introducer}")
    facts.append(("You met", ", ".join(filter(None, met))))
    facts.append(("How you met", record.story))
    facts.append(("Notes", record.about))
    facts += [_kept(line) for line in record.extra[:MOST_KEPT]]
    if more := len(record.extra) - MOST_KEPT:
        facts.append(("Kept too", f"{more} more" if more > 0 else ""))
    return [(_short(what, 40), _short(said)) for what, said in facts if said]


def _kept(line: str) -> tuple[str, str]:
    if match := _KEPT.fullmatch(line):
        return match[1] or "Kept", unescaped(match[2])
    name, _colon, value = line.partition(":")
    return f"Kept {name.partition(';')[0]}", unescaped(value)


def _short(text: str, most: int = 100) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
