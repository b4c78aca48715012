"""manage.py import_contacts and undo_import, as scripts use them."""

import io
import json
import uuid

import pytest
from django.core.management import CommandError, call_command

from tests.contacts.importing.test_running import card
from tests.factories import ContactFactory, EventFactory, ImportFactory

TEXT = card("FN:Ana") + card("FN:Ben") + card()


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.vcf"
    path.write_text(TEXT)
    return path


def run(*args):
    out = io.StringIO()
    call_command(*map(str, args), stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue().splitlines()[-1])


def test_import_and_undo(user, stranger, people):
    said = run("import_contacts", people, "--owner", "ADA@example.org")

    batch = user.imports.get()
    assert said == {
        "read": 3,
        "created": 2,
        "updated": 0,
        "skipped": 0,
        "failed": 1,
        "batch": str(batch.pk),
    }
    assert stranger.contacts.others().count() == 0
    assert run("import_contacts", people, "--owner", user)["skipped"] == 2

    said = run("undo_import", batch.pk, "--owner", user)

    assert said == {"undone": 2, "kept": 0, "batch": str(batch.pk)}
    assert user.contacts.others().count() == 0


@pytest.mark.parametrize("args", [[], ["--dry-run"]])
def test_what_is_left_out_is_told(user, tmp_path, capsys, args):
    path = tmp_path / "long.vcf"
    path.write_text(card("FN:Ana", "NOTE:" + "x" * 5_000_000) + card())

    call_command("import_contacts", str(path), "--owner", str(user), *args)

    assert capsys.readouterr().err.splitlines() == [
        "Line 1: NOTE on line 4 is longer than 1 MB and was left out.",
        "Line 6: This card has no name, organization, e-mail address or phone number.",
    ]


def test_a_dry_run_writes_nothing(user, people):
    said = run("import_contacts", people, "--owner", user, "--dry-run")

    assert said == {
        "read": 3, "created": 2, "updated": 0, "skipped": 0, "failed": 1, "batch": None
    }  # fmt: skip
    assert (user.contacts.others().count(), user.imports.count()) == (0, 0)


def test_linkedin_through_someone_at_an_event(user, tmp_path):
    path = tmp_path / "Connections.csv"
    path.write_text("First Name,Last Name,Connected On\nAna,Ruiz,08 Feb 2026\n")
    lena, fair = ContactFactory(owner=user), EventFactory(owner=user)

    run(
        "import_contacts", path, "--owner", user, "--format", "linkedin",
        "--met-through", lena.pk, "--event", fair.pk,
    )  # fmt: skip

    origin = user.contacts.get(full_name="Ana Ruiz").origin
    assert (origin.introducer, origin.event, origin.story) == (
        lena,
        fair,
        "Connected on LinkedIn on 8 Feb 2026.",
    )


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--owner", "nobody@example.org"], "There is no account with the address"),
        (["--format", "linkedin"], "This is no LinkedIn archive"),
        (["--event", "x"], "You have no event with the id x."),
        (["--met-through", str(uuid.uuid4())], "You have no contact with the id"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(user, stranger, people, args, sentence):
    with pytest.raises(CommandError, match=sentence):
        run("import_contacts", people, "--owner", user, *args)

    assert not user.imports.exists()


def test_a_strangers_contact_and_batch_do_not_exist(user, stranger, people):
    theirs = ContactFactory(owner=stranger)
    batch = ImportFactory(owner=stranger, state="done")

    with pytest.raises(CommandError, match="You have no contact"):
        run("import_contacts", people, "--owner", user, "--met-through", theirs.pk)
    with pytest.raises(CommandError, match="You have no import"):
        run("undo_import", batch.pk, "--owner", user)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "This file is empty."), (b"\x89PNG\r\n\x1a\n", "This is a picture")],
)
def test_what_is_no_address_book_is_refused(user, tmp_path, data, sentence):
    path = tmp_path / "bad.vcf"
    path.write_bytes(data)

    with pytest.raises(CommandError, match=sentence):
        run("import_contacts", path, "--owner", user)


def test_a_file_of_200_mb(user, tmp_path):
    path = tmp_path / "big.vcf"
    with path.open("wb") as file:
        file.write(TEXT.encode())
        file.truncate(200_000_000)

    with pytest.raises(CommandError, match="This file is 200 MB"):
        run("import_contacts", path, "--owner", user)


def test_a_file_that_is_not_there(user, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("import_contacts", tmp_path / "none.vcf", "--owner", user)


@pytest.fixture
def guests(tmp_path):
    path = tmp_path / "guests.csv"
    path.write_text(
        "Wer;E-Mail;Firma;Datum\nAna Ruiz;ana@example.org;Acme;3/4/2019\n;;Globex;\n"
    )
    return path


def test_a_table_is_guessed_and_said_to_be(user, guests, capsys):
    columns = "Wer=full_name,Datum=met_on"

    said = run("import_contacts", guests, "--owner", user, "--dry-run")
    assert (said["read"], said["created"]) == (2, 2)

    args = ["--columns", columns, "--dates", "day", "--tag", "Guests, Oslo"]
    call_command("import_contacts", str(guests), "--owner", str(user), *args)

    assert capsys.readouterr().err.splitlines() == [
        "1 Wer: full name",
        "2 E-Mail: e-mail address",
        "3 Firma: organization",
        "4 Datum: when you met",
    ]
    ana = user.contacts.get(full_name="Ana Ruiz")
    assert str(ana.origin.on) == "2019-04-03"
    assert {tag.name for tag in ana.tags.all()} == {"Guests", "Oslo"}
    # The next one with this header needs no words.
    assert run("import_contacts", guests, "--owner", user)["skipped"] == 2


@pytest.mark.parametrize(
    ("text", "args", "sentence"),
    [
        ("Shoe;Hat\n38;7\n", [], "Which column is the name, and which"),
        ("Name;Hat\nAna;7\n", ["--columns", "Hat=hat"], "There is no field “hat”"),
        ("Name;Hat\n", [], "There is one line of column names in this file"),
        (card("FN:Ana"), ["--format=vcard", "--dates=day"], "are for --format csv"),
    ],
)  # fmt: skip
def test_a_table_of_nobody_is_refused(user, tmp_path, text, args, sentence):
    path = tmp_path / "table.csv"
    path.write_text(text)

    with pytest.raises(CommandError, match=sentence):
        run("import_contacts", path, "--owner", user, *args)
    assert not user.imports.exists()
