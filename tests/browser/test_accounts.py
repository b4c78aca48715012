import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.test_axe import faults

PASSWORD = "a long passphrase"


@pytest.fixture
def authenticator(page):
    """A fingerprint reader that says yes."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in(page, sign_in, user, authenticator):
    sign_in(page.context)
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey is added.")
    key = user.authenticator_set.get(type="webauthn")
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert faults(page.context, reverse(name, args=[key.pk])) == []

    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_title("Today · networkcrm")


def test_a_refused_passkey_is_told_in_a_sentence(page, transactional_db, user):
    page.goto(reverse("account_login"))
    page.evaluate(
        "() => { navigator.credentials.get = async () => {"
        " throw new DOMException('', 'NotAllowedError') } }"
    )

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("status")).to_have_text(
        "No passkey was used. Try again when you are ready."
    )


def test_first_visit_proposes_the_time_zone(new_context, transactional_db):
    page = new_context(timezone_id="Europe/Berlin").new_page()
    page.goto("/")
    page.get_by_label("E-mail address").fill("noor@example.org")
    page.get_by_label("Password").fill(PASSWORD)

    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    page.get_by_role("button", name="Begin").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Three small steps to begin"
    )


def test_first_visit_without_javascript(new_context, transactional_db):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_label("E-mail address").fill("noor@example.org")
    page.get_by_label("Password").fill(PASSWORD)

    page.get_by_role("button", name="Begin").click()

    expect(page).to_have_title("Today · networkcrm")


def test_a_typed_password_can_be_looked_at(page, user):
    page.goto(reverse("account_login"))
    page.get_by_label("Password").fill(PASSWORD)

    page.get_by_role("button", name="Show").click()

    expect(page.get_by_label("Password")).to_have_attribute("type", "text")


def test_slash_goes_to_the_search(page, sign_in):
    sign_in(page.context)
    page.goto(reverse("settings"))

    page.keyboard.press("/")
    page.keyboard.type("maya")

    box = page.get_by_role("searchbox", name="Search")
    expect(box).to_have_value("maya")

    page.keyboard.press("Escape")

    expect(box).not_to_be_focused()
    expect(box).to_have_value("maya")


def test_the_first_key_leads_past_the_navigation(page, sign_in):
    sign_in(page.context)
    page.goto(reverse("settings"))

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_label("Time zone")).to_be_focused()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_chosen_theme_stays(new_context, sign_in, system):
    context = new_context(color_scheme=system)
    sign_in(context)
    page = context.new_page()
    page.goto(reverse("settings"))
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()

    page.goto(reverse("today"))

    colour = "getComputedStyle(document.documentElement).colorScheme"
    assert page.evaluate(colour) == "dark"
