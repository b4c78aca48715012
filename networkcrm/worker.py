"""The worker: runs the jobs of networkcrm.tasks in a thread of this process."""

import asyncio
import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.db import connection
from procrastinate import JobContext, PsycopgConnector
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Status
from procrastinate.worker import Worker

from networkcrm import tasks

logger = logging.getLogger(__name__)

CONCURRENCY = 2
HEARTBEAT = 10.0
# A worker that has not been heard of for so long is dead, and its jobs are free.
DEAD_AFTER = 60.0
WEEK = 7 * 24 * 60 * 60


def make_app() -> DjangoApp:
    """An app of its own: Django's is for enqueueing, in Django's transactions."""
    # It listens for new jobs, which a pooler in transaction mode would not pass on.
    url = settings.DIRECT_DATABASE_URL
    app = DjangoApp(
        connector=PsycopgConnector(
            conninfo=url or "",
            kwargs={} if url else connector_params("default"),
            min_size=1,
            max_size=4,
            timeout=10,
        ),
        # A machine that sleeps at night makes up for it in the morning.
        periodic_defaults={"max_delay": WEEK},
    )

    @app.task(name=tasks.RUN, pass_context=True, retry=tasks.Retries())
    def run(context: JobContext, /, **said: Any) -> None:
        tasks.run(context.job)

    for path, cron in tasks.schedules.items():
        every = app.periodic(cron=cron, periodic_id=path, task_kwargs={"task": path})
        every(run)  # type: ignore[arg-type]  # said takes the timestamp as well
    return app


class WorkerThread(threading.Thread):
    """Start it, and stop() it. A lost database is waited for, not given up on."""

    def __init__(self) -> None:
        super().__init__(name="worker", daemon=True)
        self._asked_to_stop = threading.Event()
        self._worker: Worker | None = None
        self.ready = threading.Event()

    def run(self) -> None:
        while not self._asked_to_stop.is_set():
            try:
                asyncio.run(self._work())
            except Exception:
                logger.exception("The worker lost its database; it tries again soon.")
            self._asked_to_stop.wait(2)

    def stop(self, patience: float = 5.0) -> bool:
        """Take no new jobs, and wait for those that run. False if some still do.

        Those are given back: the next worker runs them from the start.
        """
        self._asked_to_stop.set()
        deadline = time.monotonic() + patience
        while self.is_alive() and time.monotonic() < deadline:
            if self._worker is not None:
                self._worker.stop()  # again, for one that was only just starting
            self.join(0.1)
        if not self.is_alive():
            return True
        worker = self._worker
        if worker is not None and worker.worker_id is not None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "DELETE FROM procrastinate_workers WHERE id = %s",
                    [worker.worker_id],
                )
        return False

    async def _work(self) -> None:
        app = make_app()
        async with app.open_async():
            options: dict[str, Any] = dict(app.worker_defaults) | {
                "concurrency": CONCURRENCY,
                "install_signal_handlers": False,
                "update_heartbeat_interval": HEARTBEAT,
                "stalled_worker_timeout": DEAD_AFTER,
            }
            self._worker = Worker(app, **options)
            if self._asked_to_stop.is_set():
                return
            rescue = asyncio.create_task(rescue_forever(app, self._worker))
            self.ready.set()
            try:
                await self._worker.run()
            finally:
                rescue.cancel()


async def rescue_forever(app: DjangoApp, worker: Worker) -> None:
    while True:
        try:
            if worker.worker_id is not None:
                # A laptop that woke up must not take its own job for a dead one's.
                await app.job_manager.update_heartbeat(worker.worker_id)
            await rescue(app)
        except Exception:
            logger.exception("Jobs of dead workers could not be looked for.")
        await asyncio.sleep(DEAD_AFTER / 2)


async def rescue(app: DjangoApp) -> None:
    """Give the jobs of workers that were killed to those that live.

    One that kills every worker that takes it has its attempts counted like others.
    """
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        if tasks.may_run_again(job):
            await manager.retry_job(job)
        else:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
