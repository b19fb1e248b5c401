"""The whole program with an Official Account, in this process, and citizens who sit at Zalo."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from aiohttp import web
from sqlalchemy import func, select

from bot.deliver import Deliverer, Limits
from bot.live import Reader
from bot.zalo import Zalo
from conversations.messages import (
    Button,
    ContactShared,
    Event,
    File,
    FileSent,
    Message,
    Pressed,
    Shown,
    Started,
    TextSent,
    Unsupported,
)
from domain.values import VIETNAM
from storage import tables as t
from storage.work import Work
from tests.bot.whole import EVENT_TAKES, Actor, Whole, running
from tests.zalo.fake import FakeZalo
from tests.zalo.fake_model import Told
from tests.zalo.fake_people import Person

_NUMBERED: Final = re.compile(r"(?s)(?P<words>.*?)(?:\n\n|^)(?P<list>1\. .*)\n\nBạn nhắn số để chọn\.$")
_LABELLED: Final = re.compile(r"(?s)(?P<words>.*?)\n\n(?:Hoặc|Bạn có thể) nhắn: (?P<list>«.*»)\.$")
TYPED: Final = "nhắn:"  # before what is to be typed where a button is pressed


@dataclass(slots=True)
class OnZalo(Actor):
    """A citizen with Zalo; what they see there is what counts."""

    person: Person = field(kw_only=True)
    town: Town = field(kw_only=True)
    _bytes: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    _read: int = 0

    async def keep(self, data: bytes, media_type: str, name: str) -> File:
        """Nothing is kept beforehand: Zalo has it once it is sent."""
        ref = f"local-{len(self._bytes)}"
        self._bytes[ref] = (data, media_type)
        return File(ref, media_type, len(data), name)

    async def send(self, event: Event) -> list[Shown]:
        """Do it in Zalo; then what is new for this person."""
        self.whole.world.clock += EVENT_TAKES
        await self._act(event)
        await settle(self.whole, self.town)
        return await self.news()

    async def _act(self, event: Event) -> None:
        person = self.person
        match event:
            case TextSent(text):
                await person.says(text)
            case Pressed(value, message_id) if value.startswith(TYPED):
                await person.says(self._words(value, message_id))
            case Pressed(value):
                await person.says(f"#{value}")
            case FileSent(file, caption, album):
                data, media_type = self._bytes[file.ref]
                url = person.fake.serve(data, media_type)
                picture = media_type.startswith("image/") and not file.name
                payload = {"url": url} if picture else {"url": url, "name": file.name or f"tep.{media_type[-3:]}"}
                attachment = {"type": "image" if picture else "file", "payload": payload}
                message = {"msg_id": person.fake.message_id(), "attachments": [attachment]}
                if caption:
                    message["text"] = caption
                assert not album, "an album has one event, see test_album"
                await person.acts("user_send_image" if picture else "user_send_file", {"message": message})
            case Unsupported("sticker"):
                await person.sends_sticker()
            case Unsupported("location"):
                await person.sends_location()
            case Unsupported("voice"):
                await person.sends_audio(b"#!AMR")
            case Unsupported("empty-file"):
                await person.sends_file("rong.pdf", b"")
            case Unsupported("contact"):
                await person.acts("user_send_business_card", {"message": {"msg_id": person.fake.message_id()}})
            case ContactShared(phone):
                await person.shares(phone=phone)
            case Started(""):
                await person.follows()
            case _:
                raise AssertionError(f"nobody does {event} in Zalo")

    def _words(self, value: str, message_id: str) -> str:
        """A number is one of the newest choices; to go back to older ones their label is typed."""
        newest = next((shown for shown in reversed(self.shown.values()) if shown.message.buttons), None)
        if newest is None or newest.id == message_id or message_id not in self.shown:
            return value.removeprefix(TYPED)
        return next(b.label for b in self.shown[message_id].message.buttons if b.value == value)

    async def news(self) -> list[Shown]:
        """New messages, as the transcripts read them."""
        new = []
        for told in self.town.fake.sent[self._read :]:
            if told.user == self.person.id:
                self._revision += 1
                shown = Shown(told.message_id, self._revision, own=False, message=read(told), at=self._now())
                self.shown[shown.id] = shown
                new.append(shown)
        self._read = len(self.town.fake.sent)
        return new

    _revision: int = 0

    def _now(self) -> datetime:
        return self.whole.world.now().astimezone(VIETNAM)


def read(told: Told) -> Message:
    """As the conversation meant it: choices are pressed as buttons, or typed where there are none."""
    text = told.card["subtitle"] if told.card else told.text
    tapped = dict(enumerate(told.buttons))
    labels: list[str] = []
    typed: list[str] = []
    if found := _NUMBERED.match(text):
        text, lines = found["words"], found["list"].split("\n")
        labels = [line.partition(". ")[2] for line in lines]
        typed = [str(number) for number in range(1, len(lines) + 1)]
    elif found := _LABELLED.match(text):
        text = found["words"]
        labels = typed = found["list"][1:-1].split("», «")
    elif told.buttons:
        labels = typed = [button["title"] for button in told.buttons]
    buttons = tuple(
        Button(label, tapped[n]["payload"].removeprefix("#") if n in tapped else TYPED + words)
        for n, (label, words) in enumerate(zip(labels, typed, strict=True))
    )
    files = []
    if told.image is not None:
        files.append(File(told.message_id, "image/jpeg", len(told.image)))
    if told.file is not None:
        files.append(File(told.message_id, "application/pdf", len(told.file[1]), told.file[0]))
    return Message(text if text != "Mời bạn chọn:" else "", buttons, tuple(files))


class Town:
    """The account and the people, who stay when the program is started again."""

    def __init__(self, fake: FakeZalo) -> None:
        self.fake = fake
        self.people: dict[str, Person] = {}
        self._numbers: Iterator[int] = itertools.count(246845883529197922)
        self.access, self.refresh = fake.pair()

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = self.fake.person(str(next(self._numbers)), name=name)
        return self.people[name]


class WholeOnZalo(Whole):
    """Citizens who open their Zalo; officers have the live page."""

    town: Town
    zalo: Zalo

    async def citizen(self, name: str = "ban") -> Actor:
        person = self.town.person(name)
        return OnZalo(self, Reader("zalo", person.id, staff=False, chat=""), person=person, town=self.town)

    async def pass_time(self, passed: timedelta) -> None:
        await super().pass_time(passed)
        await settle(self, self.town)


@asynccontextmanager
async def running_on_zalo(
    town: Town, url: str, folder: Path, *, undo: float, at: datetime, **more: str
) -> AsyncIterator[WholeOnZalo]:
    """As fast as it goes: the pace has tests of its own."""
    fake = town.fake
    settings = {
        "zalo_app_id": fake.APP_ID,
        "zalo_app_secret": fake.APP_SECRET,
        "zalo_oa_id": fake.OA_ID,
        "zalo_oa_secret_key": fake.OA_KEY,
        "zalo_oauth_base": fake.base,
        "zalo_openapi_base": fake.base,
        "zalo_zns_base": fake.base,
        "public_url": "https://motcua.example",
        **more,
    }
    async with running(url, folder, undo=undo, at=at, **settings) as plain:
        whole = WholeOnZalo(plain.app, plain.world)
        whole.town = town
        app = whole.app
        app.deliverer = Deliverer(app.database, whole.world, app.senders, Limits(overall=0, private=0, group=0))
        await whole.run(lambda work: _seed(work, town))
        said: list[str] = []
        whole.zalo = Zalo(app, said.append)
        page = web.Application()
        page.add_routes(whole.zalo.routes())
        runner = web.AppRunner(page, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        fake.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/zalo"
        whole.zalo.start()
        try:
            while "zalo" not in app.senders:  # noqa: ASYNC110 - the program tells nobody
                await asyncio.sleep(0.01)
            yield whole
        finally:
            await fake.pushed()
            await runner.cleanup()
            await whole.zalo.stop()


def _seed(work: Work, town: Town) -> None:
    if work.zalo.get(town.fake.OA_ID) is None:
        work.zalo.seed(town.fake.OA_ID, town.refresh, town.access, 80_000.0)


def _pending(work: Work) -> int:
    waiting = t.outbox.c.status.in_(("waiting", "claimed"))
    return work.connection.scalar(select(func.count()).select_from(t.outbox).where(waiting)) or 0


async def settle(whole: Whole, town: Town) -> None:
    """Until Zalo has delivered everything, and the program has done all that waits."""
    assert isinstance(whole, WholeOnZalo)
    for _ in range(400):
        await town.fake.pushed()
        await whole.zalo.door.rest()
        await whole.app.idle()
        if not await whole.run(_pending):
            await town.fake.pushed()
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the outbox never empties")
