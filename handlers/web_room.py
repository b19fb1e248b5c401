"""Room for files on their way in: many people may send at once, and together they take no more memory than this."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

MOST: Final = 64 * 1024 * 1024  # bytes


class Room:
    """Who finds it full waits, and with them their line. Whoever came first always goes on, so that it empties."""

    def __init__(self, most: int = MOST) -> None:
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
            async with self._changed:
                await self._changed.wait_for(lambda: self._fits(share, size))
        self._held[share] += size

    def _fits(self, share: Share, size: int) -> bool:
        return next(iter(self._held)) is share or sum(self._held.values()) + size <= self._most


class Share:
    """One file's part of the room."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def take(self, size: int) -> None:
        """Wait until so many bytes more may come."""
        await self._room.take(self, size)
