"""The web server, in threads of this process."""

import http.client
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.common import AbstractServer
from granian.server.mt import MTServer

from networkcrm.home import SetupError

logger = logging.getLogger(__name__)

# Each has a database connection of its own; the pool holds as many and a few more.
THREADS = 8
SETTLED_AFTER = 1.0
TO_STDERR = {
    "class": "logging.StreamHandler",
    "formatter": "generic",
    "stream": "ext://sys.stderr",
}


class WebServer(MTServer):
    """granian with its workers as threads.

    It offers this to free-threaded Python only, where workers gain by it. With
    one worker and Python's lock it does what its process-based server does, without
    a second process to start, to watch and to leave behind.
    """

    def __init__(self, host: str, port: int, *, access_log: bool) -> None:
        super().__init__(
            "networkcrm.wsgi",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
            websockets=False,
            log_level=LogLevels.info if access_log else LogLevels.warning,
            log_access=access_log,
            log_dictconfig={"handlers": {"console": TO_STDERR, "access": TO_STDERR}},
        )

    def _check_gil(self) -> None:
        pass

    def run(
        self, application: Callable[..., Any], on_startup: Callable[[], Any]
    ) -> None:
        """Serve until stop(). `on_startup` is called when the signals are granian's."""
        self.on_startup(on_startup)
        # Past MTServer.serve, which only warns of what _check_gil is about.
        AbstractServer.serve(self, target_loader=lambda: application, wrap_loader=False)

    def stop(self) -> None:
        self.signal_handler_interrupt()

    def stop_workers_again(self) -> None:
        for worker in list(self.wrks):
            worker.terminate()


def free_address(host: str, port: int) -> tuple[str, int]:
    """The numeric address to listen on; port 0 takes any. Raises SetupError."""
    if not 0 <= port <= 65535:  # the resolver would cut it to 16 bits
        raise SetupError(f"There is no port {port}: the last one is 65535.")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            # granian lets others listen beside it, so a bind alone may succeed.
            probe.listen(1)
            found = probe.getsockname()
    except (OSError, UnicodeError) as error:
        raise SetupError(_cannot_listen(host, port, error)) from error
    return str(found[0]), int(found[1])


def _cannot_listen(host: str, port: int, error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return f"There is no address called {host!r} to listen on."
    if isinstance(error, PermissionError):
        return f"Port {port} may not be used by this user: choose one above 1023."
    if isinstance(error, OSError) and "in use" in str(error):
        return (
            f"Port {port} on {host} is taken by another program:"
            " stop it, or choose another one with --port."
        )
    return f"It cannot listen on {host}, port {port}: {error}."


def url(host: str, port: int) -> str:
    """Where a browser on this machine finds it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def answers(host: str, port: int) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Herald(threading.Thread):
    """Says when the server answers, and passes on the wish to stop.

    granian must not be stopped before it answers: it would wait forever.
    """

    def __init__(
        self,
        server: WebServer,
        *,
        ready: Callable[[], None],
        every_second: Callable[[], None],
    ) -> None:
        super().__init__(name="herald", daemon=True)
        self.server = server
        self.ready = ready
        self.every_second = every_second
        self.asked_to_stop = threading.Event()
        self.is_over = threading.Event()
        self.failed = False

    def watch_signals(self) -> None:
        """Called in the main thread, after granian has set handlers of its own."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._signalled)
        self.start()

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop.set()

    def run(self) -> None:
        host, port = self.server.bind_addr, self.server.bind_port
        deadline = time.monotonic() + 20
        while not answers(host, port):
            if time.monotonic() > deadline:
                self.failed = True
                break
            time.sleep(0.02)
        else:
            self.ready()
        answered = time.monotonic()
        while not self.failed and not self.asked_to_stop.wait(1):
            try:
                self.every_second()
            except Exception:
                logger.exception("The watch over the database failed.")
        # An answer is no proof that granian is done with starting.
        time.sleep(max(0.0, answered + SETTLED_AFTER - time.monotonic()))
        self.server.stop()
        # A wish that comes to a worker too early is lost on it: say it again.
        while not self.is_over.wait(0.5):
            self.server.stop_workers_again()
