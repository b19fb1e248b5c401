"""The phone number that a dossier was handed in with: noted beside it as a keyed hash, so that its owner finds it."""

from __future__ import annotations

from typing import Final

from bot.scene import Scene
from bot.slip_facts import speaker
from storage.dossiers import Record
from storage.jobs import Job

KIND: Final = "phones"
_DONE: Final = "phones-noted"
_ONCE: Final = 200  # dossiers in one transaction


def phone_of(scene: Scene, record: Record) -> str:
    """Of whoever handed in (E.164), as the desk took it down or the form says it; empty where there is none."""
    contact = record.body.contact
    if contact is not None and contact.phone:
        return contact.phone
    procedure = scene.procedure(record.catalogue_version)
    answers = scene.work.drafts.answers(record.id)
    told = speaker(procedure, answers).get("phone", "")
    return told or next((answers[q.key] for q in procedure.questions if q.kind == "phone" and answers.get(q.key)), "")


def note(scene: Scene, record: Record) -> None:
    """To be called whenever what it says of that number may have changed."""
    scene.work.dossiers.reached_at(record.id, phone_of(scene, record))


def adopt(scene: Scene) -> None:
    """Once in an installation: dossiers from before there was such a note get theirs, some at a time."""
    if scene.work.installation.get(_DONE) is None:
        scene.work.installation.put(_DONE, scene.now.isoformat())
        scene.work.jobs.add(KIND, "-")


def adopt_some(scene: Scene, job: Job) -> None:
    """The next of them."""
    found = scene.work.dossiers.without_phone(job.subject.removeprefix("-"), _ONCE)
    for record in found:
        note(scene, record)
    scene.work.jobs.done(job.id)
    if len(found) == _ONCE:
        scene.work.jobs.add(KIND, found[-1].id)
