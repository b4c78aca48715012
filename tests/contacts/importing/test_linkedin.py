import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing import linkedin
from contacts.importing.records import Method, Record, Unread
from networkcrm.partial_dates import PartialDate

NOTES = (
    "Notes:\r\n"
    '"When exporting your connection data, you may notice that some of the e-mail'
    ' addresses are missing, ""see"" the settings."\r\n\r\n'
)
HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
ANA = "Ana,Ruiz,https://www.linkedin.com/in/ana-ruiz,,Acme,Buyer,08 Feb 2026\r\n"


def read(text, encoding="utf-8"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return list(linkedin.read(io.BytesIO(data)))


@pytest.mark.parametrize("notes", [NOTES, "", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_connections_as_linkedin_gives_them(notes, encoding):
    found = read(
        notes + HEADER + ANA
        + 'Zoë,"Müller, PhD",https://www.linkedin.com/in/zoe,zoe@example.org,'
        + '"Lumen, Inc.","Head of ""Light""\nand shade",7-Feb-22\r\n',
        encoding,
    )  # fmt: skip

    start = 1 + notes.count("\n")
    assert found == [
        Record(
            line=start + 1,
            full_name="Ana Ruiz",
            given_name="Ana",
            family_name="Ruiz",
            organization="Acme",
            job_title="Buyer",
            platform="LinkedIn",
            connected_on=PartialDate(2026, 2, 8),
            methods=[
                Method("handle", "https://www.linkedin.com/in/ana-ruiz", "linkedin")
            ],
        ),
        Record(
            line=start + 2,
            full_name="Zoë Müller, PhD",
            given_name="Zoë",
            family_name="Müller, PhD",
            organization="Lumen, Inc.",
            job_title='Head of "Light" and shade',
            platform="LinkedIn",
            connected_on=PartialDate(2022, 2, 7),
            methods=[
                Method("handle", "https://www.linkedin.com/in/zoe", "linkedin"),
                Method("email", "zoe@example.org"),
            ],
        ),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_german_headers_and_what_a_spreadsheet_makes_of_them(separator):
    text = (
        "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am\n"
        "Jörg,Weiß,https://www.linkedin.com/in/jw,,Beispiel AG,Entwickler,03 Mär 2022\n"
    )

    (record,) = read(text.replace(",", separator))

    assert (record.full_name, record.organization) == ("Jörg Weiß", "Beispiel AG")
    assert record.connected_on == PartialDate(2022, 3, 3)


def test_without_the_url_column_and_with_hidden_members():
    found = read(
        "First Name,Last Name,Email Address,Company,Position,Connected On\n"
        ",,,,,08 Feb 2026\n"
        "Cher,,,,,08 Feb 2026\n"
        "\n"
        ",,,,,\n"
    )

    assert found == [
        Unread(2, "A member who hides their name.", failed=False),
        Record(
            line=3,
            full_name="Cher",
            given_name="Cher",
            platform="LinkedIn",
            connected_on=PartialDate(2026, 2, 8),
        ),
    ]


def test_a_quote_that_is_never_closed_spoils_one_line():
    found = read(HEADER + 'Ben,"Unclosed,,,,,08 Feb 2026\r\n' + ANA * 30)

    assert [item.line for item in found] == [2, *range(3, 33)]
    assert found[0].failed
    assert "quotation mark" in found[0].reason
    assert {item.full_name for item in found[1:]} == {"Ana Ruiz"}


def test_too_many_columns_and_a_line_of_five_megabytes():
    found = read(HEADER + "a,b,c,d,e,f,08 Feb 2026,h\n" + "x" * 5_000_000 + "\n" + ANA)

    assert [item.line for item in found] == [2, 3, 4]
    assert [isinstance(item, Record) for item in found] == [False, False, True]
    assert "8 columns where the header has 7" in found[0].reason


def test_a_date_that_could_be_two_days_is_left_open():
    (record,) = read(HEADER + ANA.replace("08 Feb 2026", "02/08/2026"))

    assert record.connected_on is None
    assert record.notes == ["“02/08/2026” may be two days; it is kept aside."]
    assert record.extra == ['X-COLUMN;X-ABLABEL="Connected On":02/08/2026']


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        (["02/08/2026", "03/31/2020"], ["2026-02-08", "2020-03-31"]),
        (["02/08/2026", "31/03/2020"], ["2026-08-02", "2020-03-31"]),
        (["5/4/18, 3:13 PM", "6/4/18, 11:02 AM"], ["2018-05-04", "2018-06-04"]),
        (["08.02.2026", "12 févr. 2023"], ["2026-02-08", "2023-02-12"]),
        (["Feb 2026", "soon"], ["None", "None"]),
    ],
)
def test_the_whole_file_says_whether_the_day_comes_first(dates, found):
    people = [ANA.replace("08 Feb 2026", f'"{date}"') for date in dates]

    assert [str(r.connected_on) for r in read(HEADER + "".join(people))] == found


@pytest.mark.parametrize(
    "header",
    [
        "Prénom,Nom,URL,Adresse e-mail,Entreprise,Poste,Date de connexion",
        "Nombre,Apellidos,URL,Correo electrónico,Empresa,Cargo,Conectado el",
        "FIRST NAME,LAST NAME,URL,EMAIL ADDRESS,COMPANY,POSITION,CONNECTED ON",
        f"\ufeffsep=,\n{HEADER.strip()}",
    ],
)
@pytest.mark.parametrize("notes", ["", 'Notes :\n"En exportant..."\n"\n\n'])
def test_headers_in_other_languages_below_notes_with_a_stray_quote(header, notes):
    (record,) = read(f"{notes}{header},,\n{ANA.strip()},,,\n")

    assert (record.full_name, record.organization) == ("Ana Ruiz", "Acme")
    assert record.connected_on == PartialDate(2026, 2, 8)


def test_columns_that_others_added_are_kept():
    header = HEADER.replace("Position", "Position,Phone Numbers,Note")
    (record,) = read(header + ANA.replace("Buyer", "Buyer,+351 22 000,=1+1"))

    assert record.extra == [
        'X-COLUMN;X-ABLABEL="Phone Numbers":+351 22 000',
        'X-COLUMN;X-ABLABEL="Note":=1+1',
    ]


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("08 Feb 2026", PartialDate(2026, 2, 8)),
        ("7-Feb-22", PartialDate(2022, 2, 7)),
        ("2026-02-08", PartialDate(2026, 2, 8)),
        ("1 Okt. 2019", PartialDate(2019, 10, 1)),
        ("31 Feb 2026", None),
        ("08 Foo 2026", None),
        ("", None),
    ],
)
def test_both_date_forms(text, on):
    assert linkedin.connected_on(text) == on


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400) | st.text('",;\n\r\tAn \x00', max_size=200).map(str.encode)
)
def test_any_bytes_never_raise(data):
    for item in read(HEADER.encode() + data + b"\r\n" + ANA.encode()):
        assert isinstance(item, Record | Unread)
