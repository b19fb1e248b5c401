"""From rows to what conversations may see: a dossier for its owner, and for the staff of its office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot import beside, delivered
from bot.beside import Beside
from bot.issued import result_among
from bot.scene import Scene
from catalogue.model import Procedure
from conversations import closure, linked
from conversations.closure import ClosureView
from conversations.notices import STEPS
from conversations.staff_state import CallFile, DossierFile, Officer
from conversations.state import DossierView, Part, Step
from domain.codes import show
from domain.dossier import FINAL, OPEN, Status
from domain.figures import LOW
from domain.values import VIETNAM, money_words
from storage.calls import Call
from storage.dossiers import Record
from storage.history import Entry
from storage.work import Work

_RESULT: Final = frozenset({Status.ACCEPTED, Status.PROCESSING, Status.SIGNING, Status.DRAFTED, Status.DONE})
_CODES: Final = 3  # of a citizen's dossiers, on the card of a call


def _here(at: datetime) -> datetime:
    """As the office's clock shows it."""
    return at.astimezone(VIETNAM)


def code_of(record: Record) -> str:
    """The one code to call it by."""
    return record.official_code or show(record.tracking_code)


def owner_of(work: Work, owned: Record | Call) -> Officer | None:
    """Who has claimed it; None when nobody has, or they have left."""
    return work.officers.get(owned.owner) if owned.owner else None


def dossier_view(scene: Scene, record: Record, person: str) -> DossierView:
    """For a citizen; `own` says whether it is `person`'s. The timeline holds no names."""
    return dossier_views(scene, [record], person)[0]


def dossier_views(scene: Scene, records: Sequence[Record], person: str) -> Sequence[DossierView]:
    """The same for many, with no more statements than for one."""
    linked_ones = [record.id for record in records if scene.procedure(record.catalogue_version).parts]
    known = beside.for_citizen(scene.work, records, linked_ones) if records else None
    return [_view(scene, record, person, known) for record in records if known is not None]


def _view(scene: Scene, record: Record, person: str, known: Beside) -> DossierView:
    procedure = scene.procedure(record.catalogue_version)
    body = record.body
    rating = known.ratings.get(record.id)
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
        due_at=record.due_at and _here(record.due_at),
        appointment_at=record.appointment_at and _here(record.appointment_at),
        wants=body.wants,
        originals=procedure.originals,
        steps=_steps(known.history[record.id]),
        correction=body.correction,
        correction_old=body.correction_old,
        channel=record.channel,
        charge=known.charges.get(record.id),
        wait_until=record.wait_until and _here(record.wait_until),
        extended_from=record.extended_from and _here(record.extended_from),
        collector=body.collector,
        parts=_parts(known, record, procedure),
        post=body.post,
        portal=body.portal,
        cosigner=body.cosigner,
        helper=body.helper,
        stars=rating.stars if rating else 0,
        rated_at=_here(rating.at) if rating else None,
    )


def _steps(entries: Sequence[Entry]) -> tuple[Step, ...]:
    """The timeline: decisions only, not who claimed it."""
    return tuple(
        Step(_here(entry.at), entry.what, entry.to_status, _remark(entry))
        for entry in entries
        if entry.data.get("type") or entry.what in STEPS
    )


def _remark(entry: Entry) -> str:
    """What the timeline says of a step beyond its name."""
    if entry.what in ("paid", "refund") or (entry.what == "fee" and entry.data.get("amount_vnd")):
        return money_words(int(entry.data["amount_vnd"]))
    return str(entry.data.get("reason", ""))


def _parts(known: Beside, record: Record, procedure: Procedure) -> tuple[Part, ...]:
    """All parts of a linked procedure, with what was noted of each."""
    if not procedure.parts:
        return ()
    day = record.submitted_at.astimezone(VIETNAM).date()
    return linked.parts_of(procedure, known.answers[record.id], record.body.parts, day)


def _closure(scene: Scene, record: Record) -> ClosureView | None:
    """Of an open dossier, the closure that concerns it now."""
    if record.status in FINAL:
        return None
    return closure.current(scene.work.closures.of(record.office, scene.now), record.procedure, scene.now)


def dossier_file(scene: Scene, record: Record) -> DossierFile:
    """For the staff of its office."""
    return dossier_files(scene, [record])[0]


def dossier_files(scene: Scene, records: Sequence[Record]) -> Sequence[DossierFile]:
    """The same for many, with hardly more statements than for one."""
    known = beside.for_staff(scene.work, records) if records else None
    return [_file(scene, record, known) for record in records if known is not None]


def _file(scene: Scene, record: Record, known: Beside) -> DossierFile:
    procedure = scene.procedure(record.catalogue_version)
    body = record.body
    call = known.calls.get(record.person)
    shown = delivered.shown(scene, record)
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
        due_at=record.due_at and _here(record.due_at),
        appointment_at=record.appointment_at and _here(record.appointment_at),
        owner=known.owners[record.owner] if record.owner else None,
        held=record.held,
        held_until=held_until and _here(held_until) + scene.world.offset,
        answers=known.answers[record.id],
        documents=tuple(known.documents[record.id]),
        skipped=body.skipped,
        wants=body.wants,
        steps=_steps(known.history[record.id]),
        rounds=record.rounds,
        twin=record.twin,
        call_open=call is not None and call.dossier == record.id,
        correction=body.correction,
        marks=body.marks,
        charge=known.charges.get(record.id),
        closure=_closure(scene, record),
        channel=record.channel,
        paused_at=record.paused_at and _here(record.paused_at),
        wait_until=record.wait_until and _here(record.wait_until),
        reminded_at=record.reminded_at and _here(record.reminded_at),
        shown_at=shown.at,
        delivered=shown.delivered,
        result=record.status in _RESULT and result_among(known.slips[record.id], known.history[record.id]) is not None,
        extended_from=record.extended_from and _here(record.extended_from),
        collector=body.collector,
        parts=_parts(known, record, procedure),
        post=body.post,
        portal=body.portal,
        cosigner=body.cosigner,
        helper=body.helper,
    )


def call_file(work: Work, call: Call) -> CallFile:
    """A call as its card shows it. One about a low rating waits until somebody has answered, in a talk or not."""
    owner = owner_of(work, call)
    record = work.dossiers.get(call.dossier) if call.dossier else None
    here = [r for r in work.dossiers.of_person(call.person) if r.office == call.office and r.status in OPEN]
    others = [code_of(r) for r in here if r.id != call.dossier]
    rating = work.ratings.of(call.id) if call.id == call.dossier else None
    if rating is not None:
        owner = work.officers.get(rating.owner) if rating.owner else None
    return CallFile(
        id=call.id,
        about=call.about,
        opened_at=_here(call.opened_at),
        office=call.office,
        open=call.open or (rating is not None and rating.stars <= LOW and rating.answered_at is None),
        rating=rating is not None,
        answered=rating is not None and rating.answered_at is not None,
        owner=owner.name if owner else "",
        dossier=record.tracking_code if record else "",
        dossiers=tuple(others[:_CODES]),
    )
