"""A table of one's own, from its upload to the people in it."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from contacts.importing.columns import NOBODY_NAMED
from contacts.models import Import
from tests.contacts.importing.test_import_pages import upload, work
from tests.factories import ContactFactory, EventFactory, FactFactory

TEXT = (
    "Teilnahme;E-Mail;Firma;Schuhgröße\n"
    "Ana Ruiz;ana@example.org;Acme;38\n"
    "Ben Okoye;ben@example.org;;41\n"
    ";;;39\n"
)
SAID = {
    "separator": "semicolon",
    "column_0": "full_name",
    "column_1": "email",
    "column_2": "organization",
    "column_3": "",
}


@pytest.fixture
def batch(client, user):
    upload(client, TEXT, "people.csv")
    return user.imports.get()


def url(batch, name="import_columns"):
    return reverse(name, args=[batch.pk])


def page(response):
    return response.content.decode()


def test_the_whole_way(client, user, batch):
    assert batch.state == "mapping"
    response = client.get(batch.get_absolute_url(), follow=True)
    assert [(c.title, c.field) for c in response.context["form"].rows] == [
        ("Teilnahme", "full_name"),
        ("E-Mail", "email"),
        ("Firma", "organization"),
        ("Schuhgröße", "keep"),
    ]
    assert "Ana Ruiz" in page(response)
    assert work() == 0

    response = client.post(url(batch), SAID | {"save": "1"}, follow=True)
    assert "Reading and comparing" in page(response)
    work()
    response = client.get(batch.get_absolute_url())
    assert "Nothing is written yet. 2 would be added" in page(response)
    assert ("Schuhgröße", "left out") in response.context["columns"]

    client.post(url(batch, "import_start"), {"tags": "Hiking, Oslo"})
    work()

    ana = user.contacts.get(full_name="Ana Ruiz")
    assert (ana.organization.name, ana.extra) == ("Acme", [])
    assert {tag.name for tag in ana.tags.all()} == {"Hiking", "Oslo"}
    batch.refresh_from_db()
    assert (batch.read, batch.created, batch.failed) == (3, 2, 1)
    client.post(url(batch, "import_undo"))
    work()
    assert not user.contacts.others().exists()
    assert not user.tags.exists()


def test_the_first_people_are_shown_as_they_would_come_in(client, batch, htmx):
    headers = {
        f"HTTP_{k.upper().replace('-', '_')}": v for k, v in htmx("div#people").items()
    }

    response = client.post(url(batch), SAID | {"column_3": "about"}, **headers)

    assert "<html" not in page(response)
    assert [person["facts"] for person in response.context["form"].people] == [
        [("Work", "Acme"), ("E-mail", "ana@example.org"), ("Notes", "38")],
        [("E-mail", "ben@example.org"), ("Notes", "41")],
        [],
    ]
    batch.refresh_from_db()
    assert batch.state == "mapping"


def test_somebody_must_come_of_it(client, batch):
    nobody = {"column_0": "city", "column_1": "keep", "save": "1"}

    response = client.post(url(batch), SAID | nobody)

    assert NOBODY_NAMED in page(response)
    batch.refresh_from_db()
    assert batch.state == "mapping"


def test_a_day_that_may_be_two_is_asked_for(client, user):
    upload(client, "Name,Birthday\nAna,3/4/1985\n", "dates.csv")
    batch = user.imports.get()
    said = {"separator": "comma", "column_0": "full_name", "column_1": "birthday"}

    asked = client.post(url(batch), said | {"save": "1"})
    assert "Which day is 3/4/1985?" in page(asked)
    assert "Say which of the two it is." in page(asked)

    client.post(url(batch), said | {"dates": "month", "save": "1"})
    work()
    client.post(url(batch, "import_start"))
    work()
    assert str(user.contacts.get(full_name="Ana").birthday) == "1985-03-04"


def test_the_country_of_the_owner_tells_which_day_it_is(client, user):
    user.phone_region = "US"
    user.save()
    upload(client, "Name,Birthday\nAna,3/4/1985\n", "dates.csv")

    form = client.get(url(user.imports.get())).context["form"]

    assert (form.columns.day_first, form.initial["dates"]) == (False, "month")


def test_it_can_be_said_how_the_table_is_written(client, user):
    upload(client, "Ana,Ruiz;ana@example.org\nBen,Okoye;ben@example.org\n", "x.csv")
    batch = user.imports.get()

    found = client.get(url(batch), {"separator": "comma", "no_header": "on"})

    assert [column.samples[0] for column in found.context["form"].rows] == [
        "Ana",
        "Ruiz;ana@example.org",
    ]


def test_the_next_file_with_this_header_comes_mapped(client, user, stranger, batch):
    client.post(url(batch), SAID | {"column_3": "keep", "save": "1"})
    later = TEXT + "Cleo Moss;cleo@example.org;Acme;40\n"

    upload(client, later, "later.csv")
    client.force_login(stranger)
    upload(client, later, "theirs.csv")

    mine = user.imports.get(file_name="later.csv")
    assert (mine.state, mine.columns["fields"]) == (
        "reading",
        ["full_name", "email", "organization", "keep"],
    )
    assert stranger.imports.get().state == "mapping"


def test_there_is_a_way_back_from_the_preview(client, user, batch):
    client.post(url(batch), SAID | {"save": "1"})
    work()

    response = client.post(url(batch, "import_columns_again"), follow=True)

    assert [column.field for column in response.context["form"].rows] == [
        "full_name",
        "email",
        "organization",
        "",
    ]
    client.post(url(batch), SAID | {"column_3": "keep", "save": "1"})
    work()
    batch.refresh_from_db()
    assert (batch.state, batch.read, batch.created) == ("preview", 3, 2)


def test_a_page_that_stood_open_is_told(client, user, batch):
    client.post(url(batch), SAID | {"save": "1"})

    second = client.post(url(batch), SAID | {"save": "1"}, follow=True)
    assert "The columns of this file are settled already." in page(second)
    assert work() == 1

    client.post(url(batch, "import_start"))
    back = client.post(url(batch, "import_columns_again"), follow=True)
    assert "The columns of this file are settled already." in page(back)
    assert work() == 1
    assert client.get(url(batch)).url == batch.get_absolute_url()


def test_a_file_can_be_forgotten_before_it_is_read(
    client, user, batch, django_capture_on_commit_callbacks
):
    name = batch.file.name

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(batch, "import_discard"))

    assert (user.imports.exists(), default_storage.exists(name)) == (False, False)


def test_a_file_that_is_gone_is_told(client, user, batch):
    default_storage.delete(batch.file.name)

    response = client.get(url(batch), follow=True)

    assert "The uploaded file is gone. Please bring it again." in page(response)
    assert not user.imports.exists()


@pytest.mark.parametrize("name", ["import_columns", "import_columns_again"])
def test_a_stranger_sees_nothing(client, stranger, batch, name):
    client.force_login(stranger)

    assert client.post(url(batch, name), SAID | {"save": "1"}).status_code == 404
    assert Import.objects.get(pk=batch.pk).state == "mapping"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Name,Mail\n", "There is one line of column names in this file, and nobody"),
        (b"\x00\x01\x02" * 100, "This is no text file"),
        (b"a,b\n" + b",".join([b"x"] * 400) + b"\n", "This table has 400 columns"),
    ],
)
def test_what_is_no_table_is_refused(client, user, data, sentence):
    assert sentence in page(upload(client, data, "people.csv"))
    assert not user.imports.exists()


@pytest.mark.parametrize("columns", [2, 40])
def test_the_page_costs_the_same_for_many_columns(
    client, user, django_assert_num_queries, columns
):
    header = ",".join(["Name", *[f"Column {n}" for n in range(1, columns)]])
    upload(client, f"{header}\nAna" + ",x" * (columns - 1) + "\n", "wide.csv")
    batch = user.imports.get()
    client.get(url(batch))

    with django_assert_num_queries(3):
        client.get(url(batch))


@pytest.fixture
def met(client, user):
    """Written: Lena, who was here, brought Ben, and he brought Ana."""
    ContactFactory(owner=user, full_name="Lena Brandt")
    ContactFactory(owner=user, full_name="Dan Moss")
    upload(
        client,
        "Name,Met on,Met at,Introduced by\n"
        "Ana Ruiz,2019-05-03,Oslo,Ben Okoye\n"
        "Ben Okoye,2018,,Lena Brandt\n"
        "Dan Moss,,,Somebody Else\n",
        "met.csv",
    )
    batch = user.imports.get()
    client.post(url(batch), {"separator": "comma", "save": "1"})
    work()
    client.post(url(batch, "import_start"))
    work()
    return batch


def test_how_people_were_met_stands_in_the_table(client, user, met):
    lena, dan = (user.contacts.get(full_name__startswith=n) for n in ("Lena", "Dan"))
    ana, ben = (user.contacts.get(full_name__startswith=n) for n in ("Ana", "Ben"))
    assert (ben.origin.introducer, ana.origin.introducer) == (lena, ben)
    assert (ana.origin.place, str(ana.origin.on), ana.origin.in_person) == (
        "Oslo",
        "2019-05-03",
        True,
    )
    assert (ana.chain_depth, ben.chain_depth) == (2, 1)
    assert (dan.origin.introducer, dan.origin.introducer_name) == (
        None,
        "Somebody Else",
    )

    client.post(url(met, "import_undo"))
    work()
    assert [c.full_name for c in user.contacts.others().by_name()] == [
        "Dan Moss",
        "Lena Brandt",
    ]
    assert not user.origins.exists()


def test_who_is_kept_at_undoing_keeps_whom_they_brought(client, user, met):
    for name in ("Ana Ruiz", "Ben Okoye"):
        FactFactory(contact=user.contacts.get(full_name=name))

    client.post(url(met, "import_undo"))
    work()

    ana, ben = (user.contacts.get(full_name__startswith=n) for n in ("Ana", "Ben"))
    assert ana.origin.introducer == ben
    met.refresh_from_db()
    assert met.kept == 2


def test_who_came_in_with_a_remark_is_found(client, user):
    upload(client, "Name,E-mail\nAna,ana@example.org\nBen,none\n", "people.csv")
    batch = user.imports.get()
    client.post(url(batch), {"separator": "comma", "save": "1"})
    work()

    response = client.get(batch.get_absolute_url(), {"state": "noted"})

    assert ("noted", "with a remark", 1) in response.context["choices"]
    assert [row.name for row in response.context["page"]] == ["Ben"]
    assert "“none” is no e-mail address; it is kept aside." in page(response)


def test_a_spreadsheet_is_told_to_come_as_a_table(client, user):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    response = upload(client, data.getvalue(), "people.xlsx")

    assert "This is a spreadsheet. Open it, save the sheet as CSV" in page(response)


def test_what_is_said_of_the_whole_file_loses_nothing_of_a_line(client, user):
    fair = EventFactory(owner=user, name="Fair")
    upload(client, "Name,Met on,Introduced by\nAna,2019-05-03,Ben\n", "met.csv")
    batch = user.imports.get()
    client.post(url(batch), {"separator": "comma", "save": "1"})
    work()

    client.post(url(batch, "import_start"), {"met_through": "Lena", "event": "Fair"})
    work()

    origin = user.contacts.get(full_name="Ana").origin
    assert (origin.introducer.full_name, origin.event) == ("Lena", fair)
    assert (str(origin.on), origin.story) == ("2019-05-03", "Ben introduced you.")
