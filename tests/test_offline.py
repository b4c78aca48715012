"""What makes the site an app on a phone."""

import re

from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image

from networkcrm import offline


def test_the_manifest_can_be_installed():
    manifest = Client().get(reverse("manifest")).json()

    assert (manifest["id"], manifest["scope"], manifest["start_url"]) == ("/", "/", "/")
    assert [one["url"] for one in manifest["shortcuts"]] == [
        "/capture/",
        "/",
        "/search/",
    ]
    assert manifest["share_target"]["action"] == "/capture/"
    assert {one["purpose"] for one in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as image:
            assert "{}x{}".format(*image.size) == icon["sizes"]


def test_the_worker_names_files_that_exist():
    response = Client().get(reverse("service_worker"))

    named = re.findall(r'"/static/([^"]+)"', response.text)
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert [name for name in named if not finders.find(name)] == []
    assert "js/capture/worker.js" in named


def test_every_module_of_the_screens_is_kept():
    """What a kept file imports is kept too."""
    kept = set(offline.SHELL)
    for path in [path for path in kept if path.endswith(".js")]:
        with open(finders.find(path)) as file:
            imports = re.findall(r'(?:from|import)\s*\(?"(\.[^"]+)"', file.read())
        folder = path.rpartition("/")[0].split("/")
        for name in imports:
            place = list(folder)
            for part in name.split("/"):
                if part == "..":
                    place.pop()
                elif part != ".":
                    place.append(part)
            assert "/".join(place) in kept, (path, name)


def test_the_version_changes_with_a_file(monkeypatch):
    before = offline._version_of_files()
    monkeypatch.setattr(offline, "SHELL", (*offline.SHELL, "js/rows.js"))

    assert offline._version_of_files() != before


def test_the_page_without_a_signal_holds_nothing_private(client, user):
    page = client.get(reverse("offline"))

    assert str(user.email) not in page.text
    assert reverse("capture") in page.text
