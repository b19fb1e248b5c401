"""A draft or a signed result that an officer sent: once its bytes are here it is kept with the dossier."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Final

import msgspec

from bot import claims, decisions, held, results
from bot.issued import DRAFT
from bot.remote import Loader
from bot.say import desk_line, to_citizen, to_officer
from bot.scene import Scene
from bot.views import code_of, dossier_file
from bot.world import World
from conversations import staff_turns
from conversations.messages import File, Message, NotYet, Refused
from conversations.render import message
from conversations.staff_state import Decide, KeepPaper, Officer
from domain.dossier import NotAllowed, ShowDraft, Status, decide
from storage.dossiers import Record
from storage.files import Store
from storage.jobs import Job
from storage.unit_of_work import Database

KIND: Final = "keep-paper"  # of the job
_TRIES: Final = 10_000  # as long as the file may be on its way; what is lost ends it
_SENT: Final = frozenset({Status.DONE, Status.POSTED, Status.HANDED_OVER})  # the notice has gone out


class Wanted(msgspec.Struct, frozen=True):
    """Who sent which file as what."""

    dossier: str
    officer: str
    kind: str
    file: File


def keep(scene: Scene, officer: Officer, record: Record, effect: KeepPaper) -> list[Message]:
    """Ask for it; the words come when it is done."""
    claims.must_have(officer, record)
    if effect.kind == DRAFT and record.held is None:
        decide(record.status, ShowDraft(""))  # a mistake is said at once
    wanted = Wanted(record.id, officer.id, effect.kind, effect.file)
    payload = msgspec.json.encode(wanted)
    scene.work.jobs.add(KIND, effect.file.ref, key=f"{KIND}:{record.id}:{effect.file.ref}", payload=payload)
    return []


async def fetched(database: Database, world: World, store: Store, job: Job) -> None:
    """The job: waits for the bytes, reckons their digest, keeps the paper."""
    wanted = msgspec.json.decode(job.payload, type=Wanted)
    try:
        data = await Loader(database, store).load(wanted.file.ref)
    except NotYet as error:
        wait = error.seconds
        await database.run(lambda work: work.jobs.failed(job, wait, _TRIES))
        return
    except Refused:  # whoever sent it has heard so
        await database.run(lambda work: work.jobs.done(job.id))
        return
    digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
    now = world.now()
    await database.run(lambda work: _keep(Scene(work, world, now), job, wanted, digest))


def _keep(scene: Scene, job: Job, wanted: Wanted, digest: str) -> None:
    work = scene.work
    record = work.dossiers.get(wanted.dossier, lock=True)
    officer = work.officers.get(wanted.officer)
    if record is not None and officer is not None:
        said = _kept(scene, record, officer, wanted, digest)
        to_officer(scene, officer, said, subject=f"dossier:{record.id}")
    work.jobs.done(job.id)


def _kept(scene: Scene, record: Record, officer: Officer, wanted: Wanted, digest: str) -> list[Message]:
    work = scene.work
    facts = {"kind": wanted.kind, "digest": digest, "file": wanted.file.ref}
    decisions.note(scene, record, officer.id, KIND, facts)
    number = work.history.of(record.id)[-1].number
    issued = work.slips.add(record.id, wanted.kind, number, scene.now, file=wanted.file.ref, digest=digest)
    about = {"code": code_of(record), "check": results.check_code(digest)}
    if wanted.kind == DRAFT:
        try:
            return held.hold(scene, officer, record, Decide(record.id, record.version, ShowDraft(issued.id)))
        except NotAllowed as error:
            return [message(staff_turns.not_allowed(error.reason, dossier_file(scene, record), "draft"))]
    if record.status not in _SENT:
        return [desk_line("result-kept", **about)]
    sent = results.result(scene, record, issued)
    to_citizen(scene, record.chat, sent, f"dossier:{record.id}")
    return [desk_line("result-sent", **about)]
