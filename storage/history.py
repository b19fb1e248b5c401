"""History: append-only, numbered per dossier, with the decision's full data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, select

from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: who did what when, from which status to which, and all its data."""

    number: int
    at: datetime
    actor: str
    what: str
    from_status: str
    to_status: str
    data: Mapping[str, Any]


class History:
    """Written in the transaction of the step itself."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def add(
        self, dossier: str, at: datetime, actor: str, what: str, steps: tuple[str, str], data: Mapping[str, Any]
    ) -> None:
        """Append a row; `steps` is from-status and to-status."""
        h = t.history.c
        last = self._c.scalar(select(func.max(h.number)).where(h.dossier == dossier)) or 0
        self._c.execute(
            insert(t.history).values(
                dossier=dossier,
                number=last + 1,
                at=at,
                actor=actor,
                what=what,
                from_status=steps[0],
                to_status=steps[1],
                data=msgspec.json.encode(data),
            )
        )

    def of(self, dossier: str) -> Sequence[Entry]:
        """All rows of a dossier, in order."""
        h = t.history.c
        rows = self._c.execute(
            select(h.number, h.at, h.actor, h.what, h.from_status, h.to_status, h.data)
            .where(h.dossier == dossier)
            .order_by(h.number)
        )
        return [Entry(*row[:6], msgspec.json.decode(row[6])) for row in rows]

    def look(self, dossier: str, officer: str, what: str, at: datetime) -> None:
        """Record that an officer looked at a dossier."""
        self._c.execute(insert(t.looks).values(dossier=dossier, officer=officer, what=what, at=at))

    def looks(self, dossier: str) -> Sequence[tuple[str, str, datetime]]:
        """Who looked, at what, when."""
        c = t.looks.c
        rows = self._c.execute(select(c.officer, c.what, c.at).where(c.dossier == dossier).order_by(c.id))
        return [(officer, what, at) for officer, what, at in rows]

    def missed(self, office: str, query: str, day: str) -> None:
        """Keep what was asked and not found, without who asked."""
        self._c.execute(insert(t.missed).values(office=office, query=query.encode(), day=day))

    def misses(self, office: str = "") -> Sequence[tuple[str, str]]:
        """All that was asked in vain, in one office or in any, each with its day."""
        c = t.missed.c
        wanted = select(c.query, c.day).order_by(c.id)
        rows = self._c.execute(wanted.where(c.office == office) if office else wanted)
        return [(query.decode(), day) for query, day in rows]
