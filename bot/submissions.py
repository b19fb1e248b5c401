"""A citizen hands in: a draft becomes a dossier, or what the office asked for again comes to one."""

from __future__ import annotations

import secrets
from dataclasses import replace

import msgspec

from bot import decisions, remembered
from bot.say import show_card
from bot.scene import Scene
from bot.views import dossier_file, dossier_view
from conversations import cards, notices
from conversations.messages import Message
from conversations.state import Draft
from domain.codes import new_tracking_code
from domain.dossier import Status, Submit, Supplement
from storage.chats import Chat
from storage.dossiers import Body, Record


def submit(scene: Scene, draft: Draft, person: str, chat: Chat) -> Message:
    """The draft becomes a dossier, once; gives the words for the citizen."""
    record = scene.work.dossiers.get(draft.id) or _begin(scene, draft, person, chat)
    office = scene.world.office(record.office)
    opens = scene.world.calendar(office.id).next_open(record.submitted_at)
    view = dossier_view(scene, record, person)
    return notices.notice(Submit(), view, office, scene.procedure(draft.version), counts_from=opens)


def _begin(scene: Scene, draft: Draft, person: str, chat: Chat) -> Record:
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
        body=Body(draft.applicant, draft.skipped, marks=draft.marks),
        submitted_at=scene.now,
        answer_by=world.calendar(chat.office).answer_by(scene.now),
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
    record = replace(record, twin=work.dossiers.twin_of(record))
    work.dossiers.add(record)
    work.drafts.close(draft.id)
    remembered.keep(scene, draft, record)
    facts = {"catalogue_version": draft.version, "channel_chat": chat.id, "answer_by": record.answer_by}
    decisions.write(scene, record, Submit(), decisions.CITIZEN, record.status, **facts)
    alert = cards.alert_line(dossier_file(scene, record), "submitted")
    show_card(scene, record.office, f"dossier:{record.id}", alert)
    return record


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
    work.drafts.discard(draft.id)
    marks = {key: mark for key, mark in record.body.marks.items() if key not in new}
    marks |= {key: mark for key, mark in draft.marks.items() if key in new}
    record = replace(record, body=msgspec.structs.replace(record.body, marks=marks))
    replaced = {key: before.get(key, "") for key in new}
    return decisions.carry_out(scene, record, Supplement(wanted), decisions.CITIZEN, replaced=replaced)
