"""People with Zalo, at the tests' strict fake; on top of it the limit of calls a minute."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Any, Final

from benchmarks.citizens import Line
from tests.zalo.fake import FakeZalo
from tests.zalo.fake_model import Faults, Told
from tests.zalo.on_zalo import TYPED, read

_MINUTE: Final = 60.0
_TRIES: Final = 20
_MOST: Final = 4_000  # calls a minute an app may make; what is more is answered with -32


class _Limited(Faults):
    """What goes wrong is what is too much."""

    def __init__(self) -> None:
        super().__init__()
        self.most = _MOST  # 0 lifts it
        self.refused = 0
        self._calls: deque[float] = deque()

    def take(self, path: str) -> str | int | None:
        now = time.monotonic()
        while self._calls and self._calls[0] <= now - _MINUTE:
            self._calls.popleft()
        if self.most and len(self._calls) >= self.most:
            self.refused += 1
            return "rate"
        self._calls.append(now)
        return super().take(path)


class Zalo(FakeZalo):
    """One account that keeps what its app may do in a minute; knows how long the webhook took."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = self.state.faults = _Limited()
        self.took: list[float] = []
        self.late = 0  # events that were told once more

    async def push(self, event: dict[str, Any], **how: Any) -> int:
        """An event, as it stands, to the webhook, and again where it was not taken."""
        began = time.monotonic()
        status = 0
        for retry in range(_TRIES):
            status = await super().push(event, **{**how, "retry": retry})
            self.took.append(time.monotonic() - began)
            if status == 200:
                return status
            self.late += 1
            await asyncio.sleep(retry + 1)
        return status


class OnZalo:
    """One citizen's chat with the account."""

    channel = "zalo"

    def __init__(self, fake: FakeZalo, number: str, name: str) -> None:
        self.address = number
        self.lines: list[Line] = []
        self.news = asyncio.Event()
        self.person = fake.person(number, name=name)
        self.person.heard = _Heard(self)

    async def begin(self) -> None:
        await self.person.follows()
        while not self.lines:
            self.news.clear()
            await self.news.wait()

    async def say(self, text: str) -> None:
        await self._taken(await self.person.says(text))

    async def press(self, line: Line, label: str, value: str) -> None:
        """A tap sends its payload, and a number stands for a choice; older ones are typed by their label."""
        del line, label
        await self.say(value.removeprefix(TYPED) if value.startswith(TYPED) else f"#{value}")

    async def photo(self, data: bytes) -> None:
        await self._taken(await self.person.sends_image(data))

    async def file(self, data: bytes, name: str) -> None:
        await self._taken(await self.person.sends_file(name, data))

    async def end(self) -> None:
        """Nothing is open."""

    async def _taken(self, status: int) -> None:
        assert status == 200, status

    def told(self, told: Told) -> None:
        message = read(told)
        buttons = tuple((button.label, button.value) for button in message.buttons)
        self.lines.append(Line(message.text, buttons, time.monotonic(), told.message_id, len(message.files)))
        self.news.set()


class _Heard(list[Told]):
    """What a person was told, which tells its reader of more."""

    def __init__(self, reader: OnZalo) -> None:
        super().__init__()
        self._reader = reader

    def append(self, told: Told) -> None:
        super().append(told)
        self._reader.told(told)
