"""Delivery: cards on live pages are drawn, and what waits for a messenger is handed to its bot's way out.

A messenger's sender may be at work in one process at a time (see bot/lease.py): what another process had claimed on
its channels when it comes to us is taken over.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot import group_calls
from bot.bells import Bells
from bot.draw import draw
from bot.group_needs import Need
from bot.notes import Notes
from bot.outgoing import GROUPS
from bot.pace import Limits
from bot.receive import place
from bot.scene import present
from bot.way import Around, Sender, Way
from bot.world import World
from storage.outbox import LANES, Row
from storage.unit_of_work import Database
from storage.work import Work

__all__ = ["Deliverer", "Limits", "Sender"]

log = logging.getLogger(__name__)

_RENEW: Final = 20.0  # seconds; a third of a row's lease
_PATIENCE: Final = 5.0  # seconds that calls under way may still take when the program ends
_BEFORE: Final = 1.5  # seconds back, of which an earlier process's calls to private chats still count


@dataclass(slots=True)
class _Found:
    """What one look into the tables gave one way."""

    rows: list[Row] = field(default_factory=list)
    full: set[int] = field(default_factory=set)  # lanes with perhaps more than these
    needs: Mapping[str, Sequence[Need]] = field(default_factory=dict)
    ages: dict[str, list[float]] = field(default_factory=dict)


class Deliverer:
    """`senders`, by channel, may be filled and emptied while it runs: rows of a channel without a sender wait.

    A bot is one sender, also where it serves several channels; `limits` hold for each bot.
    """

    def __init__(
        self, database: Database, world: World, senders: Mapping[str, Sender], limits: Limits | None = None
    ) -> None:
        self.name = secrets.token_hex(8)
        self.channels: Collection[str] = ()  # whose answers are handed over by the turn itself; see bot/outgoing.py
        self._database = database
        self._world = world
        self._senders = senders
        self._notes = Notes(database, world, self.name, self._ring)
        self._around = Around(database, world, self._notes, self.name, limits or Limits(), self._ring, self._serves)
        self._ways: list[Way] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._looking: asyncio.Task[None] | None = None
        self._look_again = False
        self._ripe: asyncio.TimerHandle | None = None
        self._stopping = False

    async def once(self) -> bool:
        """Draw what lags behind on live pages; True when there was something.

        Where `start` was not called, also send whatever may go now, and wait until it is noted.
        """
        drawn = await self._database.run(lambda work: draw(present(work, self._world)))
        if self._tasks or not self._senders:
            return drawn
        before = sum(way.calls for way in self._ways)
        await self.look()
        await self._quiet()
        return drawn or sum(way.calls for way in self._ways) != before

    def start(self, bells: Bells) -> None:
        """Deliver from now on, by itself."""
        self._stopping = False
        self._world.direct = self
        self._tasks = [
            asyncio.create_task(self._listen(bells, "outbox")),
            asyncio.create_task(self._listen(bells, "cards")),
            asyncio.create_task(self._renew()),
        ]

    async def stop(self) -> None:
        """Begin nothing more, and wait a moment for the calls under way; what is left, the next process takes up."""
        if self._stopping:
            return
        self._stopping = True
        if self._world.direct is self:
            self._world.direct = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._ripe is not None:
            self._ripe.cancel()
        if self._looking is not None:
            await asyncio.wait([self._looking])
        await self._end(self._ways)

    async def leave(self) -> None:
        """The same for senders that have gone: nothing is under way there any more when it returns."""
        await self._end([way for way in self._ways if not self._serves(way)])

    async def _end(self, ways: Sequence[Way]) -> None:
        for way in ways:
            way.close()
        calls = [task for way in ways for task in way.tasks]
        if calls:
            _, late = await asyncio.wait(calls, timeout=_PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._notes.written()

    async def sweep(self) -> None:
        """Rows whose claimer has died."""
        held = [row for way in self._ways for row in way.rows]
        await self._database.run(lambda work: work.outbox.release(but=held))

    def take(self, row: Row) -> None:
        """A row that was born claimed by us (see Outbox.take) and is durable by now."""
        way = next((way for way in self._ways if row.channel in way.channels and self._serves(way)), None)
        if way is None or way.pace.stopped(row.chat, asyncio.get_running_loop().time()):
            self._notes.add(lambda scene: scene.work.outbox.give_back([row.id], self.name))
        else:
            way.hold([row])

    async def look(self) -> None:
        """Ask the tables for more to do; returns when that has begun."""
        self._look_again = True
        while self._look_again and not self._stopping:
            if self._looking is None:
                self._looking = asyncio.create_task(self._look())
            await asyncio.wait([self._looking])

    # loops ------------------------------------------------------------------------------------------------------------

    def _ring(self) -> None:
        """Look soon, without waiting for it."""
        self._look_again = True
        if self._looking is None and not self._stopping:
            self._looking = asyncio.create_task(self._look())

    async def _listen(self, bells: Bells, bell: str) -> None:
        async for _ in bells.heard(bell):
            self._ring()

    async def _renew(self) -> None:
        """What is in our hands stays ours."""
        while True:
            await asyncio.sleep(_RENEW)
            rows = [row for way in self._ways for row in way.rows]
            try:
                await self._database.run(lambda work: work.outbox.renew(rows, self.name))  # noqa: B023 - played now
            except Exception as error:  # noqa: BLE001 - two more tries until the leases run out
                log.error("rows were not renewed: %s at %s", type(error).__name__, place(error))  # noqa: TRY400

    async def _look(self) -> None:
        try:
            while self._look_again and not self._stopping:
                self._look_again = False
                await self._look_once()
        except Exception as error:  # noqa: BLE001 - it goes on at the next bell
            log.error("the outbox was not read: %s at %s", type(error).__name__, place(error))  # noqa: TRY400
        finally:
            self._looking = None
            if self._look_again and not self._stopping:
                self._ring()

    async def _look_once(self) -> None:
        await self._open_ways()
        ways = list(self._ways)
        if not ways:
            return
        found, ripe = await self._database.run(lambda work: self._find(work, ways))
        for way, mine in zip(ways, found, strict=True):
            way.more = mine.full
            way.need(mine.needs, mine.ages)
            way.hold(mine.rows)
        if self._ripe is not None:
            self._ripe.cancel()
        loop = asyncio.get_running_loop()
        self._ripe = loop.call_later(ripe + 0.001, self._ring) if ripe is not None else None

    def _find(self, work: Work, ways: list[Way]) -> tuple[list[_Found], float | None]:
        """Claim as much as goes out in the next second or two, and see what groups need."""
        every = []
        for way in ways:
            found = _Found()
            alone = [channel for channel in way.channels if channel not in GROUPS]
            for lane in LANES:
                room = way.room(lane)
                rows = work.outbox.claim(alone, self.name, room, (lane,)) if room else ()
                found.rows += rows
                if len(rows) == room:
                    found.full.add(lane)
            groups = [channel for channel in way.channels if channel in GROUPS]
            if groups:
                found.needs = group_calls.needs(present(work, self._world), groups)
                now = work.machine_now()
                found.ages = {
                    chat: [now - at for at in work.chats.calls(chat)] for chat in found.needs if not way.knows(chat)
                }
            every.append(found)
        return every, work.outbox.ripe_in([channel for way in ways for channel in way.channels])

    # ways out ---------------------------------------------------------------------------------------------------------

    def _serves(self, way: Way) -> bool:
        return not self._stopping and all(self._senders.get(channel) is way.sender for channel in way.channels)

    async def _open_ways(self) -> None:
        """One for each sender there is, none for those that have gone."""
        for way in self._ways:
            if not self._serves(way):
                way.close()
        self._ways = [way for way in self._ways if self._serves(way) or way.tasks]
        for sender in {id(sender): sender for sender in self._senders.values()}.values():
            if not any(way.sender is sender and self._serves(way) for way in self._ways):
                await self._open(sender)
        served = {channel for way in self._ways if self._serves(way) for channel in way.channels}
        self.channels = frozenset(served - GROUPS)

    async def _open(self, sender: Sender) -> None:
        channels = tuple(channel for channel, at in self._senders.items() if at is sender)
        way = Way(sender, channels, self._around)

        def inherit(work: Work) -> list[tuple[str, float]]:
            work.outbox.inherit(channels, self.name)
            now = work.machine_now()
            alone = [channel for channel in channels if channel not in GROUPS]
            return [(chat, now - at) for chat, at in work.outbox.ended_since(alone, now - _BEFORE)]

        way.assume(await self._database.run(inherit))
        self._ways.append(way)

    async def _quiet(self) -> None:
        """Nothing is under way."""
        while True:
            calls = [task for way in self._ways for task in way.tasks]
            if calls:
                await asyncio.wait(calls)
            await self._notes.written()
            if self._looking is not None:
                await asyncio.wait([self._looking])
            elif not any(way.tasks for way in self._ways):
                return
