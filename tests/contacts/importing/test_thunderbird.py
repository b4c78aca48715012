"""Thunderbird's address book as a table."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.importing import thunderbird
from contacts.importing.readers import reader_for
from contacts.importing.records import Method, Record, Unread
from networkcrm.partial_dates import PartialDate
from tests.contacts.importing.test_outlook import written

AMERICAN = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,"
    "Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,"
    "Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,"
    "Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,"
    "Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,"
    "Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,Notes,"
)
GERMAN = (
    "Vorname,Nachname,Anzeigename,Spitzname,Primäre E-Mail-Adresse,"
    "Sekundäre E-Mail-Adresse,Tel. dienstlich,Mobil-Tel.-Nr.,Privat: Ort,"
    "Geburtsjahr,Geburtsmonat,Geburtstag,Notizen,"
)
ANA = {
    "First Name": "Ana", "Last Name": "Ruiz", "Display Name": "Ana Ruiz",
    "Primary Email": "ana@example.org", "Secondary Email": "a@ruiz.example",
    "Work Phone": "+351 22 0001", "Mobile Number": "+351 91 0002",
    "Home Address": "Rua A 1", "Home City": "Porto", "Home Country": "Portugal",
    "Work Address": "Rua B 2", "Work City": "Lisboa", "Web Page 1": "acme.example",
    "Job Title": "Buyer", "Department": "Tools", "Organization": "Acme",
    "Birth Year": "1985", "Birth Month": "10", "Birth Day": "2", "Custom 1": "one",
    "Notes": "two\nlines",
}  # fmt: skip


def read(data):
    return list(thunderbird.read(io.BytesIO(data)))


def test_all_that_the_table_says():
    assert read(written(AMERICAN, ANA)) == [
        Record(
            line=2,
            full_name="Ana Ruiz",
            given_name="Ana",
            family_name="Ruiz",
            organization="Acme",
            job_title="Buyer",
            city="Lisboa",
            about="two\nlines",
            birthday=PartialDate(1985, 10, 2),
            methods=[
                Method("email", "ana@example.org"),
                Method("email", "a@ruiz.example"),
                Method("phone", "+351 22 0001", label="work"),
                Method("phone", "+351 91 0002", label="mobile"),
                Method("url", "acme.example", label="work"),
                Method("address", "Rua B 2\nLisboa", label="work"),
                Method("address", "Rua A 1\nPorto\nPortugal", label="home"),
            ],
            extra=['X-COLUMN;X-ABLABEL="Custom 1":one', "ORG:Acme;Tools"],
        )
    ]


@pytest.mark.parametrize(
    ("birth", "found"),
    [
        (["1985", "4", "12"], "1985-04-12"),
        (["", "10", "20"], "--10-20"),
        (["1990", "", ""], "1990"),
        (["0", "0", "0"], "None"),
        (["", "4", ""], "None"),
    ],
)
def test_a_birthday_in_three_columns(birth, found):
    days = dict(zip(["Birth Year", "Birth Month", "Birth Day"], birth, strict=True))
    (record,) = read(written(AMERICAN, {"Last Name": "Ruiz"} | days))

    assert str(record.birthday) == found
    # A month alone is no date, and yet it is not lost.
    assert len(record.notes) == len(record.extra) == (birth == ["", "4", ""])


@pytest.mark.parametrize("header", [AMERICAN, GERMAN])
def test_the_header_tells_whose_table_it_is(header):
    data = written(header, {header.partition(",")[0]: "Ana"}, encoding="cp1252")

    assert reader_for(io.BytesIO(data), len(data)).name == "thunderbird"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(AMERICAN.split(",")[:-1]),
            st.text('@.,;"\n-0123aé', max_size=12),
            max_size=8,
        ),
        max_size=4,
    )
)
def test_any_cells_are_read_or_told(people):
    found = read(
        written(AMERICAN, *(person | {"First Name": "A"} for person in people))
    )

    assert len(found) == len(people)
    assert all(isinstance(item, Record | Unread) for item in found)
