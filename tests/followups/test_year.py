"""A year in review, told small enough to count by hand."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from contacts.forms import ContactFilterForm
from followups.insights import circles
from followups.insights.year import Year, years
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    CircleFactory,
    ContactFactory,
    EventFactory,
    FavourFactory,
    FollowUpFactory,
    InteractionFactory,
    IntroductionFactory,
    OriginFactory,
    OutcomeFactory,
)

# In Auckland, where she lives, the year has turned already.
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def in_auckland(user):
    user.time_zone = "Pacific/Auckland"
    user.save()


def on(text):
    return PartialDate.from_iso(text)


def came(owner, name, when, by=None, **extra):
    contact = ContactFactory(owner=owner, full_name=name)
    extra = {"how": "introduction", "introducer": by} | extra if by else extra
    OriginFactory(contact=contact, on=on(when), **extra)
    return contact


def met(contact, day, **extra):
    InteractionFactory(
        owner=contact.owner, on=on(day), with_contacts=[contact], **extra
    )


def in_utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def review(client, year):
    return client.get(reverse("insights_year", kwargs={"year": year}))


@pytest.fixture
def a_year(user):
    """Of 2026, with something of 2025 and 2027 that is not to be counted in it."""
    fair = EventFactory(
        owner=user, name="A fair", starts_at=in_utc("2026-05-02T08:00"), worth=5,
        hours=Decimal("6.5"), cost=Decimal(40), currency="NZD",
    )  # fmt: skip
    EventFactory(
        owner=user, name="A dull evening", starts_at=in_utc("2026-06-02T08:00"), worth=2
    )
    EventFactory(owner=user, name="A dinner", starts_at=in_utc("2025-12-30T08:00"))
    # By her clocks, this begins in 2027.
    EventFactory(owner=user, name="New year", starts_at=in_utc("2026-12-31T11:30"))
    ana = came(user, "Ana Ruiz", "2025-03", how="online")
    ben = came(user, "Ben Katz", "2026", by=ana)
    ida = came(user, "Ida Nowak", "2026-05-02", how="event", event=fair)
    tom = came(user, "Tom Okafor", "2026-08-01", by=ben)
    met(ana, "2025-04-01")
    met(ana, "2026-02-01")
    met(ida, "2026-05-02")
    introduction = IntroductionFactory(owner=user, a=ana, b=ida, on=on("2026-06"))
    introduction.make()
    introduction.meet()
    # Made in the last hours of 2025 by the clocks of the server.
    with time_machine.travel("2025-12-31T11:30:00Z", tick=False):
        IntroductionFactory(owner=user, a=tom, b=ben).make()
    outcome = {"owner": user, "value": Decimal(1200), "currency": "EUR"}
    OutcomeFactory(title="A workshop", on=on("2026-07"), introduction=introduction,
                   with_contacts=[ida], **outcome)  # fmt: skip
    OutcomeFactory(title="A second one", on=on("2026"), **outcome)
    OutcomeFactory(owner=user, title="A friend", kind="friendship", on=on("2026-09"))
    OutcomeFactory(title="Last year", on=on("2025-12-31"), **outcome)
    FavourFactory(contact=ana, on=on("2026-03-03"))
    FavourFactory(contact=ana, on=on("2025"))
    FavourFactory(contact=ben, on=on("2026-04"), direction="received")
    for due, done in (
        ("2026-04-01", "2026-03-31T12:00"),
        ("2026-04-01", "2026-04-01T12:30"),
        (None, "2026-04-01T12:30"),
        # Late by her clocks only: one o'clock in the night of the second.
        ("2026-01-01", "2026-01-01T12:00"),
        ("2025-12-31", "2025-12-31T10:00"),
    ):
        FollowUpFactory(
            owner=user,
            contact=ana,
            due_on=due and date.fromisoformat(due),
            done_at=in_utc(done),
        )
    FollowUpFactory(contact=ana, done_at=in_utc("2026-05-05"), promised_by="them")
    FollowUpFactory(contact=ana, dismissed_at=in_utc("2026-05-05"))
    FollowUpFactory(contact=ana, due_on=date(2026, 3, 3))
    return user


def test_what_the_year_was(a_year, stranger):
    came(stranger, "Somebody else", "2026-03-03")

    year = Year(a_year, "2026")

    assert (year.new.count, year.met.count, year.closer.count) == (3, 1, 1)
    assert [(way.cell.count, way.words) for way in year.hows] == [
        (2, "introduced by somebody"),
        (1, "at events"),
    ]
    assert [contact.full_name for contact in year.close] == ["Ana Ruiz"]
    assert [(who[1], count) for who, count in year.connectors] == [
        ("Ana Ruiz", 1),
        ("Ben Katz", 1),
    ]
    assert (year.deepest.name, year.deepest.depth) == ("Tom Okafor", 2)
    assert (year.introduced.count, year.they_met) == (2, 1)
    assert year.came_of_introductions == 1
    assert (year.outcomes.count, year.worth) == (3, ["2,400 EUR"])
    assert (year.given.count, year.received.count) == (1, 1)
    # Ana and Ida, Tom and Ben; the favour was for Ana too.
    assert year.helped.count == 4
    assert (year.events.count, year.hours, year.costs) == (2, "6.5", ["40 NZD"])
    assert [event.name for event in year.worth_it] == ["A fair"]
    assert year.is_over


def test_promises_are_kept_by_the_owners_clock(a_year):
    found = Year(a_year, "2026").promises

    assert (found.on_time, found.late, found.let_go, found.theirs) == (2, 2, 1, 1)
    assert Year(a_year, "2025").promises.kept == 1


def test_the_months_are_drawn_and_told(client, a_year):
    page = review(client, 2026)

    months = {
        one.label: (one.met, one.helped)
        for one in page.context["year"].months.counts
        if one.met or one.helped
    }
    assert months == {
        "January": (0, 2),
        "March": (0, 1),
        "May": (1, 0),
        "June": (0, 2),
    }
    assert "<td>1</td>" in page.text


def listed(client, user, url):
    path, _, query = url.partition("?")
    if path == reverse("contact_list"):
        form = ContactFilterForm(QueryDict(query), owner=user)
        assert form.is_valid(), form.errors
        return form.filter(user.contacts.all()).count()
    return client.get(url).context["page"].paginator.count


@pytest.mark.parametrize("which", [2025, 2026])
def test_every_number_counts_the_list_behind_it(client, a_year, which):
    page = review(client, which).text
    main = page[page.index("<main") : page.index("</main")]
    found = re.findall(r'<a href="([^"]+\?[^"]*)"><b>([\d,]+)</b>', main)

    assert len(found) >= (5 if which == 2025 else 14)
    assert [
        (url, number, count)
        for url, number in found
        if (count := listed(client, a_year, unescape(url))) != int(number)
    ] == []


def test_the_lists_say_what_they_are_narrowed_to(client, a_year):
    promises = client.get(
        reverse("followup_list"), {"show": "done", "in": "2026", "kept": "late"}
    )
    events = client.get(reverse("event_list"), {"within": "2026"})
    introductions = client.get(reverse("introduction_list"), {"made_in": "2026"})

    assert "2 of your promises done late in 2026" in promises.text
    assert "2 events that took place in 2026" in events.text
    assert "2 introductions made in 2026" in introductions.text


@pytest.mark.parametrize(
    ("name", "said"),
    [("event_list", "within"), ("introduction_list", "made_in")],
)
def test_a_list_says_that_a_link_names_no_year(client, a_year, name, said):
    page = client.get(reverse(name), {said: "yesterday"})

    assert "names no year" in page.text
    assert page.context["page"].paginator.count if name == "event_list" else True


def test_an_empty_year_teaches_and_offers_the_others(client, a_year):
    page = review(client, 2019).text

    assert "Nothing written down in this year" in page
    assert reverse("insights_year", kwargs={"year": 2026}) in page


def test_the_years_are_those_in_which_something_is_written(a_year):
    met(came(a_year, "Old Friend", "1999"), "2001-05-05")
    # No page goes back so far.
    came(a_year, "Ancestor", "1850")

    assert years(a_year, date(2027, 1, 1)) == ["2027", "2026", "2025", "2001", "1999"]


@pytest.mark.parametrize("year", [0, 1899, 2028, 99999])
def test_there_is_no_year_to_come(client, year):
    assert review(client, year).status_code == 404


def test_the_year_that_has_just_begun_is_so_far(client, a_year):
    page = review(client, 2027).text

    assert "So far, until 1 January" in page
    # She has begun it with a party.
    assert "New year" not in page
    assert Year(a_year, "2027").events.count == 1


@pytest.mark.parametrize("count", [1, 3])
def test_costs_the_same_for_three(client, user, count, django_assert_num_queries):
    circle = CircleFactory(owner=user)
    for number in range(count):
        ana = came(user, f"Ana {number}", "2026-03")
        ana.circle = circle
        ana.save()
        ben = came(user, f"Ben {number}", "2026-04", by=ana)
        met(ben, "2026-04-04")
        IntroductionFactory(owner=user, a=ana, b=ben, on=on("2026-05")).make()
        OutcomeFactory(owner=user, with_contacts=[ben])
        FavourFactory(contact=ben, on=on("2026-03-03"))
        FollowUpFactory(contact=ben, done_at=in_utc("2026-05-05"))
        EventFactory(owner=user, starts_at=in_utc("2026-05-05"), worth=5)
    review(client, 2026)

    with django_assert_num_queries(17):
        review(client, 2026)


def test_a_circle_is_kept_as_its_people_were_in_touch(user):
    circle = CircleFactory(owner=user, cadence_days=30)
    with time_machine.travel("2026-01-10T00:00:00Z", tick=False):
        ana, ben = ContactFactory.create_batch(2, owner=user, circle=circle)
        ContactFactory(owner=user, circle=circle).trash()
    ben.cadence_days = 100
    ben.save()
    met(ana, "2026-03-20")
    met(ana, "2026-05", kind="call")
    met(ana, "2026-06-30", kind="mention")
    days = [date(2026, month, 28) for month in range(1, 8)]

    (found,) = circles.kept(user, [date(2025, 12, 31), *days])

    # Ana: added on 10 January, met on 20 March, called some day in May.
    # Ben, every hundred days: added on 10 January and never heard of.
    assert [(one.people, one.in_touch) for one in found.story] == [
        (2, 2), (2, 1), (2, 2), (2, 0), (2, 1), (2, 1), (2, 0),
    ]  # fmt: skip


def test_the_circle_stands_as_the_rhythms_say(user):
    from followups import rhythms

    circle = CircleFactory(owner=user, cadence_days=30)
    today = date(2027, 1, 1)
    for day in ("2026-12-02", "2026-12-01", "2026-12", "2026-11", "2026", "2025"):
        met(ContactFactory(owner=user, circle=circle), day)
    with time_machine.travel("2026-06-10T00:00:00Z", tick=False):
        ContactFactory(owner=user, circle=circle)

    (found,) = circles.kept(user, [today])
    people = rhythms.with_rhythm(user.contacts.active(), user, today)

    assert found.now.people == people.count()
    assert found.now.in_touch == people.filter(late__lte=0).count() == 3
