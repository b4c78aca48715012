"""Servers to be asked, each a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parent.parent
PAGES = "networkcrm.settings"
# The same, but for each answer it is as if something had been written since the last.
COLD = "benchmarks.cold_settings"
FLOOR = "benchmarks.floor_settings"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served(module: str, home: Path | None = None) -> Iterator[int]:
    """The port of the web server that `up` uses, with the settings of this module and
    the database of this folder, or of ours."""
    port = free_port()
    program = [sys.executable, "-m", "benchmarks.serve", str(port)]
    environment = {"DJANGO_SETTINGS_MODULE": module}
    if home:
        environment["NETWORKCRM_HOME"] = str(home)
        environment["STATIC_ROOT"] = settings.STATIC_ROOT
    with running(program, port, environment):
        yield port


@contextlib.contextmanager
def up() -> Iterator[tuple[int, int]]:
    """The port and the process id of `manage.py up`: web server and worker."""
    port = free_port()
    program = [sys.executable, "manage.py", "up", "--port", str(port)]
    with running(program, port, {}) as process:
        yield port, process.pid


@contextlib.contextmanager
def running(
    program: list[str], port: int, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Raises RuntimeError when it does not answer."""
    from networkcrm.server import answers

    process = subprocess.Popen(
        program, env=os.environ | environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while not answers("127.0.0.1", port):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"{' '.join(program)} does not answer.")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
