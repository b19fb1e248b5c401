"""The dossier of the crash tests, its citizen on Zalo and its officer on the live page."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any, Final

import aiohttp
from sqlalchemy import make_url

from tests.crash.scenario import PICTURES, STEPS
from tests.zalo.fake_people import Person
from tests.zalo.on_zalo import TYPED, read
from tests.zalo.program import Program

_PATIENCE: Final = 120.0  # seconds; a call without an answer takes 15, and its echo is waited for
_WAITING: Final = """
SELECT (SELECT count(*) FROM outbox WHERE status IN ('waiting', 'claimed') OR (status = 'unknown' AND ended IS NULL))
     + (SELECT count(*) FROM inbox WHERE status = 'failed')
     + (SELECT count(*) FROM cards WHERE drawn < wanted)
     + (SELECT count(*) FROM jobs WHERE status = 'waiting' AND due <= :now)
"""
Between = Callable[[int], Awaitable[None]]


async def _nothing(_: int) -> None:
    """Nobody interferes."""


class Play:
    """One dossier from the first word to the paper in the hand."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.fake = program.fake
        self.nam: Person = self.fake.person(name="Nam")
        self.officer = program.page()

    async def open_the_desk(self) -> None:
        await asyncio.to_thread(self.officer.log_in)
        await asyncio.to_thread(self.officer.hello)

    async def perform(self, between: Between = _nothing) -> None:
        """All steps; `between` is awaited before each."""
        for number, step in enumerate(STEPS):
            await between(number)
            who, _, what = step.partition(" ")
            if number in PICTURES:
                url = self.fake.serve(PICTURES[number], "image/jpeg")
                await self._does("user_send_image", attachments=[{"type": "image", "payload": {"url": url}}])
            elif who == "citizen":
                await self._does("user_send_text", text=self._value(what[1:-1]) if what.startswith("[") else what)
            else:
                await self._alive()
                act = self.officer.press if what.startswith("[") else self.officer.say
                acting = asyncio.create_task(asyncio.to_thread(act, what.strip("[]")))
                while not acting.done():  # the page asks again until somebody answers
                    await self._alive()
                    await asyncio.sleep(0.05)
                await acting
            await self.settle()

    async def _does(self, name: str, **message: Any) -> None:
        """Zalo tells of it again and again until somebody is there."""
        message["msg_id"] = self.fake.message_id()
        for retry in range(1_000):
            await self._alive()
            try:
                if await self.nam.acts(name, {"message": message}, retry=retry) == 200:
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
        raise AssertionError("nobody hears Zalo")

    def _value(self, label: str) -> str:
        """What a press of the newest button that begins so sends."""
        for told in reversed(self.fake.sent):
            for button in read(told).buttons:
                if button.label.startswith(label):
                    return button.value.removeprefix(TYPED) if button.value.startswith(TYPED) else f"#{button.value}"
        raise AssertionError(f"no button [{label}]: {self.fake.sent[-3:]}")

    async def _alive(self) -> None:
        await self.program.revived()

    async def settle(self) -> None:
        """Until nothing is left to be said, drawn or done."""
        ends = time.monotonic() + _PATIENCE
        quiet = 0
        while time.monotonic() < ends:
            await self._alive()
            quiet = 0 if self._waiting() else quiet + 1
            if quiet > 2:  # also the event that has just been answered has begun by now
                return
            await asyncio.sleep(0.03)
        raise AssertionError(f"it never rests:\n{self.program.log[-3000:]}")

    def _waiting(self) -> int:
        file = make_url(self.program.url).database
        assert file is not None
        with closing(sqlite3.connect(file)) as connection:
            return int(connection.execute(_WAITING, {"now": time.time()}).fetchone()[0])
