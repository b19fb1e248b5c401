"""Bells wake who waits for news: a stream of a live page, the loops that deliver and work."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Final

_SWEEP: Final = 2.0  # seconds: a lost wake-up costs no more
CHAT: Final = "chat:"  # and its id: who waits for a chat is woken by name alone; see bot/watching.py


class Bells:
    """Wakes those who wait for news of one thing; a ring is a hint, the tables are the truth."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)
        self._sweep: asyncio.TimerHandle | None = None
        self._told: list[Callable[[frozenset[str]], None]] = []

    def tell(self, call: Callable[[frozenset[str]], None]) -> None:
        """Have it called, too, at each ring, but not at those by which a lost wake-up is made good."""
        self._told.append(call)

    def ring(self, touched: frozenset[str]) -> None:
        """Something was touched; an empty set means that anything may have been."""
        for call in self._told:
            call(touched)
        self._wake(touched)

    def _wake(self, touched: frozenset[str]) -> None:
        for what in touched or [each for each in self._waiting if not each.startswith(CHAT)]:
            for bell in self._waiting.get(what, ()):
                if not bell.done():
                    bell.set_result(None)

    async def heard(self, what: str) -> AsyncIterator[None]:
        """Yields at once, at each ring, and every two seconds by itself (of a chat: see bot/watching.py)."""
        loop = asyncio.get_running_loop()
        if self._sweep is None:
            self._sweep = loop.call_later(_SWEEP, self._ring_all)
        bell = loop.create_future()
        self._waiting[what].add(bell)
        try:
            yield
            while True:
                await bell
                self._waiting[what].discard(bell)
                bell = loop.create_future()  # before the reader looks: what rings meanwhile is heard next time
                self._waiting[what].add(bell)
                yield
        finally:
            self._waiting[what].discard(bell)
            if not self._waiting[what]:
                del self._waiting[what]

    def awaited(self, what: str) -> bool:
        """Whether anybody waits for this."""
        return what in self._waiting

    def waiting(self, beginning: str) -> int:
        """How many wait for things whose names begin so."""
        return sum(len(bells) for what, bells in self._waiting.items() if what.startswith(beginning))

    def names(self, beginning: str) -> frozenset[str]:
        """What is waited for whose name begins so."""
        return frozenset(what for what in self._waiting if what.startswith(beginning))

    def _ring_all(self) -> None:
        """One timer for everybody: a timer for each who waits costs more than the wait."""
        self._sweep = asyncio.get_running_loop().call_later(_SWEEP, self._ring_all) if self._waiting else None
        self._wake(frozenset())
