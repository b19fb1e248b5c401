"""A decision is carried out: rules, compare-and-set, history, the citizen's notice and the group's card, in one go."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import msgspec

from bot.say import beneath, group_of, to_citizen, to_group, to_officer
from bot.views import dossier_file, dossier_view
from bot.world import World, fresh
from conversations import cards, notices
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from conversations.state import Draft, Want
from domain.codes import new_tracking_code, official_code, show
from domain.dossier import (
    FINAL,
    Accept,
    AskMore,
    Decision,
    Done,
    Invite,
    SendBack,
    Status,
    Submit,
    Supplement,
    Withdraw,
    decide,
)
from storage.dossiers import Body, Record
from storage.work import Work

CITIZEN: Final = "citizen"


def submit(work: Work, world: World, draft: Draft, person: str, chat: str, office: str, now: datetime) -> Message:
    """The draft becomes a dossier, once; gives the words for the citizen."""
    known = work.dossiers.get(draft.id)
    procedure = world.procedure(work, draft.version)
    if known is None:
        known = Record(
            id=draft.id,
            person=person,
            chat=chat,
            office=world.office(office).id,
            procedure=draft.procedure,
            catalogue_version=draft.version,
            tracking_code=new_tracking_code(secrets.token_bytes(16)),
            official_code=None,
            status=Status.SUBMITTED,
            version=1,
            body=Body(draft.applicant, draft.skipped),
            submitted_at=now,
            answer_by=world.calendar(office).answer_by(now),
            accepted_at=None,
            due_at=None,
            appointment_at=None,
            rounds=0,
            twin="",
            owner=None,
            held=None,
            held_by=None,
            held_until=None,
        )
        known = replace(known, twin=work.dossiers.twin_of(known))
        work.dossiers.add(known)
        work.drafts.close(draft.id)
        facts = {"catalogue_version": draft.version, "channel_chat": chat, "answer_by": known.answer_by}
        _record(work, known, Submit(), CITIZEN, now, known.status, facts)
        work.cards.want(f"dossier:{known.id}", group_of(work, known.office, now).id)
    view = dossier_view(work, world, known, person)
    opens = world.calendar(known.office).next_open(known.submitted_at)
    return notices.notice(Submit(), view, world.office(known.office), procedure, counts_from=opens)


def supplement(work: Work, world: World, draft: Draft, now: datetime) -> Message | None:
    """What was asked for again has come: it replaces the old, and the ball is with the office."""
    record = work.dossiers.get(draft.dossier, lock=True)
    if record is None or record.status not in {Status.INCOMPLETE, Status.PENDING}:
        return None
    wanted = [want.key for want in draft.wants]
    papers = sorted({document.paper for document in draft.documents})
    before = work.drafts.answers(record.id)
    new = {key: value for key, value in draft.answers.items() if key in wanted}
    work.drafts.move_documents(draft.id, record.id, papers)
    work.drafts.save_answers(record.id, before, {**before, **new})
    work.drafts.discard(draft.id)
    replaced = {key: before.get(key, "") for key in new}
    return carry_out(work, world, record, Supplement(tuple(wanted)), CITIZEN, now, {"replaced": replaced})


def withdraw(work: Work, world: World, record: Record, now: datetime) -> Message:
    """The citizen takes the dossier back; a held decision is void with it."""
    return carry_out(work, world, record, Withdraw(), CITIZEN, now, {})


def carry_out(
    work: Work, world: World, record: Record, decision: Decision, actor: str, now: datetime, facts: dict[str, Any]
) -> Message:
    """Apply a decision now; gives the words for the citizen (which the caller says). Raises NotAllowed."""
    status = decide(record.status, decision)
    procedure = world.procedure(work, record.catalogue_version)
    if record.held is not None and actor == CITIZEN:
        _void(work, record, now)
    changes: dict[str, Any] = {"status": status, "held": None, "held_by": None, "held_until": None}
    body = record.body
    match decision:
        case Accept():
            day = now.date()
            number = work.dossiers.next_number(record.office, day.isoformat())
            code = official_code(world.office(record.office).agency_id.value, day, number)
            time = procedure.processing
            due = (
                world.calendar(record.office).due(
                    now, working_days=time.working_days, calendar_days=time.calendar_days, same_day=time.same_day
                )
                if procedure.known("processing")
                else None
            )
            changes |= {"official_code": code, "accepted_at": now, "due_at": due, "appointment_at": None}
        case AskMore(faults):
            wants = tuple(Want(fault.key, fault.reason) for fault in faults)
            body = msgspec.structs.replace(body, wants=wants)
            changes |= {"rounds": record.rounds + 1}
            draft = Draft(
                fresh(),
                record.procedure,
                record.catalogue_version,
                {k: v for k, v in work.drafts.answers(record.id).items() if k not in {w.key for w in wants}},
                applicant=body.applicant,
                dossier=record.id,
                wants=wants,
            )
            work.drafts.save(None, draft, record.person, now)
        case Supplement():
            body = msgspec.structs.replace(body, wants=())
            if status == Status.SUBMITTED:  # the office's time to answer begins anew
                changes |= {"answer_by": world.calendar(record.office).answer_by(now)}
        case Invite(at) | Done(at):
            changes |= {"appointment_at": at}
        case SendBack():
            changes |= {"appointment_at": None}
        case _:
            pass
    if status in FINAL:
        _drop_supplement(work, record)
        body = msgspec.structs.replace(body, wants=(), correction=None, correction_old="")
    work.dossiers.change(record, body=body, **changes)
    after = work.dossiers.get(record.id)
    assert after is not None
    _record(work, after, decision, actor, now, record.status, {**facts, **_numbers(after)})
    work.jobs.drop(f"held:{record.id}")
    work.cards.want(f"dossier:{record.id}")
    if isinstance(decision, Supplement):
        alert(work, world, after, "supplemented", now)
    elif isinstance(decision, Withdraw):
        alert(work, world, after, "withdrawn", now)
    officer = work.officers.get(actor)
    view = dossier_view(work, world, after, record.person)
    return notices.notice(decision, view, world.office(record.office), procedure, officer.name if officer else "")


def carry_out_held(work: Work, world: World, record: Record, now: datetime) -> None:
    """The time for taking it back has passed, or nobody wants it: do it and tell the citizen."""
    assert record.held is not None
    assert record.held_by is not None
    message = carry_out(work, world, record, record.held, record.held_by, now, {})
    to_citizen(work, record.chat, [message], now)


def alert(work: Work, world: World, record: Record, reason: str, now: datetime) -> None:
    """One line under the card, since an edited card alerts nobody."""
    subject = f"dossier:{record.id}"
    card = work.cards.message_of(subject, group_of(work, record.office, now).id)
    line = cards.alert_line(dossier_file(work, world, record), reason)
    to_group(work, record.office, beneath(line, card), now)


def propose(work: Work, world: World, record: Record, officer: Officer, want: Want, now: datetime) -> None:
    """Ask the citizen whether one answer should read otherwise."""
    old = work.drafts.answers(record.id).get(want.key, "")
    body = msgspec.structs.replace(record.body, correction=want, correction_old=old)
    work.dossiers.change(record, body=body)
    data = {"key": want.key, "old": old, "new": want.reason}
    work.history.add(record.id, now, officer.id, "propose", (record.status, record.status), data)
    work.cards.want(f"dossier:{record.id}")
    after = work.dossiers.get(record.id)
    assert after is not None
    procedure = world.procedure(work, record.catalogue_version)
    view = dossier_view(work, world, after, record.person)
    to_citizen(work, record.chat, [notices.correction(view, procedure, officer.name)], now)


def answer_correction(work: Work, world: World, record: Record, *, agreed: bool, now: datetime) -> bool:
    """The citizen has seen old and new; False when nothing was proposed any more."""
    want = record.body.correction
    if want is None:
        return False
    if agreed:
        before = work.drafts.answers(record.id)
        work.drafts.save_answers(record.id, before, {**before, want.key: want.reason})
    body = msgspec.structs.replace(record.body, correction=None, correction_old="")
    work.dossiers.change(record, body=body)
    what = "agreed" if agreed else "declined"
    data = {"key": want.key, "old": record.body.correction_old, "new": want.reason}
    work.history.add(record.id, now, CITIZEN, what, (record.status, record.status), data)
    work.cards.want(f"dossier:{record.id}")
    after = work.dossiers.get(record.id)
    assert after is not None
    alert(work, world, after, what, now)
    return True


def forget_files(work: Work, refs: Sequence[str]) -> None:
    """Throw the keys away now and the bytes soon after."""
    work.files.forget(refs)
    for ref in refs:
        work.jobs.add("drop-file", ref)


def _void(work: Work, record: Record, now: datetime) -> None:
    """The citizen was quicker than a held decision: whoever took it hears that it does not count."""
    actor = record.held_by or ""
    data = {"decision": msgspec.to_builtins(record.held)}
    work.history.add(record.id, now, actor, "void", (record.status, record.status), data)
    officer = work.officers.get(actor)
    if officer is not None and record.held is not None:
        code = record.official_code or show(record.tracking_code)
        blanks = {"decision": cards.decision_words(record.held), "code": code}
        to_officer(work, officer, [Message(text("desk.void", blanks))], now)


def _record(
    work: Work, after: Record, decision: Decision, actor: str, now: datetime, before: str, facts: dict[str, Any]
) -> None:
    data = {**msgspec.to_builtins(decision), **msgspec.to_builtins(facts)}
    work.history.add(after.id, now, actor, data["type"], (before, after.status), data)


def _numbers(record: Record) -> dict[str, Any]:
    """What the decision fixed, so that slips and figures can be made from the history alone."""
    facts = {
        "official_code": record.official_code,
        "answer_by": record.answer_by,
        "due_at": record.due_at,
        "appointment_at": record.appointment_at,
        "catalogue_version": record.catalogue_version,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _drop_supplement(work: Work, record: Record) -> None:
    for line in work.drafts.lines(record.person):
        if line.dossier == record.id:
            forget_files(work, work.drafts.discard(line.id))
