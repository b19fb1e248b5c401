"""From rows to what conversations may see: a dossier for its owner, and for the staff of its office."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.world import World
from conversations.staff_state import CallFile, DossierFile
from conversations.state import DossierView, Step
from domain.values import VIETNAM
from storage.calls import Call
from storage.dossiers import Record
from storage.work import Work


def local(at: datetime | None) -> datetime | None:
    """As the office's clock shows it."""
    return None if at is None else at.astimezone(VIETNAM)


def _here(at: datetime) -> datetime:
    return at.astimezone(VIETNAM)


def dossier_view(work: Work, world: World, record: Record, person: str | None) -> DossierView:
    """For a citizen; `own` says whether it is `person`'s. The timeline holds no names."""
    procedure = world.procedure(work, record.catalogue_version)
    body = record.body
    return DossierView(
        id=record.id,
        tracking_code=record.tracking_code,
        procedure=record.procedure,
        procedure_name=procedure.display_name,
        office=record.office,
        status=record.status,
        applicant=body.applicant,
        submitted_at=_here(record.submitted_at),
        answer_by=_here(record.answer_by),
        own=record.person == person,
        official_code=record.official_code or "",
        due_at=local(record.due_at),
        appointment_at=local(record.appointment_at),
        wants=body.wants,
        originals=procedure.originals,
        steps=steps(work, record),
        correction=body.correction,
        correction_old=body.correction_old,
    )


def steps(work: Work, record: Record) -> tuple[Step, ...]:
    """The timeline: decisions only, not who claimed it."""
    return tuple(
        Step(_here(entry.at), entry.what, entry.to_status, str(entry.data.get("reason", "")))
        for entry in work.history.of(record.id)
        if entry.data.get("type")
    )


def dossier_file(work: Work, world: World, record: Record) -> DossierFile:
    """For the staff of its office."""
    procedure = world.procedure(work, record.catalogue_version)
    body = record.body
    call = work.calls.open_of(record.person)
    held_until = datetime.fromtimestamp(record.held_until, UTC) if record.held_until is not None else None
    return DossierFile(
        id=record.id,
        version=record.version,
        tracking_code=record.tracking_code,
        procedure=record.procedure,
        procedure_name=procedure.display_name,
        office=record.office,
        status=record.status,
        applicant=body.applicant,
        submitted_at=_here(record.submitted_at),
        answer_by=_here(record.answer_by),
        official_code=record.official_code or "",
        due_at=local(record.due_at),
        appointment_at=local(record.appointment_at),
        owner=work.officers.get(record.owner) if record.owner else None,
        held=record.held,
        held_until=held_until.astimezone(VIETNAM) + world.offset if held_until else None,
        answers=work.drafts.answers(record.id),
        documents=work.drafts.documents(record.id),
        skipped=body.skipped,
        wants=body.wants,
        steps=steps(work, record),
        rounds=record.rounds,
        twin=record.twin,
        call_open=call is not None and call.dossier == record.id,
        correction=body.correction,
    )


def call_file(work: Work, call: Call) -> CallFile:
    """A call as its card shows it."""
    owner = work.officers.get(call.owner) if call.owner else None
    record = work.dossiers.get(call.dossier) if call.dossier else None
    return CallFile(
        id=call.id,
        about=call.about,
        opened_at=_here(call.opened_at),
        office=call.office,
        open=call.open,
        owner=owner.name if owner else "",
        dossier=record.tracking_code if record else "",
    )
