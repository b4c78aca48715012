"""Cards that name others: a spouse, a mother, a colleague."""

import pytest

from contacts.importing import running, undoing
from contacts.importing.records import Relation, Who
from contacts.importing.related import relations
from tests.contacts.importing.test_edges import whole
from tests.contacts.importing.test_running import bring, card, counts
from tests.factories import ContactFactory


def theirs(kind, **who):
    return Relation(kind, Who(**who), is_theirs=True, is_sure=False)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("RELATED;TYPE=friend:urn:uuid:5CFE-1", [theirs("friend", uid="5cfe-1")]),
        ("RELATED;TYPE=spouse;VALUE=text:Ben", [theirs("spouse", name="Ben")]),
        ('RELATED;TYPE="child,kin":mailto:Mia@example.org',
         [theirs(kind, email="mia@example.org") for kind in ("child", "kin")]),
        ("RELATED:https://example.org/ana.vcf",
         [theirs("contact", uid="https://example.org/ana.vcf")]),
        ("RELATED;TYPE=me:urn:uuid:5cfe-1", []),
        ("RELATED;TYPE=friend;VALUE=text:", []),
        ("X-ABRELATEDNAMES;X-ABLABEL=mother:Mia", [theirs("mother", name="Mia")]),
        ("X-ABRELATEDNAMES;TYPE=pref:Mia", [theirs("contact", name="Mia")]),
        ("X-SPOUSE:Ben\\, Okoye", [theirs("spouse", name="Ben, Okoye")]),
        ("X-EVOLUTION-MANAGER:Carla", [theirs("manager", name="Carla")]),
        ("X-ASSISTANT:Dan", [theirs("assistant", name="Dan")]),
        ("X-PET:Cat", []),
        ("RELATED", []),
    ],
)  # fmt: skip
def test_whom_a_line_names(line, found):
    assert relations([line]) == found


def said(user):
    return {
        (str(r.from_contact), r.kind.name, str(r.to_contact))
        if not r.kind.is_symmetrical
        else (*sorted([str(r.from_contact), str(r.to_contact)]), r.kind.name)
        for r in user.relationships.all()
    }


ANA = card(
    "FN:Ana", "UID:urn:uuid:5CFE-0000-0000-0000-00000000000a",
    "RELATED;TYPE=colleague:urn:uuid:5cfe-0000-0000-0000-00000000000b",
    "X-SPOUSE:Ben Okoye",
)  # fmt: skip
BEN = card("FN:Ben Okoye", "UID:5CFE-0000-0000-0000-00000000000B")
MIA = card("FN:Mia", "item1.X-ABRELATEDNAMES:Ana", "item1.X-ABLabel:_$!<Daughter>!$_")
BOTH = {("Ana", "Ben Okoye", "colleague"), ("Ana", "Ben Okoye", "spouse")}


@pytest.mark.parametrize("chunk", [1, 500])
@pytest.mark.parametrize("files", [[ANA + BEN], [BEN + ANA], [ANA, BEN], [BEN, ANA]])
def test_whichever_comes_first(user, stranger, monkeypatch, files, chunk):
    monkeypatch.setattr(running, "CHUNK", chunk)
    before = whole(user)
    for text in (ANA, BEN):
        bring(stranger, text)
    theirs = whole(stranger)

    batches = [bring(user, text) for text in files]

    assert said(user) == BOTH
    assert "X-SPOUSE:Ben Okoye" in user.contacts.get(full_name="Ana").extra
    after = whole(user)
    for text in files:
        assert counts(bring(user, text))[1:3] == (0, 0)
    assert whole(user) == after
    for batch in reversed(batches):
        undoing.undo(user, batch)
    assert whole(user) == before
    assert whole(stranger) == theirs


def test_the_other_is_what_the_card_says(user):
    bring(user, ANA + MIA)

    assert said(user) == {("Mia", "parent", "Ana")}


def test_nobody_is_guessed_among_two_of_one_name(user):
    for _ in range(2):
        ContactFactory(owner=user, full_name="Ben Okoye")

    bring(user, ANA)

    assert not user.relationships.exists()


def test_someone_already_here_and_a_word_of_their_own(user):
    ben = ContactFactory(owner=user, full_name="Ben Okoye")
    ContactFactory(
        owner=user, full_name="Zoe", extra=["X-ABRELATEDNAMES;X-ABLABEL=godmother:Eva"]
    )
    before = whole(user)
    later = card(
        "FN:Carla", "item1.X-ABRELATEDNAMES:Ben Okoye", "item1.X-ABLabel:Godmother"
    )

    first = bring(user, ANA)
    second = bring(user, later)
    third = bring(user, card("FN:Eva"))

    assert said(user) == {
        ("Ana", "Ben Okoye", "spouse"),
        ("Ben Okoye", "Carla", "godmother"),
        ("Eva", "Zoe", "godmother"),
    }
    assert ben.relationships_to.count() + ben.relationships_from.count() == 2
    for batch in (third, second, first):
        undoing.undo(user, batch)
    assert whole(user) == before


def test_a_card_found_again_tells_of_someone_who_came_by_hand(user):
    bring(user, ANA)
    ContactFactory(owner=user, full_name="Ben Okoye")
    before = whole(user)

    batch = bring(user, ANA)

    assert counts(batch) == (1, 0, 1, 0, 0)
    assert batch.rows.get().changes == ["spouse: Ben Okoye"]
    assert said(user) == {("Ana", "Ben Okoye", "spouse")}
    undoing.undo(user, batch)
    assert whole(user) == before
