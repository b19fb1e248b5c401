"""The jobs in this process's hands: claimed in its name, renewed while they take long, handed over when it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from bot.lease import dead, this_process
from bot.receive import place
from storage.jobs import Job
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

_RENEW: Final = 20.0  # seconds; a third of a job's lease
_PATIENCE: Final = 2.0  # seconds that jobs under way may still take when the program ends


class Hands:
    """Every claim goes through here; what was claimed is in our hands while somebody is `on` it."""

    def __init__(self, database: Database) -> None:
        self.by = this_process()
        self._database = database
        self._held: set[int] = set()
        self._ending = False

    async def claim(self, find: Callable[[Work, str], Sequence[Job]]) -> Sequence[Job]:
        """What `find` claims in the name that it is given; nothing any more once the program ends."""
        if self._ending:
            return ()
        return await self._database.run(lambda work: find(work, self.by))

    @contextmanager
    def on(self, jobs: Sequence[Job]) -> Iterator[None]:
        """While they are worked on, whatever comes of it."""
        held = {job.id for job in jobs}
        self._held |= held
        try:
            yield
        finally:
            self._held -= held

    @property
    def ending(self) -> bool:
        """Whether what has not begun should be left to others."""
        return self._ending

    async def keep(self) -> None:
        """What is in our hands stays ours; until cancelled."""
        while True:
            await asyncio.sleep(_RENEW)
            held = sorted(self._held)
            if not held:
                continue
            try:
                await self._database.run(lambda work: work.jobs.renew(held, self.by))  # noqa: B023 - played now
            except Exception as error:  # noqa: BLE001 - two more tries until the leases run out
                log.error("jobs were not renewed: %s at %s", type(error).__name__, place(error))  # noqa: TRY400

    async def rest(self) -> None:
        """Begin nothing more, and wait a moment for what is under way."""
        self._ending = True
        loop = asyncio.get_running_loop()
        ends = loop.time() + _PATIENCE
        while self._held and loop.time() < ends:  # noqa: ASYNC110 - once in a process's life
            await asyncio.sleep(0.02)

    async def hand_over(self) -> None:
        """What is left goes on elsewhere at once; call when nothing works on it here any more."""
        self._ending = True
        try:
            await self._database.run(lambda work: work.jobs.release(self.by, tried=False))
        except Exception as error:  # noqa: BLE001 - then others wait for the leases to run out
            log.warning("jobs were not handed over: %s at %s", type(error).__name__, place(error))


def bury(work: Work) -> None:
    """Give back what processes had in their hands that are known to have died on this host."""
    for holder in work.jobs.claimers():
        if dead(holder):
            work.jobs.release(holder)
