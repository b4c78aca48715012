"""Introductions: written down for me, by me and between others, and where they lead."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from connections.models import Introduction, Origin
from networkcrm.partial_dates import PartialDate
from tests.connections.introductions import (
    BETWEEN,
    BY_ME,
    FOR_ME,
    errors,
    names,
    record,
    typed,
)
from tests.connections.pressing import press, said, undo
from tests.factories import (
    ContactFactory,
    EventFactory,
    IntroductionFactory,
    OriginFactory,
)

# For me


def test_one_post_brings_several_people_and_their_beginnings(client, user, lena, maya):
    event = EventFactory(owner=user, name="DjangoCon")

    response = record(
        client,
        with_0="Maya Lindqvist",
        with_1="Ana Ruiz",
        platform="mastodon",
        on="15 Oct 2026",
        url="https://social.example.org/@lena/1",
        event="DjangoCon",
        text="Two people who get things done.",
    )

    rows = user.introductions.order_by("b_name")
    ana = user.contacts.get(full_name="Ana Ruiz")
    assert [(r.introducer, r.b, r.state, r.role) for r in rows] == [
        (lena, ana, "made", "for_me"),
        (lena, maya, "made", "for_me"),
    ]
    assert len({row.occasion for row in rows}) == 1
    for contact, row in zip((ana, maya), rows, strict=True):
        origin = contact.origin
        assert (origin.how, origin.introducer, origin.introduction) == (
            "introduction",
            lena,
            row,
        )
        assert (origin.platform, origin.on, origin.event, origin.in_person) == (
            "mastodon",
            PartialDate(2026, 10, 15),
            event,
            False,
        )
        assert origin.story == "Two people who get things done."
        assert origin.url == "https://social.example.org/@lena/1"
    assert "Ana Ruiz was new, and is a contact of yours now." in said(response)
    assert "Ana Ruiz, through Lena Brandt" in response.text


def test_what_was_written_down_can_be_taken_back_at_once(client, user, lena, maya):
    response = record(client, with_0="Maya Lindqvist", with_1="Ana Ruiz")

    undo(client, response)

    assert not user.introductions.exists()
    assert not user.origins.exists()
    assert user.contacts.filter(full_name="Ana Ruiz").exists()


def test_another_beginning_is_offered_and_not_overwritten(client, user, lena, maya):
    before = OriginFactory(
        contact=maya, how="online", platform="mastodon", on=PartialDate(2026, 9)
    )

    response = record(client, with_0="Maya Lindqvist", with_1="Ana Ruiz", on="Oct 2026")

    row = user.introductions.get(b=maya)
    page = reverse("introduction_origins", args=[response.context["introduction"].pk])
    assert response.redirect_chain[-1][0] == page
    assert "You wrote down “met on Mastodon, Sep 2026”" in response.text
    assert Origin.objects.get(contact=maya).introducer is None

    kept = client.post(page, {f"replace-{before.pk}": ""}, follow=True)
    assert "Kept as it was." in said(kept)
    assert Origin.objects.get(contact=maya).platform == "mastodon"

    seen = Origin.objects.get(contact=maya).updated_at.isoformat()
    replaced = client.post(page, {f"replace-{before.pk}": seen}, follow=True)
    origin = Origin.objects.get(contact=maya)
    assert (origin.introducer, origin.introduction) == (lena, row)
    assert undo(client, replaced) == ["How you met them is as you wrote it first."]
    maya.refresh_from_db()
    assert (maya.origin.platform, maya.origin.pk) == ("mastodon", before.pk)


def test_a_beginning_that_was_edited_meanwhile_is_not_replaced(client, lena, maya):
    origin = OriginFactory(contact=maya)
    record(client, with_0="Maya Lindqvist")
    page = reverse("introduction_origins", args=[Introduction.objects.get(b=maya).pk])

    response = client.post(
        page, {f"replace-{origin.pk}": "2026-01-01T00:00:00+00:00"}, follow=True
    )

    assert "How you met Maya Lindqvist was changed meanwhile." in said(response)
    assert Origin.objects.get(contact=maya).pk == origin.pk


def test_the_same_beginning_is_only_linked(client, user, lena, maya):
    OriginFactory(contact=maya, how="introduction", introducer=lena, story="At lunch.")

    response = record(client, with_0="Maya Lindqvist", text="In a post.")

    maya.refresh_from_db()
    assert maya.origin.story == "At lunch."
    assert maya.origin.introduction == user.introductions.get()
    assert response.redirect_chain[-1][0] == user.introductions.get().get_absolute_url()


def test_a_circle_of_beginnings_leaves_them_alone_and_the_introduction_stands(
    client, user, lena, maya
):
    OriginFactory(contact=lena, how="introduction", introducer=maya)

    response = record(client, with_0="Maya Lindqvist")

    assert user.introductions.get().b == maya
    assert not Origin.objects.filter(contact=maya).exists()
    assert [s for s in said(response) if "the chain would bite its tail" in s]


def test_replacing_that_would_close_a_circle_changes_nothing(client, lena, maya):
    OriginFactory(contact=lena, how="introduction", introducer=maya)
    old = OriginFactory(contact=maya, how="online")
    record(client, with_0="Maya Lindqvist")
    page = reverse("introduction_origins", args=[Introduction.objects.get(b=maya).pk])

    sent = {f"replace-{old.pk}": old.updated_at.isoformat()}
    response = client.post(page, sent, follow=True)

    assert [s for s in said(response) if "the chain would bite its tail" in s]
    assert Origin.objects.get(contact=maya).pk == old.pk


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"with_0": "ada"}, {"with-0": "That is you. Leave it empty"}),
        ({"with_0": "lena brandt"}, {"with-0": "cannot introduce themselves to you"}),
        (
            {"introducer": "Noor Haddad", "with_0": "noor  haddad"},
            {"with-0": "cannot introduce themselves to you"},
        ),
        (
            {"with_0": "Maya Lindqvist", "with_1": "maya lindqvist"},
            {"with-1": "stands here twice"},
        ),
        (
            {"with_0": "Ana Ruiz", "with_1": "Ána Ruiz"},
            {"with-1": "stands here twice"},
        ),
        ({"introducer": "ada", "with_0": "Maya Lindqvist"}, {"introducer": "you"}),
        ({"introducer": "", "with_0": "Maya Lindqvist"}, {"introducer": "type a name"}),
        ({}, {"__all__": "Choose or type at least one person"}),
        ({"with_0": "Maya Lindqvist", "on": "2199"}, {"on": "still to come"}),
        ({"with_0": "Maya Lindqvist", "url": "x y"}, {"url": "valid URL"}),
        ({"with_0": "M" * 400}, {"with-0": "at most 300"}),
    ],
)
def test_bad_input_has_its_sentence_and_saves_nothing(
    client, user, lena, maya, fields, wrong
):
    people = user.contacts.count()

    response = record(client, **fields)

    found = {field: " ".join(text) for field, text in errors(response).items()}
    assert found.keys() == wrong.keys()
    assert [text for field, text in wrong.items() if text not in found[field]] == []
    assert (user.introductions.count(), user.contacts.count()) == (0, people)


def test_the_same_introduction_twice_is_told(client, user, lena, maya):
    record(client, with_0="Maya Lindqvist")

    response = record(client, with_0="Maya Lindqvist")

    assert errors(response) == {
        "with-0": [
            "That Lena Brandt brings you and Maya Lindqvist together is written down"
            " already."
        ]
    }
    assert user.introductions.count() == 1


def test_a_row_more_without_javascript_loses_nothing(client, lena):
    response = client.post(
        reverse("introduction_create") + FOR_ME,
        typed(add_row="1", **{"with-0": "Ana Ruiz"}),
    )

    form = response.context["form"]
    assert [row.value() and str(row.value()) for row in form.rows] == ["Ana Ruiz", None]
    assert form.errors == {}


def test_a_row_more_with_htmx_is_the_part(client, htmx, lena):
    response = client.post(
        reverse("introduction_create") + FOR_ME,
        typed(add_row="1", **{"with-0": "Ana Ruiz"}),
        headers=htmx("people"),
    )

    assert response.text.lstrip().startswith('<section class="card" id="people">')


def test_asking_somebody_to_introduce_me(client, user, me, lena, maya):
    url = f"{reverse('introduction_create')}?introducer={lena.pk}&b={maya.pk}"
    page = client.get(url)
    assert page.context["form"].role == "for_me"
    assert page.context["form"]["has_happened"].value() == "False"

    client.post(url, typed(has_happened="False", contact=str(maya.pk), kind="email"))

    idea = user.introductions.get()
    assert (idea.state, idea.introducer, idea.a, idea.b) == ("idea", lena, me, maya)
    assert not user.origins.exists()
    press(client, idea, "ask", party="introducer", way="hand")
    press(client, idea, "answer", party="introducer", answer="yes", words="Gladly")
    assert idea.state == "agreed"
    response = press(client, idea, "make")
    assert idea.state == "made"
    assert Origin.objects.get(contact=maya).introducer == lena
    assert "How you met Maya Lindqvist is written down with it." in said(response)
    assert undo(client, response) == [f"The introduction of {idea} is where it was."]
    idea.refresh_from_db()
    assert (idea.state, user.origins.count()) == ("agreed", 0)


def test_taking_made_back_takes_the_beginning_back_and_undo_returns_it(
    client, user, lena, maya
):
    record(client, with_0="Maya Lindqvist", text="In a post.")
    introduction = user.introductions.get()

    response = press(client, introduction, "back")
    assert (introduction.state, user.origins.count()) == ("idea", 0)

    undo(client, response)
    introduction.refresh_from_db()
    assert introduction.state == "made"
    assert user.origins.get().story == "In a post."


@pytest.mark.parametrize("field", ["introducer", "with_0", "event"])
def test_a_name_with_a_null_byte_is_told(client, user, lena, field):
    response = record(client, **{"with_0": "Maya", field: "Ma\0ya"})

    key = field.replace("_", "-")
    assert errors(response) == {key: ["Null characters are not allowed."]}


def test_a_beginning_that_stood_before_outlives_the_step_that_linked_it(
    client, user, me, lena, maya
):
    OriginFactory(contact=maya, how="introduction", introducer=lena, story="At lunch.")
    idea = IntroductionFactory(owner=user, introducer=lena, a=me, b=maya)

    def beginning():
        origin = user.origins.get()
        return origin.story, origin.introduction

    made = press(client, idea, "make")
    assert beginning() == ("At lunch.", idea)
    undo(client, made)
    assert beginning() == ("At lunch.", None)

    press(client, idea, "make")
    back = press(client, idea, "back")
    assert beginning() == ("At lunch.", None)
    undo(client, back)
    assert beginning() == ("At lunch.", idea)


# By me


def test_an_idea_from_the_page_of_a_contact(client, user, me, maya, tom):
    page = client.get(maya.get_absolute_url()).text
    url = f"{reverse('introduction_create')}?role=by-me&amp;a={maya.pk}"
    assert url in page
    form = client.get(url.replace("&amp;", "&")).context["form"]
    assert form["a"].value() == "Maya Lindqvist"

    client.post(
        url.replace("&amp;", "&"),
        typed(
            a="Maya Lindqvist",
            b="tom okafor",
            has_happened="False",
            why_a="He buys for shops.",
            why_b="She makes candles.",
        ),
    )

    idea = user.introductions.get()
    assert (idea.introducer, idea.a, idea.b) == (me, maya, tom)
    assert (idea.state, idea.role, idea.ask_on) == ("idea", "by_me", None)
    assert (idea.why_a, idea.why_b) == ("He buys for shops.", "She makes candles.")


def test_two_new_people_are_made_with_the_introduction(client, user):
    record(client, BY_ME, a="Noor Haddad", b="Sami Haddad", has_happened="False")

    assert names(user.introductions.all()) == ["Noor Haddad and Sami Haddad"]


def test_introduced_already_is_asked_about_in_two_weeks(client, user, maya, tom):
    record(client, BY_ME, a="Maya Lindqvist", b="Tom Okafor")

    made = user.introductions.get()
    assert made.state == "made"
    assert made.ask_on == timezone.localdate() + timedelta(days=14)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (
            {"a": "Maya Lindqvist", "b": "Maya Lindqvist"},
            {"b": "An introduction needs two different people."},
        ),
        (
            {"a": "Noor Haddad", "b": "noor haddad"},
            {"b": "An introduction needs two different people."},
        ),
        (
            {"a": "ada", "b": "Maya Lindqvist"},
            {"a": "That is you. Then choose “Someone introduced me” above."},
        ),
        ({"a": "Maya Lindqvist", "b": ""}, {"b": "Please type a name."}),
    ],
)
def test_two_people_must_be_two_others(client, user, maya, fields, wrong):
    response = record(client, BY_ME, **fields)

    assert errors(response) == {field: [text] for field, text in wrong.items()}
    assert not user.introductions.exists()


@pytest.mark.parametrize("way", [1, -1])
def test_the_same_pair_twice_in_either_order(client, user, maya, tom, way):
    first = IntroductionFactory(owner=user, a=maya, b=tom)
    a, b = (maya.full_name, tom.full_name)[::way]

    response = record(client, BY_ME, a=a, b=b)

    assert errors(response) == {
        "__all__": ["This introduction is already written down."]
    }
    assert first.get_absolute_url() in response.text
    assert user.introductions.count() == 1


def test_the_same_pair_again_after_it_was_closed(client, user, maya, tom):
    first = IntroductionFactory(owner=user, a=maya, b=tom)
    first.make()
    first.close()

    record(client, BY_ME, a="Tom Okafor", b="Maya Lindqvist", has_happened="False")

    assert user.introductions.count() == 2


def test_a_strangers_people_cannot_be_brought_in(client, user, stranger, maya):
    theirs = ContactFactory(owner=stranger, full_name="Maya Lindqvist")
    query = f"?role=by-me&a={theirs.pk}&b={theirs.pk}"

    form = client.get(reverse("introduction_create") + query).context["form"]
    client.post(
        reverse("introduction_create") + f"?introducer={theirs.pk}&role=for-me",
        typed(introducer="Lena", contact=str(theirs.pk)),
    )

    assert (form["a"].value(), form["b"].value()) == ("", "")
    assert not user.introductions.exists()


# Between others


def test_between_others_the_graph_knows(client, user, lena, maya, tom):
    record(client, BETWEEN, a="Maya Lindqvist", b="Tom Okafor", kind="in_person")

    row = user.introductions.get()
    assert (row.role, row.introducer, row.state) == ("between", lena, "made")
    assert row.ask_on is None
    assert not user.origins.exists()


def test_nobody_introduces_themselves_to_another(client, user, lena, maya):
    response = record(client, BETWEEN, a="Lena Brandt", b="Maya Lindqvist")

    assert errors(response) == {"a": ["Lena Brandt cannot introduce themselves."]}
