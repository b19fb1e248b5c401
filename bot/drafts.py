"""Drafts and the files in them: kept as the turn left them, begun for what the office asks, given up."""

from __future__ import annotations

from collections.abc import Sequence

from bot.scene import Scene
from bot.world import fresh
from conversations.state import Draft, State, Want
from storage.dossiers import Record
from storage.work import Work


def save(scene: Scene, before: State, after: State) -> None:
    """Keep what the turn changed in the draft, which may be another one than before."""
    if after.draft is None or after.draft == before.draft:
        return
    work, person = scene.work, after.person.id
    same = before.draft is not None and before.draft.id == after.draft.id
    known = before.draft if same else work.drafts.get(after.draft.id, person)
    work.drafts.save(known, after.draft, person, scene.now)
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
        forget_files(work, work.drafts.discard(draft_id))
        if draft.dossier:
            work.drafts.save(None, _anew(draft), person, scene.now)


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
