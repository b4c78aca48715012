"""Where you met people: the list, the page, the form, and leaving nothing behind."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from connections.models import Interaction, Origin
from contacts.models import Stage
from events.models import Event
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    ContactFactory,
    EventFactory,
    InteractionFactory,
    OriginFactory,
)

ADD = "/events/add/"
LIST = "/events/"


@pytest.fixture
def user(user):
    user.time_zone = "America/New_York"
    user.save()
    return user


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def shown(client, event, **changes):
    """What the browser sends for this event, all fields of the page."""
    form = client.get(reverse("event_edit", args=[event.pk])).context["form"]
    said = {name: form[name].value() for name in form.fields}
    for name in ("starts_at", "ends_at"):
        said[name] = said[name].strftime("%Y-%m-%dT%H:%M") if said[name] else ""
    for name in ("is_online", "is_all_day"):
        if not said[name]:
            del said[name]
    said = {name: value for name, value in said.items() if value is not None}
    return said | changes


def save(client, event, **changes):
    said = shown(client, event, **changes)
    return client.post(reverse("event_edit", args=[event.pk]), said)


def test_a_name_is_enough(client, user):
    response = client.post(ADD, {"name": "DjangoCon", "kind": "conference"})

    event = user.events.get()
    assert response.url == event.get_absolute_url()
    assert (event.name, event.kind, event.starts_at) == (
        "DjangoCon",
        "conference",
        None,
    )


def test_all_that_is_typed_is_kept(client, user):
    client.post(
        ADD,
        {
            "name": "Founders’ mixer",
            "kind": "mixer",
            "starts_at": "2026-11-20T21:00",
            "ends_at": "2026-11-21T02:30",
            "time_zone": "europe/berlin",
            "place": "Café Lauter",
            "city": "Berlin",
            "is_online": "on",
            "url": "https://example.org/mixer",
            "series": "Mixer",
            "purpose": "Find a first retail buyer",
            "goal_people": "3",
            "cost": "12.50",
            "currency": "eur",
            "hours": "5.5",
            "notes": "Ask *Ana*",
            "debrief": "Loud",
            "worth": "4",
            "would_go_again": "True",
        },
    )

    event = user.events.get()
    # 21:00 in Berlin is 20:00 UTC in November; past midnight is the next day.
    assert (event.starts_at, event.ends_at) == (at(20, 20), at(21, 1, 30))
    assert (event.time_zone, event.currency) == ("Europe/Berlin", "EUR")
    assert (event.cost, event.hours) == (Decimal("12.50"), Decimal("5.5"))
    assert (event.goal_people, event.worth, event.would_go_again) == (3, 4, True)
    assert (event.place, event.city, event.series, event.is_online) == (
        "Café Lauter",
        "Berlin",
        "Mixer",
        True,
    )
    assert (event.purpose, event.notes, event.debrief, event.url) == (
        "Find a first retail buyer",
        "Ask *Ana*",
        "Loud",
        "https://example.org/mixer",
    )


def test_without_a_zone_it_is_the_owners(client, user):
    client.post(
        ADD, {"name": "Class", "kind": "class", "starts_at": "2026-11-20T18:00"}
    )

    assert user.events.get().starts_at == at(20, 23)


def test_all_day_is_from_midnight_to_midnight_there(client, user):
    said = {"name": "Fair", "kind": "fair", "is_all_day": "on"}
    said |= {"starts_at": "2026-10-24T09:00", "ends_at": "2026-10-25"}

    client.post(ADD, said | {"time_zone": "Europe/Berlin"})

    event = user.events.get()
    # The clocks go back in the second night: the two days have 49 hours.
    assert event.starts_at == datetime(2026, 10, 23, 22, tzinfo=UTC)
    assert event.ends_at == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert event.when == "Sat 24 Oct 2026 to Sun 25 Oct"
    assert event.when_for_owner == ""


def test_one_day_needs_no_end(client, user):
    said = {"name": "Fair", "kind": "fair", "is_all_day": "on"}

    client.post(ADD, said | {"starts_at": "2026-11-20T09:00"})

    event = user.events.get()
    assert (event.when, event.ends_at) == ("Fri 20 Nov 2026", at(21, 5))
    save(client, event)
    event.refresh_from_db()
    assert (event.when, event.ends_at) == ("Fri 20 Nov 2026", at(21, 5))


def test_saving_unchanged_changes_nothing(client, user):
    # To the second, in a zone that is not the owner's, at an hour that comes twice.
    event = EventFactory(
        owner=user,
        starts_at=datetime(2026, 10, 25, 1, 30, 17, tzinfo=UTC),
        ends_at=at(1, 3),
        time_zone="Europe/Berlin",
        would_go_again=False,
        goal_people=0,
        cost=Decimal("0.00"),
    )
    fields = [f.attname for f in Event._meta.fields if f.name != "updated_at"]
    before = Event.objects.values(*fields).get()

    response = save(client, event)

    assert response.status_code == 302
    assert Event.objects.values(*fields).get() == before


def test_another_zone_moves_the_moment_not_the_clock(client, user):
    event = EventFactory(owner=user, starts_at=at(20, 20), time_zone="Europe/Berlin")

    save(client, event, time_zone="Europe/London")

    event.refresh_from_db()
    assert event.starts_at == at(20, 21)


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"name": ""}, {"name": ["This field is required."]}),
        (
            {"starts_at": "soon"},
            {
                "starts_at": [
                    "This is not a date and time. For example 2026-11-20 19:30."
                ]
            },
        ),
        (
            {"time_zone": "Berlin"},
            {
                "time_zone": [
                    "There is no such time zone. They are called like Europe/Berlin or"
                    " America/New_York."
                ]
            },
        ),
        (
            {"starts_at": "2026-11-20T21:00", "ends_at": "2026-11-20T20:00"},
            {"ends_at": ["An event cannot end before it starts."]},
        ),
        ({"ends_at": "2026-11-20T20:00"}, {"starts_at": ["When does it start?"]}),
        (
            {"starts_at": "2026-03-29T02:30", "time_zone": "Europe/Berlin"},
            {
                "starts_at": [
                    "In Europe/Berlin the clocks jumped over this hour that night."
                ]
            },
        ),
        (
            {"worth": "6"},
            {"worth": ["Ensure this value is less than or equal to 5."]},
        ),
        (
            {"cost": "-1"},
            {"cost": ["Ensure this value is greater than or equal to 0."]},
        ),
        ({"starts_at": "9999-12-31T23:59"}, {"starts_at": ["This is too far away."]}),
        ({"starts_at": "0001-01-01T00:00"}, {"starts_at": ["This is too far away."]}),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, user, said, errors):
    response = client.post(ADD, {"name": "Mixer", "kind": "mixer"} | said)

    assert response.context["form"].errors == errors
    assert not user.events.exists()


def test_when_it_is_there_and_for_the_owner(client, user):
    event = EventFactory(
        owner=user,
        starts_at=at(20, 20),
        ends_at=at(21, 1, 30),
        time_zone="Europe/Berlin",
    )

    page = client.get(event.get_absolute_url())

    assert event.when == "Fri 20 Nov 2026, 21:00 to Sat 21 Nov, 02:30"
    assert event.when_for_owner == "Fri 20 Nov 2026, 15:00 to 20:30"
    assert event.when_for_owner in page.text
    # The day is that of the place, not UTC's nor the owner's.
    late = EventFactory(owner=user, starts_at=at(20, 23, 30), time_zone="Europe/Berlin")
    assert late.partial_date == PartialDate(2026, 11, 21)


def test_the_same_clocks_are_said_once(user):
    event = EventFactory(owner=user, starts_at=at(20, 20), time_zone="America/Toronto")

    assert event.when_for_owner == ""


def test_upcoming_until_it_is_over(client, user):
    for name, start, end in (
        ("Over", at(1, 20), None),
        ("Now", at(22, 8), at(22, 18)),
        ("Soon", at(23, 8), None),
        ("Some day", None, None),
    ):
        EventFactory(owner=user, name=name, starts_at=start, ends_at=end)

    def names(**query):
        return [one.name for one in client.get(LIST, query).context["page"]]

    with time_machine.travel(at(22, 12)):
        assert names(when="upcoming", sort="earliest") == ["Now", "Soon"]
        assert names(when="past") == ["Over", "Some day"]
        assert names() == ["Soon", "Now", "Over", "Some day"]
        assert names(when="nonsense", sort="nonsense", page="x") == names()


def test_the_list_shows_only_mine_and_finds_without_accents(client, user, stranger):
    EventFactory(owner=user, name="Repair café", city="Zürich")
    EventFactory(owner=user, name="Mixer")
    EventFactory(owner=stranger, name="Repair café of Mallory")

    response = client.get(LIST, {"q": "CAFE zurich"})

    assert [one.name for one in response.context["page"]] == ["Repair café"]


def test_each_person_met_is_counted_once(client, user):
    event = EventFactory(owner=user, name="Mixer")
    EventFactory(owner=user, name="Empty")
    people = ContactFactory.create_batch(4, owner=user)
    OriginFactory(contact=people[0], how="event", event=event)
    OriginFactory(contact=people[1], how="event", event=event)
    OriginFactory(contact=people[3], how="event", event=event)
    InteractionFactory(owner=user, event=event, with_contacts=people[1:3])
    InteractionFactory(owner=user, event=event, with_contacts=people[1:3])
    people[3].trash()

    listed = client.get(LIST, {"sort": "people"}).context["page"]
    detail = client.get(event.get_absolute_url())

    assert [(one.name, one.people_met) for one in listed] == [
        ("Mixer", 3),
        ("Empty", 0),
    ]
    assert list(detail.context["page"]) == people[:3]
    assert "You met 3 people here" in detail.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, user, count, django_assert_num_queries):
    for _ in range(count):
        event = EventFactory(owner=user, starts_at=at(20, 20))
        OriginFactory(contact=ContactFactory(owner=user), event=event)

    with django_assert_num_queries(4):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(client, user, count, django_assert_num_queries):
    event = EventFactory(owner=user, starts_at=at(20, 20))
    for _ in range(count):
        contact = ContactFactory(owner=user)
        OriginFactory(contact=contact, event=event)
        InteractionFactory(owner=user, event=event, with_contacts=[contact])

    with django_assert_num_queries(17):
        client.get(event.get_absolute_url())


def test_an_interaction_begins_with_its_event(client, user):
    event = EventFactory(
        owner=user, name="Mixer", starts_at=at(20, 23, 30), time_zone="Europe/Berlin"
    )

    form = client.get(f"/interactions/add/?event={event.pk}").context["form"]

    assert [form[name].value() for name in ("event", "kind", "on")] == [
        "Mixer",
        "event",
        "21 Nov 2026",
    ]


def test_of_several_mixers_the_page_asks_which(client, user):
    maya = ContactFactory(owner=user)
    first = EventFactory(owner=user, name="Mixer", starts_at=at(1, 20), city="Boston")
    EventFactory(owner=user, name="Mixer", starts_at=at(8, 20))
    url = reverse("origin_edit", args=[maya.pk])
    said = {"how": "event", "event": "Mixer"}

    asked = client.post(url, said)

    field = asked.context["form"]["event"].field
    assert [one.hint for one in field.widget.candidates] == [
        "8 Nov 2026",
        "1 Nov 2026, Boston",
    ]
    client.post(url, said | {"event-choice": str(first.pk), "event-asked": "Mixer"})
    assert Origin.objects.get(contact=maya).event == first


def test_deleting_leaves_the_name_and_can_be_undone(client, user):
    event = EventFactory(owner=user, name="Mixer", notes="Loud", starts_at=at(20, 20))
    maya, tom = ContactFactory.create_batch(2, owner=user)
    origin = OriginFactory(contact=maya, how="event", event=event)
    interaction = InteractionFactory(owner=user, event=event, with_contacts=[tom])

    response = client.post(reverse("event_delete", args=[event.pk]), follow=True)
    (message,) = response.context["messages"]
    page = client.get(maya.get_absolute_url()).text
    without = (
        Origin.objects.values_list("event", "event_name").get(),
        Interaction.objects.values_list("event", "event_name").get(),
    )
    client.post(message.extra_tags)

    assert without == ((None, "Mixer"), (None, "Mixer"))
    assert "met at Mixer" in page
    back = user.events.get()
    assert (back.pk, back.notes, back.starts_at) == (event.pk, "Loud", at(20, 20))
    assert Origin.objects.get(pk=origin.pk).event == back
    assert Interaction.objects.get(pk=interaction.pk).event == back


def test_a_deleted_event_is_not_made_anew_by_saving(client, user):
    event = EventFactory(owner=user, name="Mixer")
    maya = ContactFactory(owner=user)
    origin = OriginFactory(contact=maya, how="event", event=event)
    event.delete()
    origin.refresh_from_db()

    client.post(
        reverse("origin_edit", args=[maya.pk]),
        {"how": "event", "event": "Mixer", "seen_at": origin.updated_at.isoformat()},
    )

    origin.refresh_from_db()
    assert (origin.event, origin.event_name) == (None, "Mixer")
    assert not user.events.exists()


def test_a_new_name_is_the_name_wherever_it_stands(client, user, stranger):
    event = EventFactory(owner=user, name="Mixer")
    theirs = OriginFactory(
        contact=ContactFactory(owner=stranger),
        event=EventFactory(owner=stranger, name="Mixer"),
    )
    maya = ContactFactory(owner=user)
    OriginFactory(contact=maya, how="event", event=event)
    InteractionFactory(owner=user, kind="event", event=event, with_contacts=[maya])

    save(client, event, name="Winter mixer")

    page = client.get(maya.get_absolute_url())
    assert page.context["chain"].first[0].event_name == "Winter mixer"
    assert page.context["track"][3].what == "Winter mixer"
    assert user.interactions.get().event_name == "Winter mixer"
    theirs.refresh_from_db()
    assert theirs.event_name == "Mixer"


def test_an_event_that_was_online_moves_what_began_there(client, user):
    event = EventFactory(owner=user, name="Mixer")
    maya, tom, noor = ContactFactory.create_batch(3, owner=user)
    origin = OriginFactory(contact=maya, how="event", event=event)
    chosen = OriginFactory(contact=noor, how="event", event=event, in_person=False)
    evening = InteractionFactory(owner=user, event=event, with_contacts=[tom])
    call = InteractionFactory(
        owner=user, kind="call", event=event, with_contacts=[noor], in_person=True
    )

    def now():
        for row in (origin, chosen, evening, call, maya, tom):
            row.refresh_from_db()
        rows = (origin, chosen, evening, call)
        return [row.in_person for row in rows], [maya.stage, tom.stage]

    before = now()
    save(client, event, is_online="on")

    assert before == ([True, False, True, True], [Stage.MET, Stage.MET])
    assert now() == ([False, False, False, True], [Stage.NOTICED, Stage.SPOKE])


def test_two_tabs_the_second_is_told(client, user):
    event = EventFactory(owner=user, name="Mixer")
    both = shown(client, event)
    url = reverse("event_edit", args=[event.pk])

    client.post(url, both | {"notes": "First."})
    second = client.post(url, both | {"notes": "Second."})

    assert "changed somewhere else" in str(second.context["form"].non_field_errors())
    event.refresh_from_db()
    assert event.notes == "First."


def test_strangers_see_and_touch_nothing(client, stranger):
    theirs = EventFactory(owner=stranger, name="Mallory’s mixer")

    for name in ("event_detail", "event_edit"):
        assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
    for name in ("event_edit", "event_delete"):
        assert client.post(reverse(name, args=[theirs.pk])).status_code == 404
    assert client.get("/events/options/", {"event": "mall"}).text.strip() == ""
    form = client.get(f"/interactions/add/?event={theirs.pk}").context["form"]
    assert form["event"].value() == ""
    assert Event.objects.filter(pk=theirs.pk).exists()
