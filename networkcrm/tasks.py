"""Django's tasks, kept and run by procrastinate.

    @scheduled("15 3 * * *")
    @attempts(3)
    @task
    def purge_trash() -> None: ...

    purge_trash.enqueue()

A job is a row of procrastinate_jobs, written by the connection that enqueues it:
it is rolled back with its transaction, and no worker sees it before the commit.
One procrastinate task, RUN, runs them all: its arguments name the Django task and
gather what came of it, since procrastinate keeps neither errors nor results.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from traceback import format_exception
from typing import Any, TypeVar

from django.db import connection
from django.tasks import Task, TaskContext, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import TaskError
from django.tasks.exceptions import TaskResultDoesNotExist
from django.tasks.signals import task_enqueued, task_finished, task_started
from django.utils import timezone
from django.utils.json import normalize_json
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from psycopg.types.json import Jsonb

logger = logging.getLogger(__name__)

RUN = "networkcrm.tasks.run"
DEFAULT_ATTEMPTS = 5

# By the dotted path of the task.
schedules: dict[str, str] = {}
_attempts: dict[str, int] = {}

T = TypeVar("T", bound=Task)


def scheduled(cron: str) -> Callable[[T], T]:
    """Run this task by the clock: five fields of crontab(5), in UTC.

    What was missed while nothing ran is made up for, once, within a week.
    """

    def register(task: T) -> T:
        schedules[task.module_path] = cron
        return task

    return register


def attempts(number: int) -> Callable[[T], T]:
    """Try this task so often before it has failed; 5 times unless said otherwise."""

    def register(task: T) -> T:
        _attempts[task.module_path] = number
        return task

    return register


class Retries(BaseRetryStrategy):
    """Wait 10 s after the first failure, then 40 s, 160 s, ... up to an hour."""

    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> RetryDecision | None:
        if isinstance(exception, ImportError) or not may_run_again(job):
            return None
        return RetryDecision(retry_in={"seconds": min(10 * 4**job.attempts, 3600)})


def may_run_again(job: Job) -> bool:
    """Whether a job that fails now, after job.attempts others, is tried again."""
    allowed = _attempts.get(str(job.task_kwargs["task"]), DEFAULT_ATTEMPTS)
    return job.attempts + 1 < allowed


class ProcrastinateBackend(BaseTaskBackend):
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    def enqueue(
        self,
        task: Task,
        args: tuple[Any, ...] | list[Any],
        kwargs: dict[str, Any],
    ) -> TaskResult:
        self.validate_task(task)
        job_id = app.configure_task(
            RUN,
            queue=task.queue_name,
            priority=task.priority,
            schedule_at=task.run_after,
        ).defer(
            task=task.module_path,
            args=normalize_json(list(args)),
            kwargs=normalize_json(kwargs),
        )
        result = _result(self.alias, task, job_id, list(args), kwargs)
        object.__setattr__(result, "enqueued_at", timezone.now())
        task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult:
        try:
            job = ProcrastinateJob.objects.get(pk=int(result_id), task_name=RUN)
        except (ValueError, ProcrastinateJob.DoesNotExist) as error:
            raise TaskResultDoesNotExist(result_id) from error
        said = job.args
        task = import_string(said["task"])
        result = _result(
            self.alias, task, job.pk, said.get("args", []), said.get("kwargs", {})
        )
        events: dict[str, list[datetime | None]] = {}
        for kind, at in job.procrastinateevent_set.order_by("id").values_list(
            "type", "at"
        ):
            events.setdefault(kind, []).append(at)
        started = events.get("started", [])
        finished = [
            at
            for kind in ("succeeded", "failed", "cancelled", "aborted")
            for at in events.get(kind, [])
        ]
        found = {
            "status": STATUSES[job.status],
            "enqueued_at": next(iter(events.get("deferred", [])), None),
            "started_at": started[0] if started else None,
            "last_attempted_at": started[-1] if started else None,
            "finished_at": finished[-1] if finished else None,
            "errors": [TaskError(**error) for error in said.get("errors", [])],
            # One for each attempt: TaskResult counts them.
            "worker_ids": ["worker"] * len(started),
            "_return_value": said.get("returned"),
        }
        for name, value in found.items():
            object.__setattr__(result, name, value)
        return result


STATUSES = {
    "todo": TaskResultStatus.READY,
    "doing": TaskResultStatus.RUNNING,
    "succeeded": TaskResultStatus.SUCCESSFUL,
    "failed": TaskResultStatus.FAILED,
    "cancelled": TaskResultStatus.FAILED,
    "aborted": TaskResultStatus.FAILED,
}


def _result(
    alias: str,
    task: Task,
    job_id: int,
    args: list[Any],
    kwargs: dict[str, Any],
) -> TaskResult:
    return TaskResult(
        task=task,
        id=str(job_id),
        status=TaskResultStatus.READY,
        enqueued_at=None,
        started_at=None,
        finished_at=None,
        last_attempted_at=None,
        args=args,
        kwargs=kwargs,
        backend=alias,
        errors=[],
        worker_ids=[],
    )


def run(job: Job) -> None:
    """Run the Django task of a job, and write what came of it into the job.

    Raises what the task raises; whether there is another attempt is Retries' word.
    """
    said = job.task_kwargs
    task = import_string(str(said["task"]))
    backend = task.get_backend()
    result = backend.get_result(str(job.id))
    task_started.send(type(backend), task_result=result)
    context: list[TaskContext] = []
    if task.takes_context:
        context.append(TaskContext(task_result=result))
    try:
        returned = task.call(*context, *result.args, **result.kwargs)
        _note(job, returned=normalize_json(returned))
    except Exception as error:
        kind = type(error)
        seen = {
            "exception_class_path": f"{kind.__module__}.{kind.__qualname__}",
            "traceback": "".join(format_exception(error)),
        }
        _note(job, errors=[*said.get("errors", []), seen])  # type: ignore[misc]
        result.errors.append(TaskError(**seen))
        if not may_run_again(job):
            _finish(result, TaskResultStatus.FAILED)
        raise
    object.__setattr__(result, "_return_value", returned)
    _finish(result, TaskResultStatus.SUCCESSFUL)


def _note(job: Job, **outcome: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET args = args || %s WHERE id = %s",
            [Jsonb(outcome), job.id],  # type: ignore[list-item]
        )


def _finish(result: TaskResult, status: TaskResultStatus) -> None:
    object.__setattr__(result, "status", status)
    object.__setattr__(result, "finished_at", timezone.now())
    task_finished.send(type(result.task.get_backend()), task_result=result)
