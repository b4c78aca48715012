"""The way of an introduction: each step is dated, shown and undone."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from contacts import purging
from networkcrm.partial_dates import PartialDate
from tests.connections.introductions import (
    LIST,
    record,
)
from tests.connections.pressing import press, said, undo
from tests.factories import (
    ConsentFactory,
    IntroductionFactory,
    OutcomeFactory,
)


def test_each_step_is_dated_shown_and_undone(client, user, maya, tom):
    row = IntroductionFactory(owner=user, a=maya, b=tom)

    with time_machine.travel(datetime(2026, 11, 3, 12, tzinfo=UTC)):
        press(client, row, "make")
    with time_machine.travel(datetime(2026, 11, 9, 12, tzinfo=UTC)):
        response = press(client, row, "meet")
        page = client.get(row.get_absolute_url())
        undo(client, response)

    track = {step.label: step.on for step in page.context["introduction"].track}
    assert track["Made"] == PartialDate(2026, 11, 3)
    assert track["They met"] == PartialDate(2026, 11, 9)
    row.refresh_from_db()
    assert (row.state, row.ask_on.isoformat()) == ("made", "2026-11-17")


def test_made_twice_by_a_double_click_is_made_once(client, user):
    row = IntroductionFactory(owner=user)
    press(client, row, "make")
    made_at = row.made_at

    response = press(client, row, "make")

    assert said(response) == ["That is how it stands already."]
    assert row.made_at == made_at


def test_an_undo_does_not_run_over_what_happened_since(client, user):
    row = IntroductionFactory(owner=user)
    response = press(client, row, "make")
    press(client, row, "meet")

    assert undo(client, response) == [
        "It has moved on since then, so nothing was taken back."
    ]
    row.refresh_from_db()
    assert row.state == "met"


def test_not_yet_asks_again_in_two_weeks(client, user):
    row = IntroductionFactory(owner=user)
    row.make()

    with time_machine.travel(datetime.now(UTC) + timedelta(days=14)):
        due = client.get(reverse("today"))
        assert "Did they meet?" in due.text
        response = press(client, row, "later", **{"from": "today"})
        assert response.redirect_chain[-1][0] == reverse("today")
        assert row.ask_on == timezone.localdate() + timedelta(days=14)
        assert "Did they meet?" not in client.get(reverse("today")).text


def test_deleting_is_undone_with_answers_beginnings_and_outcomes(
    client, user, lena, maya
):
    record(client, with_0="Maya Lindqvist")
    row = user.introductions.get()
    consent = ConsentFactory(introduction=row, party="introducer")
    outcome = OutcomeFactory(owner=user, introduction=row)

    url = reverse("introduction_delete", args=[row.pk])
    response = client.post(url, follow=True)
    origin = user.origins.get()
    assert (user.introductions.count(), origin.introduction) == (0, None)

    undo(client, response)
    back = user.introductions.get()
    outcome.refresh_from_db()
    assert (back.pk, back.consents.get().pk) == (row.pk, consent.pk)
    assert (user.origins.get().introduction, outcome.introduction) == (back, back)


def test_an_undone_deletion_gives_way_to_what_was_written_since(
    client, user, maya, tom
):
    row = IntroductionFactory(owner=user, a=maya, b=tom)
    url = reverse("introduction_delete", args=[row.pk])
    response = client.post(url, follow=True)
    IntroductionFactory(owner=user, a=tom, b=maya)

    assert undo(client, response) == [
        "The same introduction was written down anew since, and that stays."
    ]


def test_names_stay_when_people_go(client, user, maya, tom):
    row = IntroductionFactory(owner=user, a=maya, b=tom)
    maya.trash()
    trashed = client.get(row.get_absolute_url()).text
    refused = press(client, row, "make")
    purging.purge(user, [maya.pk])
    purged = client.get(row.get_absolute_url()).text
    listed = client.get(LIST).text

    assert "Maya Lindqvist is no longer among your people." in trashed
    assert "Maya Lindqvist is no longer among your people." in said(refused)[0]
    assert "Maya Lindqvist and Tom Okafor" in purged
    assert "Maya Lindqvist and Tom Okafor" in listed
    edit = client.get(reverse("introduction_edit", args=[row.pk]))
    assert edit.context["form"]["a"].value() == "Maya Lindqvist"


def test_editing_keeps_the_people_who_were_asked(client, user, maya, tom):
    row = IntroductionFactory(owner=user, a=maya, b=tom)
    url = reverse("introduction_edit", args=[row.pk])
    client.post(url, {"a": "Tom Okafor", "b": "Ana Ruiz", "kind": "email"})
    row.refresh_from_db()
    assert row.b.full_name == "Ana Ruiz"

    row.ask()
    assert "a" not in client.get(url).context["form"].fields
    client.post(url, {"a": "Maya Lindqvist", "kind": "email", "why_a": "New reason"})

    row.refresh_from_db()
    assert (row.a, row.why_a) == (tom, "New reason")
