"""An officer decided something: who may, then held for a moment, then carried out; and the rest of the desk's work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, assert_never

import msgspec

from bot import decisions, talks
from bot.say import to_citizen, to_group, to_officer
from bot.views import dossier_file
from bot.world import World
from conversations import cards
from conversations.messages import Message
from conversations.render import text
from conversations.staff_buttons import button
from conversations.staff_state import (
    Answer,
    Claim,
    CloseCall,
    Decide,
    GiveBack,
    MarkAbsent,
    Officer,
    PassTo,
    ProposeCorrection,
    ShowPapers,
    StaffEffect,
    TakeBack,
    TakeOver,
    TellNow,
)
from conversations.state import Want
from domain.codes import show
from domain.dossier import Decision, NotAllowed, Role, decide, permit
from storage.chats import OFFICER
from storage.conflict import Conflict
from storage.dossiers import Record
from storage.work import Work

_FEW: Final = 3  # dossiers of an absent officer that get a line each


def carry_out(
    work: Work, world: World, officer: Officer, effects: Sequence[StaffEffect], now: datetime
) -> list[Message]:
    """Do them in order; gives the words for the officer alone. What a rule forbids is said, not raised."""
    said: list[Message] = []
    for effect in effects:
        try:
            said += _one(work, world, officer, effect, now)
        except NotAllowed as error:
            said.append(_not_allowed(work, effect, error))
    return said


def _one(  # noqa: C901, PLR0911, PLR0912 - one arm for each effect
    work: Work, world: World, officer: Officer, effect: StaffEffect, now: datetime
) -> list[Message]:
    match effect:
        case Claim(dossier):
            return _claim(work, world, officer, _record(work, officer, dossier), now)
        case TakeOver(dossier):
            if officer.role != Role.HEAD:
                raise NotAllowed("head-only")
            return _take_over(work, world, officer, _record(work, officer, dossier), now)
        case GiveBack(dossier):
            record = _record(work, officer, dossier)
            _set_owner(work, world, record, None, officer, "give-back", now)
            decisions.alert(work, world, _again(work, record), "returned", now)
            return [_say("given-back", code=_code(record))]
        case PassTo(dossier, colleague):
            return _pass(work, world, officer, _record(work, officer, dossier), colleague, now)
        case ShowPapers(dossier):
            return papers(work, world, officer, _record(work, officer, dossier), now)
        case Decide(dossier, version, decision):
            return _decide(work, world, officer, _record(work, officer, dossier), version, decision, now)
        case TakeBack(dossier):
            return _take_back(work, officer, _record(work, officer, dossier), now)
        case TellNow(dossier):
            record = _record(work, officer, dossier)
            if record.held is None or (record.held_by != officer.id and officer.role != Role.HEAD):
                return [_say("nothing-held")]
            decisions.carry_out_held(work, world, record, now)
            return [_say("told", decision=cards.decision_words(record.held), code=_code(_again(work, record)))]
        case Answer(dossier, call, words, file):
            record_or_none = _record(work, officer, dossier) if dossier else None
            _same_office(work, officer, call)
            if not talks.answer(work, officer, call, record_or_none, words, file, now):
                return [_say("no-talk")]
            return []
        case CloseCall(dossier, call):
            record_or_none = _record(work, officer, dossier) if dossier else None
            _same_office(work, officer, call)
            return [_say("closed" if talks.end_by_officer(work, call, record_or_none, now) else "no-talk")]
        case ProposeCorrection(dossier, key, value):
            record = _record(work, officer, dossier)
            if record.owner != officer.id and officer.role != Role.HEAD:
                raise NotAllowed("not-owner")
            decisions.propose(work, world, record, officer, Want(key, value), now)
            return [_say("proposed")]
        case MarkAbsent(who, absent):
            return _mark(work, world, officer, who, absent=absent, now=now)
        case _:
            assert_never(effect)


def papers(work: Work, world: World, officer: Officer, record: Record, now: datetime) -> list[Message]:
    """What was handed in, for this officer; the look is recorded."""
    work.history.look(record.id, officer.id, "papers", now)
    procedure = world.procedure(work, record.catalogue_version)
    return list(cards.papers_messages(dossier_file(work, world, record), procedure))


def _claim(work: Work, world: World, officer: Officer, record: Record, now: datetime) -> list[Message]:
    owner = work.officers.get(record.owner) if record.owner else None
    if owner is not None and owner.id != officer.id:
        return [_say("taken", owner=owner.name)]
    return _own(work, world, officer, record, "claim", now)


def _own(work: Work, world: World, officer: Officer, record: Record, what: str, now: datetime) -> list[Message]:
    if record.owner != officer.id:
        _set_owner(work, world, record, officer.id, officer, what, now)
        record = _again(work, record)
    return papers(work, world, officer, record, now)


def _take_over(work: Work, world: World, officer: Officer, record: Record, now: datetime) -> list[Message]:
    """Whoever had it is told: an edited card alerts nobody."""
    before = work.officers.get(record.owner) if record.owner else None
    said = _own(work, world, officer, record, "take-over", now)
    if before is not None and before.id != officer.id:
        to_officer(work, before, [_say("taken-over", code=_code(record), owner=officer.name)], now)
    return said


def _pass(work: Work, world: World, officer: Officer, record: Record, colleague: str, now: datetime) -> list[Message]:
    if record.owner != officer.id and officer.role != Role.HEAD:
        raise NotAllowed("not-owner")
    other = work.officers.get(colleague)
    if other is None or other.office != officer.office:
        return [_say("gone")]
    _set_owner(work, world, record, other.id, officer, "pass", now)
    decisions.alert(work, world, _again(work, record), "passed", now)
    return [_say("passed", code=_code(record), owner=other.name)]


def _set_owner(
    work: Work, world: World, record: Record, owner: str | None, officer: Officer, what: str, now: datetime
) -> None:
    if record.held is not None:  # whoever decided meant it; it is not left hanging on somebody else
        decisions.carry_out_held(work, world, record, now)
        record = _again(work, record)
    work.dossiers.change(record, owner=owner)
    data = {"owner": owner, "before": record.owner}
    work.history.add(record.id, now, officer.id, what, (record.status, record.status), data)
    work.cards.want(f"dossier:{record.id}")


def _decide(
    work: Work, world: World, officer: Officer, record: Record, version: int, decision: Decision, now: datetime
) -> list[Message]:
    owner = record.owner == officer.id
    if record.owner is None and officer.role != Role.HEAD:
        raise NotAllowed("not-claimed")
    permit(type(decision), officer.role, owner=owner, rounds=record.rounds)
    if record.held is not None:
        decisions.carry_out_held(work, world, record, now)
        record = _again(work, record)
    elif record.version != version:
        raise NotAllowed("stale")
    decide(record.status, decision)
    seconds = world.settings.undo_seconds
    if seconds <= 0:
        message = decisions.carry_out(work, world, record, decision, officer.id, now, {})
        to_citizen(work, record.chat, [message], now)
        return [_say("told", decision=cards.decision_words(decision), code=_code(_again(work, record)))]
    until = work.machine_now() + seconds
    work.dossiers.change(record, held=decision, held_by=officer.id, held_until=until)
    work.jobs.add("held", record.id, due=until)
    work.cards.want(f"dossier:{record.id}")
    said = text(
        "desk.held", {"decision": cards.decision_words(decision), "code": _code(record), "seconds": round(seconds)}
    )
    return [Message(said, tuple(button(action, record.id) for action in ("undo", "now")))]  # the card may be far up


def _take_back(work: Work, officer: Officer, record: Record, now: datetime) -> list[Message]:
    if record.held is None or (record.held_by != officer.id and officer.role != Role.HEAD):
        return [_say("nothing-held")]
    work.dossiers.change(record, held=None, held_by=None, held_until=None)
    work.jobs.drop(f"held:{record.id}")
    steps = (record.status, record.status)
    data = {"decision": msgspec.to_builtins(record.held)}
    work.history.add(record.id, now, officer.id, "take-back", steps, data)
    work.cards.want(f"dossier:{record.id}")
    return [_say("taken-back", decision=cards.decision_words(record.held), code=_code(record))]


def _mark(work: Work, world: World, officer: Officer, who: str, *, absent: bool, now: datetime) -> list[Message]:
    other = work.officers.get(who)
    if other is None or other.office != officer.office:
        return [_say("gone")]
    if other.id != officer.id and officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    work.officers.absent(other.id, absent=absent)
    if absent:
        _lapse(work, world, other, officer, now)
    words = [_say("absent" if absent else "present", name=other.name)]
    if other.id != officer.id:
        to_officer(work, other, words, now)
    return words


def leave(work: Work, world: World, officer: Officer, now: datetime) -> None:
    """No longer staff: what they held goes back to the group, and every door closes."""
    _lapse(work, world, officer, officer, now)
    work.officers.leave(officer.id, now)
    chat = work.chats.find(OFFICER, officer.id)
    if chat is not None:
        work.tokens.revoke(chat.id)


def _lapse(work: Work, world: World, owner: Officer, actor: Officer, now: datetime) -> None:
    records = work.dossiers.of_owner(owner.id)
    for record in records:
        _set_owner(work, world, record, None, actor, "lapse", now)
        if len(records) <= _FEW:
            decisions.alert(work, world, _again(work, record), "lapsed", now)
    if len(records) > _FEW:
        files = [dossier_file(work, world, _again(work, record)) for record in records]
        to_group(work, owner.office, cards.lapsed_line(owner, files), now)


def _record(work: Work, officer: Officer, dossier: str) -> Record:
    record = work.dossiers.get(dossier, lock=True)
    if record is None or record.office != officer.office:
        raise NotAllowed("gone")
    return record


def _same_office(work: Work, officer: Officer, call_id: str) -> None:
    found = work.calls.get(call_id) if call_id else None
    if call_id and (found is None or found.office != officer.office):
        raise NotAllowed("gone")


def _again(work: Work, record: Record) -> Record:
    after = work.dossiers.get(record.id)
    if after is None:
        raise Conflict
    return after


def _code(record: Record) -> str:
    return record.official_code or show(record.tracking_code)


def _say(key: str, **blanks: object) -> Message:
    return Message(text(f"desk.{key}", blanks))


def _not_allowed(work: Work, effect: StaffEffect, error: NotAllowed) -> Message:
    if error.reason == "gone":
        return _say("gone")
    record = work.dossiers.get(getattr(effect, "dossier", "")) if hasattr(effect, "dossier") else None
    owner = work.officers.get(record.owner) if record and record.owner else None
    blanks = {
        "owner": owner.name if owner else text("cards.alert-nobody", {}),
        "status": text(f"cards.status-{record.status}", {}) if record else "",
        "action": cards.decision_words(effect.decision) if isinstance(effect, Decide) else "",
    }
    return Message(text(f"not-allowed.{error.reason}", blanks))
