"""People with Telegram, at the tests' strict fake, which enforces the flood limits and calls the webhook."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Self

import aiohttp

from benchmarks.citizens import Line
from tests.telegram.fake import FakeBot, FakeTelegram
from tests.telegram.fake_model import FakeMessage


class Telegram(FakeTelegram):
    """The fake without the libraries' second opinions, which cost more than what is measured.

    It knows how long the webhook took.
    """

    def __init__(self) -> None:
        super().__init__(schema=False, hurry=1.0)
        self.took: list[float] = []

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(_begin)
        trace.on_request_end.append(self._end)
        await self._http.close()
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), trace_configs=[trace])
        return self

    async def _end(self, _: object, context: SimpleNamespace, __: object) -> None:
        self.took.append(time.monotonic() - context.at)


async def _begin(_: object, context: SimpleNamespace, __: object) -> None:
    context.at = time.monotonic()


class OnTelegram:
    """One citizen's private chat with the bot."""

    channel = "telegram"

    def __init__(self, fake: FakeTelegram, bot: FakeBot, name: str) -> None:
        self.lines: list[Line] = []
        self.news = asyncio.Event()
        self.person = fake.user(name)
        self.address = str(self.person.id)
        self._bot = bot
        self._chat = fake.chat(self.person, bot)
        self._chat.messages = _Heard(self)

    async def begin(self) -> None:
        await self.person.start(self._bot)
        while not self.lines:
            self.news.clear()
            await self.news.wait()

    async def say(self, text: str) -> None:
        await self.person.text(self._bot, text)

    async def press(self, line: Line, label: str, value: str) -> None:
        """Also what has no data is pressed: a key of the keyboard sends its words."""
        if value:
            await self.person.press_data(self._chat.by_id[int(line.id)], value)
        else:
            await self.person.text(self._bot, label)

    async def photo(self, data: bytes) -> None:
        await self.person.photo(self._bot, data)

    async def file(self, data: bytes, name: str) -> None:
        await self.person.document(self._bot, data, name, "image/jpeg")

    async def end(self) -> None:
        """Nothing is open."""

    def told(self, message: FakeMessage) -> None:
        buttons = tuple((one.label, one.data or "") for row in (*message.buttons, *message.keyboard) for one in row)
        self.lines.append(Line(message.words, buttons, time.monotonic(), str(message.id), len(message.files)))
        self.news.set()


class _Heard(list[FakeMessage]):
    """A chat's messages, which tell their reader of new ones."""

    def __init__(self, reader: OnTelegram) -> None:
        super().__init__()
        self._reader = reader

    def append(self, message: FakeMessage) -> None:
        super().append(message)
        if isinstance(message.sender, FakeBot):
            self._reader.told(message)
