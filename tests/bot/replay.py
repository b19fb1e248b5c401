"""A dossier's state, made again from its history alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.dossier import AskMore, Decision, Done, Invite, SendBack, Status, Submit, Supplement, decide
from storage.dossiers import Record
from storage.history import Entry
from storage.work import Work


class Replayed(msgspec.Struct):
    """What the rows say that a dossier is."""

    status: str = ""
    owner: str | None = None
    official_code: str | None = None
    answer_by: datetime | None = None
    due_at: datetime | None = None
    appointment_at: datetime | None = None
    wants: tuple[tuple[str, str], ...] = ()
    rounds: int = 0


def replay(entries: Sequence[Entry]) -> Replayed:
    """Row by row; every row must follow from the one before it."""
    so_far = Replayed()
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert list(entries) == sorted(entries, key=lambda entry: entry.at)
    for entry in entries:
        assert entry.actor
        assert entry.from_status in (so_far.status, Status.SUBMITTED), entry
        if "type" in entry.data:
            _decided(so_far, msgspec.convert(entry.data, Decision), entry.data)
        elif "owner" in entry.data:
            assert entry.data["before"] == so_far.owner
            so_far.owner = entry.data["owner"]
        assert so_far.status == entry.to_status, entry
    return so_far


def _decided(so_far: Replayed, decision: Decision, data: Any) -> None:
    so_far.status = Status.SUBMITTED if isinstance(decision, Submit) else decide(Status(so_far.status), decision)
    so_far.official_code = data.get("official_code", so_far.official_code)
    for moment in ("answer_by", "due_at"):
        if moment in data:
            setattr(so_far, moment, datetime.fromisoformat(data[moment]))
    match decision:
        case AskMore(faults):
            so_far.wants = tuple((fault.key, fault.reason) for fault in faults)
            so_far.rounds += 1
        case Supplement():
            so_far.wants = ()
        case Invite(at) | Done(at):
            so_far.appointment_at = at
        case SendBack():
            so_far.appointment_at = None
        case _:
            so_far.appointment_at = data.get("appointment_at") and datetime.fromisoformat(data["appointment_at"])


def check(work: Work, record: Record) -> None:
    """The table says the same as the history."""
    made = replay(work.history.of(record.id))
    assert made == Replayed(
        record.status,
        record.owner,
        record.official_code,
        record.answer_by,
        record.due_at,
        record.appointment_at,
        tuple((want.key, want.reason) for want in record.body.wants),
        record.rounds,
    )
