"""Jobs: work that is to be done outside a turn, or when a moment comes; claimed with a lease, tried a few times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, delete, select, union_all, update

from storage import tables as t
from storage.upsert import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from storage.work import Work

TRIES: Final = 3
LEASE: Final = 60.0  # seconds for which a claim is good without being renewed
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
                index_elements=["key"],
                set_={**values, "status": "waiting", "attempts": 0, "claimed_until": 0.0, "claimed_by": ""},
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
        by: str = "",
    ) -> Sequence[Job]:
        """Jobs whose moment has come, leased to process `by`; their attempt is counted. `only` and `but` name kinds."""
        now = self._work.machine_now()
        waiting = _j.status == "waiting"
        # Each by its index. Asked for with "or" in the order of ids, a database may go through all that wait instead.
        due = union_all(
            select(_j.id).where(waiting, _j.due <= now),
            select(_j.id).where(waiting, _j.due_at <= office_now),
        )
        named = _j.kind.in_(only) if only else _j.kind.not_in(but)
        ripe = and_(_j.id.in_(due), named, waiting, _j.claimed_until < now)
        ids = list(
            self._c.scalars(select(_j.id).where(ripe).order_by(_j.id).limit(most).with_for_update(skip_locked=True))
        )
        if not ids:
            return ()
        self._c.execute(
            update(t.jobs)
            .where(_j.id.in_(ids))
            .values(claimed_until=now + lease, claimed_by=by, attempts=_j.attempts + 1)
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
            .values(status=status, claimed_until=self._work.machine_now() + wait, claimed_by="")
        )

    def put_off(self, job: Job, wait: float) -> None:
        """What it needs is away: tried again after `wait` seconds, and this try does not count."""
        self._c.execute(
            update(t.jobs)
            .where(_j.id == job.id, _j.attempts == job.attempts)
            .values(attempts=_j.attempts - 1, claimed_until=self._work.machine_now() + wait, claimed_by="")
        )

    def drop(self, key: str) -> None:
        """No longer wanted."""
        self._c.execute(delete(t.jobs).where(_j.key == key))

    def holds(self, job: Job, by: str) -> bool:
        """Whether a claim is still good, so that what follows in this transaction happens once.

        A process that stood still for longer than its lease finds that another has the job, or has done it.
        """
        mine = (_j.id == job.id) & (_j.attempts == job.attempts) & (_j.claimed_by == by)
        return self._c.scalar(select(_j.id).where(mine).with_for_update()) is not None

    def renew(self, jobs: Collection[int], by: str) -> None:
        """They are still in the hands of their claimer."""
        mine = _j.id.in_(jobs) & (_j.claimed_by == by)
        self._c.execute(update(t.jobs).where(mine).values(claimed_until=self._work.machine_now() + LEASE))

    def claimers(self) -> Collection[str]:
        """The processes in whose hands jobs are, dead or alive."""
        claimed = (_j.claimed_by != "") & (_j.status == "waiting") & (_j.claimed_until > self._work.machine_now())
        return list(self._c.scalars(select(_j.claimed_by).where(claimed).distinct()))

    def release(self, by: str, *, tried: bool = True) -> None:
        """Give back what is in the hands of a process that has died, or (not `tried`) that hands it over as it ends."""
        freed = {"claimed_until": 0.0, "claimed_by": "", "attempts": _j.attempts - int(not tried)}
        if self._c.execute(update(t.jobs).where(_j.claimed_by == by, _j.attempts > 0).values(freed)).rowcount:
            self._work.touch("jobs")
