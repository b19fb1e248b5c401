"""The citizens' bot between a fake Telegram and a door that writes down what it is given."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image

from conversations.messages import ChatEvent, Event, File, Message, Sent, TryLater
from handlers.telegram_citizens import CitizensBot
from handlers.telegram_door import CITIZENS
from handlers.telegram_poll import Raw
from tests.telegram.fake import Call, Chat, FakeBot, FakeTelegram, Person

TOKEN = "8012345678:AAE-citizens-token"
HOA = 5_000_000_777  # more than 32 bits


class Heard(NamedTuple):
    """One call of the door."""

    event: Event | ChatEvent
    address: str = str(HOA)
    channel: str = CITIZENS
    group: str = ""


@dataclass
class RecordingDoor:
    """`fails` is raised instead of taking anything."""

    heard: list[Heard] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    apart: list[tuple[str, str, bytes]] = field(default_factory=list)
    fails: Exception | None = None

    async def receive(
        self, channel: str, address: str, event_id: str, event: Event | ChatEvent, group: str = ""
    ) -> Sequence[Message]:
        if self.fails is not None:
            raise self.fails
        self.heard.append(Heard(event, address, channel, group))
        self.ids.append(event_id)
        return ()

    async def aside(self, channel: str, event_id: str, raw: bytes) -> None:
        if self.fails is not None:
            raise self.fails
        self.apart.append((channel, event_id, raw))

    @property
    def events(self) -> list[Event | ChatEvent]:
        return [heard.event for heard in self.heard]


@dataclass
class Line:
    """Between the bot and Hoa, who has opened the chat."""

    fake: FakeTelegram
    account: FakeBot
    bot: CitizensBot
    door: RecordingDoor
    hoa: Person
    files: dict[str, bytes]
    offset: int | None = None
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(900_000))

    async def pump(self) -> list[Event | ChatEvent]:
        """Take what waits; gives what the door heard of it."""
        before = len(self.door.heard)
        while batch := await self.bot.updates(self.offset, 0):
            for raw in batch:
                await self.bot.take(raw)
                self.offset = number(raw) + 1
        return self.door.events[before:]

    async def give(self, **update: Any) -> list[Event | ChatEvent]:
        """An update made by hand."""
        before = len(self.door.heard)
        await self.bot.take({"update_id": next(self.numbers), **update})
        return self.door.events[before:]

    async def say(self, text: str, **more: Any) -> Sent:
        return await self.bot.send(str(HOA), Message(text, **more))

    def photo(self, width: int = 60, height: int = 40) -> File:
        return self.keep(picture(width, height), "image/jpeg")

    def keep(self, data: bytes, media_type: str, name: str = "") -> File:
        ref = f"f{len(self.files)}"
        self.files[ref] = data
        return File(ref, media_type, len(data), name)

    @property
    def chat(self) -> Chat:
        return self.fake.chat(self.hoa, self.account)

    def calls(self, method: str) -> list[Call]:
        return self.fake.called(method)


@asynccontextmanager
async def opened(**options: Any) -> AsyncIterator[Line]:
    """All of it, begun and quiet; the options are the fake's."""
    async with FakeTelegram(**{"limits": False, **options}) as fake:
        account = fake.bot(TOKEN, "motcua_bot", "Một cửa")
        door, files = RecordingDoor(), dict[str, bytes]()

        async def load(ref: str) -> bytes:
            if ref not in files:
                raise TryLater(3)
            return files[ref]

        bot = CitizensBot(TOKEN, door, load, api=fake.url)
        assert await bot.begin() == "motcua_bot"
        line = Line(fake, account, bot, door, fake.user("Hoa", id=HOA), files)
        await line.hoa.start(account)
        await line.pump()
        door.heard.clear()
        door.ids.clear()
        yield line
        await bot.close()


def number(raw: Raw) -> int:
    found = raw["update_id"]
    assert isinstance(found, int)
    return found


def picture(width: int = 60, height: int = 40) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (width, height), "white").save(kept, "JPEG")
    return kept.getvalue()


def private(**parts: Any) -> dict[str, Any]:
    """A message of Hoa's, as Telegram writes it."""
    hoa = {"id": HOA, "first_name": "Hoa"}
    chat = {**hoa, "type": "private"}
    return {"message_id": 7, "date": 1_790_000_000, "chat": chat, "from": {**hoa, "is_bot": False}, **parts}
