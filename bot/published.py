"""The public page of figures: what it shows is kept for a while, since anybody may ask for it at any time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from bot import figures
from bot.figures_page import as_page
from bot.outgoing import LIVE
from bot.scene import Scene, present
from bot.world import World
from catalogue.model import Office
from conversations import public_figures
from conversations.messages import Message
from conversations.public_figures import PublicPage
from conversations.render import text
from domain.figures import Month, MonthFigures, month_in
from handlers.web_figures import OFFICE, PATH, Page
from storage.chats import Chat
from storage.unit_of_work import Database

_SHOWN: Final = 12  # months beneath each other
_KEPT: Final = 60.0  # seconds, of the running month
_MOST: Final = 2_000  # months of some office, however many offices there are
_KEPT_LONG: Final = 3_600.0  # of one that is over: it changes only where a result is sent back


class Published:
    """What handlers/web_figures.py asks for. Each month is read in a transaction of its own, and by one reader."""

    def __init__(self, database: Database, world: World, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._world = world
        self._clock = clock
        self._known: dict[tuple[str, Month, bool], tuple[float, MonthFigures]] = {}
        self._bounds: dict[str, tuple[float, tuple[Month, Month]]] = {}
        self._reading = asyncio.Lock()

    async def page(self, office: str, month: str) -> Page | None:
        """The page of one month, such as 2026-11, or of the running one; of the first office where none is named."""
        found = await self.figures(office, month)
        offices = {each.id: each.short_name for each in self._real()}
        return None if found is None else as_page(found, office, offices)

    async def figures(self, office: str, month: str) -> PublicPage | None:
        """What may be said; None where there is no such month or office."""
        known = [each.id for each in self._real()]
        place = office or next(iter(known), "")
        if place not in known:
            return None
        async with self._reading:
            first, last = await self._of(place)
            asked = month_in(month) if month else last
            if asked is None or not first <= asked <= last:
                return None
            months = [asked.plus(-back) for back in range(_SHOWN) if asked.plus(-back) >= first]
            found = [await self._month(place, each, last) for each in months]
        shown = {each.month: public_figures.weighed(each.whole, each.sectors)[""] for each in found}
        name = self._world.office(place).name
        return public_figures.page(name, self._world.now(), found[0], shown, (first, last))

    async def _of(self, office: str) -> tuple[Month, Month]:
        """The first and the last month."""
        made_at, bounds = self._bounds.get(office, (None, None))
        if made_at is None or bounds is None or self._clock() - made_at > _KEPT:
            bounds = await self._database.run(lambda work: figures.bounds(present(work, self._world), office))
            self._bounds[office] = (self._clock(), bounds)
        return bounds

    async def _month(self, office: str, month: Month, last: Month) -> MonthFigures:
        key = (office, month, month == last)  # what was read while it ran is no month that is over
        made_at, found = self._known.get(key, (None, None))
        kept = _KEPT if month == last else _KEPT_LONG
        if made_at is None or found is None or self._clock() - made_at > kept:
            found = await self._database.run(lambda work: figures.reckon(present(work, self._world), office, month))
            self._known.pop(key, None)
            if len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]  # the one that was read first
            self._known[key] = (self._clock(), found)
        return found

    def _real(self) -> list[Office]:
        return [office for office in self._world.catalogue.offices.values() if not office.practice]


def link(scene: Scene, chat: Chat) -> Message:
    """Where a citizen finds the figures of their office; a page that nobody outside can reach is not named."""
    office, settings = scene.world.office(chat.office), scene.world.settings
    if office.practice or (chat.channel not in LIVE and not settings.public_url):
        return Message(text("figures.link-none", {"desk": office.desk}))
    address = f"{settings.address}{PATH}?{OFFICE}={office.id}"
    return Message(text("figures.link", {"link": address}))
