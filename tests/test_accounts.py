import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from networkcrm.models import User


@pytest.fixture
def visitor(db):
    return Client()


def sign_up(browser, email="noor@example.org", **extra):
    data = {"email": email, "password1": "a long passphrase", "time_zone": "UTC"}
    return browser.post(reverse("account_signup"), data | extra)


def sign_in(browser, email="ada@example.org", password="a long passphrase"):
    return browser.post(
        reverse("account_login"), {"login": email, "password": password}
    )


def test_first_visit_makes_the_owner(visitor):
    first = visitor.get("/", follow=True)
    answer = sign_up(visitor, time_zone="Europe/Berlin")

    owner = User.objects.get()
    assert first.redirect_chain[-1] == (reverse("account_signup"), 302)
    assert answer.url == reverse("today")
    assert (owner.email, owner.time_zone, owner.is_superuser, owner.is_staff) == (
        "noor@example.org",
        "Europe/Berlin",
        True,
        True,
    )
