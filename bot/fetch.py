"""Fetches what a messenger keeps for us: sealed into our own store, then checked; patient while the line is bad."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec

from bot import keeping
from bot.effects import Check
from bot.hands import Hands
from bot.receive import Receiver
from bot.remote import Wanted, kind
from bot.world import World
from conversations.messages import DocumentChecked, File, Inbound, Refused, TryLater, Undeliverable
from documents.check import media_type
from storage.files import Store
from storage.jobs import Job
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

Fetch = Callable[[str], Awaitable[bytes]]  # a file's bytes by the messenger's id of it

AT_ONCE: Final = 4  # files
TRIES: Final = 150  # with these pauses that is half a day
_PAUSES: Final = (2, 5, 15, 60, 300)  # seconds after each failed try; the last one from then on
_LIMIT: Final = 240.0  # seconds for one file: 20 MB over a very slow line


class Fetcher:
    """Fetches by channel; a file whose messenger is not at hand in this process waits for one where it is."""

    def __init__(
        self,
        database: Database,
        world: World,
        receiver: Receiver,
        store: Store,
        by_channel: Mapping[str, Fetch],
        hands: Hands,
    ) -> None:
        self._database = database
        self._world = world
        self._receiver = receiver
        self._store = store
        self._by_channel = by_channel
        self._hands = hands

    async def once(self) -> bool:
        """Fetch one file; True when there was one."""
        kinds = [kind(channel) for channel in self._by_channel]
        if not kinds:
            return False
        now = self._world.now()
        jobs = await self._hands.claim(lambda work, by: work.jobs.claim(now, 1, only=kinds, by=by))
        with self._hands.on(jobs):
            for job in jobs:
                await self._try(job)
        return bool(jobs)

    async def _try(self, job: Job) -> None:
        try:
            await self._fetch(job)
        except (Refused, Undeliverable) as error:
            await self._lost(job, "too-large" if str(error) == "too-large" else "lost")
        except Exception as error:  # noqa: BLE001 - a messenger's library may fail in ways of its own
            log.warning("file %s was not fetched: %s", job.subject, type(error).__name__)
            if job.attempts >= TRIES:
                await self._lost(job, "lost")
                return
            pause = _PAUSES[min(job.attempts, len(_PAUSES)) - 1]
            wait = max(pause, error.seconds) if isinstance(error, TryLater) else pause
            await self._database.run(lambda work: work.jobs.failed(job, wait, TRIES + 1))

    async def _fetch(self, job: Job) -> None:
        """At whatever point it is cut off, doing it again from the start ends the same."""
        ref = job.subject
        known, remote = await self._database.run(lambda work: (work.files.get(ref), work.files.remote(ref)))
        if known is None:
            await self._database.run(lambda work: _forgotten(work, job))
            return
        file, key = known
        if remote:
            channel, _, theirs = remote.partition(" ")
            data = await asyncio.wait_for(self._by_channel[channel](theirs), _LIMIT)
            await keeping.fill(self._store, ref, key, data)
            file = File(ref, media_type(data) or file.media_type, len(data), file.name)
        await self._database.run(lambda work: _arrived(work, job, file))

    async def _lost(self, job: Job, verdict: str) -> None:
        """It will never be here, and whoever sent it hears so."""
        wanted = msgspec.json.decode(job.payload, type=Wanted)
        name = f"checked:{wanted.document}" if wanted.document else f"lost:{job.subject}"
        event = DocumentChecked(wanted.document, verdict)
        await self._receiver.receive(Inbound(wanted.channel, wanted.address, name, event, self._world.now()))
        await self._database.run(lambda work: _forgotten(work, job))


def _arrived(work: Work, job: Job, file: File) -> None:
    """The bytes are here; a document is checked next."""
    if not work.files.arrived(file.ref, file.media_type, file.size):
        _forgotten(work, job)
        return
    wanted = msgspec.json.decode(job.payload, type=Wanted)
    if wanted.document:
        work.drafts.arrived(wanted.document, file.media_type, file.size)
        check = Check(file, wanted.channel, wanted.address, wanted.paper, wanted.card)
        payload = msgspec.json.encode(check)
        work.jobs.add("check", wanted.document, payload=payload)
    work.jobs.done(job.id)


def _forgotten(work: Work, job: Job) -> None:
    """Nobody has a use for it any more: what may lie in the store goes too."""
    work.files.forget([job.subject])
    work.jobs.add("drop-file", job.subject)
    work.jobs.done(job.id)
