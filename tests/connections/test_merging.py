"""Merging people who stand in chains, introductions and relationships."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from connections import chains
from connections.models import Consent, Introduction, Origin
from contacts import merging, purging
from contacts.merging import Refused, merge
from contacts.models import Stage
from networkcrm.partial_dates import PartialDate
from tests.contacts.test_merging import differences, everything, take_back
from tests.factories import (
    ConsentFactory,
    ContactFactory,
    EventFactory,
    InteractionFactory,
    IntroductionFactory,
    OriginFactory,
    OutcomeFactory,
    RelationshipFactory,
    make_user,
)


def person(user, name, through=None, **origin):
    contact = ContactFactory(owner=user, full_name=name)
    if through or origin:
        how = "introduction" if through else "online"
        OriginFactory(contact=contact, introducer=through, **{"how": how} | origin)
    return contact


def chain_to(contact):
    return [link.name for link in chains.chain(contact.owner_id, contact.pk)]


def wrong_depths(user):
    """Contacts and origins whose depth is not what a walk along the chain finds."""
    origins = {o.contact_id: o for o in user.origins.all()}

    def depth(pk):
        origin = origins.get(pk)
        return depth(origin.introducer_id) + 1 if origin and origin.introducer_id else 0

    return [
        contact
        for contact in user.contacts.all()
        if contact.chain_depth != depth(contact.pk)
    ] + [
        origin
        for origin in origins.values()
        if (origin.contact_depth, origin.introducer_depth)
        != (
            depth(origin.contact_id),
            depth(origin.introducer_id) if origin.introducer_id else None,
        )
    ]


def told(contact):
    """What stands in the timeline, without who and when it was written."""
    rows = contact.interactions.latest_first()
    return [
        (row.kind, row.in_person, str(row.on or ""), row.title, row.text)
        for row in rows
    ]


def test_someone_in_the_middle_of_a_chain(user):
    lena = person(user, "Lena")
    maya = person(user, "Maya", lena)
    double = person(user, "Maja B.")
    tom = person(user, "Tom", double)
    zoe = person(user, "Zoe", tom)
    before = everything()

    url = merge(user, maya.pk, double.pk)

    connection.check_constraints()
    assert chain_to(zoe) == ["Lena", "Maya", "Tom", "Zoe"]
    assert wrong_depths(user) == []
    take_back(user, url)
    connection.check_constraints()
    assert differences(before, everything()) == {}


def test_the_only_origin_stays_whoever_had_it(user):
    lena = person(user, "Lena")
    maya = person(user, "Maya")
    double = person(user, "Maja B.", lena, story="Named in her post.")

    url = merge(user, maya.pk, double.pk)

    connection.check_constraints()
    assert chain_to(maya) == ["Lena", "Maya"]
    assert told(maya) == []
    take_back(user, url)
    connection.check_constraints()
    assert chain_to(maya) == ["Maya"]
    assert wrong_depths(user) == []


@pytest.mark.parametrize("kept", ["Lena", "Tom"])
def test_an_ancestor_and_a_descendant(user, kept):
    """Lena → Maya → Tom, and Tom is Lena: no circle, and Maya's dinner is told."""
    lena = person(user, "Lena", on=PartialDate(2024), platform="mastodon")
    maya = person(user, "Maya", lena)
    tom = person(
        user,
        "Tom",
        maya,
        on=PartialDate(2023, 5),
        place="Maya's dinner",
        story="He laughed.",
    )
    ann = person(user, "Ann", tom)
    before = everything()
    keep, gone = (lena, tom) if kept == "Lena" else (tom, lena)

    asked = [q.name for q in merging.questions(keep, gone)]
    said = merging.adds(keep, gone)
    url = merge(user, keep.pk, gone.pk, {"origin": "keep" if keep is tom else "gone"})

    connection.check_constraints()
    # However it is answered, one origin alone is possible, and nobody is asked.
    assert "origin" not in asked
    assert "the second way you met, as a line of the timeline" in said
    assert chain_to(ann) == [kept, "Ann"]
    assert chain_to(maya) == [kept, "Maya"]
    keep.refresh_from_db()
    assert keep.origin.platform == "mastodon"
    assert told(keep) == [
        (
            "other",
            True,
            "2023-05",
            "Introduced by Maya",
            "At Maya's dinner.\n\nHe laughed.",
        )
    ]
    assert wrong_depths(user) == []
    take_back(user, url)
    connection.check_constraints()
    assert differences(before, everything()) == {}


def test_one_who_introduced_the_other(user):
    """An origin through oneself is none; what it tells stays."""
    lena = person(user, "Lena")
    brandt = person(user, "L. Brandt", lena, url="https://example.org/@lena/1")
    before = everything()

    url = merge(user, brandt.pk, lena.pk)

    connection.check_constraints()
    assert not user.origins.exists()
    assert told(brandt) == [("mention", False, "", "Introduced by Lena", "")]
    assert brandt.interactions.get().url == "https://example.org/@lena/1"
    assert wrong_depths(user) == []
    take_back(user, url)
    connection.check_constraints()
    assert differences(before, everything()) == {}


def test_from_online_to_in_person(user):
    """Known from Mastodon and met at a class: one relation that went from one to the
    other."""
    event = EventFactory(owner=user, name="Class")
    known = person(user, "Maya", platform="mastodon", on=PartialDate(2025, 10))
    met = person(user, "Maja B.", how="event", event=event, on=PartialDate(2026, 3, 3))

    (question,) = [q for q in merging.questions(met, known) if q.name == "origin"]
    merge(user, met.pk, known.pk)

    assert (question.keep, question.gone, question.default) == (
        "Met at Class, 3 Mar 2026",
        "Met on Mastodon, Oct 2025",
        "gone",
    )
    met.refresh_from_db()
    assert (met.origin.platform, met.origin.in_person) == ("mastodon", False)
    assert told(met) == [("event", True, "2026-03-03", "Met at Class", "")]
    assert met.interactions.get().event == event
    assert (met.stage, str(met.last_contact_on)) == (Stage.MET, "2026-03-03")


@pytest.mark.parametrize(
    ("mine", "theirs", "first"),
    [
        ("2026", "2025-05", "gone"),
        ("2025-05", "2026", "keep"),
        # One may lie in the other: nobody knows, and online comes before.
        ("2026", "2026-05", "gone"),
        ("", "2026-05", "gone"),
    ],
)
def test_the_earlier_is_offered_first(user, mine, theirs, first):
    one = person(
        user, "Maya", how="work", on=PartialDate.from_iso(mine) if mine else None
    )
    other = person(user, "Maja B.", on=PartialDate.from_iso(theirs))

    (question,) = [q for q in merging.questions(one, other) if q.name == "origin"]

    assert question.default == first


@pytest.mark.parametrize("chosen", ["keep", "gone"])
def test_the_owner_chooses_and_the_other_is_told(user, chosen):
    lena, ben = person(user, "Lena"), person(user, "Ben")
    maya = person(user, "Maya", lena, story="A post.")
    double = person(user, "Maja B.", ben, story="A dinner.")

    merge(user, maya.pk, double.pk, {"origin": chosen})

    maya.refresh_from_db()
    assert (chain_to(maya), [row[4] for row in told(maya)]) == (
        (["Lena", "Maya"], ["A dinner."])
        if chosen == "keep"
        else (["Ben", "Maya"], ["A post."])
    )
    assert wrong_depths(user) == []


def test_two_origins_that_say_the_same_are_one(user):
    lena = person(user, "Lena")
    maya = person(user, "Maya", lena)
    double = person(user, "Maja B.", lena, on=PartialDate(2026))

    assert "origin" not in [q.name for q in merging.questions(maya, double)]
    merge(user, maya.pk, double.pk)

    maya.refresh_from_db()
    assert (str(maya.origin.on), told(maya)) == ("2026", [])


def test_undone_after_the_chain_has_turned_round(user):
    """What was above is below now: a circle is cut, and it is said."""
    maya = person(user, "Maya")
    lena = person(user, "Lena", maya)
    double = person(user, "Maja B.", lena)
    tom = person(user, "Tom", double)
    merged = merge(user, double.pk, maya.pk)
    Origin.objects.filter(contact=lena).delete()
    OriginFactory(contact=lena, introducer=tom, how="introduction")

    said = take_back(user, merged)

    connection.check_constraints()
    assert said == (
        "Maya and Maja B. are two again. Maja B. no longer came through Lena, who came"
        " to you through Maja B. since."
    )
    assert chain_to(lena) == ["Lena", "Maja B.", "Tom", "Lena"]
    assert wrong_depths(user) == []


def test_any_two_of_a_tree_and_back(user):
    """Depths are right and no circle is left, whoever is merged with whom."""
    chance = random.Random(7)
    people = [person(user, "You 0")]
    for number in range(1, 14):
        people.append(person(user, f"N {number}", chance.choice([None, *people])))
    before = everything()

    for _ in range(25):
        keep, gone = chance.sample(people, 2)
        url = merge(user, keep.pk, gone.pk, {"origin": chance.choice(["keep", "gone"])})
        connection.check_constraints()
        assert wrong_depths(user) == []
        take_back(user, url)
        connection.check_constraints()
        assert differences(before, everything()) == {}


def test_what_happened_with_both_happened_once(user):
    keep, gone = person(user, "Maya"), person(user, "Maja B.")
    both = InteractionFactory(owner=user, with_contacts=[keep, gone])
    outcome = OutcomeFactory(owner=user, with_contacts=[keep, gone])

    merge(user, keep.pk, gone.pk)

    assert [p.contact for p in both.participations.all()] == [keep]
    assert outcome.people == [keep]


def test_what_was_between_the_two_is_told_in_the_notes(user):
    keep, gone = person(user, "Maya"), person(user, "Maja B.")
    RelationshipFactory(
        owner=user, from_contact=gone, to_contact=keep, note="same studio"
    )
    introduction = IntroductionFactory(owner=user, a=keep, b=gone, why_a="candles")
    ConsentFactory(introduction=introduction, message="May I?", words="Gladly, in May")
    outcome = OutcomeFactory(owner=user, introduction=introduction)
    before = everything()

    url = merge(user, keep.pk, gone.pk)

    connection.check_constraints()
    keep.refresh_from_db()
    assert "Relationship: Maya, colleague of Maja B. (note same studio)" in keep.about
    assert "Introduction of Maya and Maja B. by you, idea" in keep.about
    for said in ("candles", "May I?", "Gladly, in May"):
        assert said in keep.about
    outcome.refresh_from_db()
    assert (user.introductions.count(), outcome.introduction) == (0, None)
    take_back(user, url)
    connection.check_constraints()
    assert differences(before, everything()) == {}


def test_one_relationship_written_down_twice(user):
    keep, gone, ann = person(user, "Maya"), person(user, "Maja B."), person(user, "Ann")
    kept = RelationshipFactory(
        owner=user, from_contact=keep, to_contact=ann, since=PartialDate(2020)
    )
    RelationshipFactory(
        owner=user,
        from_contact=ann,
        to_contact=gone,
        since=PartialDate(2010),
        until=PartialDate(2015),
        strength=4,
        note="choir",
    )

    merge(user, keep.pk, gone.pk)

    kept.refresh_from_db()
    keep.refresh_from_db()
    assert user.relationships.count() == 1
    assert (str(kept.since), kept.until, kept.strength, kept.note) == (
        "2020",
        None,
        4,
        "choir",
    )
    assert "since 2010; until 2015" in keep.about


def test_one_introduction_written_down_twice(user):
    lena, ann = person(user, "Lena"), person(user, "Ann")
    keep, gone = person(user, "Maya"), person(user, "Maja B.")
    idea = IntroductionFactory(
        owner=user, introducer=lena, a=ann, b=keep, text="At the fair?"
    )
    made = IntroductionFactory(
        owner=user,
        introducer=lena,
        a=gone,
        b=ann,
        state="made",
        made_at=timezone.now(),
        text="By mail.",
    )
    ConsentFactory(introduction=idea, party="a", message="May I, Ann?")
    outcome = OutcomeFactory(owner=user, introduction=idea)
    before = everything()

    url = merge(user, keep.pk, gone.pk)

    connection.check_constraints()
    (row,) = user.introductions.all()
    outcome.refresh_from_db()
    assert (row, row.a, row.b, row.state, outcome.introduction) == (
        made,
        keep,
        ann,
        "made",
        made,
    )
    assert row.text.startswith("By mail.\n\nIntroduction of Ann and Maya by Lena, idea")
    assert "At the fair?" in row.text
    # Ann is asked in it, whichever of the two she is.
    assert [(c.party, c.message) for c in Consent.objects.all()] == [
        ("b", "May I, Ann?")
    ]
    take_back(user, url)
    connection.check_constraints()
    assert differences(before, everything()) == {}


def test_merged_into_me(user):
    """Whom they brought I met myself, and introductions by them are mine."""
    me = user.contacts.get(is_me=True)
    double = person(user, "Ada at work", how="work", story="On my first day.")
    tom = person(user, "Tom", double)
    zoe = person(user, "Zoe", tom)
    row = IntroductionFactory(owner=user, introducer=double, role="between")
    before = everything()

    url = merge(user, me.pk, double.pk)

    connection.check_constraints()
    row.refresh_from_db()
    me.refresh_from_db()
    assert (chain_to(zoe), row.role) == (["Tom", "Zoe"], Introduction.Role.BY_ME)
    assert "On my first day." in me.about
    assert wrong_depths(user) == []
    take_back(user, url)
    connection.check_constraints()
    assert differences(before, everything()) == {}


def test_a_line_edited_since_stays_after_undoing(user):
    lena, ben = person(user, "Lena"), person(user, "Ben")
    maya, double = person(user, "Maya", lena), person(user, "Maja B.", ben)
    url = merge(user, maya.pk, double.pk)
    line = maya.interactions.get()
    line.text = "And we sang."
    line.save()

    said = take_back(user, url)

    assert "stays with Maya: Introduced by Ben." in said
    assert told(maya)[0][4] == "And we sang."
    assert chain_to(double) == ["Ben", "Maja B."]


@pytest.mark.parametrize("count", [1, 3])
def test_costs_the_same_for_few_and_many(user, count, django_assert_max_num_queries):
    keep, gone = person(user, "Maya"), person(user, "Maja B.")
    for _number in range(count):
        InteractionFactory(owner=user, with_contacts=[keep, gone])
        InteractionFactory(owner=user, with_contacts=[gone])
        person(user, "Brought", gone)
        IntroductionFactory(owner=user, a=gone)
        RelationshipFactory(owner=user, from_contact=gone)

    with django_assert_max_num_queries(120):
        merge(user, keep.pk, gone.pk)


@pytest.mark.parametrize("gone_for_ever", [False, True])
def test_someone_in_the_middle_goes_to_the_trash(user, gone_for_ever):
    """Whom they brought keeps the chain, and later the name."""
    lena = person(user, "Lena")
    maya = person(user, "Maya", lena)
    tom = person(user, "Tom", maya, story="Her dinner.")
    zoe = person(user, "Zoe", tom)
    introduction = IntroductionFactory(owner=user, introducer=maya, a=tom, b=zoe)
    shared = InteractionFactory(owner=user, with_contacts=[maya, tom])

    maya.trash()
    if gone_for_ever:
        purging.purge(user, [maya.pk])

    connection.check_constraints()
    chain = ["Maya", "Tom", "Zoe"] if gone_for_ever else ["Lena", "Maya", "Tom", "Zoe"]
    assert chain_to(zoe) == chain
    assert user.origins.get(contact=tom).story == "Her dinner."
    introduction.refresh_from_db()
    assert introduction.name_of("introducer") == "Maya"
    assert tom in shared.people


def test_the_trash_says_what_becomes_of_the_chain(client, user):
    """Trashed and then deleted for ever, each in its sentence, and the chain stands."""
    lena = person(user, "Lena")
    maya = person(user, "Maya", lena)
    tom = person(user, "Tom", maya)

    trashed = client.post(reverse("contact_trash", args=[maya.pk]), follow=True)
    (message,) = trashed.context["messages"]
    page = client.get(maya.get_absolute_url())
    asked = client.get(reverse("contact_purge", args=[maya.pk]))
    in_trash = chain_to(tom)
    client.post(reverse("contact_purge", args=[maya.pk]))

    assert str(message) == "Maya moved to the trash, kept there for 90 days."
    assert message.extra_tags.startswith("/undo/")
    assert "Maya is in the trash until" in page.text
    assert (
        "Whom they introduced to you stays, with their name in the chain." in asked.text
    )
    assert in_trash == ["Lena", "Maya", "Tom"]
    assert chain_to(tom) == ["Maya", "Tom"]
    assert "Maya" in client.get(tom.get_absolute_url()).text


def test_undone_after_the_kept_one_was_deleted_for_ever(user):
    maya, double = person(user, "Maya"), person(user, "Maja B.", on=PartialDate(2025))
    tom = person(user, "Tom", double)
    introduction = IntroductionFactory(owner=user, a=double)
    url = merge(user, maya.pk, double.pk)
    maya.trash()
    purging.purge(user, [maya.pk])

    said = take_back(user, url)

    connection.check_constraints()
    assert said == (
        "Maja B. and Maya are two again. Maya is not in your network any more."
    )
    introduction.refresh_from_db()
    assert introduction.a == double
    # Named as they were called when they were deleted.
    assert chain_to(tom) == ["Maya", "Tom"]


@pytest.mark.django_db(transaction=True)
def test_two_mergings_at_once(db):
    """One of the two is told that the other was quicker; nothing is lost or double."""
    user = make_user("ada")
    for turn in range(4):
        keep, gone = person(user, f"Maya {turn}"), person(user, f"Maja B. {turn}")
        InteractionFactory(owner=user, with_contacts=[gone])
        person(user, "Brought", gone)
        # A double click, and both ways round.
        other = (keep, gone) if turn % 2 else (gone, keep)

        results = at_once(
            lambda pair: merge(user, *pair),
            [[c.pk for c in (keep, gone)], [c.pk for c in other]],
        )

        assert sorted(map(type, results), key=str) == [Refused, str]
        (left,) = user.contacts.filter(pk__in=[keep.pk, gone.pk])
        assert (left.participations.count(), left.brought.count()) == (1, 1)


def at_once(job, arguments):
    """What each gives or raises, begun at the same moment."""
    start = threading.Barrier(len(arguments))

    def run(argument):
        try:
            start.wait()
            return job(argument)
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))
