"""What an officer's turn asked for goes to where it is done, and no further than the officer's own office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from bot import absences, claims, corrections, groups, held, invitations, printing, talks
from bot.say import desk_line
from bot.scene import Scene
from bot.views import owner_of
from conversations import cards
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import (
    Answer,
    Claim,
    CloseCall,
    Decide,
    GiveBack,
    InviteOfficer,
    LeaveGroup,
    MakeGroupCode,
    MarkAbsent,
    Officer,
    PassTo,
    ProposeCorrection,
    SendBundle,
    ShowPapers,
    StaffEffect,
    TakeBack,
    TakeOver,
    TellNow,
)
from conversations.state import Want
from domain.dossier import NotAllowed, Role
from storage.calls import Call
from storage.dossiers import Record


def carry_out(scene: Scene, officer: Officer, effects: Sequence[StaffEffect]) -> list[Message]:
    """Do them in order; gives the words for the officer alone. What a rule forbids is said, not raised."""
    said: list[Message] = []
    for effect in effects:
        try:
            said += _one(scene, officer, effect)
        except NotAllowed as error:
            said.append(_not_allowed(scene, effect, error))
    return said


def _one(scene: Scene, officer: Officer, effect: StaffEffect) -> list[Message]:
    match effect:
        case Claim(dossier):
            return claims.claim(scene, officer, _record(scene, officer, dossier))
        case TakeOver(dossier):
            return claims.take_over(scene, officer, _record(scene, officer, dossier))
        case GiveBack(dossier):
            return claims.give_back(scene, officer, _record(scene, officer, dossier))
        case PassTo(dossier, colleague):
            return claims.pass_on(scene, officer, _record(scene, officer, dossier), colleague)
        case ShowPapers(dossier, originals):
            return claims.papers(scene, officer, _record(scene, officer, dossier), originals)
        case SendBundle(dossier, paper):
            return printing.order_bundle(scene, officer, _record(scene, officer, dossier), paper)
        case Decide(dossier):
            return held.hold(scene, officer, _record(scene, officer, dossier), effect)
        case TakeBack(dossier):
            return held.take_back(scene, officer, _record(scene, officer, dossier))
        case TellNow(dossier):
            return held.tell_now(scene, officer, _record(scene, officer, dossier))
        case ProposeCorrection(dossier, key, value):
            return corrections.propose(scene, officer, _record(scene, officer, dossier), Want(key, value))
        case Answer() | CloseCall():
            return _talk(scene, officer, effect)
        case MarkAbsent() | InviteOfficer() | MakeGroupCode() | LeaveGroup():
            return _office(scene, officer, effect)
        case _:
            assert_never(effect)


def _office(
    scene: Scene, officer: Officer, effect: MarkAbsent | InviteOfficer | MakeGroupCode | LeaveGroup
) -> list[Message]:
    """What concerns no dossier; all but one's own absence is for the head."""
    if isinstance(effect, MarkAbsent):
        return absences.mark(scene, officer, effect.officer, absent=effect.absent)
    if officer.role != Role.HEAD:
        raise NotAllowed("head-only")
    match effect:
        case InviteOfficer(who):
            other = scene.work.officers.get(who)
            if other is None or other.office != officer.office:
                raise NotAllowed("gone")
            return invitations.invite(scene, other)
        case MakeGroupCode():
            return invitations.group_code(scene, officer)
        case LeaveGroup():
            return groups.leave(scene, officer)


def _talk(scene: Scene, officer: Officer, effect: Answer | CloseCall) -> list[Message]:
    record = _record(scene, officer, effect.dossier) if effect.dossier else None
    call = _open_call(scene, officer, effect.call, record)
    if call is None and record is not None and isinstance(effect, Answer):
        call = talks.begin(scene, officer, record)
    if call is None:
        return [desk_line("no-talk")]
    if isinstance(effect, CloseCall):
        return talks.end_by_officer(scene, call)
    return talks.answer(scene, officer, call, effect)


def _record(scene: Scene, officer: Officer, dossier: str) -> Record:
    record = scene.work.dossiers.get(dossier, lock=True)
    if record is None or record.office != officer.office:
        raise NotAllowed("gone")
    return record


def _open_call(scene: Scene, officer: Officer, call: str, record: Record | None) -> Call | None:
    """The call named, or else the one that the dossier's citizen is in."""
    if not call:
        return scene.work.calls.open_of(record.person) if record else None
    found = scene.work.calls.get(call)
    if found is None or found.office != officer.office:
        raise NotAllowed("gone")
    return found if found.open else None


def _not_allowed(scene: Scene, effect: StaffEffect, error: NotAllowed) -> Message:
    if error.reason == "gone":
        return desk_line("gone")
    dossier = getattr(effect, "dossier", "")  # not all are about one
    record = scene.work.dossiers.get(dossier) if dossier else None
    owner = owner_of(scene.work, record) if record else None
    blanks = {
        "owner": owner.name if owner else text("cards.alert-nobody"),
        "status": text(f"cards.status-{record.status}") if record else "",
        "action": cards.decision_words(effect.decision) if isinstance(effect, Decide) else "",
    }
    return Message(text(f"not-allowed.{error.reason}", blanks))
