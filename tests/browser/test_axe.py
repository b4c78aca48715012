"""Every page, in both sizes and both colours: axe finds nothing, the
Content-Security-Policy refuses nothing, nothing sticks out, nobody else is asked."""

from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLResolver, get_resolver, reverse

from tests.one_of_each import one_of_each

SIZES = [(1280, 900), (390, 844)]
THEMES = ["light", "dark"]
# Not pages: answers to a script, a picture, a file, another project's pages.
NOT_PAGES = {
    "contact_photo",
    "manifest",
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


def named_patterns(resolver=None):
    for item in (resolver or get_resolver()).url_patterns:
        if not isinstance(item, URLResolver):
            yield item
        elif item.app_name != "admin":
            yield from named_patterns(item)


def paths_of(owner):
    """Every address of the owner's pages: all that have a name."""
    key = Authenticator.objects.create(
        user=owner,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Passkey 1", "credential": {}, "passwordless": True},
    )
    ids = one_of_each(owner) | {"pk": key.pk}
    names = {pattern.name: pattern for pattern in named_patterns() if pattern.name}
    for name in sorted(names.keys() - NOT_PAGES):
        asked = names[name].pattern.regex.groupindex
        if names[name].pattern.converters or not asked:
            yield reverse(name, kwargs={k: ids[k] for k in asked})
    address = EmailAddress.objects.create(user=owner, email="new@example.org")
    confirmation = EmailConfirmationHMAC(address)
    yield reverse("account_confirm_email", args=[confirmation.key])
    yield reverse("account_confirm_email", args=["used-up"])
    yield "/accounts/password/reset/key/1-used-up/"
    yield "/nobody-and-nothing/"


def faults(page, path):
    """What is wrong with the page at this path, in words; None when it is no page."""
    noticed, asked = [], []
    page.on("console", lambda m: m.type == "error" and noticed.append(m.text))
    page.on("pageerror", lambda error: noticed.append(str(error)))
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    answer = page.goto(path)
    try:
        if answer.status == 405 or urlsplit(page.url).path != path.partition("?")[0]:
            return []
        if "html" not in answer.headers["content-type"]:
            return [f"is {answer.headers['content-type']}"]
        noticed += [
            f"{fault['id']}: {node['html'][:200]}"
            for fault in Axe().run(page).response["violations"]
            for node in fault["nodes"]
        ]
        if answer.status not in {200, 404}:
            noticed.append(f"answers {answer.status}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            noticed.append("sticks out sideways")
        here = urlsplit(page.url).netloc
        noticed += [f"asks {host}" for host in {*asked} - {here, ""}]
        if not page.title().removesuffix("networkcrm").strip(" ·"):
            noticed.append("has no title")
        return [f for f in noticed if not (answer.status == 404 and "(Not Found)" in f)]
    finally:
        for event in ("console", "pageerror", "request"):
            page.remove_all_listeners(event)


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
    page = context.new_page()

    found = {path: faults(page, path) for path in paths_of(user)}

    assert {path: what for path, what in found.items() if what} == {}


def test_every_page_before_signing_in(context, user):
    page = context.new_page()

    found = {name: faults(page, reverse(name)) for name in BEFORE_SIGN_IN}

    assert {name: what for name, what in found.items() if what} == {}


def test_first_visit(context, transactional_db):
    page = context.new_page()

    assert faults(page, reverse("account_signup")) == []
