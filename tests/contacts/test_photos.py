import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from contacts import photos
from tests.factories import ContactFactory
from tests.one_of_each import a_picture

pytestmark = pytest.mark.django_db


def upload(client, contact, data, name="photo.png"):
    return client.post(
        reverse("contact_edit", args=[contact.pk]),
        {"photo_file": SimpleUploadedFile(name, data)},
    )


def photo_of(client, contact):
    response = client.get(reverse("contact_photo", args=[contact.pk]))
    return Image.open(io.BytesIO(response.content))


def test_a_photo_is_made_small_and_forgets_where_it_was_taken(client, user):
    contact = ContactFactory(owner=user)
    taken = Image.new("RGB", (2000, 1000), "teal")
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "at home"
    out = io.BytesIO()
    taken.save(out, "JPEG", exif=exif)

    upload(client, contact, out.getvalue())

    photo = photo_of(client, contact)
    assert photo.size == (400, 800)
    assert dict(photo.getexif()) == {}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg onload='alert(1)'/>", "not a picture we can read"),
        (b"\x89PNG\r\n\x1a\n broken", "not a picture we can read"),
        (b"0" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
        (a_picture((9000, 9000)), "more than 50 megapixels"),
    ],
)
def test_what_is_no_photo_is_refused_in_a_sentence(client, user, data, sentence):
    contact = ContactFactory(owner=user)

    response = upload(client, contact, data)

    assert sentence in response.content.decode()
    contact.refresh_from_db()
    assert not contact.photo


def test_a_photo_is_its_owners_alone(client, user, stranger):
    contact = ContactFactory(owner=user)
    upload(client, contact, a_picture())
    url = reverse("contact_photo", args=[contact.pk])

    assert client.get(url).headers["Cache-Control"].startswith("private")
    client.force_login(stranger)
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_a_photo_is_replaced_and_removed_with_its_file(
    client, user, django_capture_on_commit_callbacks
):
    contact = ContactFactory(owner=user)
    upload(client, contact, a_picture())
    contact.refresh_from_db()
    first = contact.photo.name

    with django_capture_on_commit_callbacks(execute=True):
        upload(client, contact, a_picture((5, 5)))
        assert contact.photo.storage.exists(first)
    contact.refresh_from_db()
    assert contact.photo.name != first
    assert not contact.photo.storage.exists(first)

    client.post(reverse("contact_edit", args=[contact.pk]), {"photo_remove": "on"})
    contact.refresh_from_db()
    assert not contact.photo


@pytest.mark.parametrize(
    "damage",
    [
        {17: 7},
        {20: 207, 43: 1, 55: 129, 78: 148},
        {41: 81, 62: 130, 67: 60},
    ],
)
def test_a_photo_with_damaged_exif_is_refused_in_a_sentence(damage):
    """Each of these surprises Pillow in another way."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x011A] = 6, "home", 1.5
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "JPEG", exif=exif)
    data = bytearray(out.getvalue())
    start = data.index(b"Exif")
    for offset, byte in damage.items():
        data[start + offset] = byte

    with pytest.raises(ValidationError, match="not a picture we can read"):
        photos.cleaned(bytes(data))
