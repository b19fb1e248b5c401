"""Open pages: woken by name, asked for together, and never all of them because of one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from bot.bells import CHAT, Bells
from bot.live import LivePages
from bot.watching import Watching
from conversations.messages import Message
from storage.messages import Line
from storage.unit_of_work import Database
from storage.work import Work
from tests.bot.whole import Whole
from tests.storage.make import citizen, until

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Page:
    """One who waits; counts how often it was woken."""

    def __init__(self, watch: AsyncIterator[None]) -> None:
        self.woken = 0
        self._task = asyncio.create_task(self._wait(watch))

    async def _wait(self, watch: AsyncIterator[None]) -> None:
        async for _ in watch:
            self.woken += 1

    async def leave(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def say(work: Work, chat: str) -> None:
    work.messages.add(chat, [Line(Message("tin"))], NOW)


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_only_pages_of_what_was_touched_wake_up(database: Database) -> None:
    bells = Bells()
    watching = Watching(database, bells)
    pages = [Page(watching.chat(str(number))) for number in range(20)]
    await settled()
    assert [page.woken for page in pages] == [1] * 20
    bells.ring(frozenset({CHAT + "3", "jobs"}))
    await settled()
    assert [page.woken for page in pages] == [2 if number == 3 else 1 for number in range(20)]
    for page in pages:
        await page.leave()
    await watching.stop()


async def test_what_no_bell_told_of_is_found_by_one_question(database: Database) -> None:
    """Such as what a process wrote that died before it could tell anybody."""
    bells = Bells()
    watching = Watching(database, bells)
    chats = await database.run(lambda work: [citizen(work, str(number)).id for number in range(3)])
    pages = [Page(watching.chat(chat)) for chat in chats]
    await settled()
    assert await watching.news() == {CHAT + chat for chat in chats}  # nobody has seen them yet
    assert await watching.news() == frozenset()
    await database.run(lambda work: say(work, chats[1]))
    assert await watching.news() == {CHAT + chats[1]}
    assert await watching.news() == frozenset()
    for page in pages:
        await page.leave()
    assert await watching.news() == frozenset()
    await watching.stop()


async def test_when_anything_may_have_been_touched_those_with_news_wake_up(database: Database) -> None:
    bells = Bells()
    watching = Watching(database, bells)
    chats = await database.run(lambda work: [citizen(work, str(number)).id for number in range(3)])
    pages = [Page(watching.chat(chat)) for chat in chats]
    await settled()
    await watching.news()
    await database.run(lambda work: say(work, chats[2]))
    before = [page.woken for page in pages]
    bells.ring(frozenset())
    await until(lambda: pages[2].woken > before[2], 20)
    for page in pages:
        await page.leave()
    await watching.stop()


async def test_a_cookie_given_back_in_one_process_opens_nothing_in_another(whole: Whole) -> None:
    """Both remember whose it is."""
    other = LivePages(whole.app.database, whole.world, whole.app.receiver, whole.app.store, whole.app.bells)
    here = whole.app.live
    _, cookie = await here.open(None)
    assert await here.who(cookie, staff=False)
    assert await other.who(cookie, staff=False)
    await here.leave(cookie)
    assert await here.who(cookie, staff=False) is None
    assert await other.who(cookie, staff=False) is None
