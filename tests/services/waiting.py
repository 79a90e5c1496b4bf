"""Waiting for other processes."""

import time
from collections.abc import Callable


def within(seconds: float, holds: Callable[[], bool], *, look_every: float = 0.1) -> bool:
    """Tell whether something comes to hold in that time."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(look_every)
    return True
