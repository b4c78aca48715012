"""Whom Today suggests, when, and what becomes of it."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from contacts.purging import purge
from followups import suggesting
from followups.models import Suggestion
from followups.suggesting import wording
from networkcrm.models import User
from networkcrm.partial_dates import PartialDate
from tests.factories import (
    CardOfferFactory,
    ContactFactory,
    FactFactory,
    FollowUpFactory,
    ImportantDateFactory,
    IntroductionFactory,
    UnfitFactory,
    make_user,
)

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # A Wednesday.
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def in_need(user, name, **fact):
    return FactFactory(contact=ContactFactory(owner=user, full_name=name), **fact)


def days(user, count, answer=None):
    """Who is suggested on each of these days, by first name."""
    found = []
    for number in range(count):
        row = suggesting.of_day(user, TODAY + timedelta(number))
        found.append(row and row.contact.first_name)
        if row and answer:
            row.settle(answer)
    return found


def of(user, **made):
    """One of each kind of reason, and nothing else."""
    name = {"full_name": "Ana Ruiz"}
    match made["kind"]:
        case "promise":
            ana = ContactFactory(owner=user, **name)
            FollowUpFactory(contact=ana, title="Send the list", due_on="2026-11-21")
        case "match":
            in_need(user, "Ana Ruiz", text="A retail buyer in Boston.")
            tom = ContactFactory(owner=user, full_name="Tom Okoye")
            FactFactory(contact=tom, kind="offer", text="retail buyer in Boston")
        case "introduction":
            ana = ContactFactory(owner=user, **name)
            tom = ContactFactory(owner=user, full_name="Tom Okoye")
            IntroductionFactory(owner=user, a=ana, b=tom, why_b="She sells candles.")
        case "birthday":
            ContactFactory(owner=user, birthday=PartialDate(1986, 11, 26), **name)
        case "mine":
            in_need(user, "Ana Ruiz", text="A retail buyer in Boston.")
            me = user.contacts.get(is_me=True)
            FactFactory(contact=me, kind="offer", text="retail buyer in Boston")
        case "need":
            in_need(user, "Ana Ruiz", text="A first buyer", heard_on="2026-11-02")


SENTENCES = {
    "promise": "Keep your word to Ana: Send the list.",
    "match": "Ana needs a retail buyer in Boston. Tom offers exactly that.",
    "introduction": "You had the idea to introduce Ana and Tom. Ask them both?",
    "birthday": "Ana turns 40 tomorrow.",
    "mine": "Ana needs a retail buyer in Boston. You offer exactly that.",
    "need": "Ana needs a first buyer. Who do you know?",
}
KINDS = list(SENTENCES)


@pytest.mark.parametrize("kind", KINDS)
def test_each_reason_in_a_sentence(user, stranger, kind):
    of(user, kind=kind)
    of(stranger, kind=kind)

    row = suggesting.of_day(user, TODAY)

    assert (row.kind, row.why) == (kind, SENTENCES[kind])
    assert row.contact.owner == user


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["trashed_at", "archived_at"])
def test_whoever_was_put_away_is_not_suggested(user, kind, state):
    of(user, kind=kind)
    user.contacts.filter(full_name="Ana Ruiz").update(**{state: NOW})

    row = suggesting.of_day(user, TODAY)

    assert row is None


def test_nobody_is_suggested_for_what_waits_for_others(user):
    ana = ContactFactory(owner=user, full_name="Ana")
    FollowUpFactory(contact=ana, due_on=TODAY, promised_by="them")
    FollowUpFactory(contact=ana, due_on=TODAY + timedelta(1))
    FollowUpFactory(owner=user, contact=None, due_on=TODAY)
    FactFactory(contact=ana, state="met")
    FactFactory(contact=user.contacts.get(is_me=True))
    asked = IntroductionFactory(owner=user)
    asked.ask()

    assert suggesting.of_day(user, TODAY) is None


def test_the_same_all_day_and_another_the_next(user):
    first = in_need(user, "Ana", heard_on="2026-01-01")
    in_need(user, "Ben", heard_on="2026-02-01")

    morning = suggesting.of_day(user, TODAY)
    in_need(user, "Older still", heard_on="2020-01-01")
    evening = suggesting.of_day(user, TODAY)

    assert morning == evening
    assert morning.need == first
    assert days(user, 3) == ["Ana", "Older", "Ben"]


@pytest.mark.parametrize(
    ("zone", "moments"),
    [
        # 24 November until noon by UTC less eleven, 25 November from then on.
        ("Pacific/Kiritimati", ["2026-11-24T10:01Z", "2026-11-25T09:59Z"]),
        ("America/Los_Angeles", ["2026-11-25T08:00Z", "2026-11-26T07:59Z"]),
        # The day of 25 hours, and the one of 23.
        ("America/Los_Angeles", ["2026-11-01T07:00Z", "2026-11-02T07:59Z"]),
        ("America/Los_Angeles", ["2026-03-08T08:00Z", "2026-03-09T06:59Z"]),
        ("Europe/Berlin", ["2026-10-24T22:00Z", "2026-10-25T22:59Z"]),
    ],
)
def test_a_day_is_one_of_the_owners_calendar(client, user, wednesday, zone, moments):
    user.time_zone = zone
    user.save()
    for number in range(3):
        in_need(user, f"Ana {number}", heard_on=f"2020-01-0{number + 1}")
    client.force_login(user)

    def shown(at):
        wednesday.move_to(datetime.fromisoformat(at))
        return client.get(reverse("today")).context["help"].suggestion

    first, last = map(shown, moments)
    just_after = datetime.fromisoformat(moments[1]) + timedelta(minutes=1)

    assert first == last
    assert shown(just_after.isoformat()).on == last.on + timedelta(1)


def test_nobody_twice_within_thirty_days_whatever_the_reason(user):
    need = in_need(user, "Ana")
    FollowUpFactory(contact=need.contact, due_on="2026-01-01")
    FactFactory(contact=need.contact, text="a lawyer")

    assert days(user, 32) == ["Ana", *[None] * 30, "Ana"]


def test_whoever_helped_rests_too(user):
    of(user, kind="match")
    FactFactory(contact=user.contacts.get(full_name="Tom Okoye"))

    assert days(user, 31) == ["Ana", *[None] * 30]


def test_as_many_days_as_there_are_reasons(user):
    names = [f"Ana{number}" for number in range(31)]
    for number, name in enumerate(names):
        in_need(user, name, heard_on=str(date(2026, 1, 1) + timedelta(number)))

    assert days(user, 40) == names + names[:9]


def test_the_kinds_take_turns(user):
    for number in range(9):
        FollowUpFactory(contact=ContactFactory(owner=user), due_on="2026-11-01")
        in_need(user, f"Ana {number}")
        IntroductionFactory(owner=user)

    found = [suggesting.of_day(user, TODAY + timedelta(n)).kind for n in range(9)]

    assert found == ["promise", "introduction", "need"] * 3


def test_a_birthday_does_not_wait_until_it_is_over(user):
    for number in range(30):
        day = TODAY + timedelta(number)
        ContactFactory(owner=user, birthday=PartialDate(None, day.month, day.day))
        FollowUpFactory(contact=ContactFactory(owner=user), due_on="2026-11-01")
        in_need(user, f"Ana {number}")
        IntroductionFactory(owner=user)

    found = [suggesting.of_day(user, TODAY + timedelta(n)).kind for n in range(12)]

    assert found[4:].count("birthday") >= 2


@pytest.mark.parametrize(
    ("birthday", "today", "why"),
    [
        ("--11-25", "2026-11-25", "Ana’s birthday is today."),
        ("1986-11-25", "2026-11-25", "Ana turns 40 today."),
        ("--11-28", "2026-11-25", "Ana’s birthday is on Saturday."),
        ("--11-29", "2026-11-25", None),
        ("--11-24", "2026-11-25", None),
        ("--01-01", "2026-12-31", "Ana’s birthday is tomorrow."),
        ("2000-01-02", "2026-12-31", "Ana turns 27 on Saturday."),
        ("--02-29", "2027-02-28", "Ana’s birthday is today."),
        ("--02-29", "2028-02-29", "Ana’s birthday is today."),
        # Half a date is no birthday: "2011-11" ends like none.
        ("2011-11", "2026-11-25", None),
        ("1125", "2026-11-25", None),
    ],
)
def test_birthdays_of_the_next_days(user, birthday, today, why):
    ContactFactory(owner=user, full_name="Ana", birthday=birthday)

    row = suggesting.of_day(user, date.fromisoformat(today))

    assert (row and row.why) == why


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"kind": "anniversary"}, "Ana’s anniversary is today."),
        ({"kind": "name_day"}, "Ana’s name day is today."),
        ({"kind": "child"}, "A child of Ana has a birthday today."),
        ({"kind": "other", "label": "First flight"}, "First flight of Ana is today."),
        ({"kind": "other", "yearly": False}, None),
        (
            {"kind": "other", "yearly": False, "on": "2026-11-25"},
            "A day to remember for Ana is today.",
        ),
    ],
)
def test_other_days_to_remember(user, made, why):
    ana = ContactFactory(owner=user, full_name="Ana")
    ImportantDateFactory(contact=ana, **{"on": "--11-25"} | made)

    row = suggesting.of_day(user, TODAY)

    assert (row and row.why) == why


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_refused_never_comes_again(user, kind):
    of(user, kind=kind)
    row = suggesting.of_day(user, TODAY)
    row.settle("never")
    later = TODAY.replace(year=2027) - timedelta(1)
    again = suggesting.of_day(user, later)

    assert again is None or again.key != row.key


def test_a_person_comes_again_for_another_reason(user):
    need = in_need(user, "Ana", heard_on="2026-01-01")
    suggesting.of_day(user, TODAY).settle("never")
    other = FactFactory(contact=need.contact, text="a lawyer")

    assert suggesting.of_day(user, TODAY + timedelta(31)).need == other


def test_up_to_three_a_day_and_only_when_asked_for(user):
    for year, name in enumerate(("Ana", "Ben", "Cleo", "Dana"), 2020):
        in_need(user, name, heard_on=str(year))

    shown = []
    for answer in ("done", "later", "never"):
        row = suggesting.more(user, TODAY)
        # Asking again changes nothing while one is open.
        assert suggesting.more(user, TODAY) == row
        shown.append(row.contact.first_name)
        row.settle(answer)
        assert suggesting.of_day(user, TODAY) is None

    assert shown == ["Ana", "Ben", "Cleo"]
    assert suggesting.more(user, TODAY) is None
    assert days(user, 2) == [None, "Dana"]


def trashed(row):
    row.contact.trash()


def archived(row):
    row.contact.archive()


def promise_kept(row):
    row.followup.complete()


def promise_put_off(row):
    row.followup.snooze(days=1)


def promise_deleted(row):
    row.followup.delete()


def need_met(row):
    row.need.turn()


def offer_deleted(row):
    row.offer.delete()


def unfit(row):
    UnfitFactory(need=row.need, contact=row.other)


def asked(row):
    row.introduction.ask()


def introduction_deleted(row):
    row.introduction.delete()


def birthday_corrected(row):
    row.contact.birthday = None
    row.contact.save()


@pytest.mark.parametrize(
    ("kind", "happens", "answer"),
    [
        ("need", trashed, "later"),
        ("need", archived, "later"),
        ("need", need_met, "done"),
        ("mine", need_met, "done"),
        ("match", need_met, "done"),
        ("match", offer_deleted, "later"),
        ("match", unfit, "later"),
        ("promise", promise_kept, "done"),
        ("promise", promise_put_off, "later"),
        ("promise", promise_deleted, "later"),
        ("introduction", asked, "done"),
        ("introduction", introduction_deleted, "later"),
        ("birthday", birthday_corrected, "later"),
    ],
)
def test_what_is_gone_during_the_day_makes_room(user, kind, happens, answer):
    of(user, kind=kind)
    row = suggesting.of_day(user, TODAY)
    need = in_need(user, "Zoe", heard_on="2026-11-20")

    happens(row)
    following = suggesting.of_day(user, TODAY)

    row.refresh_from_db()
    assert (row.answer, row.answered_at) == (answer, NOW)
    assert (following.need, following.place) == (need, 1)
    assert suggesting.of_day(user, TODAY) == following


@pytest.mark.parametrize("who", ["contact", "other"])
def test_whoever_is_deleted_for_ever_leaves_no_trace(user, who):
    of(user, kind="match")
    row = suggesting.of_day(user, TODAY)
    ben = in_need(user, "Ben", heard_on="2020-01-01").contact

    purge(user, [getattr(row, f"{who}_id")])

    assert suggesting.of_day(user, TODAY).contact == ben
    assert user.suggestions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_the_same():
    user = make_user("grace")
    for number in range(4):
        in_need(user, f"Ana {number}")
    start, found = Barrier(4), []

    def ask():
        mine = User.objects.get(pk=user.pk)
        start.wait()
        try:
            found.append(suggesting.of_day(mine, TODAY))
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert user.suggestions.count() == 1


def test_a_year_in_which_everybody_gets_their_turn(user):
    for number in range(40):
        need = in_need(user, f"Person{number}", text=f"a place {number} to live")
        if number % 2:
            FollowUpFactory(contact=need.contact, due_on="2026-11-01")
        if number % 3 == 0:
            IntroductionFactory(owner=user, a=need.contact)

    shown = {}
    for number in range(366):
        day = TODAY + timedelta(number)
        row = suggesting.of_day(user, day)
        assert row is not None
        people = {row.contact_id, row.other_id} - {None}
        assert not [
            p for p in people if day - shown.get(p, date.min) <= suggesting.REST
        ]
        shown |= dict.fromkeys(people, day)
        row.settle("later")

    assert len(shown) >= 40


def test_what_is_said_of_each_of_the_two(user):
    of(user, kind="match")
    user.facts.filter(kind="need").update(heard_on="2026-11-02")

    row = suggesting.of_day(user, TODAY)

    assert [(line.contact.full_name, line.reason) for line in wording.lines(row)] == [
        ("Ana Ruiz", "needs “A retail buyer in Boston”, told you on 2 Nov"),
        ("Tom Okoye", "offers “retail buyer in Boston”"),
    ]


def test_a_sentence_of_my_card_is_what_i_offer(user):
    in_need(user, "Ana", text="a retail buyer in Boston")
    CardOfferFactory(owner=user, text="retail buyer in Boston")

    row = suggesting.of_day(user, TODAY)

    assert (row.kind, row.offer) == ("mine", None)


# The buttons.


def press(client, row, name):
    url = reverse(f"suggestion_{name}", kwargs={"suggestion_id": row.pk})
    response = client.post(url, follow=True)
    row.refresh_from_db()
    return response


def said(response):
    return [str(message) for message in response.context["messages"]]


def take_back(client, response):
    url = list(response.context["messages"])[-1].extra_tags
    return said(client.post(url, follow=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["done", "later", "never"])
def test_one_tap_and_it_can_be_undone(client, user, kind, name):
    of(user, kind=kind)
    row = suggesting.of_day(user, TODAY)

    response = press(client, row, name)
    answered = row.answer
    take_back(client, response)

    row.refresh_from_db()
    assert answered == name
    assert (row.answer, row.answered_at) == ("", None)
    assert suggesting.of_day(user, TODAY) == row
    assert user.introductions.filter(state="idea").count() == (kind == "introduction")
    assert not user.followups.filter(done_at__isnull=False).exists()


def test_a_promise_done_is_kept(client, user):
    of(user, kind="promise")
    row = suggesting.of_day(user, TODAY)

    response = press(client, row, "done")

    assert said(response) == ["Done: “Send the list”."]
    assert not user.followups.open().exists()


def test_two_who_fit_become_an_introduction(client, user):
    of(user, kind="match")
    row = suggesting.of_day(user, TODAY)

    response = press(client, row, "done")

    made = user.introductions.get()
    assert (made.role, made.state) == ("by_me", "idea")
    assert (made.a.full_name, made.b.full_name) == ("Ana Ruiz", "Tom Okoye")
    assert made.why_a == "Tom offers “retail buyer in Boston”"
    assert made.why_b == "Ana needs “A retail buyer in Boston”"
    assert response.redirect_chain == [("/", 302)]
    assert made.get_absolute_url() in said(response)[0]


def test_an_introduction_under_way_is_not_written_twice(client, user):
    of(user, kind="match")
    row = suggesting.of_day(user, TODAY)
    there = IntroductionFactory(owner=user, a=row.other, b=row.contact)

    response = press(client, row, "done")
    take_back(client, response)

    assert user.introductions.get() == there


def test_an_introduction_leads_to_its_page(client, user):
    of(user, kind="introduction")
    row = suggesting.of_day(user, TODAY)

    response = press(client, row, "done")

    page = row.introduction.get_absolute_url()
    assert response.redirect_chain == [(page, 302)]


@pytest.mark.parametrize("kind", ["need", "mine", "birthday"])
def test_help_can_be_noted_as_a_favour(client, user, kind):
    of(user, kind=kind)
    row = suggesting.of_day(user, TODAY)

    response = press(client, row, "done")

    need = f"&amp;need={row.need_id}" if row.need_id else ""
    url = f"{reverse('favour_create')}?contact={row.contact_id}{need}"
    assert url in said(response)[0]


def test_the_first_answer_stays(client, user):
    of(user, kind="need")
    row = suggesting.of_day(user, TODAY)
    press(client, row, "later")

    response = press(client, row, "never")

    assert said(response) == ["That was answered already."]
    assert row.answer == "later"


def test_one_more_button(client, user):
    in_need(user, "Ana")
    press(client, suggesting.of_day(user, TODAY), "later")

    nobody = client.post(reverse("suggestion_more"), follow=True)
    in_need(user, "Ben")
    ben = client.post(reverse("suggestion_more"), follow=True)

    assert said(nobody) == ["That is everybody with a reason for today."]
    assert ben.context["help"].suggestion.contact.full_name == "Ben"


def test_the_day_of_the_suggestion_is_not_lost_by_an_undo_of_another_day(client, user):
    of(user, kind="need")
    yesterday = suggesting.of_day(user, TODAY - timedelta(1))
    response = press(client, yesterday, "later")
    in_need(user, "Ben")

    take_back(client, response)

    assert suggesting.of_day(user, timezone.localdate()).contact.full_name == "Ben"
    assert Suggestion.objects.filter(owner=user).count() == 2
