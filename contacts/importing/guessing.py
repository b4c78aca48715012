"""What a column is, told from the words above it and from what stands in it."""

import re
from collections.abc import Sequence

from contacts.importing.days import date_in
from contacts.importing.fields import KEEP, SERVICE_FIELDS
from contacts.importing.headers import WORDS
from contacts.importing.ways import LABELS
from contacts.models.methods import Service, service_of
from networkcrm.text import fold

_FIELDS = {
    fold(word): key for key, words in WORDS.items() for word in words.split(",")
} | {fold(service): service for service in SERVICE_FIELDS}
# Words that tell which of several, or nothing at all.
_LABELS = {
    "work", "home", "mobile", "other", "main", "primary", "secondary", "first",
    "second", "your", "my", "their", "contact", "contact's", "current", "optional",
    "required", "alternate", "alternative", "additional", "preferred", "direct",
    "value", "person",
    *LABELS,
}  # fmt: skip
# The last resort: a word of the header that says it all, the surest first.
_TELLING = {
    "email": "email mail emails mails e-mails courriel correo",
    "phone": "phone telephone tel telefon handy mobile mobil cell fax telefono movil"
    " portable telefonnummer phones",
    "birthday": "birthday geburtstag geburtsdatum cumpleanos birth",
    "address.code": "zip plz postleitzahl postcode",
    "address.street": "street strasse rue calle",
    "organization": "company firma organization organisation unternehmen entreprise"
    " societe empresa",
    "url": "url website webseite homepage web",
    "about": "notes notizen comments bemerkungen",
    "tags": "tags labels kategorien",
}  # fmt: skip
_HONORIFICS = {
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "herr", "frau", "fr", "hr", "m",
    "mme", "mlle", "sr", "sra", "srta",
}  # fmt: skip
_NAME = re.compile(r"(?i)\b(?:name|nom|nombre)\b")
_PLACES = ("city", "region", "country")
_ONCE = {"full_name", "organization", "birthday", "uid", *_PLACES}
EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")
PHONE = re.compile(r"'?(?:\+|00|0|\()[\d\s()/.-]{5,20}\d(?:\s*(?:x|ext\.?)\s*\d+)?")
URL = re.compile(r"(?i)(?:https?://|www\.)\S+")


def words_of(header: str) -> str:
    """ "E-Mail_Address (work)" → "e-mail address work"; "FirstName" → "first name"."""
    if not re.search(r"[\s_]", header) and fold(header) not in _FIELDS:
        header = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
        header = re.sub(r"(?i)\b(linked|git|whats) (in|hub|app)\b", r"\1\2", header)
    return " ".join(re.sub(r"[_*?:()\[\]#]+", " ", fold(header)).split())


def field_of(header: str) -> str:
    """What the words above a column say it is, "" when they say nothing."""
    words = words_of(header)
    if found := _FIELDS.get(fold(header)) or _FIELDS.get(words):
        return found
    bare = [
        word
        for word in re.split(r"[\s/.-]+", words)
        if word and not word.isdigit() and word not in _LABELS
    ]
    if found := _FIELDS.get(" ".join(bare)) or _FIELDS.get("-".join(bare)):
        return found
    for service in SERVICE_FIELDS:
        if service != Service.X and service in bare:
            return str(service)
    for key, telling in _TELLING.items():
        if not set(telling.split()).isdisjoint(bare):
            return key
    return ""


def label_of(header: str, name: str) -> str:
    """Which of several it is: "work" of "Phone (work)", or the header itself."""
    if name == "handle" and field_of(header) == "handle":
        return ""
    if name == "relation" and fold(header) in _FIELDS:
        return "child"
    if name in ("email", "phone", "url") or name.startswith("address"):
        words = re.split(r"[\s/.-]+", words_of(header))
        found = (LABELS.get(word, word) for word in words)
        known = ("work", "home", "mobile", "fax", "other", "main")
        return " ".join(dict.fromkeys(word for word in found if word in known))
    return header


def field_by_values(values: Sequence[str]) -> str:
    """What most of these look like: addresses, numbers, pages, "" for nothing."""
    values = [value for value in values if value]
    for key, pattern in (("email", EMAIL), ("url", URL), ("phone", PHONE)):
        if values and sum(bool(pattern.fullmatch(v)) for v in values) * 2 > len(values):
            services = {found[0] for v in values if (found := service_of(v))}
            return str(services.pop()) if key == "url" and len(services) == 1 else key
    return ""


def is_value(cell: str) -> bool:
    """Would nobody write this above a column?"""
    patterns = (EMAIL, URL, PHONE)
    return any(p.fullmatch(cell) for p in patterns) or (
        any(map(str.isdigit, cell)) and date_in(cell, True) is not None
    )


def fields_of(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> list[str]:
    """What each column is. `samples` are values of each; headers may be ""."""
    found = [field_of(header) if header else "" for header in headers]
    for index, values in enumerate(samples):
        if found[index] == "job_title" and _are_honorifics(values):
            found[index] = "prefix"
        found[index] = found[index] or field_by_values(values)
    _settle_names(headers, found)
    if not {"full_name", "given_name", "family_name", "nickname"} & set(found):
        _name_by_values(headers, samples, found)
    if "address.street" in found or "address.code" in found:
        found = [f"address.{key}" if key in _PLACES else key for key in found]
    return [
        KEEP if not key or (key in _ONCE and key in found[:index]) else key
        for index, key in enumerate(found)
    ]


def _are_honorifics(values: Sequence[str]) -> bool:
    said = [fold(value).rstrip(".") for value in values if value]
    return bool(said) and all(value in _HONORIFICS for value in said)


def _settle_names(headers: Sequence[str], found: list[str]) -> None:
    """A bare "Name", "Nom" or "Nombre" is half of it beside the other half."""
    for index, header in enumerate(headers):
        word = words_of(header)
        if word not in ("name", "nom", "nome", "nombre", "naam", "姓名"):
            continue
        others = {*found[:index], *found[index + 1 :]}
        found[index] = "full_name"
        if "given_name" in others and "family_name" not in others:
            found[index] = "family_name"
        elif "family_name" in others and "given_name" not in others:
            found[index] = "given_name"


def _name_by_values(
    headers: Sequence[str], samples: Sequence[Sequence[str]], found: list[str]
) -> None:
    """Where nothing says it, the first column of mostly words, if there is one called
    "Guest name"; below a header that says nothing, of mostly two or three. What is the
    same for most, as "Checked in", is nobody's name."""
    names = [index for index, header in enumerate(headers) if _NAME.search(header)]
    for index in dict.fromkeys([*names, *range(len(samples))]):
        said = [value for value in samples[index] if value]
        is_open = not found[index] and len(set(said)) * 2 > len(said)
        least = 0.8 if headers[index] and index not in names else 0.5
        if is_open and sum(map(_likeness, said)) >= least * len(said):
            found[index] = "full_name"
            return


def _likeness(text: str) -> float:
    """To a name, 0 to 1."""
    words = text.split()
    if len(words) > 5 or not all(word[0].isalpha() for word in words):
        return 0
    return 0 if any(map(str.isdigit, text)) else 0.5 if len(words) == 1 else 1
