"""Jobs: documents checked outside the event loop's process, held decisions carried out, waiting citizens remembered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from bot import (
    clock,
    closures,
    contacts,
    digest,
    draft_reminders,
    held,
    ladder,
    link_qr,
    linking,
    mandate_ends,
    merging,
    nudges,
    own_archive,
    own_data,
    papers_kept,
    pay_code,
    practice,
    ratings,
    talks,
    transfers,
    unreached,
    where,
)
from bot.examine import Examiner
from bot.fetch import Fetch, Fetcher
from bot.hands import Hands
from bot.outgoing import REMOTE_FILES
from bot.pay_code import PayCodes
from bot.printing import Printer
from bot.receive import Receiver
from bot.remote import kind
from bot.say import to_officer
from bot.scene import Scene
from bot.workshop import Broken, Workshop
from bot.world import World
from conversations.messages import Refused
from documents import worker
from storage.away import away
from storage.files import Store
from storage.jobs import TRIES, Job
from storage.measures import measures
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

_SHOP: Final = ("check", "print")
_APART: Final = (*_SHOP, *map(kind, REMOTE_FILES))
_PATIENT: Final = ("clock", "digest", ladder.JOB, draft_reminders.KIND, nudges.KIND, transfers.JOB)
_WAIT: Final = 5.0  # seconds before a job that failed is tried again
_PAUSES: Final = (5.0, 5.0, 15.0, 60.0, 300.0)  # and before a document is; the last one from then on


class Worker:
    """Claims jobs whose moment has come; the loop wakes when there is one, and every two seconds."""

    def __init__(
        self,
        database: Database,
        world: World,
        receiver: Receiver,
        store: Store,
        fetchers: Mapping[str, Fetch] = MappingProxyType({}),
        shop: Workshop | None = None,
    ) -> None:
        self._database = database
        self._world = world
        self._store = store
        self.hands = hands = Hands(database)
        self._fetcher = Fetcher(database, world, receiver, store, fetchers, hands)
        self._shop = shop or Workshop()
        self._examiner = Examiner(database, world, receiver, store, self._shop)
        self._printer = Printer(database, world, store, self._shop, self.hands.by)
        self._pay_codes = PayCodes(database, world, store)

    async def once(self) -> bool:
        """Do what is ripe, but for what has loops of its own; True when there was something."""
        return await self._all(await self.hands.claim(self._claimed))

    def _claimed(self, work: Work, by: str) -> Sequence[Job]:
        """In a trial installation another process may just have moved the office's clock."""
        if self._world.settings.trial:
            self._world.read_offset(work)
        return work.jobs.claim(self._world.now(), but=_APART, by=by)

    async def check(self) -> bool:
        """Check or print one document. In a loop of its own: a stranger's file may take long, and no notice waits."""
        now = self._world.now()
        return await self._all(await self.hands.claim(lambda work, by: work.jobs.claim(now, 1, only=_SHOP, by=by)))

    async def smaller(self, data: bytes, most: int) -> bytes:
        """A picture as JPEG of at most `most` bytes; raises Refused where that can't be."""
        try:
            made = await self._shop.run(worker.smaller, data, most)
        except Broken:
            made = b""
        if not made:
            raise Refused("picture")
        return made

    async def fetch(self) -> bool:
        """Fetch one file from its messenger. In AT_ONCE loops of their own: a line may be slow, and nothing waits."""
        return await self._fetcher.once()

    async def _all(self, jobs: Sequence[Job]) -> bool:
        with self.hands.on(jobs):
            for job in jobs:
                if self.hands.ending:
                    break  # what has not begun goes on elsewhere
                began = time.monotonic()
                try:
                    await self._do(job)
                    measures.took(time.monotonic() - began, "job", job.kind)
                except Exception as error:  # noqa: BLE001 - one job must not stop the others
                    measures.count("job-failed", job.kind)
                    log.error("job %s %s failed: %s", job.kind, job.subject, type(error).__name__)  # noqa: TRY400
                    await self._failed(job, error)
        return bool(jobs)

    async def _failed(self, job: Job, error: Exception) -> None:
        """A document waits until it can be looked at: what is in the way is ours, such as a full disk."""
        if job.kind == "check":
            pause = _PAUSES[min(job.attempts, len(_PAUSES)) - 1]
            await self._database.run(lambda work: work.jobs.failed(job, pause, job.attempts + 1))
        elif away(error):
            await self._database.run(lambda work: work.jobs.put_off(job, _WAIT))
        elif job.kind in _PATIENT:  # nobody would notice that a reminder is missing
            await self._database.run(lambda work: work.jobs.failed(job, _PAUSES[-1], job.attempts + 1))
        elif job.kind == "print" and job.attempts >= TRIES:
            await self._printer.give_up(job)
        else:
            await self._database.run(lambda work: work.jobs.failed(job, _WAIT))

    def close(self) -> None:
        """End the picture worker."""
        self._shop.close()

    async def _do(self, job: Job) -> None:
        if at_once := _AT_ONCE.get(job.kind):
            now = self._world.now()
            await self._database.run(lambda work: self._once(Scene(work, self._world, now), job, at_once))
        elif with_bytes := _WITH_BYTES.get(job.kind):
            await with_bytes(self._database, self._world, self._store, job)
        else:
            await self._made(job)

    def _once(self, scene: Scene, job: Job, act: Callable[[Scene, Job], object]) -> None:
        """Unless this process stood still for so long that another has it, or has done it."""
        if scene.work.jobs.holds(job, self.hands.by):
            act(scene, job)

    async def _made(self, job: Job) -> None:
        match job.kind:
            case "check":
                await self._examiner.examine(job)
            case "print":
                await self._printer.print(job)
            case "drop-file":
                await asyncio.to_thread(self._store.delete, job.subject)
                await self._database.run(lambda work: work.jobs.done(job.id))
            case pay_code.JOB:
                await self._pay_codes.send(job)
            case _:
                raise ValueError(job.kind)


def _held(scene: Scene, job: Job) -> None:
    work = scene.work
    record = work.dossiers.get(job.subject, lock=True)
    if record is not None and record.held is not None and (record.held_until or 0) <= work.machine_now():
        officer = work.officers.get(record.held_by or "")
        said = held.carry_out(scene, record)
        if officer is not None:  # nobody pressed: they would not learn the official code
            to_officer(scene, officer, said, subject=f"dossier:{record.id}")
    work.jobs.done(job.id)


def _rating_waits(scene: Scene, job: Job) -> None:
    scene.work.jobs.done(job.id)  # first: what is still unanswered asks for the same job anew
    ratings.remind(scene, job.subject, int(job.payload or b"1"))


def _call_waits(scene: Scene, job: Job) -> None:
    talks.remind_head(scene, job.subject)
    scene.work.jobs.done(job.id)


# Jobs of one transaction, and those that also read or write bytes.
_AT_ONCE: Final[Mapping[str, Callable[[Scene, Job], object]]] = {
    "held": _held,
    "call-waits": _call_waits,
    "rating-waits": _rating_waits,
    "clock": clock.wake,
    "digest": digest.send,
    contacts.KIND: contacts.adopt_some,
    draft_reminders.KIND: draft_reminders.wake,
    nudges.KIND: nudges.wake,
    nudges.SLOW: nudges.look,
    merging.REST: merging.rest,
    transfers.JOB: transfers.look,
    closures.TURNS: closures.turns,
    mandate_ends.JOB: mandate_ends.wake,
    ladder.JOB: unreached.wake,
    where.JOB: where.missed,
    own_archive.OVER: own_archive.over,
}
_WITH_BYTES: Final[Mapping[str, Callable[[Database, World, Store, Job], Awaitable[object]]]] = {
    papers_kept.KIND: papers_kept.fetched,
    linking.QR: link_qr.send,
    practice.KIND: practice.fetched,
    own_data.KIND: own_archive.send,
}
