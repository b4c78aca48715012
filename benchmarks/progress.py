"""What is said while it runs: on stderr, the tables alone go to stdout."""

import sys
import time

_start = time.monotonic()


def say(sentence: str) -> None:
    print(
        f"{time.monotonic() - _start:5.0f} s  {sentence}", file=sys.stderr, flush=True
    )
