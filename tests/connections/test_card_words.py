"""What a photographed card says is read where tesseract is, and only offered."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from connections.capturing import cards
from connections.tasks import read_card
from contacts.purging import purge
from tests.factories import CaptureFactory, ContactFactory, ContactMethodFactory
from tests.one_of_each import a_picture

CARD = """ACME

Ana Ruiz
Ana Ruiz, Designer, Lumen Studio

ana@example.org
Tel: +1 617 555 0137
www.lumen.example
"""
READ = "Ana Ruiz\nLumen Studio\nana@example.org\n+1 617 555 0137\nwww.lumen.example"


@pytest.fixture
def tesseract(tmp_path, monkeypatch):
    """Put a program of this name on the path, which does what is said."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    def make(does):
        program = tmp_path / "tesseract"
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)

    return make


@pytest.fixture
def capture(client, user, settings, tmp_path, run_tasks):
    settings.MEDIA_ROOT = tmp_path / "media"
    picture = SimpleUploadedFile("../; rm -rf x.png", a_picture((600, 300)))
    client.post(reverse("capture"), {"text": "Ana", "picture": picture})
    return user.captures.get()


@pytest.fixture
def waiting(user):
    """A capture whose card says this."""

    def waiting(text=READ, **kwargs):
        ana = ContactFactory(owner=user, full_name="Ana", job_title="", **kwargs)
        return CaptureFactory(owner=user, contact=ana, fields={"card_text": text})

    return waiting


def url_of(capture):
    return reverse("capture_card", args=[capture.pk])


def undo_last(client, page):
    (message,) = page.context["messages"]
    return client.post(message.extra_tags)


def values_of(contact):
    return [m.value for m in contact.methods.order_by("position")]


def test_a_photographed_card_is_read_after_saving(
    client, capture, tesseract, run_tasks, tmp_path
):
    seen = tmp_path / "seen.png"
    said = tmp_path / "said"
    said.write_text(CARD)
    tesseract(
        f'cat > {seen}; echo "$@" > {tmp_path}/asked; env > {tmp_path}/env; cat {said}'
    )

    assert run_tasks() == 1

    capture.refresh_from_db()
    assert capture.fields["card_text"].splitlines()[:2] == ["ACME", "Ana Ruiz"]
    assert seen.read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "asked").read_text() == "stdin stdout\n"
    assert "NETWORKCRM" not in (tmp_path / "env").read_text()
    assert capture.contact.full_name == "Ana"
    assert not capture.contact.methods.exists()
    assert url_of(capture) in client.get(reverse("capture")).text


@pytest.mark.parametrize(
    "does",
    ["exit 1", "kill -9 $$", "cat >/dev/null", "head -c 20000 /dev/urandom; exit 3",
     "printf '\\000\\377\\f -- ~~ \\n'"],
)  # fmt: skip
def test_when_nothing_can_be_read_nothing_is_kept(capture, tesseract, run_tasks, does):
    tesseract(does)

    run_tasks()

    capture.refresh_from_db()
    assert "card_text" not in capture.fields


def test_garbage_is_kept_as_plain_letters(capture, tesseract, run_tasks):
    tesseract("head -c 200000 /dev/urandom")

    run_tasks()

    capture.refresh_from_db()
    text = capture.fields.get("card_text", "")
    assert len(text) <= cards.LONGEST
    assert text.replace("\n", "").isprintable()


def test_one_that_takes_too_long_is_ended(capture, tesseract, monkeypatch):
    monkeypatch.setattr(cards, "SECONDS", 0.3)
    tesseract("exec sleep 30")
    start = time.monotonic()

    assert cards.text_of(capture) == ""
    assert time.monotonic() - start < 25


def test_without_tesseract_nothing_is_shown(
    client, capture, run_tasks, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert run_tasks() == 1

    capture.refresh_from_db()
    assert "card_text" not in capture.fields
    assert url_of(capture) not in client.get(reverse("capture")).text


def test_a_picture_that_is_gone_is_no_failure(capture, tesseract):
    tesseract("echo Ana Ruiz")
    capture.picture.storage.delete(capture.picture.name)

    assert cards.text_of(capture) == ""


@pytest.mark.parametrize("when", ["undone", "undone meanwhile", "purged meanwhile"])
def test_of_one_taken_back_nothing_is_kept(
    user, capture, tesseract, run_tasks, monkeypatch, when
):
    tesseract("echo Ana Ruiz")

    def take_back(*args):
        if when == "purged meanwhile":
            purge(user, [capture.contact_id])
        else:
            user.captures.update(undone_at=timezone.now())
        return "Ana Ruiz"

    if when == "undone":
        take_back()
    else:
        monkeypatch.setattr(cards, "text_of", take_back)
    run_tasks()

    capture.refresh_from_db()
    assert "card_text" not in capture.fields


def test_a_capture_of_somebody_else_is_not_read(capture, stranger, tesseract):
    tesseract("echo Ana Ruiz")

    read_card.enqueue(str(stranger.pk), str(capture.pk))

    capture.refresh_from_db()
    assert "card_text" not in capture.fields


def test_what_is_ticked_is_taken_over_and_undone(client, user, waiting):
    capture = waiting()
    ana = capture.contact
    page = client.get(url_of(capture))
    keys = {offer.field or offer.value: offer.key for offer in page.context["offers"]}
    assert set(keys) == {
        "full_name", "organization", "ana@example.org", "+1 617 555 0137",
        "www.lumen.example",
    }  # fmt: skip
    assert "checked" not in page.text
    ticked = [keys["full_name"], keys["organization"], keys["+1 617 555 0137"]]

    done = client.post(url_of(capture), {"take": ticked}, follow=True)

    ana.refresh_from_db()
    assert (ana.full_name, str(ana.organization)) == ("Ana Ruiz", "Lumen Studio")
    assert values_of(ana) == ["+1 617 555 0137"]
    capture.refresh_from_db()
    assert capture.fields == {}
    undo_last(client, done)
    ana = user.contacts.get(pk=ana.pk)
    assert (ana.full_name, ana.organization, values_of(ana)) == ("Ana", None, [])
    capture.refresh_from_db()
    assert capture.fields == {"card_text": READ}


def test_undo_keeps_what_was_written_since(client, user, waiting):
    capture = waiting()
    page = client.get(url_of(capture))
    keys = [offer.key for offer in page.context["offers"]]
    done = client.post(url_of(capture), {"take": keys}, follow=True)
    ana = user.contacts.get(pk=capture.contact_id)
    ana.full_name = "Ana María Ruiz"
    ana.save()

    undo_last(client, done)

    ana = user.contacts.get(pk=ana.pk)
    assert (ana.full_name, ana.organization) == ("Ana María Ruiz", None)


def test_nothing_that_is_there_is_offered_or_overwritten(client, waiting):
    capture = waiting()
    ana = capture.contact
    names = ana.owner.organizations.named(ana.owner_id, ["Other House"])
    ana.full_name, ana.organization = "ana ruiz", names.popitem()[1]
    ana.save()
    ContactMethodFactory(contact=ana, kind="email", value="Ana@Example.org")

    offers = client.get(url_of(capture)).context["offers"]

    assert [offer.label for offer in offers] == ["Phone", "Web page"]


@pytest.mark.parametrize("take", [[], ["Phone: 1"], ["E-mail: eve@example.org"]])
def test_what_the_card_does_not_say_is_not_taken(client, waiting, take):
    capture = waiting()

    page = client.post(url_of(capture), {"take": take}, follow=True)

    assert "Nothing was ticked" in page.text
    assert not capture.contact.methods.exists()
    capture.refresh_from_db()
    assert capture.fields == {"card_text": READ}


def test_it_is_put_away_and_back(client, waiting):
    capture = waiting()

    done = client.post(url_of(capture), {"dismiss": "1"}, follow=True)

    capture.refresh_from_db()
    assert capture.fields == {}
    undo_last(client, done)
    capture.refresh_from_db()
    assert capture.fields == {"card_text": READ}


def test_hostile_words_stay_words(client, tesseract, capture, run_tasks, tmp_path):
    said = tmp_path / "said"
    hostile = "<script>alert(1)</script>\njavascript:alert(2)\n<img src=x onerror=a>\n"
    said.write_text(hostile + "a@example.org " * 7000 + "Ω" * 50_000)
    tesseract(f"cat {said}")

    run_tasks()

    page = client.get(url_of(capture))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;script&gt;" in page.text
    offers = page.context["offers"]
    client.post(url_of(capture), {"take": [offer.key for offer in offers]})
    assert all(
        not m.href.startswith("javascript") for m in capture.contact.methods.all()
    )


@pytest.mark.parametrize("state", ["undone", "trashed", "purged"])
def test_of_one_who_is_gone_there_is_no_page(client, user, waiting, state):
    capture = waiting()
    if state == "undone":
        user.captures.update(undone_at=timezone.now())
    elif state == "trashed":
        capture.contact.trash()
    else:
        purge(user, [capture.contact_id])

    assert client.get(url_of(capture)).status_code == 404
    assert client.post(url_of(capture), {"dismiss": "1"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(client, waiting, django_assert_num_queries, count):
    lines = [f"ana{n}@example.org" for n in range(count)]
    capture = waiting("\n".join(["Ana Ruiz", *lines]))
    client.get(url_of(capture))

    with django_assert_num_queries(5):
        client.get(url_of(capture))
