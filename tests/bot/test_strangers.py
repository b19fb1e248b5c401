"""Several people at once, each with two chats, who press and type what is theirs and what is not.

After each step every row belongs to somebody there is, and nobody's chat has ever shown what is another's.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from conversations import screens
from conversations.messages import Message, Pressed, Started
from domain.codes import show
from domain.values import show_phone
from storage import tables as t
from storage.dossiers import Record
from storage.history import Entry
from storage.merging import OWNED
from storage.sealed import Keys
from storage.work import Work
from tests.bot.linked import CODE, NUMBER, SETTINGS, person, read
from tests.bot.walk import records
from tests.bot.whole import Actor, Whole, jpeg, running

STEPS: Final = int(os.environ.get("STRANGERS", "60"))  # more of them find more
SINGLE: Final = "xac-nhan-tinh-trang-hon-nhan"
PEOPLE: Final = (
    ("Phạm Thị Ngân", "0984111222"),
    ("Trần Văn Quyết", "0984333444"),
    ("Lò Thị Bưởi", "0984555666"),
)
_ASKED: Final = re.compile(r"Giấy \d|Bạn chụp giúp|Tôi đang chờ ảnh")
_ONWARD: Final = (
    *("for", "yes", "anyway", "card", "on", "noextra", "odd", "none", "done", "ans", "submit", "send"),
    *("help-as", "help-name", "help-way"),
)
_WORDS: Final = ("menu", "hồ sơ của tôi", "gặp cán bộ", "kết thúc", "hủy", "không", "1", "2", "0000", "4821", "nối máy")


@dataclass
class Human:
    """Somebody with two chats; `knows`: what they typed or pressed, and may be shown again."""

    name: str
    phone: str
    chats: list[Actor] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    knows: set[str] = field(default_factory=set)
    seen: dict[str, int] = field(default_factory=dict)


@pytest.fixture
async def town(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    more: dict[str, Any] = {"sms_gateway": "json", "sms_url": "http://127.0.0.1:9/sms"}
    async with running(database_url, tmp_path, **SETTINGS, **more) as made:
        yield made


@pytest.fixture
async def busy(postgres_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(postgres_url, tmp_path, **SETTINGS) as made:
        yield made


class Town:
    def __init__(self, whole: Whole, seed: int) -> None:
        self.whole = whole
        self.dice = random.Random(seed)
        self.humans: list[Human] = []
        self.values: dict[str, set[str]] = {}
        self.ids: list[str] = []
        self.codes: set[str] = set()
        self.owners: dict[str, Human] = {}
        self.story: list[str] = []

    async def open(self) -> None:
        for number, (name, phone) in enumerate(PEOPLE):
            human = Human(name, phone)
            human.secrets |= {name, phone, show_phone(phone), f"+84{phone[1:]}"}
            human.knows |= {phone}
            for channel in ("web", "telegram"):
                human.chats.append(await person(self.whole, f"{number}-{channel}", channel))
            self.humans.append(human)
            for chat in human.chats:
                await chat.send(Started())
                await chat.press("office:son-tien")
        self.officer = await self.whole.officer("Thu")
        for human in self.humans[:2]:
            await self.hand_in(human)

    async def step(self, human: Human | None = None, chat: Actor | None = None) -> None:
        dice = self.dice
        human = human or dice.choice(self.humans)
        chat = chat or dice.choice(human.chats)
        match dice.choices(
            ("on", "own", "foreign", "made", "words", "link", "part", "desk", "time", "codes", "hand-in"),
            (30, 20, 10, 14, 8, 6, 4, 14, 2, 4, 4),
        )[0]:
            case "on":
                await self.on(human, chat)
            case "own":
                await self.press(human, chat, dice.choice(sorted(self.values.get(human.name, {"menu"}))))
            case "foreign":
                others = sorted(v for name, known in self.values.items() if name != human.name for v in known)
                await self.press(human, chat, dice.choice(others or ["menu"]))
            case "made":
                about = [*self.ids, SINGLE, f"+84{dice.choice(PEOPLE)[1][1:]}"]
                head = dice.choice([*screens.PRESSES, "back"])
                await self.press(human, chat, f"{head}:{dice.choice(about)}{dice.choice(('', '', ':1', ':self'))}")
            case "words":
                phones = [phone for _, phone in PEOPLE]
                officials = [one.official_code for one in await self.dossiers() if one.official_code]
                await self.says(human, chat, dice.choice([*_WORDS, *phones, *officials, human.name]))
            case "codes":
                await self.says(human, chat, dice.choice(sorted(self.codes) or ["2222-CCCC"]))
            case "link":
                await self.link(human)
            case "part":
                await self.press(
                    human, chat, f"{dice.choice(('notme', 'unlink'))}:{dice.choice(human.chats).reader.chat}"
                )
            case "desk":
                await self.desk()
            case "time":
                await self.whole.pass_time(timedelta(hours=dice.choice((1, 20, 24 * 8))))
                self.story.append("time")
            case _:
                await self.hand_in(human)

    async def hand_in(self, human: Human) -> None:
        chat = human.chats[0]
        for value in ("endcall", "menu", "office:son-tien", f"start:{SINGLE}", f"new:{SINGLE}"):
            await self.press(human, chat, value)
        for _ in range(45):
            await self.on(human, chat)

    async def on(self, human: Human, chat: Actor) -> None:
        """What the newest question wants."""
        messages = await read(chat)
        buttons = next((m.buttons for m in reversed(messages) if m.buttons), ())
        onward = [b.value for b in buttons if b.value.partition(":")[0] in _ONWARD]
        words = messages[-1].text if messages else ""
        if onward and self.dice.random() < 0.9:
            whom = [value for value in onward if value.startswith(("for:", "help-"))]
            await self.press(human, chat, self.dice.choice(whom) if whom else onward[0])
        elif _ASKED.match(words) and chat.reader.channel == "web":
            await chat.sends(jpeg())
        elif "điện thoại" in words:
            await self.says(human, chat, human.phone)
        elif "ngày" in words.lower() and "sinh" in words:
            await self.says(human, chat, "15/08/1994")
        elif "họ" in words.lower() and "tên" in words:
            await self.says(human, chat, self.dice.choice((human.name, f"{human.name} Hai")))
        elif "định danh" in words or "căn cước" in words.lower():
            await self.says(human, chat, "042194001234")
        else:
            await self.says(human, chat, "Thôn 3, xã Sơn Tiến")

    async def press(self, human: Human, chat: Actor, value: str) -> None:
        value = value.encode()[:64].decode(errors="ignore")
        self.story.append(f"{chat.reader.address} [{value}]")
        self.tell(human, value)
        await chat.send(Pressed(value))

    async def says(self, human: Human, chat: Actor, words: str) -> None:
        self.story.append(f"{chat.reader.address}: {words}")
        self.tell(human, words)
        await chat.says(words)

    def tell(self, human: Human, words: str) -> None:
        for _, phone in PEOPLE:
            if phone[1:] in words:
                human.knows |= {phone, show_phone(phone), f"+84{phone[1:]}"}
        human.knows.add(words)

    async def link(self, human: Human) -> None:
        """Their own two chats, all the way; or taken apart."""
        one, other = human.chats
        self.story.append(f"{human.name} links")
        await one.press("join:telegram")
        found = [CODE.search(message.text) for message in await read(one)]
        code = next((match[0] for match in reversed(found) if match), "")
        if not code:
            return
        await other.says(code)
        numbers = [NUMBER.search(message.text) for message in await read(other)]
        number = next((match[1] for match in reversed(numbers) if match), "")
        if number and self.dice.random() < 0.8:
            await one.press("joinnum")
            await one.says(number)

    async def desk(self) -> None:
        """An officer presses anything on their page."""
        await self.officer.news()
        shown = [b.value for s in self.officer.shown.values() for b in s.message.buttons]
        dossiers = [one.id for one in await self.dossiers()]
        if dossiers and self.dice.random() < 0.5:
            dossier = self.dice.choice(dossiers)
            for action in ("claim", self.dice.choice(("accept", "ask", "done", "hand", "call", "unhelp", "invite"))):
                await self.officer.press(f"d:{action}:{dossier}")
        elif shown:
            value = self.dice.choice(shown[-30:])
            self.story.append(f"desk [{value}]")
            await self.officer.press(value)
        for _ in range(3):
            if self.officer.buttons and self.dice.random() < 0.7:
                await self.officer.press(self.dice.choice(self.officer.buttons))

    async def dossiers(self) -> Sequence[Record]:
        return await records(self.whole)

    async def look(self) -> None:
        """The invariants."""
        await self.whole.run(self.rows)
        for one in await self.dossiers():
            if one.id not in self.owners:
                begun = (await self.whole.run(partial(self.history, one.id)))[0].data["channel_chat"]
                self.owners[one.id] = next(h for h in self.humans if any(a.reader.chat == begun for a in h.chats))
            owner = self.owners[one.id]
            owner.secrets |= {one.tracking_code, show(one.tracking_code), *filter(None, [one.official_code])}
        for human in self.humans:
            for chat in human.chats:
                messages = await read(chat)
                new = messages[human.seen.get(chat.reader.chat, 0) :]
                human.seen[chat.reader.chat] = len(messages)
                for message in new:
                    self.check(human, chat, message)

    def history(self, dossier: str, work: Work) -> Sequence[Entry]:
        return work.history.of(dossier)

    def check(self, human: Human, chat: Actor, message: Message) -> None:
        self.values.setdefault(human.name, set()).update(
            b.value for b in message.buttons if not b.value.startswith("http")
        )
        self.codes |= {match[0] for match in CODE.finditer(message.text)}
        whole = message.text + " ".join(b.label for b in message.buttons)
        for other in self.humans:
            if other is not human:
                for secret in other.secrets - human.knows:
                    assert secret not in whole, f"{chat.reader.address} read {secret!r} in {whole!r}"

    def rows(self, work: Work) -> None:
        c = work.connection
        merged = {row.id: row.merged for row in c.execute(select(t.persons.c.id, t.persons.c.merged))}
        for column in OWNED:
            for who in c.scalars(select(column)):
                assert who is None or merged[who] is None, f"{column} has somebody who is gone"
        people = {row.id: row.person for row in c.execute(select(t.chats.c.id, t.chats.c.person))}
        mine = {a.reader.chat: h for h in self.humans for a in h.chats}
        human_of: dict[str, set[str]] = {}
        for chat, human in mine.items():
            human_of.setdefault(people[chat] or "", set()).add(human.name)
        assert all(len(names) == 1 for names in human_of.values()), "two who are not one"
        for one in c.execute(select(t.dossiers.c.id, t.dossiers.c.person, t.dossiers.c.chat)):
            assert people[one.chat] == one.person, f"dossier {one.id} is told to somebody else's chat"
        for one in c.execute(select(t.notices.c.id, t.notices.c.person, t.notices.c.subject)):
            if one.subject.startswith("dossier:"):
                whose = c.scalar(select(t.dossiers.c.person).where(t.dossiers.c.id == one.subject[8:]))
                assert one.person in (whose, None), f"notice {one.id}"
        for two in c.execute(select(t.drafts.c.dossier, t.drafts.c.person).where(t.drafts.c.dossier.is_not(None))):
            whose = c.scalar(select(t.dossiers.c.person).where(t.dossiers.c.id == two.dossier))
            assert whose == two.person, "a supplement"
        waiting = select(t.outbox.c.chat, t.outbox.c.subject).where(t.outbox.c.status == "waiting")
        for row in c.execute(waiting):
            if row.subject.startswith("dossier:") and people[row.chat]:
                whose = c.scalar(select(t.dossiers.c.person).where(t.dossiers.c.id == row.subject[8:]))
                assert whose == people[row.chat], "a row that waits"
        aside = c.execute(select(t.inbox.c.event_id, t.inbox.c.status).where(t.inbox.c.status != "done")).all()
        assert not aside, "an event failed"
        assert not c.execute(select(t.jobs.c.key).where(t.jobs.c.status == "aside")).all(), "a job failed"
        ids = [*c.scalars(select(t.dossiers.c.id)), *c.scalars(select(t.drafts.c.id)), *people]
        ids += [*c.scalars(select(t.notices.c.id)), *c.scalars(select(t.mandates.c.id)), *merged]
        self.ids = ids or ["x"]


@pytest.mark.parametrize("seed", range(1))
async def test_nobody_reads_what_is_anothers(town: Whole, seed: int) -> None:
    here = Town(town, seed)
    await here.open()
    for _ in range(STEPS):
        await here.step()
        try:
            await here.look()
        except AssertionError as error:
            error.add_note("\n".join(here.story[-12:]))
            raise
    assert await here.dossiers(), "nothing was at stake"


@pytest.mark.parametrize("seed", range(1))
async def test_at_once(busy: Whole, seed: int) -> None:
    """On the database where turns really happen at once: both chats of each, and the desk."""
    here = Town(busy, seed)
    await here.open()

    async def acts(human: Human, chat: Actor) -> None:
        for _ in range(STEPS // 6):
            await here.step(human, chat)

    for _ in range(2):
        await asyncio.gather(*(acts(human, chat) for human in here.humans for chat in human.chats))
        await busy.pass_time(timedelta(minutes=2))
        await here.look()
