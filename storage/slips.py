"""Papers that an office issued, each under an id that nobody guesses; what they say is in the dossier's history."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, func, insert, select, update

from storage import tables as t
from storage import upsert
from storage.history import Entry
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from storage.work import Work

_s = t.slips.c
_h = t.history.c
_d = t.dossiers.c
_COLUMNS = (_s.id, _s.dossier, _s.kind, _s.number, _s.issued_at, _s.file, _s.digest)
_ADD = Prepared(insert(t.slips).values({column.name: bindparam(column.name) for column in _COLUMNS}))
_LETTERS = frozenset("0123456789abcdef")
_ID = 32


@dataclass(frozen=True, slots=True)
class Issued:
    """One paper. `number` is of the row of history it tells of; `digest` the SHA-256 of its file, in hex."""

    id: str
    dossier: str
    kind: str  # receipt, supplement, refusal, extension, stop, draft or result
    number: int
    issued_at: datetime
    file: str | None = None
    digest: str = ""


def new_id() -> str:
    return secrets.token_hex(_ID // 2)


class Slips:
    """Written in the transaction of the decision they are issued with."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def add(
        self,
        dossier: str,
        kind: str,
        number: int,
        at: datetime,
        *,
        slip: str = "",
        file: str | None = None,
        digest: str = "",
    ) -> Issued:
        """A paper, under a new id unless `slip` is the one it was given before."""
        issued = Issued(slip or new_id(), dossier, kind, number, at, file, digest)
        _ADD.many(self._c, [{column.name: getattr(issued, column.name) for column in _COLUMNS}])
        return issued

    def get(self, slip: str) -> Issued | None:
        """One paper; what cannot be an id is asked for like any other, so that no answer is quicker."""
        wanted = slip if len(slip) == _ID and _LETTERS.issuperset(slip) else "-"
        row = self._c.execute(select(*_COLUMNS).where(_s.id == wanted)).first()
        return None if row is None else Issued(*row)

    def of(self, dossier: str) -> Sequence[Issued]:
        """All of a dossier, in the order in which they were issued."""
        rows = self._c.execute(select(*_COLUMNS).where(_s.dossier == dossier).order_by(_s.number, _s.issued_at))
        return [Issued(*row) for row in rows]

    def of_many(self, dossiers: Collection[str]) -> Mapping[str, Sequence[Issued]]:
        """As `of`, of each of these in one statement."""
        found: dict[str, list[Issued]] = {dossier: [] for dossier in dossiers}
        rows = self._c.execute(select(*_COLUMNS).where(_s.dossier.in_(dossiers)).order_by(_s.number, _s.issued_at))
        for row in rows:
            found[row.dossier].append(Issued(*row))
        return found

    def printed(self, slip: str, file: str, digest: str) -> None:
        """Its file, once there is one; printed again it keeps the first."""
        first = (_s.id == slip, _s.file.is_(None))
        self._c.execute(update(t.slips).where(*first).values(file=file, digest=digest))

    def next_number(self, office: str, kind: str, year: int) -> int:
        """The next of this kind in an office's year; no gaps, since it commits with what uses it.

        They are counted beside the official codes of the days, under a word that is no day.
        """
        word = f"{kind[:5]} {year}"
        counter = upsert.insert(self._c, t.counters).values(office=office, day=word, last=1)
        counter = counter.on_conflict_do_update(index_elements=["office", "day"], set_={"last": t.counters.c.last + 1})
        return int(self._c.execute(counter.returning(t.counters.c.last)).scalar_one())

    def ledger(self, office: str, start: datetime, end: datetime) -> Iterator[tuple[str, list[Entry]]]:
        """How each dossier came in and its whole history, of those accepted from `start` until before `end`."""
        accepted = (_d.office == office, _d.accepted_at >= start, _d.accepted_at < end)
        wanted = (_d.id, _d.channel, _h.number, _h.at, _h.actor, _h.what, _h.from_status, _h.to_status, _h.data)
        query = select(*wanted).join(t.history, _h.dossier == _d.id).where(*accepted)
        last, channel, rows = "", "", list[Entry]()
        for dossier, came, *row in self._c.execute(query.order_by(_d.accepted_at, _d.id, _h.number)):
            if dossier != last:
                if rows:
                    yield channel, rows
                last, channel, rows = dossier, came, []
            rows.append(_entry(row))
        if rows:
            yield channel, rows

    def accepted(self, office: str, start: datetime, end: datetime) -> int:
        """How many lines such a ledger has."""
        accepted = (_d.office == office, _d.accepted_at >= start, _d.accepted_at < end)
        return self._c.scalar(select(func.count()).select_from(t.dossiers).where(*accepted)) or 0


def _entry(row: Sequence[Any]) -> Entry:
    number, at, actor, what, before, after, data = row
    return Entry(number, at, actor, what, before, after, msgspec.json.decode(data))
