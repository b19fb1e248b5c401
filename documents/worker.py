"""The picture worker's own process: bounded, and it ends when the program does, also when the program was killed."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from typing import Final

from documents import check

SECONDS: Final = 25  # for one document
_MEMORY: Final = 1 << 30  # bytes of its own; 100 megapixels take 400 MB


def begin() -> None:
    """Watch the program that started this worker: one that is killed can't tell its worker to go.

    A stranger's file takes neither the machine's memory nor its pace.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def verdict(data: bytes, seconds: int = SECONDS) -> str:
    """As in `check`. What takes too long ends the process, also in the middle of a library's own code."""
    signal.alarm(seconds)
    try:
        return check.verdict(data)
    finally:
        signal.alarm(0)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
