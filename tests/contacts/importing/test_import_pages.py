"""/import/ as a person uses it, with a stranger who may not."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contacts import tasks
from contacts.importing import running
from contacts.models import Import
from tests.contacts.importing.test_running import card
from tests.factories import ContactFactory, EventFactory, FactFactory, ImportFactory

TEXT = (
    card("FN:Ana Ruiz", "EMAIL:ana@example.org")
    + card("FN:Ben", "TITLE:Cook")
    + card("FN:Same")
    + card()
)


class Attempt:
    attempt = 1


def work():
    """Run the jobs that wait, as the worker does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM procrastinate_jobs WHERE status = 'todo'"
            " RETURNING id, args) SELECT args FROM gone ORDER BY id"
        )
        jobs = [json.loads(row[0]) for row in cursor.fetchall()]
    # Tests that commit leave their jobs behind.
    jobs = [job for job in jobs if job["task"] == "contacts.tasks.import_step"]
    for job in jobs:
        tasks.import_step.func(Attempt(), *job["args"])
    return len(jobs)


def upload(client, text=TEXT, name="people.vcf"):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(reverse("import_list"), {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def batch(client, user):
    """Uploaded and read, to be looked at."""
    for name in ("Ben", "Same"):
        ContactFactory(owner=user, full_name=name)
    upload(client)
    work()
    return user.imports.get()


def states(response):
    return [(row.line, row.name, row.words) for row in response.context["page"]]


def test_the_whole_way(client, user, batch):
    response = client.get(batch.get_absolute_url())
    assert batch.state == "preview"
    assert "Nothing is written yet. 1 would be added and 1 completed" in (
        response.content.decode()
    )
    assert states(response) == [
        (1, "Ana Ruiz", "new"),
        (6, "Ben", "to be completed"),
        (11, "Same", "nothing new"),
        (15, "", "not readable"),
    ]
    assert user.contacts.others().count() == 2

    response = client.post(reverse("import_start", args=[batch.pk]), follow=True)
    assert "Writing: 0 people so far." in response.content.decode()
    assert work() == 1

    response = client.get(batch.get_absolute_url())
    assert "Read 4: 1 added, 1 completed, 1 nothing new, 1 not readable." in (
        response.content.decode()
    )
    assert states(response)[1] == (6, "Ben", "completed")
    assert user.contacts.get(full_name="Ben").job_title == "Cook"

    client.post(reverse("import_undo", args=[batch.pk]))
    assert work() == 1

    response = client.get(batch.get_absolute_url())
    assert "Everything is as it was before." in response.content.decode()
    assert [c.full_name for c in user.contacts.others().by_name()] == ["Ben", "Same"]
    assert user.contacts.get(full_name="Ben").job_title == ""


def test_new_people_are_told_apart_in_the_preview(client, user):
    upload(
        client,
        card("FN:Ana", "ORG:Acme", "EMAIL:ana@example.org", "TEL:+1 617 555 0137"),
    )
    work()

    page = client.get(user.imports.get().get_absolute_url()).content.decode()

    assert "Acme · ana@example.org · +1 617 555 0137" in page


def test_a_file_with_nothing_new_is_done(client, user, batch):
    ContactFactory(owner=user, full_name="Lena")
    upload(client, card("FN:Same") + card("FN:Same"))
    work()
    known = user.imports.exclude(pk=batch.pk).get()

    page = client.get(known.get_absolute_url()).content.decode()

    assert "Nothing in this file is new to you." in page
    assert "Bring them in" not in page
    # They may still all have come through somebody.
    client.post(reverse("import_start", args=[known.pk]), {"met_through": "Lena"})
    work()
    assert user.contacts.get(full_name="Same").origin.introducer.full_name == "Lena"


def test_a_line_without_a_name_is_called_so(client, batch):
    page = client.get(batch.get_absolute_url()).content.decode()

    assert "(no name)" in page


def test_the_counts_add_up_after_undoing(client, user, batch):
    client.post(reverse("import_start", args=[batch.pk]))
    work()
    FactFactory(contact=user.contacts.get(full_name="Ana Ruiz"))
    client.post(reverse("import_undo", args=[batch.pk]))
    work()

    response = client.get(batch.get_absolute_url())

    assert response.context["choices"] == [
        ("", "all", 4),
        ("changed", "restored", 1),
        ("same", "nothing new", 1),
        ("unreadable", "not readable", 1),
        ("kept", "kept", 1),
    ]
    assert "One was kept, because you have added to them since." in (
        response.content.decode()
    )
    kept = client.get(batch.get_absolute_url() + "?state=kept")
    assert states(kept) == [(1, "Ana Ruiz", "kept")]
    taken = client.get(batch.get_absolute_url() + "?state=new")
    assert states(taken) == []


def test_the_file_is_kept_only_as_long_as_needed(
    client, user, batch, django_capture_on_commit_callbacks
):
    name = batch.file.name
    assert default_storage.exists(name)

    client.post(reverse("import_start", args=[batch.pk]))
    with django_capture_on_commit_callbacks(execute=True):
        work()

    batch.refresh_from_db()
    assert (bool(batch.file), default_storage.exists(name)) == (False, False)


def test_a_preview_can_be_forgotten(
    client, user, batch, django_capture_on_commit_callbacks
):
    name = batch.file.name

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_discard", args=[batch.pk]))

    assert not user.imports.exists()
    assert not default_storage.exists(name)
    assert user.contacts.others().count() == 2


def test_two_clicks_start_one_job(client, batch):
    for _ in range(2):
        client.post(reverse("import_start", args=[batch.pk]))

    assert work() == 1


@pytest.mark.parametrize(
    "step", ["import_detail", "import_start", "import_undo", "import_discard"]
)
def test_a_stranger_sees_nothing(client, stranger, batch, step):
    client.force_login(stranger)
    url = reverse(step, args=[batch.pk])

    response = client.get(url) if step == "import_detail" else client.post(url)

    assert response.status_code == 404
    assert work() == 0
    assert list(client.get(reverse("import_list")).context["page"]) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "This is a picture, not an address book."),
        (b"PK\x03\x04" + bytes(100), "This zip archive is damaged or cut off."),
        (b"<!DOCTYPE html><p>BEGIN:VCARD", "This is a web page or an XML file"),
        (b"hello", "We do not know this kind of file."),
    ],
)
def test_what_is_no_address_book_is_refused(client, user, data, sentence):
    response = upload(client, data)

    assert sentence in response.content.decode()
    assert not user.imports.exists()


def test_a_file_too_large_is_refused(client, user, monkeypatch):
    monkeypatch.setattr("contacts.importing.readers.MAX_FILE", 1 << 20)

    response = upload(client, TEXT.encode() + b" " * (2 << 20))

    assert "the most we take is 1 MB" in response.content.decode()
    assert not user.imports.exists()


def test_everybody_of_a_guest_list(client, user, batch):
    lena = ContactFactory(owner=user, full_name="Lena")
    fair = EventFactory(owner=user, name="Fair")

    client.post(
        reverse("import_start", args=[batch.pk]),
        {"met_through": "Lena", "event": "fair"},
    )
    work()

    origin = user.contacts.get(full_name="Ana Ruiz").origin
    assert (origin.introducer, origin.event) == (lena, fair)


def test_of_two_with_one_name_it_asks_which(client, user, batch):
    for _ in range(2):
        ContactFactory(owner=user, full_name="Lena")

    response = client.post(
        reverse("import_start", args=[batch.pk]), {"met_through": "Lena"}
    )

    assert (
        "You know 2 people called Lena. Which one is it?" in response.content.decode()
    )
    assert work() == 0


def test_progress_moves_and_stops_asking(client, user, htmx):
    batch = ImportFactory(owner=user, state="running", size=1000, position=400, read=70)
    headers = {
        f"HTTP_{k.upper().replace('-', '_')}": v for k, v in htmx("div#import").items()
    }

    moving = client.get(batch.get_absolute_url(), **headers).content.decode()
    Import.objects.filter(pk=batch.pk).update(state="done")
    still = client.get(batch.get_absolute_url(), **headers).content.decode()

    assert "<html" not in moving
    assert re.search(r'hx-trigger="every 1s"', moving)
    assert re.search(r'<progress [^>]*value="40" max="100"', moving)
    assert "hx-trigger" not in still


def test_what_stands_still_can_go_on(client, user, batch):
    client.post(reverse("import_start", args=[batch.pk]))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    Import.objects.filter(pk=batch.pk).update(
        updated_at=timezone.now() - timedelta(hours=1)
    )
    assert "Go on" in client.get(batch.get_absolute_url()).content.decode()

    client.post(reverse("import_start", args=[batch.pk]))
    assert work() == 1

    batch.refresh_from_db()
    assert (batch.state, batch.created) == ("done", 1)


def test_a_job_that_fails_says_so_at_last(client, user, batch, monkeypatch):
    client.post(reverse("import_start", args=[batch.pk]))
    monkeypatch.setattr(running, "plan", lambda *args, **kwargs: 1 / 0)
    args = (str(user.pk), str(batch.pk))

    for attempt in range(1, tasks.ATTEMPTS + 1):
        context = Attempt()
        context.attempt = attempt
        with pytest.raises(ZeroDivisionError):
            tasks.import_step.func(context, *args)

    response = client.get(batch.get_absolute_url())
    assert "Something went wrong on our side" in response.content.decode()


def test_one_refused_by_the_tables_does_not_stop_the_others(user, monkeypatch):
    real = running.write

    def write(owner, batch, planned):
        if any(row.name == "Bad" and row.state == "new" for row in planned):
            raise ValueError("no such thing")
        real(owner, batch, planned)

    monkeypatch.setattr(running, "write", write)
    batch = ImportFactory(owner=user, state="running")
    text = card("FN:Ana") + card("FN:Bad") + card("FN:Ben")
    running.run(user, batch, io.BytesIO(text.encode()))

    batch.refresh_from_db()
    assert (batch.read, batch.created, batch.failed) == (3, 2, 1)
    assert batch.rows.get(state="unreadable").reason == (
        "This could not be written (no such thing)."
    )


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_many(client, user, django_assert_num_queries, count):
    text = "".join(card(f"FN:Person {n}") for n in range(count))
    upload(client, text)
    work()
    batch = user.imports.get()
    client.get(batch.get_absolute_url())

    with django_assert_num_queries(6):
        client.get(batch.get_absolute_url())


def test_forgotten_previews_go_after_a_week(
    user, client, batch, django_capture_on_commit_callbacks
):
    name = batch.file.name
    Import.objects.filter(pk=batch.pk).update(
        updated_at=timezone.now() - timedelta(days=8)
    )

    with django_capture_on_commit_callbacks(execute=True):
        tasks.discard_forgotten_imports.func()

    assert not user.imports.exists()
    assert not default_storage.exists(name)
