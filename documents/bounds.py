"""What one process may take of the machine while it opens a stranger's file."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_TOO_LONG: Final = 1  # the exit status of a process that took all the time it had


def bound(memory: int) -> None:
    """Of this process: `memory` bytes of its own at most, no core on disk when it dies, and others go first."""
    if sys.platform == "win32":
        from documents import bounds_windows  # noqa: PLC0415 - needed there alone

        bounds_windows.bound(memory)
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """What takes too long ends the process, also in the middle of a library's own code."""
    if sys.platform == "win32":
        # Libraries let other threads run meanwhile; one that does not is ended by whoever waits (bot/workshop.py).
        timer = threading.Timer(seconds, os._exit, (_TOO_LONG,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        return
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
