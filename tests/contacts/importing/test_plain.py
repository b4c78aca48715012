"""Tables of any kind: what is found in them before anybody says more, and how they
are read."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing import plain
from contacts.importing.columns import Columns, overridden
from contacts.importing.guessing import field_of, fields_of, label_of
from contacts.importing.records import CannotRead, Record, Unread


def look(text, **said):
    data = text if isinstance(text, bytes) else text.encode()
    return plain.look(io.BytesIO(data), **said)


def read(text, **said):
    data = text if isinstance(text, bytes) else text.encode()
    columns = look(data).columns.as_json() | said
    return list(plain.read(io.BytesIO(data), told=columns))


@pytest.mark.parametrize(
    ("header", "field", "label"),
    [
        ("E-Mail-Adresse", "email", ""),
        ("Adresse e-mail", "email", ""),
        ("Correo electrónico", "email", ""),
        ("メールアドレス", "email", ""),
        ("Your e-mail *", "email", ""),
        ("email_work", "email", "work"),
        ("Téléphone", "phone", ""),
        ("Telefon (geschäftlich)", "phone", "work"),
        ("MobilePhone", "phone", "mobile"),
        ("Phone 2", "phone", ""),
        ("Firma", "organization", "Firma"),
        ("LinkedIn URL", "linkedin", "LinkedIn URL"),
        ("GitHub", "github", "GitHub"),
        ("FirstName", "given_name", "FirstName"),
        ("Straße", "address.street", ""),
        ("Fecha de nacimiento", "birthday", "Fecha de nacimiento"),
        ("Introduced by", "met_through", "Introduced by"),
        ("Username", "handle", ""),
        ("Children", "relation", "child"),
        ("ID", "", "ID"),
    ],
)
def test_headers_say_what_a_column_is(header, field, label):
    assert field_of(header) == field
    assert label_of(header, field) == label


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (["Vorname", "Name"], ["given_name", "family_name"]),
        (["Prénom", "Nom"], ["given_name", "family_name"]),
        (["Nombre", "Apellidos"], ["given_name", "family_name"]),
        (["Nombre", "Mail"], ["full_name", "email"]),
        (["Voornaam", "Naam", "Plaats"], ["given_name", "family_name", "city"]),
        (["Imię", "Nazwisko", "Miasto"], ["given_name", "family_name", "city"]),
        (["Name", "Name"], ["full_name", "keep"]),
        (["First", "Last", "Name"], ["given_name", "family_name", "full_name"]),
        (["PLZ", "Ort"], ["address.code", "address.city"]),
    ],
)  # fmt: skip
def test_columns_are_told_by_each_other(headers, fields):
    assert fields_of(headers, [[] for _ in headers]) == fields


def test_a_title_may_be_one_before_the_name():
    samples = [["Ana"], ["Dr.", "Frau"]]

    assert fields_of(["Name", "Title"], samples) == ["full_name", "prefix"]


def test_what_has_no_name_is_told_by_its_values():
    text = (
        "Ana Ruiz,ana@example.org,+49 30 901820,https://github.com/ana,38\n"
        "Ben Okoye,ben@example.org,,https://github.com/ben,41\n"
    )
    columns = look(text).columns

    assert not columns.has_header
    assert columns.fields == ["full_name", "email", "phone", "github", "keep"]
    assert [item.full_name for item in read(text)] == ["Ana Ruiz", "Ben Okoye"]


def test_what_is_the_same_for_most_is_no_name():
    samples = [["Yes"] * 3, ["Oslo", "Rome", "Bern"], ["Ana", "Ben", "Cem"]]

    fields = fields_of(["Came", "From where", "Guest's name"], samples)
    assert fields == ["keep", "keep", "full_name"]


@pytest.mark.parametrize(
    ("text", "delimiter", "header", "line"),
    [
        ("Name;Mail\nAna;a@x.org\n", ";", ["Name", "Mail"], 1),
        ("Name\tMail\nAna\ta@x.org\n", "\t", ["Name", "Mail"], 1),
        ("Name|Mail\nAna|a@x.org\n", "|", ["Name", "Mail"], 1),
        ("sep=;\nName;Mail\nAna;a@x.org\n", ";", ["Name", "Mail"], 2),
        ("My people\n\nName,Mail\nAna,a@x.org\n", ",", ["Name", "Mail"], 3),
        ("Name\nRuiz, Ana\nOkoye, Ben\n", "", ["Name"], 1),
        ('"Name, all of it",Mail\nAna,a@x.org\n', ",", ["Name, all of it", "Mail"], 1),
        ("Name,Mail,,\nAna,a@x.org,,\n", ",", ["Name", "Mail"], 1),
        ("Name,Mail\nAna,a@x.org,x\nBen,,y\n", ",", ["Name", "Mail", ""], 1),
    ],
)
def test_how_a_table_is_written(text, delimiter, header, line):
    columns = look(text).columns

    assert (columns.delimiter, columns.header, columns.line) == (
        delimiter,
        header,
        line,
    )


def test_it_can_be_said_how_it_is_written():
    found = look("Ana;x\nBen;y\n", delimiter=";", has_header=False)

    assert [cells for _line, cells in found.rows] == [["Ana", "x"], ["Ben", "y"]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\n\n", "This file is empty."),
        (
            "Name,Mail\n",
            "There is one line of column names in this file, and nobody below it.",
        ),
        (
            "\n".join([",".join("abc" for _ in range(1000))] * 2),
            "This table has 1,000 columns; the most we take is 300."
            " Delete those that say nothing of a person, and bring it again.",
        ),
    ],
)
def test_what_is_no_table_of_people_is_refused(text, sentence):
    with pytest.raises(CannotRead, match=sentence.replace(".", r"\.")):
        look(text)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "Ana,a@x.org,38,more",
            "This line has 4 columns where there are 3; a quotation mark or a separator"
            " may be wrong.",
        ),
        ('"Ana,a@x.org', "A quotation mark in this line is never closed."),
        (
            "x" * 5_000_000,
            "This line is longer than 100,000 characters, which no person is.",
        ),
        (
            ",,38",
            "This line has no name, organization, e-mail address or phone number.",
        ),
    ],
)
def test_one_bad_line_does_not_stop_the_rest(line, reason):
    items = read(f"Name,Mail,Shoe\n{line}\nBen,ben@x.org,41\nCleo\n")

    assert items[0] == Unread(2, reason)
    assert [item.full_name for item in items[1:]] == ["Ben", "Cleo"]
    assert items[1].extra == ['X-COLUMN;X-ABLABEL="Shoe":41']


def test_without_a_name_nobody_is_read():
    assert read("Shoe,Hat\n38,7\n") == [
        Unread(1, "A name or an e-mail address is needed: say which column it is.")
    ]


def test_dates_tell_each_other_which_comes_first():
    told = look("Name,Birthday\nAna,3/4/1985\nBen,25/4/1985\n")
    untold = look("Name,Birthday\nAna,3/4/1985\nBen,4/5/1985\n")

    assert (told.columns.day_first, told.ambiguous_date(told.columns.fields)) == (
        True,
        "",
    )
    assert (untold.columns.day_first, untold.ambiguous_date(untold.columns.fields)) == (
        None,
        "3/4/1985",
    )


@pytest.mark.parametrize(
    ("encoding", "called"),
    [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_letters_are_read_and_named(encoding, called):
    data = "Name;Ort\nJürgen Groß;Köln\n".encode(encoding)

    assert [item.full_name for item in read(data)] == ["Jürgen Groß"]
    assert plain.letters_of(io.BytesIO(data)) == called


@pytest.mark.parametrize(
    ("start", "is_table"),
    [
        ("Name,Mail\nAna,a@x.org\n", True),
        ("a@x.org\nb@x.org\n", True),
        ("Name\nAna\n", True),
        (",,\nAna,Ruiz,ana@x.org\n", True),
        ("hello", False),
        ("hello, world\nthis is prose\nof three lines\n", False),
        ('{"a": 1,\n"b": 2}', False),
    ],
)
def test_a_table_is_known(start, is_table):
    assert plain.is_table(start) is is_table


def test_columns_can_be_said_by_name_and_by_number():
    header = ["Firma", "Mail", "Mail"]

    assert overridden(header, ["keep"] * 3, "firma=organization, Mail=email, 3=") == [
        "organization",
        "email",
        "",
    ]
    for said, sentence in {
        "Mail": "“Mail” is not like Firma=organization",
        "Mail=post": "There is no field “post”",
        "4=email": "There is no column “4” in this file",
    }.items():
        with pytest.raises(CannotRead, match=sentence):
            overridden(header, ["keep"] * 3, said)


_CELLS = st.text(alphabet="aB1@.,;|\t\"=+'\n/äß山\x00\ufeff ", max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(_CELLS, max_size=5), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16", "cp932"]),
)
def test_no_table_breaks_it(table, delimiter, encoding):
    data = "\n".join(delimiter.join(row) for row in table).encode(encoding, "replace")

    try:
        found = look(data)
    except CannotRead:
        return
    columns = Columns.from_json(found.columns.as_json())
    fields = ["full_name", "email", "birthday", "tags", "address.city"]
    said = columns.as_json() | {
        "fields": [fields[i % len(fields)] for i in range(len(columns.fields))]
    }
    items = list(plain.read(io.BytesIO(data), told=said))
    assert items
    assert all(isinstance(item, Record | Unread) for item in items)
    assert plain.letters_of(io.BytesIO(data))
