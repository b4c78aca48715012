"""Who of a file is whom, where it is hard to tell; and imports on top of each other."""

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts import merging
from contacts.importing import running, undoing
from tests.contacts.importing.test_running import bring, card, counts, everything
from tests.factories import (
    ContactFactory,
    ContactMethodFactory,
    ImportFactory,
)


def people(user):
    return sorted(
        (c.full_name, sorted(c.methods.values_list("value", flat=True)))
        for c in user.contacts.others()
    )


ANA = card("FN:Ana Ruiz", "UID:1", "EMAIL:family@example.org", "TEL:+1 617 555 0137")
BEN = card("FN:Ben Ruiz", "UID:2", "EMAIL:family@example.org", "TEL:+1 617 555 0137")
NOBODY = card("FN:Kim Lee", "UID:null") + card("FN:Ida Moe", "UID:null", "TEL:1")
HOMONYMS = card("FN:Jo Kim", "EMAIL:a@example.org") + card(
    "FN:Jo Kim", "EMAIL:b@example.org", "TEL:+1 617 555 0100"
)


@pytest.mark.parametrize("chunk", [1, 500])
@pytest.mark.parametrize(
    ("text", "read"),
    [
        # A family with one address and one phone.
        (ANA + BEN, "new new"),
        # A program that writes the same number on every card.
        (NOBODY + card("FN:Kim Lee", "UID:null", "TEL:2"), "new new changed"),
        # Two of one name, and a third card that could be either's.
        (HOMONYMS + card("FN:Jo Kim", "TEL:12"), "new new skipped"),
        (HOMONYMS + card("FN:Jo Kim", "EMAIL:c@example.org"), "new new new"),
        (HOMONYMS + card("FN:Jo Kim", "TEL:001 617 555 0100"), "new new skipped"),
        (HOMONYMS + card("FN:Jo Kim", "TEL:+1 617-555-0100"), "new new same"),
    ],
)
def test_people_of_one_file(user, monkeypatch, chunk, text, read):
    monkeypatch.setattr(running, "CHUNK", chunk)

    batch = bring(user, text)

    assert " ".join(r.state for r in batch.rows.order_by("number")) == read
    before = everything(user)
    again = bring(user, text)
    assert (again.created, again.updated) == (0, 0)
    assert everything(user) == before


def test_a_table_that_counts_from_1_names_nobody_of_another_table(user):
    bring(user, card("FN:Ana Ruiz", "UID:1", "EMAIL:ana@example.org"))

    batch = bring(user, card("FN:Carla Moss", "UID:1", "EMAIL:carla@example.org"))
    again = bring(user, card("FN:Carla A. Moss", "UID:1"))

    assert (batch.created, batch.updated) == (1, 0)
    assert (again.created, again.updated) == (0, 1)
    assert people(user) == [
        ("Ana Ruiz", ["ana@example.org"]),
        ("Carla Moss", ["carla@example.org"]),
    ]


def test_of_two_here_with_one_name_nobody_is_guessed(user):
    for value in ("a@example.org", "b@example.org"):
        ContactMethodFactory(
            contact=ContactFactory(owner=user, full_name="Jo Kim"), value=value
        )

    batch = bring(user, card("FN:Jo Kim", "TITLE:Cook"))

    (row,) = batch.rows.all()
    assert (row.state, row.contact) == ("skipped", None)
    assert row.reason.startswith("You know 2 people called Jo Kim.")


def test_an_address_that_moved_to_somebody_else(user):
    """It tells nothing against the name: who has it now is left alone."""
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    ben = ContactFactory(owner=user, full_name="Ben Okoye")
    ContactMethodFactory(contact=ben, value="desk@example.org")

    batch = bring(user, card("FN:Ana Ruiz", "EMAIL:desk@example.org", "TITLE:Cook"))

    ana.refresh_from_db()
    assert (batch.rows.get().contact, ana.job_title) == (ana, "Cook")
    assert people(user) == [
        ("Ana Ruiz", ["desk@example.org"]),
        ("Ben Okoye", ["desk@example.org"]),
    ]


@pytest.mark.parametrize("name", ["Ana Ruiz", "A. Ruiz"])
def test_who_is_here_comes_before_who_is_in_the_trash(user, name):
    trashed = ContactFactory(
        owner=user, full_name="Ana Ruiz", trashed_at=timezone.now()
    )
    here = ContactFactory(owner=user, full_name=name)
    for contact in (trashed, here):
        ContactMethodFactory(contact=contact, value="ana@example.org")

    bring(user, card("FN:Ana Ruiz", "EMAIL:ana@example.org", "TITLE:Cook"))

    here.refresh_from_db()
    assert here.job_title == "Cook"


def test_who_is_archived_stays_so(user):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz", archived_at=timezone.now())

    batch = bring(user, card("FN:Ana Ruiz", "TITLE:Cook"))

    ana.refresh_from_db()
    assert (counts(batch), ana.job_title) == ((1, 0, 1, 0, 0), "Cook")
    assert ana.archived_at


def test_my_own_card_is_me(user):
    me = user.contacts.get(is_me=True)

    batch = bring(
        user, card(f"FN:{me.full_name}", f"EMAIL:{user.email}", "NICKNAME:Boss")
    )

    me.refresh_from_db()
    assert (batch.created, me.nickname) == (0, "Boss")
    undoing.undo(user, batch)
    me.refresh_from_db()
    assert (me.nickname, me.methods.count()) == ("", 0)


def test_imports_on_top_of_each_other_are_taken_back_one_by_one(user):
    noor = ContactFactory(owner=user, full_name="Noor")
    states = [everything(user)]
    batches = []
    for text in (
        card("FN:Noor", "TITLE:Cook", "ORG:Acme", "CATEGORIES:a") + ANA,
        card("FN:Noor", "ORG:Acme", "NICKNAME:N", "EMAIL:n@example.org")
        + card("FN:Ana Ruiz", "UID:1", "CATEGORIES:a,b", "ORG:Acme", "BDAY:1985-04-12"),
        card("FN:Noor", "NOTE:x", "TITLE:Chef") + BEN
        + card("FN:Ana Ruiz", "UID:1", "X-PET:cat", "ANNIVERSARY:2019-05-03"),
    ):  # fmt: skip
        batches.append(bring(user, text))
        states.append(everything(user))
    times = noor.updated_at

    for batch, before in zip(reversed(batches), reversed(states[:-1]), strict=True):
        undoing.undo(user, batch)
        batch.refresh_from_db()
        assert (batch.state, batch.kept) == ("undone", 0)
        assert everything(user) == before
    noor.refresh_from_db()
    assert noor.updated_at == times


def test_what_was_done_between_two_imports_stays_when_both_are_undone(user):
    first = bring(user, ANA)
    ana = user.contacts.get(full_name="Ana Ruiz")
    ana.headline = "Sings"
    ana.save()
    second = bring(user, card("FN:Ana Ruiz", "UID:1", "TITLE:Cook"))

    for batch in (second, first):
        undoing.undo(user, batch)

    ana.refresh_from_db()
    first.refresh_from_db()
    assert (ana.headline, ana.job_title, first.kept) == ("Sings", "", 1)


@pytest.mark.parametrize("keeps_mine", [True, False])
def test_who_was_merged_since_is_kept_with_all_that_is_theirs(user, keeps_mine):
    mine = ContactFactory(owner=user, full_name="Ana R.", headline="Sings")
    ContactMethodFactory(contact=mine, value="mine@example.org")
    batch = bring(user, ANA + BEN)
    theirs = user.contacts.get(full_name="Ana Ruiz")
    keep, gone = (mine, theirs) if keeps_mine else (theirs, mine)
    merging.merge(user, keep.pk, gone.pk)

    undoing.undo(user, batch)

    batch.refresh_from_db()
    (kept,) = user.contacts.others()
    assert (kept.pk, kept.headline, batch.kept) == (keep.pk, "Sings", 1)
    assert "mine@example.org" in kept.methods.values_list("value", flat=True)


def test_an_undo_while_it_runs_is_no_undo(client, user):
    batch = ImportFactory(owner=user, state="running")

    client.force_login(user)
    client.post(reverse("import_undo", kwargs={"import_id": batch.pk}))

    batch.refresh_from_db()
    assert batch.state == "running"
