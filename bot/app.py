"""Builds and joins everything; the only place that does."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Final

from bot import backups, clock, contacts, draft_reminders, limits, office_facts, recovery, retention, rotation, troubles
from bot.bells import Bells
from bot.checks import Checks
from bot.deliver import Deliverer, Sender
from bot.fetch import AT_ONCE, Fetch
from bot.hands import bury
from bot.lease import ours
from bot.live import LivePages
from bot.orphans import Orphans
from bot.push_pages import PushPages
from bot.receive import Receiver, place
from bot.remote import Loader
from bot.rotation import take_keys
from bot.scene import present
from bot.settings import Settings
from bot.uploads import Uploads
from bot.work import Worker
from bot.world import World, build
from storage import key_ring, sealed
from storage.files import open_store
from storage.migrate import migrate
from storage.unit_of_work import Database, connect
from storage.work import Work

log = logging.getLogger(__name__)

_SWEEP: Final = 30.0  # seconds between looks for what a dead process left
_TRIED: Final = 2.0  # and, while the program is only tried out, whether somebody has moved the office's clock
_OVERDUE: Final = 60.0  # seconds after which a held decision is taken up once more
_TROUBLES: Final = 20  # sweeps between looks for what heads should hear of
_DAY: Final = 86_400.0
_SWEEPS_A_DAY: Final = int(_DAY / _SWEEP)
_INBOX_KEPT: Final = 30 * _DAY  # seconds; nobody redelivers after that


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
        self.orphans = Orphans(database, world, store)
        self.draining = False  # from the moment on at which somebody wants this process to end
        self.again = False  # once it has ended, it begins anew in the same process
        self.end: Callable[[], None] = lambda: None  # asks it to end, once it runs
        self._loops: list[asyncio.Task[None]] = []
        self._sweeps = False  # it is this process that does

    def follow(self) -> None:
        """For a process that neither delivers nor works: what others change of the world it lives in."""
        self._loops = [asyncio.create_task(self._look_around())]

    def start(self) -> None:
        """Begin to deliver and to work."""
        self._loops = [
            asyncio.create_task(self._loop("cards", self.deliverer.once)),
            asyncio.create_task(self._loop("jobs", self.worker.once)),
            asyncio.create_task(self._loop("jobs", self.worker.check)),
            *(asyncio.create_task(self._loop("jobs", self.worker.fetch)) for _ in range(AT_ONCE)),
            asyncio.create_task(self.worker.hands.keep()),
            asyncio.create_task(self._sweep()),
            asyncio.create_task(self._clear_out()),
            asyncio.create_task(rotation.keep_sealing(self.database)),
            asyncio.create_task(backups.keep_making(self.database, self.store, self.settings)),
        ]
        self.deliverer.start(self.bells)

    async def idle(self) -> None:
        """Do what waits to be drawn, sent or worked on, until nothing is ripe any more."""
        worker = self.worker
        while any([await once() for once in (worker.fetch, self.deliverer.once, worker.once, worker.check)]):
            pass

    async def stop(self) -> None:
        """End the loops; what was begun is finished, or handed over to other processes."""
        loops, self._loops = self._loops, []
        if loops:
            await self.worker.hands.rest()
        for task in loops:
            task.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await self.live.watching.stop()
        await self.deliverer.stop()
        self.worker.close()
        if loops:
            await self.worker.hands.hand_over()

    async def _loop(self, bell: str, once: Callable[[], Awaitable[bool]]) -> None:
        async for _ in self.bells.heard(bell):
            try:
                while await once():
                    pass
            except Exception as error:  # noqa: BLE001 - it goes on; the error's own words may hold what somebody wrote
                log.error("the %s loop stumbled: %s at %s", bell, type(error).__name__, place(error))  # noqa: TRY400

    async def _look_around(self) -> None:
        """What another process may have changed of the world that is in memory here."""
        while True:
            await self._patiently(self._refreshed)
            await asyncio.sleep(_TRIED if self.settings.trial else _SWEEP)

    async def _refreshed(self) -> None:
        await self.database.run(self.heed_others)

    async def _sweep(self) -> None:
        """Of several processes one does this; when it has gone another one does, from the beginning."""
        turns = itertools.count()
        while True:
            await self._patiently(lambda: self._swept(turns))
            await asyncio.sleep(_SWEEP)

    async def _patiently(self, once: Callable[[], Awaitable[None]]) -> None:
        try:
            await once()
        except Exception as error:  # noqa: BLE001 - the next sweep tries again
            log.error("the sweep stumbled: %s at %s", type(error).__name__, place(error))  # noqa: TRY400

    async def _swept(self, turns: Iterator[int]) -> None:
        await self.database.run(self.heed_others)
        self._sweeps = await self.database.run(lambda work: ours(work, "sweep", 2 * _SWEEP))
        if not self._sweeps:
            return
        await self.receiver.retry()
        await self.deliverer.sweep()
        await self.database.run(self.tidy)
        if next(turns) % _TROUBLES == 0:
            await self.database.run(lambda work: troubles.look(present(work, self.world)))

    async def _clear_out(self) -> None:
        """What goes once a day, in the process that sweeps: beside it, for in an old installation it takes long."""
        turns = itertools.count()
        while True:
            await asyncio.sleep(_SWEEP)
            if self._sweeps:
                await self._patiently(lambda: self._cleared_out(turns))

    async def _cleared_out(self, turns: Iterator[int]) -> None:
        await self.orphans.sweep()
        if next(turns) % _SWEEPS_A_DAY == 0:
            await self.database.run(lambda work: work.inbox.forget(work.machine_now() - _INBOX_KEPT))
            await self.database.run(lambda work: limits.forget(present(work, self.world)))
            await retention.carry_out(self.database, self.world)

    def heed_others(self, work: Work) -> None:
        """What each process reads anew every half minute."""
        rotation.heed(work)
        self.world.read_offset(work)
        office_facts.read(work, self.world)

    def tidy(self, work: Work) -> None:
        """What one of them does every half minute."""
        bury(work)
        work.tokens.forget()
        work.seals.seal(self.world.now())
        for dossier in work.dossiers.held(work.machine_now() - _OVERDUE):  # its job was set aside
            work.jobs.add("held", dossier)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[App]:
    """The program, ready to receive; its loops are not started yet."""
    ring, made = key_ring.made(settings.key_file)
    sealed.use(sealed.Keys(ring, path=settings.key_file))
    await asyncio.to_thread(migrate, settings.database_url)
    world = build(settings)
    bells = Bells()
    database = connect(settings.database_url, bells.ring)
    app = App(settings, world, database, bells)
    try:
        await database.run(lambda work: take_keys(work, settings, made=made))
        if made:
            log.warning("made the master key in %s: keep a copy elsewhere, apart from the data", settings.key_file)
        await database.run(lambda work: recovery.adopt(work, settings))
        await database.run(world.start)
        await database.run(lambda work: office_facts.read(work, world))
        await database.run(lambda work: clock.adopt(present(work, world)))
        await database.run(lambda work: contacts.adopt(present(work, world)))
        await database.run(lambda work: draft_reminders.adopt(present(work, world)))
        await database.run(lambda work: retention.adopt(present(work, world)))
        yield app
    finally:
        await app.stop()
        await database.close()
