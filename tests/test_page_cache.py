"""Unchanged pages are sent again; whatever may have changed is made anew."""

import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, Tag
from networkcrm import page_cache
from networkcrm.copying import copy_in
from networkcrm.owned import Owned
from tests import factories
from tests.factories import ContactFactory, OwnedFactory, TagFactory

PAGES = ["today", "contact_list", "insights", "network", "circle_list", "search"]


def factories_of_all(cls=OwnedFactory):
    for sub in cls.__subclasses__():
        if not sub._meta.abstract:
            yield sub
        yield from factories_of_all(sub)


FACTORIES = {f._meta.model: f for f in factories_of_all()}


@pytest.fixture(autouse=True)
def _switched_on(settings, transactional_db):
    settings.PAGE_CACHE = True
    page_cache.pages.clear()


@pytest.fixture
def ana(user):
    return ContactFactory(owner=user, full_name="Ana Ruiz")


def revision_of(owner):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM networkcrm_revision WHERE owner_id = %s", [owner.pk]
        )
        return (cursor.fetchone() or [0])[0]


def is_made_anew(client, address):
    """Whether this visit made the page, and what it shows."""
    kept = set(map(id, page_cache.pages.by_key.values()))
    text = client.get(address).text
    now = set(map(id, page_cache.pages.by_key.values()))
    return not now <= kept, text


def seen(client, address, times=3):
    """Visited until it is kept: the first visit of a day writes, and sets a cookie."""
    for _ in range(times):
        client.get(address)
    assert is_made_anew(client, address)[0] is False


def test_an_unchanged_page_costs_one_statement(client, ana, django_assert_num_queries):
    seen(client, ana.get_absolute_url())

    with django_assert_num_queries(1):
        response = client.get(ana.get_absolute_url())

    assert "Ana Ruiz" in response.text
    assert response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", PAGES)
def test_after_a_change_every_page_is_made_anew(client, user, ana, name):
    seen(client, reverse(name))

    ContactFactory(owner=user, full_name="Ben Okoye")

    assert is_made_anew(client, reverse(name))[0]


def test_the_change_of_another_process_is_seen_at_once(client, ana):
    seen(client, ana.get_absolute_url())

    def elsewhere():
        Contact.objects.filter(owner=ana.owner, pk=ana.pk).update(headline="A baker")
        connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert "A baker" in client.get(ana.get_absolute_url()).text


def test_somebody_elses_change_keeps_my_pages(client, ana, stranger):
    seen(client, ana.get_absolute_url())

    ContactFactory(owner=stranger)

    assert is_made_anew(client, ana.get_absolute_url())[0] is False


def by_update(tag):
    Tag.objects.filter(owner=tag.owner, pk=tag.pk).update(name="bakers")


def by_hand(tag):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_tag SET name = 'bakers' WHERE owner_id = %(owner)s",
            {"owner": str(tag.owner_id)},
        )


def by_with(tag):
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM contacts_tag WHERE owner_id = %s RETURNING id)"
            " SELECT count(*) FROM gone",
            [tag.owner_id],
        )


def by_bulk(tag):
    names = ["a", "b", "c"]
    Tag.objects.bulk_create([Tag(owner=tag.owner, name=n, key=n) for n in names])


def by_many(tag):
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM contacts_tag WHERE owner_id = %s AND id = %s",
            [[tag.owner_id, tag.pk], [tag.owner_id, uuid.uuid4()]],
        )


def by_copy(tag):
    columns = ["id", "owner_id", "created_at", "updated_at", "name", "key"]
    now = tag.created_at
    row = [uuid.uuid4(), tag.owner_id, now, now, "copied", "copied"]
    copy_in(Tag, columns, [row])


@pytest.mark.parametrize(
    "change", [by_update, by_hand, by_with, by_bulk, by_many, by_copy]
)
def test_every_way_to_write_counts(user, stranger, change):
    tag = TagFactory(owner=user)
    mine, theirs = revision_of(user), revision_of(stranger)

    change(tag)

    assert revision_of(user) > mine
    assert revision_of(stranger) == theirs


def test_making_changing_and_deleting_a_row_of_any_model_counts(user):
    uncounted = []
    for model, make in FACTORIES.items():
        numbers = [revision_of(user)]
        row = make(**whose(model, user))
        numbers.append(revision_of(user))
        row.save()
        numbers.append(revision_of(user))
        row.delete()
        numbers.append(revision_of(user))
        if numbers != sorted(set(numbers)):
            uncounted.append((model.__name__, numbers))

    assert uncounted == []


def whose(model, user):
    declared = FACTORIES[model]._meta.base_declarations
    if isinstance(declared["owner"], factories.factory.SubFactory):
        return {"owner": user}
    source = str(declared["owner"].attribute_name).partition(".")[0]
    return {f"{source}__owner": user}


def test_no_model_is_forgotten():
    """Those without a factory are written with another, and found in by_hand's way."""
    models = {m.__name__ for m in Owned.__subclasses__() if not m._meta.abstract}
    made = {m.__name__ for m in FACTORIES}
    assert models - made == {"OutcomeShare", "Participation", "SearchRow", "SearchWord"}


def test_what_is_rolled_back_does_not_count(user):
    before = revision_of(user)

    with transaction.atomic():
        TagFactory(owner=user)
        transaction.set_rollback(True)

    assert revision_of(user) == before


def test_a_write_after_a_savepoint_that_was_rolled_back_counts(user):
    before = revision_of(user)

    with transaction.atomic():
        with transaction.atomic():
            TagFactory(owner=user, name="lost")
            transaction.set_rollback(True)
        TagFactory(owner=user, name="kept")

    assert revision_of(user) == before + 1


def test_a_long_transaction_moves_the_number_once(user):
    before = revision_of(user)

    with transaction.atomic():
        for _ in range(5):
            TagFactory(owner=user)

    assert revision_of(user) == before + 1


def test_signing_out_anywhere_ends_it(client, user, ana):
    seen(client, ana.get_absolute_url())

    Session.objects.all().delete()

    response = client.get(ana.get_absolute_url())
    assert response.status_code == 302
    assert "Ana Ruiz" not in response.text


def test_a_new_password_ends_it(client, user, ana):
    seen(client, ana.get_absolute_url())

    user.set_password("another long passphrase")
    user.save()

    assert client.get(ana.get_absolute_url()).status_code == 302


def test_a_closed_account_is_shown_nothing(client, user, ana):
    seen(client, ana.get_absolute_url())

    user.is_active = False
    user.save()

    assert client.get(ana.get_absolute_url()).status_code == 302


def test_neither_a_stranger_nor_a_visitor_gets_a_kept_page(client, ana, stranger):
    seen(client, ana.get_absolute_url())
    theirs = Client()
    theirs.force_login(stranger)

    assert theirs.get(ana.get_absolute_url()).status_code == 404
    assert Client().get(ana.get_absolute_url()).status_code == 302


def test_one_browser_with_two_accounts_in_turn(client, user, ana, stranger):
    seen(client, reverse("contact_list"))

    client.force_login(stranger)

    assert "Ana Ruiz" not in client.get(reverse("contact_list")).text


def test_a_message_is_said_once(client, user, ana):
    seen(client, reverse("contact_list"))

    client.post(reverse("contact_trash", kwargs={"contact_id": ana.pk}))

    texts = [client.get(reverse("contact_list")).text for _ in range(3)]
    assert ["Undo" in text for text in texts] == [True, False, False]


def test_a_part_is_not_the_page(client, ana, htmx):
    address = reverse("contact_list")
    seen(client, address)

    part = client.get(address, headers=htmx("results")).text
    again = client.get(address, headers=htmx("results")).text

    assert "<html" not in part
    assert again == part
    assert "<html" in client.get(address).text


def test_a_minute_later_it_is_made_anew(client, ana, monkeypatch):
    seen(client, ana.get_absolute_url())
    later = page_cache.time.monotonic() + page_cache.MOST_SECONDS + 1

    monkeypatch.setattr(page_cache.time, "monotonic", lambda: later)

    assert is_made_anew(client, ana.get_absolute_url())[0]


def test_an_expired_session_is_shown_nothing(client, ana, settings):
    seen(client, ana.get_absolute_url())

    later = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE + 60)
    with time_machine.travel(later, tick=False):
        assert client.get(ana.get_absolute_url()).status_code == 302


@pytest.mark.parametrize(
    "address", ["/admin/", "/accounts/email/", "/accounts/sessions/", "/healthz"]
)
def test_what_is_never_kept(client, user, address):
    user.is_staff = user.is_superuser = True
    user.save()

    for _ in range(3):
        client.get(address)

    assert not page_cache.pages.by_key


def test_the_least_used_make_room(monkeypatch):
    pages = page_cache.Pages()
    monkeypatch.setattr(page_cache, "MOST_BYTES", 250)
    state = page_cache.State("", uuid.uuid4(), 1)
    until = page_cache.time.monotonic() + 60

    for n in range(3):
        pages.keep((n,), page_cache.Page(state, b"x" * 100, {}, {}, until))
        pages.get((0,))

    assert list(pages.by_key) == [(2,), (0,)]
    assert pages.size == 200
