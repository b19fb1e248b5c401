"""Somebody did something: one turn, one transaction, however often the event is delivered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

from bot import turns
from bot.log import TURN, shown
from bot.outgoing import to_chat
from bot.say import to_officer
from bot.scene import Scene
from bot.world import World
from conversations.messages import Inbound, Message
from conversations.render import text
from storage import inbox
from storage.away import away
from storage.chats import OFFICER
from storage.measures import measures
from storage.messages import Added
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

_PAUSE: Final = 0.2  # seconds before an event that failed is tried again


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an event: what was added to live pages, and what whoever did it was told for it."""

    added: Sequence[Added] = ()
    said: Sequence[Message] = ()


class Receiver:
    """Takes events from every door, those of one address in order and never two at once."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def receive(self, inbound: Inbound) -> Taken:
        """Returns when the turn is durable, or the event has been set aside and the person told.

        Raises what the database raises while it is away (storage/away.py): then the event is to be sent again.
        What is not at hand, such as after an event that had to be tried again, is not given.
        """
        began, before = time.monotonic(), TURN.set(inbound)
        try:
            async with self._turn_of(inbound):
                try:
                    return await self._taken(inbound)
                except Exception as error:  # whatever it is, the event must not be lost
                    if away(error):
                        raise  # whoever brought it brings it again
                    await self._again(inbound, error)
                    return Taken()
        finally:
            TURN.reset(before)
            measures.took(time.monotonic() - began, "turn", inbound.channel)

    async def _taken(self, inbound: Inbound) -> Taken:
        """A line that was cut is often there again at once."""
        try:
            return await self._database.run(lambda work: take(self._scene(work, inbound), inbound))
        except Exception as error:
            if not away(error):
                raise
        await asyncio.sleep(_PAUSE)
        return await self._database.run(lambda work: take(self._scene(work, inbound), inbound))

    async def play(self, inbound: Inbound) -> None:
        """An event that is durable already (Inbox.keep): its turn."""
        began = time.monotonic()
        async with self._turn_of(inbound):
            for _ in range(inbox.TRIES):
                if await self._try(inbound):
                    measures.took(time.monotonic() - began, "turn", inbound.channel)
                    return
                await asyncio.sleep(_PAUSE)

    async def retry(self) -> None:
        """Take up events that failed and were left by a process that died."""
        for inbound in await self._database.run(lambda work: work.inbox.to_retry()):
            async with self._turn_of(inbound):
                await self._try(inbound)

    async def _again(self, inbound: Inbound, error: BaseException) -> None:
        attempts = await self._failed(inbound, error)
        while attempts < inbox.TRIES:
            await asyncio.sleep(_PAUSE)
            if await self._try(inbound):
                return
            attempts += 1

    async def _try(self, inbound: Inbound) -> bool:
        try:
            await self._retaken(inbound)
        except Exception as error:  # noqa: BLE001
            if away(error):
                log.warning("event waits: %s: %s at %s", shown(inbound), type(error).__name__, place(error))
            else:
                await self._failed(inbound, error)
            return False
        return True

    async def _retaken(self, inbound: Inbound) -> None:
        """After what came before it, which another process has, or died with; of two who try one succeeds."""
        while earlier := await self._database.run(lambda work: retake(self._scene(work, inbound), inbound)):
            for one in earlier:
                try:
                    await self._retaken(one)
                except Exception as error:
                    if away(error):  # it stays the first: to ask for it at once, and again, would never end
                        raise
                    await self._failed(one, error)

    async def _failed(self, inbound: Inbound, error: BaseException) -> int:
        # Only the kind of error and where: its words may hold what the person wrote.
        where = f"{type(error).__name__} at {place(error)}"
        measures.count("turn-failed", inbound.channel)
        log.error("event failed: %s: %s", shown(inbound), where)

        def note(work: Work) -> int:
            attempts = work.inbox.failed(inbound)
            if attempts == inbox.TRIES:
                apologise(self._scene(work, inbound), inbound)
            return attempts

        return await self._database.run(note)

    def _turn_of(self, inbound: Inbound) -> asyncio.Lock:
        return self._turns.setdefault((inbound.channel, inbound.address), asyncio.Lock())

    def _scene(self, work: Work, inbound: Inbound) -> Scene:
        return Scene(work, self._world, inbound.at, network=inbound.network)


def place(error: BaseException) -> str:
    """File and line where it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def take(scene: Scene, inbound: Inbound) -> Taken:
    """Do one event, unless it is a repeat."""
    said = turns.play(scene, inbound) if scene.work.inbox.arrived(inbound) else ()
    return Taken(scene.work.messages.added, said)


def retake(scene: Scene, inbound: Inbound) -> Sequence[Inbound]:
    """Do one event that is kept already; gives what has to be done before it, and then does nothing."""
    if earlier := scene.work.inbox.earlier(inbound):
        return earlier
    if scene.work.inbox.retry(inbound):
        turns.play(scene, inbound)
    return ()


def apologise(scene: Scene, inbound: Inbound) -> None:
    """The person keeps their place and hears that this one thing did not work."""
    words = [Message(text("common.failed"))]
    chat = scene.work.chats.find(inbound.channel, inbound.address)
    officer = scene.work.officers.get(inbound.address) if inbound.channel == OFFICER else None
    if officer is not None:
        to_officer(scene, officer, words)
    elif chat is not None:
        to_chat(scene, chat, words)
