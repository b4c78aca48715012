"""What happened since: written down, shown, changed and taken back."""

import pytest
import time_machine
from django.urls import reverse

from connections.models import Interaction
from contacts import purging
from contacts.merging import merge
from contacts.models import Contact
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    ContactFactory,
    EventFactory,
    FactFactory,
    InteractionFactory,
    OriginFactory,
)

ADD = "/interactions/add/"


def page(interaction):
    return reverse("interaction_edit", args=[interaction.pk])


def shown(interaction, **changes):
    """What the browser sends for this interaction, all fields of the page."""
    return {
        "kind": interaction.kind,
        "in_person": "",
        "platform": interaction.platform,
        "on": interaction.on.words if interaction.on else "",
        "at": "",
        "started_by": interaction.started_by,
        "title": interaction.title,
        "text": interaction.text,
        "event": interaction.event_name,
        "url": interaction.url,
        "contact": [str(one.pk) for one in interaction.people],
        "seen_at": interaction.updated_at.isoformat(),
    } | changes


def people_of(interaction):
    return [one.full_name for one in Interaction.objects.get(pk=interaction.pk).people]


def test_one_line_on_the_contacts_page(client, maya):
    with time_machine.travel("2026-11-22T12:00:00Z"):
        url = f"{maya.get_absolute_url()}"
        today = client.get(url).context["today"]
        response = client.post(
            ADD,
            {
                "contact": maya.pk,
                "from": maya.pk,
                "kind": "coffee",
                "on": today.words,
                "text": "She looks for a first retail buyer.",
            },
        )

    interaction = Interaction.objects.get()
    assert response.url == f"{maya.get_absolute_url()}#since-then"
    assert (interaction.kind, interaction.on, interaction.in_person) == (
        "coffee",
        PartialDate(2026, 11, 22),
        True,
    )
    assert people_of(interaction) == ["Maya Lindqvist"]
    maya.refresh_from_db()
    assert maya.get_stage_display() == "met"


def test_today_is_the_owners(client, user, maya):
    user.time_zone = "Pacific/Auckland"
    user.save()

    with time_machine.travel("2026-11-22T12:00:00Z"):  # 23 November in Auckland
        page = client.get(maya.get_absolute_url())
        form = client.get(ADD).context["form"]

    assert page.context["today"] == PartialDate(2026, 11, 23)
    assert form["on"].value() == "23 Nov 2026"


def test_the_line_grows_into_the_page_with_what_was_typed(client, maya):
    response = client.post(
        ADD,
        {"contact": maya.pk, "kind": "call", "on": "??", "text": "Hm", "more": "1"},
    )

    form = response.context["form"]
    assert (form["text"].value(), form["kind"].value(), form.errors) == (
        "Hm",
        "call",
        {},
    )
    assert form.ticked == {maya.pk}
    assert not Interaction.objects.exists()


def test_several_people_chosen_in_the_list_and_typed(client, maya, tom):
    chosen = client.get(f"{ADD}?contact={maya.pk}&contact={tom.pk}&contact=nonsense")
    assert chosen.context["form"].ticked == {maya.pk, tom.pk}

    client.post(
        ADD,
        {
            "contact": [maya.pk, tom.pk],
            "kind": "meal",
            "on": "Nov 2026",
            "with-0": "Ana Ruiz",
            "with-1": "ana ruiz",
            "with-2": "",
        },
    )

    interaction = Interaction.objects.get()
    assert people_of(interaction) == ["Ana Ruiz", "Maya Lindqvist", "Tom Okafor"]
    assert interaction.on == PartialDate(2026, 11)


def test_one_more_row_without_javascript(client, maya, htmx):
    said = {"contact": maya.pk, "kind": "meal", "with-0": "Tom", "add_row": "1"}

    whole = client.post(ADD, said)
    part = client.post(ADD, said, headers=htmx("section#people"))

    for response in (whole, part):
        rows = response.context["form"].rows
        assert [row.value() and row.value().text for row in rows] == ["Tom", None]
    assert "<h1>" in whole.text
    assert "<h1>" not in part.text
    assert not Interaction.objects.exists()


def test_a_mistyped_name_makes_nobody_before_it_is_asked_about(client, tom):
    said = {"kind": "meal", "on": "yesterday", "with-0": "Tom Okafro"}

    asked = client.post(ADD, said)
    known = tom.owner.contacts.others().count()
    client.post(
        ADD, said | {"with-0-choice": str(tom.pk), "with-0-asked": "Tom Okafro"}
    )

    assert asked.context["form"].errors == {
        "with-0": ["You know nobody called just Tom Okafro. Is it one of these?"]
    }
    assert known == 1
    assert people_of(Interaction.objects.get()) == ["Tom Okafor"]


def test_nobody_is_not_enough(client):
    response = client.post(ADD, {"kind": "coffee", "on": "2026", "with-0": ""})

    assert response.context["form"].errors == {
        "__all__": ["Who was it? Choose or type at least one person."]
    }


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("on", "3 Nov", "Please add the year, even if only roughly."),
        ("at", "half past", "Enter a valid time."),
        ("url", "nonsense", "Enter a valid URL."),
        ("kind", "wedding", "Select a valid choice."),
        ("platform", "myspace", "Select a valid choice."),
        ("title", "x" * 201, "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, maya, field, typed, sentence):
    said = {"contact": maya.pk, "kind": "coffee", "on": "2026", field: typed}

    response = client.post(ADD, said)

    (error,) = response.context["form"].errors[field]
    assert sentence in error
    assert not Interaction.objects.exists()


def test_a_time_needs_its_day(client, maya):
    said = {"contact": maya.pk, "kind": "coffee", "on": "Nov 2026", "at": "09:30"}

    response = client.post(ADD, said)

    assert response.context["form"].errors == {
        "__all__": ["A time needs the whole date."]
    }


def test_a_strangers_contact_cannot_be_added(client, maya, stranger):
    theirs = ContactFactory(owner=stranger)

    response = client.post(ADD, {"contact": [maya.pk, theirs.pk], "kind": "coffee"})

    assert "no longer there" in str(response.context["form"].non_field_errors())
    assert not Interaction.objects.exists()


def test_the_page_changes_all_of_it(client, maya, tom):
    event = EventFactory(owner=maya.owner, name="DjangoCon")
    interaction = InteractionFactory(owner=maya.owner, with_contacts=[maya])

    client.post(
        page(interaction),
        shown(
            interaction,
            kind="call",
            on="3 Nov 2026",
            at="21:15",
            title="Thanked her",
            text="**Candles**",
            started_by="me",
            platform="zoom",
            event="DjangoCon",
            url="https://example.org/1",
            contact=[str(tom.pk)],
        )
        | {"with-0": ""},
    )

    found = Interaction.objects.get()
    assert (found.kind, found.on, found.at.isoformat(), found.in_person) == (
        "call",
        PartialDate(2026, 11, 3),
        "21:15:00",
        False,
    )
    assert (found.title, found.text, found.started_by, found.platform, found.url) == (
        "Thanked her",
        "**Candles**",
        "me",
        "zoom",
        "https://example.org/1",
    )
    assert (found.event, found.event_name) == (event, "DjangoCon")
    # The box of the one who was there before is gone, and that of another came.
    assert people_of(found) == ["Tom Okafor"]


def test_those_who_leave_and_join_are_counted_anew(client, maya, tom):
    interaction = InteractionFactory(owner=maya.owner, with_contacts=[maya])

    client.post(page(interaction), shown(interaction, contact=[str(tom.pk)]))

    stages = {
        one.full_name: one.get_stage_display()
        for one in Contact.objects.filter(pk__in=[maya.pk, tom.pk])
    }
    assert stages == {"Maya Lindqvist": "not yet", "Tom Okafor": "met"}


def test_saving_unchanged_changes_nothing(client, maya, tom):
    tom.trash()
    interaction = InteractionFactory(
        owner=maya.owner, in_person=False, with_contacts=[maya, tom], text="Hm"
    )
    fields = [f.attname for f in Interaction._meta.fields if f.name != "updated_at"]
    before = Interaction.objects.values(*fields).get()

    form = client.get(page(interaction)).context["form"]
    client.post(
        page(interaction), shown(interaction, in_person=form["in_person"].value())
    )

    assert Interaction.objects.values(*fields).get() == before
    assert people_of(interaction) == ["Maya Lindqvist", "Tom Okafor"]


def test_who_was_merged_into_me_stays_in_what_happened(client, user, maya):
    double = ContactFactory(owner=user, full_name="Me at work")
    interaction = InteractionFactory(owner=user, with_contacts=[maya, double])
    me = user.contacts.get(is_me=True)
    merge(user, me.pk, double.pk)

    form = client.get(page(interaction)).context["form"]
    ticked = [str(pk) for pk in form.ticked]
    client.post(page(interaction), shown(interaction, contact=ticked, title="Lunch"))

    interaction.refresh_from_db()
    assert interaction.title == "Lunch"
    assert set(people_of(interaction)) == {"Maya Lindqvist", me.full_name}
    for address in (me.get_absolute_url(), reverse("contact_timeline", args=[me.pk])):
        assert "Lunch" in client.get(address).text
    client.post(ADD, shown(interaction, contact=[str(me.pk), str(maya.pk)]))
    assert user.interactions.count() == 1


def test_two_tabs_the_second_is_told(client, maya):
    interaction = InteractionFactory(owner=maya.owner, with_contacts=[maya])
    both = shown(interaction)

    client.post(page(interaction), both | {"text": "First."})
    second = client.post(page(interaction), both | {"text": "Second."})

    assert "changed somewhere else" in str(second.context["form"].non_field_errors())
    assert Interaction.objects.get().text == "First."


def test_deleting_can_be_undone_with_all_there_was(client, maya, tom):
    interaction = InteractionFactory(
        owner=maya.owner, with_contacts=[maya, tom], text="Candles", title="After class"
    )
    fact = FactFactory(contact=maya, interaction=interaction)
    url = reverse("interaction_delete", args=[interaction.pk])

    response = client.post(url, {"from": tom.pk})
    assert response.url == f"{tom.get_absolute_url()}#since-then"
    assert not Interaction.objects.exists()
    (message,) = client.get(tom.get_absolute_url()).context["messages"]
    client.post(message.extra_tags)

    back = Interaction.objects.get()
    fact.refresh_from_db()
    maya.refresh_from_db()
    assert (back.pk, back.text, back.created_at) == (
        interaction.pk,
        "Candles",
        interaction.created_at,
    )
    assert people_of(back) == ["Maya Lindqvist", "Tom Okafor"]
    assert (fact.interaction, maya.get_stage_display()) == (back, "met")


def test_undoing_without_those_who_were_deleted_for_ever(client, maya, tom):
    interaction = InteractionFactory(owner=maya.owner, with_contacts=[maya, tom])
    response = client.post(
        reverse("interaction_delete", args=[interaction.pk]), follow=True
    )
    (message,) = response.context["messages"]
    maya.trash()
    purging.purge(maya.owner, [maya.pk])

    client.post(message.extra_tags)

    assert people_of(interaction) == ["Tom Okafor"]


def test_newest_first_and_how_you_met_at_the_end(client, maya, tom):
    origin = OriginFactory(contact=maya, how="online", on=PartialDate(2026, 10, 15))
    for kind, on in (("coffee", 2), ("mention", 3), ("email", None)):
        InteractionFactory(
            owner=maya.owner,
            kind=kind,
            on=on and PartialDate(2026, 11, on),
            with_contacts=[maya, tom],
        )

    timeline = client.get(maya.get_absolute_url()).context["timeline"]

    assert [one.kind for one in timeline.interactions] == ["mention", "coffee", "email"]
    assert timeline.origin == origin


def test_what_is_to_come_is_marked_as_planned(client, maya):
    for on in ("2026-11-24", "2026-12", "2026-11", "2026-11-22", None):
        on = on and PartialDate.from_iso(on)
        InteractionFactory(owner=maya.owner, on=on, with_contacts=[maya])

    with time_machine.travel("2026-11-22T12:00:00Z"):
        client.force_login(maya.owner)
        page = client.get(maya.get_absolute_url())
        rows = page.context["timeline"].interactions
        planned = [str(one.on) for one in rows if one.is_planned]

    assert planned == ["2026-12", "2026-11-24"]
    assert page.text.count(">planned<") == 2


@pytest.mark.parametrize(
    ("only", "kinds", "with_origin"),
    [
        ("in_person", ["coffee"], False),
        ("online", ["email"], True),
        ("nonsense", ["email", "coffee"], True),
    ],
)
def test_only_online_or_only_in_person(client, htmx, maya, only, kinds, with_origin):
    OriginFactory(contact=maya, how="online")
    InteractionFactory(owner=maya.owner, kind="coffee", with_contacts=[maya])
    InteractionFactory(owner=maya.owner, kind="email", with_contacts=[maya])

    url = reverse("contact_timeline", args=[maya.pk])
    response = client.get(url, {"only": only}, headers=htmx("section#timeline"))

    timeline = response.context["timeline"]
    assert [one.kind for one in timeline.interactions] == kinds
    assert bool(timeline.origin) == with_origin
    assert "<h1>" not in response.text


def test_earlier_is_shown_on_demand(client, htmx, maya):
    OriginFactory(contact=maya, how="online")
    for day in range(1, 26):
        InteractionFactory(
            owner=maya.owner, on=PartialDate(2026, 10, day), with_contacts=[maya]
        )

    first = client.get(maya.get_absolute_url()).context["timeline"]
    earlier = client.get(first.earlier, headers=htmx("p#earlier"))

    assert (len(first.interactions), first.origin) == (20, None)
    rest = earlier.context["timeline"]
    assert [one.on.day for one in rest.interactions] == [5, 4, 3, 2, 1]
    assert rest.origin
    assert 'class="choices"' not in earlier.text
    assert client.get(first.url, {"page": "x"}).context["timeline"].number == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same(client, maya, tom, count, django_assert_num_queries):
    event = EventFactory(owner=maya.owner)
    for _ in range(count):
        InteractionFactory(owner=maya.owner, event=event, with_contacts=[maya, tom])
    url = reverse("contact_timeline", args=[maya.pk])

    with django_assert_num_queries(8):
        client.get(url)


def test_text_is_cleaned_markdown(client, maya):
    InteractionFactory(
        owner=maya.owner, text="*Hi* <script>x</script>", with_contacts=[maya]
    )

    text = client.get(maya.get_absolute_url()).text

    assert "<em>Hi</em> &lt;script&gt;x&lt;/script&gt;" in text


def test_strangers_see_and_touch_nothing(client, stranger):
    theirs = ContactFactory(owner=stranger)
    interaction = InteractionFactory(owner=stranger, with_contacts=[theirs])

    assert client.get(page(interaction)).status_code == 404
    assert client.post(page(interaction), {"kind": "call"}).status_code == 404
    url = reverse("interaction_delete", args=[interaction.pk])
    assert client.post(url).status_code == 404
    assert client.get(f"{ADD}?contact={theirs.pk}").context["form"].people == []
    assert Interaction.objects.filter(pk=interaction.pk).exists()
