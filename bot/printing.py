"""Papers as PDF: ordered in a turn, printed by the workshop, then sent to whoever ordered them."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import assert_never

import msgspec

from bot import archive, keeping, manuscripts, slip_prints
from bot.archive import Gathered
from bot.manuscripts import Manuscript
from bot.orders import Order, Ready
from bot.outgoing import to_chat
from bot.say import to_citizen, to_officer
from bot.scene import Scene
from bot.views import code_of
from bot.workshop import Workshop
from bot.world import World
from conversations.effects import SendFilled, SendForm
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from documents import worker
from domain.ladder import SLIP
from storage.chats import OFFICER, Chat
from storage.dossiers import Record
from storage.files import Kept, Store, opened
from storage.jobs import Job
from storage.unit_of_work import Database
from storage.work import Work


def order(scene: Scene, chat: Chat, effect: SendForm | SendFilled) -> None:
    """For a citizen; asked for twice while it waits, it is printed once."""
    match effect:
        case SendForm(procedure, kind):
            add(scene, Order(kind, procedure, chat=chat.id))
        case SendFilled(owner):
            add(scene, Order("filled", owner, chat=chat.id))
        case _:
            assert_never(effect)


def order_bundle(scene: Scene, officer: Officer, record: Record, paper: str = "") -> list[Message]:
    """All of a dossier, or one paper of it, for one officer's eyes; the look is recorded."""
    scene.work.history.look(record.id, officer.id, "bundle", scene.now)
    add(scene, Order("bundle", record.id, officer=officer.id, paper=paper))
    if paper:
        return [Message(text("printing.ordered-paper"))]
    return [Message(text("printing.ordered", {"code": code_of(record)}))]


def order_archive(scene: Scene, officer: Officer, record: Record) -> list[Message]:
    """Everything for the National Portal as one ZIP, for one officer's eyes; the look is recorded."""
    scene.work.history.look(record.id, officer.id, archive.KIND, scene.now)
    add(scene, Order(archive.KIND, record.id, officer=officer.id))
    return [Message(text("portal.ordered", {"code": code_of(record)}))]


def add(scene: Scene, wanted: Order) -> None:
    """Have it printed once this transaction is durable."""
    key = f"print:{wanted.kind}:{wanted.subject}:{wanted.chat or wanted.officer}:{wanted.paper}"
    scene.work.jobs.add("print", wanted.subject[:40], key=key[:120], payload=msgspec.json.encode(wanted))


def _gathered(scene: Scene, wanted: Order) -> Manuscript | Ready | Gathered | None:
    if wanted.kind == archive.KIND:
        return archive.of(scene, wanted)
    return slip_prints.of(scene, wanted) if wanted.kind in slip_prints.KINDS else manuscripts.of(scene, wanted)


class Printer:
    """Prints one order after another."""

    def __init__(self, database: Database, world: World, store: Store, shop: Workshop, by: str) -> None:
        self._database = database
        self._world = world
        self._store = store
        self._shop = shop
        self._by = by

    async def print(self, job: Job) -> None:
        """What is no longer there is not printed."""
        wanted = msgspec.json.decode(job.payload, type=Order)
        found = await self._database.run(lambda work: _gathered(Scene(work, self._world, self._world.now()), wanted))
        if found is None:
            await self._database.run(lambda work: work.jobs.done(job.id))
            return
        made = await self._made(found)
        kept = await keeping.put(self._store, made, found.media_type, found.name)
        digest = sha256(made).hexdigest()
        await self._database.run(lambda work: self._send(work, wanted, kept, found.words, digest, job))

    async def _made(self, found: Manuscript | Ready | Gathered) -> bytes:
        if isinstance(found, Gathered):
            return await found.made(self._shop, self._open)
        kind, payload = await asyncio.to_thread(found.payload, self._open)
        return await self._shop.run(worker.rendered, kind, payload)

    async def give_up(self, job: Job) -> None:
        """Whoever waits for it hears so."""
        wanted = msgspec.json.decode(job.payload, type=Order)
        words = text("slips.failed" if wanted.kind == "slip" and wanted.chat else "printing.failed")
        await self._database.run(lambda work: self._say(work, wanted, Message(words), job))

    def _open(self, ref: str, wrapped: bytes) -> bytes:
        return opened(wrapped, self._store.get(ref))

    def _send(self, work: Work, wanted: Order, kept: Kept, words: str, digest: str, job: Job) -> None:
        if not work.jobs.holds(job, self._by):  # this process stood still, and another has printed it
            work.jobs.add("drop-file", kept.file.ref)
            return
        chat = self._chat(work, wanted)
        if chat is None:  # an officer who has left meanwhile
            work.jobs.add("drop-file", kept.file.ref)
            work.jobs.done(job.id)
            return
        file = work.files.add(kept, chat.id, f"printed:{job.id}:{kept.file.ref}", self._world.now())
        if wanted.kind == "slip":
            work.slips.printed(wanted.paper, file.ref, digest)
        self._say(work, wanted, Message(words, files=(file,)), job)

    def _chat(self, work: Work, wanted: Order) -> Chat | None:
        if not wanted.officer:
            return work.chats.get(wanted.chat)
        officer = work.officers.get(wanted.officer)
        return None if officer is None else work.chats.open_staff(OFFICER, officer.id, self._world.now())

    def _say(self, work: Work, wanted: Order, message: Message, job: Job) -> None:
        scene = Scene(work, self._world, self._world.now())
        subject = "" if wanted.kind in slip_prints.OF_OFFICE else f"dossier:{wanted.subject}"
        officer = work.officers.get(wanted.officer) if wanted.officer else None
        chat = work.chats.get(wanted.chat) if wanted.chat else None
        if officer is not None:
            to_officer(scene, officer, [message], subject=subject)
        elif chat is not None and wanted.kind == "slip":  # it comes by itself, behind the notice
            to_citizen(scene, chat.id, message, subject, kind=SLIP)
        elif chat is not None:
            to_chat(scene, chat, [message])
        work.jobs.done(job.id)
