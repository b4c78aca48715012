import fcntl
import hashlib
import os
import signal
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

from networkcrm import database
from networkcrm.home import SetupError
from networkcrm.management.base import JSONCommand


class Command(JSONCommand):
    help = "Start everything: the database, the web server and the worker."
    idle = True
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--port", default=8000, type=int, help="default: 8000")
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="leave the jobs to another process: manage.py worker",
        )

    def run(self, **options: Any) -> dict[str, Any]:
        # Until the server has handlers of its own, `kill` is a Ctrl-C.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            return self.serve(**options)
        except KeyboardInterrupt:
            return {"stopped": True}

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not self.idle:
            # Python would wait for the thread of a job that was given back.
            self.stdout.flush()
            os._exit(0)

    def serve(
        self, *, host: str, port: int, no_worker: bool, **options: Any
    ) -> dict[str, Any]:
        # Not before it is known that there is something to serve: this takes time.
        from networkcrm import files, server
        from networkcrm.worker import WorkerThread

        with ExitStack() as stack:
            if settings.EMBEDDED:
                stack.enter_context(only_one(settings.HOME))
            host, port = server.free_address(host, port)
            files.check()
            watch = stack.enter_context(database.ready())
            with meanwhile(collect_static):
                database.migrate()
            address = server.url(host, port)
            if "ALLOWED_HOSTS" not in os.environ:
                settings.ALLOWED_HOSTS.append(f"[{host}]" if ":" in host else host)
            if "BASE_URL" not in os.environ:
                settings.BASE_URL = address
            web = server.WebServer(host, port, access_log=settings.ACCESS_LOG)
            herald = server.Herald(
                web,
                ready=lambda: self.say(f"networkcrm is ready at {address}"),
                every_second=watch,
            )
            worker = None if no_worker else WorkerThread()
            if worker:
                worker.start()
            try:
                from networkcrm.wsgi import application

                web.run(application, on_startup=herald.watch_signals)
            finally:
                herald.is_over.set()
                self.idle = worker is None or worker.stop()
        if herald.failed:
            raise CommandError("The web server does not answer.")
        return {"address": address, "stopped": True}

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Raises SetupError when another `up` serves this folder."""
    with open(home / "up.lock", "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise SetupError(
                f"The data folder {home} is already served by another networkcrm"
                f" (process {file.read().strip() or 'unknown'}): stop it, or set"
                " NETWORKCRM_HOME to another folder."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Do this work beside the block, in a copy of this process on another core.

    The first start has seconds of both to do. What fails there is done again here,
    where it can say why.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        work()
        yield
        return
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    try:
        yield
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    if os.waitpid(child, 0)[1]:
        work()


def collect_static() -> None:
    """Gather the static files, unless those that are there were made from the same."""
    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".made-from"
    now = fingerprint()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with locked(root):
            if stamp.is_file() and stamp.read_text() == now:
                return
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
            stamp.write_text(now)
    except OSError as error:
        raise SetupError(
            f"The static files cannot be gathered in {root}: {error.strerror}."
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Of several that start at once on one folder, the others wait here."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems of networks lock no folders
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def fingerprint() -> str:
    """Changes with any static file of any app, and with where they come from."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{storage.path(name)} {status.st_size}".encode())
            digest.update(str(status.st_mtime_ns).encode())
    return digest.hexdigest()
