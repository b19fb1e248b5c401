"""Jobs: work that is to be done outside a turn, or when a moment comes; claimed with a lease, tried a few times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, delete, or_, select, update

from storage import tables as t
from storage.upsert import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from storage.work import Work

TRIES: Final = 3
LEASE: Final = 60.0  # seconds; longer than a job may take, unless its claimer says otherwise
_j = t.jobs.c


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job."""

    id: int
    kind: str
    subject: str
    payload: bytes
    attempts: int


class Jobs:
    """Unique by key, so that asking twice does no harm."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def add(
        self,
        kind: str,
        subject: str,
        *,
        key: str = "",
        payload: bytes = b"",
        due: float | None = None,
        due_at: datetime | None = None,
    ) -> None:
        """A job to be done at once, at a machine moment (`due`), or at an office moment (`due_at`)."""
        when = 0.0 if due is None and due_at is None else due
        values = {"kind": kind, "subject": subject, "payload": payload, "due": when, "due_at": due_at}
        self._c.execute(
            insert(self._c, t.jobs)
            .values(key=key or f"{kind}:{subject}", status="waiting", **values)
            .on_conflict_do_update(
                index_elements=["key"], set_={**values, "status": "waiting", "attempts": 0, "claimed_until": 0.0}
            )
        )
        self._work.touch("jobs")

    def add_new(self, kind: str, subject: str, *, due_at: datetime) -> None:
        """A job for an office moment, unless one of its key is there already."""
        values = {"kind": kind, "subject": subject, "payload": b"", "due": None, "due_at": due_at}
        statement = insert(self._c, t.jobs).values(key=f"{kind}:{subject}", status="waiting", **values)
        self._c.execute(statement.on_conflict_do_nothing(index_elements=["key"]))

    def claim(
        self,
        office_now: datetime,
        most: int = 8,
        *,
        only: Collection[str] = (),
        but: Collection[str] = (),
        lease: float = LEASE,
    ) -> Sequence[Job]:
        """Jobs whose moment has come, leased to the caller; their attempt is counted. `only` and `but` name kinds."""
        now = self._work.machine_now()
        ripe = and_(
            _j.kind.in_(only) if only else _j.kind.not_in(but),
            _j.status == "waiting",
            _j.claimed_until < now,
            or_(_j.due <= now, _j.due_at <= office_now),
        )
        ids = list(
            self._c.scalars(select(_j.id).where(ripe).order_by(_j.id).limit(most).with_for_update(skip_locked=True))
        )
        if not ids:
            return ()
        self._c.execute(
            update(t.jobs).where(_j.id.in_(ids)).values(claimed_until=now + lease, attempts=_j.attempts + 1)
        )
        rows = self._c.execute(
            select(_j.id, _j.kind, _j.subject, _j.payload, _j.attempts).where(_j.id.in_(ids)).order_by(_j.id)
        )
        return [Job(*row) for row in rows]

    def done(self, job: int) -> None:
        """Finished: gone, unless it was asked for again meanwhile (see `add`), or its id is another's by now."""
        self._c.execute(delete(t.jobs).where(_j.id == job, _j.attempts > 0))

    def failed(self, job: Job, wait: float, tries: int = TRIES) -> None:
        """Try again after `wait` seconds, or set aside when it has been tried so often."""
        status = "aside" if job.attempts >= tries else "waiting"
        self._c.execute(
            update(t.jobs)
            .where(_j.id == job.id, _j.attempts == job.attempts)
            .values(status=status, claimed_until=self._work.machine_now() + wait)
        )

    def drop(self, key: str) -> None:
        """No longer wanted."""
        self._c.execute(delete(t.jobs).where(_j.key == key))

    def release(self) -> None:
        """Give back what a process that died had claimed; only for a single process at its start."""
        self._c.execute(update(t.jobs).values(claimed_until=0.0))
