"""Every page, in both sizes and both colours: axe finds nothing, the
Content-Security-Policy refuses nothing, nothing sticks out, nobody else is asked."""

from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver, reverse
from playwright.sync_api import Error

from tests.one_of_each import kwargs_of, one_of_each

SIZES = [(1280, 900), (390, 844)]
THEMES = ["light", "dark"]
# Not pages: answers to a script, a picture, a file, another project's pages.
NOT_PAGES = {
    "contact_photo",
    "capture_picture",
    "card_vcf",
    "capture_token",
    "contact_options",
    "event_options",
    "feed_birthdays",
    "feed_events",
    "feed_followups",
    "organization_options",
    "manifest",
    "service_worker",
    "network_branch",
    "network_card",
    "network_data",
    # Opened by a mail, see below; or by having a passkey, see test_accounts.py.
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "undo",
}
BEFORE_SIGN_IN = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
]


def paths_of(owner):
    """Every address of the owner's pages: all that have a name."""
    ids = one_of_each(owner)
    patterns = get_resolver().reverse_dict
    for name in sorted({n for n in patterns if isinstance(n, str)} - NOT_PAGES):
        asked = patterns.getlist(name)[0][0][0][1]
        yield reverse(name, kwargs=kwargs_of(name, asked, ids))
    address = EmailAddress.objects.create(user=owner, email="new@example.org")
    confirmation = EmailConfirmationHMAC(address)
    yield reverse("account_confirm_email", args=[confirmation.key])
    yield reverse("account_confirm_email", args=["used-up"])
    yield "/accounts/password/reset/key/1-used-up/"
    yield "/nobody-and-nothing/"


# Preloading makes axe ask for the sheets itself, at addresses that are not theirs.
AXE = {"resultTypes": ["violations"], "preload": False}
# What light has shown, dark need not repeat.
AXE_IN_THE_DARK = AXE | {"runOnly": ["color-contrast"]}


def faults(context, path):
    """What is wrong with the page at this path, in words; [] when it is no page."""
    page = context.new_page()
    noticed, asked = [], []
    page.on("console", lambda m: m.type == "error" and noticed.append(m.text))
    page.on("pageerror", lambda error: noticed.append(str(error)))
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    try:
        answer = page.goto(path)
    except Error as error:
        page.close()
        # An address for POST answers with nothing to show.
        return [] if "RESPONSE_CODE_FAILURE" in error.message else [error.message]
    if urlsplit(page.url).path != path.partition("?")[0]:
        page.close()
        return []
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    options = AXE_IN_THE_DARK if is_dark else AXE
    noticed += [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in Axe().run(page, options=options).response["violations"]
        for node in fault["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        noticed.append("sticks out sideways")
    if not page.title().removesuffix("networkcrm").strip(" ·"):
        noticed.append("has no title")
    here = urlsplit(page.url).netloc
    noticed += [f"asks {host}" for host in {*asked} - {here, ""}]
    page.close()
    if answer.status == 404:
        noticed = [fault for fault in noticed if "(Not Found)" not in fault]
    elif answer.status != 200:
        noticed.append(f"answers {answer.status}")
    return noticed


@pytest.fixture(params=[f"{w}-{theme}" for w, h in SIZES for theme in THEMES])
def context(request, new_context):
    width, theme = request.param.split("-")
    return new_context(
        viewport={"width": int(width), "height": dict(SIZES)[int(width)]},
        color_scheme=theme,
        reduced_motion="reduce",
    )


def test_every_page(context, sign_in, user):
    sign_in(context)
    found = [f"{path} {f}" for path in paths_of(user) for f in faults(context, path)]

    assert "\n".join(found) == ""


def test_every_page_before_signing_in(context, user):
    paths = map(reverse, BEFORE_SIGN_IN)

    found = [f"{path} {f}" for path in paths for f in faults(context, path)]

    assert "\n".join(found) == ""


def test_first_visit(context, transactional_db):
    assert faults(context, reverse("account_signup")) == []
