"""Open pages wait for news of their chats; whether one was missed is asked for all of them together.

A page is woken by the bell of its chat. Every two seconds, and whenever another process may have written anything, one
question for all chats that somebody waits for finds what no bell told of; thousands of open pages cost no more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Final

from bot.bells import CHAT, Bells
from bot.receive import place
from storage.unit_of_work import Closed, Database

log = logging.getLogger(__name__)

_ALL: Final = 7.0  # seconds after which each page wakes up by itself, to see whether it is still let in
_ANYTHING: Final = "chats"  # a bell that is rung when any of them may have news


class Watching:
    """The chats that somebody waits for here, and which revision of each was seen last."""

    def __init__(self, database: Database, bells: Bells) -> None:
        self._database = database
        self._bells = bells
        self._seen: dict[str, int] = {}
        self._looking: asyncio.Task[None] | None = None

    def chat(self, chat: str) -> AsyncIterator[None]:
        """Yields at once, whenever there may be something new, and now and then by itself."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return self._bells.heard(CHAT + chat)

    async def stop(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        async for _ in self._bells.heard(_ANYTHING):
            try:
                news = await self.news()
            except Closed:
                return
            except Exception as error:  # noqa: BLE001 - it looks again in two seconds
                log.error("missed news were not looked for: %s at %s", type(error).__name__, place(error))  # noqa: TRY400
                continue
            if loop.time() - last >= _ALL:
                last = loop.time()
                news = self._bells.names(CHAT)
            if news:
                self._bells.ring(news)

    async def news(self) -> frozenset[str]:
        """The bells of chats that have changed since this was asked last."""
        chats = [name.removeprefix(CHAT) for name in self._bells.names(CHAT)]
        if not chats:
            self._seen = {}
            return frozenset()
        found = await self._database.run(lambda work: work.chats.revisions(chats))
        before, self._seen = self._seen, found
        return frozenset(CHAT + chat for chat, revision in found.items() if before.get(chat) != revision)
