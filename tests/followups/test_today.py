"""The page of the morning: what is on it, what it costs, and that it is one's own."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from followups import suggesting
from followups.today.numbers import streak
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    AttendanceFactory,
    CardLinkFactory,
    CardNoteFactory,
    ConsentFactory,
    ContactFactory,
    EventFactory,
    FactFactory,
    FavourFactory,
    FollowUpFactory,
    GoalFactory,
    ImportFactory,
    InteractionFactory,
    IntroductionFactory,
    SuggestionFactory,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # A Wednesday.
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def today(client):
    return client.get(reverse("today")).context


def said(response):
    return [str(message) for message in response.context["messages"]]


def take_back(client, response):
    url = list(response.context["messages"])[-1].extra_tags
    return said(client.post(url, follow=True))


def one_of_each_section(user, number):
    """A row more in every section of the page."""
    circle = user.circles.get(name="Inner circle")
    friend = ContactFactory(owner=user, circle=circle, full_name=f"Lena {number}")
    InteractionFactory(
        owner=user, with_contacts=[friend], on=PartialDate(2026, 9, 1 + number)
    )
    FollowUpFactory(contact=friend, due_on=TODAY, event=EventFactory(owner=user))
    silent = ContactFactory(owner=user, full_name=f"Susan {number}")
    for year in (2020, 2021):
        on = PartialDate(year, 5, 1)
        InteractionFactory(owner=user, with_contacts=[silent], on=on)
    tonight = EventFactory(owner=user, starts_at=NOW + timedelta(hours=6))
    AttendanceFactory(event=tonight, contact=friend, talking_points="Ask.")
    GoalFactory(event=tonight)
    over = EventFactory(
        owner=user,
        starts_at=NOW - timedelta(days=2),
        ends_at=NOW - timedelta(days=2) + timedelta(hours=2),
    )
    AttendanceFactory(event=over, contact=friend)
    asked = IntroductionFactory(owner=user)
    asked.ask()
    asked.ask_on = TODAY
    asked.save()
    ConsentFactory(introduction=asked)
    CardNoteFactory(link=CardLinkFactory(owner=user))
    FavourFactory(contact=friend, on=TODAY)
    FactFactory(contact=friend)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_twelve_queries(client, user, count, django_assert_num_queries):
    for number in range(count):
        one_of_each_section(user, number)
    need = FactFactory(contact=ContactFactory(owner=user))
    SuggestionFactory(contact=need.contact, need=need, on=TODAY)

    with django_assert_num_queries(12):
        shown = client.get(reverse("today")).context

    assert len(shown["promises"]) == count
    assert len(shown["debriefs"]) == count
    assert len(shown["introductions"]) == count
    assert len(shown["touches"]) == min(5, 2 * count)
    assert shown["help"].suggestion
    assert shown["evening"].there


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_visit_of_a_day_costs_a_few_more(
    client, user, count, django_assert_num_queries
):
    for number in range(count):
        one_of_each_section(user, number)

    with django_assert_num_queries(18):
        client.get(reverse("today"))


@pytest.mark.parametrize(
    ("things", "heading"),
    [
        (0, "Nothing due. Who could use your help?"),
        (1, "One small thing today"),
        (5, "Five small things today"),
    ],
)
def test_the_heading_counts_the_small_things(client, user, things, heading):
    ContactFactory(owner=user)
    for number in range(things):
        FollowUpFactory(owner=user, contact=None, due_on=TODAY - timedelta(number))
    FollowUpFactory(owner=user, contact=None, due_on=TODAY + timedelta(1))

    assert today(client)["heading"] == heading


def test_all_that_waits_is_counted(client, user):
    one_of_each_section(user, 0)
    # The promise stands above; a friend and who fell silent, tonight, a debrief, an
    # introduction, a name left.
    shown = today(client)

    assert shown["help"].suggestion.kind == "promise"
    assert shown["heading"] == "Seven small things today"


def test_what_stands_above_does_not_stand_below(client, user):
    ana = ContactFactory(owner=user)
    above = FollowUpFactory(contact=ana, due_on=TODAY - timedelta(9))
    below = FollowUpFactory(contact=ana, due_on=TODAY)

    shown = today(client)

    assert shown["help"].suggestion.followup == above
    assert shown["promises"] == [below]


def test_nothing_of_a_stranger(client, user, stranger):
    ContactFactory(owner=user)
    for number in range(2):
        one_of_each_section(stranger, number)
    suggesting.of_day(stranger, TODAY)

    shown = today(client)

    found = shown["numbers"]
    assert shown["help"] == (None, [])
    assert not any(
        shown[name] for name in ("promises", "touches", "debriefs", "introductions")
    )
    assert shown["evening"] is None
    assert (found.people, found.card_notes, found.helped, found.awaited) == (1, 0, 0, 0)


# The first steps.


def test_an_empty_account_sees_three_steps(client, user, stranger):
    ImportFactory(owner=stranger, state="done")
    ContactFactory(owner=stranger, circle=stranger.circles.first())
    EventFactory(owner=stranger)

    response = client.get(reverse("today"))

    assert response.context["steps"] == {
        "address_book": False,
        "circle": False,
        "event": False,
    }
    assert response.context["heading"] == "Three small steps to begin"
    assert "Bring your address book" in response.text


def an_import(user):
    ImportFactory(owner=user, state="done")


def by_hand(user):
    ContactFactory.create_batch(10, owner=user)


def someone_seated(user):
    ContactFactory(owner=user, circle=user.circles.get(name="Inner circle"))


def an_event(user):
    EventFactory(owner=user)


@pytest.mark.parametrize(
    ("does", "step"),
    [
        (an_import, "address_book"),
        (by_hand, "address_book"),
        (someone_seated, "circle"),
        (an_event, "event"),
    ],
)
def test_each_step_counts_by_what_is_there(client, user, does, step):
    does(user)

    steps = today(client)["steps"]

    assert [name for name, done in steps.items() if done] == [step]


def test_what_was_taken_back_is_not_done(client, user):
    ImportFactory(owner=user, state="undone")
    ContactFactory(owner=user, circle=user.circles.get(name="Close"))

    assert not any(today(client)["steps"].values())


def test_the_steps_leave_when_they_are_done_or_the_account_is_old(
    client, user, wednesday
):
    ContactFactory(owner=user)
    young = today(client)["steps"]
    wednesday.move_to(NOW + timedelta(days=61))
    client.force_login(user)
    old = today(client)["steps"]
    wednesday.move_to(NOW)
    client.force_login(user)
    for does in (an_import, someone_seated, an_event):
        does(user)

    assert young
    assert old is None
    assert today(client)["steps"] is None


# Tonight.


@pytest.mark.parametrize(
    ("zone", "starts_at", "title", "when"),
    [
        ("UTC", "2026-11-25T18:30Z", "Tonight", "18:30, Cambridge"),
        ("UTC", "2026-11-25T14:00Z", "Today", "14:00, Cambridge"),
        ("UTC", "2026-11-25T11:00Z", "On now", "11:00, Cambridge"),
        ("UTC", "2026-11-26T09:00Z", "Tomorrow", "26 November 09:00, Cambridge"),
        ("UTC", "2026-11-29T09:00Z", "On Sunday", "29 November 09:00, Cambridge"),
        ("UTC", "2026-12-07T09:00Z", "In 12 days", "7 December 09:00, Cambridge"),
        ("Pacific/Kiritimati", "2026-11-26T05:00Z", "Tonight", "19:00, Cambridge"),
        ("America/Los_Angeles", "2026-11-26T03:00Z", "Tonight", "19:00, Cambridge"),
    ],
)
def test_the_next_event(client, user, zone, starts_at, title, when):
    user.time_zone = zone
    user.save()
    start = datetime.fromisoformat(starts_at)
    end = start + timedelta(hours=3)
    EventFactory(owner=user, starts_at=start, ends_at=end, city="Cambridge")
    EventFactory(owner=user, starts_at=start + timedelta(days=1))

    evening = today(client)["evening"]

    assert (evening.title, evening.when) == (title, when)


def test_who_will_be_there_and_what_for(client, user):
    event = EventFactory(owner=user, starts_at=NOW + timedelta(hours=6), goal_people=5)
    GoalFactory(event=event, text="Meet founders", target=3)
    GoalFactory(event=event, text="Find 1 buyer", target=1)
    for name in ("Zoe", "Ben Katz"):
        AttendanceFactory(
            event=event,
            contact=ContactFactory(owner=user, full_name=name),
            talking_points="Ask how the pilot went.",
        )
    met = AttendanceFactory(event=event, contact=ContactFactory(owner=user))
    met.meet()

    response = client.get(reverse("today"))

    evening = response.context["evening"]
    assert evening.goals[0] == "meet 5 people"
    assert sorted(evening.goals[1:]) == ["find 1 buyer", "meet founders (3)"]
    assert [one["name"] for one in evening.there] == ["Ben Katz", "Zoe"]
    assert "Ask how the pilot went." in response.text
    assert reverse("event_live", kwargs={"event_id": event.pk}) in response.text


@pytest.mark.parametrize(
    "made",
    [
        {"cancelled_at": NOW},
        {"starts_at": NOW + timedelta(days=31)},
        {"starts_at": None},
        {"starts_at": NOW - timedelta(days=1)},
    ],
)
def test_no_next_event(client, user, made):
    EventFactory(owner=user, **{"starts_at": NOW + timedelta(hours=6)} | made)

    assert today(client)["evening"] is None


# This week.


def test_this_week(client, user):
    maya, tom, lena = (
        ContactFactory(owner=user, full_name=name) for name in ("Maya", "Tom", "Lena")
    )
    InteractionFactory(owner=user, with_contacts=[maya], on=PartialDate.of(TODAY))
    InteractionFactory(
        owner=user, with_contacts=[tom], kind="message", on=PartialDate(2026, 11, 23)
    )
    # Sunday was last week; and Lena was written to long ago and is met now.
    noticed = ContactFactory(owner=user)
    InteractionFactory(
        owner=user, with_contacts=[noticed], on=PartialDate(2026, 11, 22)
    )
    InteractionFactory(
        owner=user, with_contacts=[lena], kind="email", on=PartialDate(2020)
    )
    InteractionFactory(owner=user, with_contacts=[lena], on=PartialDate(2026, 11, 24))
    FavourFactory(contact=maya, on=TODAY)
    FavourFactory(contact=maya, on=PartialDate(2026, 11, 24))
    FavourFactory(contact=tom, on=PartialDate(2026, 11, 22))
    FavourFactory(contact=lena, on=TODAY, direction="received")
    SuggestionFactory(contact=tom, on=TODAY, answer="done", answered_at=NOW)
    made = IntroductionFactory(owner=user, a=maya, b=lena)
    made.make()
    waiting = IntroductionFactory(
        owner=user, a=tom, b=ContactFactory(owner=user, full_name="Ana Ruiz")
    )
    waiting.ask()
    ConsentFactory(introduction=waiting, party="a", answer="yes", answered_at=NOW)

    found = today(client)["numbers"]

    assert (found.met, found.met_in_person) == (2, 2)
    assert (found.helped, found.streak) == (3, 3)
    assert (found.introduced, found.awaited_words) == (1, "1 awaiting Ana’s yes")


@pytest.mark.parametrize(
    ("days_ago", "count"),
    [
        ([], 0),
        ([0], 1),
        ([0, 1, 2], 3),
        # The day is not over.
        ([1, 2], 2),
        # One day was missed, and then another one further back.
        ([0, 2, 3, 5], 4),
        ([2, 3], 2),
        # Two in a row end it.
        ([0, 3, 4], 1),
        ([3, 4, 5], 0),
        # Helping twice on one day is one day.
        ([0, 0, 1], 2),
    ],
)
def test_a_streak_forgives_a_missed_day(days_ago, count):
    assert streak([TODAY - timedelta(number) for number in days_ago], TODAY) == count


def test_a_streak_over_the_days_of_the_clocks(client, user):
    maya = ContactFactory(owner=user)
    for day in (date(2026, 11, 25), date(2026, 11, 24), date(2026, 11, 22)):
        FavourFactory(contact=maya, on=day)

    assert today(client)["numbers"].streak == 3


def test_the_inner_circle(client, user):
    circle = user.circles.get(name="Inner circle")
    for month in (1, 10, 11):
        friend = ContactFactory(owner=user, circle=circle)
        on = PartialDate(2026, month, 1)
        InteractionFactory(owner=user, with_contacts=[friend], on=on)
    # Added long ago, never in touch; in the trash; in another circle.
    never = ContactFactory(owner=user, circle=circle)
    user.contacts.filter(pk=never.pk).update(created_at=NOW - timedelta(days=99))
    ContactFactory(owner=user, circle=circle, trashed_at=NOW)
    ContactFactory(owner=user, circle=user.circles.get(name="Close"))

    response = client.get(reverse("today"))

    found = response.context["numbers"]
    assert (found.seats, found.seated, found.in_touch, found.free) == (20, 4, 1, 16)
    assert response.context["seats"].bar == ["on"] + ["late"] * 3 + [""] * 16
    assert "1 of 4 in touch · 16 seats free" in response.text


def test_who_has_deleted_all_circles_has_a_today(client, user):
    ContactFactory(owner=user)
    user.circles.all().delete()

    response = client.get(reverse("today"))

    assert response.status_code == 200
    assert (response.context["reach"], response.context["seats"]) == (0, None)


# One tap.


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("message", "You wrote to Lena today."),
        ("call", "You and Lena spoke today."),
        ("coffee", "You and Lena met today."),
        ("nonsense", "You wrote to Lena today."),
    ],
)
def test_in_touch_in_one_tap_and_back(client, user, kind, told):
    circle = user.circles.get(name="Inner circle")
    lena = ContactFactory(owner=user, full_name="Lena Brandt", circle=circle)
    user.contacts.filter(pk=lena.pk).update(created_at=NOW - timedelta(days=99))
    before = [touch.contact for touch in today(client)["touches"]]

    url = reverse("contact_log", kwargs={"contact_id": lena.pk})
    response = client.post(url, {"kind": kind, "back": "/"}, follow=True)

    row = user.interactions.get()
    assert before == [lena]
    assert said(response)[0].startswith(told)
    assert row.kind == (kind if kind != "nonsense" else "message")
    assert (row.on, row.people) == (PartialDate.of(TODAY), [lena])
    assert response.context["touches"] == []

    assert take_back(client, response) == ["That is not written down any more."]
    assert [touch.contact for touch in today(client)["touches"]] == [lena]


def test_what_was_told_of_it_since_stays(client, user):
    lena = ContactFactory(owner=user, full_name="Lena Brandt")
    url = reverse("contact_log", kwargs={"contact_id": lena.pk})
    response = client.post(url, {"kind": "call"}, follow=True)
    row = user.interactions.get()
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        row.text = "She moves to Oslo."
        row.save()

    assert "so it stays" in take_back(client, response)[0]
    assert user.interactions.count() == 1


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Kiritimati", "2026-11-26"), ("America/Los_Angeles", "2026-11-25")],
)
def test_it_is_logged_for_the_owners_day(client, user, zone, day):
    user.time_zone = zone
    user.save()
    lena = ContactFactory(owner=user)

    client.post(reverse("contact_log", kwargs={"contact_id": lena.pk}))

    assert str(user.interactions.get().on) == day


def test_done_leaves_the_page_and_comes_back_with_undo(client, user):
    ContactFactory(owner=user)
    row = FollowUpFactory(owner=user, contact=None, due_on=TODAY)
    url = reverse("followup_complete", kwargs={"followup_id": row.pk})

    done = client.post(url, {"back": "/"}, follow=True)
    gone = done.context["promises"]
    take_back(client, done)

    assert done.redirect_chain == [("/", 302)]
    assert gone == []
    assert today(client)["promises"] == [row]


def test_each_button_swaps_the_page_in_place(client, user):
    one_of_each_section(user, 0)

    page = client.get(reverse("today")).text

    forms = page.split('id="today"')[1].count("<form")
    assert page.count('hx-target="#today"') == forms
    assert page.count('hx-select-oob="#messages"') == forms


def test_those_who_left_their_name_wait(client, user, stranger):
    link = CardLinkFactory(owner=user)
    CardNoteFactory.create_batch(2, link=link)
    CardNoteFactory(link=link, state="dismissed")
    CardNoteFactory(link=CardLinkFactory(owner=stranger))

    answer = client.get(reverse("today"))

    assert answer.context["numbers"].card_notes == 2
    assert "2 people left you their names" in answer.text
