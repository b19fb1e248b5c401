"""The picture worker's own process: it ends when the program does, also when the program was killed."""

from __future__ import annotations

import multiprocessing
import os
import threading


def begin() -> None:
    """Watch the program that started this worker: one that is killed can't tell its worker to go."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
