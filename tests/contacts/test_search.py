"""Finding people by anything that is known of them, and saying by what."""

import html
import re
import threading
import time
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.search import search
from contacts.search_rows import reindex
from contacts.search_things import things
from contacts.search_words import LONGEST_WORD, parts, phone_words, terms, words_of
from networkcrm import derived
from networkcrm.text import fold
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
        for typed in [
            "tom",
            "tommy",
            "lighthouse",
            "harbor",
            "lisbon",
            "sails",
            "board",
            "okoye.example",
            "climb",
            "retail",
            "lena",
            "djangocon",
            "cambridge",
            "soup",
            "well",
        ]
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
    assert reason.text.index("needle") < 60
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

    assert names(user, "lena") == ["Lena Gone", "Lena Away"]


def test_of_those_called_alike_the_close_and_the_recent_come_first(user):
    board = CircleFactory(owner=user, name="Board", seats=5)
    wider = CircleFactory(owner=user, name="Wide", seats=500)
    for name, circle in (("A", None), ("B", wider), ("C", board), ("D", None)):
        ContactFactory(owner=user, full_name=f"Lena {name}", circle=circle)
    ContactFactory(owner=user, full_name="Lena 0").archive()
    recent = user.contacts.get(full_name="Lena D")
    InteractionFactory(owner=user, with_contacts=[recent])

    found = names(user, "lena")

    assert found == ["Lena C", "Lena B", "Lena D", "Lena A", "Lena 0"]


def test_what_changes_is_found_by_its_new_name_only(user):
    lena = ContactFactory(owner=user, full_name="Lena Brandt")
    harbor = OrganizationFactory(owner=user, name="Harbor Studio")
    tag = TagFactory(owner=user, name="climbing")
    event = EventFactory(owner=user, name="DjangoCon")
    tom = ContactFactory(owner=user, full_name="Tom Okoye", organization=harbor)
    maya = ContactFactory(owner=user, full_name="Maya Lindqvist")
    ContactTagFactory(contact=tom, tag=tag)
    origin = OriginFactory(contact=tom, introducer=lena, event=event)
    interaction = InteractionFactory(
        owner=user, text="the harvest", with_contacts=[tom, maya]
    )
    renamed = (
        (user.contacts.get(pk=lena.pk), "full_name", "Helene Vogel"),
        (user.organizations.get(pk=harbor.pk), "name", "Quayside"),
        (user.tags.get(pk=tag.pk), "name", "bouldering"),
        (user.events.get(pk=event.pk), "name", "PyCon"),
    )

    for row, field, value in renamed:
        setattr(row, field, value)
        row.save()
    interaction.text = "the vintage"
    interaction.save()

    assert {
        typed: names(user, typed)
        for typed in [
            "brandt",
            "harbor",
            "climbing",
            "djangocon",
            "harvest",
            "vogel",
            "quayside",
            "bouldering",
            "pycon",
            "vintage",
        ]
    } == {
        "brandt": [],
        "harbor": [],
        "climbing": [],
        "djangocon": [],
        "harvest": [],
        "vogel": ["Helene Vogel", "Tom Okoye"],
        "quayside": ["Tom Okoye"],
        "bouldering": ["Tom Okoye"],
        "pycon": ["Tom Okoye"],
        "vintage": ["Maya Lindqvist", "Tom Okoye"],
    }

    interaction.delete()
    origin.delete()
    tag.delete()

    assert names(user, "vintage") + names(user, "pycon") + names(user, "boulder") == []


def test_renaming_twice_in_one_go_is_seen_twice(user):
    lena = ContactFactory(owner=user, full_name="Lena Brandt")
    event = EventFactory(owner=user, name="Mixer")
    OriginFactory(
        contact=ContactFactory(owner=user, full_name="Tom"),
        introducer=lena,
        event=event,
    )
    lena, event = user.contacts.get(pk=lena.pk), user.events.get(pk=event.pk)

    for name, event_name in (("Other", "Mixer 2"), ("Lena Brandt", "Mixer")):
        lena.full_name, event.name = name, event_name
        lena.save()
        event.save()

    assert names(user, "other") + names(user, "mixer 2") == []
    assert why(user, "lena mixer") == {
        "Tom": ["introduced by |Lena| Brandt", "met at |Mixer|"]
    }


def test_the_list_is_narrowed_by_the_same_search(user):
    ben = ContactFactory(owner=user, full_name="Ben Katz", city="Berlin")
    ana = ContactFactory(owner=user, full_name="Ana Ruiz", city="Berlin")
    ContactFactory(owner=user, full_name="Tom Okoye", city="Boston")

    def found(text):
        return list(user.contacts.others().search(user, text).by_name())

    assert found("berlin") == [ana, ben]
    assert found("berlni") == [ana, ben]
    assert found("ben berlin") == [ben]
    assert found("quito") == []
    assert len(found("")) == 3


def test_a_common_word_costs_no_ranking_of_all_and_pages_hold_everybody_once(
    user, monkeypatch
):
    monkeypatch.setattr("contacts.search.PER_PAGE", 3)
    for number in range(8):
        ContactFactory(owner=user, full_name=f"Person {number}", city="Berlin")
    ContactFactory(owner=user, full_name="Zora Berlin")
    narrow = [names_of_page(user, "berlin", page) for page in (1, 2, 3)]
    monkeypatch.setattr("contacts.search.Query.is_broad", lambda self: True)

    broad = [names_of_page(user, "berlin", page) for page in (1, 2, 3)]

    assert broad == narrow
    assert narrow == [
        ["Zora Berlin", "Person 0", "Person 1"],
        ["Person 2", "Person 3", "Person 4"],
        ["Person 5", "Person 6", "Person 7"],
    ]
    monkeypatch.setattr("contacts.search.STEPS_PER_HIT", 0)
    assert [names_of_page(user, "berlin", page) for page in (1, 2, 3)] == narrow
    assert user.contacts.search(user, "berlin").count() == 9


def names_of_page(user, text, page):
    return [hit.contact.full_name for hit in search(user, text, page).hits]


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_asks_as_often_for_three_as_for_one(
    user, django_assert_num_queries, count
):
    for number in range(count):
        ContactFactory(
            owner=user,
            full_name=f"Lena {number}",
            organization=OrganizationFactory(owner=user),
        )

    # The estimate, the ids, the people and their pieces; two looks for misspellings.
    with django_assert_num_queries(6):
        results = search(user, "lena")
        [hit.contact.summary for hit in results.hits]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    text=st.text(max_size=60)
    | st.text(alphabet="ab:*!&|()<>'\"\\%_@.-+0 \0\n=é田", max_size=40)
)
def test_whatever_is_typed_or_written_is_searched_for_and_marked(user, text):
    written = text.replace("\0", " ").encode("utf-8", "ignore").decode()
    contact = user.contacts.others().first() or ContactFactory(owner=user)
    contact.full_name, contact.about = f"Ana {written}"[:300], written
    contact.save()

    found = search(user, text).hits
    list(user.contacts.search(user, text))

    if terms(text):
        assert [hit.contact for hit in found] == [contact]


@pytest.mark.parametrize(
    "typed",
    [
        "%",
        "'",
        '"',
        ":*!&|()",
        "<-> lena' \\",
        "\0",
        "a\0b",
        "x" * 10_000,
        "lena " * 2_000,
        "😀",
        "\ud800",
        "\u202elena",
    ],
)
def test_odd_searches_get_a_page(client, user, typed):
    ContactFactory(owner=user, full_name="Lena Brandt")

    response = client.get(reverse("search"), {"q": typed.encode("utf-8", "replace")})

    hits = response.context["results"].hits
    assert [hit.contact.full_name for hit in hits] == (
        ["Lena Brandt"] if "lena" in typed else []
    )


def test_events_organizations_and_tags_are_found_by_their_names(
    client, user, stranger, django_assert_num_queries
):
    EventFactory(owner=stranger, name="Harbour Secrets")
    EventFactory(owner=user, name="Mixer", place="Harbour Street")
    OrganizationFactory(owner=user, name="Harbour Nobody")
    for number in range(3):
        EventFactory(owner=user, name=f"Old Harbour Talks {number}")
        work = OrganizationFactory(owner=user, name=f"Harbour & Sons {number}")
        person = ContactFactory(owner=user, organization=work)
        tag = TagFactory(owner=user, name=f"häfen harbour {number}")
        ContactTagFactory(contact=person, tag=tag)

    page = client.get(reverse("search"), {"q": "harb"})
    found = [str(thing.name) for thing in page.context["things"]]
    other = client.get(reverse("search"), {"q": "arbour"}).context["things"]
    second = client.get(reverse("search"), {"q": "harb", "page": 2}).context["things"]

    assert found == [
        *(f"<mark>Harbour</mark> &amp; Sons {n}" for n in (0, 1)),
        *(f"häfen <mark>harbour</mark> {n}" for n in (0, 1)),
        *(f"Old <mark>Harbour</mark> Talks {n}" for n in (2, 1)),
    ]
    assert other == second == []
    assert "Old <mark>Harbour</mark> Talks" in page.content.decode()
    with django_assert_num_queries(3):
        things(user, "harb")


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 20, "9" * 5000, "²"])
def test_odd_pages_get_a_page(client, user, page):
    ContactFactory(owner=user, full_name="Lena Brandt")

    response = client.get(reverse("search"), {"q": "lena", "page": page})

    assert response.status_code == 200


def test_the_page_marks_the_words_and_only_the_part_comes_back_to_htmx(
    client, user, htmx
):
    tom = ContactFactory(owner=user, full_name="Tom <b>Okoye</b>")
    OriginFactory(contact=tom, story="We shared an umbrella.")
    tom.archive()

    page = client.get(reverse("search"), {"q": "umbrella"}).content.decode()
    part = client.get(
        reverse("search"), {"q": "umbrella"}, headers=htmx("section#results")
    ).content.decode()

    assert '<span class="soft">how you met:</span>' in page
    assert "We shared an <mark>umbrella</mark>." in page
    assert "Tom &lt;b&gt;Okoye&lt;/b&gt;" in page
    assert '<span class="chip">archived</span>' in page
    assert page.startswith("<!doctype html>")
    assert part.strip().startswith('<section id="results"')


def test_who_is_not_found_can_be_added(client, user):
    ContactFactory(owner=user, full_name="Lena Brandt")

    page = client.get(reverse("search"), {"q": "Zoë & Xaver"}).content.decode()

    assert "Nobody matches “Zoë &amp; Xaver”" in page
    [link] = re.findall(r'href="(/contacts/add/[^"]*)"[^>]*>Add them', page)
    form = client.get(html.unescape(link)).content.decode()
    assert 'value="Zoë &amp; Xaver"' in form


def test_the_rows_can_be_made_anew(user, stranger):
    ContactFactory(owner=user, full_name="Lena Brandt")
    ContactFactory(owner=stranger, full_name="Mallory")
    user.searchrows.update(names="", words="", sort_key="")
    user.searchwords.all().delete()

    done = reindex(user.pk)

    assert done == {"contacts": 2, "rows": 1, "words": 2}
    assert names(user, "lena") == ["Lena Brandt"]
    assert names(user, "brantd") == ["Lena Brandt"]
    assert stranger.searchwords.count() == 1


def test_an_upgrade_makes_them_anew_by_itself(user, stranger, run_tasks):
    for owner in (user, stranger):
        ContactFactory(owner=owner, full_name="Lena Brandt")
        owner.searchrows.update(names="", words="", sort_key="")

    import_module("contacts.migrations.0015_search_anew").make_anew(apps, None)

    assert run_tasks() == 2
    assert names(user, "lena") == names(stranger, "lena") == ["Lena Brandt"]


def test_a_thousand_contacts_are_refreshed_in_a_handful_of_statements(
    user, django_assert_max_num_queries
):
    contacts = [
        user.contacts.model(owner=user, full_name=f"Bulk {n}", sort_key=f"bulk {n}")
        for n in range(1000)
    ]
    user.contacts.bulk_create(contacts)

    with django_assert_max_num_queries(10):
        derived.touch(user.pk, [contact.pk for contact in contacts])

    assert user.searchrows.count() == 1000


def test_giant_texts_are_found_by_what_is_latest_and_break_nothing(user):
    lena = ContactFactory(owner=user, full_name="Lena", about="first " + "語" * 49_000)
    for number in range(6):
        text = " ".join(f"word{number}x{i}" for i in range(4_500))
        InteractionFactory(owner=user, text=text, with_contacts=[lena])

    assert names(user, "first word5x1") == ["Lena"]


def test_words_of_a_text_and_terms_of_a_search_meet():
    assert words_of("Jean-Luc O'Brien <jl@ship.example>") == [
        "jean", "luc", "o", "brien", "jl", "ship", "example", "jeanluc", "obrien",
        "jl@ship.example",
    ]  # fmt: skip
    assert words_of("東京タワー") == ["東京", "京タ", "タワ", "ワー", "ー"]
    assert phone_words("+1617555")[-2:] == ["17555", "7555"]
    assert terms(" !? ") == []


@pytest.mark.parametrize("letter", ["x", "é", "ж"])
@pytest.mark.parametrize("start", ["a-b ", "a@b.org ", "a@b.org a-b é "])
def test_one_endless_word_takes_no_longer_than_many_short_ones(start, letter):
    began = time.perf_counter()

    words = words_of(start + letter * 50_000)

    # It took half a minute when every letter could begin a match.
    assert time.perf_counter() - began < 20
    assert fold(letter) * LONGEST_WORD in words


@pytest.mark.parametrize(
    ("text", "extra"),
    [
        ("O'Brien-Smith", ["obriensmith"]),
        ("a-b_c -d- é-ñ", ["abc", "en"]),
        ("ana@example.org.", ["ana@example.org"]),
        ("@ana@social.example, b@c@d", ["ana@social.example", "b@c"]),
    ],
)
def test_words_written_together_and_addresses(text, extra):
    found = words_of(text)

    assert found[len(parts(fold(text))) :] == extra


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_are_both_found(user):
    lena = ContactFactory(owner=user, full_name="Lena Brandt")
    has_written, may_commit = threading.Event(), threading.Event()

    def write(text, *, wait):
        try:
            with transaction.atomic():
                FactFactory(contact=lena, owner=user, kind="enjoys", text=text)
                if wait:
                    has_written.set()
                    may_commit.wait(5)
        finally:
            connection.close()

    first = threading.Thread(target=write, args=("sailing",), kwargs={"wait": True})
    second = threading.Thread(target=write, args=("chess",), kwargs={"wait": False})
    first.start()
    has_written.wait(5)
    second.start()
    second.join(0.3)
    may_commit.set()
    first.join()
    second.join()

    assert names(user, "sailing chess") == ["Lena Brandt"]
