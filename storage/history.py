"""History: append-only, numbered per dossier, with the decision's full data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, func, insert, select

from storage import tables as t
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from storage.work import Work


_h = t.history.c
_LAST = Prepared(select(func.max(_h.number)).where(_h.dossier == bindparam("dossier")))
_NEW = ("dossier", "number", "at", "actor", "what", "from_status", "to_status", "data")
_ADD = Prepared(insert(t.history).values({column: bindparam(column) for column in _NEW}))
_OF = Prepared(
    select(_h.number, _h.at, _h.actor, _h.what, _h.from_status, _h.to_status, _h.data)
    .where(_h.dossier == bindparam("dossier"))
    .order_by(_h.number)
)
_LOOK = Prepared(insert(t.looks).values({column: bindparam(column) for column in ("dossier", "officer", "what", "at")}))


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
    ) -> int:
        """Append a row; `steps` is from-status and to-status. Gives the row's number."""
        last = _LAST.first(self._c, {"dossier": dossier})[0] or 0
        row = (dossier, last + 1, at, actor, what, *steps, msgspec.json.encode(data))
        _ADD.many(self._c, [dict(zip(_NEW, row, strict=True))])
        return int(last + 1)

    def of(self, dossier: str) -> Sequence[Entry]:
        """All rows of a dossier, in order."""
        rows = _OF.rows(self._c, {"dossier": dossier})
        return [
            Entry(number, at, actor, what, before, after, msgspec.json.decode(data))
            for number, at, actor, what, before, after, data in rows
        ]

    def of_many(self, dossiers: Collection[str]) -> Mapping[str, Sequence[Entry]]:
        """The rows of each of these, in one statement."""
        if len(dossiers) == 1:
            return {dossier: self.of(dossier) for dossier in dossiers}
        found: dict[str, list[Entry]] = {dossier: [] for dossier in dossiers}
        rows = self._c.execute(
            select(_h.dossier, _h.number, _h.at, _h.actor, _h.what, _h.from_status, _h.to_status, _h.data)
            .where(_h.dossier.in_(dossiers))
            .order_by(_h.dossier, _h.number)
        )
        for dossier, *row, data in rows:
            number, at, actor, what, before, after = row
            found[dossier].append(Entry(number, at, actor, what, before, after, msgspec.json.decode(data)))
        return found

    def look(self, dossier: str, officer: str, what: str, at: datetime) -> None:
        """Record that an officer looked at a dossier."""
        _LOOK.many(self._c, [{"dossier": dossier, "officer": officer, "what": what, "at": at}])

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
