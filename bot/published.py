"""The public page of figures: what it shows, kept for a minute, since anybody may ask for it any time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from bot import figures
from bot.outgoing import LIVE
from bot.scene import Scene, present
from bot.world import World
from catalogue.model import Office
from conversations.messages import Message
from conversations.public_figures import PublicPage
from conversations.render import text
from domain.figures import Month, month_in, month_of
from handlers.web_figures import PATH
from storage.chats import Chat
from storage.unit_of_work import Database
from storage.work import Work

_KEPT: Final = 60.0  # seconds
_MOST: Final = 200  # pages; those of months that nobody looks at go first


class Published:
    """What handlers/web_figures.py asks for."""

    def __init__(self, database: Database, world: World, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._world = world
        self._clock = clock
        self._pages: dict[tuple[str, Month], tuple[float, PublicPage | None]] = {}

    def offices(self) -> dict[str, str]:
        """Names by id, of those whose dossiers are real."""
        return {office.id: office.short_name for office in self._real()}

    async def page(self, office: str, month: str) -> PublicPage | None:
        """One month, such as 2026-11, or the one that is running; the first office where none is named."""
        known = [each.id for each in self._real()]
        place = office or next(iter(known), "")
        asked = month_in(month) if month else month_of(self._world.now())
        if place not in known or asked is None:
            return None
        key = (place, asked)
        made_at, page = self._pages.get(key, (float("-inf"), None))
        if self._clock() - made_at > _KEPT:
            page = await self._database.run(lambda work: _public(work, self._world, place, asked))
            if len(self._pages) >= _MOST:
                self._pages.pop(min(self._pages, key=lambda known: self._pages[known][0]))
            self._pages[key] = (self._clock(), page)
        return page

    def _real(self) -> list[Office]:
        return [office for office in self._world.catalogue.offices.values() if not office.practice]


def link(scene: Scene, chat: Chat) -> Message:
    """Where a citizen finds the figures of their office; a page that nobody outside can reach is not named."""
    office, settings = scene.world.office(chat.office), scene.world.settings
    if office.practice or (chat.channel not in LIVE and not settings.public_url):
        return Message(text("figures.link-none", {"desk": office.desk}))
    address = f"{settings.address}{PATH}?don-vi={office.id}"
    return Message(text("figures.link", {"office": office.short_name, "link": address}))


def _public(work: Work, world: World, office: str, month: Month) -> PublicPage | None:
    return figures.public(present(work, world), office, month)
