"""At an event, with a thumb and no signal: nobody is lost and nobody is doubled."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.factories import (
    AttendanceFactory,
    ContactFactory,
    EventFactory,
    make_user,
)

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}


@pytest.fixture
def mixer(transactional_db, user):
    now = timezone.now()
    return EventFactory(
        owner=user,
        name="Boston Nonprofit Mixer",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
        goal_people=3,
    )


@pytest.fixture
def phone(new_context, sign_in, mixer):
    context = new_context(**PHONE)
    sign_in(context)
    # The browser's own Background Sync would send before the tests have looked.
    context.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    return context


def until(page, script, arg=None):
    """Wait for what a promise resolves to."""
    for _ in range(100):
        if page.evaluate(script, arg):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"This never came true: {script}")


def go_online(page, path):
    """The worker learns a moment after the page that there is a signal again."""
    for _ in range(40):
        page.goto(path)
        if not page.title().startswith("No signal"):
            return
        page.wait_for_timeout(250)


IS_KEPT = "async (path) => Boolean(await caches.match(path, {ignoreVary: true}))"
IN_LINE = """async () => {
    const { waiting } = await import("/static/js/capture/outbox.js");
    return (await waiting(document.documentElement.dataset.owner)).length;
}"""
FLUSH = """async () => {
    const { flush } = await import("/static/js/capture/outbox.js");
    return flush({ force: true });
}"""


def opened(context, path="/capture/"):
    """A page under the worker, which has kept what is needed offline."""
    page = context.new_page()
    page.goto(path)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller")
    until(page, IS_KEPT, "/capture/")
    return page


def capture(page, line):
    page.get_by_label("Name, and whatever").fill(line)
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_label("Name, and whatever")).to_have_value("")


def names(user):
    captures = user.captures.order_by("captured_at")
    return [capture.contact_name for capture in captures]


def everybody(user):
    return sorted(contact.full_name for contact in user.contacts.others())


def waiting_list(page):
    return page.locator("#waiting-list h3")


def test_airplane_mode_reload_close_and_home_again(phone, user, mixer):
    page = opened(phone)

    phone.set_offline(True)
    capture(page, "Ana Ruiz, Acme, needs a designer")
    capture(page, "Ben Katz, via Ana")
    page.reload()
    expect(page.get_by_text("2 people wait here")).to_be_visible()
    expect(page.get_by_label("At which event")).to_have_value(str(mixer.pk))
    capture(page, "Mo")
    page.close()
    assert everybody(user) == []
    phone.set_offline(False)
    page = phone.new_page()
    go_online(page, "/")
    until(page, IN_LINE.replace("return (", "return !("))

    assert names(user) == ["Ana Ruiz", "Ben Katz", "Mo"]
    assert everybody(user) == ["Ana Ruiz", "Ben Katz", "Mo"]
    assert {row.event for row in user.captures.all()} == {mixer}
    ben = user.contacts.get(full_name="Ben Katz")
    assert ben.origin.introducer.full_name == "Ana Ruiz"
    assert user.facts.get().text == "a designer"


def test_the_screens_of_tonight_and_a_page_for_the_rest(phone, mixer):
    page = opened(phone)
    live = reverse("event_live", args=[mixer.pk])
    until(page, IS_KEPT, live)

    phone.set_offline(True)
    page.goto(live)
    expect(page.get_by_role("heading", name="Tonight", exact=True)).to_be_visible()
    page.goto("/contacts/")
    expect(page.get_by_role("heading", name="No signal")).to_be_visible()
    page.get_by_role("link", name="Capture").click()

    expect(page.get_by_role("heading", name="Who did you just meet?")).to_be_visible()


def test_online_it_takes_one_tap_and_the_list_follows(phone, user):
    page = opened(phone)

    page.get_by_label("Name, and whatever").fill("Ana Ruiz, Acme")
    page.keyboard.press("Enter")

    expect(page.locator("#captured h3")).to_have_text(["Ana Ruiz"])
    expect(page.get_by_label("Name, and whatever")).to_be_focused()
    page.get_by_role("button", name="Undo Ana Ruiz").click()
    expect(page.get_by_text("is in the trash")).to_be_visible()
    assert user.captures.get().undone_at


def test_chips_are_corrected(phone, user, mixer):
    ben = ContactFactory(owner=user, full_name="Ben Katz")
    AttendanceFactory(event=mixer, contact=ben)
    page = opened(phone)

    page.get_by_label("Name, and whatever").fill(
        "Ana Ruiz, Boston, via ben, needs a flat"
    )
    chips = page.locator("#understood .chip")
    expect(chips).to_have_text(
        ["Ana Ruiz×", "at Boston×", "introduced by Ben Katz×", "needs a flat×"]
    )
    page.get_by_role("button", name="Not at Boston").click()
    expect(page.get_by_label("What to remember")).to_have_value("Boston")
    page.get_by_role("button", name="Ana Ruiz", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Ana Ruíz")
    page.get_by_role("button", name="+ promise").click()
    page.get_by_label("What did you promise?").fill("send the deck")
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("#captured h3")).to_have_text(["Ana Ruíz"])

    ana = user.contacts.get(full_name="Ana Ruíz")
    assert (ana.organization, ana.about) == (None, "Boston")
    assert ana.origin.introducer == ben
    assert ana.follow_ups.get().title == "Send the deck"


def test_an_expired_login_asks_and_then_sends(phone, user):
    page = opened(phone)
    Session.objects.all().delete()

    capture(page, "Ana Ruiz")
    expect(page.get_by_text("Sign in, and it is sent")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    expect(page.locator("#captured h3")).to_have_text(["Ana Ruiz"])

    assert everybody(user) == ["Ana Ruiz"]


def test_a_server_error_is_shown_and_tried_again(phone, user):
    page = opened(phone)
    page.route(
        "**/capture/",
        lambda route: (
            route.fulfill(status=500, body="broken")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )

    capture(page, "Ana Ruiz")
    expect(page.get_by_text("The server did not take it")).to_be_visible()
    expect(waiting_list(page)).to_have_text(["Ana Ruiz"])
    page.unroute("**/capture/")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#captured h3")).to_have_text(["Ana Ruiz"])

    assert everybody(user) == ["Ana Ruiz"]


def test_a_lost_answer_makes_nobody_twice(phone, user):
    page = opened(phone)

    def lose(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/capture/", lose)
    capture(page, "Ana Ruiz")
    expect(waiting_list(page)).to_have_text(["Ana Ruiz"])
    expect(page.get_by_text("Offline. One person waits")).to_be_visible()
    page.unroute("**/capture/")
    page.reload()
    expect(page.locator("#captured h3")).to_have_text(["Ana Ruiz"])
    expect(waiting_list(page)).to_have_count(0)

    assert everybody(user) == ["Ana Ruiz"]


def test_two_tabs_and_two_flushes_send_once(phone, user):
    first = opened(phone)
    second = opened(phone)
    sent = []
    phone.on("request", lambda r: r.method == "POST" and sent.append(r.url))
    phone.set_offline(True)
    capture(first, "Ana Ruiz")
    capture(second, "Ben Katz")
    expect(waiting_list(first)).to_have_text(["Ana Ruiz", "Ben Katz"])

    phone.set_offline(False)
    for page in (first, second, first):
        page.evaluate(FLUSH)
    for page in (first, second):
        expect(waiting_list(page)).to_have_count(0)

    assert everybody(user) == ["Ana Ruiz", "Ben Katz"]
    assert len([url for url in sent if url.endswith("/capture/")]) == 2


def test_what_is_refused_stays_and_can_be_corrected(phone, user):
    page = opened(phone)

    page.get_by_label("Name, and whatever").fill("Ana Ruiz")
    page.get_by_role("button", name="+ tag").click()
    page.get_by_label("Tags").fill("x" * 350)
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_text("Not taken: Tags:")).to_be_visible()
    assert everybody(user) == []
    page.reload()
    page.get_by_role("button", name="Edit Ana Ruiz").click()
    page.locator("#understood").get_by_role("button", name="Not #").click()
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("#captured h3")).to_have_text(["Ana Ruiz"])

    assert everybody(user) == ["Ana Ruiz"]


def test_signing_out_warns_and_forgets_what_is_private(phone, user):
    page = opened(phone)
    phone.set_offline(True)
    capture(page, "Ana Ruiz")
    page.route("**/capture/token/", lambda route: route.abort())
    phone.set_offline(False)

    go_online(page, "/accounts/logout/")
    expect(page.get_by_text("One person still waits")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    until(page, f"async () => !(await ({IS_KEPT})('/capture/'))")
    phone.set_offline(True)
    page.goto("/capture/")

    expect(page.get_by_role("heading", name="No signal")).to_be_visible()
    assert everybody(user) == []


def test_another_account_neither_sees_nor_sends_it(phone, user, live_server, client):
    page = opened(phone)
    phone.set_offline(True)
    capture(page, "Ana Ruiz")
    other = make_user("grace")
    client.force_login(other)
    phone.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    phone.set_offline(False)

    expect(page.get_by_text("Another account is signed in now")).to_be_visible()
    go_online(page, "/capture/")
    expect(page.get_by_role("heading", name="Who did you just meet?")).to_be_visible()
    expect(page.get_by_text("Ana Ruiz")).to_have_count(0)
    page.wait_for_timeout(500)

    assert everybody(user) == everybody(other) == []
    assert not user.captures.exists()


def test_no_room_on_the_phone_leaves_what_was_typed(phone, user):
    page = opened(phone)
    phone.set_offline(True)
    page.evaluate(
        """() => { IDBObjectStore.prototype.put = () => {
            throw new DOMException("full", "QuotaExceededError"); } }"""
    )

    page.get_by_label("Name, and whatever").fill("Ana Ruiz, red scarf")
    page.get_by_role("button", name="Save and next").click()

    expect(page.get_by_text("no room left")).to_be_visible()
    expect(page.get_by_label("Name, and whatever")).to_have_value("Ana Ruiz, red scarf")


def test_met_with_one_tap_without_a_signal(phone, user, mixer):
    maya = ContactFactory(owner=user, full_name="Maya Lindqvist")
    wanted = AttendanceFactory(event=mixer, contact=maya, state="wanted")
    page = opened(phone, reverse("event_live", args=[mixer.pk]))

    phone.set_offline(True)
    page.get_by_role("button", name="Met Maya Lindqvist").click()
    expect(waiting_list(page)).to_have_text(["Maya Lindqvist"])
    phone.set_offline(False)
    expect(page.locator("#captured h3")).to_have_text(["Maya Lindqvist"])

    wanted.refresh_from_db()
    assert wanted.state == "met"
    assert everybody(user) == ["Maya Lindqvist"]


def test_a_new_version_of_the_app_takes_the_place_of_the_old(phone, user, monkeypatch):
    from networkcrm import offline

    page = opened(phone)
    phone.set_offline(True)
    capture(page, "Ana Ruiz")
    phone.set_offline(False)
    monkeypatch.setattr(offline, "_version_of_files", lambda: "next")

    page.reload()
    names_of_next = "pages-next,shell-next"
    until(
        page,
        "async (names) => (await caches.keys()).sort().join() === names",
        names_of_next,
    )
    phone.set_offline(True)
    page.reload()

    expect(page.get_by_role("heading", name="Who did you just meet?")).to_be_visible()
    assert everybody(user) == ["Ana Ruiz"]
