"""A line of Today is done where it stands: the page stays, and so does the place."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import ContactFactory, FollowUpFactory


def test_done_in_place(page, sign_in, user):
    circle = user.circles.get(name="Inner circle")
    today = timezone.localdate(timezone=user.tz)
    for number in range(5):
        friend = ContactFactory(
            owner=user, circle=circle, full_name=f"Lena {number}", cadence_days=1
        )
        user.contacts.filter(pk=friend.pk).update(
            created_at=timezone.now() - timedelta(days=90 + number)
        )
        FollowUpFactory(owner=user, contact=None, title=f"Call {number}", due_on=today)
    sign_in(page.context)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ten small things today")
    page.evaluate("window.isTheSamePage = true")

    called = page.get_by_role("button", name="Called Lena 0 today")
    called.scroll_into_view_if_needed()
    before = called.bounding_box()["y"]
    called.click()

    expect(page.get_by_text("You and Lena spoke today.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
    expect(called).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nine small things today")
    next_one = page.get_by_role("button", name="Called Lena 1 today")
    assert page.evaluate("window.isTheSamePage")
    assert abs(next_one.bounding_box()["y"] - before) < 400

    page.get_by_role("button", name="Undo").click()
    expect(called).to_be_visible()


def test_the_second_click_is_not_for_the_next_one(page, sign_in, user):
    for number in range(3):
        FollowUpFactory(
            owner=user,
            contact=None,
            title=f"Call {number}",
            due_on=timezone.localdate(timezone=user.tz),
        )
    sign_in(page.context)
    page.goto("/")
    box = page.get_by_role("button", name="Done: Call 0").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)

    page.mouse.down(click_count=1)
    page.mouse.up(click_count=1)
    expect(page.get_by_text("Done: “Call 0”.")).to_be_visible()
    box = page.get_by_role("button", name="Done: Call 1").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    page.get_by_role("button", name="Done: Call 2").click()

    expect(page.get_by_text("Done: “Call 2”.")).to_be_visible()
    expect(page.get_by_role("button", name="Done: Call 1")).to_be_visible()


def test_the_focus_goes_to_the_next_one(page, sign_in, user):
    for number in range(3):
        FollowUpFactory(
            owner=user,
            contact=None,
            title=f"Call {number}",
            due_on=timezone.localdate(timezone=user.tz),
        )
    sign_in(page.context)
    page.goto("/")

    page.get_by_role("button", name="Done: Call 0").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Done: Call 1")).to_be_focused()
