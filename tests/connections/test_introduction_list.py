"""The list of introductions, and where else they are shown."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from connections import introduction_lists
from connections.models import Introduction
from contacts.models import Contact
from tests.connections.introductions import (
    LIST,
    names,
    record,
)
from tests.connections.pressing import press
from tests.factories import (
    ConsentFactory,
    ContactFactory,
    IntroductionFactory,
    OutcomeFactory,
)


def test_an_empty_list_teaches(client, stranger):
    IntroductionFactory(owner=stranger)

    assert "No introductions yet" in client.get(LIST).text


def test_the_sections(client, user, lena, maya, tom):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    IntroductionFactory(owner=user, a=maya, b=tom)
    asked = IntroductionFactory(owner=user, a=maya, b=ana)
    asked.ask()
    ConsentFactory(introduction=asked).hear("yes", "")
    IntroductionFactory(owner=user, a=tom, b=ana).make()
    record(client, with_0="Maya Lindqvist")

    response = client.get(LIST)

    assert {s.title: names(s.rows) for s in response.context["sections"]} == {
        "To make": ["Maya Lindqvist and Tom Okafor"],
        "Waiting for an answer": ["Maya Lindqvist and Ana Ruiz"],
        "Made: did they meet?": ["Tom Okafor and Ana Ruiz"],
        "Made for you": ["Maya Lindqvist, through Lena Brandt"],
    }
    assert "waiting for Ana Ruiz" in response.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "okaf"}, ["Maya Lindqvist and Tom Okafor"]),
        ({"q": "candles"}, ["Maya Lindqvist and Tom Okafor"]),
        ({"q": "maya brandt"}, ["Maya Lindqvist, through Lena Brandt"]),
        ({"state": "idea"}, ["Maya Lindqvist and Tom Okafor"]),
        ({"state": "took-place"}, ["Maya Lindqvist, through Lena Brandt"]),
        ({"role": "for-me"}, ["Maya Lindqvist, through Lena Brandt"]),
        ({"role": "for_me"}, ["Maya Lindqvist, through Lena Brandt"]),
        ({"introducer": "lena"}, ["Maya Lindqvist, through Lena Brandt"]),
        ({"person": "tom"}, ["Maya Lindqvist and Tom Okafor"]),
        ({"q": "nothing like it"}, []),
    ],
)
def test_filters(client, user, lena, maya, tom, query, found):
    IntroductionFactory(owner=user, a=maya, b=tom, why_a="Candles for shops")
    record(client, with_0="Maya Lindqvist")
    ids = {"lena": lena.pk, "tom": tom.pk}

    response = client.get(LIST, {k: ids.get(v, v) for k, v in query.items()})

    assert names(response.context["page"]) == found


def test_a_strangers_id_in_a_filter_is_nobody(client, stranger):
    theirs = IntroductionFactory(owner=stranger)

    for query in ({"introducer": theirs.a_id}, {"person": theirs.a_id}):
        response = client.get(LIST, query)
        assert "There is no such person." in response.text
        assert theirs.a.full_name not in response.text
    assert "There is no such person." in client.get(LIST, {"person": "x"}).text


def test_how_often_i_asked(client, user, me, lena, stranger):
    long_ago = timezone.now() - timedelta(days=100)
    for i in range(4):
        row = IntroductionFactory(
            owner=user,
            introducer=lena,
            a=me,
            b=ContactFactory(owner=user, full_name=f"New {i}"),
        )
        row.ask()
        if i == 3:
            row.asked_at = long_ago
            row.save()
    # One post that brought two is one favour.
    record(client, with_0="Ana Ruiz", with_1="Noor Haddad", on="")

    load = introduction_lists.load_of(user, lena)

    assert (load.asked, load.unasked) == (3, 1)
    words = "You asked Lena 3 times this quarter, and Lena introduced you once without"
    assert words in client.get(LIST).text
    new = client.get(reverse("introduction_create"), {"introducer": lena.pk})
    assert words in new.text
    assert introduction_lists.load_of(user, me) is None


def test_silence_is_counted_by_my_own_calendar(client, user, maya, tom):
    """At 23:30 UTC it is the next day in Auckland already."""
    user.time_zone = "Pacific/Auckland"
    user.save()
    row = IntroductionFactory(owner=user, a=maya, b=tom)
    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=UTC)):
        row.ask()

    with time_machine.travel(datetime(2026, 11, 15, 10, 30, tzinfo=UTC)):
        before = client.get(reverse("today")).text
    with time_machine.travel(datetime(2026, 11, 15, 11, 30, tzinfo=UTC)):
        after = client.get(reverse("today")).text
        listed = client.get(LIST).text

    question = "Maya Lindqvist and Tom Okafor have not said yes."
    assert [question in page for page in (before, after, listed)] == [False, True, True]


def test_letting_it_go_and_asking_again(client, user, maya, tom):
    row = IntroductionFactory(owner=user, a=maya, b=tom)
    press(client, row, "ask", party="a", way="hand")

    press(client, row, "expire")
    assert row.state == "expired"
    press(client, row, "ask", party="b", way="hand")

    assert (row.state, row.expired_at) == ("asked", None)


def test_those_on_the_page_of_a_contact(client, user, lena, maya, tom, stranger):
    IntroductionFactory(owner=user, a=maya, b=tom)
    record(client, with_0="Maya Lindqvist", with_1="Ana Ruiz", on="15 Oct 2026")

    page = client.get(maya.get_absolute_url()).text

    assert "Maya Lindqvist and Tom Okafor" in page
    assert "Maya Lindqvist, through Lena Brandt" in page
    assert f'href="{LIST}?person=' not in page


def test_the_beginning_names_who_came_with_them(client, user, lena, maya):
    record(
        client,
        with_0="Maya Lindqvist",
        with_1="Ana Ruiz",
        with_2="Noor Haddad",
        with_3="Tom Okafor",
        on="15 Oct 2026",
    )

    page = client.get(maya.get_absolute_url()).text

    assert "Lena Brandt introduced you" in page
    people = [
        link.split("<")[0] for link in page.split(" · with ")[1].split('/">')[1:4]
    ]
    assert people == ["Ana Ruiz", "Noor Haddad", "Tom Okafor"]
    assert ">public mention</a>" in page


def test_search_finds_them_by_the_other_the_reason_and_the_words(
    client, user, lena, maya, tom
):
    IntroductionFactory(
        owner=user, a=maya, b=tom, why_a="wholesale candles", text="over a *samovar*"
    )

    def found(text):
        results = client.get(reverse("search"), {"q": text}).context["results"]
        return {hit.contact.full_name for hit in results.hits}

    assert found("samovar") == {"Maya Lindqvist", "Tom Okafor"}
    assert found("wholesale") == {"Maya Lindqvist", "Tom Okafor"}
    assert found("okafor") == {"Maya Lindqvist", "Tom Okafor"}
    tom.full_name = "Tom Adeyemi"
    tom.save()
    assert found("adeyemi") == {"Maya Lindqvist", "Tom Adeyemi"}
    Introduction.objects.of(user.pk).get().delete()
    assert found("samovar") == set()


# What it costs


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("query", ["", "?state=asked"])
def test_the_list_costs_the_same(
    client, user, me, count, query, django_assert_num_queries
):
    for _ in range(count):
        lena = ContactFactory(owner=user)
        for verbs in ("", "ask", "ask decline", "make", "make meet"):
            row = IntroductionFactory(owner=user)
            for verb in verbs.split():
                getattr(row, verb)()
            ConsentFactory(introduction=row)
        mine = {"owner": user, "introducer": lena}
        IntroductionFactory(a=me, **mine).make()
        IntroductionFactory(**mine).make()
    user.introductions.filter(state__in=["asked", "made"]).update(
        ask_on=timezone.localdate()
    )

    with django_assert_num_queries(6 if query else 13):
        client.get(LIST + query)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(
    client, user, me, lena, count, django_assert_num_queries
):
    rows = [f"with_{i}" for i in range(count + 1)]
    record(client, **{name: f"New person {name}" for name in rows})
    row = user.introductions.order_by("pk").first()
    for _ in range(count):
        OutcomeFactory(owner=user, introduction=row)

    with django_assert_num_queries(13):
        client.get(row.get_absolute_url())


def test_what_came_of_it_stands_with_the_introduction(client, user):
    row = IntroductionFactory(owner=user)
    row.make()
    OutcomeFactory(owner=user, introduction=row, title="A first order")

    assert "A first order" in client.get(row.get_absolute_url()).text


def test_nobody_new_comes_of_a_form_that_is_refused(client, user, lena):
    people = Contact.objects.of(user.pk).count()

    record(client, with_0="Ana Ruiz", on="nonsense")

    assert Contact.objects.of(user.pk).count() == people
