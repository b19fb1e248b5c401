"""Jobs: documents checked outside the event loop's process, held decisions carried out, waiting citizens remembered."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from types import MappingProxyType
from typing import Final

import msgspec

from bot import held, talks
from bot.effects import Check
from bot.fetch import Fetch, Fetcher
from bot.outgoing import REMOTE_FILES
from bot.receive import Receiver
from bot.remote import kind
from bot.say import to_officer
from bot.scene import Scene
from bot.world import World
from conversations.messages import DocumentChecked, Inbound
from documents import worker
from storage.files import Store, opened
from storage.jobs import TRIES, Job
from storage.unit_of_work import Database

log = logging.getLogger(__name__)

_APART: Final = ("check", *map(kind, REMOTE_FILES))
_IDLE: Final = 60.0  # seconds after which the picture worker ends
_LIMIT: Final = 30.0  # seconds for one document; its process ends itself a little earlier
_WAIT: Final = 5.0  # seconds before a job that failed is tried again


class Worker:
    """Claims jobs whose moment has come; the loop wakes when there is one, and every two seconds."""

    def __init__(
        self,
        database: Database,
        world: World,
        receiver: Receiver,
        store: Store,
        fetchers: Mapping[str, Fetch] = MappingProxyType({}),
    ) -> None:
        self._database = database
        self._world = world
        self._receiver = receiver
        self._store = store
        self._fetcher = Fetcher(database, world, receiver, store, fetchers)
        self._pool: ProcessPoolExecutor | None = None
        self._end_pool: asyncio.TimerHandle | None = None

    async def once(self) -> bool:
        """Do what is ripe, but for what has loops of its own; True when there was something."""
        return await self._all(await self._database.run(lambda work: work.jobs.claim(self._world.now(), but=_APART)))

    async def check(self) -> bool:
        """Check one document. In a loop of its own: a stranger's file may take long, and no notice waits for it."""
        jobs = await self._database.run(lambda work: work.jobs.claim(self._world.now(), 1, only=("check",)))
        return await self._all(jobs)

    async def fetch(self) -> bool:
        """Fetch one file from its messenger. In AT_ONCE loops of their own: a line may be slow, and nothing waits."""
        return await self._fetcher.once()

    async def _all(self, jobs: Sequence[Job]) -> bool:
        for job in jobs:
            try:
                await self._do(job)
            except Exception as error:  # noqa: BLE001 - one job must not stop the others
                log.error("job %s %s failed: %s", job.kind, job.subject, type(error).__name__)  # noqa: TRY400
                await self._database.run(lambda work, job=job: work.jobs.failed(job, _WAIT))  # type: ignore[misc]
        return bool(jobs)

    async def close(self) -> None:
        """End the picture worker."""
        if self._end_pool is not None:
            self._end_pool.cancel()
        self._shut_pool()

    async def _do(self, job: Job) -> None:
        now = self._world.now()
        match job.kind:
            case "check":
                await self._check(job, now)
            case "drop-file":
                await asyncio.to_thread(self._store.delete, job.subject)
                await self._database.run(lambda work: work.jobs.done(job.id))
            case "held":
                await self._database.run(lambda work: _held(Scene(work, self._world, now), job))
            case "call-waits":
                await self._database.run(lambda work: _call_waits(Scene(work, self._world, now), job))
            case _:
                raise ValueError(job.kind)

    async def _check(self, job: Job, now: datetime) -> None:
        asked = msgspec.json.decode(job.payload, type=Check)
        found = await self._database.run(lambda work: work.files.get(asked.file.ref))
        if found is not None:  # else it was forgotten meanwhile
            sealed = await asyncio.to_thread(self._store.get, asked.file.ref)
            data = opened(found[1], sealed)
            try:
                verdict = await self._verdict(data)
            except (BrokenProcessPool, TimeoutError):
                if job.attempts < TRIES:
                    raise
                verdict = "corrupt"  # whatever opens it dies of it: the person is to send another
            event = DocumentChecked(job.subject, verdict)
            # The event's id is the document's: should this process die before the job is done, it counts once.
            inbound = Inbound(asked.channel, asked.address, f"checked:{job.subject}", event, now)
            await self._receiver.receive(inbound)
        await self._database.run(lambda work: work.jobs.done(job.id))

    async def _verdict(self, data: bytes) -> str:
        if self._pool is None:
            # spawn: a fork of a process with threads and open databases is not safe
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), worker.begin)
        loop = asyncio.get_running_loop()
        if self._end_pool is not None:
            self._end_pool.cancel()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._pool, worker.verdict, data), _LIMIT)
        except (BrokenProcessPool, TimeoutError):
            self._shut_pool()
            raise
        finally:
            self._end_pool = loop.call_later(_IDLE, self._shut_pool)

    def _shut_pool(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _held(scene: Scene, job: Job) -> None:
    work = scene.work
    record = work.dossiers.get(job.subject, lock=True)
    if record is not None and record.held is not None and (record.held_until or 0) <= work.machine_now():
        officer = work.officers.get(record.held_by or "")
        said = held.carry_out(scene, record)
        if officer is not None:  # nobody pressed: they would not learn the official code
            to_officer(scene, officer, said)
    work.jobs.done(job.id)


def _call_waits(scene: Scene, job: Job) -> None:
    talks.remind_head(scene, job.subject)
    scene.work.jobs.done(job.id)
