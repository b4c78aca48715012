import asyncio
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.tasks import TaskResultStatus, default_task_backend, task
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from networkcrm import worker
from networkcrm.tasks import attempts, scheduled, schedules

said: list[str] = []


@pytest.fixture(autouse=True)
def quiet():
    said.clear()


@task
def say(word, *, times=1):
    said.extend([word] * times)
    return {"words": times}


@scheduled("15 3 * * *")
@attempts(2)
@task
def fail(word):
    raise ValueError(f"cannot say {word}")


@task(takes_context=True)
def tell_attempt(context):
    said.append(f"attempt {context.attempt}")


def test_a_task_runs_later_with_its_arguments_and_tells_what_came_of_it(run_tasks):
    result = say.enqueue("hello", times=2)
    assert (result.status, said) == (TaskResultStatus.READY, [])

    assert run_tasks() == 1

    result.refresh()
    assert said == ["hello", "hello"]
    assert (result.status, result.return_value) == ("SUCCESSFUL", {"words": 2})
    assert result.enqueued_at <= result.started_at <= result.finished_at
    assert result.attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_task_is_rolled_back_with_its_transaction(run_tasks):
    with transaction.atomic():
        say.enqueue("never")
        transaction.set_rollback(True)

    assert run_tasks() == 0


def test_a_failure_is_tried_again_later_and_keeps_its_errors(run_tasks):
    result = fail.enqueue("hello")

    run_tasks()

    result.refresh()
    assert (result.status, result.attempts) == (TaskResultStatus.READY, 1)
    job = ProcrastinateJob.objects.get(pk=result.id)
    assert timedelta(0) < job.scheduled_at - timezone.now() <= timedelta(seconds=10)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")

    run_tasks()

    result.refresh()
    assert (result.status, result.attempts) == (TaskResultStatus.FAILED, 2)
    assert [e.exception_class for e in result.errors] == [ValueError, ValueError]
    assert "cannot say hello" in result.errors[0].traceback


def test_what_matters_more_goes_first_and_what_is_for_later_waits(run_tasks):
    say.enqueue("second")
    say.using(priority=10).enqueue("first")
    say.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")

    run_tasks()

    assert said == ["first", "second"]


def test_a_task_can_ask_for_its_context(run_tasks):
    tell_attempt.enqueue()

    run_tasks()

    assert said == ["attempt 1"]


def test_a_task_that_is_no_more_fails_at_once(run_tasks):
    app.configure_task("networkcrm.tasks.run").defer(
        task="tests.test_tasks.renamed", args=[], kwargs={}
    )

    run_tasks()

    assert ProcrastinateJob.objects.get().status == "failed"


@pytest.mark.parametrize("result_id", ["0", "not a number"])
def test_no_result_for_a_job_that_never_was(db, result_id):
    with pytest.raises(TaskResultDoesNotExist):
        default_task_backend.get_result(result_id)


def test_schedules_are_known_to_the_worker():
    path = "tests.test_tasks.fail"

    assert schedules[path] == "15 3 * * *"
    periodic = worker.make_app().periodic_registry.periodic_tasks
    assert periodic["networkcrm.tasks.run", path].cron == "15 3 * * *"


@pytest.fixture
def working(transactional_db, monkeypatch):
    """A worker that only runs what the test enqueues."""
    monkeypatch.setattr(worker.tasks, "schedules", {})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    thread = worker.WorkerThread()
    thread.start()
    yield thread
    thread.stop()


def wait_for(result, status):
    for _ in range(200):
        result.refresh()
        if result.status == status:
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"still {result.status}: {result.errors}")


def test_the_worker_takes_a_job_as_soon_as_it_is_committed(working):
    assert working.ready.wait(10)

    result = say.enqueue("hello")
    wait_for(result, TaskResultStatus.SUCCESSFUL)

    assert said == ["hello"]
    assert working.stop()


hold = threading.Event()


@task
def hold_on():
    said.append("holding")
    hold.wait(30)


def test_a_job_that_does_not_end_is_given_back(working):
    hold.clear()
    result = hold_on.enqueue()
    wait_for(result, TaskResultStatus.RUNNING)

    stopped = working.stop(patience=0.5)

    free = asyncio.run(stalled())
    hold.set()
    working.join(10)
    assert (stopped, free) == (False, [int(result.id)])


async def stalled():
    app = worker.make_app()
    async with app.open_async():
        jobs = await app.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=worker.DEAD_AFTER
        )
        return [job.id for job in jobs]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("tried", "status"), [(0, "todo"), (4, "failed")])
def test_the_job_of_a_killed_worker_is_taken_over(db, tried, status):
    result = say.enqueue("hello")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s"
            " WHERE id = %s",
            [tried, int(result.id)],
        )

    asyncio.run(rescue())

    assert ProcrastinateJob.objects.get(pk=result.id).status == status


async def rescue():
    app = worker.make_app()
    async with app.open_async():
        await worker.rescue(app)
