"""The inbox of my card: keep, attach to whom I know, dismiss; and take that back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.purging import purge
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    CardLinkFactory,
    CardNoteFactory,
    ContactFactory,
    ContactMethodFactory,
    EventFactory,
)


@pytest.fixture
def event(user):
    return EventFactory(
        owner=user, name="Mixer", starts_at=timezone.now() - timedelta(hours=1)
    )


@pytest.fixture
def note(user, event):
    return CardNoteFactory(
        link=CardLinkFactory(owner=user, event=event),
        event=event,
        name="Ben Katz",
        reach="ben@example.org, +49 221 5550137, https://github.com/benk",
        words="We talked about candles.",
    )


def act(client, name, note, **sent):
    """The address that takes it back."""
    answer = client.post(reverse(name, args=[note.pk]), sent, follow=True)
    *_, message = answer.context["messages"]
    return message.extra_tags


def test_kept_is_met_at_the_event(client, user, event, note):
    act(client, "card_note_keep", note)

    ben = user.contacts.others().get()
    note.refresh_from_db()
    assert (ben.full_name, ben.about) == ("Ben Katz", "We talked about candles.")
    assert [(m.kind, m.service, m.normalized) for m in ben.methods.order_by("pk")] == [
        ("email", "", "ben@example.org"),
        ("phone", "", "+492215550137"),
        ("handle", "github", "benk"),
    ]
    assert (ben.origin.how, ben.origin.event) == ("event", event)
    assert event.attendances.get(contact=ben).state == "met"
    assert (note.state, note.contact) == ("kept", ben)


def test_kept_without_an_event_was_in_person(client, user):
    note = CardNoteFactory(link=CardLinkFactory(owner=user))

    act(client, "card_note_keep", note)

    origin = user.origins.get()
    assert (origin.how, origin.in_person, origin.event) == ("other", True, None)
    assert origin.on == PartialDate.of(timezone.localdate(timezone=user.tz))


def test_a_second_click_keeps_once(client, user, note):
    url = reverse("card_note_keep", args=[note.pk])

    client.post(url)
    client.post(url)

    assert user.contacts.others().count() == 1


def test_keeping_can_be_taken_back_and_done_again(client, user, event, note):
    undo = act(client, "card_note_keep", note)

    client.post(undo)
    note.refresh_from_db()
    after = (note.state, note.contact, user.contacts.active().count())
    act(client, "card_note_keep", note)

    assert after == ("new", None, 0)
    assert user.contacts.active().get().full_name == "Ben Katz"


def test_what_is_not_understood_is_kept_in_words(client, user):
    reach = "ask for Ben at the bakery, table 4"
    note = CardNoteFactory(link=CardLinkFactory(owner=user), reach=reach, words="Hi")

    act(client, "card_note_keep", note)

    ben = user.contacts.others().get()
    assert ben.about == f"Hi\n\n{reach}"
    assert not ben.methods.exists()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", "BEN@example.org"), ("phone", "0049 221 5550137")],
)
def test_whom_i_know_is_offered_and_attached(client, user, event, note, kind, value):
    user.phone_region = "DE"
    user.save()
    ben = ContactFactory(owner=user, full_name="Benjamin K.")
    ContactMethodFactory(contact=ben, kind=kind, value=value)

    (offered,) = client.get(reverse("card_note_list")).context["notes"]
    undo = act(client, "card_note_keep", note, contact=ben.pk)

    ben.refresh_from_db()
    assert offered == (note, ben)
    assert user.contacts.others().get() == ben
    assert ben.methods.count() == 3
    assert event.attendances.get(contact=ben).note == "We talked about candles."

    client.post(undo)
    assert not event.attendances.exists()
    assert user.contacts.active().get() == ben


def test_a_stranger_is_neither_offered_nor_attached(client, user, stranger, note):
    theirs = ContactFactory(owner=stranger)
    ContactMethodFactory(contact=theirs, value="ben@example.org")

    (offered,) = client.get(reverse("card_note_list")).context["notes"]
    client.post(reverse("card_note_keep", args=[note.pk]), {"contact": theirs.pk})

    note.refresh_from_db()
    assert offered == (note, None)
    assert (note.state, note.contact) == ("new", None)
    assert not stranger.captures.exists()


def test_dismissed_and_back(client, user, note):
    undo = act(client, "card_note_dismiss", note)

    note.refresh_from_db()
    dismissed = note.state
    client.post(undo)

    note.refresh_from_db()
    assert (dismissed, note.state) == ("dismissed", "new")
    assert not user.contacts.others().exists()


def test_what_is_put_aside_can_be_deleted_and_come_back(client, user, event, note):
    act(client, "card_note_dismiss", note)
    undo = act(client, "card_note_delete", note)

    gone = user.cardnotes.count()
    client.post(undo)

    back = user.cardnotes.get()
    assert gone == 0
    assert (back.pk, back.state, back.event) == (note.pk, "dismissed", event)


def test_what_they_left_goes_with_them_for_ever(client, user, note):
    act(client, "card_note_keep", note)

    purge(user, [user.contacts.others().get().pk])

    assert not user.cardnotes.exists()


def test_each_state_has_its_list(client, user, note):
    link = note.link
    kept = CardNoteFactory(link=link, state="kept", contact=ContactFactory(owner=user))
    gone = CardNoteFactory(link=link, state="dismissed")
    url = reverse("card_note_list")

    lists = [
        [one for one, _known in client.get(f"{url}?state={state}").context["notes"]]
        for state in ("", "new", "kept", "dismissed", "nonsense")
    ]

    assert lists == [[note], [note], [kept], [gone], [note]]


def test_what_they_wrote_is_text(client, user):
    bad = "<script>alert(1)</script>"
    CardNoteFactory(link=CardLinkFactory(owner=user), name=bad, reach=bad, words=bad)

    assert bad not in client.get(reverse("card_note_list")).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(client, user, count, django_assert_num_queries):
    for number in range(count):
        known = ContactFactory(owner=user)
        ContactMethodFactory(contact=known, value=f"ben{number}@example.org")
        CardNoteFactory(
            link=CardLinkFactory(owner=user, event=EventFactory(owner=user)),
            event=EventFactory(owner=user),
            reach=f"ben{number}@example.org",
        )

    with django_assert_num_queries(5):
        page = client.get(reverse("card_note_list"))

    assert all(known for _note, known in page.context["notes"])
