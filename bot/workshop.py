"""The process in which strangers' pictures are opened and papers are printed: begun when needed, gone when idle."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final, ParamSpec, TypeVar

from documents import worker
from storage.measures import measures

_P = ParamSpec("_P")
_T = TypeVar("_T")

_IDLE: Final = 60.0  # seconds after which it ends
_LIMIT: Final = 30.0  # seconds for one piece of work; its process ends itself a little earlier


class Broken(Exception):
    """The process died of its work; the next piece of work gets a new process. `slow`: it took all the time it had."""

    def __init__(self, *, slow: bool = False) -> None:
        super().__init__()
        self.slow = slow


class Workshop:
    """One process; what is asked of it is done in order."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._end: asyncio.TimerHandle | None = None

    async def run(self, function: Callable[_P, _T], *args: _P.args, **_: _P.kwargs) -> _T:
        """What the function gives, called there. Raises Broken."""
        if self._pool is None:
            measures.count("workshop-started")
            # spawn: a fork of a process with threads and open databases is not safe
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), worker.begin)
        if self._end is not None:
            self._end.cancel()
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._pool, function, *args), _LIMIT)
        except (BrokenProcessPool, TimeoutError) as error:
            self.close()
            measures.count("workshop-broken")
            raise Broken(slow=loop.time() - began >= worker.SECONDS) from error
        finally:
            self._end = loop.call_later(_IDLE, self._shut)

    def close(self) -> None:
        """End the process, also in the middle of its work: else whoever stops this program waits for it."""
        if self._end is not None:
            self._end.cancel()
        self._shut()
        for child in multiprocessing.active_children():  # this program has no others
            child.kill()

    def _shut(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
