"""The whole program with both bots on, in this process, and everybody at Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.deliver import Deliverer, Limits
from bot.live import Reader
from bot.telegram import Telegram
from storage.chats import OFFICER
from storage.work import Work
from tests.bot.whole import Actor, Whole, running
from tests.telegram.actors import OnTelegram, settle
from tests.telegram.fake import FakeBot, FakeTelegram, Group, Person
from tests.telegram.program import TOKENS


class Town:
    """The people, who stay when the program is started again."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake
        self.citizens: FakeBot = fake.bot(TOKENS[0], "motcua_bot")
        self.staff: FakeBot = fake.bot(TOKENS[1], "canbo_bot")
        self.groups: dict[str, Group] = {}
        self.officers: dict[tuple[str, str], Person] = {}


class WholeOnTelegram(Whole):
    """Citizens and officers who open their Telegram."""

    town: Town

    async def citizen(self, name: str = "ban") -> Actor:
        person = self.town.fake.user(name)
        reader = Reader("telegram", str(person.id), staff=False, chat="")
        return OnTelegram(self, reader, person=person, bot=self.town.citizens, fake=self.town.fake)

    async def officer(self, name: str, role: str = "officer", office: str = "son-tien") -> Actor:
        """This officer, who has come in by the link, in the group of the office."""
        reader = (await super().officer(name, role, office)).reader
        town = self.town
        person = town.officers.get((name, office))
        if person is None:
            person = town.officers[name, office] = town.fake.user(name)
            await person.start(town.staff, await self.run(lambda work: self._token(work, reader.address)))
            await settle(self, town.fake)
            group = town.groups.get(office)
            if group is None:
                group = town.groups[office] = town.fake.group(f"Tổ một cửa {office}", [person])
                payload = await self.run(lambda work: work.tokens.make("group", reader.group, 900.0))
                await group.add(town.staff, by=person, payload=payload)
            else:
                group.members.append(person)
            await settle(self, town.fake)
        actor = OnTelegram(self, reader, person=person, bot=town.staff, fake=town.fake, group=town.groups[office])
        await actor.news()
        actor.shown.clear()  # the greeting is no part of the play
        return actor

    def _token(self, work: Work, officer: str) -> str:
        chat = work.chats.open_staff(OFFICER, officer, self.world.now())
        return work.tokens.make("join", chat.id, 900.0)

    async def pass_time(self, passed: timedelta) -> None:
        await super().pass_time(passed)
        await settle(self, self.town.fake)


@asynccontextmanager
async def running_on_telegram(
    town: Town, url: str, folder: Path, *, undo: float, at: datetime
) -> AsyncIterator[WholeOnTelegram]:
    """Asked for news, and as fast as it goes: the pace has tests of its own."""
    more = {
        "telegram_token": TOKENS[0],
        "telegram_staff_token": TOKENS[1],
        "telegram_api": town.fake.url,
        "public_url": "https://motcua.example",
    }
    async with running(url, folder, undo=undo, at=at, **more) as plain:
        whole = WholeOnTelegram(plain.app, plain.world)
        whole.town = town
        app = whole.app
        app.deliverer = Deliverer(app.database, whole.world, app.senders, Limits(overall=0, private=0, group=0))
        said: list[str] = []
        telegram = Telegram(app, said.append)
        telegram.start()
        try:
            await town.fake.until(lambda: sum("t.me/" in line for line in said) == 2)
            yield whole
        finally:
            await telegram.stop()
