"""A decision is carried out: rules, compare-and-set, history, the citizen's notice and the group's card, in one go."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from bot import appointments, clock, drafts, ladder, mandate_ends, slip_facts, slips
from bot.say import alert, desk_line, to_officer
from bot.scene import Scene
from bot.views import code_of, dossier_view
from catalogue.model import Office, Procedure
from conversations import appointment, cards, notices, page
from conversations.messages import Message
from conversations.state import PostWish, Want
from domain.codes import official_code
from domain.dossier import (
    FINAL,
    PAUSED,
    QUIET,
    Accept,
    AnswerDraft,
    AskMore,
    Decision,
    Done,
    Extend,
    HandOver,
    Invite,
    Missed,
    Post,
    Rebook,
    SendBack,
    Settle,
    Status,
    Supplement,
    Withdraw,
    decide,
)
from domain.figures import answers
from domain.values import VIETNAM
from storage.dossiers import Record

CITIZEN: Final = "citizen"
ANSWERS: Final = (Supplement, AnswerDraft, Settle, HandOver)  # what the citizen was waited for, whoever enters it
OFFERED: Final = 4  # moments to choose from, to whoever did not come


def carry_out(scene: Scene, record: Record, decision: Decision, actor: str, **facts: Any) -> Message | None:
    """Apply a decision now; gives the words for the citizen (which the caller says). Raises NotAllowed.

    None where the citizen is told nothing.

    `facts` are what history is to keep beyond the decision itself.
    """
    work = scene.work
    status = decide(record.status, decision)
    if record.held is not None and actor == CITIZEN:
        _overtaken(scene, record, "void")
    appointments.settle(scene, record, decision, status)
    changes = {**_waiting(scene, record, decision, status), **_changes(scene, record, decision, status)}
    if isinstance(decision, AskMore):
        drafts.begin_supplement(scene, record, changes["body"].wants)
    if status in FINAL:
        drafts.drop_supplement(work, record)
    work.dossiers.change(record, status=status, held=None, held_by=None, held_until=None, **changes)
    after = scene.again(record)
    slip = slip_facts.facts(scene, record, after, decision, actor)
    told = {**facts, **_numbers(after), **({} if slip is None else {"slip": slip})}
    number = write(scene, after, decision, actor, record.status, **told)
    if slip is not None:
        slips.issue(scene, after, slip, number)
    work.jobs.drop(f"held:{record.id}")
    clock.plan(scene, after)
    mandate_ends.decided(scene, after)
    answered = actor == CITIZEN or isinstance(decision, ANSWERS)
    (ladder.answered if answered else ladder.overtaken)(scene, f"dossier:{record.id}")
    work.cards.want(f"dossier:{record.id}")
    if isinstance(decision, Supplement):
        alert(scene, after, "supplemented")
    elif isinstance(decision, Withdraw):
        alert(scene, after, "withdrawn")
    elif isinstance(decision, Rebook) and actor == CITIZEN:
        alert(scene, after, "rebooked")
    if isinstance(decision, QUIET):
        return None
    officer = work.officers.get(actor)
    view = dossier_view(scene, after, record.person)
    procedure = scene.procedure(record.catalogue_version)
    office = scene.world.office(record.office)
    name = officer.name if officer else ""
    moved = record.appointment_at if record.status == status else None
    follow = _follow_up(scene, procedure, office) if isinstance(decision, HandOver) else None
    words = notices.notice(decision, view, office, procedure, name, before=moved, follow=follow)
    if isinstance(decision, Missed):
        slots = appointments.free_slots(scene, record.office, record.procedure)
        return appointment.offering(words, record.id, appointments.proposed(slots, OFFERED))
    return words


def write(scene: Scene, after: Record, decision: Decision, actor: str, before: str, **facts: Any) -> int:
    """A decision's row of history: all its data, and what it fixed besides; gives the row's number."""
    data = {**msgspec.to_builtins(decision), **msgspec.to_builtins(facts)}
    return scene.work.history.add(after.id, scene.now, actor, data["type"], (before, after.status), data)


def note(scene: Scene, record: Record, actor: str, what: str, data: dict[str, Any]) -> None:
    """A row of history for what leaves the status as it is; the card shows it."""
    scene.work.history.add(record.id, scene.now, actor, what, (record.status, record.status), data)
    scene.work.cards.want(f"dossier:{record.id}")


def _waiting(scene: Scene, record: Record, decision: Decision, status: Status) -> dict[str, Any]:
    """Since when and until when it waits for the citizen, and when it ended."""
    changes: dict[str, Any] = {"closed_at": scene.now} if status in FINAL else {}
    if record.answered_at is None and answers(record.status, status, withdrawn=isinstance(decision, Withdraw)):
        changes |= {"answered_at": scene.now, "answered_late": scene.now > record.answer_by}
    if status in PAUSED and status != record.status:
        changes |= {"paused_at": scene.now, "wait_until": _wait_until(scene, record, decision), "reminded_at": None}
    elif status not in PAUSED:
        changes |= {"paused_at": None, "wait_until": None}
        if record.status != status:
            changes["reminded_at"] = None
    return changes


def _wait_until(scene: Scene, record: Record, decision: Decision) -> datetime | None:
    """The end of the time in which more papers are to come, where the procedure names one."""
    days = scene.procedure(record.catalogue_version).processing.supplement_working_days
    if days is None or not isinstance(decision, AskMore):
        return None
    return scene.world.calendar(record.office).due(scene.now, working_days=days)


def _changes(scene: Scene, record: Record, decision: Decision, status: Status) -> dict[str, Any]:
    """The columns that this kind of decision sets, `body` always among them."""
    body = record.body
    match decision:
        case Accept(working_days):
            return {"body": body, **_acceptance(scene, record, working_days)}
        case AskMore(faults):
            wants = tuple(Want(fault.key, fault.reason) for fault in faults)
            return {"body": msgspec.structs.replace(body, wants=wants), "rounds": record.rounds + 1}
        case Supplement():
            given = {"body": msgspec.structs.replace(body, wants=())}
            if status != Status.SUBMITTED:
                return {**given, "due_at": clock.due_after_wait(scene, record)}
            # the office's time to answer begins anew
            return {**given, "answer_by": scene.world.calendar(record.office).answer_by(scene.now)}
        case Settle():
            return {"body": body, "due_at": clock.due_after_wait(scene, record, money=True)}
        case Done(at):
            expected = at if body.post is None else None  # by post nobody is to come
            return {"body": body, "appointment_at": expected, "done_at": record.done_at or scene.now}
        case Invite(at) | Rebook(at):
            return {"body": body, "appointment_at": at}
        case Missed():
            return {"body": body, "appointment_at": None}
        case SendBack():
            by_post = status == Status.DONE  # it is ready all the same, and waits at the desk
            back = msgspec.structs.replace(body, post=None) if by_post else body
            return {"body": back, "appointment_at": None, "done_at": record.done_at if by_post else None}
        case Extend(until):
            return {"body": body, "due_at": until, "extended_from": record.due_at}
        case Post(_, tracking):
            post = msgspec.structs.replace(body.post or PostWish("", "", ""), tracking=tracking)
            return {"body": msgspec.structs.replace(body, post=post), "appointment_at": None}
        case _:
            if status in FINAL:
                body = msgspec.structs.replace(body, wants=(), correction=None, correction_old="")
            return {"body": body}


def _follow_up(scene: Scene, procedure: Procedure, office: Office) -> Procedure | None:
    """What is usually done next, where this office does it today."""
    follow = scene.world.catalogue.procedures.get(procedure.follow_up or "")
    taken = follow is not None and page.taken_here(follow, office, scene.now.astimezone(VIETNAM).date())
    return follow if taken else None


def _acceptance(scene: Scene, record: Record, promised: int | None) -> dict[str, Any]:
    """Official code and due date; the officer's promise counts where the catalogue knows no time."""
    day = scene.now.date()
    number = scene.work.dossiers.next_number(record.office, day.isoformat())
    code = official_code(scene.world.office(record.office).agency_id.value, day, number)
    procedure = scene.procedure(record.catalogue_version)
    calendar = scene.world.calendar(record.office)
    due = None
    if procedure.known("processing"):
        time = procedure.processing
        due = calendar.due(
            scene.now, working_days=time.working_days, calendar_days=time.calendar_days, same_day=time.same_day
        )
    if due is None and promised is not None:
        due = calendar.due(scene.now, working_days=promised)
    return {"official_code": code, "accepted_at": scene.now, "due_at": due, "appointment_at": None}


def void(scene: Scene, record: Record) -> None:
    """What is held asks for money that is no longer missing: it does not count, and whoever decided it hears so."""
    _overtaken(scene, record, "void-money")
    scene.work.dossiers.change(record, held=None, held_by=None, held_until=None)
    scene.work.jobs.drop(f"held:{record.id}")


def _overtaken(scene: Scene, record: Record, why: str) -> None:
    """Something was quicker than a held decision: whoever took it hears that it does not count."""
    assert record.held is not None
    assert record.held_by is not None
    appointments.give_back(scene, record)
    note(scene, record, record.held_by, "void", {"decision": msgspec.to_builtins(record.held)})
    officer = scene.work.officers.get(record.held_by)
    if officer is not None:
        line = desk_line(why, decision=cards.decision_words(record.held, record.status), code=code_of(record))
        to_officer(scene, officer, [line])


def _numbers(record: Record) -> dict[str, Any]:
    """What the decision fixed, so that slips and figures can be made from the history alone."""
    facts = {
        "official_code": record.official_code,
        "answer_by": record.answer_by,
        "due_at": record.due_at,
        "appointment_at": record.appointment_at,
        "wait_until": record.wait_until,
        "catalogue_version": record.catalogue_version,
    }
    return {key: value for key, value in facts.items() if value is not None}
