"""A dossier's own clock: one job that wakes at its next reminder, planned anew whenever something is decided.

The job carries the moment since when reminders have not been said. Waking late, it says all that came up since then
and still holds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from bot import appointments, digest
from bot.delivered import shown_at
from bot.say import to_citizen, to_group, to_heads
from bot.scene import Scene
from bot.views import dossier_file, dossier_view
from conversations import reminders
from domain import clock
from domain.clock import Pause, Term
from domain.dossier import FINAL
from domain.ladder import REMINDER
from domain.reminders import Facts, Reminder, What, planned, ripe, upcoming
from storage.dossiers import Record
from storage.jobs import Job

CLOCK: Final = "clock"  # the actor in the history
_ADOPTED: Final = "clocks"  # in the installation
_ALL: Final = 100_000  # more than an office has open
_AGAIN: Final = 60.0  # seconds until a held decision is carried out or taken back
_CITIZEN: Final = frozenset({What.SUPPLEMENT, What.DRAFT, What.VISIT_EVE, What.VISIT_SOON, What.MONEY})
_ONCE: Final = frozenset({What.SUPPLEMENT, What.DRAFT, What.MONEY})  # the row remembers that it went out
_SIGNED: Final = frozenset({What.ANSWER_SOON, What.ANSWER_LATE, What.DUE_TODAY, What.OVERDUE})  # the card's sign
_HEAD: Final = frozenset({What.ANSWER_LATE, What.OVERDUE})  # the head hears of it too


def plan(scene: Scene, record: Record) -> None:
    """After every decision: what comes next, counted from now."""
    digest.plan(scene, record.office)
    _plan(scene, record)


def adopt(scene: Scene) -> None:
    """Once in an installation: dossiers that are older than clocks and places get theirs."""
    work = scene.work
    if work.installation.get(_ADOPTED) is None:
        work.installation.put(_ADOPTED, scene.now.isoformat())
        for office in scene.world.catalogue.offices:
            for record in work.dossiers.newest_open(office, _ALL):
                appointments.adopt(scene, record)
                plan(scene, record)
                if record.paused_at is not None and record.reminded_at is None:
                    # Nothing is stopped that was not reminded of, also where the moment for it is long past.
                    at, since = scene.world.calendar(office).next_open(scene.now), record.paused_at
                    work.jobs.add("clock", record.id, payload=since.isoformat().encode(), due_at=at)


def wake(scene: Scene, job: Job) -> None:
    """Say what has come up, and plan the next."""
    work = scene.work
    record = work.dossiers.get(job.subject, lock=True)
    if record is not None and record.held is not None:
        _later(scene, job)  # what is held may change everything
    elif record is not None and record.status not in FINAL:
        for what in ripe(_reminders(scene, record), datetime.fromisoformat(job.payload.decode()), scene.now):
            _tell(scene, scene.again(record), what)
        _plan(scene, scene.again(record))
    work.jobs.done(job.id)


def due_after_wait(scene: Scene, record: Record, *, money: bool = False) -> datetime | None:
    """The due moment once the citizen has given what was waited for; for money the clock only stood still."""
    if record.due_at is None or record.paused_at is None:
        return record.due_at
    term = term_of(scene, record)
    if money:
        term = replace(term, policy="pause")
    wait = Pause(record.paused_at, scene.now)
    return clock.resumed(scene.world.calendar(record.office), record.due_at, term, wait)


def term_of(scene: Scene, record: Record) -> Term:
    """The time that the catalogue knows, or what the officer promised where it knows none."""
    procedure = scene.procedure(record.catalogue_version)
    if procedure.known("processing"):
        return procedure.processing.term
    accepted = [entry for entry in scene.work.history.of(record.id) if entry.what == "accept"]
    promised = accepted[-1].data.get("working_days") if accepted else None
    return Term(working_days=promised, policy=procedure.processing.clock_policy)


def _reminders(scene: Scene, record: Record) -> tuple[Reminder, ...]:
    facts = Facts(
        record.status,
        record.answer_by,
        record.due_at,
        record.paused_at,
        record.wait_until,
        record.reminded_at,
        record.appointment_at,
        shown_at(scene, record),
        record.done_at,
    )
    office = scene.world.office(record.office)
    return planned(facts, scene.world.calendar(office.id), office.remind_after_working_days)


def _plan(scene: Scene, record: Record) -> None:
    jobs = scene.work.jobs
    at = None if record.status in FINAL else upcoming(_reminders(scene, record), scene.now)
    if at is None:
        jobs.drop(f"clock:{record.id}")
    else:
        jobs.add("clock", record.id, payload=scene.now.isoformat().encode(), due_at=at)


def _later(scene: Scene, job: Job) -> None:
    due = scene.work.machine_now() + _AGAIN
    scene.work.jobs.add("clock", job.subject, payload=job.payload, due=due)


def _tell(scene: Scene, record: Record, what: What) -> None:
    """To whom it concerns; the history keeps that it was said."""
    work = scene.work
    work.history.add(record.id, scene.now, CLOCK, "remind", (record.status, record.status), {"what": what})
    if what in _SIGNED:
        work.cards.want(f"dossier:{record.id}")
    if what in _ONCE:
        work.dossiers.change(record, reminded_at=scene.now)
    if what in _CITIZEN:
        _to_citizen(scene, record, what)
        return
    line = reminders.for_desk(what, dossier_file(scene, record), extended=record.extended_from is not None)
    to_group(scene, record.office, line, f"dossier:{record.id}", alert=True)
    if what in _HEAD:
        to_heads(scene, record.office, line, but=record.owner or "")


def _to_citizen(scene: Scene, record: Record, what: What) -> None:
    view = dossier_view(scene, record, record.person)
    office, procedure = scene.world.office(record.office), scene.procedure(record.catalogue_version)
    until = record.wait_until
    if what == What.DRAFT:
        shown = shown_at(scene, record)
        until = shown and shown + clock.DAY
    message = reminders.words(what, view, office, procedure, until)
    to_citizen(scene, record.chat, message, f"dossier:{record.id}", kind=f"{what}{REMINDER}")
