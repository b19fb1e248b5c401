"""Drafts and the files in them: kept as the turn left them, begun for what the office asks, given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.scene import Scene
from bot.world import fresh
from conversations.helping_effects import MoveDocuments
from conversations.state import Draft, State, Want
from domain.draft_times import next_morning
from storage.dossiers import Record
from storage.work import Work

CLOCK: Final = "draft"  # the job that reminds of it, see bot/draft_reminders.py
_TOUCHED: Final = timedelta(hours=1)  # within which it need not be noted again that somebody is at work on it


def save(scene: Scene, before: State, after: State) -> None:
    """Keep what the turn changed in the draft, which may be another one than before."""
    if after.draft is None:
        return
    if after.draft == before.draft:
        if after.talk.screen == "draft":  # opened again: nobody deletes it now
            scene.work.drafts.touch(after.draft.id, scene.now, scene.now - _TOUCHED)
        return
    work, person = scene.work, after.person.id
    same = before.draft is not None and before.draft.id == after.draft.id
    known = before.draft if same else work.drafts.get(after.draft.id, person)
    work.drafts.save(known, after.draft, person, scene.now)
    if known is None and not after.draft.dossier:
        work.jobs.add_new(CLOCK, after.draft.id, due_at=next_morning(scene.now))
    kept = {ref for document in after.draft.documents for ref in document.refs}
    gone = [ref for document in (known.documents if known else ()) for ref in document.refs if ref not in kept]
    forget_files(work, gone)  # what was taken away again is nobody's to keep


def begin_supplement(scene: Scene, record: Record, wants: tuple[Want, ...]) -> None:
    """A draft in which the citizen gives again what the office asks for."""
    asked = {want.key for want in wants}
    answers = scene.work.drafts.answers(record.id)
    draft = Draft(
        fresh(),
        record.procedure,
        record.catalogue_version,
        {key: value for key, value in answers.items() if key not in asked},
        applicant=record.body.applicant,
        dossier=record.id,
        wants=wants,
    )
    scene.work.drafts.save(None, draft, record.person, scene.now)


def handed_in(scene: Scene, record: Record) -> Draft:
    """A dossier as the draft that it was, with all that came to it since."""
    body, drafts = record.body, scene.work.drafts
    return Draft(
        record.id,
        record.procedure,
        record.catalogue_version,
        drafts.answers(record.id),
        drafts.documents(record.id),
        body.skipped,
        applicant=body.applicant,
        marks=body.marks,
    )


def drop_supplement(work: Work, record: Record) -> None:
    """Nothing is asked for any more: what was begun is forgotten."""
    for line in work.drafts.lines(record.person):
        if line.dossier == record.id:
            forget_files(work, work.drafts.discard(line.id))


def discard(scene: Scene, person: str, draft_id: str) -> None:
    """The citizen gives a draft up; one that the office waits for begins anew, empty."""
    work = scene.work
    draft = work.drafts.get(draft_id, person)
    if draft is not None:
        forget_files(work, [*work.drafts.discard(draft_id), *work.mandates.forget(draft_id)])
        if draft.dossier:
            work.drafts.save(None, _anew(draft), person, scene.now)


def put(scene: Scene, person: str, effect: MoveDocuments) -> None:
    """Photos that were held back until their owner said whose they are."""
    work = scene.work
    drafts = [work.drafts.get(line.id, person) for line in work.drafts.lines(person)]
    mine = {d.id: d for draft in drafts if draft is not None for d in draft.documents}
    known = [mine[document] for document in effect.documents if document in mine]
    if work.drafts.get(effect.draft, person) is not None:
        for document in known:
            work.drafts.move_document(document.id, effect.draft, effect.paper)


def expire(scene: Scene, draft_id: str) -> None:
    """Nobody has touched it for as long as it is kept: it goes with its photos, and the day's record counts it."""
    work = scene.work
    forget_files(work, [*work.drafts.discard(draft_id), *work.mandates.forget(draft_id)])
    work.retention.note("drafts", 1, scene.now)


def _anew(supplement: Draft) -> Draft:
    """As the office asked for it; the buttons of the one that was given up are old."""
    wanted = {want.key for want in supplement.wants}
    kept = {key: value for key, value in supplement.answers.items() if key not in wanted}
    return Draft(
        fresh(),
        supplement.procedure,
        supplement.version,
        kept,
        applicant=supplement.applicant,
        dossier=supplement.dossier,
        wants=supplement.wants,
        marks={key: mark for key, mark in supplement.marks.items() if key in kept},
    )


def forget_files(work: Work, refs: Sequence[str]) -> None:
    """Throw the keys away now and the bytes soon after."""
    work.files.forget(refs)
    for ref in refs:
        work.jobs.add("drop-file", ref)
