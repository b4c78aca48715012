"""The mail of the morning: what is in it, what is not, and how it is switched off."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from followups import suggesting
from followups.reminders import digest, mailing, unsubscribing
from tests.factories import (
    AttendanceFactory,
    CircleFactory,
    ContactFactory,
    EventFactory,
    FactFactory,
    FollowUpFactory,
)
from tests.owner_watch import owner_watch

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def morning():
    cache.clear()
    with time_machine.travel(datetime(2026, 11, 22, 7, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def user(user):
    user.time_zone = "Europe/Berlin"
    user.save()
    return user


def parts(message):
    return message.body, message.alternatives[0].content


def lines(owner):
    with timezone.override(owner.tz):
        return [
            (section.title, [(line.text, line.more) for line in section.lines])
            for section in digest.sections_of(owner, TODAY)
        ]


def test_what_a_day_holds(user):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz", birthday="1990-11-22")
    FollowUpFactory(contact=ana, title="Send the list", due_on=date(2026, 11, 18))
    FollowUpFactory(contact=ana, title="Call Ana", due_on=date(2026, 11, 20))
    FollowUpFactory(contact=ana, title="Tomorrow", due_on=date(2026, 11, 23))
    FollowUpFactory(contact=ana, title="Theirs", due_on=TODAY, promised_by="them")
    FollowUpFactory(owner=user, contact=None, title="Write", due_on=TODAY)
    EventFactory(
        owner=user, name="Mixer", starts_at=datetime(2026, 11, 22, 18, tzinfo=UTC)
    )
    over = EventFactory(
        owner=user, name="Dinner", starts_at=datetime(2026, 11, 20, 18, tzinfo=UTC)
    )
    AttendanceFactory(event=over, contact=ana)

    # Which of the reasons to help Ana it is, is suggesting's word.
    ((title, [(name, _reason)]), *rest) = lines(user)
    assert (title, name) == ("Whom to help today", "Ana")
    assert rest == [
        (
            "You promised",
            [
                ("Send the list (Ana)", "4 days late"),
                ("Call Ana", "2 days late"),
                ("Write", "due today"),
            ],
        ),
        ("Today’s event", [("Mixer", "19:00")]),
        ("Birthday", [("Ana", "")]),
        ("How was it?", [("Dinner", "")]),
    ]
    message = digest.mail_of_day(user, TODAY)
    assert message.subject == "Today: 3 promises, Mixer"
    assert message.to == [user.email]


def test_whom_to_be_in_touch_with(user):
    circle = CircleFactory(owner=user, cadence_days=7)
    ben = ContactFactory(owner=user, full_name="Ben Katz", circle=circle)
    user.contacts.filter(pk=ben.pk).update(
        last_contact_on="2026-09-01", created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )

    assert ("Keep in touch", [("Ben", "")]) in lines(user)


def test_more_than_a_mail_holds_is_counted(user):
    for number in range(11):
        FollowUpFactory(
            owner=user, contact=None, title=f"Promise {number}", due_on=TODAY
        )

    ((_title, found),) = lines(user)

    assert len(found) == 9
    assert found[-1] == ("And 3 more", "")
    assert digest.mail_of_day(user, TODAY).subject == "Today: 11 promises"


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2026, 2, 28), ["Every", "Leap", "Nobody knows"]),
        (date(2028, 2, 28), ["Every"]),
        (date(2028, 2, 29), ["Leap", "Nobody knows"]),
        (date(2026, 12, 11), []),
    ],
)
def test_birthdays_of_a_day(user, day, names):
    ContactFactory(owner=user, full_name="Every", birthday="1990-02-28")
    ContactFactory(owner=user, full_name="Leap", birthday="1988-02-29")
    ContactFactory(owner=user, full_name="Nobody knows", birthday="--02-29")
    ContactFactory(owner=user, full_name="A month", birthday="2012-11")
    ContactFactory(owner=user, full_name="Gone", birthday="1990-02-28").trash()

    assert [one.full_name for one in digest.born_on(user, day)] == names


def test_nothing_to_say_is_no_mail(user, stranger):
    FollowUpFactory(contact=ContactFactory(owner=stranger), due_on=TODAY)
    EventFactory(
        owner=user,
        starts_at=datetime(2026, 11, 22, 18, tzinfo=UTC),
        cancelled_at=datetime(2026, 11, 20, tzinfo=UTC),
    )

    assert digest.mail_of_day(user, TODAY) is None


def test_first_names_and_titles_and_nothing_that_was_told(user):
    ana = ContactFactory(
        owner=user,
        full_name="Ana Secretname",
        birthday="1990-11-22",
        about="Secret",
        headline="Secret",
        nickname="Secret",
    )
    FactFactory(contact=ana, text="Secret need")
    FollowUpFactory(contact=ana, title="Send it", note="Secret", due_on=TODAY)
    event = EventFactory(
        owner=user,
        name="Mixer",
        starts_at=datetime(2026, 11, 22, 18, tzinfo=UTC),
        purpose="Secret",
        notes="Secret",
        place="Secret",
    )
    AttendanceFactory(event=event, contact=ana, talking_points="Secret")

    message = digest.mail_of_day(user, TODAY)

    assert "Ana" in message.body
    assert "Secret" not in str(message.message())
    assert "1990" not in str(message.message())


def test_nothing_in_a_title_becomes_markup_or_a_header(user):
    FollowUpFactory(
        owner=user,
        contact=None,
        title='<script>alert(1)</script> & "more"',
        due_on=TODAY,
    )
    EventFactory(
        owner=user,
        name="Mixer\r\nBcc: mallory@example.org",
        starts_at=datetime(2026, 11, 22, 18, tzinfo=UTC),
    )

    message = digest.mail_of_day(user, TODAY)

    text, html = parts(message)
    assert '<script>alert(1)</script> & "more"' in text
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;" in html
    assert message.message()["Bcc"] is None
    assert len(message.message()["Subject"].splitlines()) == 1


def test_links_are_those_of_this_server(user, settings):
    settings.BASE_URL = "https://crm.example.org"
    promise = FollowUpFactory(owner=user, contact=None, due_on=TODAY)

    for text in parts(digest.mail_of_day(user, TODAY)):
        assert f"https://crm.example.org{promise.get_absolute_url()}" in text
        assert "https://crm.example.org/settings/reminders/" in text
        assert text.count("http") == text.count("https://crm.example.org")


def test_mail_programs_find_the_way_to_switch_it_off(user):
    """RFC 8058, and RFC 3834 so that nobody's holiday answers."""
    FollowUpFactory(owner=user, contact=None, due_on=TODAY)

    message = digest.mail_of_day(user, TODAY).message()

    off = message["List-Unsubscribe"]
    assert off == f"<{unsubscribing.address_for(user)}>"
    assert off.startswith(f"<{settings.BASE_URL}/mails/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.fixture
def off(user):
    user.mails_digest = True
    user.save()
    return reverse("digest_off", kwargs={"token": unsubscribing.token_for(user)})


def is_on(user):
    user.refresh_from_db()
    return user.mails_digest


def test_one_click_switches_it_off_without_a_cookie(user, stranger, off):
    stranger.mails_digest = True
    stranger.save()
    program = Client(enforce_csrf_checks=True)

    response = program.post(off, {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert not is_on(user)
    assert is_on(stranger)


def test_a_preview_of_the_link_changes_nothing(user, off):
    browser = Client(enforce_csrf_checks=True)

    page = browser.get(off)
    browser.head(off)

    assert is_on(user)
    assert "Send me no more of them" in page.text
    assert user.email not in page.text
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_the_button_is_a_form_like_any_other(user, off):
    browser = Client(enforce_csrf_checks=True)
    forged = browser.post(off)
    assert (forged.status_code, is_on(user)) == (403, True)

    token = browser.get(off).context["csrf_token"]
    page = browser.post(off, {"csrfmiddlewaretoken": str(token)})

    assert "You get none from now on" in page.text
    assert not is_on(user)


def test_it_can_be_switched_off_twice(user, off):
    for _ in range(2):
        response = Client().post(off, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200


def test_an_address_that_was_altered_leads_nowhere(user, stranger, off):
    token = unsubscribing.token_for(user)
    theirs = unsubscribing.token_for(stranger)
    for wrong in (token[:-1], token[:22] + theirs[22:], theirs[:22] + token[22:], "x"):
        path = reverse("digest_off", kwargs={"token": wrong})
        for send in (Client().get, Client().post):
            data = {"List-Unsubscribe": "One-Click"}
            assert send(path, data).status_code == 404
    assert is_on(user)


def test_who_is_away_has_no_such_address(user, off):
    user.is_active = False
    user.save()

    assert Client().post(off, {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_too_often_is_too_often(off):
    answers = [Client().get(off).status_code for _ in range(25)]

    assert (answers[0], answers[-1]) == (200, 429)


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(user, count, django_assert_num_queries):
    over = EventFactory(owner=user, starts_at=datetime(2026, 11, 20, tzinfo=UTC))
    for _ in range(count):
        contact = ContactFactory(owner=user, birthday="--11-22")
        FollowUpFactory(contact=contact, due_on=TODAY)
        FollowUpFactory(contact=contact, due_on=TODAY)
        EventFactory(owner=user, starts_at=datetime(2026, 11, 22, 18, tzinfo=UTC))
        AttendanceFactory(event=over, contact=contact)

    # What a page or a mail of the same day finds written down.
    suggesting.of_day(user, TODAY)

    with django_assert_num_queries(COST), owner_watch(user) as wrong:
        digest.mail_of_day(user, TODAY)
    assert wrong == []


COST = 8


def test_a_mail_to_try(user):
    message = digest.mail_to_try(user)

    mailing.send(message)

    assert mail.outbox[0].to == [user.email]
