"""Tests have a data folder and a PostgreSQL of their own, one for the whole run.

With DATABASE_URL set they use that server instead. Settings read the environment
when they are imported, which must come after this file, as must all models.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django
import pytest

from networkcrm import embedded

# Set by the first process, found by those that pytest-xdist starts from it.
HOME = os.environ.get("NETWORKCRM_TEST_HOME") or tempfile.mkdtemp(prefix="nc-test-")
os.environ |= {
    "NETWORKCRM_TEST_HOME": HOME,
    "NETWORKCRM_HOME": HOME,
    "DJANGO_SETTINGS_MODULE": "networkcrm.settings",
    # Playwright keeps an event loop running in the thread of the tests.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}
for variable in ("BASE_URL", "NETWORKCRM_DEBUG", "SECRET_KEY", "SIGNUP_OPEN"):
    os.environ.pop(variable, None)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_BROWSER = "No chromium found: THE BROWSER TESTS DID NOT RUN."
NO_CLUSTER = "THE TEST OF SEVERAL MACHINES DID NOT RUN."

running = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stack = config.stash[running] = ExitStack()
        stack.callback(shutil.rmtree, HOME, ignore_errors=True)
        (Path(HOME) / "static").mkdir()
        if not os.environ.get("DATABASE_URL"):
            stack.enter_context(embedded.attached(Path(HOME), embedded.CARELESS))
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    if running in config.stash:
        config.stash[running].close()


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    for folder, sentence, required in (
        ("browser", not CHROMIUM and NO_BROWSER, "NETWORKCRM_REQUIRE_BROWSER"),
        ("cluster", _no_cluster(), "NETWORKCRM_REQUIRE_CLUSTER"),
    ):
        found = [item for item in items if folder in item.path.parent.parts]
        if not sentence or not found:
            continue
        if os.environ.get(required):
            raise pytest.UsageError(f"{sentence} {required} is set.")
        for item in found:
            item.add_marker(pytest.mark.skip(reason=sentence))


def _no_cluster() -> str:
    from tests.cluster import machines

    missing = [*machines.missing(), *([] if CHROMIUM else ["chromium"])]
    return f"No {', no '.join(missing)} found: {NO_CLUSTER}" if missing else ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    for sentence in (NO_BROWSER, NO_CLUSTER):
        if any(sentence in str(report.longrepr) for report in skipped):
            terminalreporter.write_line(sentence, red=True, bold=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's chromium, which makes no requests of its own."""
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--disable-quic",
            # WebGL without a graphics card.
            "--enable-unsafe-swiftshader",
        ],
    }


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of the tests is dropped though a thread of a server lingers."""
    yield
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def user(db):
    from tests.factories import make_user

    return make_user("ada")


@pytest.fixture
def stranger(db):
    from tests.factories import make_user

    return make_user("mallory")


@pytest.fixture
def client(client, user):
    """A browser in which ada is logged in."""
    client.force_login(user)
    return client


@pytest.fixture
def run_tasks(db):
    """Run the jobs that are due, one by one and in this thread, as a worker would.

    Returns how many there were. What fails is kept with its job, or put off until
    its next attempt.
    """
    from procrastinate import sql
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    from networkcrm import tasks

    connector, manager = app.connector, app.job_manager

    def run():
        count = 0
        worker = connector.execute_query_one(query=sql.queries["register_worker"])
        while True:
            row = connector.execute_query_one(
                query=sql.queries["fetch_job"], queues=None, **worker
            )
            if row["id"] is None:
                return count
            count += 1
            job = ProcrastinateJob.objects.get(pk=row["id"]).procrastinate_job
            status = "succeeded"
            try:
                tasks.run(job)
            except Exception as error:
                again = tasks.Retries().get_retry_decision(exception=error, job=job)
                if again:
                    manager.retry_job_by_id(job.id, retry_at=again.retry_at)
                    continue
                status = "failed"
            connector.execute_query(
                query=sql.queries["finish_job"],
                job_id=job.id,
                status=status,
                delete_job=False,
            )

    # Tests that commit leave their jobs behind.
    connector.execute_query(query="DELETE FROM procrastinate_jobs")
    return run


@pytest.fixture
def htmx():
    """Headers of an htmx request that will replace the element with this id."""

    def headers(target):
        return {"HX-Request": "true", "HX-Target": target}

    return headers
