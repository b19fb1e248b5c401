"""Closures of an office, of one procedure or of the portal; a row stays when it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from conversations.closure import ClosureView
from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.work import Work

_c = t.closures.c
_ENDS = func.coalesce(_c.ended_early, _c.ends_at)


class Closures:
    """By office. What a turn has read it does not read again, unless it changes something."""

    def __init__(self, work: Work) -> None:
        self._connection = work.connection
        self._known: dict[str, Sequence[ClosureView]] = {}

    def add(self, office: str, closure: ClosureView, by: str, at: datetime) -> bool:
        """False where the same was announced already: the press came twice."""
        same = (_c.office == office, _c.procedure == closure.procedure, _c.starts_at == closure.starts_at)
        twice = select(_c.id).where(*same, _c.ends_at == closure.ends_at, _c.ended_early.is_(None))
        if self._connection.execute(twice).first() is not None:
            return False
        self._connection.execute(
            insert(t.closures).values(
                id=closure.id,
                office=office,
                procedure=closure.procedure,
                starts_at=closure.starts_at,
                ends_at=closure.ends_at,
                reason=closure.reason,
                by=by,
                at=at,
            )
        )
        self._known.clear()
        return True

    def of(self, office: str, now: datetime) -> Sequence[ClosureView]:
        """Those that have not ended, also those to come; the earliest first."""
        if office not in self._known:
            rows = self._connection.execute(
                select(_c.id, _c.procedure, _c.starts_at, _ENDS, _c.reason)
                .where(_c.office == office, _c.ends_at > now, now < _ENDS)
                .order_by(_c.starts_at, _c.id)
            )
            self._known[office] = [ClosureView(*row) for row in rows]
        return self._known[office]

    def get(self, closure: str) -> tuple[str, ClosureView]:
        """A closure with its office; rows are never deleted."""
        columns = (_c.office, _c.id, _c.procedure, _c.starts_at, _ENDS, _c.reason)
        office, *rest = self._connection.execute(select(*columns).where(_c.id == closure)).one()
        return office, ClosureView(*rest)

    def end(self, office: str, closure: str, now: datetime) -> bool:
        """End it before its time; False where there is no such closure any more."""
        here = (_c.office == office, _c.id == closure, _c.ends_at > now, _c.ended_early.is_(None))
        ended = self._connection.execute(update(t.closures).where(*here).values(ended_early=now).returning(_c.id))
        self._known.clear()
        return ended.first() is not None
