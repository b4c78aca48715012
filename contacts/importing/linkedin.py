"""LinkedIn's `Connections.csv`, as its "Get a copy of your data" gives it."""

import re
from collections.abc import Iterator, Sequence
from typing import IO

from contacts.importing.cells import Line
from contacts.importing.days import date_in, is_ambiguous, order_of
from contacts.importing.records import NOBODY, Method, Myself, Record, Unread, fit
from contacts.importing.tables import columns_named, delimiter_of, sheet, start_of
from contacts.models.methods import Service
from networkcrm.partial_dates import PartialDate

# What stands above a column in English, German, French, Spanish, Italian, Portuguese
# and Dutch, folded.
COLUMNS = {
    "first name": "given", "vorname": "given", "prenom": "given", "nombre": "given",
    "nome": "given", "voornaam": "given",
    "last name": "family", "nachname": "family", "nom": "family",
    "nom de famille": "family", "apellidos": "family", "apellido": "family",
    "cognome": "family", "sobrenome": "family", "apelido": "family",
    "achternaam": "family",
    "url": "url", "profile url": "url", "profil-url": "url", "linkedin url": "url",
    "url du profil": "url", "url del perfil": "url",
    "email address": "email", "e-mail address": "email", "e-mail-adresse": "email",
    "e-mail": "email", "email": "email", "adresse e-mail": "email",
    "direccion de correo electronico": "email", "correo electronico": "email",
    "indirizzo email": "email", "indirizzo e-mail": "email",
    "endereco de e-mail": "email", "endereco de email": "email",
    "e-mailadres": "email",
    "company": "company", "unternehmen": "company", "firma": "company",
    "entreprise": "company", "societe": "company", "empresa": "company",
    "azienda": "company", "bedrijf": "company",
    "position": "position", "poste": "position", "fonction": "position",
    "cargo": "position", "puesto": "position", "posizione": "position",
    "qualifica": "position", "functie": "position",
    "connected on": "on", "verbunden am": "on", "vernetzt am": "on",
    "verknupft am": "on", "kontakt seit": "on", "date de connexion": "on",
    "connecte le": "on", "relation depuis": "on", "conectado el": "on",
    "fecha de conexion": "on", "collegato il": "on", "data di collegamento": "on",
    "conectado em": "on", "data da conexao": "on", "verbonden op": "on",
}  # fmt: skip
columns_of = columns_named(COLUMNS, "given", "family", "on")
_NUMBERS = re.compile(r"\d\d?[-/]\d")
# With it the month stands first: 5/14/18, 3:13 PM.
_TWELVE_HOURS = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """The people of a Connections.csv, in its order. Never raises for what is in it."""
    if not delimiter_of(start_of(file), columns_of):
        yield Unread(
            1, "There is no line with the column names First Name and Last Name."
        )
    columns: dict[str, int] = {}
    others: list[tuple[int, str]] = []
    day_first: bool | None = None
    is_asked = False
    for row in sheet(file, columns_of):
        if isinstance(row, Unread):
            yield row
            continue
        line, cells = row
        if not columns:
            columns = columns_of(cells) or {}
            known = columns.values()
            others = [(i, name) for i, name in enumerate(cells) if i not in known]
            continue
        said = {k: cells[i] for k, i in columns.items() if i < len(cells)}
        on = said.get("on", "")
        if not is_asked and _NUMBERS.match(on) and is_ambiguous(on):
            is_asked = True
            # Back to where we were: `sheet` reads on from there.
            at = file.tell()
            day_first = _order(file, columns["on"])
            file.seek(at)
        kept = [(name, cells[i]) for i, name in others if i < len(cells) and cells[i]]
        yield _record(line, said, kept, day_first)


def _order(file: IO[bytes], column: int) -> bool | None:
    """Whether the day comes first in the dates of this file."""
    rows = (row for row in sheet(file, columns_of) if not isinstance(row, Unread))
    for _line, cells in rows:
        text = cells[column] if column < len(cells) else ""
        if text and (found := order_of([text])) is not None:
            return found
        if is_ambiguous(text) and _TWELVE_HOURS.search(text):
            return False
    return None


def _record(
    line: int,
    cells: dict[str, str],
    others: Sequence[tuple[str, str]] = (),
    day_first: bool | None = None,
) -> Record | Unread:
    given, family = (
        " ".join(cells.get(key, "").split()) for key in ("given", "family")
    )
    name = f"{given} {family}".strip()
    if not name:
        return Unread(line, "A member who hides their name.", failed=False)
    record = Record(
        line,
        full_name=name,
        given_name=given,
        family_name=family,
        organization=" ".join(cells.get("company", "").split()),
        job_title=" ".join(cells.get("position", "").split()),
        platform="LinkedIn",
    )
    if url := cells.get("url", ""):
        record.methods.append(Method("handle", url, Service.LINKEDIN))
    reading = Line(record, day_first)
    if "@" in (email := cells.get("email", "")):
        record.methods.append(Method("email", email))
    elif email:
        reading.keep("Email Address", email)
    for label, value in others:
        reading.keep(label, value)
    if on := cells.get("on", ""):
        record.connected_on = connected_on(on, day_first)
        if record.connected_on is None:
            why = "may be two days" if is_ambiguous(on) else "is no date we understand"
            reading.keep_aside("Connected On", on, why)
    fit(record)
    return record


def connected_on(text: str, day_first: bool | None = None) -> PartialDate | None:
    """08 Feb 2026, 7-Feb-22 and 12 févr. 2023; None for what is no day of a year."""
    found = date_in(text, day_first)
    return found if found and found.year and found.day else None
