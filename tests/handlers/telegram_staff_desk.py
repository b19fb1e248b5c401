"""The staff's bot between a fake Telegram and a door that writes down what it is given."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image

from conversations.messages import ChatEvent, Event, Message, TryLater
from handlers.telegram_door import GROUP, STAFF
from handlers.telegram_staff import StaffBot
from tests.telegram.fake import FakeBot, FakeTelegram, Group, Person

TOKEN = "8087654321:AAF-staff-token"


class Heard(NamedTuple):
    """One call of the door, but for its event id."""

    channel: str
    address: str
    event: Event | ChatEvent
    group: str = ""


@dataclass
class RecordingDoor:
    """`says` is what each event is answered with; `fails` is raised instead; `slow` is how long a turn takes."""

    heard: list[Heard] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    apart: list[tuple[str, str, bytes]] = field(default_factory=list)
    says: Sequence[Message] = ()
    fails: Exception | None = None
    slow: float = 0.0

    async def receive(
        self, channel: str, address: str, event_id: str, event: Event | ChatEvent, group: str = ""
    ) -> Sequence[Message]:
        await asyncio.sleep(self.slow)
        if self.fails is not None:
            raise self.fails
        self.heard.append(Heard(channel, address, event, group))
        self.ids.append(event_id)
        return self.says

    async def aside(self, channel: str, event_id: str, raw: bytes) -> None:
        self.apart.append((channel, event_id, raw))


@dataclass
class Desk:
    """Lan is an officer with the bot's private chat open, and in the group with the bot."""

    fake: FakeTelegram
    account: FakeBot
    bot: StaffBot
    door: RecordingDoor
    lan: Person
    group: Group
    files: dict[str, bytes]
    offset: int | None = None
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(900_000))

    async def pump(self) -> list[Heard]:
        """Take what waits; gives what the door heard of it."""
        before = len(self.door.heard)
        while batch := await self.bot.updates(self.offset, 0):
            for raw in batch:
                await self.bot.take(raw)
                self.offset = raw["update_id"] + 1
        return self.door.heard[before:]

    async def give(self, **update: Any) -> list[Heard]:
        """An update made by hand."""
        before = len(self.door.heard)
        await self.bot.take({"update_id": next(self.numbers), **update})
        return self.door.heard[before:]

    def private(self, event: Event) -> Heard:
        return Heard(STAFF, str(self.lan.id), event)

    def in_group(self, event: Event) -> Heard:
        return Heard(STAFF, str(self.lan.id), event, str(self.group.id))

    def of_group(self, event: ChatEvent) -> Heard:
        return Heard(GROUP, str(self.group.id), event)


@asynccontextmanager
async def opened(**options: Any) -> AsyncIterator[Desk]:
    """All of it, begun and quiet; the options are the fake's."""
    async with FakeTelegram(**{"limits": False, **options}) as fake:
        account = fake.bot(TOKEN, "canbo_bot", "Cán bộ")
        door, files = RecordingDoor(), dict[str, bytes]()

        async def load(ref: str) -> bytes:
            if ref not in files:
                raise TryLater(3)
            return files[ref]

        bot = StaffBot(TOKEN, door, load, api=fake.url)
        assert await bot.begin() == "canbo_bot"
        lan = fake.user("Lan")
        group = fake.group("Tổ một cửa", [lan])
        desk = Desk(fake, account, bot, door, lan, group, files)
        await lan.start(account)
        await group.add(account, lan)
        await desk.pump()
        door.heard.clear()
        yield desk
        await bot.close()


def picture(width: int = 60, height: int = 40) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (width, height), "white").save(kept, "JPEG")
    return kept.getvalue()
