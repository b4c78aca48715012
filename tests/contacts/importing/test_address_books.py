"""Tables of address books from the command line to the tables and back."""

import io

import pytest
from django.core.management import CommandError
from django.urls import reverse

from contacts.importing.outlook_names import BY_NAME, LEFT_OUT
from contacts.importing.readers import READERS, reader_for
from networkcrm.text import fold
from tests.contacts.importing import test_google as google
from tests.contacts.importing import test_outlook as outlook
from tests.contacts.importing import test_thunderbird as thunderbird
from tests.contacts.importing.test_commands import run
from tests.contacts.importing.test_running import everything
from tests.factories import ContactFactory

BEN = {"Name": "Ben Okoye", "Phone 1 - Value": "+44 20 7946 0018"}
GOOGLE = google.written(google.OLD, google.MAYA, BEN, {"Hobby": "Chess"}).encode()
EVA = {"Vorname": "Eva", "Nachname": "Weiß", "Mobiltelefon": "0171 2345678"}
OUTLOOK = outlook.written(
    outlook.GERMAN, outlook.JOERG, EVA, {"Privat": "Ein"}, encoding="cp1252"
)
LINKEDIN = (
    b"Notes:\r\n\r\nFirst Name,Last Name,URL,Email Address,Company,Position,"
    b"Connected On\r\nAna,Ruiz,https://www.linkedin.com/in/ana,,Acme,Buyer,02/08/2026\r\n"
    b"Zo\xc3\xab,Moss,,zoe@example.org,Moss Ltd,,03/31/2020\r\nA,b,c,d,e,f,g,h,i\r\n"
)


@pytest.mark.parametrize(
    ("name", "data"), [("google", GOOGLE), ("outlook", OUTLOOK), ("linkedin", LINKEDIN)]
)
def test_import_twice_and_undo(user, stranger, tmp_path, name, data):
    ContactFactory(owner=stranger, full_name="Maya Lindqvist")
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    args = ("import_contacts", path, "--owner", user)
    before, theirs = everything(user), everything(stranger)
    counts = {"read": 3, "created": 2, "updated": 0, "skipped": 0, "failed": 1}

    dry = run(*args, "--dry-run")
    first = run(*args, "--format", name)
    after = everything(user)
    second = run(*args)

    assert {key: dry[key] for key in counts} == counts
    assert {key: first[key] for key in counts} == counts
    same = counts | {"created": 0, "skipped": 2}
    assert {key: second[key] for key in counts} == same
    assert everything(user) == after
    assert user.imports.get(pk=first["batch"]).source == name

    run("undo_import", second["batch"], "--owner", user)
    assert run("undo_import", first["batch"], "--owner", user)["undone"] == 2
    assert everything(user) == before
    assert everything(stranger) == theirs


def test_what_was_here_before_comes_back(user, tmp_path):
    maya = ContactFactory(owner=user, full_name="Maya Lindqvist", about="Mine.")
    before = everything(user)
    path = tmp_path / "contacts.csv"
    path.write_bytes(GOOGLE)

    said = run("import_contacts", path, "--owner", user)

    assert (said["created"], said["updated"]) == (2, 0)
    run("undo_import", said["batch"], "--owner", user)
    user.contactmethods.create(contact=maya, kind="email", value="maya@example.org")
    before = everything(user)

    said = run("import_contacts", path, "--owner", user)

    maya.refresh_from_db()
    assert (said["created"], said["updated"]) == (1, 1)
    assert (maya.about, maya.job_title) == ("Mine.", "Chandler")
    assert sorted(user.tags.values_list("name", flat=True)) == [
        "Candles, Boston",
        "Friends",
        "Starred",
    ]
    run("undo_import", said["batch"], "--owner", user)
    assert everything(user) == before


def test_linkedins_day_is_the_origin_and_the_spouse_a_relationship(user, tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(LINKEDIN)
    run("import_contacts", path, "--owner", user)
    path.write_bytes(OUTLOOK)
    run("import_contacts", path, "--owner", user)

    ana = user.contacts.get(full_name="Ana Ruiz")
    assert (ana.origin.platform, str(ana.origin.on)) == ("linkedin", "2026-02-08")
    (between,) = user.relationships.filter(to_contact__full_name="Eva Weiß")
    assert between.from_contact.full_name == "Jörg Weiß"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("google", google.OLD),
        ("google", google.NEW),
        ("outlook", outlook.ENGLISH),
        ("outlook", outlook.GERMAN),
        ("outlook", outlook.FRENCH),
        ("outlook", outlook.JAPANESE),
        ("thunderbird", thunderbird.AMERICAN),
        ("thunderbird", thunderbird.GERMAN),
        ("linkedin", LINKEDIN.decode().split("\r\n")[2] + ",Phone"),
    ],
)
def test_no_cell_is_lost(name, header):
    columns = header.split(",")
    cells = {column: f"q{index}q" for index, column in enumerate(columns)}
    text = f"{header}\r\n{','.join(cells[column] for column in columns)}\r\n"

    (record,) = READERS[name].read(io.BytesIO(text.encode()))

    lost = {column for column, cell in cells.items() if cell not in repr(record)}
    # How mail is sent to an address says nothing of a person.
    assert {c for c in lost if BY_NAME.get(fold(c)) != (LEFT_OUT, "type")} == set()


FORMULA = '=HYPERLINK("http://evil.example";"Click")'


def test_a_formula_is_kept_as_it_is_and_never_a_link(client, user, tmp_path):
    person = {
        "First Name": "Ana", "Last Name": "@SUM(1+1)*cmd|' /C calc'!A0",
        "Organization Name": FORMULA, "Notes": FORMULA, "Labels": "-2+3",
        "Phone 1 - Value": "+49 30 1234567", "Nickname": "<script>alert(1)</script>",
        "Website 1 - Value": "javascript:alert(1)", "Photo": "javascript:alert(2)",
        "Custom Field 1 - Label": "=1+1", "Custom Field 1 - Value": FORMULA,
    }  # fmt: skip
    path = tmp_path / "contacts.csv"
    path.write_text(google.written(google.NEW, person))

    said = run("import_contacts", path, "--owner", user)

    ana = user.contacts.get(given_name="Ana")
    page = client.get(reverse("contact_detail", args=[ana.pk])).content.decode()
    page += client.get(reverse("import_detail", args=[said["batch"]])).content.decode()
    page += client.get(reverse("contact_list")).content.decode()
    assert ana.about == FORMULA
    assert ana.methods.get().value == "+49 30 1234567"
    assert sum(FORMULA.replace(";", "\\;") in line for line in ana.extra) == 2
    for harm in (
        'javascript:alert(1)"',
        'href="=',
        'href="http://evil',
        "<script>alert",
    ):
        assert harm not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("data", "counts"),
    [
        (google.NEW.encode(), [0, 0, 0]),
        (outlook.GERMAN.encode("cp1252") + b"\r\n;;;;\r\n\r\n", [0, 0, 0]),
        (
            b"sep=;\r\n" + google.NEW.replace(",", ";").encode() + b"\r\nAna\r\n",
            [1, 0, 1],
        ),
        (GOOGLE.replace(b"\r\n", b"\r"), [3, 1, 2]),
        (GOOGLE + b"\0\0", [3, 1, 2]),
        (GOOGLE.replace(b'"', b"", 1), None),
        (GOOGLE[: len(GOOGLE) // 2], None),
        (OUTLOOK + bytes(range(128, 256)) + b"\r\n", [4, 1, 3]),
        (OUTLOOK.decode("cp1252").encode("utf-16-be"), [3, 1, 2]),
        (OUTLOOK + b"x" * 5_000_000 + b"\r\n", [4, 2, 2]),
    ],
)
def test_broken_files_add_up(user, tmp_path, data, counts):
    path = tmp_path / "people.csv"
    path.write_bytes(data)

    said = run("import_contacts", path, "--owner", user)

    read, failed, created = (said[key] for key in ("read", "failed", "created"))
    assert read == created + failed + said["skipped"] + said["updated"]
    assert counts is None or [read, failed, created] == counts


@pytest.mark.parametrize("name", ["google", "outlook"])
def test_another_table_is_refused_by_name(user, tmp_path, name):
    path = tmp_path / "people.csv"
    path.write_bytes(LINKEDIN)

    with pytest.raises(CommandError, match="This is no table of"):
        run("import_contacts", path, "--owner", user, "--format", name)


def test_the_generic_reader_comes_last():
    for name, data in (
        ("google", GOOGLE),
        ("outlook", OUTLOOK),
        ("linkedin", LINKEDIN),
    ):
        assert reader_for(io.BytesIO(data), len(data)).name == name
        assert reader_for(io.BytesIO(data), len(data), "csv").name == "csv"
