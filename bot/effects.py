"""Carries out what a citizen's turn asked for, in the turn's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from bot import decisions, talks
from bot.world import World, fresh
from conversations.effects import (
    AnswerCorrection,
    CallOfficer,
    CheckDocument,
    DiscardDraft,
    Effect,
    EndCall,
    NoteMissed,
    Relay,
    SendSupplement,
    SubmitDossier,
    WithdrawDossier,
)
from conversations.messages import File, Message
from conversations.state import Draft
from domain.dossier import NotAllowed
from storage.chats import Chat
from storage.dossiers import Record
from storage.work import Work


class Check(msgspec.Struct, frozen=True):
    """What the worker needs to check a document and to say so to the right chat."""

    file: File
    channel: str
    address: str


def carry_out(
    work: Work, world: World, chat: Chat, office: str, effects: Sequence[Effect], now: datetime
) -> list[Message]:
    """Do them in order; gives the words that follow from what only the rules could tell."""
    assert chat.person is not None
    said: list[Message] = []
    for effect in effects:
        message = _one(work, world, chat, chat.person, office, effect, now)
        if message is not None:
            said.append(message)
    return said


def _one(
    work: Work, world: World, chat: Chat, person: str, office: str, effect: Effect, now: datetime
) -> Message | None:
    match effect:
        case SubmitDossier(draft_id):
            draft = work.drafts.get(draft_id, person)
            return None if draft is None else decisions.submit(work, world, draft, person, chat.id, office, now)
        case SendSupplement(draft_id):
            draft = work.drafts.get(draft_id, person)
            return None if draft is None else decisions.supplement(work, world, draft, now)
        case WithdrawDossier(dossier_id):
            record = _own(work, person, dossier_id)
            try:
                return None if record is None else decisions.withdraw(work, world, record, now)
            except NotAllowed:
                return None
        case DiscardDraft(draft_id):
            discarded = work.drafts.get(draft_id, person)
            if discarded is not None:
                decisions.forget_files(work, work.drafts.discard(draft_id))
                if discarded.dossier:
                    work.drafts.save(None, _anew(discarded), person, now)
        case CheckDocument(document, file):
            check = Check(file, chat.channel, chat.address)
            work.jobs.add("check", document, payload=msgspec.json.encode(check))
        case CallOfficer(about, dossier_id):
            talks.call(work, world, person, chat.id, office, about, dossier_id, now)
        case Relay(words, relayed):
            talks.relay(work, world, person, words, relayed, now)
        case EndCall():
            talks.end_by_citizen(work, person, now)
        case AnswerCorrection(dossier_id, agreed):
            record = _own(work, person, dossier_id)
            if record is not None:
                decisions.answer_correction(work, world, record, agreed=agreed, now=now)
        case NoteMissed(query):
            work.history.missed(office, query, now.date().isoformat())
        case _:
            assert_never(effect)
    return None


def _anew(supplement: Draft) -> Draft:
    """As the office asked for it; the buttons of the one that was given up are old."""
    wanted = {want.key for want in supplement.wants}
    kept = {key: value for key, value in supplement.answers.items() if key not in wanted}
    return msgspec.structs.replace(supplement, id=fresh(), answers=kept, documents=(), skipped=(), finished=())


def _own(work: Work, person: str, dossier: str) -> Record | None:
    record = work.dossiers.get(dossier, lock=True)
    return record if record is not None and record.person == person else None
