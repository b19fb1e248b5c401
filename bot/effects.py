"""Carries out what a citizen's turn asked for, in the turn's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import msgspec

from bot import (
    corrections,
    cosigners,
    decisions,
    draft_answers,
    drafts,
    ladder,
    linking,
    look_up,
    mail_proof,
    mandates,
    own_data,
    pay_code,
    pickup,
    post,
    printing,
    published,
    ratings,
    remote,
    submissions,
    talks,
    upload_link,
    where,
)
from bot.outgoing import REMOTE_FILES
from bot.scene import Scene
from conversations.effects import (
    AnswerCorrection,
    AnswerCoSign,
    AnswerShown,
    BookSlot,
    CallOfficer,
    CheckDocument,
    DiscardDraft,
    DropCollector,
    DropDrafts,
    Effect,
    EndCall,
    ForgetKnown,
    MakeCoSignLink,
    MakeLink,
    NameCollector,
    NoteMissed,
    Rate,
    RateWord,
    Relay,
    RenewCode,
    SendFilled,
    SendForm,
    SendOwnData,
    SendSupplement,
    ShowFigures,
    SubmitDossier,
    WithdrawConsent,
    WithdrawDossier,
)
from conversations.helping_effects import (
    AskConsent,
    HelpingEffect,
    KeepConsent,
    MoveDocuments,
    ReadOutCode,
    RevokeConsent,
    SettleConsent,
)
from conversations.linking_effects import GiveCode, GiveNumber, LinkingEffect, OfferCode, Refuse, Unlink
from conversations.look_effects import WhoEffect
from conversations.mail_effects import AskMailCode, CheckMailCode, DropMail, MailEffect
from conversations.messages import File, Message
from conversations.money_state import DropPost, SendPayCode, WishPost
from conversations.where_effects import GiveMissed, SeenNotice
from domain.dossier import NotAllowed, Withdraw
from storage.chats import Chat
from storage.dossiers import Record
from storage.work import Work


class Check(msgspec.Struct, frozen=True):
    """What the worker needs to check a document and to say so to the right chat."""

    file: File
    channel: str
    address: str
    paper: str = ""
    card: bool = False


def carry_out(scene: Scene, chat: Chat, effects: Sequence[Effect]) -> list[Message]:
    """Do them in order; gives the words that follow from what only the rules could tell."""
    assert chat.person is not None
    said = [_one(scene, chat, chat.person, effect) for effect in effects]
    return [*(message for message in said if message is not None), *cosigners.after(scene, chat, effects)]


def _one(scene: Scene, chat: Chat, person: str, effect: Effect) -> Message | None:
    if isinstance(effect, _Personal):
        return _personal(scene, chat, person, effect)
    match effect:
        case SubmitDossier() | SendSupplement() | DiscardDraft():
            return _draft(scene, chat, person, effect)
        case WithdrawDossier(dossier_id):
            return _withdraw(scene, person, dossier_id)
        case CheckDocument():
            _check(scene, chat, effect)
        case CallOfficer() | Relay() | EndCall():
            _talk(scene, chat, person, effect)
        case AnswerCorrection(dossier_id, agreed):
            record = _own(scene.work, person, dossier_id)
            if record is not None:
                corrections.answer(scene, record, agreed=agreed)
        case AnswerShown() | MakeCoSignLink() | AnswerCoSign():
            return _agreed(scene, chat, person, effect)
        case SendForm() | SendFilled() | MakeLink() | ShowFigures():
            return _given(scene, chat, effect)
        case BookSlot(dossier_id) | NameCollector(dossier_id) | RenewCode(dossier_id) | DropCollector(dossier_id):
            record = _own(scene.work, person, dossier_id)
            return None if record is None else pickup.carry_out(scene, record, effect)
        case Rate():
            ratings.rate(scene, person, effect)
        case RateWord():
            ratings.word(scene, person, effect)
        case SendPayCode() | WishPost() | DropPost():
            _money(scene, chat, person, effect)
        case NoteMissed(query):
            scene.work.history.missed(chat.office, query, scene.now.date().isoformat())
        case _:
            assert_never(effect)
    return None


_OwnData = ForgetKnown | SendOwnData | DropDrafts | WithdrawConsent
_Personal = WhoEffect | LinkingEffect | MailEffect | HelpingEffect | _OwnData | SeenNotice | GiveMissed


def _personal(scene: Scene, chat: Chat, person: str, effect: _Personal) -> Message | None:
    """What concerns who is speaking, where they are told, and for whom they may act."""
    match effect:
        case AskConsent() | ReadOutCode() | KeepConsent() | SettleConsent() | RevokeConsent():
            return mandates.carry_out(scene, chat, person, effect)
        case AskMailCode() | CheckMailCode() | DropMail():
            return mail_proof.carry_out(scene, chat, effect)
        case OfferCode() | GiveCode() | GiveNumber() | Refuse() | Unlink():
            return linking.carry_out(scene, chat, effect)
        case GiveMissed():
            return where.give_missed(scene, chat)
        case ForgetKnown() | SendOwnData() | DropDrafts() | WithdrawConsent():
            own_data.carry_out(scene, chat, effect)
        case MoveDocuments():
            drafts.put(scene, person, effect)
        case SeenNotice(notice):
            ladder.seen(scene, person, notice)
        case _:
            return look_up.carry_out(scene, chat, effect)
    return None


def _draft(
    scene: Scene, chat: Chat, person: str, effect: SubmitDossier | SendSupplement | DiscardDraft
) -> Message | None:
    """A draft is handed in, or forgotten."""
    if isinstance(effect, DiscardDraft):
        drafts.discard(scene, person, effect.draft)
        return None
    draft = scene.work.drafts.get(effect.draft, person)
    if draft is None or (isinstance(effect, SubmitDossier) and mandates.lacking(scene, person, draft)):
        return None
    if isinstance(effect, SubmitDossier):
        return submissions.submit(scene, draft, person, chat)
    return submissions.supplement(scene, draft)


def _talk(scene: Scene, chat: Chat, person: str, effect: CallOfficer | Relay | EndCall) -> None:
    match effect:
        case CallOfficer():
            talks.call(scene, person, chat, effect)
        case Relay():
            talks.relay(scene, person, effect)
        case EndCall():
            talks.end_by_citizen(scene, person)


def _money(scene: Scene, chat: Chat, person: str, effect: SendPayCode | WishPost | DropPost) -> None:
    record = _own(scene.work, person, effect.dossier)
    if record is None:
        return
    if isinstance(effect, SendPayCode):
        pay_code.order(scene, chat, record)
    else:
        post.carry_out(scene, record, effect)


def _agreed(
    scene: Scene, chat: Chat, person: str, effect: AnswerShown | MakeCoSignLink | AnswerCoSign
) -> Message | None:
    """What somebody agrees to: a draft of the result, or the matter itself as the second person."""
    match effect:
        case AnswerShown(dossier_id):
            record = _own(scene.work, person, dossier_id)
            return None if record is None else draft_answers.answer(scene, record, effect)
        case MakeCoSignLink(dossier_id):
            return cosigners.link(scene, chat, dossier_id)
        case AnswerCoSign():
            return cosigners.answer(scene, chat, effect)


def _check(scene: Scene, chat: Chat, effect: CheckDocument) -> None:
    """Now, or as soon as its bytes are here."""
    wanted = remote.Wanted(chat.channel, chat.address, effect.document, effect.paper, effect.card)
    if chat.channel in REMOTE_FILES and remote.check_when_here(scene, wanted, effect.file.ref):
        return
    check = Check(effect.file, chat.channel, chat.address, effect.paper, effect.card)
    scene.work.jobs.add("check", effect.document, payload=msgspec.json.encode(check))


def _given(scene: Scene, chat: Chat, effect: SendForm | SendFilled | MakeLink | ShowFigures) -> Message | None:
    """What the citizen is given: a link at once, a paper when it is printed."""
    if isinstance(effect, ShowFigures):
        return published.link(scene, chat)
    if isinstance(effect, MakeLink):
        return upload_link.link(scene, chat, effect)
    printing.order(scene, chat, effect)
    return None


def _withdraw(scene: Scene, person: str, dossier: str) -> Message | None:
    """The citizen takes the dossier back; a held decision is void with it."""
    record = _own(scene.work, person, dossier)
    try:
        return None if record is None else decisions.carry_out(scene, record, Withdraw(), decisions.CITIZEN)
    except NotAllowed:
        return None


def _own(work: Work, person: str, dossier: str) -> Record | None:
    record = work.dossiers.get(dossier, lock=True)
    return record if record is not None and record.person == person else None
