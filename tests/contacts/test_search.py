"""Finding people by anything that is known of them, and saying by what."""

import html
import re

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.search import search
from contacts.search_words import phone_words, terms, words_of
from tests.factories import (
    CircleFactory,
    ContactFactory,
    ContactMethodFactory,
    ContactTagFactory,
    EventFactory,
    FactFactory,
    InteractionFactory,
    OrganizationFactory,
    OriginFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


def names(user, text):
    return [hit.contact.full_name for hit in search(user, text).hits]


def why(user, text):
    """{name: ["label text with [marks]"]}"""
    return {
        hit.contact.full_name: [
            re.sub("</?mark>", "|", f"{reason.label} {html.unescape(reason.text)}")
            for reason in hit.reasons
        ]
        for hit in search(user, text).hits
    }


@pytest.fixture
def people(user):
    for name in ("Lena Brandt", "Maya Lindqvist", "José Álvarez", "Łukasz Straße"):
        ContactFactory(owner=user, full_name=name)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lena Brandt", ["Lena Brandt"]),
        ("brandt lena", ["Lena Brandt"]),
        ("BRAN", ["Lena Brandt"]),
        ("lena b", ["Lena Brandt"]),
        ("l", ["Lena Brandt", "Łukasz Straße", "Maya Lindqvist"]),
        ("jose alvarez", ["José Álvarez"]),
        ("lukasz", ["Łukasz Straße"]),
        ("STRASSE", ["Łukasz Straße"]),
        ("straße", ["Łukasz Straße"]),
        ("Ｌｅｎａ", ["Lena Brandt"]),
        ("lena lindqvist", []),
        ("zzzzzz", []),
        ("", []),
        ("!?&", []),
    ],
)
@pytest.mark.usefixtures("people")
def test_names_are_found_without_accents_case_or_order(user, typed, found):
    assert names(user, typed) == found


@pytest.mark.parametrize(
    "typed", ["lindkvist", "lindqvits", "lindqist", "lindqvisst", "lindqivst", "lindkv"]
)
@pytest.mark.usefixtures("people")
def test_a_mistake_in_typing_still_finds_them(user, typed):
    results = search(user, f"maya {typed}")

    assert [(hit.contact.full_name, hit.is_close) for hit in results.hits] == [
        ("Maya Lindqvist", True)
    ]
    assert results.meant == ("lindqvist",)


def test_two_mistakes_are_forgiven_in_a_long_word_and_cyrillic_has_mistakes_too(user):
    ContactFactory(owner=user, full_name="Krzysztof Anders")
    ContactFactory(owner=user, full_name="Наталья Орлова")

    assert names(user, "kristof") == []
    assert names(user, "krzystoff") == ["Krzysztof Anders"]
    assert names(user, "натлаья") == ["Наталья Орлова"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("田中太郎", "太郎"),
        ("田中太郎", "郎"),
        ("田中太郎", "田中"),
        ("김철수", "철수"),
        ("สมชาย ใจดี", "ชาย"),
        ("प्रिया शर्मा", "शर्मा"),
        ("Sinéad O’Brien", "obrien"),
        ("Sinéad O’Brien", "o'brien"),
        ("Sinéad O’Brien", "brien"),
        ("Jean-Luc Picard", "jean luc"),
        ("Jean-Luc Picard", "jeanluc"),
        ("Jean-Luc Picard", "jean-l"),
    ],
)
def test_names_of_all_scripts_are_found_by_their_parts(user, name, typed):
    ContactFactory(owner=user, full_name=name)
    ContactFactory(owner=user, full_name="Somebody Else")

    assert names(user, typed) == [name]


@pytest.mark.parametrize(
    "typed",
    [
        "ana.ruiz@example.org",
        "ana.ruiz@ex",
        "ruiz",
        "example.org",
        "+49 30 1234567",
        "0049301234567",
        "030 1234567",
        "(030) 123 45 67",
        "1234567",
        "4567",
        "@anaruiz@social.example",
        "anaruiz",
        "social.example",
        "Hauptstraße 5",
    ],
)
def test_a_person_is_found_by_how_they_are_reached(user, typed):
    contact = ContactFactory(owner=user, full_name="Anita")
    for kind, value, service in (
        ("email", "Ana.Ruiz@example.org", ""),
        ("phone", "+49 30 1234567", ""),
        ("handle", "@anaruiz@social.example", "mastodon"),
        ("address", "Hauptstraße 5, 10115 Berlin", ""),
    ):
        ContactMethodFactory(contact=contact, kind=kind, value=value, service=service)
    ContactFactory(owner=user, full_name="Somebody Else")

    assert names(user, typed) == ["Anita"]


def test_all_words_are_of_the_same_person_wherever_they_stand(user):
    lena = ContactFactory(owner=user, full_name="Lena Brandt", city="Berlin")
    ContactFactory(owner=user, full_name="Lena Katz", city="Boston")
    ContactFactory(owner=user, full_name="Tom Okoye", city="Berlin")
    FactFactory(contact=lena, kind="works_on", text="a reading app for dyslexic kids")

    assert names(user, "lena berlin") == ["Lena Brandt"]
    assert names(user, "reading berlin bra") == ["Lena Brandt"]
    assert names(user, "reading boston") == []


def test_the_best_come_first(user):
    ContactFactory(owner=user, full_name="Zoe Ruiz", about="Her sister is called Ana.")
    ContactFactory(owner=user, full_name="Yan Bo", headline="Ana's colleague")
    ContactFactory(owner=user, full_name="Anabel Cruz")
    ContactFactory(owner=user, full_name="Maria Ana Silva")
    ContactFactory(owner=user, full_name="Ana Ruiz")
    ContactFactory(owner=user, full_name="Ana")

    assert names(user, "ana") == [
        "Ana",
        "Ana Ruiz",
        "Maria Ana Silva",
        "Anabel Cruz",
        "Yan Bo",
        "Zoe Ruiz",
    ]


def test_every_hit_says_why(user):
    lena = ContactFactory(owner=user, full_name="Lena Brandt")
    tom = ContactFactory(
        owner=user,
        full_name="Tom Okoye",
        nickname="Tommy",
        headline="Founder of Lighthouse",
        organization=OrganizationFactory(owner=user, name="Harbor Studio"),
        city="Lisbon",
        about="Sails <every> weekend",
        circle=CircleFactory(owner=user, name="Board"),
    )
    ContactMethodFactory(contact=tom, kind="email", value="tom@okoye.example")
    ContactTagFactory(contact=tom, tag=TagFactory(owner=user, name="climbing"))
    FactFactory(contact=tom, kind="need", text="a retail buyer")
    event = EventFactory(owner=user, name="DjangoCon 2026")
    OriginFactory(
        contact=tom, introducer=lena, event=event, place="Cambridge", story="Over soup."
    )
    InteractionFactory(
        owner=user, title="Pilot", text="went **well**", with_contacts=[tom]
    )

    assert {
        typed: why(user, typed).get("Tom Okoye")
        for typed in (
            "tom tommy lighthouse harbor lisbon sails board okoye.example climb retail"
            " lena djangocon cambridge soup well"
        ).split()
    } == {
        "tom": [],
        "tommy": ["also called |Tommy|"],
        "lighthouse": ["headline: Founder of |Lighthouse|"],
        "harbor": ["organization: |Harbor| Studio"],
        "lisbon": ["place: |Lisbon|"],
        "sails": ["notes: |Sails| <every> weekend"],
        "board": ["circle: |Board|"],
        "okoye.example": ["e-mail: tom@|okoye|.|example|"],
        "climb": ["tag: |climbing|"],
        "retail": ["needs: a |retail| buyer"],
        "lena": ["introduced by |Lena| Brandt"],
        "djangocon": ["met at |DjangoCon| 2026"],
        "cambridge": ["where you met: |Cambridge|"],
        "soup": ["how you met: Over |soup|."],
        "well": ["coffee, 2 Nov 2026: Pilot · went **|well|**"],
    }
    assert why(user, "lena soup retail")["Tom Okoye"] == [
        "needs: a |retail| buyer",
        "introduced by |Lena| Brandt",
        "how you met: Over |soup|.",
    ]


def test_what_was_written_is_shown_as_text_around_the_hit(user):
    about = f"{'many words ' * 60}<script>alert('needle')</script>{' and more' * 60}"
    ContactFactory(owner=user, full_name="Ana Ruiz", about=about)

    [reason] = search(user, "needle").hits[0].reasons

    assert "&lt;script&gt;alert(&#x27;<mark>needle</mark>&#x27;)" in reason.text
    assert reason.text.startswith("… ")
    assert reason.text.endswith(" …")
    assert len(reason.text) < 350


def test_nobody_finds_the_contacts_of_another(user, stranger):
    theirs = ContactFactory(owner=stranger, full_name="Lena Brandt")
    mine = ContactFactory(owner=user, full_name="Lena Katz")

    assert names(user, "lena") == ["Lena Katz"]
    assert names(user, "lema brantd") == []
    assert list(user.contacts.search(user, "lena")) == [mine]
    assert list(stranger.contacts.search(stranger, "lena")) == [theirs]


def test_the_trash_and_i_are_not_found_but_the_archived_are(user):
    me = user.contacts.get(is_me=True)
    gone = ContactFactory(owner=user, full_name="Lena Gone")
    away = ContactFactory(owner=user, full_name="Lena Away")

    gone.trash()
    away.archive()

    assert names(user, me.full_name) == []
    assert names(user, "lena") == ["Lena Away"]

    gone.restore()

    assert names(user, "lena") == ["Lena Away", "Lena Gone"]
