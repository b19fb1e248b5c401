"""A link as a picture to be scanned by the other telephone: ordered in a turn, drawn by a job, sent into the chat."""

from __future__ import annotations

import asyncio

import msgspec

from bot import keeping
from bot.linking import CODE, QR
from bot.outgoing import to_chat
from bot.scene import Scene, present
from bot.world import World
from conversations.messages import Message
from conversations.render import text
from documents import pay_qr
from storage.files import Kept, Store
from storage.jobs import Job
from storage.unit_of_work import Database
from storage.work import Work

_PNG = "image/png"


async def send(database: Database, world: World, store: Store, job: Job) -> None:
    """Where the code has been used or replaced meanwhile, nothing is sent."""
    chat, where, link = msgspec.json.decode(job.payload, type=tuple[str, str, str])
    if not await database.run(lambda work: _waits(work, job, chat)):
        return
    picture = await asyncio.to_thread(pay_qr.png, link)
    kept = await keeping.put(store, picture, _PNG, "ma-qr-noi.png")
    await database.run(lambda work: _send(present(work, world), job, chat, where, kept))


def _waits(work: Work, job: Job, chat: str) -> bool:
    open_still = work.tokens.of_chat(CODE, chat) is not None
    if not open_still:
        work.jobs.done(job.id)
    return open_still


def _send(scene: Scene, job: Job, chat_id: str, where: str, kept: Kept) -> None:
    work = scene.work
    chat = work.chats.get(chat_id)
    if chat is None:
        work.jobs.add("drop-file", kept.file.ref)
    else:
        file = work.files.add(kept, chat.id, f"{QR}:{job.id}:{kept.file.ref}", scene.now)
        to_chat(scene, chat, [Message(text(f"linking.qr-{where}"), files=(file,))])
    work.jobs.done(job.id)
