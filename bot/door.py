"""The way in for messengers that call us, or that we ask for news."""

from __future__ import annotations

from collections.abc import Sequence

from bot.flood import Flood
from bot.receive import Receiver
from bot.world import World
from conversations.messages import ChatEvent, Event, Inbound, Message
from storage.unit_of_work import Database


class MessengerDoor:
    """What handlers/telegram_door.py asks for."""

    def __init__(self, database: Database, world: World, receiver: Receiver) -> None:
        self._database = database
        self._world = world
        self._receiver = receiver
        self._flood = Flood(database, world, receiver)

    async def receive(
        self, channel: str, address: str, event_id: str, event: Event | ChatEvent, group: str = ""
    ) -> Sequence[Message]:
        """One event; durable when it returns."""
        inbound = Inbound(channel, address, event_id, event, self._world.now(), group)
        if await self._flood.held(inbound):
            return ()
        return (await self._receiver.receive(inbound)).said

    async def stop(self) -> None:
        """Play nothing more of what waits."""
        await self._flood.stop()

    async def aside(self, channel: str, event_id: str, raw: bytes) -> None:
        """Keep what nobody can read."""
        await self._database.run(lambda work: work.inbox.aside(channel, event_id, raw))
