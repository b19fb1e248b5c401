"""The phone number that a dossier was handed in with: noted beside it as a keyed hash, so that its owner finds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.scene import Scene
from bot.slip_facts import speaker
from catalogue.model import Procedure
from conversations.render import text
from domain.values import fold
from storage.dossiers import Record
from storage.jobs import Job

KIND: Final = "phones"
_DONE: Final = "phones-noted"
_ONCE: Final = 200  # dossiers in one transaction
_SELF: Final = ("", "self")  # in the place of an applicant's name


def phone_of(scene: Scene, record: Record) -> str:
    """Of whoever handed in (E.164), as the desk took it down or the form says it; empty where there is none."""
    return whom(scene, record)[1]


def whom(scene: Scene, record: Record) -> tuple[str, str]:
    """Who is telephoned about it, and their number: whoever handed in.

    A person helped whose helper is no longer to know is a contact without a number where none was left: then the form's
    is not asked, for it may be the helper's.
    """
    contact = record.body.contact
    if contact is not None:
        return contact.name, contact.phone
    procedure = scene.procedure(record.catalogue_version)
    answers = scene.work.drafts.answers(record.id)
    said = speaker(procedure, answers)
    number = said.get("phone", "") or _first(procedure, answers, "phone")
    applicant = record.body.applicant
    who = applicant if applicant not in _SELF else _first(procedure, answers, "person_name")
    by = record.body.helper.name if record.body.helper is not None else said.get("name", "")
    if not by or fold(by) == fold(who):
        return who or text("cards.papers-self"), number
    return text("staff-phone.for", {"name": by, "applicant": who}) if who else by, number


def _first(procedure: Procedure, answers: Mapping[str, str], kind: str) -> str:
    return next((answers[q.key] for q in procedure.questions if q.kind == kind and answers.get(q.key)), "")


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
