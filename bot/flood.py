"""One messenger's chat that sends faster than people do: what it sends waits its turn, and then is let go.

So many events are played as they come. The next ones are made durable at once, as cheaply as can be, and played one
after another at a person's pace, while everybody else goes on. When as many wait, what comes on top is acknowledged
and let go without touching the database; its sender is told, once a minute at most, that it was not read. Only this
process's own memory counts: after a restart whatever was kept is played by the sweep (Receiver.retry).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from time import monotonic
from typing import Final

from bot.outgoing import to_chat
from bot.receive import Receiver
from bot.scene import present
from bot.world import World
from conversations.messages import ChatEvent, Inbound, Message
from conversations.render import text
from handlers.pace import Buckets, Pace
from storage.chats import DESK
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

WAITING: Final = 100  # events of one chat that wait at most
_BURST: Final = 6  # times what a person types in ten seconds: an album, and much talk behind it
_AGAIN: Final = 60.0  # seconds after which it is said anew

Chat = tuple[str, str]


class Flood:
    """`let_go` counts what was not read, by channel."""

    def __init__(self, database: Database, world: World, receiver: Receiver) -> None:
        self.let_go: Counter[str] = Counter()
        self._database = database
        self._world = world
        self._receiver = receiver
        fast = world.typed_at_most * world.settings.pace
        self._buckets = Buckets(Pace(_BURST * fast, fast / 10)) if fast else None
        self._waiting: dict[Chat, deque[Inbound]] = {}
        self._playing: dict[Chat, asyncio.Task[None]] = {}
        self._told: dict[Chat, float] = {}

    async def held(self, inbound: Inbound) -> bool:
        """True where it is taken care of here: then it is durable, or let go. What is about a chat always passes."""
        chat = (inbound.channel, inbound.address)
        if self._buckets is None or isinstance(inbound.event, ChatEvent):
            return False
        waiting = self._waiting.get(chat)
        if waiting is None and not self._buckets.take(chat):
            return False
        if waiting is not None and len(waiting) >= WAITING:
            await self._refuse(chat, inbound)
            return True
        await self._keep(chat, inbound)
        return True

    async def rest(self) -> None:
        """All that waits has been played."""
        while self._playing:
            await asyncio.wait(list(self._playing.values()))

    async def stop(self) -> None:
        """What waits is durable: whoever comes next plays it."""
        tasks = list(self._playing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, chat: Chat, inbound: Inbound) -> None:
        self._waiting.setdefault(chat, deque())  # from now on all of this chat's go behind it
        if await self._database.run(lambda work: work.inbox.keep(inbound)):
            self._waiting.setdefault(chat, deque()).append(inbound)
        if chat not in self._playing:
            self._playing[chat] = asyncio.create_task(self._play(chat))

    async def _play(self, chat: Chat) -> None:
        assert self._buckets is not None
        try:
            while waiting := self._waiting.get(chat):
                if wait := self._buckets.take(chat):
                    await asyncio.sleep(wait)
                    continue
                await self._receiver.play(waiting[0])
                waiting.popleft()
        finally:
            self._waiting.pop(chat, None)
            del self._playing[chat]

    async def _refuse(self, chat: Chat, inbound: Inbound) -> None:
        self.let_go[inbound.channel] += 1
        now = monotonic()
        if now - self._told.get(chat, -_AGAIN) < _AGAIN:
            return
        self._told = {one: at for one, at in self._told.items() if now - at < _AGAIN} | {chat: now}
        log.warning("a chat on %s sends faster than people do: what it sends is let go", inbound.channel)
        await self._database.run(lambda work: self._tell(work, chat))

    def _tell(self, work: Work, chat: Chat) -> None:
        found = work.chats.find(*chat)
        if found is not None and found.channel != DESK:
            to_chat(present(work, self._world), found, [Message(text("common.too-fast"))])
