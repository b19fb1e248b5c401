"""The dossier of the crash tests, on Telegram: a citizen, a clerk and the head, their private chats and the group."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from typing import Any, Final

from sqlalchemy import make_url

from tests.crash.scenario import PICTURES, STEPS
from tests.telegram.fake import Group
from tests.telegram.fake_model import FakeMessage
from tests.telegram.program import Program

_PATIENCE: Final = 60.0  # seconds; the program may have been killed, and Telegram may refuse
_WAITING: Final = """
SELECT (SELECT count(*) FROM outbox WHERE status IN ('waiting', 'claimed'))
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
        self.nam = self.fake.user("Nam", phone="84912345678")
        self.thu = self.fake.user("Thu")
        self.head = self.fake.user("Hà")
        self.group: Group = self.fake.group("Tổ một cửa", [self.head, self.thu])
        self.citizen = self.fake.chat(self.nam, program.citizens)
        self.clerk = self.fake.chat(self.thu, program.staff)
        self.heads = self.fake.chat(self.head, program.staff)

    async def open_the_desk(self) -> None:
        """Both officers come in by their links, and the head joins the group."""
        await self.thu.start(self.program.staff, await self.program.invitation("Thu"))
        await self.head.start(self.program.staff, await self.program.invitation("Hà"))
        await self.settle()
        await self.head.text(self.program.staff, "/nhom")
        await self.settle()
        code = re.search(r"startgroup=([\w-]+)", self.heads.last.words)
        assert code is not None, self.heads.last
        await self.group.add(self.program.staff, by=self.head, payload=code[1])
        await self.settle()

    async def perform(self, between: Between = _nothing) -> None:
        """All steps; `between` is awaited before each."""
        for number, step in enumerate(STEPS):
            await between(number)
            who, _, what = step.partition(" ")
            if number in PICTURES:
                await self.nam.photo(self.program.citizens, PICTURES[number])
            elif what.startswith("["):
                await self._press(who, what[1:-1])
            elif who == "citizen":
                await self.nam.text(self.program.citizens, what)
            else:
                await self.thu.text(self.program.staff, what)
            await self.settle()

    async def _press(self, who: str, label: str) -> None:
        """The newest button that begins so: of a private chat, or else of the group."""
        rooms = [self.citizen] if who == "citizen" else [self.clerk, self.group]
        person = self.nam if who == "citizen" else self.thu
        seen = [
            (m, one) for room in rooms for m in reversed(room.messages) for one in m.labels if one.startswith(label)
        ]
        if not seen:
            raise AssertionError(f"no button [{label}] for {who}: {[room.messages[-3:] for room in rooms]}")
        await person.press(*seen[0])

    async def settle(self) -> None:
        """Until Telegram has delivered everything, and nothing is left to be said, drawn or done."""
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends:
            await self.program.revive()
            with suppress(TimeoutError):  # while it is dead nothing rests
                await self.fake.settle(timeout=1.0, quiet=0.05)
                if not self._waiting():
                    return
            await asyncio.sleep(0.05)
        raise AssertionError(f"it never rests:\n{self.program.log[-3000:]}")

    def _waiting(self) -> int:
        file = make_url(self.program.url).database
        assert file is not None
        with closing(sqlite3.connect(file)) as connection:
            return int(connection.execute(_WAITING, {"now": time.time()}).fetchone()[0])

    def read(self) -> dict[str, list[Any]]:
        """What everybody reads at the end, without what is random."""
        rooms = {"citizen": self.citizen, "clerk": self.clerk, "group": self.group}
        return {who: [_bones(m) for m in room.messages if _ours(m)] for who, room in rooms.items()}


_RANDOM: Final = re.compile(
    r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}\b|\d{1,2} giờ(?: \d\d)?|\d\d/\d\d/\d{4}|https://\S+"
)


def _bones(message: FakeMessage) -> tuple[str, list[str], int]:
    return _RANDOM.sub("…", message.words), [_RANDOM.sub("…", label) for label in message.labels], len(message.files)


def _ours(message: FakeMessage) -> bool:
    return hasattr(message.sender, "token")
