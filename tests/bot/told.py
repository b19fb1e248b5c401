"""A citizen with several addresses, messengers for all of them, and what has become of their notices."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from bot.deliver import Deliverer
from bot.ladder import News, tell
from bot.scene import present
from conversations.messages import Message
from conversations.state import Told
from domain.rights import EMAIL, PHONE, Proof
from handlers.telegram_door import CITIZENS
from storage import tables as t
from storage.chats import Chat
from storage.notices import Notice, State
from storage.persons import told_words
from storage.work import Work
from tests.bot.senders import Messenger, delivering
from tests.bot.whole import START, Whole, running

NUMBER, ADDRESS = "+84984123456", "hoa@example.vn"
CALLED = (CITIZENS, "zalo", "sms", "email")
SETTINGS: dict[str, Any] = {
    "smtp_url": "smtp://mail.example.vn",
    "mail_from": "motcua@xa.example.vn",
    "sms_gateway": "json",
    "sms_url": "https://sms.example.vn",
    "sms_token": "x",
    "sms_sender": "XASONTIEN",
}


@dataclass(slots=True)
class Town:
    """One messenger for each channel that is reached by a call."""

    whole: Whole
    on: dict[str, Messenger] = field(default_factory=lambda: {channel: Messenger() for channel in CALLED})
    deliverer: Deliverer | None = None

    async def person(self, *channels: str, name: str = "1") -> list[Chat]:
        """Somebody's chats on these channels; "sms" and "email" are a proven number and address."""
        made: list[Chat] = []

        def open_(work: Work) -> None:
            for channel in channels:
                if channel in ("sms", "email"):
                    continue
                chat = work.chats.open_citizen(channel, f"{name}-{len(made)}", START)
                if made:
                    of = {"person": made[0].person}
                    work.connection.execute(update(t.chats).where(t.chats.c.id == chat.id).values(of))
                made.append(chat)
            person = made[0].person or ""
            if "sms" in channels:
                work.proofs.add(person, Proof(PHONE, NUMBER, "sms", START))
            if "email" in channels:
                work.proofs.add(person, Proof(EMAIL, ADDRESS, "email", START))

        await self.whole.run(open_)
        return made

    async def wants(self, chat: Chat, told: Told) -> None:
        said = update(t.persons).where(t.persons.c.id == chat.person).values(settings=told_words(told))
        await self.whole.run(lambda work: work.connection.execute(said))

    async def tell(self, chat: Chat, words: str, **more: Any) -> None:
        """News, as the office makes it."""

        def say(work: Work) -> None:
            scene = present(work, self.whole.world)
            found = work.chats.get(chat.id)
            assert found is not None
            tell(scene, found, News(Message(words), **more))

        await self.whole.run(say)

    async def later(self, passed: timedelta) -> None:
        """Both clocks move on, and what may go by then has gone."""
        await self.whole.pass_time(passed)
        if self.deliverer is not None:
            await self.deliverer.look()
            await self.deliverer._quiet()  # noqa: SLF001 - as `once` waits
            await self.whole.pass_time(timedelta())

    async def notices(self) -> list[Notice]:
        ids = select(t.notices.c.id).order_by(t.notices.c.made_at, t.notices.c.id)

        def look(work: Work) -> list[Notice]:
            return [n for n in map(work.notices.get, work.connection.scalars(ids).all()) if n is not None]

        return await self.whole.run(look)

    async def states(self) -> list[State]:
        return [notice.status for notice in await self.notices()]

    async def told(self) -> list[str]:
        """On which channel each notice was told last."""

        def look(work: Work) -> list[str]:
            c = t.notices.c
            rows = select(t.chats.c.channel).select_from(t.notices.outerjoin(t.chats, c.told == t.chats.c.id))
            return [channel or "" for channel in work.connection.scalars(rows.order_by(c.made_at, c.id))]

        return await self.whole.run(look)

    def taken(self, words: str) -> list[str]:
        """The channels whose messenger took a call with these words, a call each."""
        return [channel for channel, one in self.on.items() for text in one.texts() if words in text]


@asynccontextmanager
async def town(url: str, folder: Path) -> AsyncIterator[Town]:
    """Everything is set up; nothing is delivered yet."""
    async with running(url, folder, **SETTINGS) as whole:
        yield Town(whole)


@asynccontextmanager
async def at_work(here: Town, channels: Sequence[str] = CALLED) -> AsyncIterator[None]:
    """Delivery runs on these channels; the others have no sender."""
    async with delivering(here.whole, {channel: here.on[channel] for channel in channels}) as deliverer:
        here.deliverer = deliverer
        try:
            yield
        finally:
            here.deliverer = None
