"""What Zalo tells us is made durable at once, and played right after: Zalo waits two seconds for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot import addresses, ladder
from bot.flood import Flood
from bot.receive import Receiver
from bot.scene import present
from bot.world import World
from conversations.messages import ByHand, ChatEvent, Event, Inbound, Returned, Started, Withdrew
from handlers import zalo_events as events
from handlers.zalo_door import ZALO
from storage.echoes import Echoes
from storage.unit_of_work import Database
from storage.work import Work


class ZaloDoor:
    """What handlers/zalo_webhook.py asks for."""

    def __init__(self, database: Database, world: World, receiver: Receiver) -> None:
        self._database = database
        self._world = world
        self._receiver = receiver
        self._flood = Flood(database, world, receiver)
        self._playing: set[asyncio.Task[None]] = set()

    async def take(self, happening: events.Happening) -> None:
        """Durable when it returns. What is said in answer follows."""
        match happening:
            case events.Done(address, found):
                done = [self._inbound(address, event_id, event) for event_id, event in found]
                new = [one for one in done if not await self._flood.held(one)]
                await self._keep(lambda _: new)
            case events.Came(address):
                await self._keep(lambda work: [self._came(work, happening)])
            case events.Withdrew(address, event_id):
                await self._keep(lambda _: [self._inbound(address, event_id, Withdrew())])
            case events.Echo():
                await self._database.run(lambda work: self._echoed(work, happening))
            case events.Arrived():
                await self._database.run(lambda work: self._arrived(work, happening))
            case events.TemplateArrived() | events.Unknown():
                pass  # a template that Zalo took counts as told; where it can't be given, Zalo says so at once

    async def rest(self) -> None:
        """All that was taken has been played."""
        while self._playing:
            await asyncio.wait(self._playing)
        await self._flood.stop()

    async def _keep(self, make: Callable[[Work], Sequence[Inbound]]) -> None:
        def keep(work: Work) -> list[Inbound]:
            return [inbound for inbound in make(work) if work.inbox.keep(inbound)]

        for inbound in await self._database.run(keep):  # in order: whoever comes first has the address's turn first
            task = asyncio.create_task(self._receiver.play(inbound))
            self._playing.add(task)
            task.add_done_callback(self._playing.discard)

    def _inbound(self, address: str, event_id: str, event: Event | ChatEvent) -> Inbound:
        return Inbound(ZALO, address, event_id, event, self._world.now())

    def _came(self, work: Work, came: events.Came) -> Inbound:
        """Who is new is greeted, once. Who follows in the middle of a talk goes on with it."""
        known = work.chats.find(ZALO, came.address)
        if known is None:
            return self._inbound(came.address, "came", Started())
        return self._inbound(came.address, came.event_id, Returned())

    def _echoed(self, work: Work, echo: events.Echo) -> None:
        echoes = Echoes(work)
        chat = work.chats.find(ZALO, echo.address)
        ours = chat is not None and echoes.settle(chat.id, echo.message_id, echo.words, echo.at)
        if ours:
            echoes.heard(ZALO)
        elif echo.by_hand:
            addresses.changed(present(work, self._world), ZALO, echo.address, ByHand())

    def _arrived(self, work: Work, arrived: events.Arrived) -> None:
        """That a phone has it says no more than that Zalo took it; that it was seen does."""
        chat = work.chats.find(ZALO, arrived.address) if arrived.seen else None
        if chat is None or chat.person is None:
            return
        for notice in Echoes(work).notices(chat.id, arrived.message_ids):
            ladder.seen(present(work, self._world), chat.person, notice)
