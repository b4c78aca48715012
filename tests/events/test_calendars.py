"""Calendar files: read however they are written, brought in once, and taken back."""

import json
import time
from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from events.calendars import bringing, reading
from events.models import Event
from networkcrm import undo
from tests.events.test_people_there import undo_last
from tests.factories import AttendanceFactory, EventFactory
from tests.owner_watch import owner_watch

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOME = ZoneInfo("America/New_York")


@pytest.fixture
def user(user):
    user.time_zone = "America/New_York"
    user.save()
    return user


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def event(*more, uid="one", start="DTSTART:20261201T190000Z", name="Mixer"):
    return "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{name}", start, *more, "END:VEVENT"]
    )


def calendar(*events):
    return "\r\n".join(["BEGIN:VCALENDAR", *events, "END:VCALENDAR", ""])


def read(*events):
    return reading.read(calendar(*events).encode(), HOME, NOW, ["ada@example.org"])


def one(*more, **said):
    (found,) = read(event(*more, **said)).happenings
    return found


def bring(client, text):
    """Post the text, look, and say yes."""
    answer = client.post(reverse("event_import"), {"text": text})
    look = client.get(answer.url)
    client.post(reverse("event_import"), {"look": look.context["token"]})
    return look


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "moment", "zone"),
    [
        ("DTSTART:20261201T190000Z", utc(2026, 12, 1, 19), ""),
        ("DTSTART:20261201T190000", utc(2026, 12, 2, 0), ""),
        (
            "DTSTART;TZID=Europe/Berlin:20261201T190000",
            utc(2026, 12, 1, 18),
            "Europe/Berlin",
        ),
        (
            "DTSTART;TZID=W. Europe Standard Time:20260701T190000",
            utc(2026, 7, 1, 17),
            "Europe/Berlin",
        ),
        (
            "DTSTART;TZID=/mozilla.org/20071231_1/Asia/Tokyo:20261201T190000",
            utc(2026, 12, 1, 10),
            "Asia/Tokyo",
        ),
        (
            'DTSTART;TZID="america/argentina/buenos_aires":20261201T190000',
            utc(2026, 12, 1, 22),
            "America/Argentina/Buenos_Aires",
        ),
        (
            'DTSTART;TZID="(UTC+05:00) Islamabad":20261201T190000',
            utc(2026, 12, 1, 14),
            "Etc/GMT-5",
        ),
    ],
)
def test_a_time_zone_whatever_it_is_called(start, moment, zone):
    found = one(start=start)

    assert (found.starts_at, found.time_zone) == (moment, zone)


def test_a_zone_nobody_knows_is_told():
    found = read(event(start="DTSTART;TZID=Narnia:20261201T190000"))

    assert found.happenings[0].starts_at == utc(2026, 12, 2, 0)
    assert found.remarks == [
        "Nobody knows the time zone “Narnia”: its times are taken as those of"
        " America/New_York."
    ]


def test_a_zone_that_says_in_its_file_where_it_is():
    zone = "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            "TZID:Custom 1",
            "X-LIC-LOCATION:Europe/Oslo",
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            "END:STANDARD",
            "END:VTIMEZONE",
        ]
    )

    found = read(zone, event(start="DTSTART;TZID=Custom 1:20261201T190000"))

    assert found.happenings[0].time_zone == "Europe/Oslo"
    assert found.remarks == []


@pytest.mark.parametrize(
    ("end", "moment"),
    [
        ("DTEND:20261201T213000Z", utc(2026, 12, 1, 21, 30)),
        ("DTEND:20261202T013000Z", utc(2026, 12, 2, 1, 30)),
        ("DTEND;TZID=Europe/Berlin:20261201T233000", utc(2026, 12, 1, 22, 30)),
        ("DURATION:PT2H30M", utc(2026, 12, 1, 21, 30)),
        ("DURATION:P1DT1H", utc(2026, 12, 2, 20)),
        ("DURATION:sometime", None),
        ("X-NOTHING:1", None),
    ],
)
def test_an_end_or_a_duration(end, moment):
    assert one(end).ends_at == moment


def test_whole_days_are_the_owners_days():
    found = one("DTEND;VALUE=DATE:20261203", start="DTSTART;VALUE=DATE:20261201")

    assert found.is_all_day
    assert (found.starts_at, found.ends_at) == (
        utc(2026, 12, 1, 5),
        utc(2026, 12, 3, 5),
    )


def test_lines_are_put_together_also_where_the_space_is_missing():
    found = one(
        "DESCRIPTION:Bring\\, please\\n two car",
        "ds and",
        "  a friend",
        "BEGIN:VALARM",
        "DESCRIPTION:Wake up",
        "END:VALARM",
    )

    assert found.notes == "Bring, please\ntwo cards and a friend"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    raw = calendar(event(name="Café Müller")).encode(encoding)

    (found,) = reading.read(raw, HOME, NOW).happenings

    assert found.name == "Café Müller"


def test_what_comes_again_stays_at_its_hour_when_the_clocks_change():
    found = read(
        event(
            "DTEND;TZID=Europe/Berlin:20261015T210000",
            "RRULE:FREQ=WEEKLY;COUNT=4",
            start="DTSTART;TZID=Europe/Berlin:20261015T190000",
        )
    )

    assert [(h.uid, h.starts_at.hour, h.ends_at.hour) for h in found.happenings] == [
        ("one#2026-10-15T19:00:00", 17, 19),
        ("one#2026-10-22T19:00:00", 17, 19),
        ("one#2026-10-29T19:00:00", 18, 20),
        ("one#2026-11-05T19:00:00", 18, 20),
    ]
    assert {h.series for h in found.happenings} == {"Mixer"}


def test_days_left_out_moved_and_cancelled():
    found = read(
        event(
            "RRULE:FREQ=WEEKLY;UNTIL=20261222T230000Z",
            # In UTC, as some programs write what is in another zone.
            "EXDATE:20261208T180000Z",
            start="DTSTART;TZID=Europe/Berlin:20261201T190000",
        ),
        event(
            "RECURRENCE-ID;TZID=Europe/Berlin:20261215T190000",
            start="DTSTART;TZID=Europe/Berlin:20261216T200000",
            name="Mixer, a day later",
        ),
        event(
            "RECURRENCE-ID;TZID=Europe/Berlin:20261222T190000",
            "STATUS:CANCELLED",
            start="DTSTART;TZID=Europe/Berlin:20261222T190000",
        ),
    )

    assert [(h.uid, h.name, h.cancelled) for h in found.happenings] == [
        ("one#2026-12-01T19:00:00", "Mixer", False),
        ("one#2026-12-15T19:00:00", "Mixer, a day later", False),
        ("one#2026-12-22T19:00:00", "Mixer", True),
    ]
    assert found.happenings[1].starts_at == utc(2026, 12, 16, 19)


def test_a_daily_series_is_bounded():
    found = read(event("RRULE:FREQ=DAILY", start="DTSTART:20200101T190000Z"))

    first, last = found.happenings[0], found.happenings[-1]
    assert len(found.happenings) == reading.MOST_PER_SERIES
    assert NOW - reading.BACK <= first.starts_at < last.starts_at < NOW + reading.AHEAD


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=SECONDLY", "it comes again all day long. Only the first is taken."),
        ("FREQ=DAILY;BYMINUTE=1,2,3,4,5", "it comes again all day long."),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "does not exist."),
        ("FREQ=WEEKLY;BYDAY=XX", "nobody understands when it comes again."),
        ("FREQ=SOMETIMES", "nobody understands when it comes again."),
    ],
)
def test_a_rule_nobody_can_follow_gives_the_first_and_a_sentence(rule, said):
    found = read(event(f"RRULE:{rule}"))

    (unread,) = found.unread
    assert said in unread.reason
    assert [h.uid for h in found.happenings] == ["one"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (event("DTEND:20261201T180000Z"), "“Mixer”: it ends before it starts."),
        (event(start="DTSTART:99991231T235959Z"), "“Mixer”: its date is too far away."),
        (event(start="DTSTART:soon"), "“Mixer”: it does not say when it is."),
        (event(start="LOCATION:Here"), "“Mixer”: it does not say when it is."),
        (
            event(start="DTSTART:20261340T250000"),
            "“Mixer”: it does not say when it is.",
        ),
    ],
)
def test_an_event_that_cannot_be_says_why_and_the_others_come(text, said):
    found = read(text, event(uid="two", name="Dinner"))

    assert [one.reason for one in found.unread] == [said]
    assert [h.name for h in found.happenings] == ["Dinner"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://example.org/basic.ics", "Nothing is fetched from here"),
        ("webcal://example.org/basic.ics", "Nothing is fetched from here"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", "There is no event in this calendar."),
        ("<html><body>Log in</body></html>", "This is a web page"),
        ("Dear Ana,", "This is no calendar file."),
        ("", "Choose a file, or paste its text."),
    ],
)
def test_what_is_no_calendar_is_refused_with_a_sentence(client, text, said):
    response = client.post(reverse("event_import"), {"text": text})

    assert response.status_code == 422
    assert said in response.text
    assert not Event.objects.exists()


def test_ten_megabytes_and_thousands_of_events_take_a_bounded_time():
    events = [event(f"DESCRIPTION:{'x' * 1900}", uid=str(n)) for n in range(5000)]
    raw = calendar(*events, event("RRULE:FREQ=SECONDLY", uid="z")).encode()

    start = time.process_time()
    found = reading.read(raw, HOME, NOW)
    took = time.process_time() - start

    assert 9_000_000 < len(raw) < reading.MAX_BYTES
    assert len(found.happenings) == reading.MOST_EVENTS
    assert found.remarks[0].startswith("The first 2,000 events were read, of 5,001.")
    assert took < 20


def test_nothing_is_written_before_i_have_looked(client, user):
    answer = client.post(reverse("event_import"), {"text": calendar(event())})

    look = client.get(answer.url)

    assert [(p.name, p.state) for p in look.context["page"]] == [("Mixer", "new")]
    assert not user.events.exists()


def test_events_come_in_with_their_guests(client, user):
    bring(
        client,
        calendar(
            event(
                "DTEND:20261201T210000Z",
                "LOCATION:Café Lauter",
                "URL:https://example.org/mixer",
                "DESCRIPTION:Bring cards",
                "ORGANIZER;CN=Ana Ruiz:mailto:ana@example.org",
                'ATTENDEE;CN="Katz, Ben";PARTSTAT=ACCEPTED:mailto:ben@example.org',
                "ATTENDEE;PARTSTAT=DECLINED;CN=Cy:mailto:cy@example.org",
                "ATTENDEE;CUTYPE=ROOM;CN=Room 1:mailto:room@example.org",
                f"ATTENDEE;CN=Me:MAILTO:{user.email.upper()}",
            )
        ),
    )

    found = user.events.get()
    assert (found.name, found.uid, found.place) == ("Mixer", "one", "Café Lauter")
    assert (found.url, found.notes) == ("https://example.org/mixer", "Bring cards")
    assert [(g.name, g.email) for g in found.guests.order_by("number")] == [
        ("Ana Ruiz", "ana@example.org"),
        ("Ben Katz", "ben@example.org"),
    ]
    assert user.events.search("lauter").exists()


def test_the_same_file_again_writes_nothing(client, user):
    text = calendar(
        event("ATTENDEE;CN=Ana:mailto:ana@example.org"),
        event("RRULE:FREQ=WEEKLY;COUNT=3", uid="two"),
    )
    bring(client, text)
    before = list(Event.objects.order_by("pk").values())

    look = bring(client, text)

    assert {p.state for p in look.context["plan"].planned} == {"same"}
    assert list(Event.objects.order_by("pk").values()) == before
    assert len(before) == 4


def test_only_what_the_file_changed_is_changed(client, user):
    bring(client, calendar(event("LOCATION:Here", "DESCRIPTION:Theirs")))
    mine = user.events.get()
    mine.name, mine.notes, mine.debrief, mine.worth = "My evening", "Mine", "Loud", 4
    mine.save()
    moved = event("LOCATION:There", "DESCRIPTION:New", start="DTSTART:20261202T190000Z")

    look = bring(client, calendar(moved))

    mine.refresh_from_db()
    (planned,) = look.context["plan"].planned
    assert (planned.state, planned.changes) == ("changed", ["starts_at", "place"])
    assert (mine.starts_at, mine.place) == (utc(2026, 12, 2, 19), "There")
    assert (mine.name, mine.notes, mine.debrief, mine.worth) == (
        "My evening",
        "Mine",
        "Loud",
        4,
    )


def test_cancelled_stays_and_says_so(client, user):
    bring(client, calendar(event()))

    bring(client, calendar(event("STATUS:CANCELLED", "SEQUENCE:2")))
    cancelled = user.events.get().cancelled_at
    bring(client, calendar(event("SEQUENCE:3")))

    assert cancelled == NOW
    assert user.events.get().cancelled_at is None


def test_a_day_left_out_since_is_cancelled(client, user):
    weekly = ("RRULE:FREQ=WEEKLY;COUNT=3",)
    bring(client, calendar(event(*weekly)))

    bring(client, calendar(event(*weekly, "EXDATE:20261208T190000Z")))

    found = user.events.order_by("starts_at")
    assert [one.cancelled_at is None for one in found] == [True, False, True]


def test_the_whole_calendar_is_taken_back(client, user):
    bring(client, calendar(event(), event(uid="old", name="Dinner")))
    renamed = event(uid="old", name="Supper")
    bring(client, calendar(renamed, event(uid="three"), event(uid="four", name="Fair")))
    AttendanceFactory(event=user.events.get(uid="three"))

    undo_last(client)

    assert set(user.events.values_list("uid", "name")) == {
        ("one", "Mixer"),
        ("old", "Dinner"),
        # Someone was put on its list since.
        ("three", "Mixer"),
    }


def test_two_clicks_write_once(client, user):
    answer = client.post(reverse("event_import"), {"text": calendar(event())})
    token = client.get(answer.url).context["token"]

    for _ in range(2):
        client.post(reverse("event_import"), {"look": token})

    assert user.events.count() == 1


@pytest.mark.parametrize("token", ["\0", "é", "x" * 10_000])
def test_a_made_up_token_opens_nothing(client, token):
    response = client.get(reverse("event_import"), {"look": token})

    assert "too long ago" in response.text


def test_no_one_else_sees_what_i_look_at(client, user, stranger):
    answer = client.post(reverse("event_import"), {"text": calendar(event())})
    client.force_login(stranger)

    page = client.get(answer.url)
    client.post(reverse("event_import"), {"look": answer.url.partition("=")[2]})

    assert "plan" not in page.context
    assert not Event.objects.exists()


def test_a_strangers_uid_is_another_event(client, user, stranger):
    theirs = EventFactory(owner=stranger, uid="one", name="Theirs")

    bring(client, calendar(event()))

    theirs.refresh_from_db()
    assert theirs.name == "Theirs"
    assert user.events.get().uid == "one"


def test_every_statement_names_the_owner(user):
    text = (event("ATTENDEE;CN=Ana:mailto:ana@example.org"), event(uid="two"))
    changed = (event("LOCATION:There"), event("RRULE:FREQ=WEEKLY;COUNT=3", uid="two"))

    with owner_watch(user) as wrong:
        bringing.bring(user, read(*text))
        _plan, url = bringing.bring(user, read(*changed))
        undo.spend(user, url.split("/")[-2])

    assert wrong == []


def test_the_plan_costs_the_same(user, django_assert_num_queries):
    for count in (1, 3):
        found = read(*[event(uid=f"{count}-{n}") for n in range(count)])
        bringing.bring(user, found)

        with django_assert_num_queries(1):
            bringing.plan(user, found)


def test_the_command_says_what_it_did(user, tmp_path):
    file = tmp_path / "my.ics"
    bad = event("DTEND:20261101T180000Z", uid="bad")
    file.write_text(calendar(event(), event(uid="two"), bad))
    answers = []

    for options in ({"dry_run": True}, {}, {}):
        out = StringIO()
        call_command(
            "import_events",
            file,
            owner=user.email,
            stdout=out,
            stderr=StringIO(),
            **options,
        )
        answers.append(json.loads(out.getvalue()))

    counts = ("read", "created", "updated", "skipped", "failed")
    assert [tuple(answer[name] for name in counts) for answer in answers] == [
        (3, 2, 0, 0, 1),
        (3, 2, 0, 0, 1),
        (3, 0, 0, 2, 1),
    ]
    assert [bool(answer["undo"]) for answer in answers] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [("nothing", "This is no calendar file."), (None, "cannot be read")],
)
def test_the_command_fails_with_a_sentence(user, tmp_path, text, said):
    file = tmp_path / "my.ics"
    if text:
        file.write_text(text)

    with pytest.raises(CommandError, match=said):
        call_command("import_events", file, owner=user.email)
