"""A small client: so many connections that ask, and ask again, as fast as they can."""

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

CONNECTIONS = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests per second, and how long one took, in milliseconds."""

    rate: float
    p50: float
    p95: float
    length: int


def percentiles(times: Sequence[float]) -> tuple[float, float]:
    """The middle, and what 95 of 100 stay below, of seconds in milliseconds."""
    if len(times) < 2:
        return times[0] * 1000, times[0] * 1000
    cuts = quantiles(times, n=20)
    return cuts[9] * 1000, cuts[18] * 1000


def ask(
    port: int, paths: Sequence[str], seconds: float, headers: dict[str, str]
) -> Measured:
    """Ask for these paths in turn, over connections that stay open.

    Raises RuntimeError when an answer is not 200.
    """
    times: list[float] = []
    lengths: list[int] = []
    failed: list[str] = []
    until = time.perf_counter() + seconds

    def run(turn: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < until and not failed:
            path = paths[turn % len(paths)]
            start = time.perf_counter()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            times.append(time.perf_counter() - start)
            lengths.append(len(body))
            if response.status != 200:
                failed.append(f"{path} answered {response.status}")
            turn += CONNECTIONS
        connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(failed[0])
    took = time.perf_counter() - start
    p50, p95 = percentiles(times)
    return Measured(len(times) / took, p50, p95, sum(lengths) // len(lengths))
