"""An officer proposes that one answer of a dossier should read otherwise; the citizen agrees, or not."""

from __future__ import annotations

from typing import Final

import msgspec

from bot import claims, contacts, decisions, ladder
from bot.say import alert, desk_line, to_citizen
from bot.scene import Scene
from bot.views import dossier_view
from conversations import notices
from conversations.messages import Message
from conversations.staff_state import Officer
from conversations.state import Want
from storage.dossiers import Record

KIND: Final = "correction"


def propose(scene: Scene, officer: Officer, record: Record, want: Want) -> list[Message]:
    """Ask the citizen; gives the words for the officer."""
    claims.must_have(officer, record)
    old = scene.work.drafts.answers(record.id).get(want.key, "")
    body = msgspec.structs.replace(record.body, correction=want, correction_old=old)
    scene.work.dossiers.change(record, body=body)
    decisions.note(scene, record, officer.id, "propose", {"key": want.key, "old": old, "new": want.reason})
    view = dossier_view(scene, scene.again(record), record.person)
    words = notices.correction(view, scene.procedure(record.catalogue_version), officer.name)
    to_citizen(scene, record.chat, words, f"dossier:{record.id}", kind=KIND)
    return [desk_line("proposed")]


def answer(scene: Scene, record: Record, *, agreed: bool) -> None:
    """The citizen has seen old and new; nothing happens when nothing is proposed any more."""
    want = record.body.correction
    if want is None:
        return
    drafts = scene.work.drafts
    marks = record.body.marks
    if agreed:
        before = drafts.answers(record.id)
        drafts.save_answers(record.id, before, {**before, want.key: want.reason})
        contacts.note(scene, record)
        marks = {key: mark for key, mark in marks.items() if key != want.key}  # it was the old value's
    body = msgspec.structs.replace(record.body, correction=None, correction_old="", marks=marks)
    scene.work.dossiers.change(record, body=body)
    what = "agreed" if agreed else "declined"
    data = {"key": want.key, "old": record.body.correction_old, "new": want.reason}
    decisions.note(scene, record, decisions.CITIZEN, what, data)
    ladder.answered(scene, f"dossier:{record.id}", KIND)
    alert(scene, scene.again(record), what)
