"""A closure is announced: everybody concerned hears once, appointments move, running clocks are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot import appointments, decisions, held
from bot.outgoing import LIVE, send, to_chat
from bot.say import desk_chat, to_citizen, to_group, to_officer
from bot.scene import Scene
from bot.views import code_of
from bot.world import fresh
from catalogue.model import Office, Procedure
from conversations import closure
from conversations.closure import ClosureView, DeclareClosure
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from domain.dossier import BALL_WITH_CITIZEN, FINAL, NotAllowed, Rebook, Role, Status
from domain.values import VIETNAM
from storage import outbox
from storage.dossiers import Record
from storage.jobs import Job

CLOCK: Final = "clock"
MARK: Final = "closure"  # of a row of history
TURNS: Final = "closure-turns"  # of the job
MARK_ENDED: Final = "closure-end"
_EXPECTED: Final = (Status.INVITED, Status.DONE)


@dataclass(slots=True)
class _Told:
    """What one citizen is to hear, and in which chat."""

    chat: str
    running: list[str] = field(default_factory=list)  # codes of dossiers that the office works on
    moved: list[tuple[str, str, datetime, datetime | None]] = field(default_factory=list)
    drafts: bool = False


def declare(scene: Scene, officer: Officer, effect: DeclareClosure) -> list[Message]:
    """Once, however often it is pressed; gives the words for the head."""
    if officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    work, office = scene.work, scene.world.office(officer.office)
    announced = ClosureView(fresh(), effect.procedure, effect.starts_at, effect.ends_at, effect.reason)
    if not work.closures.add(office.id, announced, officer.id, scene.now):
        return [Message(text("closure.already"))]
    told: dict[str, _Told] = {}  # by person
    marked = 0
    for found in work.dossiers.concerned(office.id, _procedure_of(announced)):
        record = _decided(scene, found)
        marked += record.status not in FINAL and _mark(
            scene, officer, record, announced, told.setdefault(record.person, _Told(record.chat))
        )
    for person, chat in work.drafts.begun_in(office.id, _procedure_of(announced)).items():
        told.setdefault(person, _Told(chat)).drafts = True
    procedure = scene.world.catalogue.procedures.get(announced.procedure)
    said = closure.words(announced, office, procedure)
    phones = sum(_tell(scene, office, announced, procedure, what) for what in told.values())
    to_group(scene, office.id, Message(text("closure.group", {"words": said})))
    for at in (announced.starts_at, announced.ends_at):
        if at > scene.now:  # cards say whether it is closed
            work.jobs.add(TURNS, announced.id, key=f"{TURNS}:{announced.id}:{at.isoformat()}", due_at=at)
    return [_summary(told, marked, phones)]


def end(scene: Scene, officer: Officer, which: str) -> list[Message]:
    """Open again: nobody is told twice, but the marks say when it was."""
    if officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    work = scene.work
    ended = next((c for c in work.closures.of(officer.office, scene.now) if c.id == which), None)
    if ended is None or not work.closures.end(officer.office, which, scene.now):
        return [Message(text("closure.open-none"))]
    for record in work.dossiers.concerned(officer.office, _procedure_of(ended)):
        if any(entry.what == MARK and entry.data.get("closure") == which for entry in work.history.of(record.id)):
            decisions.note(scene, record, officer.id, MARK_ENDED, {"closure": which})
    procedure = scene.world.catalogue.procedures.get(ended.procedure)
    name = (
        procedure.display_name
        if procedure
        else text("closure.what-portal" if ended.procedure == closure.PORTAL else "closure.what-office")
    )
    to_group(scene, officer.office, Message(text("closure.group-open", {"what": name})))
    return [Message(text("closure.opened", {"what": name}))]


def turns(scene: Scene, job: Job) -> None:
    """The job: it begins or ends, and the cards of what it concerns are drawn anew; nobody is told again."""
    office, one = scene.work.closures.get(job.subject)
    for record in scene.work.dossiers.concerned(office, _procedure_of(one)):
        scene.work.cards.want(f"dossier:{record.id}")
    scene.work.jobs.done(job.id)


def _procedure_of(one: ClosureView) -> str:
    """The one procedure it is about, or empty for all."""
    return "" if one.procedure in (closure.OFFICE, closure.PORTAL) else one.procedure


def _decided(scene: Scene, record: Record) -> Record:
    """What is held is carried out first: whoever decided meant it, and what it promised may have to move."""
    if record.held is None:
        return record
    by = scene.work.officers.get(record.held_by or "")
    said = held.carry_out(scene, record)
    if by is not None:
        to_officer(scene, by, said, subject=f"dossier:{record.id}")
    return scene.again(record)


def _mark(scene: Scene, officer: Officer, record: Record, announced: ClosureView, told: _Told) -> bool:
    """A running clock is marked and goes on: whether a due day moves, a person decides and says (Mẫu 04)."""
    at = record.appointment_at
    if announced.shuts and at is not None and record.status in _EXPECTED and announced.on(at):
        told.moved.append((record.id, code_of(record), at, _move(scene, record, announced)))
    if record.status in BALL_WITH_CITIZEN:
        return False
    told.running.append(code_of(record))
    facts = {
        "closure": announced.id,
        "starts_at": announced.starts_at.astimezone(VIETNAM).isoformat(),
        "ends_at": announced.ends_at.astimezone(VIETNAM).isoformat(),
        "reason": announced.reason,
    }
    decisions.note(scene, scene.again(record), officer.id, MARK, facts)
    return True


def _move(scene: Scene, record: Record, announced: ClosureView) -> datetime | None:
    """To the next free place after it; the citizen hears of it in the one message and may choose another."""
    for slot in appointments.free_slots(scene, record.office, record.procedure):
        if slot < announced.ends_at:
            continue
        try:
            decisions.carry_out(scene, scene.again(record), Rebook(slot), CLOCK, closure=announced.id)
        except NotAllowed:
            continue
        return slot
    return None


def _tell(scene: Scene, office: Office, announced: ClosureView, procedure: Procedure | None, told: _Told) -> int:
    """One message; 1 for somebody without a chat, whom an officer telephones where it matters to them."""
    found = scene.work.chats.get(told.chat)
    assert found is not None, "a dossier and a draft have a chat"
    words = closure.notice(announced, office, procedure, running=told.running, moved=told.moved, drafts=told.drafts)
    if desk_chat(found):
        if told.moved:
            to_citizen(scene, found.id, words)
        return 1
    if found.channel in LIVE:
        to_chat(scene, found, [words])
    else:
        send(scene, found, [words], lane=outbox.BULK, key=f"closure:{announced.id}:{found.id}")
    return 0


def _summary(told: dict[str, _Told], marked: int, phones: int) -> Message:
    moved = [one for what in told.values() for one in what.moved]
    stuck = [code for _, code, _, new in moved if new is None]
    return Message(
        text(
            "closure.told-head",
            {
                "people": len(told) - phones,
                "moved": len(moved) - len(stuck),
                "marked": marked,
                "phones": " " + text("closure.told-head-phones", {"count": phones}) if phones else "",
                "stuck": " " + text("closure.told-head-stuck", _listed(stuck)) if stuck else "",
            },
        )
    )


def _listed(codes: Sequence[str]) -> dict[str, object]:
    return {"count": len(codes), "codes": ", ".join(codes)}
