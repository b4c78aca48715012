from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from followups.models import FollowUp
from networkcrm import undo
from tests.factories import ContactFactory, EventFactory, FollowUpFactory

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # A Wednesday.
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


def post(client, name, followup, **data):
    url = reverse(name, kwargs={"followup_id": followup.pk})
    response = client.post(url, data, follow=True)
    followup.refresh_from_db()
    return response


def said(response):
    return [str(message) for message in response.context["messages"]]


def undo_last(client, response):
    url = list(response.context["messages"])[-1].extra_tags
    return said(client.post(url, follow=True))


def test_the_list_is_in_order_of_its_days(client, user, stranger):
    for title, day in [
        ("Overdue", "2026-11-21"),
        ("Now", "2026-11-25"),
        ("Soon", "2026-11-29"),
        ("Some day", "2026-11-30"),
        ("Whenever", None),
    ]:
        contact = ContactFactory(owner=user)
        FollowUpFactory(contact=contact, title=title, due_on=day)
    FollowUpFactory(owner=user, contact=None, title="Theirs", promised_by="them")
    FollowUpFactory(owner=user, contact=None, title="Over", done_at=NOW)
    FollowUpFactory(contact=ContactFactory(owner=stranger), title="Not mine")

    response = client.get(reverse("followup_list"))

    groups = response.context["groups"]
    assert [(name, [row.title for row in rows]) for name, rows in groups] == [
        ("Late", ["Overdue"]),
        ("Today", ["Now"]),
        ("This week", ["Soon"]),
        ("Later", ["Some day"]),
        ("No date", ["Whenever"]),
    ]
    assert [count for _, _, count in response.context["tabs"]] == [5, 1, 1]
    assert "4 days late" in response.text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"show": "waiting"}, ["Her slides"]),
        ({"show": "done"}, ["Wrote to Ben"]),
        ({"q": "ana LIST"}, ["Send the list"]),
        ({"q": "nobody"}, []),
        ({"show": "nonsense", "page": "99"}, ["Send the list"]),
    ],
)
def test_the_lists_and_their_search(client, user, query, titles):
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    FollowUpFactory(contact=ana, title="Send the list")
    FollowUpFactory(contact=ana, title="Her slides", promised_by="them")
    FollowUpFactory(contact=ana, title="Wrote to Ben", done_at=NOW)

    response = client.get(reverse("followup_list"), query)

    assert [row.title for row in response.context["page"]] == titles


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("show", ["", "done"])
def test_the_list_costs_the_same(client, user, count, show, django_assert_num_queries):
    for _ in range(count):
        contact = ContactFactory(owner=user)
        FollowUpFactory(contact=contact, due_on=TODAY, done_at=NOW if show else None)

    with django_assert_num_queries(6):
        client.get(reverse("followup_list"), {"show": show})


def test_one_tap_and_it_is_done_and_can_be_undone(client, user):
    ana = ContactFactory(owner=user, full_name="Ana <Ruiz>")
    followup = FollowUpFactory(contact=ana, title="Send <it>", due_on=TODAY)

    response = post(client, "followup_complete", followup, back="/?x=1")

    assert followup.done_at == NOW
    assert response.redirect_chain == [("/?x=1", 302)]
    assert "Done: “Send &lt;it&gt;”" in said(response)[0]
    log = f"{reverse('interaction_create')}?contact={ana.pk}&amp;text=Send+%3Cit%3E"
    assert log in said(response)[0]

    assert undo_last(client, response) == ["“Send <it>” is as it was."]
    followup.refresh_from_db()
    assert followup.is_open


def test_what_is_logged_begins_with_what_was_promised(client, user):
    response = client.get(reverse("interaction_create"), {"text": "Send the list"})

    assert response.context["form"]["text"].value() == "Send the list"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""]
)
def test_it_leads_back_to_our_own_pages_only(client, user, back):
    followup = FollowUpFactory(owner=user, contact=None)

    response = post(client, "followup_dismiss", followup, back=back)

    assert response.redirect_chain == [(reverse("followup_list"), 302)]


@pytest.mark.parametrize(
    ("due_on", "data", "until"),
    [
        # Overdue: counted from today.
        ("2026-09-01", {"by": "tomorrow"}, "2026-11-26"),
        ("2026-09-01", {"by": "next-week"}, "2026-12-02"),
        (None, {"by": "tomorrow"}, "2026-11-26"),
        ("2026-12-10", {"by": "next-week"}, "2026-12-17"),
        ("2026-11-25", {"until": "2027-01-04"}, "2027-01-04"),
    ],
)
def test_put_off(client, user, due_on, data, until):
    followup = FollowUpFactory(owner=user, contact=None, due_on=due_on)

    post(client, "followup_snooze", followup, **data)

    assert followup.due_on == date.fromisoformat(until)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"until": "2026-11-24"}, "That day is past. Put it off until today or later."),
        ({"until": "31 february"}, "Until which day? Choose one in the calendar."),
        ({}, "Until which day? Choose one in the calendar."),
    ],
)
def test_a_day_that_cannot_be_is_told(client, user, data, sentence):
    followup = FollowUpFactory(owner=user, contact=None, due_on=TODAY)

    response = post(client, "followup_snooze", followup, **data)

    assert said(response) == [sentence]
    assert followup.due_on == TODAY


@pytest.mark.parametrize(
    "step", ["followup_snooze", "followup_complete", "followup_dismiss"]
)
def test_what_is_done_stays_as_it_is(client, user, step):
    followup = FollowUpFactory(
        owner=user, contact=None, title="Send it", due_on=TODAY, done_at=NOW
    )

    response = post(client, step, followup, by="tomorrow")

    assert said(response) == ["“Send it” is done already. Open it again first."]
    assert (followup.due_on, followup.done_at) == (TODAY, NOW)


def test_what_was_let_go_stays_to_be_seen(client, user):
    followup = FollowUpFactory(owner=user, contact=None)
    post(client, "followup_dismiss", followup)

    page = client.get(reverse("followup_list"), {"show": "done"})

    assert list(page.context["page"]) == [followup]
    assert "let go 2" in page.content.decode()


def test_let_go_and_open_again(client, user):
    followup = FollowUpFactory(owner=user, contact=None)

    post(client, "followup_dismiss", followup)
    let_go_at = followup.dismissed_at
    post(client, "followup_reopen", followup)

    assert let_go_at == NOW
    assert followup.is_open


def test_what_comes_again_is_followed_by_the_next(client, user):
    followup = FollowUpFactory(
        owner=user, contact=None, due_on="2026-10-01", repeat="FREQ=MONTHLY"
    )

    response = post(client, "followup_complete", followup)

    following = user.followups.open().get()
    assert following.due_on == date(2026, 12, 1)
    assert following.repeat == "FREQ=MONTHLY"

    undo_last(client, response)
    assert user.followups.get().is_open


def test_a_rule_that_never_ends_is_refused(user):
    followup = FollowUp(owner=user, title="Tick", due_on=TODAY, repeat="FREQ=SECONDLY")

    with pytest.raises(ValidationError, match="weeks, months or years"):
        followup.clean()


def test_deleted_and_back_without_what_is_gone(client, user):
    event = EventFactory(owner=user)
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    followup = FollowUpFactory(contact=ana, event=event, title="Send it")
    url = reverse("followup_delete", kwargs={"followup_id": followup.pk})

    response = client.post(url, follow=True)
    gone = not user.followups.exists()
    event.delete()
    undo_last(client, response)

    back = user.followups.get()
    assert gone
    assert (back.title, back.contact, back.event) == ("Send it", ana, None)


def test_undoing_is_for_its_owner(user, stranger):
    followup = FollowUpFactory(owner=stranger, contact=None)
    token = undo.remember(user, "followup_added", followup.pk).split("/")[-2]

    undo.spend(user, token)

    assert stranger.followups.count() == 1


def test_edit(client, user):
    followup = FollowUpFactory(owner=user, contact=None, due_on=TODAY)
    ana = ContactFactory(owner=user, full_name="Ana Ruiz")
    url = followup.get_absolute_url()
    data = {
        "title": "Call Ana",
        "contact": "ana ruiz",
        "due_on": "2027-01-31",
        "promised_by": "them",
        "unit": "MONTHLY",
        "every": "2",
    }

    client.post(url, data)

    followup.refresh_from_db()
    assert (followup.title, followup.contact, followup.promised_by) == (
        "Call Ana",
        ana,
        "them",
    )
    assert followup.repeats == "every 2 months"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title": ""}, "title"),
        ({"due_on": "31 february"}, "due_on"),
        ({"due_on": "", "unit": "WEEKLY"}, "due_on"),
        ({"unit": "SECONDLY"}, "unit"),
        ({"unit": "WEEKLY", "every": "0"}, "every"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, user, data, field):
    followup = FollowUpFactory(owner=user, contact=None, due_on=TODAY)
    good = {"title": "Call", "due_on": "2026-12-01", "promised_by": "me", "contact": ""}

    response = client.post(followup.get_absolute_url(), good | data)

    assert list(response.context["form"].errors) == [field]
