"""Bytes in the file store that no row names: a crash between the two leaves them, and once a day they are let go.

Bytes are put before their row, since a row without bytes would be a paper that is lost. What is younger than a day may
belong to a transaction under way. What looks older may do so because a clock was put right in that very minute: it is
looked at again ten minutes later, by a clock that nobody sets, and goes only if it has no row then either.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.scene import Scene, present
from bot.world import World
from storage.files import Store
from storage.unit_of_work import Database

log = logging.getLogger(__name__)

AGE: Final = 86_400.0  # seconds
_AGAIN: Final = 600.0  # seconds between the two looks
_EVERY: Final = timedelta(days=1)
_MOST: Final = 500  # names in one statement
_LOOKED: Final = "orphans-looked"  # in the installation: the office moment of the last look


class Orphans:
    """`sweep` is called every half minute, in one process at a time."""

    def __init__(self, database: Database, world: World, store: Store) -> None:
        self._database = database
        self._world = world
        self._store = store
        self._suspects: list[str] = []
        self._found_at = 0.0

    async def sweep(self) -> int:
        """Look, or look again; gives how many files went."""
        now = asyncio.get_running_loop().time()
        if self._suspects:
            if now - self._found_at < _AGAIN:
                return 0
            suspects, self._suspects = self._suspects, []
            return await self.drop(suspects)
        if await self._database.run(lambda work: _due(present(work, self._world))):
            self._suspects, self._found_at = await self.find(), now
            await self._database.run(lambda work: _note(present(work, self._world)))
        return 0

    async def find(self, age: float = AGE) -> list[str]:
        """What has no row and is older than so many seconds."""
        than = await self._database.run(lambda work: work.machine_now()) - age
        folders, found = iter(self._store.older(than)), list[str]()
        while (names := await asyncio.to_thread(next, folders, None)) is not None:  # all names may be millions
            found += await self._without_row(names)
        return found

    async def drop(self, suspects: Sequence[str]) -> int:
        """Let go those that still have none."""
        gone = await self._without_row(suspects)
        for name in gone:
            await asyncio.to_thread(self._store.delete, name)
        if gone:
            at = self._world.now()
            await self._database.run(lambda work: work.retention.note("orphans", len(gone), at))
            log.warning("files without a row: %d, left by crashes, let go", len(gone))
        return len(gone)

    async def _without_row(self, names: Sequence[str]) -> list[str]:
        found: list[str] = []
        for first in range(0, len(names), _MOST):
            some = names[first : first + _MOST]
            known = await self._database.run(lambda work, some=some: work.files.known(some))  # type: ignore[misc]
            found += [name for name in some if name not in known]
        return found


def _due(scene: Scene) -> bool:
    """Once a day, whichever process does it and however often it is started."""
    last = scene.work.installation.get(_LOOKED)
    return last is None or not timedelta() <= scene.now - datetime.fromisoformat(last) < _EVERY


def _note(scene: Scene) -> None:
    scene.work.installation.put(_LOOKED, scene.now.isoformat())
