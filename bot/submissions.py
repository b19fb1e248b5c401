"""A citizen hands in: a draft becomes a dossier, or what the office asked for again comes to one."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

import msgspec

from bot import clock, contacts, copies, cosigners, decisions, mandates, nudges, remembered, where
from bot.say import show_card
from bot.scene import Scene
from bot.views import dossier_file, dossier_view
from conversations import cards, closure, notices
from conversations.messages import Message
from conversations.state import Contact, CoSigner, Draft
from domain.codes import new_tracking_code
from domain.dossier import Status, Submit, Supplement
from domain.values import VIETNAM
from storage.chats import Chat
from storage.dossiers import Body, Record


def submit(scene: Scene, draft: Draft, person: str, chat: Chat) -> Message:
    """The draft becomes a dossier, once; gives the words for the citizen."""
    record = scene.work.dossiers.get(draft.id) or begin(scene, draft, person, chat)
    office = scene.world.office(record.office)
    opens = scene.world.calendar(office.id).next_open(_counts_from(scene, record.office, record.procedure))
    view = dossier_view(scene, record, person)
    words = notices.notice(Submit(), view, office, scene.procedure(draft.version), counts_from=opens)
    copies.copy(scene, chat, words, f"dossier:{record.id}", kind="submit")
    return where.offered(scene, chat, words)


class Entered(msgspec.Struct, frozen=True):
    """That an officer hands it in for somebody, and how that one is reached."""

    officer: str
    channel: str
    contact: Contact


def begin(scene: Scene, draft: Draft, person: str, chat: Chat, entered: Entered | None = None) -> Record:
    """The row, its first line of history and its card."""
    work, world = scene.work, scene.world
    record = Record(
        id=draft.id,
        person=person,
        chat=chat.id,
        office=world.office(chat.office).id,
        procedure=draft.procedure,
        catalogue_version=draft.version,
        tracking_code=new_tracking_code(secrets.token_bytes(16)),
        official_code=None,
        status=Status.SUBMITTED,
        version=1,
        body=Body(
            draft.applicant,
            draft.skipped,
            marks=draft.marks,
            cosigner=_cosigner(scene, draft),
            helper=mandates.attach(scene, draft, person, chat.office) if entered is None else None,
            contact=entered.contact if entered else None,
        ),
        submitted_at=scene.now,
        answer_by=world.calendar(chat.office).answer_by(_counts_from(scene, chat.office, draft.procedure)),
        accepted_at=None,
        due_at=None,
        appointment_at=None,
        rounds=0,
        twin="",
        owner=None,
        held=None,
        held_by=None,
        held_until=None,
        channel=entered.channel if entered else "online",
    )
    record = replace(record, twin=work.dossiers.twin_of(record))
    work.dossiers.add(record)
    contacts.note(scene, record)
    work.drafts.close(draft.id)
    if entered is None:
        remembered.keep(scene, draft, record)
    facts = {
        "catalogue_version": draft.version,
        "channel_chat": chat.id,
        "answer_by": record.answer_by,
        "channel": record.channel,
    }
    actor = entered.officer if entered else decisions.CITIZEN
    decisions.write(scene, record, Submit(), actor, record.status, **facts)
    mandates.note(scene, record, decisions.CITIZEN)
    clock.plan(scene, record)
    if entered is None:
        nudges.plan(scene, record, _counts_from(scene, chat.office, draft.procedure))
    alert = cards.alert_line(dossier_file(scene, record), "submitted") if entered is None else None
    show_card(scene, record.office, f"dossier:{record.id}", alert)
    return record


def _counts_from(scene: Scene, office: str, procedure: str) -> datetime:
    """Now, or while it is closed the moment of reopening."""
    return closure.reopening(scene.work.closures.of(office, scene.now), procedure, scene.now)


def _cosigner(scene: Scene, draft: Draft) -> CoSigner | None:
    today = scene.now.astimezone(VIETNAM).date()
    return cosigners.wanted(scene.procedure(draft.version), draft.answers, today)


def supplement(scene: Scene, draft: Draft) -> Message | None:
    """What was asked for again has come: it replaces the old, and the ball is with the office."""
    work = scene.work
    record = work.dossiers.get(draft.dossier, lock=True)
    if record is None or record.status not in {Status.INCOMPLETE, Status.PENDING}:
        return None
    wanted = tuple(want.key for want in draft.wants)
    papers = sorted({document.paper for document in draft.documents})
    before = work.drafts.answers(record.id)
    new = {key: value for key, value in draft.answers.items() if key in wanted}
    work.drafts.move_documents(draft.id, record.id, papers)
    work.drafts.save_answers(record.id, before, {**before, **new})
    contacts.note(scene, record)
    work.drafts.discard(draft.id)
    marks = {key: mark for key, mark in record.body.marks.items() if key not in new}
    marks |= {key: mark for key, mark in draft.marks.items() if key in new}
    record = replace(record, body=msgspec.structs.replace(record.body, marks=marks))
    replaced = {key: before.get(key, "") for key in new}
    words = decisions.carry_out(scene, record, Supplement(wanted), decisions.CITIZEN, replaced=replaced)
    chat = work.chats.get(record.chat)
    if words is not None and chat is not None:
        copies.copy(scene, chat, words, f"dossier:{record.id}", kind="supplement")
    return words
