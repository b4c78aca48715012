import pytest
from django.db import OperationalError, connection
from django.test import Client


@pytest.fixture
def probe():
    """Whoever checks the health knows neither our name nor a password."""
    return Client(headers={"host": "10.1.2.3"})


@pytest.mark.django_db
def test_healthy_when_the_database_answers(probe, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = probe.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_unhealthy_when_it_does_not(probe, monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = probe.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {"status": "the database does not answer"}


def test_health_is_only_read(probe):
    assert probe.post("/healthz").status_code == 405
