"""Room for files on their way in: many people may send at once, and together they take no more memory than this."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Final

from aiohttp import StreamReader

MOST: Final = 64 * 1024 * 1024  # bytes
MUCH: Final = 1024 * 1024  # bytes: whoever holds less is in nobody's way
SLOW: Final = 32 * 1024  # bytes a second, of whoever holds more while others wait
_WINDOW: Final = 10.0  # seconds in which that is looked at


class Hinders(Exception):
    """Somebody holds much, brings next to nothing, and others wait for room."""


class Room:
    """Who finds it full waits, and with them their line. Whoever came first always goes on, so that it empties.

    A few lines that stop in the middle of a large file would keep everybody out for ever: those are let go.
    """

    def __init__(self, most: int = MOST, *, window: float = _WINDOW, much: int = MUCH) -> None:
        self.window = window
        self.much = much
        self.waiting = 0
        self._most = most
        self._held: dict[Share, int] = {}  # the first one is whoever came first
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def share(self) -> AsyncIterator[Share]:
        """For one file, until it is kept."""
        share = Share(self)
        self._held[share] = 0
        try:
            yield share
        finally:
            del self._held[share]
            async with self._changed:
                self._changed.notify_all()

    async def take(self, share: Share, size: int) -> None:
        if not self._fits(share, size):
            self.waiting += 1
            try:
                async with self._changed:
                    await self._changed.wait_for(lambda: self._fits(share, size))
            finally:
                self.waiting -= 1
        self._held[share] += size

    def held(self, share: Share) -> int:
        return self._held[share]

    def _fits(self, share: Share, size: int) -> bool:
        return next(iter(self._held)) is share or sum(self._held.values()) + size <= self._most


class Share:
    """One file's part of the room."""

    def __init__(self, room: Room, clock: Callable[[], float] = monotonic) -> None:
        self._room = room
        self._clock = clock
        self._since = clock()  # a window's beginning, and what has come in it
        self._came = 0

    async def take(self, size: int) -> None:
        """Wait until so many bytes more may come."""
        before = self._clock()
        await self._room.take(self, size)
        self._since += self._clock() - before  # for that they had to wait for others

    async def chunk(self, content: StreamReader, most: int) -> bytes:
        """What comes next, empty at the end; raises Hinders."""
        while True:
            chunk, ends = None, self._since + self._room.window
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, ends - self._clock())):
                    chunk = await content.read(most)
            if chunk == b"":
                return chunk
            self._came += len(chunk or b"")
            if self._clock() >= ends:
                if self._hinders():
                    raise Hinders
                self._since, self._came = self._clock(), 0
            if chunk is not None:
                return chunk

    def _hinders(self) -> bool:
        slow = self._came < SLOW * self._room.window
        return slow and self._room.waiting > 0 and self._room.held(self) >= self._room.much
