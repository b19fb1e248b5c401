"""What an officer's turn asked for goes to where it is done, and no further than the officer's own office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import msgspec

from bot import (
    absences,
    claims,
    closures,
    collectors,
    corrections,
    cosigners,
    entries,
    groups,
    held,
    invitations,
    linked,
    log_in,
    mandates,
    money,
    own_contacts,
    papers_kept,
    portal,
    post,
    practice,
    printing,
    proving_desk,
    ratings,
    sessions,
    slips,
    talks,
    telephoned,
    transfers,
)
from bot.say import desk_line
from bot.scene import Scene
from bot.views import code_of, owner_of
from conversations import cards
from conversations.closure import DeclareClosure, EndClosure
from conversations.contact_state import AddZalo, AskContact, DropContact, ProveContact, TryContacts
from conversations.entry import Brought, EnterDossier, HoldFile
from conversations.helping_effects import ConsentEnded, ConsentHeard, StaffHelpingEffect
from conversations.messages import Message
from conversations.money_state import (
    DropTransfer,
    LinkTransfer,
    MoneyEffect,
    RefusePost,
    ReturnMoney,
    SetFee,
    SetPostage,
    TakeMoney,
)
from conversations.practice_state import MakePractice
from conversations.render import text
from conversations.session_state import AnswerLogIn, EndSession, EndSessions, ListSessions, MakeLogIn, ResetLogIn
from conversations.staff_buttons import button
from conversations.staff_look_effects import NoteLooks, ProveAtDesk, StaffLookEffect
from conversations.staff_state import (
    Answer,
    CalledBack,
    CheckCollector,
    Claim,
    CloseCall,
    Decide,
    GiveBack,
    InviteOfficer,
    KeepPaper,
    LeaveGroup,
    MakeGroupCode,
    MarkAbsent,
    NotePart,
    NotePortal,
    Officer,
    PassTo,
    ProposeCorrection,
    SendArchive,
    SendBundle,
    SendLedger,
    SendSlip,
    ShowPapers,
    SignedAtDesk,
    StaffEffect,
    TakeBack,
    TakeOver,
    TellNow,
)
from conversations.state import Want
from conversations.told_state import Telephoned
from domain.dossier import Accept, NotAllowed, Role, possible
from domain.values import VIETNAM, date_words, moment_words
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


def _one(  # noqa: PLR0911 - one for each kind
    scene: Scene, officer: Officer, effect: StaffEffect
) -> list[Message]:
    match effect:
        case Claim() | TakeOver() | GiveBack() | PassTo():
            return _owner(scene, officer, effect)
        case Decide() | TakeBack() | TellNow():
            return _decision(scene, officer, effect)
        case ShowPapers() | SendBundle() | SendArchive() | SendSlip():
            return _papers(scene, officer, effect)
        case NotePortal() | NotePart() | CheckCollector() | ProposeCorrection():
            return _noted(scene, officer, effect)
        case KeepPaper() | SignedAtDesk() | ConsentHeard() | ConsentEnded():
            return _kept(scene, officer, effect)
        case SetFee() | TakeMoney() | ReturnMoney() | SetPostage() | RefusePost() | LinkTransfer() | DropTransfer():
            return _money(scene, officer, effect)
        case Answer() | CloseCall():
            return _talk(scene, officer, effect)
        case MarkAbsent() | InviteOfficer() | MakeGroupCode() | LeaveGroup() | SendLedger():
            return _office(scene, officer, effect)
        case EnterDossier() | HoldFile() | Brought() | DeclareClosure() | EndClosure() | MakePractice():
            return _at_the_desk(scene, officer, effect)
        case Telephoned() | CalledBack():
            return _called(scene, officer, effect)
        case AddZalo() | AskContact() | ProveContact() | DropContact() | TryContacts():
            return own_contacts.carry_out(scene, officer, effect)
        case NoteLooks() | ProveAtDesk():
            return _looked(scene, officer, effect)
        case AnswerLogIn(waiting, answer):
            return log_in.answer(scene, officer, waiting, answer)
        case MakeLogIn() | ListSessions() | EndSession() | EndSessions() | ResetLogIn():
            return sessions.carry_out(scene, officer, effect)
        case _:
            assert_never(effect)


def _called(scene: Scene, officer: Officer, effect: Telephoned | CalledBack) -> list[Message]:
    """The officer has telephoned."""
    if isinstance(effect, CalledBack):
        return ratings.called(scene, officer, effect.call)
    return telephoned.telephoned(scene, officer, _record(scene, officer, effect.dossier), reached=effect.reached)


def _looked(scene: Scene, officer: Officer, effect: StaffLookEffect) -> list[Message]:
    """What an officer has seen is noted, and a number they have called is proven."""
    if isinstance(effect, ProveAtDesk):
        return proving_desk.prove(scene, officer, effect.given)
    for dossier in effect.dossiers:
        scene.work.history.look(dossier, officer.id, effect.what, scene.now)
    return []


def _owner(scene: Scene, officer: Officer, effect: Claim | TakeOver | GiveBack | PassTo) -> list[Message]:
    """Who has the dossier."""
    record = _record(scene, officer, effect.dossier)
    match effect:
        case Claim():
            return claims.claim(scene, officer, record)
        case TakeOver():
            return claims.take_over(scene, officer, record)
        case GiveBack():
            return claims.give_back(scene, officer, record)
        case PassTo(_, colleague):
            return claims.pass_on(scene, officer, record, colleague)


def _decision(scene: Scene, officer: Officer, effect: Decide | TakeBack | TellNow) -> list[Message]:
    record = _record(scene, officer, effect.dossier)
    match effect:
        case Decide():
            return held.hold(scene, officer, record, effect)
        case TakeBack():
            return held.take_back(scene, officer, record)
        case TellNow():
            return held.tell_now(scene, officer, record)


def _papers(scene: Scene, officer: Officer, effect: ShowPapers | SendBundle | SendArchive | SendSlip) -> list[Message]:
    """What is in the dossier, for this officer alone."""
    record = _record(scene, officer, effect.dossier)
    match effect:
        case ShowPapers(_, originals):
            return claims.papers(scene, officer, record, originals)
        case SendBundle(_, paper):
            return printing.order_bundle(scene, officer, record, paper)
        case SendArchive():
            return printing.order_archive(scene, officer, record)
        case SendSlip(_, which):
            return slips.order(scene, officer, record, which)


def _noted(
    scene: Scene, officer: Officer, effect: NotePortal | NotePart | CheckCollector | ProposeCorrection
) -> list[Message]:
    """What is written down of a dossier without a decision."""
    record = _record(scene, officer, effect.dossier)
    match effect:
        case NotePortal():
            return portal.note(scene, officer, record, effect)
        case NotePart():
            return linked.note(scene, officer, record, effect)
        case CheckCollector(_, right):
            collectors.checked(scene, officer, record, right=right)
            return []
        case ProposeCorrection(_, key, value):
            return corrections.propose(scene, officer, record, Want(key, value))


def _money(scene: Scene, officer: Officer, effect: MoneyEffect) -> list[Message]:
    if isinstance(effect, LinkTransfer | DropTransfer):
        return transfers.by_officer(scene, officer, effect)
    record = _record(scene, officer, effect.dossier)
    if isinstance(effect, RefusePost):
        return post.refuse(scene, officer, record)
    return money.by_officer(scene, officer, record, effect)


def _at_the_desk(
    scene: Scene,
    officer: Officer,
    effect: EnterDossier | HoldFile | Brought | DeclareClosure | EndClosure | MakePractice,
) -> list[Message]:
    """For people without a chat, and for everybody when the door is shut."""
    match effect:
        case EnterDossier(entry):
            return entries.enter(scene, officer, entry)
        case HoldFile():
            return []  # the talk holds it
        case Brought(dossier):
            return entries.brought(scene, officer, _record(scene, officer, dossier))
        case DeclareClosure():
            return closures.declare(scene, officer, effect)
        case EndClosure(which):
            return closures.end(scene, officer, which)
        case MakePractice():
            return practice.order(scene, officer)


def _office(
    scene: Scene, officer: Officer, effect: MarkAbsent | InviteOfficer | MakeGroupCode | LeaveGroup | SendLedger
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
        case SendLedger(first, last):
            return slips.order_ledger(scene, officer, first, last)


def _consent(scene: Scene, officer: Officer, effect: StaffHelpingEffect) -> list[Message]:
    """What the person helped has said before the officer."""
    record = _record(scene, officer, effect.dossier)
    claims.must_have(officer, record)
    if isinstance(effect, ConsentHeard):
        done = mandates.at_desk(scene, officer, record)
    else:
        done = mandates.revoke_at_desk(scene, officer, record)
    kind = "heard" if isinstance(effect, ConsentHeard) else "ended"
    said = desk_line(f"consent-{kind}" if done else "consent-none", code=code_of(record))
    if kind == "heard" and done and Accept in possible(record.status):
        return [msgspec.structs.replace(said, buttons=(button("accept", record.id),))]
    return [said]


def _kept(scene: Scene, officer: Officer, effect: KeepPaper | SignedAtDesk | StaffHelpingEffect) -> list[Message]:
    """A paper of the office's own, or a signature or a word that it witnessed."""
    if isinstance(effect, StaffHelpingEffect):
        return _consent(scene, officer, effect)
    record = _record(scene, officer, effect.dossier)
    if isinstance(effect, KeepPaper):
        return papers_kept.keep(scene, officer, record, effect)
    return cosigners.at_desk(scene, officer, record)


def _talk(scene: Scene, officer: Officer, effect: Answer | CloseCall) -> list[Message]:
    rated = ratings.rated(scene, officer, effect.call) if effect.call else None
    record = _record(scene, officer, effect.dossier) if effect.dossier else rated
    call = _open_call(scene, officer, "" if rated else effect.call, record)
    if call is None and record is not None and isinstance(effect, Answer):
        call = talks.begin(scene, officer, record)
    if call is None:
        return [desk_line("no-talk")]
    if isinstance(effect, CloseCall):
        return talks.end_by_officer(scene, call)
    if rated is not None:
        ratings.answered(scene, officer, rated.id, "chat")
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
    late = record.due_at.astimezone(VIETNAM).date() if record and record.due_at else None
    blanks = {
        "owner": owner.name if owner else text("cards.alert-nobody"),
        "code": code_of(record) if record else "",
        "until": moment_words(record.wait_until.astimezone(VIETNAM)) if record and record.wait_until else "",
        "due": date_words(late) if late else "",
        "status": text(f"cards.status-{record.status}") if record else "",
        "action": cards.decision_words(effect.decision) if isinstance(effect, Decide) else "",
    }
    return Message(text(f"not-allowed.{error.reason}", blanks))
