"""Getting about: everything is one or two taps away, also on a phone."""

from playwright.sync_api import expect


def test_the_bar_of_a_phone_opens_the_rest(page, sign_in, user):
    sign_in(page.context)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    more = page.get_by_role("navigation", name="More")

    expect(more).to_be_hidden()
    page.get_by_role("button", name="More").click()
    expect(more.get_by_role("link")).to_have_count(
        page.locator(".side .nav a").count() - page.locator(".tabs a").count() + 1
    )
    page.keyboard.press("Escape")
    expect(more).to_be_hidden()

    page.get_by_role("button", name="More").click()
    more.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
