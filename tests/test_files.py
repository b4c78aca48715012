"""Photos, pictures and uploads, in a storage that has no file system."""

import io
from base64 import b64encode

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from contacts.merging import merge
from networkcrm import files, undo
from networkcrm.home import SetupError
from tests.bucket import Bucket
from tests.contacts.importing.test_import_pages import upload, work
from tests.contacts.importing.test_running import card
from tests.factories import CaptureFactory, ContactFactory, ImportFactory
from tests.one_of_each import a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings, tmp_path, monkeypatch):
    """The storage, in which what is to be deleted after the commit is deleted now."""
    entry = {"BACKEND": "tests.bucket.Bucket", "OPTIONS": {"folder": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": entry}
    monkeypatch.setattr(
        "django.db.transaction.on_commit", lambda job, robust=False: job()
    )
    return Bucket(str(tmp_path))


def is_a_picture(answer):
    return Image.open(io.BytesIO(answer.content)).format == "JPEG"


def test_a_photo_from_its_upload_to_its_end(client, user, bucket):
    contact = ContactFactory(owner=user)
    edit = reverse("contact_edit", args=[contact.pk])
    photo = reverse("contact_photo", args=[contact.pk])

    client.post(edit, {"photo_file": SimpleUploadedFile("a.png", a_picture())})
    first = bucket.names()
    assert is_a_picture(client.get(photo))
    client.post(edit, {"photo_file": SimpleUploadedFile("b.png", a_picture())})
    second = bucket.names()
    assert is_a_picture(client.get(photo))
    client.post(edit, {"photo_remove": "on"})

    assert (len(first), len(second), len(first & second)) == (1, 1, 0)
    assert bucket.names() == set()


def test_photos_of_two_who_become_one_come_back(user, bucket):
    keep, gone = ContactFactory.create_batch(2, owner=user)
    for contact in (keep, gone):
        contact.photo.save(f"{contact.pk}.jpg", ContentFile(a_picture()))
        contact.save()
    before = bucket.names()

    url = merge(user, keep.pk, gone.pk)
    assert len(bucket.names()) == 1
    undo.spend(user, url.split("/")[-2])

    assert bucket.names() == before


def test_an_import_with_a_photo_and_back(client, user, bucket):
    photo = f"PHOTO;ENCODING=b;TYPE=PNG:{b64encode(a_picture()).decode()}"
    upload(client, card("FN:Ana Ruiz", photo) + card("FN:Ben"))
    work()
    batch = user.imports.get()
    assert len(bucket.names()) == 1
    client.post(reverse("import_start", args=[batch.pk]))
    work()

    # The photo is there, the file with the addresses is gone.
    ana = user.contacts.get(full_name="Ana Ruiz")
    assert is_a_picture(client.get(reverse("contact_photo", args=[ana.pk])))
    assert len(bucket.names()) == 1
    client.post(reverse("import_undo", args=[batch.pk]))
    work()
    assert bucket.names() == set()


def test_a_photographed_card(client, user, bucket):
    picture = SimpleUploadedFile("card.png", a_picture())
    client.post(reverse("capture"), {"text": "Mo", "picture": picture})
    capture = user.captures.get()

    answer = client.get(reverse("capture_picture", args=[capture.pk]))

    assert is_a_picture(answer)


def test_with_an_account_go_its_files_and_no_others(user, stranger, bucket):
    for owner in (user, stranger):
        contact = ContactFactory(owner=owner)
        contact.photo.save(f"{owner.pk}.jpg", ContentFile(a_picture()))
        contact.save()
        capture = CaptureFactory(owner=owner)
        capture.picture.save(f"{owner.pk}.jpg", ContentFile(a_picture()))
        batch = ImportFactory(owner=owner)
        batch.file.save(str(owner.pk), ContentFile(b"BEGIN:VCARD"))
    assert len(bucket.names()) == 6

    user.delete()

    assert len(bucket.names()) == 3
    assert default_storage.exists(stranger.imports.get().file.name)


def test_a_storage_that_is_away_spoils_nothing_that_is_done(
    user, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def is_away(name):
        raise ConnectionError("The storage is away.")

    monkeypatch.setattr(default_storage, "delete", is_away)

    with django_capture_on_commit_callbacks(execute=True):
        files.forget(["photos/2026/a.jpg", ""])

    assert "The storage is away." in caplog.text


@pytest.mark.parametrize(
    ("backend", "options", "words"),
    [
        ("tests.bucket.Pail", {}, "Pail"),
        ("tests.bucket.Bucket", {"bucket_name": "crm"}, "bucket_name"),
    ],
)
def test_a_storage_that_cannot_be_made_is_a_sentence(settings, backend, options, words):
    entry = {"BACKEND": backend, "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": entry}

    with pytest.raises(SetupError, match=f"MEDIA_STORAGE cannot be used: .*{words}"):
        files.check()
