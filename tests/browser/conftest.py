import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

PASSWORD = "a long passphrase"


@pytest.fixture(scope="session")
def base_url(live_server):
    """Addresses in `page.goto` are those of the running server."""
    return live_server.url


@pytest.fixture(autouse=True)
def _pages_are_kept(settings):
    """As on a real installation: a page that should have changed must have."""
    settings.PAGE_CACHE = True


@pytest.fixture
def session(live_server, user):
    """A session of ada, who has just said her password once more."""
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def sign_in(session, live_server):
    """Make a browser's context ada's."""

    def sign_in(context):
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": session,
                    "url": live_server.url,
                }
            ]
        )

    return sign_in
