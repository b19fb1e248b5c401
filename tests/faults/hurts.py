"""Everything that goes wrong in a fault run, one after the other as a seeded dice says; each heals by itself."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.faults import proxy
from tests.faults.installation import Installation, Life
from tests.faults.ledger import HURT, Ledger
from tests.faults.proxy import Proxy
from tests.telegram.fake import FakeTelegram
from tests.zalo.fake import FakeZalo

Hurt = Callable[[], Awaitable[str]]

TELEGRAM: Final[list[dict[str, Any]]] = [
    {"status": 429, "retry_after": 1},
    {"status": 500},
    {"status": 502},
    {"status": 500, "done": True},
    {"cut": "before"},
    {"cut": "after"},
    {"slow": 2.0},
    {"garbage": True},
]
ZALO: Final[list[str | int]] = ["rate", "failed", "html", "reset", "garbage", -32, -200]


@dataclass
class Hurts:
    """`scale` is how many seconds a short trouble lasts at most; leases are a few times longer."""

    installation: Installation
    telegram: FakeTelegram
    zalo: FakeZalo
    dice: random.Random
    ledger: Ledger
    lease: float  # seconds after which somebody else may take over
    database: Proxy | None = None  # in front of PostgreSQL
    store: Proxy | None = None  # in front of S3
    front: Proxy | None = None  # in front of the pages
    disk: Path | None = None  # a small file system of its own, where there is one

    async def go_on(self, seconds: float) -> None:
        """One after the other, and sometimes two at once."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        every = self._every()
        deck: list[Hurt] = []
        while loop.time() < ends:
            if not deck:  # each kind comes before any comes again
                deck = self.dice.sample(every, len(every))
            at_once = [deck.pop() for _ in range(min(len(deck), self.dice.choice((1, 1, 2))))]
            for what in await asyncio.gather(*(hurt() for hurt in at_once)):
                if what:
                    self.ledger.note(HURT, what)
            await asyncio.sleep(self.dice.uniform(0.1, 1.0))
        self.heal()

    def heal(self) -> None:
        """Nothing hurts any more; clocks stay as they are."""
        self.telegram.heal()
        self.zalo.faults.clear()
        for one in (self.database, self.store, self.front):
            if one is not None:
                one.heal()
        for life in self.installation.lives:
            life.send(signal.SIGCONT)
            self._limit(life, resource.RLIM_INFINITY)

    def _every(self) -> list[Hurt]:
        every: list[Hurt] = [self._kill, self._kill, self._end, self._stand, self._stand_long, self._clock]
        every += [self._vendor_telegram, self._vendor_telegram, self._vendor_zalo, self._vendor_files]
        every += [self._office_clock, self._bytes]
        if self.disk is not None:
            every.append(self._disk)
        if self.database is not None:
            every += [self._cut_database, self._away_database, self._slow_database, self._hang_database, self._late]
        else:
            every += [self._lock, self._lock]
        if self.store is not None:
            every += [self._store, self._store]
        if self.front is not None:
            every.append(self._front)
        return every

    def _life(self) -> Life:
        return self.dice.choice(self.installation.lives)

    async def _rest(self, most: float, least: float = 0.1) -> None:
        await asyncio.sleep(self.dice.uniform(least, most))

    # processes --------------------------------------------------------------------------------------------------------

    async def _kill(self) -> str:
        return "process killed (SIGKILL)" if self._life().send(signal.SIGKILL) else ""

    async def _end(self) -> str:
        life = self._life()
        if not life.send(signal.SIGTERM):
            return ""
        number = life.pid
        for _ in range(300):  # as systemd does: who does not end in time is killed
            if life.pid != number or not life.alive():
                return "process ended (SIGTERM)"
            await asyncio.sleep(0.1)
        life.send(signal.SIGUSR2)  # it tells what it waits for
        await asyncio.sleep(1.0)
        life.send(signal.SIGKILL)
        return "process that would not end was killed"

    async def _stand(self) -> str:
        return await self._stood(1.0, "process stood still for a moment (SIGSTOP)")

    async def _stand_long(self) -> str:
        return await self._stood(self.lease * 1.5, "process stood still for longer than its leases (SIGSTOP)")

    async def _stood(self, seconds: float, words: str) -> str:
        life = self._life()
        if not life.send(signal.SIGSTOP):
            return ""
        await asyncio.sleep(seconds)
        life.send(signal.SIGCONT)
        return words

    # time -------------------------------------------------------------------------------------------------------------

    async def _clock(self) -> str:
        """As an hour that was wrong is put right by NTP, in steps and in either direction; the next life keeps it."""
        life = self._life()
        step = self.dice.choice((-3.0, -1.0, -0.3, 0.5, 2.0, 5.0))
        life.set_clock(life.off() + step)
        return f"machine clock stepped {'back' if step < 0 else 'forward'}"

    async def _office_clock(self) -> str:
        said = await self.installation.command("clock", self.dice.choice(("+5m", "+30m", "+2h")))
        return "office clock moved (motcua clock)" if "Traceback" not in said else "office clock that would not move"

    # vendors ----------------------------------------------------------------------------------------------------------

    async def _vendor_telegram(self) -> str:
        how = dict(self.dice.choice(TELEGRAM))
        times = self.dice.choice((1, 1, 3))
        self.telegram.fail(self.dice.choice(["sendMessage", "*"]), times=times, **how)
        name = ", ".join(f"{key} {value}" for key, value in how.items())
        return f"Telegram's call: {name}"

    async def _vendor_files(self) -> str:
        how: dict[str, Any] = self.dice.choice([{"status": 500}, {"cut": "before"}, {"slow": 1.0}])
        self.telegram.fail("file", **how)
        return "Telegram's download failed"

    async def _vendor_zalo(self) -> str:
        kind = self.dice.choice([*ZALO, "late"])
        self.zalo.faults.next(kind, "message", times=1)
        return f"Zalo's call: {kind}"

    # SQLite and disks -------------------------------------------------------------------------------------------------

    async def _lock(self) -> str:
        """Another program writes, and takes its time."""
        file = self.installation.url.removeprefix("sqlite:///")
        opened = closing(sqlite3.connect(file, timeout=0, isolation_level=None))
        with opened as other, suppress(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
            await self._rest(2.5, 0.5)
            other.execute("ROLLBACK")
            return "database locked by another program"
        return ""

    async def _disk(self) -> str:
        """Not a byte is free on it."""
        assert self.disk is not None
        filler = self.disk / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            for size in (1 << 20, 1 << 14, 1 << 10, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"x" * size)
        await self._rest(2.0, 1.0)
        filler.unlink()
        return "disk full (ENOSPC)"

    async def _bytes(self) -> str:
        """No file may grow: what can't be written is cut off in the middle."""
        life = self._life()
        if not self._limit(life, self.dice.choice((20_000, 200_000))):
            return ""
        await self._rest(1.5, 0.5)
        self._limit(life, resource.RLIM_INFINITY)
        return "files of a process could not grow (EFBIG)"

    @staticmethod
    def _limit(life: Life, most: int) -> bool:
        if not life.alive():
            return False
        with suppress(ProcessLookupError, PermissionError):
            resource.prlimit(life.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
            return True
        return False

    # lines ------------------------------------------------------------------------------------------------------------

    async def _cut_database(self) -> str:
        assert self.database is not None
        return "every connection to the database cut" if self.database.cut() else ""

    async def _away_database(self) -> str:
        return await self._line(self.database, proxy.REFUSES, 2.0, "database out of reach")

    async def _slow_database(self) -> str:
        return await self._line(self.database, proxy.SLOW, 2.0, "database slow", pause=0.05)

    async def _hang_database(self) -> str:
        return await self._line(self.database, proxy.HANGS, self.lease * 1.2, "database took and gave nothing")

    async def _late(self) -> str:
        return await self._line(self.database, proxy.LATE, 0.5, "database did it, and its answer was lost")

    async def _store(self) -> str:
        ways: list[tuple[str, dict[str, Any]]] = [
            (proxy.REFUSES, {}),
            (proxy.SLOW, {"pause": 0.3}),
            (proxy.HANGS, {}),
            (proxy.LATE, {}),
            (proxy.ANSWERS, {"answer": proxy.http(500, "Internal Server Error")}),
            (proxy.ANSWERS, {"answer": proxy.http(503, "Slow Down")}),
        ]
        how, more = self.dice.choice(ways)
        status = more.get("answer", b"")[9:12].decode() if how == proxy.ANSWERS else how
        return await self._line(self.store, how, 2.0, f"file store: {status}", **more)

    async def _front(self) -> str:
        how = self.dice.choice([proxy.REFUSES, proxy.LATE, proxy.SLOW])
        return await self._line(self.front, how, 1.0, f"line to the pages: {how}", pause=0.2)

    async def _line(self, line: Proxy | None, how: str, most: float, words: str, **more: Any) -> str:
        assert line is not None
        if line.how != proxy.FINE:
            return ""
        line.hurt(how, **more)
        if how in (proxy.REFUSES, proxy.ANSWERS, proxy.LATE):
            line.cut()
        await self._rest(most, 0.3)
        line.heal()
        return words


def mounted(folder: Path, megabytes: int) -> bool:
    """A small file system of its own, where this process may make one."""
    if os.geteuid() != 0:
        return False
    return os.system(f"mount -t tmpfs -o size={megabytes}m tmpfs '{folder}' 2>/dev/null") == 0  # noqa: S605


def unmounted(folder: Path) -> None:
    os.system(f"umount -l '{folder}' 2>/dev/null")  # noqa: S605
