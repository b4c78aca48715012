"""What a phone has to load, compressed: the first visit of a page, and every next."""

import gzip
import os
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AttendanceFactory,
    CaptureFactory,
    ContactFactory,
    EventFactory,
    InteractionFactory,
)


@pytest.fixture
def collected(settings, tmp_path):
    """Static files as they are served, hashed, bundled and compressed."""
    settings.STATIC_ROOT = tmp_path
    storage = {"BACKEND": "networkcrm.static_files.BundlingStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def weight(file):
    compressed = file.with_name(f"{file.name}.br")
    return (compressed if compressed.exists() else file).stat().st_size


def loaded(html, collected):
    """The files a page loads, and what these import; not the icon of a home screen."""
    linked = re.findall(r'<(?:link|script)[^>]+(?:href|src)="/static/([^"]+)"', html)
    found = {path for path in linked if not path.endswith(".png")}
    while True:
        more = {
            os.path.normpath(os.path.join(os.path.dirname(path), name))
            for path in found
            if path.endswith(".js")
            for name in re.findall(
                r'^(?:import|export)[^"\n]*"(\.[^"]+)"',
                (collected / path).read_text(),
                re.MULTILINE,
            )
        }
        if more <= found:
            return found
        found |= more


def test_today_is_light(client, user, collected):
    for contact in ContactFactory.create_batch(10, owner=user):
        InteractionFactory(
            owner=user, with_contacts=[contact], event=EventFactory(owner=user)
        )

    page = client.get(reverse("today"), headers={"accept-encoding": "gzip"}).content

    html = gzip.decompress(page).decode()
    assets = loaded(html, collected)
    first = len(page) + sum(weight(collected / asset) for asset in assets)
    assert {asset.rsplit(".", 1)[1] for asset in assets} == {"css", "js", "svg"}
    assert (
        "@import" not in (collected / next(a for a in assets if "css" in a)).read_text()
    )
    assert first <= 60_000
    assert len(page) <= 15_000


def test_capture_is_light(client, user, collected):
    event = EventFactory(
        owner=user,
        starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(hours=2),
    )
    for contact in ContactFactory.create_batch(10, owner=user):
        AttendanceFactory(event=event, contact=contact, state="met")
        CaptureFactory(owner=user, event=event, contact=contact)

    page = client.get(reverse("capture"), headers={"accept-encoding": "gzip"}).content

    assets = loaded(gzip.decompress(page).decode(), collected)
    assert any("reading" in asset for asset in assets)
    assert any("idb" in asset for asset in assets)
    assert len(page) + sum(weight(collected / asset) for asset in assets) <= 60_000
    # Up to a hundred bytes of these are made up, against guessing (BREACH).
    assert len(page) <= 5_000
