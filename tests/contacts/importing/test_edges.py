"""Who knows whom, from a table to relationships and back."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.importing import edges, running, undoing
from contacts.importing.records import Myself, Record, Relation, Unread, Who
from networkcrm.partial_dates import PartialDate
from tests.contacts.importing.test_running import bring, counts, everything, rows
from tests.factories import ContactFactory, ContactMethodFactory

HEADER = "person,knows,how,since\n"
KITES = (
    HEADER + "Ana Ruiz,Ben Okoye,colleague,2019\n"
    "Ben Okoye,Carla Moss,parent of,\n"
    "me,Ana Ruiz,friend,May 2021\n"
    "Carla Moss,Ana Ruiz,,\n"
)


def read(text, myself=edges.NOBODY):
    return list(edges.read(io.BytesIO(text.encode()), myself))


def whole(user):
    names = "relationships relationshipkinds interactions participations"
    more = {
        name: sorted(getattr(user, name).values(), key=lambda row: str(row["id"]))
        for name in names.split()
    }
    return everything(user) | more


def said(user):
    return sorted(
        (r.from_contact.full_name, r.kind.name, r.to_contact.full_name, str(r.since))
        for r in user.relationships.all()
    )


def test_each_person_once_and_each_line_with_whom_stands_later():
    assert read(KITES) == [
        Record(2, "Ana Ruiz", by_name=True),
        Record(
            2,
            "Ben Okoye",
            by_name=True,
            relations=[Relation("colleague", Who("Ana Ruiz"), PartialDate(2019), True)],
        ),
        Record(
            3,
            "Carla Moss",
            by_name=True,
            relations=[
                Relation("parent", Who("Ben Okoye"), is_theirs=True),
                Relation("acquaintance", Who("Ana Ruiz")),
            ],
        ),
        Record(
            4,
            "me",
            is_me=True,
            by_name=True,
            relations=[Relation("friend", Who("Ana Ruiz"), PartialDate(2021, 5))],
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Knows;PERSON\nBen;Ana\n",
        "source\ttarget\nAna\tBen\n",
        '\ufeff"person","knows"\r\n"Ana","Ben"\r\n',
        "What I know,\n\nperson , knows\nAna,Ben",
        "line,since,knows,person,how\n1,,Ben,Ana,\n",
    ],
)
def test_columns_stand_in_any_order_and_any_dress(text):
    assert sorted(record.full_name for record in read(text)) == ["Ana", "Ben"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Ana,", "This line needs two names: who, and whom they know."),
        (",Ana,friend", "This line needs two names: who, and whom they know."),
        ("Ana,ANA", "Nobody is related to themselves."),
        ("me,I", "Nobody is related to themselves."),
        ("Ada, ada@example.org", "Nobody is related to themselves."),
        ("Ana,Ben,friend,soon", "“soon” is no date we understand."),
        ("Ana,Ben,friend,3 May", "“3 May” is no date we understand."),
        ("Ana,Ben,friend,2019-02-30", "“2019-02-30” is no date we understand."),
        ("Ana,Ben,friend,2019,more", "This line has 5 columns where the header has 4"),
        (f"Ana,{'B' * 301}", "A name has at most 300 characters."),
    ],
)
def test_a_bad_line_is_told_and_the_rest_goes_on(line, reason):
    myself = Myself(names=frozenset(["ada"]), emails=frozenset(["ada@example.org"]))

    bad, *good = sorted(
        read(HEADER + line + "\nCarla,Dan\n", myself), key=lambda item: item.line
    )

    assert isinstance(bad, Unread)
    assert bad.failed
    assert bad.reason.startswith(reason)
    assert [record.full_name for record in good] == ["Carla", "Dan"]


def test_the_same_pair_twice_is_said_once():
    _ana, _ben, again = read(HEADER + "Ana,Ben,friend,\nana,BEN,Friend,2019\n")

    assert (again.line, again.reason, again.failed) == (
        3,
        "The same as line 2.",
        False,
    )


def test_people_and_what_they_are_to_each_other(user, stranger):
    before = whole(stranger)
    me = user.contacts.get(is_me=True).full_name

    batch = bring(user, KITES, source="edges")

    assert counts(batch) == (4, 3, 1, 0, 0)
    assert ("Ben Okoye", "parent", "Carla Moss", "None") in said(user)
    assert sorted([*sorted((a, b)), kind, on] for a, kind, b, on in said(user)) == [
        ["Ana Ruiz", "Ben Okoye", "colleague", "2019"],
        ["Ana Ruiz", "Carla Moss", "acquaintance", "None"],
        [*sorted(["Ana Ruiz", me]), "friend", "2021-05"],
        ["Ben Okoye", "Carla Moss", "parent", "None"],
    ]
    assert whole(stranger) == before


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_twice_changes_nothing_and_undo_restores(user, monkeypatch, chunk):
    monkeypatch.setattr(running, "CHUNK", chunk)
    ben = ContactFactory(owner=user, full_name="Ben Okoye")
    ContactFactory(owner=user, full_name="Carla Moss", job_title="Painter")
    text = KITES + "Ben Okoye,Dan Voss,godfather,\n"
    before = whole(user)

    batch = bring(user, text, source="edges")

    assert counts(batch) == (5, 2, 3, 0, 0)
    assert user.relationshipkinds.filter(name="godfather").exists()
    assert ben.relationships_from.count() + ben.relationships_to.count() == 3
    after = whole(user)
    again = bring(user, text, source="edges")
    assert counts(again) == (5, 0, 0, 5, 0)
    assert whole(user) == after

    undoing.undo(user, batch)

    batch.refresh_from_db()
    assert (batch.state, batch.kept) == ("undone", 0)
    assert whole(user) == before


def test_a_relationship_that_is_here_gets_its_date(user):
    text = HEADER + "Ana,Ben,colleague,"
    bring(user, text, source="edges")
    before = whole(user)

    batch = bring(user, text + "2019", source="edges")

    assert counts(batch) == (2, 0, 1, 1, 0)
    assert user.relationships.get().since == PartialDate(2019)
    undoing.undo(user, batch)
    assert whole(user) == before


def test_someone_who_was_written_about_since_is_kept(user):
    batch = bring(user, HEADER + "Ana,Ben,colleague,\nBen,Carla,friend,\n", "edges")
    friendship = user.relationships.get(kind__key="friend", kind__owner=user)
    friendship.note = "Since school."
    friendship.save()

    undoing.undo(user, batch)

    batch.refresh_from_db()
    assert batch.kept == 2
    assert [r.note for r in user.relationships.all()] == ["Since school."]


def test_who_is_meant_by_a_name_or_an_address(user):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    ContactMethodFactory(contact=ana, value="ana@example.org")
    for _ in range(2):
        ContactFactory(owner=user, full_name="Ben")
    gone = ContactFactory(owner=user, full_name="Dan")
    gone.trash()
    text = HEADER + (
        "ana@example.org,Carla <Carla@example.org>,friend,\n"
        "Carla,ANA RUIZ,colleague,\nBen,Ana Ruiz,,\nDan,Ana Ruiz,,\n"
    )

    batch = bring(user, text, source="edges")

    assert [(name, state) for _, name, state, _ in rows(batch)] == [
        ("ana@example.org", "changed"),
        ("Carla", "new"),
        ("ANA RUIZ", "same"),
        ("Ben", "skipped"),
        ("Dan", "skipped"),
    ]
    reasons = {row.name: row.reason for row in batch.rows.all()}
    assert reasons["ana@example.org"] == "Found by the same e-mail address."
    assert reasons["ANA RUIZ"] == "Found by the same name."
    assert reasons["Ben"].startswith("You know 2 people called Ben. Which one")
    assert reasons["Dan"].startswith("Is in your trash.")
    carla = user.contacts.get(full_name="Carla")
    assert sorted(
        ({r.from_contact_id, r.to_contact_id} == {ana.pk, carla.pk}, r.kind.name)
        for r in user.relationships.all()
    ) == [(True, "colleague"), (True, "friend")]
    assert carla.methods.get().value == "Carla@example.org"


@given(st.text())
def test_no_text_is_too_strange(text):
    for item in read(HEADER + text):
        assert isinstance(item, Record | Unread)
        if isinstance(item, Record):
            assert 0 < len(item.full_name) <= 300
            for relation in item.relations:
                assert 0 < len(relation.kind) <= 60
                assert relation.other != Who()


NAME = st.sampled_from(["Ana", "Ben", "Carla", "Dan", "me", "x@example.org", ""])
LINES = st.lists(
    st.tuples(NAME, NAME, st.sampled_from(["", "friend", "of", "boss"]), st.just("")),
    max_size=20,
)


@given(LINES)
def test_every_line_is_said_once_or_told(lines):
    items = read(HEADER + "".join(",".join(line) + "\n" for line in lines))

    people = [item for item in items if isinstance(item, Record)]
    told = [item for item in items if isinstance(item, Unread)]
    relations = sum(len(record.relations) for record in people)
    # A line of commas alone is blank.
    assert relations + len(told) == sum(any(line) for line in lines)
    assert len({record.full_name for record in people}) == len(people)
