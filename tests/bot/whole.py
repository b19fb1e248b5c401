"""The whole program but for the network: real database, real files, every door's events; only the clock is held."""

from __future__ import annotations

import functools
import io
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

from PIL import Image
from sqlalchemy import update

from bot.app import App
from bot.bells import Bells
from bot.live import Reader, reader_of
from bot.outgoing import CONSOLE
from bot.scene import present
from bot.settings import Settings
from bot.work import Worker
from bot.workshop import Workshop
from bot.world import World, build, fresh
from conversations.messages import Event, File, FileSent, Inbound, Pressed, Shown, TextSent
from documents import worker
from domain.values import VIETNAM
from storage import tables as t
from storage.chats import OFFICER
from storage.unit_of_work import connect
from storage.work import Work
from tests.bot.photos import page

P = ParamSpec("P")
T = TypeVar("T")
START: Final = datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM)  # a Monday
_numbers: Final = itertools.count(1000)
EVENT_TAKES: Final = timedelta(seconds=20)  # the held clock moves this much with each event
OFFICERS: Final = (("Thu", "officer", "son-tien"), ("Hà", "head", "son-tien"))


@dataclass(slots=True)
class HeldWorld(World):
    """A world whose clock moves only when it is told to."""

    clock: datetime = START
    typed_at_most: int = 1_000_000  # tests type faster than people

    def now(self) -> datetime:
        return self.clock


@functools.cache
def _built() -> World:
    return build(Settings())


class NearShop(Workshop):
    """Works in this process: starting another for each test takes a second."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if function is worker.examined:
            return cast("T", _examined(*args))
        return function(*args, **kwargs)


_examined: Final = functools.lru_cache(600)(worker.examined)  # tests send the same pictures again and again


def jpeg(number: int = 0) -> bytes:
    """The readable photo of this number."""
    return page(number)


def another() -> bytes:
    """A readable photo that was not sent before."""
    return page(next(_numbers))


@functools.cache
def pdf() -> bytes:
    """One page."""
    kept = io.BytesIO()
    with Image.open(io.BytesIO(page(500))) as picture:
        picture.save(kept, "PDF")
    return kept.getvalue()


@dataclass(slots=True)
class Actor:
    """One citizen or officer and all that their page shows."""

    whole: Whole
    reader: Reader
    shown: dict[str, Shown] = field(default_factory=dict)
    seen: int = 0

    @property
    def officer(self) -> str:
        return self.reader.address

    async def send(self, event: Event) -> list[Shown]:
        """One event, delivered as often as the whole is told; then what is new for this actor."""
        self.whole.world.clock += EVENT_TAKES
        event_id = fresh()
        for _ in range(self.whole.times):
            inbound = Inbound(self.reader.channel, self.reader.address, event_id, event, self.whole.world.now())
            await self.whole.app.receiver.receive(inbound)
        await self.whole.app.idle()
        return await self.news()

    async def says(self, words: str, reply_to: str = "") -> list[Shown]:
        return await self.send(TextSent(words, reply_to))

    async def press(self, value: str) -> list[Shown]:
        """A raw value, on whatever message."""
        return await self.send(Pressed(value))

    async def press_label(self, label: str, about: str = "") -> list[Shown]:
        """The newest button of this label, on a message that contains `about`."""
        shown, value = self.button(label, about)
        return await self.send(Pressed(value, shown.id))

    def button(self, label: str, about: str = "", back: int = 0) -> tuple[Shown, str]:
        """The message and the value of the newest button of this label, or of the one that is `back` before it."""
        for shown in reversed(self.shown.values()):
            for button in shown.message.buttons:
                if button.label == label and about in shown.message.text:
                    if not back:
                        return shown, button.value
                    back -= 1
        offered = [b.label for shown in reversed(self.shown.values()) for b in shown.message.buttons][:12]
        raise AssertionError(f"no button [{label}] is shown; the newest are {offered}")

    async def sends(
        self, data: bytes, media_type: str = "image/jpeg", name: str = "", album: str = "", reply_to: str = ""
    ) -> list[Shown]:
        """A photo or file, kept first as every door does."""
        return await self.send(FileSent(await self.keep(data, media_type, name), album=album, reply_to=reply_to))

    async def keep(self, data: bytes, media_type: str, name: str) -> File:
        return await self.whole.app.live.keep(self.reader, data, media_type, name)

    async def news(self) -> list[Shown]:
        """What is new or was redrawn."""
        new = await self.whole.app.live.since(self.reader, self.seen)
        for shown in new:
            self.seen = max(self.seen, shown.revision)
            self.shown.pop(shown.id, None)
            self.shown[shown.id] = shown
        return new

    @property
    def last(self) -> Shown:
        """The newest message that is not the actor's own."""
        return next(shown for shown in reversed(self.shown.values()) if not shown.own)

    @property
    def buttons(self) -> list[str]:
        """The values under the newest message that has any."""
        return next(
            ([b.value for b in s.message.buttons] for s in reversed(self.shown.values()) if s.message.buttons), []
        )


class Whole:
    """The running program and everybody who uses it."""

    def __init__(self, app: App, world: HeldWorld) -> None:
        self.app = app
        self.world = world
        self.times = 1  # how often each event is delivered
        self.post: Callable[[], Iterable[str]] = list  # what has come by e-mail or SMS since, as lines to read
        self.press: Callable[[str], Awaitable[list[str]]] | None = None  # a link in a mail

    async def run(self, function: Callable[[Work], T]) -> T:
        return await self.app.database.run(function)

    async def citizen(self, name: str = "ban") -> Actor:
        def look(work: Work) -> Reader:
            scene = present(work, self.world)
            chat = work.chats.find(CONSOLE, name) or work.chats.open_citizen(CONSOLE, name, scene.now)
            return reader_of(scene, chat)

        return Actor(self, await self.run(look))

    async def officer(self, name: str, role: str = "officer", office: str = "son-tien") -> Actor:
        """This officer, hired if need be."""

        def look(work: Work) -> Reader:
            found = work.officers.named(name, office) or work.officers.add(office, name, role)
            scene = present(work, self.world)
            return reader_of(scene, work.chats.open_staff(OFFICER, found.id, scene.now))

        return Actor(self, await self.run(look))

    async def pass_time(self, passed: timedelta) -> None:
        """Both clocks move on: the office's, and the machine's for what waits in the database."""
        self.world.clock += passed
        seconds = passed.total_seconds()

        def shift(work: Work) -> None:
            late = t.outbox.c.not_before
            work.connection.execute(update(t.outbox).where(late > 0).values(not_before=late - seconds))
            work.connection.execute(update(t.jobs).where(t.jobs.c.due > 0).values(due=t.jobs.c.due - seconds))
            held = t.dossiers.c.held_until
            work.connection.execute(update(t.dossiers).where(held.is_not(None)).values(held_until=held - seconds))

        await self.run(shift)
        await self.app.idle()


@asynccontextmanager
async def running(
    url: str, folder: Path, *, undo: float = 0, at: datetime = START, **more: Any
) -> AsyncIterator[Whole]:
    """The program on a migrated database; the keys are in use already (fixture `keys`). `more`: other settings."""
    key_file = folder / "keys" / "master.key"
    settings = Settings(data=folder, database=url, undo_seconds=undo, key_file=key_file, **more)
    built = _built()
    world = HeldWorld(settings, built.catalogue, built.search, built.calendars, clock=at)
    bells = Bells()
    database = connect(url, bells.ring)
    app = App(settings, world, database, bells)
    store = app.live._store  # noqa: SLF001 - the one that the app opened
    app.worker = Worker(database, world, app.receiver, store, app.fetchers, NearShop())
    try:
        await database.run(world.start)
        yield Whole(app, world)
    finally:
        await app.stop()
        await database.close()
