"""Builds and joins everything; the only place that does."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot import clock, contacts, draft_reminders, limits, retention
from bot.bells import Bells
from bot.checks import Checks
from bot.deliver import Deliverer, Sender
from bot.fetch import AT_ONCE, Fetch
from bot.live import LivePages
from bot.push_pages import PushPages
from bot.receive import Receiver, place
from bot.remote import Loader
from bot.scene import present
from bot.settings import Settings
from bot.uploads import Uploads
from bot.work import Worker
from bot.world import World, build
from storage import sealed
from storage.files import open_store
from storage.migrate import migrate
from storage.unit_of_work import Database, connect
from storage.work import Work

log = logging.getLogger(__name__)

_SWEEP: Final = 30.0  # seconds between looks for what a dead process left
_OVERDUE: Final = 60.0  # seconds after which a held decision is taken up once more
_DAY: Final = 86_400.0
_SWEEPS_A_DAY: Final = int(_DAY / _SWEEP)
_INBOX_KEPT: Final = 30 * _DAY  # seconds; nobody redelivers after that


class WrongKey(Exception):
    """The data were sealed with another master key; going on would seal new data with this one."""


class App:
    """One process: database, conversations, and the loops that deliver and work."""

    def __init__(self, settings: Settings, world: World, database: Database, bells: Bells) -> None:
        self.settings = settings
        self.world = world
        self.database = database
        self.bells = bells
        self.store = store = open_store(settings.file_store)
        self.receiver = Receiver(database, world)
        self.live = LivePages(database, world, self.receiver, store, bells)
        self.uploads = Uploads(database, world, self.receiver, store)
        self.checks = Checks(database, world)
        self.pushes = PushPages(database, world)
        self.senders: dict[str, Sender] = {}  # by channel; filled while a messenger is at hand
        self.fetchers: dict[str, Fetch] = {}
        self.deliverer = Deliverer(database, world, self.senders)
        self.worker = Worker(database, world, self.receiver, store, self.fetchers)
        self.load = Loader(database, store).load
        self._loops: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to deliver and to work."""
        self._loops = [
            asyncio.create_task(self._loop("cards", self.deliverer.once)),
            asyncio.create_task(self._loop("jobs", self.worker.once)),
            asyncio.create_task(self._loop("jobs", self.worker.check)),
            *(asyncio.create_task(self._loop("jobs", self.worker.fetch)) for _ in range(AT_ONCE)),
            asyncio.create_task(self._sweep()),
        ]
        self.deliverer.start(self.bells)

    async def idle(self) -> None:
        """Do what waits to be drawn, sent or worked on, until nothing is ripe any more."""
        worker = self.worker
        while any([await once() for once in (worker.fetch, self.deliverer.once, worker.once, worker.check)]):
            pass

    async def stop(self) -> None:
        """End the loops; what was begun is finished or will be taken up again."""
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self.deliverer.stop()
        await self.worker.close()

    async def _loop(self, bell: str, once: Callable[[], Awaitable[bool]]) -> None:
        async for _ in self.bells.heard(bell):
            try:
                while await once():
                    pass
            except Exception as error:  # noqa: BLE001 - it goes on; the error's own words may hold what somebody wrote
                log.error("the %s loop stumbled: %s at %s", bell, type(error).__name__, place(error))  # noqa: TRY400

    async def _sweep(self) -> None:
        for turn in itertools.count():
            try:
                await self.receiver.retry()
                await self.deliverer.sweep()
                await self.database.run(self._tidy)
                if turn % _SWEEPS_A_DAY == 0:
                    await self.database.run(lambda work: work.inbox.forget(work.machine_now() - _INBOX_KEPT))
                    await self.database.run(lambda work: limits.forget(present(work, self.world)))
                    await retention.carry_out(self.database, self.world)
            except Exception as error:  # noqa: BLE001 - the next sweep tries again
                log.error("the sweep stumbled: %s at %s", type(error).__name__, place(error))  # noqa: TRY400
            await asyncio.sleep(_SWEEP)

    def _tidy(self, work: Work) -> None:
        self.world.read_offset(work)
        work.tokens.forget()
        for dossier in work.dossiers.held(work.machine_now() - _OVERDUE):  # its job was set aside
            work.jobs.add("held", dossier)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[App]:
    """The program, ready to receive; its loops are not started yet."""
    key, made = sealed.master_key(settings.key_file)
    if made:
        log.warning("made the master key in %s: keep a copy elsewhere, apart from the data", settings.key_file)
    sealed.use(sealed.Keys(key))
    await asyncio.to_thread(migrate, settings.database_url)
    world = build(settings)
    bells = Bells()
    database = connect(settings.database_url, bells.ring)
    app = App(settings, world, database, bells)
    try:
        await database.run(lambda work: _check_key(work, settings))
        await database.run(world.start)
        await database.run(lambda work: clock.adopt(present(work, world)))
        await database.run(lambda work: contacts.adopt(present(work, world)))
        await database.run(lambda work: draft_reminders.adopt(present(work, world)))
        await database.run(lambda work: retention.adopt(present(work, world)))
        yield app
    finally:
        await app.stop()
        await database.close()


def _check_key(work: Work, settings: Settings) -> None:
    """The first start leaves a mark that only its master key makes."""
    mark = sealed.keys().look_up("master key")
    known = work.installation.get("key-mark")
    if known is None:
        work.installation.put("key-mark", mark)
    elif known != mark:
        raise WrongKey(
            f"{settings.key_file} không phải khóa chính của dữ liệu này. "
            "Đặt lại đúng tệp khóa (MOTCUA_KEY_FILE) rồi chạy lại."
        )
