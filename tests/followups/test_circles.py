import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Circle
from tests.factories import (
    CircleFactory,
    CircleMoveFactory,
    ContactFactory,
    InteractionFactory,
    IntroductionFactory,
    OriginFactory,
    RelationshipFactory,
    make_user,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def sunday():
    with time_machine.travel(NOW, tick=False):
        yield


def person(owner, name, circle=None, ago=None, **columns):
    """Somebody; `ago` is days since the last coffee."""
    contact = ContactFactory(owner=owner, full_name=name, circle=circle, **columns)
    if ago is not None:
        day = TODAY - timedelta(ago)
        InteractionFactory(owner=owner, on=day, with_contacts=[contact])
    contact.refresh_from_db()
    return contact


def page_of(name, row=None):
    return reverse(name, args=[row.pk] if row else [])


def said(response):
    return [str(message) for message in response.context["messages"]]


def undo_last(client, response):
    url = list(response.context["messages"])[-1].extra_tags
    return said(client.post(url, follow=True))


def seated(circle):
    return {one.full_name for one in circle.contacts.all()}


def names(page):
    return [one.full_name for one in page.context["page"]]


# --- the list of circles


def test_each_circle_says_who_is_in_touch_and_who_slips(client, user, stranger):
    inner = user.circles.get(name="Inner circle")
    person(user, "In touch", inner, ago=3)
    person(user, "Late", inner, ago=37)
    person(user, "Later", inner, ago=71)
    person(user, "In peace", inner, ago=71, quiet_until=date(2026, 12, 1))
    person(user, "Away", inner, ago=71).archive()
    person(user, "Gone", inner, ago=71).trash()
    person(stranger, "Not mine", stranger.circles.get(name="Inner circle"), ago=99)

    page = client.get(reverse("circle_list"))

    one = page.context["circles"][0]
    assert [str(row.circle) for row in page.context["circles"]] == [
        "Inner circle",
        "Close",
        "Wider",
    ]
    assert (one.taken, one.in_touch, one.slipping, one.quiet) == (5, 1, 2, 1)
    assert one.free == 15
    assert one.bar == ["on", "late", "late", "other", "other", *[""] * 15]
    assert [(row.contact.full_name, row.words) for row in one.first] == [
        ("Later", "41 days late"),
        ("Late", "7 days late"),
    ]
    assert "1 of 5 in touch" in page.text


def test_what_slips_most_stands_first_and_not_all_of_it(client, user):
    circle = user.circles.get(name="Inner circle")
    for n in range(7):
        person(user, f"Late {n}", circle, ago=40 + n)

    page = client.get(reverse("circle_list"))

    one = page.context["circles"][0]
    assert [row.late for row in one.first] == [16, 15, 14, 13, 12]
    assert "All 7 who slip" in page.text


def test_a_big_circle_is_drawn_smaller(client, user):
    circle = CircleFactory(owner=user, name="Crowd", seats=4000, cadence_days=None)
    person(user, "Ana", circle)

    page = client.get(reverse("circle_list"))

    crowd = page.context["circles"][-1]
    assert (len(crowd.bar), crowd.rhythm, crowd.others) == (80, "no rhythm", 1)


def test_numbers_of_the_circles_are_those_of_their_lists(client, user):
    inner, close = user.circles.closest_first()[:2]
    for number, ago in enumerate([3, 29, 30, 31, 60, 61, 400, None]):
        person(user, f"Inner {number}", inner, ago=ago)
        person(user, f"Close {number}", close, ago=ago)
    person(user, "Own", inner, ago=50, cadence_days=365)
    person(user, "In peace", inner, ago=400, quiet_until=date(2026, 12, 1))
    person(user, "In no circle", ago=400, cadence_days=7)
    once_close = person(user, "Once close", ago=500)
    InteractionFactory(owner=user, on="2024-01-02", with_contacts=[once_close])
    person(user, "Met once", ago=500)

    page = client.get(reverse("circle_list"))

    people = reverse("contact_list")
    for one in page.context["circles"][:2]:
        for touch, number in (("in-touch", one.in_touch), ("slipping", one.slipping)):
            found = names(client.get(f"{people}?circle={one.circle.pk}&touch={touch}"))
            assert len(found) == number
    losing = names(client.get(f"{people}?touch=losing"))
    assert len(losing) == page.context["losing"]
    assert set(losing) == {
        "Inner 5", "Inner 6", "Close 6", "In no circle", "Once close"
    }  # fmt: skip
    assert names(client.get(f"{people}?touch=quiet")) == ["In peace"]
    assert client.get(f"{people}?touch=nonsense").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list(client, user, django_assert_num_queries, count):
    circle = user.circles.get(name="Inner circle")
    for number in range(count):
        person(user, f"Late {number}", circle, ago=50)

    with django_assert_num_queries(12):
        client.get(reverse("circle_list"))


def test_an_account_without_circles_is_told_what_they_are_for(client, user):
    user.circles.all().delete()

    assert "Add the first circle" in client.get(reverse("circle_list")).text


# --- name, seats, rhythm


def test_a_circle_is_added_and_taken_back(client, user):
    values = {"name": " Rowers ", "seats": 8, "cadence_days": ""}

    page = client.post(reverse("circle_create"), values, follow=True)

    rowers = user.circles.get(name="Rowers")
    assert (rowers.seats, rowers.cadence_days) == (8, None)
    assert said(page) == ["Rowers is there. Who sits in it?"]
    assert undo_last(client, page) == ["Rowers is gone again."]
    assert not user.circles.filter(pk=rowers.pk).exists()


def test_a_new_circle_with_somebody_in_it_stays(client, user):
    values = {"name": "Rowers", "seats": 8}
    page = client.post(reverse("circle_create"), values, follow=True)
    person(user, "Ana", user.circles.get(name="Rowers"))

    assert undo_last(client, page) == ["Somebody sits in Rowers by now, so it stays."]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"seats": 1}, "seats", "2 people sit in Rowers. For one seat, take 1 of them"),
        ({"seats": 0}, "seats", "greater than or equal to 1"),
        ({"seats": "many"}, "seats", "whole number"),
        ({"seats": 99999}, "seats", "less than or equal to 32767"),
        ({"name": " "}, "name", "What is it called?"),
        ({"name": "close"}, "name", "You already have one with this name."),
        ({"cadence_days": 0}, "cadence_days", "greater than or equal to 1"),
        ({"cadence_days": -3}, "cadence_days", "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(client, user, values, field, sentence):
    circle = CircleFactory(owner=user, name="Rowers", seats=5)
    person(user, "Ana", circle)
    person(user, "Ben", circle)
    typed = {"name": "Rowers", "seats": 5, "cadence_days": 30} | values

    page = client.post(page_of("circle_edit", circle), typed)

    form = page.context["form"]
    errors = form.errors.get(field) or form.non_field_errors()
    assert sentence in errors[0]
    circle.refresh_from_db()
    assert (circle.seats, circle.cadence_days) == (5, 30)


def test_who_was_brought_back_to_a_full_circle_does_not_lock_its_form(client, user):
    circle = CircleFactory(owner=user, name="Rowers", seats=1)
    ana = person(user, "Ana", circle)
    ana.trash()
    person(user, "Ben", circle)
    ana.restore()

    page = client.get(page_of("circle_detail", circle))
    client.post(page_of("circle_edit", circle), {"name": "Crew", "seats": 1})

    assert "1 more than there are seats" in page.text
    circle.refresh_from_db()
    assert (circle.name, circle.seats) == ("Crew", 1)


def test_a_circle_is_deleted_and_comes_back_with_its_people(client, user):
    circle = CircleFactory(owner=user, name="Rowers")
    ana, ben = person(user, "Ana", circle), person(user, "Ben", circle)
    move = CircleMoveFactory(contact=ana, before=circle)

    page = client.post(page_of("circle_delete", circle), follow=True)

    ana.refresh_from_db()
    assert ana.circle is None
    user.contacts.filter(pk=ben.pk).update(circle=user.circles.get(name="Close"))
    # Another one is called so by now.
    Circle(owner=user, name="rowers", seats=3).save()
    assert undo_last(client, page) == ["Rowers 2 is back, with 1 person."]
    assert seated(Circle.objects.get(pk=circle.pk)) == {"Ana"}
    move.refresh_from_db()
    assert move.before_id == circle.pk


def test_people_are_found_by_the_new_name_of_their_circle(client, user):
    circle = CircleFactory(owner=user, name="Rowers", seats=3)
    person(user, "Ana", circle)

    values = {"name": "Oarsmen", "seats": 3}
    client.post(page_of("circle_edit", circle), values)

    assert names(client.get(reverse("contact_list") + "?q=oarsmen")) == ["Ana"]


# --- the people of one circle


def test_the_page_of_a_circle(client, user, stranger):
    circle = CircleFactory(owner=user)
    person(user, "Late", circle, ago=40)
    person(user, "Later", circle, ago=50)
    person(user, "Archived", circle, ago=900).archive()
    person(user, "In touch", circle, ago=1)
    person(user, "Elsewhere", ago=40)

    page = client.get(page_of("circle_detail", circle))

    rows = page.context["rows"]
    assert [row.contact.full_name for row in rows] == [
        "Later", "Late", "In touch", "Archived"
    ]  # fmt: skip
    theirs = page_of("circle_detail", stranger.circles.first())
    assert client.get(theirs).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_circle(client, user, django_assert_num_queries, count):
    circle = CircleFactory(owner=user)
    for number in range(count):
        person(user, f"Late {number}", circle, ago=50)

    with django_assert_num_queries(9):
        client.get(page_of("circle_detail", circle))


def test_somebody_is_put_in_by_name_and_taken_out(client, user, stranger):
    circle = CircleFactory(owner=user, name="Rowers", seats=2)
    ana = person(user, "Ana Ruiz", user.circles.get(name="Close"))
    person(stranger, "Ben Katz")
    url = page_of("circle_detail", circle)

    page = client.post(url, {"person": "ana ruiz"}, follow=True)
    assert said(page) == ["Ana Ruiz sits in Rowers now."]
    assert undo_last(client, page) == ["Ana Ruiz is back where they were."]
    client.post(url, {"person": "ana ruiz"}, follow=True)
    page = client.post(url, {"person": "Ben Katz"}, follow=True)
    assert said(page)[0] == "Ben Katz was new, and is a contact of yours now."
    assert seated(circle) == {"Ana Ruiz", "Ben Katz"}

    out = {"circle": "", "back": url}
    page = client.post(page_of("circle_of_contact", ana), out, follow=True)

    assert said(page) == ["Ana Ruiz sits in Rowers no more."]
    assert page.request["PATH_INFO"] == url
    assert seated(circle) == {"Ben Katz"}
    assert undo_last(client, page) == ["Ana Ruiz is back where they were."]
    assert seated(circle) == {"Ana Ruiz", "Ben Katz"}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Please type a name."),
        ("Ana Ruiz", "Ana Ruiz sits there already."),
        ("Ruiz", "You know nobody called just Ruiz. Is it one of these?"),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_who_cannot_sit_down(client, user, typed, sentence):
    circle = CircleFactory(owner=user, name="Rowers")
    person(user, "Ana Ruiz", circle)

    page = client.post(page_of("circle_detail", circle), {"person": typed})

    assert page.context["form"].errors["person"] == [sentence]


def test_i_do_not_sit_in_my_own_circles(client, user):
    circle = CircleFactory(owner=user, seats=1)
    me = user.contacts.get(is_me=True)
    me.full_name, me.circle = "Ada Lovelace", circle
    me.save()

    page = client.post(page_of("circle_detail", circle), {"person": "Ada Lovelace"})

    assert "That is you." in page.context["form"].errors["person"][0]
    assert circle.free_seats == 1


# --- making room


@pytest.fixture
def full(user):
    """A circle of two, both seats taken."""
    circle = CircleFactory(owner=user, name="Rowers", seats=2)
    person(user, "Ana", circle, ago=90)
    person(user, "Ben", circle, ago=3)
    return circle


def room(circle, *coming):
    url = reverse("circle_room", args=[circle.pk])
    return f"{url}?{'&'.join(f'contact={one.pk}' for one in coming)}"


def test_a_full_circle_asks_who_leaves_the_most_slipping_first(client, user, full):
    zoe = person(user, "Zoe")

    page = client.post(page_of("circle_detail", full), {"person": "Zoe"}, follow=True)

    assert page.redirect_chain[-1][0] == room(full, zoe)
    assert [row.contact.full_name for row in page.context["rows"]] == ["Ana", "Ben"]
    assert "All 2 seats of Rowers are taken." in page.text
    assert seated(full) == {"Ana", "Ben"}


def test_one_leaves_for_the_next_circle_and_both_come_back(client, user, full):
    close = user.circles.get(name="Close")
    ana = user.contacts.get(full_name="Ana")
    zoe = person(user, "Zoe")

    values = {"leaves": ana.pk, "to": close.pk}
    page = client.post(room(full, zoe), values, follow=True)

    assert said(page) == ["One sits in Rowers now, one left."]
    assert (seated(full), seated(close)) == ({"Ben", "Zoe"}, {"Ana"})
    assert undo_last(client, page) == ["2 people are back where they were."]
    assert (seated(full), seated(close)) == ({"Ana", "Ben"}, set())


def test_one_more_seat_is_the_word_of_the_owner(client, user, full):
    page = client.post(room(full, person(user, "Zoe")), {"widen": "1"}, follow=True)

    full.refresh_from_db()
    assert (full.seats, full.free_seats) == (3, 0)
    assert undo_last(client, page) == ["Zoe is back where they were."]
    full.refresh_from_db()
    assert (full.seats, seated(full)) == (2, {"Ana", "Ben"})


def test_a_seat_that_is_used_is_not_taken_back(client, user, full):
    zoe = person(user, "Zoe")
    page = client.post(room(full, zoe), {"widen": "1"}, follow=True)
    user.contacts.filter(pk=zoe.pk).update(circle=None)
    person(user, "Yan", full)

    undo_last(client, page)

    full.refresh_from_db()
    assert (full.seats, full.free_seats) == (3, 0)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({}, "leaves", "Tick who leaves, or give the circle one more seat."),
        ({"leaves": "nonsense"}, "leaves", "does not sit there any more"),
        ({"leaves": "Stranger"}, "leaves", "does not sit there any more"),
        ({"leaves": "Zoe"}, "leaves", "does not sit there any more"),
        ({"leaves": "Ana", "to": "nonsense"}, "to", "That circle is not there"),
        ({"leaves": "Ana", "to": "theirs"}, "to", "That circle is not there"),
        ({"leaves": "Ana", "to": "small"}, "to", "The one seat of Small is taken too."),
    ],
)
def test_what_makes_no_room(client, user, stranger, full, values, field, sentence):
    small = CircleFactory(owner=user, name="Small", seats=1)
    person(user, "Sam", small)
    zoe = person(user, "Zoe")
    keys = {
        "Stranger": person(stranger, "Stranger").pk,
        "Zoe": zoe.pk,
        "Ana": user.contacts.get(full_name="Ana").pk,
        "theirs": stranger.circles.first().pk,
        "small": small.pk,
    }

    values = {name: keys.get(value, value) for name, value in values.items()}
    page = client.post(room(full, zoe), values)

    assert sentence in page.context["form"].errors[field][0]
    assert sentence in page.text.replace("&#x27;", "'")
    assert seated(full) == {"Ana", "Ben"}


def test_two_want_two_seats(client, user, full):
    zoe, yan = person(user, "Zoe"), person(user, "Yan")
    ana = user.contacts.get(full_name="Ana")

    page = client.post(room(full, zoe, yan), {"leaves": ana.pk})

    sentence = "2 have to leave, and you ticked 1. Or give the circle more seats."
    assert page.context["form"].errors["leaves"] == [sentence]


def test_a_seat_that_came_free_meanwhile_is_just_taken(client, user, full):
    zoe = person(user, "Zoe")
    user.contacts.filter(full_name="Ana").update(circle=None)

    assert "There is room in Rowers" in client.get(room(full, zoe)).text
    client.post(room(full, zoe), {"": ""})

    assert seated(full) == {"Ben", "Zoe"}


def test_strangers_do_not_sit_down(client, user, stranger, full):
    theirs = person(stranger, "Not mine")

    client.post(room(full, theirs), {"widen": "1"})

    full.refresh_from_db()
    assert (full.seats, seated(full)) == (2, {"Ana", "Ben"})
    other = room(stranger.circles.first(), person(user, "Zoe"))
    assert client.get(other).status_code == 404


def test_who_comes_too_late_to_undo_stays(client, user, full):
    """Ana left for Close, and her seat and that of Zoe are taken by now."""
    ana, zoe = user.contacts.get(full_name="Ana"), person(user, "Zoe")
    page = client.post(room(full, zoe), {"leaves": ana.pk}, follow=True)
    user.contacts.filter(pk=zoe.pk).update(circle=None)
    person(user, "Yan", full)

    words = undo_last(client, page)

    assert words == ["Ana is not back: the seat was given away since."]
    assert seated(full) == {"Ben", "Yan"}


def test_a_newcomer_who_cannot_go_back_keeps_the_seat(client, user, full):
    """Zoe came from a circle of one seat, which somebody else has by now."""
    small = CircleFactory(owner=user, name="Small", seats=1)
    ana, zoe = user.contacts.get(full_name="Ana"), person(user, "Zoe", small)
    page = client.post(room(full, zoe), {"leaves": ana.pk}, follow=True)
    person(user, "Sam", small)

    words = undo_last(client, page)

    assert words == ["2 people are not back: the seat was given away since."]
    assert seated(full) == {"Ben", "Zoe"}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_making_room(client, user, full, django_assert_num_queries, count):
    coming = [person(user, f"Zoe {number}") for number in range(count)]

    with django_assert_num_queries(10):
        client.get(room(full, *coming))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["contact form", "bulk", "circle page", "card"])
def test_two_at_once_do_not_both_take_the_last_seat(db, way):
    user = make_user("ada")
    for turn in range(3):
        circle = CircleFactory(owner=user, name=f"Rowers {turn}", seats=1)
        people = [person(user, f"Zoe {turn} {number}") for number in range(2)]
        start = threading.Barrier(2)

        def sit_down(one, circle=circle, start=start):
            client = Client()
            client.force_login(user)
            start.wait()
            try:
                if way == "bulk":
                    values = {"contact": one.pk, "action": "circle"}
                    url = reverse("contact_bulk")
                    return client.post(url, values | {"circle": circle.pk}).url
                if way == "circle page":
                    url = page_of("circle_detail", circle)
                    return client.post(url, {"person": one.full_name}).url
                name = "contact_edit" if way == "contact form" else "circle_of_contact"
                return client.post(page_of(name, one), {"circle": circle.pk}).url
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(sit_down, people))

        assert circle.free_seats == 0
        assert sum("/room/" in answer for answer in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_make_room_both_ways_do_not_wait_for_each_other(db):
    user = make_user("ada")
    one = CircleFactory(owner=user, name="One", seats=2)
    other = CircleFactory(owner=user, name="Other", seats=2)
    ana, ben = person(user, "Ana", one), person(user, "Ben", other)
    start = threading.Barrier(2)

    def make_room(asked):
        circle, leaver, to = asked
        client = Client()
        client.force_login(user)
        start.wait()
        try:
            values = {"leaves": leaver.pk, "to": to.pk}
            return client.post(room(circle), values).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(make_room, [(one, ana, other), (other, ben, one)]))

    assert codes == [302, 302]
    assert (seated(one), seated(other)) == ({"Ben"}, {"Ana"})
    assert connection.is_usable()


@pytest.mark.django_db(transaction=True)
def test_nobody_sits_down_in_a_circle_that_is_being_deleted(db):
    user = make_user("ada")
    for turn in range(3):
        circle = CircleFactory(owner=user, name=f"Rowers {turn}", seats=2)
        person(user, f"Ana {turn}", circle)
        zoe = person(user, f"Zoe {turn}")
        asked = [
            (page_of("circle_delete", circle), {}),
            (page_of("circle_of_contact", zoe), {"circle": circle.pk}),
        ]
        start = threading.Barrier(2)

        def post(page, start=start):
            client = Client()
            client.force_login(user)
            start.wait()
            try:
                return client.post(*page).status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            deleted, sat = pool.map(post, asked)

        # A form that comes too late may say that the circle is gone.
        assert (deleted, sat) in [(302, 302), (302, 200)]
        zoe.refresh_from_db()
        assert zoe.circle is None


def test_undoing_holds_all_circles_at_once(client, user, full):
    close = user.circles.get(name="Close")
    zoe = person(user, "Zoe", close)
    page = client.post(room(full, zoe), {"widen": "1"}, follow=True)

    with CaptureQueriesContext(connection) as queries:
        undo_last(client, page)

    held = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert all(circle.pk.hex in held[0] for circle in (close, full))
    assert seated(full) == {"Ana", "Ben"}


# --- reach


def test_reach_counts_whom_the_circle_knows(client, user, stranger):
    inner = user.circles.get(name="Inner circle")
    lena = person(user, "Lena", inner)
    maya = person(user, "Maya", inner)
    me = user.contacts.get(is_me=True)
    OriginFactory(contact=person(user, "Brought"), introducer=lena)
    OriginFactory(contact=lena, introducer=person(user, "Brought her"))
    OriginFactory(contact=maya, introducer=lena)
    met = IntroductionFactory(owner=user, a=lena, b=person(user, "Introduced"))
    met.make()
    IntroductionFactory(owner=user, a=maya, b=person(user, "Only an idea"))
    RelationshipFactory(
        owner=user, from_contact=maya, to_contact=person(user, "Sister")
    )
    RelationshipFactory(owner=user, from_contact=maya, to_contact=me)
    binned, away = person(user, "In the trash"), person(user, "Archived")
    RelationshipFactory(owner=user, from_contact=binned, to_contact=maya)
    RelationshipFactory(owner=user, from_contact=away, to_contact=maya)
    binned.trash()
    away.archive()
    person(user, "Nobody's friend")
    person(stranger, "Not mine")

    page = client.get(reverse("circle_list"))
    people = client.get(f"{reverse('contact_list')}?behind={inner.pk}")

    assert page.context["reach"] == 4
    assert set(names(people)) == {"Brought", "Brought her", "Introduced", "Sister"}
    assert people.context["form"].given[0]["words"] == "one step behind Inner circle"
    theirs = client.get(
        f"{reverse('contact_list')}?behind={stranger.circles.first().pk}"
    )
    assert theirs.context["form"].wrong
