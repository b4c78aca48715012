"""What the cells of a line become, whatever reader they come from."""

import re

import pytest
import time_machine

from contacts.importing.days import date_in, is_ambiguous, order_of
from contacts.importing.filling import record_of
from contacts.importing.records import Unread

ASIDE = 'X-COLUMN;X-ABLABEL="Column":'


def person(*cells, **options):
    """Each cell as "field: value" or "field (label): value"."""
    found = [re.fullmatch(r"(\S*?)(?: \((.*?)\))?: (.*)", cell) for cell in cells]
    return record_of(1, [(m[1], m[2] or "", m[3]) for m in found], **options)


def methods(record):
    return [(m.kind, m.service, m.label, m.value) for m in record.methods]


def test_a_line_becomes_a_person():
    record = person(
        "given_name: Ana",
        "family_name: Ruiz",
        "organization (Firma): Acme",
        "department: Sales",
        "email (* Work): ana@example.org ::: ruiz@example.org",
        "phone (handy): tel:+1 617 555 0137",
        "tags: * myContacts ::: Sailing, fast ::: Paris",
        "birthday: 3. Mai 1985",
        "date (First day): 2019-05",
        'keep (Shoe "size"): 38; wide',
        " (Internal): 7",
    )

    assert (record.full_name, record.organization) == ("Ana Ruiz", "Acme")
    assert methods(record) == [
        ("email", "", "work", "ana@example.org"),
        ("email", "", "work", "ruiz@example.org"),
        ("phone", "", "mobile", "+1 617 555 0137"),
    ]
    assert record.methods[0].preferred
    assert record.tags == ["Sailing, fast", "Paris"]
    assert str(record.birthday) == "1985-05-03"
    assert [(d.kind, d.label, str(d.on)) for d in record.dates] == [
        ("other", "First day", "2019-05")
    ]
    assert sorted(record.extra) == [
        "ORG:Acme;Sales",
        'X-COLUMN;X-ABLABEL="Shoe size":38\\; wide',
    ]
    assert record.notes == []


@pytest.mark.parametrize(
    ("cells", "name", "given", "family"),
    [
        (["full_name: Ana Ruiz"], "Ana Ruiz", "", ""),
        (["full_name: Ruiz, Ana María"], "Ana María Ruiz", "Ana María", "Ruiz"),
        (["full_name: van der Berg, Jo"], "Jo van der Berg", "Jo", "van der Berg"),
        (["full_name: Smith, Jr."], "Smith, Jr.", "", ""),
        (["full_name: Acme, Inc."], "Acme, Inc.", "", ""),
        (["full_name: Ana Ruiz, Acme"], "Ana Ruiz, Acme", "", ""),
        (["given_name: 太郎", "family_name: 山田"], "山田 太郎", "太郎", "山田"),
        (["email: ana@example.org"], "ana@example.org", "", ""),
        (["organization: Acme"], "Acme", "", ""),
    ],
)
def test_names(cells, name, given, family):
    record = person(*cells)

    assert (record.full_name, record.given_name, record.family_name) == (
        name,
        given,
        family,
    )


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("email", "none", "is no e-mail address"),
        ("phone", "4,91761E+12", "is a number that a spreadsheet shortened"),
        ("birthday", "03/04/1985", "is no date we understand"),
        ("url", "javascript:alert(1)", "is no web page"),
        ("city", "=HYPERLINK(A1)", "is a formula and not what it shows"),
        ("nickname", "+cmd|' /C calc'!A0", "is a formula and not what it shows"),
    ],
)
def test_what_a_field_cannot_take_is_kept_and_told(field, value, why):
    record = person("full_name: Ana", f"{field} (Column): {value}")

    assert record.notes == [f"“{value}” {why}; it is kept aside."]
    assert [line.replace("\\", "") for line in record.extra] == [ASIDE + value]
    assert record.methods == []


def test_what_is_kept_of_a_plain_column_says_what_it_was():
    record = person("full_name: Ana", "phone: 4,91761E+12", "email: none")

    assert record.extra == [
        'X-COLUMN;X-ABLABEL="e-mail":none',
        'X-COLUMN;X-ABLABEL="phone":4\\,91761E+12',
    ]


def test_an_address_with_words_around_it_loses_nothing():
    record = person("full_name: Ana", "email (Column): Ana <ana@example.org> (old)")

    assert [m.value for m in record.methods] == ["ana@example.org"]
    assert record.extra == [f"{ASIDE}Ana <ana@example.org> (old)"]


def test_what_spreadsheets_put_around_a_text_goes():
    record = person(
        'full_name: ="Ana"',
        "phone: '+49 30 901820",
        "phone: +49(0)30 901821",
        "x: @ana",
        "birthday: 0/0/00",
    )

    assert record.full_name == "Ana"
    assert [m.value for m in record.methods] == [
        "+49 30 901820",
        "+49(0)30 901821",
        "@ana",
    ]
    assert (record.extra, record.notes, record.birthday) == ([], [], None)


def test_several_columns_feed_one_field():
    record = person(
        "full_name: Ana",
        "about (Bio): Cooks.",
        "about (Notes): Sails.",
        "job_title: Cook",
        "job_title: Sailor",
        "job_title: cook",
        "tags: a, b",
        "tags: b; c",
        "email: a@example.org",
        "email: b@example.org",
        "email (work): a@example.org",
        "phone: 030/901820 / 0170 5550137",
    )

    assert record.about == "Bio: Cooks.\n\nNotes: Sails."
    assert (record.job_title, record.extra) == ("Cook", ["TITLE:Sailor"])
    assert record.tags == ["a", "b", "c"]
    assert [m.value for m in record.methods] == [
        "a@example.org",
        "b@example.org",
        "030/901820",
        "0170 5550137",
    ]


def test_addresses_are_put_together():
    record = person(
        "full_name: Ana",
        "address.street (Home): Calle Mayor 1",
        "address.code (Home): 28013",
        "address.city (Home): Madrid",
        "address.country (Home): Spain",
        "address2.city (Work): Berlin",
        "address2.street (Work): Torstr. 9",
        "address3.city (Other): Porto",
    )

    assert methods(record) == [
        ("address", "", "home", "Calle Mayor 1\n28013 Madrid\nSpain"),
        ("address", "", "work", "Torstr. 9\nBerlin"),
        # There is but one field for a place.
        ("address", "", "other", "Porto"),
    ]
    assert (record.city, record.region, record.country) == ("Madrid", "", "Spain")


@pytest.mark.parametrize(
    ("cell", "method"),
    [
        ("url (Web): linkedin.com/in/ana", ("handle", "linkedin", "Web")),
        ("url (Web): www.example.org/ana", ("url", "", "Web")),
        ("github: ana", ("handle", "github", "")),
        ("linkedin (Profile): https://example.org/ana", ("url", "", "Profile")),
        ("handle (Google Talk): ana", ("handle", "other", "Google Talk")),
        ("handle (xing): ana", ("handle", "other", "XING")),
        ("handle: https://t.me/ana", ("handle", "telegram", "")),
        ("handle (Twitter): ana", ("handle", "x", "")),
    ],
)
def test_handles_and_pages_are_told_apart(cell, method):
    record = person("full_name: Ana", cell)

    assert methods(record) == [(*method, cell.partition(": ")[2])]


def test_how_you_met_and_who_is_close():
    record = person(
        "full_name: Ana",
        "met_on: 12/31/2019",
        "met_at: Oslo",
        "met_through: Lena",
        "spouse: Ben Okoye",
        "relation (Boss): Carla; Dan",
    )

    assert (str(record.connected_on), record.in_person) == ("2019-12-31", True)
    assert (record.place, record.introducer) == ("Oslo", "Lena")
    assert [relation.words for relation in record.relations] == [
        "spouse: Ben Okoye",
        "boss: Carla",
        "boss: Dan",
    ]


def test_a_line_of_nobody_is_told():
    assert person("city: Oslo") == Unread(
        1, "This line has no name, organization, e-mail address or phone number."
    )


@time_machine.travel("2026-06-15 12:00")
@pytest.mark.parametrize(
    ("text", "day_first", "iso"),
    [
        ("2019", None, "2019"),
        ("2019-05", None, "2019-05"),
        ("2019-05-03T10:00:00Z", None, "2019-05-03"),
        ("20190503", None, "2019-05-03"),
        ("3.5.2019", None, "2019-05-03"),
        ("03.05.19", None, "2019-05-03"),
        ("13/4/1985", None, "1985-04-13"),
        ("4/13/1985", None, "1985-04-13"),
        ("03/04/1985", None, None),
        ("03/04/1985", True, "1985-04-03"),
        ("03/04/1985 0:00", False, "1985-03-04"),
        ("3 de mayo de 2019", None, "2019-05-03"),
        ("1er mars 2020", None, "2020-03-01"),
        ("12 févr. 1985", None, "1985-02-12"),
        ("Sunday, May 3, 1985", None, "1985-05-03"),
        ("Sonntag, 3. Mai 1985", None, "1985-05-03"),
        ("--05-03", None, "--05-03"),
        ("3.5.", None, "--05-03"),
        ("2019年5月3日", None, "2019-05-03"),
        ("7-Feb-22", None, "2022-02-07"),
        ("7-Feb-27", None, "1927-02-07"),
        ("99/99/9999", True, None),
        ("31.02.2019", None, None),
        ("hello", None, None),
    ],
)
def test_dates(text, day_first, iso):
    found = date_in(text, day_first)

    assert (found and str(found)) == iso


def test_the_order_of_days_is_found_or_asked_for():
    assert order_of(["", "3/4/2019", "x", "25/4/2019"]) is True
    assert order_of(["3/4/2019", "4/25/2019"]) is False
    assert order_of(["3/4/2019", "25.4.2019"]) is None
    assert is_ambiguous("3/4/2019")
    assert not is_ambiguous("3/3/2019")
    assert not is_ambiguous("25/4/2019")
