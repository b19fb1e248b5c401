"""How the system asks this program to end: by signals, which Windows has of another kind."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable


def asked_to_stop(stop: Callable[[], object]) -> None:
    """Have `stop` called in the running loop when Ctrl+C is pressed or the service is stopped."""
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGBREAK):  # Ctrl+Break and a closed window are the third
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
