"""Notices in a browser: turned on and off there, shown by its worker.

A real push service cannot be asked in a test: what the browser would say of one is
put in its place, and what a service would deliver is delivered by its debugger.
"""

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.followups.push_service import Browser

# A browser that has a push service, and remembers over pages what it was told.
WITH_SERVICE = """(keys) => {
    const made = () => {
        const endpoint = localStorage.getItem("endpoint");
        return endpoint && {
            endpoint,
            toJSON: () => ({ endpoint, keys }),
            unsubscribe: async () => localStorage.removeItem("endpoint"),
        };
    };
    PushManager.prototype.getSubscription = async () => made();
    PushManager.prototype.subscribe = async (options) => {
        localStorage.setItem("asked-with", options.applicationServerKey);
        const number = Number(localStorage.getItem("number") ?? 0) + 1;
        localStorage.setItem("number", number);
        localStorage.setItem("endpoint", `https://fcm.googleapis.com/fcm/send/${number}`);
        return made();
    };
}"""


@pytest.fixture
def browser_of_ada(new_context, sign_in, user, base_url):
    context = new_context(reduced_motion="reduce")
    context.grant_permissions(["notifications"], origin=base_url)
    sign_in(context)
    return context


@pytest.fixture
def page(browser_of_ada):
    script = f"({WITH_SERVICE})({json.dumps(Browser.new().keys)})"
    browser_of_ada.add_init_script(script)
    page = browser_of_ada.new_page()
    page.goto(reverse("reminder_settings"))
    return page


def turn_on(page):
    page.get_by_role("button", name="Turn on in this browser").click()
    expect(page.get_by_text("They are on in this browser")).to_be_visible()


def test_a_browser_is_turned_on_and_off(page, user):
    expect(page.get_by_text("They are off in this browser")).to_be_visible()

    turn_on(page)

    one = user.pushsubscriptions.get()
    assert one.endpoint == "https://fcm.googleapis.com/fcm/send/1"
    key = page.evaluate("localStorage.getItem('asked-with')")
    assert len(key) == 87
    row = page.locator("[data-browser]")
    expect(row).to_contain_text("this one")

    row.get_by_role("button").click()

    expect(page.get_by_text("They are off in this browser")).to_be_visible()
    assert not user.pushsubscriptions.exists()
    assert page.evaluate("localStorage.getItem('endpoint')") is None


def test_another_account_in_the_same_browser_begins_anew(page, user, stranger):
    """What the first account turned on never shows the second one's promises."""
    turn_on(page)
    user.pushsubscriptions.update(owner=stranger)
    page.reload()

    turn_on(page)

    endpoints = [one.endpoint for one in user.pushsubscriptions.all()]
    assert endpoints == ["https://fcm.googleapis.com/fcm/send/2"]


def test_signing_out_turns_it_off(page, user):
    turn_on(page)

    page.goto(reverse("account_logout"))
    expect(page.locator("[name=browser]")).to_have_count(1, timeout=5000)
    page.get_by_role("button", name="Sign out").click()

    page.wait_for_url("**/accounts/login/**")
    assert not user.pushsubscriptions.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("delete window.PushManager", "This browser cannot show notices"),
        (
            "Object.defineProperty(Notification, 'permission', {get: () => 'denied'})",
            "This browser was told to show no notices",
        ),
        (
            "Object.defineProperty(window, 'isSecureContext', {get: () => false})",
            "Notices need an address with https",
        ),
        (
            "delete window.PushManager;"
            "Object.defineProperty(navigator, 'userAgent', {get: () => 'iPhone'})",
            "add networkcrm to your home screen first",
        ),
    ],
)
def test_what_is_missing_is_told_in_a_sentence(browser_of_ada, change, sentence):
    browser_of_ada.add_init_script(change)
    page = browser_of_ada.new_page()

    page.goto(reverse("reminder_settings"))

    expect(page.locator("#push-state")).to_contain_text(sentence)
    expect(page.get_by_role("button", name="Turn on")).to_be_hidden()


def test_who_says_no_is_told_that_nothing_was_turned_on(browser_of_ada, user):
    browser_of_ada.add_init_script(
        "Notification.requestPermission = async () => 'default'"
    )
    page = browser_of_ada.new_page()
    page.goto(reverse("reminder_settings"))

    page.get_by_role("button", name="Turn on in this browser").click()

    expect(page.locator("#push-state")).to_contain_text("Nothing was turned on")
    assert not user.pushsubscriptions.exists()


@pytest.fixture
def worker(browser_of_ada, base_url):
    """Our worker, and a way to deliver what a push service would."""
    page = browser_of_ada.new_page()
    debugger = browser_of_ada.new_cdp_session(page)
    known = []
    debugger.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(event["registrations"]),
    )
    debugger.send("ServiceWorker.enable")
    page.goto(reverse("reminder_settings"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    while not (known and browser_of_ada.service_workers):
        page.wait_for_timeout(50)
    (worker,) = browser_of_ada.service_workers

    def deliver(data):
        debugger.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": base_url,
                "registrationId": known[0]["registrationId"],
                "data": data,
            },
        )

    worker.deliver = deliver
    return worker


SHOWN = """async () => {
    for (let tries = 0; tries < 100; tries++) {
        const found = await registration.getNotifications();
        const said = ({title, body, tag, data}) => ({title, body, tag, data});
        if (found.length) return found.map(said);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}"""
CLICK = """async () => {
    const opened = [];
    clients.openWindow = async (url) => opened.push(url);
    const [notification] = await registration.getNotifications();
    const event = new NotificationEvent("notificationclick", { notification });
    const waited = [];
    event.waitUntil = (promise) => waited.push(promise);
    dispatchEvent(event);
    await Promise.all(waited);
    return { opened, left: (await registration.getNotifications()).length };
}"""


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("/follow-ups/", "/follow-ups/"),
        ("https://example.org/", ""),
        ("//example.org/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_notice_is_shown_and_opens_its_page(worker, base_url, url, opened):
    said = {"title": "A promise is due", "body": "Send it", "url": url, "tag": "t"}

    worker.deliver(json.dumps(said))

    assert worker.evaluate(SHOWN) == [
        {
            "title": "A promise is due",
            "body": "Send it",
            "tag": "t",
            "data": {"url": url},
        }
    ]
    assert worker.evaluate(CLICK) == {"opened": [f"{base_url}{opened}"], "left": 0}


@pytest.mark.parametrize("data", ["", "no JSON", "null", "[]"])
def test_what_cannot_be_read_is_shown_all_the_same(worker, data):
    """A browser that shows nothing is asked nothing any more."""
    worker.deliver(data)

    assert [one["title"] for one in worker.evaluate(SHOWN)] == ["networkcrm"]


def test_who_sees_the_way_in_gets_no_notices(worker, browser_of_ada):
    worker.evaluate(
        """() => {
            const unsubscribe = async () => { self.isOff = true; };
            PushManager.prototype.getSubscription = async () => ({ unsubscribe });
        }"""
    )
    browser_of_ada.clear_cookies()

    browser_of_ada.new_page().goto(reverse("account_login"))

    assert worker.evaluate(
        """async () => {
            for (let tries = 0; tries < 100 && !self.isOff; tries++)
                await new Promise((resolve) => setTimeout(resolve, 50));
            return self.isOff;
        }"""
    )
