"""People and an introduction that several of these tests begin with.

Models can be imported only after the settings, which this file comes before.
"""

import pytest
from django.test import Client


def called(user, name):
    from tests.factories import ContactFactory

    return ContactFactory(owner=user, full_name=name)


@pytest.fixture
def me(user):
    return user.contacts.get(is_me=True)


@pytest.fixture
def lena(user):
    return called(user, "Lena Brandt")


@pytest.fixture
def maya(user):
    return called(user, "Maya Lindqvist")


@pytest.fixture
def tom(user):
    return called(user, "Tom Okafor")


@pytest.fixture
def introduction(user, maya, tom):
    from tests.factories import IntroductionFactory

    return IntroductionFactory(owner=user, a=maya, b=tom, why_a="He buys for shops.")


@pytest.fixture
def asked(introduction):
    """The token of the link to Maya."""
    from connections import introducing

    return introducing.ask_by_link(introduction, "a", "May I introduce you to Tom?")


@pytest.fixture
def visitor(client):
    """Somebody without an account. Depends on client so that both can be used."""
    return Client(enforce_csrf_checks=False)
