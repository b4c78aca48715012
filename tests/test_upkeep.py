from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from networkcrm import undo, upkeep
from networkcrm.tasks import schedules
from tests.factories import ContactFactory, ImportFactory

pytestmark = pytest.mark.django_db


def test_it_is_done_every_night():
    nightly = {name.rpartition(".")[2] for name in schedules}

    assert {"clear_sessions", "clear_cache", "clear_jobs", "purge_trash"} <= nightly


def test_sessions_that_have_run_out_go(client):
    over = timezone.now() - timedelta(days=1)
    Session.objects.create(session_key="old", session_data="", expire_date=over)
    kept = Session.objects.exclude(session_key="old").count()

    upkeep.clear_sessions.call()

    assert Session.objects.count() == kept == 1


def cached():
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM networkcrm_cache")
        return {key.rpartition(":")[2] for (key,) in cursor.fetchall()}


def test_what_has_run_out_goes(user):
    cache.set("old", "a name", 60)
    cache.set("new", "a name", 60 * 60)

    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        upkeep.clear_cache.call()

    assert cached() & {"old", "new"} == {"new"}


def test_what_an_account_leaves_there_goes_with_it(user, stranger):
    undo.remember(user, "archive", ["a name"])
    before = cached()
    theirs = undo.remember(stranger, "archive", ["a name"])

    user.delete()

    assert len(before) == 1
    assert [key in theirs for key in cached()] == [True]


def test_jobs_that_ended_a_month_ago_go(run_tasks):
    for days in (1, 40):
        upkeep.clear_sessions.enqueue()
        run_tasks()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - make_interval(days => %s)"
                " WHERE at > now() - interval '1 hour'",
                [days],
            )
    assert ProcrastinateJob.objects.count() == 2

    upkeep.clear_jobs.call()

    assert ProcrastinateJob.objects.count() == 1


def test_with_an_account_go_its_files(
    user, stranger, django_capture_on_commit_callbacks
):
    mine, theirs = ContactFactory(owner=user), ContactFactory(owner=stranger)
    for contact in (mine, theirs):
        contact.photo.save("x.jpg", ContentFile(b"x"))
    batch = ImportFactory(owner=user)
    batch.file.save("x.vcf", ContentFile(b"x"))

    with django_capture_on_commit_callbacks(execute=True):
        user.delete()

    assert not default_storage.exists(mine.photo.name)
    assert not default_storage.exists(batch.file.name)
    assert default_storage.exists(theirs.photo.name)
