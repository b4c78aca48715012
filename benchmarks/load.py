"""A small client: so many connections that ask, and ask again, as fast as they can."""

import http.client
import itertools
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

CONNECTIONS = 4
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests per second, and how many bytes an answer has."""

    rate: float
    length: int


def percentiles(times: Sequence[float]) -> tuple[float, float]:
    """The middle, and what 95 of 100 stay below, of seconds in milliseconds."""
    if len(times) < 2:
        return times[0] * 1000, times[0] * 1000
    cuts = quantiles(times, n=20, method="inclusive")
    return cuts[9] * 1000, cuts[18] * 1000


class Connection:
    """One that stays open. Raises RuntimeError when an answer is not as expected."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self.headers = dict(headers)
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path: str, body: str | None = None, status: int = 200) -> int:
        """The length of the answer, of a GET or of a POST with this body."""
        headers = self.headers if body is None else self.headers | FORM
        method = "GET" if body is None else "POST"
        self.http.request(method, path, body=body, headers=headers)
        response = self.http.getresponse()
        length = len(response.read())
        if response.status != status:
            raise RuntimeError(f"{path} answered {response.status}, not {status}.")
        return length

    def close(self) -> None:
        self.http.close()


def ask(
    port: int,
    paths: Sequence[str],
    seconds: float,
    headers: Mapping[str, str],
    bodies: Iterator[str] | None = None,
) -> Measured:
    """Ask for these paths in turn; with bodies, post each of them once, which must be
    answered by a redirect."""
    lengths: list[int] = []
    failed: list[Exception] = []
    asked = itertools.cycle(paths)
    until = time.perf_counter() + seconds

    def run() -> None:
        connection = Connection(port, headers)
        try:
            while time.perf_counter() < until and not failed:
                if bodies is None:
                    lengths.append(connection.ask(next(asked)))
                else:
                    lengths.append(connection.ask(next(asked), next(bodies), 302))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"{paths[0]}: {failed[0]}") from failed[0]
    took = time.perf_counter() - start
    return Measured(len(lengths) / took, sum(lengths) // len(lengths))


def by_turns(
    ports: Sequence[int],
    paths: Sequence[str],
    visits: int,
    headers: Mapping[str, str],
) -> list[list[float]]:
    """So many visits of each server, one visit at a time, each server in its turn:
    what the machine is busy with otherwise falls on all of them. Seconds, by server."""
    connections = [Connection(port, headers) for port in ports]
    times: list[list[float]] = [[] for _port in ports]
    for turn in range(visits + 1):
        for connection, took in zip(connections, times, strict=True):
            start = time.perf_counter()
            connection.ask(paths[turn % len(paths)])
            if turn:  # the first one finds nothing warm
                took.append(time.perf_counter() - start)
    for connection in connections:
        connection.close()
    return times
