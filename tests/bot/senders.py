"""Messengers in memory that misbehave on order, and a deliverer that calls them."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import select

from bot.deliver import Deliverer, Limits
from bot.way import Sender
from conversations.messages import Message, Sent
from handlers.telegram_door import CITIZENS, GROUP, STAFF
from storage import tables as t
from storage.chats import Chat
from storage.outbox import ANSWER
from storage.work import Work
from tests.bot.whole import START, Whole

FREE = Limits(overall=0, private=0, group=0)


@dataclass(slots=True)
class Call:
    address: str
    message: Message
    edits: str = ""  # the message that it changes
    number: str = ""  # of the new one
    began: float = 0.0
    ended: float = 0.0

    @property
    def text(self) -> str:
        return self.message.text


@dataclass(eq=False, slots=True)
class Messenger:
    """`faults` by address: what its next calls raise; None lets one pass. `slow` is how long each takes."""

    slow: float = 0.0
    faults: defaultdict[str, deque[Exception | None]] = field(default_factory=lambda: defaultdict(deque))
    calls: list[Call] = field(default_factory=list)
    refused: list[Call] = field(default_factory=list)
    flying: int = 0
    most: int = 0  # at once
    numbers: int = 100

    async def send(self, address: str, message: Message) -> Sent:
        call = Call(address, message)
        await self._take(call)
        self.numbers += 1
        call.number = str(self.numbers)
        return Sent(call.number)

    async def edit(self, address: str, message_id: str, message: Message) -> None:
        await self._take(Call(address, message, message_id))

    async def _take(self, call: Call) -> None:
        call.began = time.monotonic()
        self.flying += 1
        self.most = max(self.most, self.flying)
        try:
            await asyncio.sleep(self.slow)
            faults = self.faults[call.address]
            fault = faults.popleft() if faults else None
            call.ended = time.monotonic()
            if fault is not None:
                self.refused.append(call)
                raise fault
            self.calls.append(call)
        finally:
            self.flying -= 1

    def texts(self, address: str = "") -> list[str]:
        return [call.text for call in self.calls if address in ("", call.address)]


@asynccontextmanager
async def delivering(whole: Whole, senders: Mapping[str, Sender], limits: Limits = FREE) -> AsyncIterator[Deliverer]:
    """A deliverer of its own beside the app's, which serves no messenger."""
    deliverer = Deliverer(whole.app.database, whole.world, senders, limits)
    deliverer.start(whole.app.bells)
    try:
        yield deliverer
    finally:
        await deliverer.stop()


def all_of(messenger: Messenger) -> dict[str, Sender]:
    return dict.fromkeys((CITIZENS, STAFF, GROUP), messenger)


async def chat(whole: Whole, address: str, channel: str = CITIZENS) -> Chat:
    return await whole.run(
        lambda work: work.chats.find(channel, address) or work.chats.open_citizen(channel, address, START)
    )


async def put(whole: Whole, where: Chat, *words: str, lane: int = ANSWER, subject: str = "") -> None:
    def add(work: Work) -> None:
        for word in words:
            work.outbox.add(where.id, where.channel, Message(word), lane=lane, subject=subject)

    await whole.run(add)


async def rows(whole: Whole) -> list[tuple[str, str]]:
    """Status and error of all there are."""
    c = t.outbox.c
    return await whole.run(
        lambda work: [(s, e or "") for s, e in work.connection.execute(select(c.status, c.error).order_by(c.id))]
    )


async def statuses(whole: Whole) -> list[str]:
    return [status for status, _ in await rows(whole)]


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.005)


async def until_all(whole: Whole, wanted: Sequence[str], seconds: float = 5.0) -> None:
    """Until the rows have these statuses."""
    end = time.monotonic() + seconds
    while (found := await statuses(whole)) != list(wanted):
        assert time.monotonic() < end, found
        await asyncio.sleep(0.01)
