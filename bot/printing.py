"""Papers as PDF: ordered in a turn, printed by the workshop, then sent to whoever ordered them."""

from __future__ import annotations

import asyncio
from typing import Final, assert_never

import msgspec

from bot import keeping, manuscripts
from bot.manuscripts import Order
from bot.outgoing import to_chat
from bot.say import to_officer
from bot.scene import Scene
from bot.views import code_of
from bot.workshop import Workshop
from bot.world import World
from conversations.effects import SendFilled, SendForm
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from documents import worker
from storage.chats import OFFICER, Chat
from storage.dossiers import Record
from storage.files import Kept, Store, opened
from storage.jobs import Job
from storage.unit_of_work import Database
from storage.work import Work

_PDF: Final = "application/pdf"


def order(scene: Scene, chat: Chat, effect: SendForm | SendFilled) -> None:
    """For a citizen; asked for twice while it waits, it is printed once."""
    match effect:
        case SendForm(procedure, kind):
            _add(scene, Order(kind, procedure, chat=chat.id))
        case SendFilled(owner):
            _add(scene, Order("filled", owner, chat=chat.id))
        case _:
            assert_never(effect)


def order_bundle(scene: Scene, officer: Officer, record: Record, paper: str = "") -> list[Message]:
    """All of a dossier, or one paper of it, for one officer's eyes; the look is recorded."""
    scene.work.history.look(record.id, officer.id, "bundle", scene.now)
    _add(scene, Order("bundle", record.id, officer=officer.id, paper=paper))
    if paper:
        return [Message(text("printing.ordered-paper"))]
    return [Message(text("printing.ordered", {"code": code_of(record)}))]


def _add(scene: Scene, wanted: Order) -> None:
    key = f"print:{wanted.kind}:{wanted.subject}:{wanted.chat or wanted.officer}:{wanted.paper}"
    scene.work.jobs.add("print", wanted.subject[:40], key=key[:120], payload=msgspec.json.encode(wanted))


class Printer:
    """Prints one order after another."""

    def __init__(self, database: Database, world: World, store: Store, shop: Workshop) -> None:
        self._database = database
        self._world = world
        self._store = store
        self._shop = shop

    async def print(self, job: Job) -> None:
        """What is no longer there is not printed."""
        wanted = msgspec.json.decode(job.payload, type=Order)
        found = await self._database.run(
            lambda work: manuscripts.of(Scene(work, self._world, self._world.now()), wanted)
        )
        if found is None:
            await self._database.run(lambda work: work.jobs.done(job.id))
            return
        kind, payload = await asyncio.to_thread(found.payload, self._open)
        made = await self._shop.run(worker.rendered, kind, payload)
        kept = await keeping.put(self._store, made, _PDF, found.name)
        await self._database.run(lambda work: self._send(work, wanted, kept, found.words, job))

    async def give_up(self, job: Job) -> None:
        """Whoever waits for it hears so."""
        wanted = msgspec.json.decode(job.payload, type=Order)
        await self._database.run(lambda work: self._say(work, wanted, Message(text("printing.failed")), job))

    def _open(self, ref: str, wrapped: bytes) -> bytes:
        return opened(wrapped, self._store.get(ref))

    def _send(self, work: Work, wanted: Order, kept: Kept, words: str, job: Job) -> None:
        chat = self._chat(work, wanted)
        if chat is None:  # an officer who has left meanwhile
            work.jobs.add("drop-file", kept.file.ref)
            work.jobs.done(job.id)
            return
        file = work.files.add(kept, chat.id, f"printed:{job.id}:{kept.file.ref}", self._world.now())
        self._say(work, wanted, Message(words, files=(file,)), job)

    def _chat(self, work: Work, wanted: Order) -> Chat | None:
        if not wanted.officer:
            return work.chats.get(wanted.chat)
        officer = work.officers.get(wanted.officer)
        return None if officer is None else work.chats.open_staff(OFFICER, officer.id, self._world.now())

    def _say(self, work: Work, wanted: Order, message: Message, job: Job) -> None:
        scene = Scene(work, self._world, self._world.now())
        officer = work.officers.get(wanted.officer) if wanted.officer else None
        chat = work.chats.get(wanted.chat) if wanted.chat else None
        if officer is not None:
            to_officer(scene, officer, [message], subject=f"dossier:{wanted.subject}")
        elif chat is not None:
            to_chat(scene, chat, [message])
        work.jobs.done(job.id)
