"""Which key of the ring seals, and sealing again what others have sealed: a few rows a transaction, beside all else.

Two facts stand in the table `installation`. `key-active` is the number of the key that seals; where it is missing the
ring was never turned. `lasting-key` is what look-up hashes are made with, sealed by the active key: the hashes of phone
numbers and addresses are primary and unique keys all over the tables, the values that some were made of are nowhere
(files.source, attempts.key), and links that people hold contain others; so they stay as they are for the installation's
whole life. Files' bytes stay as well: each is sealed with a key of its own, and only those are sealed again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from msgspec import Struct
from sqlalchemy import LargeBinary, Select, bindparam, func, or_, select, tuple_, type_coerce, update

from storage import tables as t
from storage.key_ring import Ring
from storage.sealed import Keys, Seal, Sealed, UnknownKey, derived, keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Row, Table

    from storage.work import Work

_ACTIVE: Final = "key-active"
_LASTING: Final = "lasting-key"
_PROGRESS: Final = "reseal"
_BY_HAND: Final = ("push-key",)  # values in the installation that are sealed as columns are, in hexadecimal
_AT_ONCE: Final = 200  # rows in one transaction
_SETTLED: Final = 60.0  # seconds after which every living process has noticed the new key


class WrongKey(Exception):
    """The data were sealed with another master key; going on would seal new data with this one."""


class Progress(Struct):
    """How far sealing again has come; `since` is the machine moment at which key `to` began to seal."""

    to: int
    since: float
    table: int = 0  # in TABLES
    after: list[Any] = []  # the primary key of the last row that was looked at
    moved: int = 0  # values that were sealed again
    found: int = 0  # of them in this pass
    began: float = 0.0  # this pass
    ended: float = 0.0  # a whole pass found nothing any more


def _sealed_columns(table: Table) -> list[str]:
    return [c.name for c in table.columns if isinstance(c.type, Sealed) or c is t.files.c.key]


TABLES: Final[tuple[tuple[Table, tuple[str, ...]], ...]] = tuple(
    (table, tuple(columns)) for table in t.metadata.sorted_tables if (columns := _sealed_columns(table))
)


def known(work: Work, ring: Ring, path: Path | None) -> Keys:
    """The keys of these data with this ring; raises WrongKey where the ring has not the one that seals them."""
    active, lasting = work.installation.get(_ACTIVE), work.installation.get(_LASTING)
    if active is None or lasting is None:
        return Keys(ring, path=path)
    if int(active) not in ring.numbers:
        raise WrongKey(f"thiếu khóa số {active}")
    try:
        opened = _wraps(ring, int(active)).open(bytes.fromhex(lasting))
    except (InvalidTag, UnknownKey):
        raise WrongKey(f"khóa số {active} là khóa khác") from None
    return Keys(ring, active=int(active), lasting=opened, path=path)


def activate(work: Work, ring: Ring, number: int, path: Path | None) -> Keys:
    """From now on this key of the ring seals; every other process notices within seconds."""
    made = Keys(ring, active=number, lasting=keys().lasting, path=path)
    work.installation.put(_ACTIVE, str(number))
    work.installation.put(_LASTING, _wraps(ring, number).close(made.lasting).hex())
    _put(work, Progress(number, work.machine_now()))
    return made


def follow(work: Work) -> Keys | None:
    """The keys by which this process should go on, where another has turned the ring; raises WrongKey, as `known`."""
    active = work.installation.get(_ACTIVE)
    now = keys()
    if active is None or int(active) == now.active:
        return None
    return known(work, now.again().ring, now.path)


def progress(work: Work) -> Progress | None:
    """Of sealing again; None where the ring was never turned."""
    found = work.installation.get(_PROGRESS)
    return None if found is None else msgspec.json.decode(found, type=Progress)


def step(work: Work) -> bool:
    """Look at the next rows, and seal again what the active key has not sealed; False when nothing is left to do."""
    at = progress(work)
    if at is None or at.ended or at.to != keys().active:
        return False
    if not at.table and not at.after:
        at.began, at.found = work.machine_now(), 0
        at.found += _by_hand(work)
    table, columns = TABLES[at.table]
    rows = _page(work, table, columns, at.after)
    if old := [row for row in rows if _others(row[-len(columns) :])]:
        at.found += len(old)
        at.moved += _sealed_again(work, table, columns, old)
    if len(rows) == _AT_ONCE:
        at.after = list(rows[-1][: len(table.primary_key)])
    else:
        at.after, at.table = [], at.table + 1
        if at.table == len(TABLES):
            at.table = 0
            if not at.found and at.began >= at.since + _SETTLED:
                at.ended = work.machine_now()
    _put(work, at)
    return not at.ended


def left(work: Work) -> Mapping[str, int]:
    """How many rows of each table other keys than the active one have sealed; looks at every row."""
    mark = bytes([keys().active])
    counts: dict[str, int] = {}
    for table, columns in TABLES:
        raw = [type_coerce(table.c[name], LargeBinary) for name in columns]
        other = or_(*(func.substr(one, 1, 1) != mark for one in raw))
        if count := work.connection.scalar(select(func.count()).select_from(table).where(other)):
            counts[table.name] = count
    return counts


def begin_again(work: Work) -> None:
    """Something that another key sealed turned up: look at everything once more."""
    at = progress(work)
    if at is not None:
        _put(work, Progress(at.to, at.since, moved=at.moved))


def _page(work: Work, table: Table, columns: Sequence[str], after: Sequence[Any]) -> Sequence[Row[Any]]:
    query = _raw(table, columns).order_by(*table.primary_key).limit(_AT_ONCE)
    if after:
        query = query.where(tuple_(*table.primary_key) > tuple_(*after))
    return work.connection.execute(query).all()


def _raw(table: Table, columns: Sequence[str]) -> Select[Any]:
    """Primary key, then the sealed columns as they lie there."""
    return select(*table.primary_key, *(type_coerce(table.c[name], LargeBinary) for name in columns))


def _others(values: Sequence[bytes | None]) -> bool:
    mark = bytes([keys().active])
    return any(value is not None and value[:1] != mark for value in values)


def _sealed_again(work: Work, table: Table, columns: Sequence[str], rows: Sequence[Row[Any]]) -> int:
    """Rows that a turn is writing at this moment are left for the next pass: nobody waits for us, nor we for them."""
    own, c = list(table.primary_key), work.connection
    if c.dialect.name == "sqlite":
        c.exec_driver_sql("PRAGMA secure_delete=ON")  # what the old key sealed must not stay in the file's free space
    else:
        pairs = [tuple(row[: len(own)]) for row in rows]
        locked = _raw(table, columns).where(tuple_(*own).in_(pairs))
        rows = c.execute(locked.with_for_update(key_share=True, skip_locked=True)).all()
    sealed = [
        {f"k{n}": row[n] for n in range(len(own))}
        | {f"v{n}": _again(_seal(table, name), row[len(own) + n]) for n, name in enumerate(columns)}
        for row in rows
    ]
    if sealed:
        here = [one == bindparam(f"k{n}") for n, one in enumerate(own)]
        raw = {name: type_coerce(bindparam(f"v{n}", type_=LargeBinary), LargeBinary) for n, name in enumerate(columns)}
        c.execute(update(table).where(*here).values(raw), sealed)
    if c.dialect.name == "sqlite":
        c.exec_driver_sql("PRAGMA secure_delete=OFF")
    return len(sealed)


def _seal(table: Table, column: str) -> Seal:
    return keys().files if table is t.files and column == t.files.c.key.name else keys().columns


def _again(seal: Seal, value: bytes | None) -> bytes | None:
    return None if value is None else seal.close(seal.open(value))


def _by_hand(work: Work) -> int:
    count = 0
    for key in _BY_HAND:
        value = work.installation.get(key)
        if value is not None and _others([sealed := bytes.fromhex(value)]):
            work.installation.put(key, keys().columns.close(keys().columns.open(sealed)).hex())
            count += 1
    return count


def _wraps(ring: Ring, number: int) -> Seal:
    return Seal({each: derived(master, b"lasting") for each, master in ring.masters}, number)


def _put(work: Work, at: Progress) -> None:
    work.installation.put(_PROGRESS, msgspec.json.encode(at).decode())
