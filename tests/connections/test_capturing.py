"""Whom I just met is written down once, with all that was said."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connections.capturing import nearby
from contacts.models import Contact, Stage
from contacts.purging import purge
from events.models import Capture
from networkcrm.owned import uuid7
from tests.factories import (
    AttendanceFactory,
    CaptureFactory,
    ContactFactory,
    EventFactory,
    FactFactory,
)
from tests.one_of_each import a_picture

NOW = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
JSON = {"accept": "application/json"}


@pytest.fixture
def mixer(user):
    now = timezone.now()
    return EventFactory(
        owner=user,
        name="Boston Nonprofit Mixer",
        starts_at=now - timedelta(minutes=30),
        ends_at=now + timedelta(hours=2),
        goal_people=3,
    )


@pytest.fixture
def send(client):
    """Send as the outbox of a phone does, and get its answer."""

    def send(**sent):
        response = client.post(
            reverse("capture"), {"id": str(uuid7())} | sent, headers=JSON
        )
        return response.status_code, response.json()

    return send


def test_one_line_becomes_a_contact_with_all_of_it(client, user, mixer):
    ben = ContactFactory(owner=user, full_name="Ben Katz")
    AttendanceFactory(event=mixer, contact=ben)
    line = (
        "Ana Ruiz, Acme, ana@example.org, +1 617 555 0137, linkedin.com/in/ana-ruiz,"
        " via Ben, needs a designer, offers grants, promised to send the deck,"
        " #water, tired of reporting"
    )

    page = client.post(reverse("capture"), {"text": line, "event": mixer.pk})

    ana = user.contacts.get(full_name="Ana Ruiz")
    assert page.url == f"{reverse('capture')}?event={mixer.pk}"
    assert str(ana.organization) == "Acme"
    assert ana.about == "tired of reporting"
    assert ana.stage == Stage.MET
    assert (ana.origin.how, ana.origin.introducer, ana.origin.event) == (
        "introduction",
        ben,
        mixer,
    )
    methods = ana.methods.order_by("position")
    assert [(m.kind, m.service, m.normalized) for m in methods] == [
        ("email", "", "ana@example.org"),
        ("phone", "", "+16175550137"),
        ("handle", "linkedin", "ana-ruiz"),
    ]  # fmt: skip
    assert {(f.kind, f.text) for f in ana.facts.all()} == {
        ("need", "a designer"),
        ("offer", "grants"),
    }
    assert [str(row.tag) for row in ana.contact_tags.with_tags()] == ["water"]
    assert ana.attendances.get().state == "met"
    promise = ana.follow_ups.get()
    assert (promise.title, promise.event) == ("Send the deck", mixer)
    assert promise.due_on == timezone.localdate() + timedelta(days=2)
    assert user.captures.get().text == line


def test_the_second_sending_answers_like_the_first(send, user):
    sent = {"id": str(uuid7()), "text": "Mo"}

    first, second = send(**sent), send(**sent)

    assert first == second
    assert first[1]["state"] == "saved"
    assert user.contacts.others().count() == 1
    mo = user.contacts.get(full_name="Mo")
    assert str(user.captures.get().pk) == str(mo.pk) == sent["id"]


@pytest.mark.parametrize("what", ["undone", "trashed", "merged", "purged"])
def test_a_late_second_sending_makes_nobody_again(client, send, user, what):
    sent = {"id": str(uuid7()), "text": "Mo"}
    send(**sent)
    mo = user.contacts.get(full_name="Mo")
    if what == "undone":
        client.post(reverse("capture_undo", args=[mo.pk]))
    elif what == "trashed":
        mo.trash()
    elif what == "merged":
        other = ContactFactory(owner=user, full_name="Mohammed")
        user.captures.update(contact=other)
        purge(user, [mo.pk])
    else:
        purge(user, [mo.pk])
    before = list(user.contacts.values())

    status, answer = send(**sent)

    assert (status, answer["state"]) == (200, "saved")
    assert list(user.contacts.values()) == before


@pytest.mark.parametrize("taken", ["capture", "contact"])
def test_another_owners_id_is_refused_and_tells_nothing(send, user, stranger, taken):
    theirs = ContactFactory(owner=stranger, full_name="Xanthippe")
    row = CaptureFactory(owner=stranger, contact=theirs)
    pk = row.pk if taken == "capture" else theirs.pk

    status, answer = send(id=str(pk), text="Mo", tags="water")

    assert (status, answer["state"]) == (409, "refused")
    assert "Xanthippe" not in answer["reason"]
    assert not user.contacts.others().exists()
    assert not user.tags.exists()


def test_an_id_that_is_a_contact_of_mine_overwrites_nothing(send, user):
    maya = ContactFactory(owner=user, full_name="Maya")

    status, _answer = send(id=str(maya.pk), text="Mo")

    assert status == 409
    assert [c.full_name for c in user.contacts.others()] == ["Maya"]


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"text": ""}, "What is their name"),
        ({"text": "needs a designer"}, "What is their name"),
        ({"text": "Mo", "tags": "x" * 400}, "Tags: "),
        ({"text": "M" * 30_000}, "at most 20000"),
        ({"text": "Mo\0"}, "Null characters"),
        ({"name": "x" * 301}, "Name: "),
    ],
)
def test_what_is_refused_says_why_and_writes_nothing(send, user, sent, reason):
    status, answer = send(**sent)

    assert (status, answer["state"]) == (422, "refused")
    assert reason in answer["reason"]
    assert not user.contacts.others().exists()
    assert not user.captures.exists()


def test_fields_as_corrected_are_not_read_again(send, user):
    send(
        text="Ana Ruiz, Acme, via Ben",
        understood="1",
        name="Ana Ruíz",
        remember="Acme is where she was",
    )

    ana = user.contacts.others().get()
    assert (ana.full_name, ana.organization) == ("Ana Ruíz", None)
    assert ana.about == "Acme is where she was"
    assert ana.origin.introducer_name == ""


def test_without_an_event_we_just_met(send, user):
    send(text="Mo", captured_at="2026-11-20T18:12:00Z")

    mo = user.contacts.others().get()
    assert str(mo.origin.on) == "2026-11-20"
    assert mo.origin.words == "met in person"


def test_a_moment_of_a_wrong_clock_is_ours(send, user):
    for moment in ("2999-01-01T00:00:00Z", "yesterday", "", "2026-02-31T00:00:00Z"):
        send(text="Mo", captured_at=moment)

    for capture in user.captures.all():
        assert abs(capture.captured_at - timezone.now()) < timedelta(minutes=1)


def test_an_event_that_is_gone_is_told_and_the_rest_kept(send, user, stranger):
    for event in (uuid.uuid4(), EventFactory(owner=stranger).pk, "nonsense"):
        status, answer = send(text="Mo", event=str(event))

        assert status == 200
        assert "event is no longer there" in answer["notices"][0]
    assert user.contacts.others().count() == 3


@pytest.mark.parametrize(
    ("typed", "linked"),
    [
        ("Ben", "Ben Katz"),
        ("ben katz", "Ben Katz"),
        ("Maya Lindqvist", "Maya Lindqvist"),
        ("Maya", None),
        ("Nobody", None),
        ("Tom Okafor", None),
    ],
)
def test_people_of_tonight_introduce_first(send, user, mixer, typed, linked):
    AttendanceFactory(
        event=mixer, contact=ContactFactory(owner=user, full_name="Ben Katz")
    )
    for name in ("Ben Ito", "Maya Lindqvist", "Tom Okafor", "Tom Okafor"):
        ContactFactory(owner=user, full_name=name)

    _status, answer = send(text="Mo", introducer=typed, event=str(mixer.pk))

    origin = user.contacts.get(full_name="Mo").origin
    assert origin.introducer_name == (linked or typed)
    assert (origin.introducer and origin.introducer.full_name) == linked
    assert bool(answer["notices"]) == (linked is None)


def test_one_captured_before_introduces_the_next(send, user):
    ben = str(uuid7())
    send(id=ben, text="Ben")

    send(text="Ana", introducer="Ben", introducer_id=ben)

    assert str(user.contacts.get(full_name="Ana").origin.introducer_id) == ben


def test_met_at_an_event_of_mine_by_name(send, user):
    django = EventFactory(owner=user, name="DjangoCon 2026")

    send(text="Ana, met at DjangoCon")
    _status, answer = send(text="Ben, met at PyCon")

    assert user.contacts.get(full_name="Ana").origin.event == django
    assert user.contacts.get(full_name="Ben").origin.event_name == "PyCon"
    assert "no event called PyCon" in answer["notices"][0]


def test_someone_i_know_is_met_and_their_origin_stays(send, user, mixer):
    maya = ContactFactory(owner=user, full_name="Maya")
    wanted = AttendanceFactory(event=mixer, contact=maya, state="wanted")

    send(contact=str(maya.pk), event=str(mixer.pk), remember="new job", needs="a desk")

    wanted.refresh_from_db()
    assert (wanted.state, wanted.note, wanted.was_wanted) == ("met", "new job", True)
    assert user.contacts.others().count() == 1
    assert [f.text for f in maya.facts.all()] == ["a desk"]
    assert not hasattr(maya, "origin")


def test_someone_who_is_gone_becomes_a_new_contact(send, user, stranger):
    theirs = ContactFactory(owner=stranger)

    status, answer = send(contact=str(theirs.pk), name="Maya")

    assert status == 200
    assert "new contact" in answer["notices"][0]
    assert [c.full_name for c in user.contacts.others()] == ["Maya"]


def test_undo_and_undo_of_that(client, user, mixer):
    client.post(reverse("capture"), {"text": "Mo", "event": mixer.pk})
    capture = user.captures.get()

    page = client.post(reverse("capture_undo", args=[capture.pk]), follow=True)

    assert user.contacts.trashed().get().full_name == "Mo"
    assert user.captures.get().undone_at
    assert page.context["captures"].count() == 0
    undo = [m.extra_tags for m in page.context["messages"]][-1]
    client.post(undo)
    assert [c.full_name for c in user.contacts.active()] == ["Mo"]
    assert user.captures.get().undone_at is None


@pytest.mark.parametrize("before", ["wanted", "expected", None])
def test_undo_of_met_is_as_it_was(client, send, user, mixer, before):
    maya = ContactFactory(owner=user, full_name="Maya")
    if before:
        AttendanceFactory(event=mixer, contact=maya, state=before)
    send(contact=str(maya.pk), event=str(mixer.pk))

    client.post(reverse("capture_undo", args=[user.captures.get().pk]))

    states = [row.state for row in maya.attendances.all()]
    assert states == ([before] if before else [])
    maya.refresh_from_db()
    assert maya.trashed_at is None


def test_undo_of_one_who_was_merged_is_refused(client, send, user):
    send(text="Mo")
    other = ContactFactory(owner=user, full_name="Mohammed")
    capture = user.captures.get()
    user.captures.update(contact=other)

    page = client.post(reverse("capture_undo", args=[capture.pk]), follow=True)

    assert "was merged with Mohammed" in page.text
    assert not user.contacts.trashed().exists()


def test_a_card_is_kept_small_and_only_for_me(
    client, user, stranger, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    picture = SimpleUploadedFile("card.png", a_picture((2400, 1200)))
    client.post(reverse("capture"), {"text": "Mo", "picture": picture})
    url = reverse("capture_picture", args=[user.captures.get().pk])

    answer = client.get(url)
    client.force_login(stranger)

    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]
    assert client.get(url).status_code == 404


def test_what_is_no_picture_is_refused_with_a_sentence(send, user):
    status, answer = send(text="Mo", picture=SimpleUploadedFile("x.png", b"nonsense"))

    assert status == 422
    assert "not a picture" in answer["reason"]
    assert not user.contacts.others().exists()


def test_a_failing_part_writes_nothing(client, user, monkeypatch):
    from connections.capturing import saving

    monkeypatch.setattr(saving._Writing, "_write_tags", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        client.post(reverse("capture"), {"text": "Mo, needs tea"})

    assert not user.contacts.others().exists()
    assert not Capture.objects.of(user.pk).exists()


def test_the_outbox_learns_who_is_signed_in(client, user, stranger):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(user)
    token = careful.get(reverse("capture_token")).json()
    sent = {"text": "Mo", "owner": token["owner"]}

    answers = [
        careful.post(reverse("capture"), sent, headers=JSON).status_code,
        careful.post(
            reverse("capture"), sent, headers=JSON | {"X-CSRFToken": token["token"]}
        ).status_code,
        client.post(
            reverse("capture"), sent | {"owner": stranger.pk}, headers=JSON
        ).json(),
    ]

    assert token["owner"] == str(user.pk)
    assert answers == [403, 200, {"state": "login"}]
    assert user.contacts.others().count() == 1


@pytest.mark.parametrize(
    ("starts", "ends", "on"),
    [
        (-30, 60, True),
        (30, 120, True),
        (90, 200, False),
        (-300, -170, True),
        (-300, -190, False),
        (-300, None, True),
        (-600, None, False),
    ],
)
def test_capture_binds_itself_to_the_event_that_is_on(client, user, starts, ends, on):
    with time_machine.travel(NOW, tick=False):
        event = EventFactory(
            owner=user,
            starts_at=NOW + timedelta(minutes=starts),
            ends_at=ends and NOW + timedelta(minutes=ends),
        )
        client.force_login(user)
        page = client.get(reverse("capture"))
        unbound = client.get(reverse("capture"), {"event": "none"})

    assert page.context["event"] == (event if on else None)
    assert unbound.context["event"] is None


def test_of_two_that_are_on_it_is_the_one_that_began_last(user):
    now = timezone.now()
    fair, dinner, later = (
        EventFactory(owner=user, starts_at=now + timedelta(hours=hours))
        for hours in (-3, -1, 0.5)
    )

    assert nearby.on_now([fair, dinner, later]) == dinner


def test_a_cancelled_event_is_not_on(client, user, mixer):
    mixer.cancelled_at = timezone.now()
    mixer.save()

    assert client.get(reverse("capture")).context["event"] is None


def test_text_that_was_shared_stands_in_the_field(client):
    page = client.get(reverse("capture"), {"title": "Ana Ruiz", "url": "x.com/ana"})

    assert page.context["form"]["text"].value() == "Ana Ruiz\nx.com/ana"


def test_tonight_shows_whom_to_look_for_and_whom_i_met(client, user, mixer):
    for name, state in (
        ("Ana", "expected"),
        ("Ben", "wanted"),
        ("Cy", "met"),
        ("Di", "missed"),
    ):
        contact = ContactFactory(owner=user, full_name=name)
        AttendanceFactory(event=mixer, contact=contact, state=state)
    gone = ContactFactory(owner=user, full_name="Gone", trashed_at=timezone.now())
    AttendanceFactory(event=mixer, contact=gone, state="wanted")

    page = client.get(reverse("event_live", args=[mixer.pk]))

    assert [row.contact.full_name for row, _id in page.context["to_come"]] == [
        "Ben",
        "Ana",
    ]
    assert page.context["met"] == 1
    assert "of 3" in page.text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["capture", "event_live"])
def test_costs_the_same_for_three_as_for_one(
    client, user, mixer, django_assert_num_queries, count, name
):
    for _ in range(count):
        CaptureFactory(owner=user, event=mixer, contact=ContactFactory(owner=user))
        AttendanceFactory(
            event=mixer, contact=ContactFactory(owner=user), state="wanted"
        )
        FactFactory(contact=ContactFactory(owner=user))
    url = reverse(name, args=[mixer.pk] if name == "event_live" else [])
    client.get(url)

    with django_assert_num_queries({"capture": 9, "event_live": 10}[name]):
        client.get(url)


def test_saving_costs_what_it_costs(client, user, mixer, django_assert_max_num_queries):
    for _ in range(20):
        AttendanceFactory(event=mixer, contact=ContactFactory(owner=user))

    with django_assert_max_num_queries(60):
        client.post(reverse("capture"), {"text": "Mo, via Ben", "event": mixer.pk})

    assert Contact.objects.of(user.pk).filter(full_name="Mo").exists()


def test_the_name_of_someone_expected_is_that_one(send, user, stranger, mixer):
    ben = ContactFactory(owner=user, full_name="Ben Katz")
    expected = AttendanceFactory(event=mixer, contact=ben)
    AttendanceFactory(event=mixer, contact=ContactFactory(owner=user, full_name="Mo"))

    _status, answer = send(text="ben katz, needs a desk", event=str(mixer.pk))
    send(text="Mo", event=str(mixer.pk))
    send(text="Ben Katz")

    expected.refresh_from_db()
    assert expected.state == "met"
    assert "on tonight's list" in answer["notices"][0]
    assert [f.text for f in ben.facts.all()] == ["a desk"]
    names = sorted(contact.full_name for contact in user.contacts.others())
    assert names == ["Ben Katz", "Ben Katz", "Mo", "Mo"]


def test_of_someone_deleted_for_ever_no_word_stays_in_the_capture(user):
    mo = ContactFactory(owner=user, full_name="Mo Farah")
    capture = CaptureFactory(
        owner=user, contact=mo, text="Mo, +1 617 555 0137", fields={"name": "Mo"}
    )
    capture.picture.save("card.png", SimpleUploadedFile("card.png", a_picture()))

    purge(user, [mo.pk])

    capture.refresh_from_db()
    said = (capture.text, capture.fields, capture.contact_name, capture.picture.name)
    assert said == ("", {}, "", "")
    assert capture.contact is None
