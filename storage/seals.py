"""Seals: a chain that proves later what was noted in `audit`, `looks` and `history`, row by row.

Each seal lists rows by their keys, with a keyed hash of what each says, and signs that list together with the seal
before it. Rows are sealed whenever they have been committed, in any order: a row knows its seal. What is hashed are the
opened bytes, so that sealing data anew with another key changes nothing. Whoever can write to the database but has no
master key can neither change a sealed row, nor take one away, nor put one between, without `check` naming it; the end
of the chain is kept elsewhere as a short code (the head's morning list, the log).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from sqlalchemy import delete, func, insert, select, update

from storage import tables as t
from storage.sealed import keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import ColumnElement, Row, Table

    from storage.work import Work

MOST: Final = 500  # rows of one seal
_FIRST: Final = "0" * 64  # what the first seal follows
_s = t.seals.c
_SIGNED: Final = (_s.id, _s.what, _s.at, _s.newest, _s.number, _s.rows)


class _Seal(NamedTuple):
    """A row of the table; all but `mac` is signed."""

    id: int
    what: str
    at: datetime
    newest: datetime
    number: int
    rows: bytes
    mac: str = ""


class _Kind(NamedTuple):
    """A table whose rows are sealed: its primary key, and whether rows may be forgotten once they are old."""

    table: Table
    key: tuple[ColumnElement[Any], ...]
    forgotten: bool

    def values(self) -> tuple[ColumnElement[Any], ...]:
        """All that a row says."""
        return tuple(column for column in self.table.c if column.name != "seal")

    def name(self, row: Row[Any]) -> str:
        return ":".join(str(getattr(row, column.name)) for column in self.key)


KINDS: Final[Mapping[str, _Kind]] = {
    "audit": _Kind(t.audit, (t.audit.c.id,), True),
    "looks": _Kind(t.looks, (t.looks.c.id,), True),
    "history": _Kind(t.history, (t.history.c.dossier, t.history.c.number), False),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something is not as it was sealed.

    `how`: "changed", "deleted", "inserted" (a row), "seal" (a seal was changed, taken away or put between), or "end"
    (the chain no longer has a code that is known from it).
    """

    what: str
    how: str
    row: str
    seal: int


class Place(NamedTuple):
    """A place in the chain: the seal up to which all is checked."""

    last: int = 0
    mac: str = _FIRST


class Checked(NamedTuple):
    """What came of some seals: faults, the codes of their ends, and how far it went."""

    faults: list[Fault]
    codes: list[str]
    place: Place


class Seals:
    """Append-only; made by whichever process comes first."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def seal(self, now: datetime) -> int:
        """Seal rows that are new, `MOST` of each table; gives how many."""
        return sum(self._seal(what, kind, now) for what, kind in KINDS.items())

    def newest(self) -> str:
        """The code of the chain's end, such as "120-4f0c9a1b"; empty before the first."""
        row = self._c.execute(select(_s.id, _s.mac).order_by(_s.id.desc()).limit(1)).first()
        return "" if row is None else _code(row.id, row.mac)

    def check(self, now: datetime, kept: timedelta, place: Place, most: int = 50) -> Checked:
        """All that is not as it was sealed, of the next seals behind a place. Others write meanwhile, so in parts.

        `kept`: after which rows are lawfully forgotten.
        """
        faults: list[Fault] = []
        codes: list[str] = []
        after = _s.id > place.last
        rows = self._c.execute(select(*_SIGNED, _s.mac).where(after).order_by(_s.id).limit(most))
        for one in [_Seal(*row) for row in rows]:
            listed = _listed(one.rows)
            intact = one.id == place.last + 1 and hmac.compare_digest(one.mac, _mac(place.mac, one))
            if not intact or listed is None or one.what not in KINDS:
                faults.append(Fault(one.what, "seal", "", one.id))
            if listed is not None and one.what in KINDS:
                faults += self._rows(one, listed, over=KINDS[one.what].forgotten and one.newest < now - kept)
            place = Place(one.id, one.mac)
            codes.append(_code(one.id, one.mac))
        return Checked(faults, codes, place)

    def strays(self) -> Iterator[Fault]:
        """Rows that claim a seal that there is not."""
        for what, kind in KINDS.items():
            seal = kind.table.c.seal
            lost = select(seal, func.count()).where(seal.is_not(None), seal.not_in(select(_s.id))).group_by(seal)
            for number, count in self._c.execute(lost):
                yield Fault(what, "inserted", f"{count}", number)

    def forget(self, before: datetime) -> int:
        """Drop the rows of seals that are older as a whole; the seals stay, so that the chain does. Gives how many."""
        gone = 0
        for what, kind in KINDS.items():
            if kind.forgotten:
                old = select(_s.id).where(_s.what == what, _s.newest < before)
                gone += self._c.execute(delete(kind.table).where(kind.table.c.seal.in_(old))).rowcount
        return gone

    def _seal(self, what: str, kind: _Kind, now: datetime) -> int:
        rows = self._c.execute(select(*kind.values()).where(kind.table.c.seal.is_(None)).limit(MOST)).all()
        if not rows:
            return 0
        last = self._c.execute(select(_s.id, _s.mac).order_by(_s.id.desc()).limit(1)).first()
        number, before = (1, _FIRST) if last is None else (last.id + 1, last.mac)
        listed = {kind.name(row): _said(row) for row in rows}
        new = _Seal(number, what, now, max(row.at for row in rows), len(rows), msgspec.json.encode(listed))
        new = new._replace(mac=_mac(before, new))
        self._c.execute(insert(t.seals).values(new._asdict()))  # the key decides between two: one plays this again
        for row in rows:
            here = [column == getattr(row, column.name) for column in kind.key]
            self._c.execute(update(kind.table).where(*here).values(seal=number))
        return len(rows)

    def _rows(self, one: _Seal, listed: Mapping[str, str], *, over: bool) -> Iterator[Fault]:
        kind = KINDS[one.what]
        there = {}
        for row in self._c.execute(select(*kind.values()).where(kind.table.c.seal == one.id)):
            there[kind.name(row)] = _said(row)
        if not there and over:
            return  # forgotten, as the law wants it; the seal's own moment is signed
        for name in sorted(listed.keys() | there.keys()):
            if name not in there:
                yield Fault(one.what, "deleted", name, one.id)
            elif name not in listed:
                yield Fault(one.what, "inserted", name, one.id)
            elif not hmac.compare_digest(there[name], listed[name]):
                yield Fault(one.what, "changed", name, one.id)


def _key() -> bytes:
    """From the key for look-ups: the one that stays as it is when data are sealed anew."""
    return keys().audit


def _mac(before: str, one: _Seal) -> str:
    signed = [
        before,
        one.id,
        one.what,
        _utc(one.at),
        _utc(one.newest),
        one.number,
        hashlib.sha256(one.rows).hexdigest(),
    ]
    return hmac.digest(_key(), msgspec.json.encode(signed), "sha256").hex()


def _said(row: Sequence[Any]) -> str:
    plain = [_utc(value) if isinstance(value, datetime) else value for value in row]
    return hmac.digest(_key(), b"row " + msgspec.json.encode(plain), "sha256").hex()[:24]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _listed(rows: bytes) -> dict[str, str] | None:
    try:
        return msgspec.json.decode(rows, type=dict[str, str])
    except msgspec.DecodeError:
        return None


def _code(number: int, mac: str) -> str:
    return f"{number}-{mac[:8]}"
