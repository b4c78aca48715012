"""From a file to the tables and back."""

import base64
import io
import re
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from psycopg.errors import DeadlockDetected

from connections.models import Origin
from contacts.importing import planning, running, undoing
from contacts.importing.matching import alike
from contacts.models import Contact, Import
from networkcrm.partial_dates import PartialDate
from networkcrm.text import fold
from tests.factories import (
    ContactFactory,
    ContactMethodFactory,
    ContactTagFactory,
    EventFactory,
    FactFactory,
    ImportFactory,
    OrganizationFactory,
    TagFactory,
    make_user,
)
from tests.one_of_each import a_picture

LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"


def card(*lines):
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


def bring(user, text, source="vcard", **extra):
    batch = ImportFactory(owner=user, source=source, state="running", **extra)
    running.run(user, batch, io.BytesIO(text.encode()))
    batch.refresh_from_db()
    return batch


def counts(batch):
    return (batch.read, batch.created, batch.updated, batch.skipped, batch.failed)


def rows(batch):
    return [(r.line, r.name, r.state, r.reason) for r in batch.rows.order_by("number")]


def everything(user):
    """All of this owner that an import can touch, without what undo may leave."""
    names = (
        "contacts contactmethods contacttags importantdates organizations tags origins"
    )
    return {
        name: sorted(
            (
                {k: v for k, v in row.items() if k != "updated_at"}
                for row in getattr(user, name).values()
            ),
            key=lambda row: str(row["id"]),
        )
        for name in names.split()
    }


MAYA = card(
    "FN:Maya Lindqvist",
    "N:Lindqvist;Maya;;;",
    "ORG:Lumen Candles",
    "EMAIL;TYPE=WORK:maya@example.org",
    "TEL;TYPE=CELL:+1 617 555 0137",
    "BDAY:--0503",
    "CATEGORIES:candles,boston",
    "ANNIVERSARY:2019-06-01",
    "X-PET:cat",
    "UID:maya-1",
)


def test_a_new_contact_with_all_the_card_says(user, stranger):
    before = everything(stranger)

    batch = bring(user, MAYA)

    maya = user.contacts.get(full_name="Maya Lindqvist")
    assert counts(batch) == (1, 1, 0, 0, 0)
    assert batch.state == "done"
    assert (maya.given_name, maya.organization.name, maya.uid) == (
        "Maya",
        "Lumen Candles",
        "maya-1",
    )
    assert maya.birthday == PartialDate(None, 5, 3)
    assert maya.extra == ["X-PET:cat"]
    assert [
        (m.kind, m.normalized, m.label) for m in maya.methods.order_by("position")
    ] == [
        ("email", "maya@example.org", "work"),
        ("phone", "+16175550137", "mobile"),
    ]
    assert sorted(tag.name for tag in user.tags.all()) == ["boston", "candles"]
    assert [(d.kind, str(d.on)) for d in maya.dates.all()] == [
        ("anniversary", "2019-06-01")
    ]
    assert everything(stranger) == before


def test_the_same_file_twice_changes_nothing(user):
    text = MAYA + card("FN:Ben") + card("FN:Shared A", "EMAIL:team@example.org")
    text += card("FN:Other B", "EMAIL:team@example.org") + card("FN:", "TEL:12")
    bring(user, text)
    before = everything(user)

    batch = bring(user, text)

    assert counts(batch) == (5, 0, 0, 5, 0)
    assert everything(user) == before


@pytest.mark.parametrize(
    ("mine", "theirs", "how"),
    [
        ({"uid": "u-1"}, ["FN:Somebody Else", "UID:u-1"], "card number."),
        ({}, ["FN:Somebody Else", "EMAIL:ANA@example.org"], None),
        (
            {},
            ["FN:Ana Ruiz Gómez", "EMAIL:ANA@example.org"],
            "e-mail address and a similar name.",
        ),
        ({}, ["FN:Ana Gómez", "EMAIL:ANA@example.org"], None),
        (
            {"given_name": "Ana"},
            ["FN:Ana Gómez", "N:Gómez;Ana", "EMAIL:ANA@example.org"],
            "e-mail address and the same given name.",
        ),
        (
            {"given_name": "Ana"},
            ["FN:Ana Gómez", "N:Gómez;Ana", "TEL:+1 (617) 555 0137"],
            None,
        ),
        ({}, ["FN:A. Ruiz", "TEL:001 617-555-0137"], None),
        (
            {},
            ["FN:A. Ruiz", "TEL:+1 (617) 555 0137"],
            "phone number and a similar name.",
        ),
        (
            {},
            ["FN:Ana", "URL:http://linkedin.com/in/Ana-Ruiz?x=1"],
            "profile and a similar name.",
        ),
        ({}, ["FN:ANA RUÍZ", "ORG:acme"], "name and organization."),
        ({}, ["FN:Ana Ruiz", "ORG:Beta"], None),
    ],
)
def test_who_is_already_here(user, stranger, mine, theirs, how):
    for owner in (stranger, user):
        ana = ContactFactory(
            owner=owner,
            full_name="Ana Ruiz",
            organization=OrganizationFactory(owner=owner, name="Acme"),
            **mine,
        )
        ContactMethodFactory(contact=ana, value="ana@example.org")
        ContactMethodFactory(contact=ana, kind="phone", value="+1 617 555 0137")
        ContactMethodFactory(
            contact=ana, kind="handle", service="linkedin", value="ana-ruiz"
        )

    batch = bring(user, card(*theirs))

    (row,) = batch.rows.all()
    if how is None:
        assert row.state == "new"
    else:
        assert row.contact_id == ana.pk
        assert row.reason.startswith(f"Found by the same {how}")


def test_colleagues_at_one_switchboard_stay_two_people(user):
    batch = bring(
        user,
        card("FN:Ana Ruiz", "TEL:+1 617 555 0100")
        + card("FN:Ben Okoye", "TEL:+16175550100"),
    )

    assert counts(batch) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize(
    ("first", "second", "are_alike"),
    [
        ("Maya Ruiz", "M. Ruiz", True),
        ("Ana Ruiz", "Ana Ruiz Gómez", True),
        ("Ruiz Ana", "Dr. Ana Ruiz", True),
        ("Ana", "Ana Ruiz", True),
        ("J. R. Smith", "John Smith", True),
        ("Ana García López", "Luis García López", False),
        ("Jan van der Berg", "Petra van der Berg", False),
        ("van der Berg", "Petra van der Berg", False),
        ("Dr. Ana García", "Dr. Luis García", False),
        ("John Smith Sr", "John Smith Jr.", False),
        ("Alex Miller", "Alexandra Miller", False),
        ("Miller", "Peter Miller", False),
    ],
)
def test_who_could_be_one_person(first, second, are_alike):
    for one, other in ((first, second), (second, first)):
        assert alike(fold(one), fold(other)) is are_alike


@pytest.mark.parametrize("chunk", [1, 500])
@pytest.mark.parametrize(
    ("names", "shared", "read"),
    [
        (["Ana Ruiz", "Ben Okoye"], "EMAIL:team@example.org", ["new", "new"]),
        (["Ana Ruiz", "Ben Okoye"], "X-SKYPE:the-office", ["new", "new"]),
        (["Ana Ruiz", "Ana Ruiz Gómez"], "EMAIL:ana@example.org", ["new", "changed"]),
        (["Ana Ruiz", "Ana Ruiz"], "X-SKYPE:ana", ["new", "same"]),
    ],
)
def test_who_shares_an_address_is_the_same_in_preview_and_run(
    user, monkeypatch, chunk, names, shared, read
):
    monkeypatch.setattr(running, "CHUNK", chunk)
    text = "".join(card(f"FN:{name}", shared) for name in names)
    batch = ImportFactory(owner=user)

    planned = [
        str(row.state)
        for rows in running.look_through(user, batch, io.BytesIO(text.encode()))
        for row in rows
    ]

    assert planned == read
    batch = bring(user, text)
    assert [row.state for row in batch.rows.order_by("number")] == read


@pytest.mark.parametrize("chunk", [1, 500])
def test_two_of_one_name_are_two_in_preview_and_run(user, monkeypatch, chunk):
    monkeypatch.setattr(running, "CHUNK", chunk)
    text = card("FN:Ana", "EMAIL:a@example.org") + card("FN:Ana", "EMAIL:b@example.org")
    batch = ImportFactory(owner=user)

    planned = running.look_through(user, batch, io.BytesIO(text.encode()))

    assert [str(row.state) for rows in planned for row in rows] == ["new", "new"]
    assert counts(bring(user, text)) == (2, 2, 0, 0, 0)


def test_all_parts_of_a_name_are_kept(user):
    ContactFactory(owner=user, full_name="Ana Ruiz", given_name="Ana")
    text = card("FN:Ana Ruiz", "N:Ruiz;Ana;Luz;Dr.;")

    bring(user, text)

    ana = user.contacts.get(full_name="Ana Ruiz")
    assert (ana.given_name, ana.family_name) == ("Ana", "")
    assert ana.extra == ["N:Ruiz;Ana;Luz;Dr.;"]
    assert counts(bring(user, text)) == (1, 0, 0, 1, 0)


def test_numbers_stored_before_the_country_was_known_are_not_doubled(user):
    text = card("FN:Ana", "TEL:030 / 123 456")
    user.phone_region = ""
    user.save()
    bring(user, text)
    user.contactmethods.update(normalized="030123456")
    user.phone_region = "DE"
    user.save()

    assert counts(bring(user, text)) == (1, 0, 0, 1, 0)


def test_a_tag_alone_makes_the_contact_newer(user):
    ana = ContactFactory(owner=user, full_name="Ana")

    bring(user, card("FN:Ana", "CATEGORIES:choir"))

    assert user.contacts.get(pk=ana.pk).updated_at > ana.updated_at


@pytest.mark.parametrize("chunk", [1, 500])
def test_twice_in_one_file_is_one_contact(user, monkeypatch, chunk):
    monkeypatch.setattr(running, "CHUNK", chunk)

    batch = bring(
        user,
        card("FN:Ana Ruiz", "EMAIL:ana@example.org")
        + card("FN:Ana Ruiz", "EMAIL:ana@example.org", "TEL:+1 617 555 0137")
        + card("FN:Ana Ruiz", "EMAIL:ana@example.org"),
    )

    (ana,) = user.contacts.others()
    assert counts(batch) == (3, 1, 1, 1, 0)
    assert {m.kind for m in ana.methods.all()} == {"email", "phone"}


def test_what_the_owner_typed_is_never_overwritten(user):
    maya = ContactFactory(
        owner=user,
        full_name="Maya L.",
        job_title="Founder",
        about="Met at the fair.",
        birthday=PartialDate(1985, 5, 3),
        organization=OrganizationFactory(owner=user, name="Lumen"),
        extra=["X-OLD:1"],
    )
    ContactMethodFactory(contact=maya, value="Maya@Example.org", label="private")
    text = MAYA.replace("X-PET", "TITLE:Partnerships\r\nNOTE:Tall.\r\nX-PET")

    batch = bring(user, text)

    maya.refresh_from_db()
    assert counts(batch) == (1, 0, 1, 0, 0)
    assert (maya.full_name, maya.job_title, maya.about, str(maya.birthday)) == (
        "Maya L.",
        "Founder",
        "Met at the fair.",
        "1985-05-03",
    )
    assert maya.organization.name == "Lumen"
    assert maya.extra == [
        "X-OLD:1",
        "FN:Maya Lindqvist",
        "N:Lindqvist;Maya;;;",
        "TITLE:Partnerships",
        "ORG:Lumen Candles",
        "BDAY:--05-03",
        "NOTE:Tall.",
        "X-PET:cat",
    ]
    assert sorted(m.value for m in maya.methods.all()) == [
        "+1 617 555 0137",
        "Maya@Example.org",
    ]
    assert "another job title, kept aside" in batch.rows.get().changes
    assert counts(bring(user, text)) == (1, 0, 0, 1, 0)


def test_photos_are_made_clean_and_bad_ones_told(user):
    known = ContactFactory(owner=user, full_name="Ben")
    picture = base64.b64encode(a_picture(format="JPEG")).decode()
    photo = f"PHOTO;ENCODING=b;TYPE=JPEG:{picture}"

    batch = bring(
        user,
        card("FN:Ana", photo) + card("FN:Ben", photo)
        + card("FN:Carla", "PHOTO;ENCODING=b:AAAA", "TITLE:Cook"),
    )  # fmt: skip

    ana = user.contacts.get(full_name="Ana")
    known.refresh_from_db()
    assert counts(batch) == (3, 2, 1, 0, 0)
    assert all(default_storage.exists(c.photo.name) for c in (ana, known))
    carla = user.contacts.get(full_name="Carla")
    assert (carla.photo.name, carla.job_title) == ("", "Cook")
    assert "The photo was left out" in batch.rows.get(name="Carla").reason
    assert counts(bring(user, card("FN:Ben", photo))) == (1, 0, 0, 1, 0)

    undoing.undo(user, batch)

    known.refresh_from_db()
    assert (known.photo.name, user.contacts.others().count()) == ("", 1)


def test_someone_in_the_trash_is_not_brought_back(user):
    gone = ContactFactory(owner=user, full_name="Ana Ruiz")
    gone.trash()

    batch = bring(user, card("FN:Ana Ruiz", "NICKNAME:Anita"))

    gone.refresh_from_db()
    assert counts(batch) == (1, 0, 0, 1, 0)
    assert "in your trash" in batch.rows.get().reason
    assert (gone.nickname, user.contacts.others().count()) == ("", 1)


def test_the_report_has_every_line_and_its_reason(user):
    batch = bring(
        user,
        "junk\r\n"
        + card("FN:Ana")
        + card()
        + card("FN:G", "KIND:group")
        + card("FN:Ben"),
    )

    assert counts(batch) == (5, 2, 0, 1, 2)
    assert batch.read == batch.created + batch.updated + batch.skipped + batch.failed
    assert rows(batch) == [
        (1, "", "unreadable", "These lines belong to no card."),
        (2, "Ana", "new", ""),
        (
            6,
            "",
            "unreadable",
            "This card has no name, organization, e-mail address or phone number.",
        ),
        (9, "G", "skipped", "A group of contacts, not a person."),
        (14, "Ben", "new", ""),
    ]


def test_linkedin_says_how_you_met(user):
    known = ContactFactory(owner=user, full_name="Ben Okoye")
    text = (
        LINKEDIN + "Ana,Ruiz,https://www.linkedin.com/in/ana,,Acme,Buyer,08 Feb 2026\n"
        "Ben,Okoye,,,,,7-Feb-22\n,,,,,,08 Feb 2026\n"
    )

    batch = bring(user, text, source="linkedin")

    assert counts(batch) == (3, 1, 1, 1, 0)
    ana = user.contacts.get(full_name="Ana Ruiz")
    for contact, on in ((ana, "2026-02-08"), (known, "2022-02-07")):
        origin = contact.origin
        assert (origin.how, origin.platform, str(origin.on), origin.in_person) == (
            "online",
            "linkedin",
            on,
            False,
        )
    assert counts(bring(user, text, source="linkedin")) == (3, 0, 0, 3, 0)

    undoing.undo(user, batch)

    assert not user.origins.exists()


def test_linkedin_connections_met_at_an_event(user):
    fair = EventFactory(
        owner=user, name="Fair", starts_at=datetime(2025, 6, 3, 18, tzinfo=UTC)
    )
    lena = ContactFactory(owner=user, full_name="Lena")
    text = LINKEDIN + "Ana,Ruiz,,,,,08 Feb 2026\n"

    bring(user, text, source="linkedin", event=fair)
    bring(user, text.replace("Ana", "Ben"), source="linkedin", met_through=lena)

    ana, ben = (user.contacts.get(given_name=n).origin for n in ("Ana", "Ben"))
    assert (ana.how, ana.in_person, str(ana.on), ana.platform, ana.story) == (
        "event",
        True,
        "2025-06-03",
        "",
        "Connected on LinkedIn on 8 Feb 2026.",
    )
    assert (ben.how, ben.introducer, str(ben.on)) == (
        "introduction",
        lena,
        "2026-02-08",
    )


def test_a_guest_list_of_an_event_through_someone(user):
    lena = ContactFactory(owner=user, full_name="Lena")
    Origin(owner=user, contact=lena, how="online").save()
    ben = ContactFactory(owner=user, full_name="Ben")
    carla = ContactFactory(owner=user, full_name="Carla")
    Origin(owner=user, contact=carla, introducer=ben).save()
    fair = EventFactory(owner=user, name="Fair")

    batch = bring(
        user,
        card("FN:Ana") + card("FN:Ben") + card("FN:Lena"),
        met_through=lena,
        event=fair,
    )

    assert counts(batch) == (3, 1, 1, 1, 0)
    ana = user.contacts.get(full_name="Ana")
    assert (ana.origin.introducer, ana.origin.event, ana.chain_depth) == (lena, fair, 1)
    ben.refresh_from_db()
    carla.refresh_from_db()
    assert (ben.origin.introducer_name, ben.chain_depth, carla.chain_depth) == (
        "Lena",
        1,
        2,
    )


def test_undo_restores_what_was_there(user):
    tag = TagFactory(owner=user, name="boston")
    maya = ContactFactory(owner=user, full_name="Maya Lindqvist", uid="maya-1")
    ContactTagFactory(contact=maya, tag=tag)
    FactFactory(contact=maya)
    before = everything(user)

    batch = bring(user, MAYA + card("FN:Ana", "ORG:Acme", "CATEGORIES:new"))
    undoing.undo(user, batch)

    batch.refresh_from_db()
    assert everything(user) == before
    assert (batch.state, batch.kept) == ("undone", 0)


def test_undo_keeps_what_the_owner_added_to(user):
    for name in ("Maya", "Noor"):
        ContactFactory(owner=user, full_name=name)
    batch = bring(
        user,
        card("FN:Ana") + card("FN:Ben") + card("FN:Carla")
        + card("FN:Maya", "TITLE:Buyer", "NICKNAME:M") + card("FN:Noor", "TITLE:Cook"),
    )  # fmt: skip
    ana, carla, maya = (
        user.contacts.get(full_name=n) for n in ("Ana", "Carla", "Maya")
    )
    FactFactory(contact=ana)
    carla.headline = "Sings"
    carla.save()
    maya.job_title = "Head of buying"
    maya.save()

    undoing.undo(user, batch)

    batch.refresh_from_db()
    assert [c.full_name for c in user.contacts.others().by_name()] == [
        "Ana",
        "Carla",
        "Maya",
        "Noor",
    ]
    maya.refresh_from_db()
    assert (maya.job_title, maya.nickname) == ("Head of buying", "")
    assert user.contacts.get(full_name="Noor").job_title == ""
    assert batch.kept == 3
    kept = {r.name: r.reason for r in batch.rows.filter(reason__startswith="Kept")}
    assert kept == {
        "Ana": "Kept: you have added to them since.",
        "Carla": "Kept: you have added to them since.",
        "Maya": "Kept as you have changed it since: job title.",
    }


class Killed(BaseException):
    pass


def test_an_undo_that_was_interrupted_keeps_what_it_promised(user, monkeypatch):
    ContactFactory(owner=user, full_name="Noor")
    ContactFactory(owner=user, full_name="Tom")
    batch = bring(
        user,
        LINKEDIN + "Ana,,,,,,08 Feb 2026\n"
        "Noor,,,noor@example.org,,Cook,08 Feb 2026\n"
        "Tom,,,tom@example.org,,Cook,08 Feb 2026\n",
        source="linkedin",
    )
    FactFactory(contact=user.contacts.get(full_name="Ana"))
    tom = user.contacts.get(full_name="Tom")
    tom.job_title = "Chef"
    tom.save()
    tom.methods.get().save()
    tom.origin.story = "We sang together."
    tom.origin.save()

    def killed(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(undoing, "_delete_made", killed)
        with pytest.raises(Killed):
            undoing.undo(user, batch)
    undoing.undo(user, batch)

    batch.refresh_from_db()
    tom = user.contacts.get(full_name="Tom")
    assert [c.full_name for c in user.contacts.others().by_name()] == [
        "Ana", "Noor", "Tom",
    ]  # fmt: skip
    assert (batch.state, batch.kept) == ("undone", 2)
    assert (tom.job_title, tom.methods.count(), tom.origin.story) == (
        "Chef",
        1,
        "We sang together.",
    )
    noor = user.contacts.get(full_name="Noor")
    assert (noor.job_title, noor.methods.count()) == ("", 0)


def test_undo_deletes_the_file_of_an_import_that_failed(
    user, django_capture_on_commit_callbacks
):
    text = card("FN:Ana")
    batch = bring(user, text)
    batch.file.save("left", ContentFile(text.encode()))
    name = batch.file.name
    assert default_storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        undoing.undo(user, batch)

    batch.refresh_from_db()
    assert (bool(batch.file), default_storage.exists(name)) == (False, False)


def test_a_chunk_that_lost_a_deadlock_is_tried_again(user, monkeypatch):
    real, calls = running.write, []

    def write(*args):
        calls.append(1)
        if len(calls) < 3:
            raise OperationalError("deadlock detected") from DeadlockDetected()
        real(*args)

    monkeypatch.setattr(running, "write", write)

    batch = bring(user, card("FN:Ana") + card("FN:Ben"))

    assert (len(calls), counts(batch)) == (3, (2, 2, 0, 0, 0))


def test_the_owner_is_locked_before_the_contacts(user):
    ContactFactory(owner=user, full_name="Ana")

    with CaptureQueriesContext(connection) as queries:
        bring(user, card("FN:Ana", "TITLE:Cook"))

    locked = [
        re.search(r'FROM "?(\w+)', query["sql"])[1]
        for query in queries
        if "FOR NO KEY UPDATE" in query["sql"]
    ]
    assert locked[1:4] == [
        "networkcrm_user", "contacts_import", "contacts_contact",
    ]  # fmt: skip


def test_one_bad_record_does_not_stop_the_preview(user, monkeypatch):
    real = planning.merge

    def merge(row, *args):
        if row.name == "Bad":
            raise AttributeError("no such thing")
        real(row, *args)

    monkeypatch.setattr(planning, "merge", merge)
    batch = ImportFactory(owner=user)
    text = card("FN:Ana") + card("FN:Bad") + card("FN:Ana") + card("FN:Ben")

    (planned,) = running.look_through(user, batch, io.BytesIO(text.encode()))

    assert [(row.name, str(row.state)) for row in planned] == [
        ("Ana", "new"), ("Bad", "unreadable"), ("Ana", "same"), ("Ben", "new"),
    ]  # fmt: skip
    assert planned[1].reason == "This could not be written (no such thing)."


def test_a_killed_run_goes_on_and_doubles_nothing(user, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    text = "".join(card(f"FN:Person {n}") for n in range(7))
    batch = ImportFactory(owner=user, state="running")
    real, calls = running.write, []

    def write(*args):
        calls.append(1)
        real(*args)
        if len(calls) == 3:
            raise Killed

    monkeypatch.setattr(running, "write", write)
    with pytest.raises(Killed):
        running.run(user, batch, io.BytesIO(text.encode()))
    batch.refresh_from_db()
    assert (batch.done_rows, user.contacts.others().count()) == (4, 4)

    running.run(user, batch, io.BytesIO(text.encode()))

    batch.refresh_from_db()
    assert counts(batch) == (7, 7, 0, 0, 0)
    assert user.contacts.others().count() == 7
    assert [r.number for r in batch.rows.order_by("number")] == list(range(1, 8))


def test_a_second_worker_on_the_same_import_gives_up(user):
    batch = ImportFactory(owner=user, state="running")
    Import.objects.filter(pk=batch.pk).update(done_rows=1)

    with pytest.raises(running.NoLongerMine):
        running.run(user, batch, io.BytesIO(card("FN:Ana").encode()))

    assert not Contact.objects.filter(full_name="Ana").exists()


@pytest.mark.parametrize("count", [1, 3, 30])
def test_a_chunk_costs_the_same_for_many(user, django_assert_max_num_queries, count):
    known = ContactFactory(owner=user, full_name="Known")
    ContactMethodFactory(contact=known, value="known@example.org")
    text = "".join(
        MAYA.replace("aya", f"aya{n}").replace("0137", f"01{n:02}")
        for n in range(count)
    )
    text += card("FN:Known", "EMAIL:known@example.org", "TITLE:x")
    batch = ImportFactory(owner=user, state="running")

    with django_assert_max_num_queries(60):
        running.run(user, batch, io.BytesIO(text.encode()))


def test_postgres_is_told_when_a_table_has_grown_tenfold(db):
    with connection.cursor() as cursor:
        # As on the first day; what earlier tests left behind has its pages.
        cursor.execute("TRUNCATE contacts_contact CASCADE")
    user = make_user("ada")
    text = "".join(card(f"FN:Person {n}") for n in range(1200))

    with CaptureQueriesContext(connection) as queries:
        bring(user, text)

    told = [q["sql"] for q in queries if q["sql"].startswith("ANALYZE")]
    tables = re.findall(r'"(\w+)"', " ".join(told))
    assert tables.count("contacts_contact") == tables.count("contacts_searchrow") == 1
    assert "connections_interaction" not in tables


def test_the_preview_says_what_the_run_will_do(user, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    ContactFactory(owner=user, full_name="Ben")
    ContactFactory(owner=user, full_name="Same")
    text = (
        card("FN:Ana", "EMAIL:a@example.org") + card("FN:Ben", "TITLE:Cook") + card()
        + card("FN:Same") + card("FN:Ana", "EMAIL:a@example.org")
        + card("FN:Ana", "EMAIL:a@example.org", "NICKNAME:An")
    )  # fmt: skip
    before = everything(user)
    batch = ImportFactory(owner=user, state="running")

    planned = [
        row
        for rows in running.look_through(user, batch, io.BytesIO(text.encode()))
        for row in rows
    ]

    assert everything(user) == before
    assert [str(row.state) for row in planned] == [
        "new", "changed", "unreadable", "same", "same", "changed",
    ]  # fmt: skip
    assert running.counted(planned) == {
        "read": 6, "created": 1, "updated": 2, "skipped": 2, "failed": 1,
    }  # fmt: skip
    assert counts(bring(user, text)) == (6, 1, 2, 2, 1)
