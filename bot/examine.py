"""Has the worker look at a document: copies for officers are kept, and the finding comes back as an event."""

from __future__ import annotations

import logging
from typing import Final

import msgspec

from bot import drafts, keeping
from bot.effects import Check
from bot.receive import Receiver
from bot.workshop import Broken, Workshop
from bot.world import World
from conversations.messages import DocumentChecked, File, Finding, Inbound
from documents import worker
from documents.examined import Examined
from storage.files import Kept, Store
from storage.jobs import TRIES, Job
from storage.measures import measures
from storage.unit_of_work import Database
from storage.work import Work

log = logging.getLogger(__name__)

_MARKED: Final = "marked"
_COPIES: Final = 20  # pages of a PDF at most


class Examiner:
    """Wherever it is cut off, doing it again from the start ends the same."""

    def __init__(self, database: Database, world: World, receiver: Receiver, store: Store, shop: Workshop) -> None:
        self._database = database
        self._world = world
        self._receiver = receiver
        self._store = store
        self._shop = shop

    async def examine(self, job: Job) -> None:
        """One document; raises Broken when its picture kills the worker, but for the last try."""
        asked = msgspec.json.decode(job.payload, type=Check)
        found = await self._database.run(lambda work: work.files.get(asked.file.ref))
        if found is None:  # it was forgotten meanwhile, and so is what a try before this one made of it
            await self._database.run(lambda work: _forget_made(work, asked, job))
        else:
            seen = await self._seen(found[1], asked, job)
            measures.count(
                "photo", next((p for p in seen.finding.problems if seen.finding.verdict == "ok"), seen.finding.verdict)
            )
            copies = [await self._keep(copy, asked, f"{job.subject}:{n}") for n, copy in enumerate(seen.copies)]
            marked = (
                await self._keep(seen.marked, asked, f"{job.subject}:{_MARKED}", copy=False) if seen.marked else None
            )
            event = DocumentChecked(job.subject, seen.finding.verdict, seen.finding, tuple(copies), marked)
            # The event's id is the document's: should this process die before the job is done, it counts once.
            inbound = Inbound(asked.channel, asked.address, f"checked:{job.subject}", event, self._world.now())
            await self._receiver.receive(inbound)
        await self._database.run(lambda work: work.jobs.done(job.id))

    async def _seen(self, wrapped: bytes, asked: Check, job: Job) -> Examined:
        try:
            data = await keeping.get(self._store, asked.file.ref, wrapped)
        except FileNotFoundError:
            log.error("the bytes of file %s are gone from the store", asked.file.ref)  # noqa: TRY400 - as in remote.py
            return Examined(Finding("lost"))
        try:
            return await self._shop.run(worker.examined, data, asked.paper, asked.card)
        except Exception as error:  # whatever it is that strangers' bytes lead to there
            slow = isinstance(error, Broken) and error.slow  # others wait as long: not once more
            if job.attempts < TRIES and not slow:
                raise
            log.warning("document %s can't be looked at: %s", job.subject, type(error).__name__)
            return Examined(Finding("corrupt"))  # whatever opens it dies of it: the person is to send another

    async def _keep(self, data: bytes, asked: Check, event: str, *, copy: bool = True) -> File:
        """A picture made of the document, a copy of a page of it or not; one that was made before is found again."""

        def add(work: Work, kept: Kept) -> File:
            chat = work.chats.find(asked.channel, asked.address)
            assert chat is not None, "a document is sent from a chat"
            original = asked.file.ref if copy else None
            return work.files.add(kept, chat.id, _source(event), self._world.now(), original)

        return await keeping.keep(self._database, self._store, data, "image/jpeg", "", add)


def _source(made: str) -> str:
    return f"made:{made}"


def _forget_made(work: Work, asked: Check, job: Job) -> None:
    chat = work.chats.find(asked.channel, asked.address)
    if chat is not None and job.attempts > 1:
        sources = [_source(f"{job.subject}:{which}") for which in (*range(_COPIES), _MARKED)]
        drafts.forget_files(work, work.files.brought(chat.id, sources))
