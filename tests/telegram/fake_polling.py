"""getUpdates: waits for news, offsets confirm, one poller at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.telegram.fake_model import Refused

if TYPE_CHECKING:
    from tests.telegram.fake_delivery import Mailbox, Waiting

LONGEST: Final = 50
ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER: Final = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
PAUSE: Final = 3.0  # what the server makes those wait who ask too often or for nothing


@dataclass(slots=True, eq=False)
class Poller:
    box: Mailbox
    waits: asyncio.Future[bool] | None = None
    shown: list[Waiting] = field(default_factory=list)  # repeats in the last answer
    polled: bool = False
    last_offset: int | None = None
    asked_at: float = 0.0
    conflict_at: float = 0.0

    async def get(self, offset: int, limit: int, seconds: float, allowed: list[str] | None) -> list[bytes]:
        """The method getUpdates; updates as JSON."""
        if self.box.webhook.url:
            await self._conflict(ACTIVE)
        self.polled = True
        self.box.allow(allowed)
        loop = asyncio.get_running_loop()
        limit, seconds = min(max(limit, 1), 100), min(max(seconds, 0), LONGEST)
        if offset == self.last_offset:
            since = (loop.time() - self.asked_at) * self.box.hurry
            limit = 1 if since < 0.5 else limit
            if seconds < PAUSE and since < PAUSE:
                seconds = PAUSE / self.box.hurry
        self.last_offset, self.asked_at = offset, loop.time()
        self._confirm(offset)
        ready = self._ready(offset, limit)
        ends = loop.time() + seconds
        if not ready and seconds:
            self.end(OTHER)
        while not ready and loop.time() < ends:
            mine = self.waits = loop.create_future()
            try:
                async with asyncio.timeout_at(ends):
                    await mine
            except TimeoutError:
                break
            except Refused as refused:
                await self._conflict(refused.description)
            finally:
                if self.waits is mine:
                    self.waits = None
            ready = self._ready(offset, limit)
        return ready

    def wake(self) -> None:
        if self.waits and not self.waits.done():
            self.waits.set_result(True)

    def end(self, description: str) -> None:
        """Whoever polls is told so."""
        if self.waits and not self.waits.done():
            self.waits.set_exception(Refused(409, description))
        self.waits = None

    async def _conflict(self, description: str) -> None:
        """Answered at once, but not more often than every three seconds."""
        loop = asyncio.get_running_loop()
        if loop.time() < self.conflict_at:
            await asyncio.sleep(PAUSE / self.box.hurry)
        else:
            self.conflict_at = loop.time() + PAUSE / self.box.hurry
        raise Refused(409, description)

    def _confirm(self, offset: int) -> None:
        waiting = self.box.waiting
        for update in self.shown:
            self.box.taken(update)
        self.shown = []
        if offset < 0:
            ids = sorted(waiting)
            offset = ids[offset] if len(ids) >= -offset else 0
        for update in [update for number, update in waiting.items() if number < offset]:
            self.box.taken(update)

    def _ready(self, offset: int, limit: int) -> list[bytes]:
        self.box.drop_old()
        waiting = self.box.waiting
        found = sorted(number for number in waiting if number >= offset)[:limit]
        self.shown = self.box.repeats[: limit - len(found)]
        return [update.body for update in self.shown] + [waiting[number].body for number in found]
