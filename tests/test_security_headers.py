import re

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

PAGES = ["account_login", "today", "contact_list", "settings"]


@pytest.fixture
def behind_https(settings):
    """What settings make of BASE_URL=https://..."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


@pytest.mark.parametrize("name", PAGES)
def test_every_page_carries_the_headers_of_a_careful_site(client, behind_https, name):
    """The rules of MDN's HTTP Observatory, each at its best mark."""
    response = client.get(reverse(name), secure=True, follow=True)

    sent = {name.lower(): value for name, value in response.headers.items()}
    assert sent["strict-transport-security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    assert sent["x-content-type-options"] == "nosniff"
    assert sent["x-frame-options"] == "DENY"
    assert sent["referrer-policy"] == "same-origin"
    assert sent["cross-origin-opener-policy"] == "same-origin"
    assert sent["cross-origin-resource-policy"] == "same-origin"
    assert "camera=(self)" in sent["permissions-policy"]
    assert "access-control-allow-origin" not in sent


def policy(response):
    directives = response.headers["Content-Security-Policy"].split("; ")
    return {name: values for name, *values in map(str.split, directives)}


def test_the_content_policy_allows_nothing_inline_and_no_one_else(client):
    found = policy(client.get(reverse("today")))

    assert found["default-src"] == ["'self'"]
    assert found["base-uri"] == found["frame-ancestors"] == ["'none'"]
    assert found["object-src"] == ["'none'"]
    assert found["form-action"] == ["'self'"]
    assert "unsafe" not in str(found)
    sources = {source for values in found.values() for source in values}
    assert sources <= {"'self'", "'none'", "data:", "blob:"}


def test_signing_out_empties_the_cache_and_nothing_else(client):
    page = reverse("account_logout")

    asked, done = client.get(page), client.post(page)

    assert "Clear-Site-Data" not in asked.headers
    assert done.headers["Clear-Site-Data"] == '"cache"'


def test_cookies_stay_with_the_site(user, behind_https):
    browser = Client()
    login = browser.get(reverse("account_login"), secure=True)
    page = login.content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    browser.post(
        reverse("account_login"),
        {
            "login": user.email,
            "password": "a long passphrase",
            "csrfmiddlewaretoken": token,
        },
        secure=True,
    )

    kept = {
        name: (bool(c["secure"]), bool(c["httponly"]), c["samesite"])
        for name, c in browser.cookies.items()
        if c.value
    }

    assert kept == {
        project.SESSION_COOKIE_NAME: (True, True, "Lax"),
        project.CSRF_COOKIE_NAME: (True, True, "Lax"),
    }


def test_plain_http_is_sent_to_https(client, behind_https):
    response = client.get(reverse("today"))

    assert (response.status_code, response.url) == (301, "https://testserver/")


def test_an_unknown_host_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["crm.example.org"]

    response = client.get(reverse("account_login"), headers={"host": "evil.example"})

    assert response.status_code == 400
