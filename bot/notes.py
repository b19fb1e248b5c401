"""What came of calls is written down: at once, and many together while the database is busy with the last ones."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot import outcomes
from bot.outcomes import End
from bot.receive import place
from bot.scene import Scene, present
from bot.world import World
from conversations.messages import Sent
from storage.away import away
from storage.jobs import TRIES
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

_PAUSE: Final = 1.0  # seconds before the database is asked again to take what it would not


@dataclass(frozen=True, slots=True)
class _Note:
    what: End | Callable[[Scene], object]
    done: Callable[[], object]


class Notes:
    """`behind` is called when there is more to send where something has just been sent."""

    def __init__(self, database: Database, world: World, by: str, behind: Callable[[], object]) -> None:
        self._database = database
        self._world = world
        self._by = by
        self._behind = behind
        self._waiting: list[_Note] = []
        self._writing: asyncio.Task[None] | None = None

    def add(self, what: End | Callable[[Scene], object], done: Callable[[], object] = lambda: None) -> None:
        """The end of a call, or anything else that has to be written; `done` is called when it is durable."""
        self._waiting.append(_Note(what, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def written(self) -> None:
        """Nothing is left to write."""
        while self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write(self) -> None:
        while self._waiting:
            notes, self._waiting = self._waiting, []
            behind = await self._noted(notes)
            for note in notes:
                note.done()
            if behind:
                self._behind()
        self._writing = None

    async def _noted(self, notes: list[_Note]) -> bool:
        """Whether there is more to send behind them. A database that is away is waited for, however long it takes.

        A note that fails by itself keeps no other: it is let go, as if this process had died before it.
        """
        failures = 0
        while True:
            try:
                return await self._database.run(lambda work: self._play(work, notes))
            except Exception as error:  # noqa: BLE001 - whatever it is
                where = f"{type(error).__name__} at {place(error)}"
                log.error("could not note %d calls: %s", len(notes), where)  # noqa: TRY400
                failures += not away(error)
            if failures and len(notes) > 1:
                return any([await self._noted([note]) for note in notes])
            if failures >= TRIES:
                return False
            await asyncio.sleep(_PAUSE)

    def _play(self, work: Work, notes: list[_Note]) -> bool:
        ends = [note.what for note in notes if isinstance(note.what, End)]
        sent = [(end.row.id, end.outcome.message_id) for end in ends if isinstance(end.outcome, Sent)]
        behind = bool(sent) and work.outbox.sent_all(sent)
        given = [(end.row.notice, end.row.chat) for end in ends if isinstance(end.outcome, Sent) and end.row.notice]
        if given:
            work.notices.arrived(given, self._world.now())
        for end in ends:
            if isinstance(end.outcome, Sent) and end.outcome.also and end.row.subject:
                work.outbox.sent_also(end.row.id, end.outcome.also)
        if len(sent) < len(notes):
            scene = present(work, self._world)
            for note in notes:
                if not isinstance(note.what, End):
                    note.what(scene)
                elif not isinstance(note.what.outcome, Sent):
                    outcomes.note(scene, note.what, self._by)
        failed = (end.row for end in ends if not isinstance(end.outcome, Sent))
        return behind or any(work.outbox.waits(row.chat, row.lane) for row in failed)
