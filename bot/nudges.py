"""A new dossier that nobody opens goes to the clerks' own addresses, and an hour later to the heads'.

One job a dossier, only while the desk is open. It asks at each waking whether somebody has claimed it or looked at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot import own_ways
from bot.scene import Scene
from conversations import closure, nudges
from conversations.messages import Message
from conversations.staff_state import Officer
from domain import nudging
from domain.codes import show
from domain.dossier import Role, Status
from storage.calls import Call
from storage.chats import Chat
from storage.dossiers import Record
from storage.jobs import Job

KIND: Final = "unopened"
SLOW: Final = "unopened-slow"
_PREFIX: Final = f"{KIND}:"
_PATIENCE: Final = 60.0  # seconds for which one address is waited for
_CALLED: Final = 5.0  # the same while a call is under way
_HEADS: Final = b"heads"
_LISTED: Final = "listed"  # a look at a line of a list: nobody has opened it by that


def plan(scene: Scene, record: Record, since: datetime) -> None:
    """`since` when the desk's time runs; in a place for practice nobody is called."""
    if not scene.world.office(record.office).practice:
        at = nudging.clerks_at(scene.world.calendar(record.office), since)
        scene.work.jobs.add_new(KIND, record.id, due_at=at)


def opened(scene: Scene, record: Record) -> bool:
    """Whether anybody has it, has looked into it, or has decided something."""
    moved_on = record.status != Status.SUBMITTED or record.held is not None or record.owner is not None
    return moved_on or any(what != _LISTED for _, what, _ in scene.work.history.looks(record.id))


def wake(scene: Scene, job: Job) -> None:
    """Tell whose turn it is; out of hours that waits until the door opens."""
    work = scene.work
    work.jobs.done(job.id)
    record = work.dossiers.get(job.subject)
    if record is None or opened(scene, record):
        return
    calendar = scene.world.calendar(record.office)
    closures = work.closures.of(record.office, scene.now)
    open_at = calendar.next_open(closure.reopening(closures, record.procedure, scene.now))
    if open_at > scene.now:
        work.jobs.add(KIND, record.id, payload=job.payload, due_at=open_at)
        return
    officers = [officer for officer in work.officers.of_office(record.office) if not officer.absent]
    clerks = [officer for officer in officers if officer.role != Role.HEAD]
    if clerks and job.payload != _HEADS:
        _tell(scene, record, clerks)
        work.jobs.add(KIND, record.id, payload=_HEADS, due_at=nudging.heads_at(calendar, scene.now))
    else:
        _tell(scene, record, [officer for officer in officers if officer.role == Role.HEAD])


def call_waits(scene: Scene, call: Call) -> None:
    """A citizen who asked for a person waits too long: the heads hear of it the same way."""
    if scene.world.office(call.office).practice:
        return
    record = scene.work.dossiers.get(call.dossier) if call.dossier else None
    message = nudges.call_waits(call.office, code=_code(record) if record is not None else "")
    for officer in scene.work.officers.of_office(call.office):
        if officer.role == Role.HEAD and not officer.absent:
            own_ways.tell(scene, officer, message, f"call:{call.id}")


def missed(scene: Scene, chat: Chat, subjects: Sequence[str]) -> None:
    """An address failed: what was to be told there is told at its officer's next one."""
    meant = [subject.removeprefix(_PREFIX) for subject in subjects if subject.startswith(_PREFIX)]
    alerted = scene.work.chats.officer_of(chat.id) if meant else None
    officer = scene.work.officers.get(alerted) if alerted else None
    for dossier in meant if officer is not None else ():
        record = scene.work.dossiers.get(dossier)
        if officer is not None and record is not None and not opened(scene, record):
            after = own_ways.next_after(scene, chat, officer, _words(scene, record, officer), f"{_PREFIX}{dossier}")
            if after is not None:
                _look_later(scene, after.id, dossier)


def look(scene: Scene, job: Job) -> None:
    """An address that has not taken it by now is as good as none: such as a network that is down."""
    scene.work.jobs.done(job.id)
    dossier = job.payload.decode()
    subject = f"{_PREFIX}{dossier}"
    chat = scene.work.chats.get(job.subject)
    given_up = scene.work.outbox.slow(job.subject, subject)
    if given_up is None:
        _look_later(scene, job.subject, dossier, _CALLED)
    elif given_up and chat is not None:
        missed(scene, chat, [subject])


def _tell(scene: Scene, record: Record, officers: Sequence[Officer]) -> None:
    for officer in officers:
        told = own_ways.tell(scene, officer, _words(scene, record, officer), f"{_PREFIX}{record.id}")
        if told is not None:
            _look_later(scene, told.id, record.id)


def _look_later(scene: Scene, chat: str, dossier: str, wait: float = _PATIENCE) -> None:
    due = scene.work.machine_now() + wait
    scene.work.jobs.add(SLOW, chat, key=f"{SLOW}:{chat}:{dossier}", payload=dossier.encode(), due=due)


def _words(scene: Scene, record: Record, officer: Officer) -> Message:
    procedure = scene.procedure(record.catalogue_version).display_name
    return nudges.unopened(record.office, procedure, _code(record), head=officer.role == Role.HEAD)


def _code(record: Record) -> str:
    return record.official_code or show(record.tracking_code)
