"""The code to pay with as a picture: asked for in a turn, made by a job, sent into the chat that asked."""

from __future__ import annotations

import asyncio
from typing import Final

from bot import keeping
from bot.outgoing import to_chat
from bot.scene import Scene
from bot.views import dossier_view
from bot.world import World
from conversations import fees, money
from conversations.messages import Message
from documents import pay_qr
from storage.chats import Chat
from storage.dossiers import Record
from storage.files import Kept, Store
from storage.jobs import Job
from storage.unit_of_work import Database
from storage.work import Work

JOB: Final = "pay-code"
_PNG: Final = "image/png"


def order(scene: Scene, chat: Chat, record: Record) -> None:
    """For the dossier's own citizen; asked for twice while it waits, it is made once."""
    scene.work.jobs.add(JOB, record.id, key=f"{JOB}:{record.id}:{chat.id}", payload=chat.id.encode())


class PayCodes:
    """Makes one after another."""

    def __init__(self, database: Database, world: World, store: Store) -> None:
        self._database = database
        self._world = world
        self._store = store

    async def send(self, job: Job) -> None:
        """Where nothing is to be paid any more, nothing is sent."""
        found = await self._database.run(lambda work: self._words(work, job))
        if found is None:
            await self._database.run(lambda work: work.jobs.done(job.id))
            return
        words, payload = found
        picture = await asyncio.to_thread(pay_qr.png, payload)
        kept = await keeping.put(self._store, picture, _PNG, "ma-qr-nop-tien.png")
        await self._database.run(lambda work: self._send(work, job, kept, words))

    def _words(self, work: Work, job: Job) -> tuple[str, str] | None:
        scene = Scene(work, self._world, self._world.now())
        record, charge = work.dossiers.get(job.subject), work.charges.get(job.subject)
        if record is None or charge is None:
            return None
        office = self._world.office(record.office)
        if not fees.by_code(charge, office):
            return None
        return money.code_words(dossier_view(scene, record, record.person), charge, office)

    def _send(self, work: Work, job: Job, kept: Kept, words: str) -> None:
        scene = Scene(work, self._world, self._world.now())
        chat = work.chats.get(job.payload.decode())
        if chat is None:
            work.jobs.add("drop-file", kept.file.ref)
        else:
            file = work.files.add(kept, chat.id, f"{JOB}:{job.id}:{kept.file.ref}", scene.now)
            to_chat(scene, chat, [Message(words, files=(file,))])
        work.jobs.done(job.id)
