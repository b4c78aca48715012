"""What a phone has to load, compressed: the first visit of Today, and every next."""

import gzip
import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.factories import ContactFactory, EventFactory, InteractionFactory


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


def test_today_is_light(client, user, collected):
    for contact in ContactFactory.create_batch(10, owner=user):
        InteractionFactory(
            owner=user, with_contacts=[contact], event=EventFactory(owner=user)
        )

    page = client.get(reverse("today"), headers={"accept-encoding": "gzip"}).content

    html = gzip.decompress(page).decode()
    assets = set(re.findall(r'(?:href|src)="/static/([^"]+)"', html))
    first = len(page) + sum(weight(collected / asset) for asset in assets)
    assert {asset.rsplit(".", 1)[1] for asset in assets} == {"css", "js", "svg"}
    assert (
        "@import" not in (collected / next(a for a in assets if "css" in a)).read_text()
    )
    assert first <= 60_000
    assert len(page) <= 15_000
