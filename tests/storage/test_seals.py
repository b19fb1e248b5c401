"""Seals: whatever somebody does to sealed rows by SQL alone is named; what is forgotten lawfully is no fault."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import delete, insert, select, text, update

from domain import keeping
from storage import tables as t
from storage.seals import Checked, Fault, Place
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import citizen, dossier

NOW: Final = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
KEPT: Final = timedelta(days=keeping.AUDIT)


def noted(work: Work, count: int = 3, at: datetime = NOW) -> None:
    """Some of each kind."""
    for number in range(count):
        work.audit.add("guessing", at, subject=f"office-{number}", data={"phone": "+84984123456"})
        work.history.look(f"dossier-{number}", "officer", "papers", at)


async def check(database: Database, known: str = "", now: datetime = NOW) -> list[Fault]:
    def look(work: Work) -> tuple[Checked, list[Fault]]:
        return work.seals.check(now, KEPT, Place(), most=10_000), list(work.seals.strays())

    part, strays = await database.run(look)
    cut = [] if not known or known in part.codes else [Fault("seals", "end", known, part.place.last)]
    return [*part.faults, *strays, *cut]


@pytest.fixture
async def sealed(database: Database) -> Database:
    """Two seals of audit and looks, and one of a dossier's history."""

    def make(work: Work) -> None:
        noted(work)
        record = dossier(work, citizen(work)).id
        for what in ("submit", "claim", "accept"):
            work.history.add(record, NOW, "officer", what, ("", ""), {"reason": "thiếu giấy"})
        work.seals.seal(NOW)

    def more(work: Work) -> None:
        noted(work, 2)
        work.seals.seal(NOW + timedelta(minutes=1))

    await database.run(make)
    await database.run(more)
    return database


async def test_what_nobody_touched_is_whole(sealed: Database) -> None:
    assert await check(sealed) == []
    assert await sealed.run(lambda work: work.seals.seal(NOW)) == 0
    newest = await sealed.run(lambda work: work.seals.newest())
    assert newest.split("-")[0] == "5"
    assert await check(sealed, newest) == []


async def test_a_row_that_is_not_sealed_yet_is_no_fault(sealed: Database) -> None:
    await sealed.run(noted)
    assert await check(sealed) == []


Tamper = Callable[[Work], object]
a, k, h, s = t.audit.c, t.looks.c, t.history.c, t.seals.c


def raw(words: str) -> Tamper:
    return lambda work: work.connection.execute(text(words))


def _swap(work: Work) -> None:
    rows = dict(work.connection.execute(select(k.id, k.dossier).where(k.id.in_([1, 2]))).all())
    for one, other in ((1, 2), (2, 1)):
        work.connection.execute(update(t.looks).where(k.id == one).values(dossier=rows[other]))


def _unlist(work: Work) -> None:
    """Whoever has no key can write a list, and another mac, but not the right one."""
    work.connection.execute(delete(t.looks).where(k.id == 2))
    work.connection.execute(update(t.seals).where(s.id == 2).values(rows=b"{}", number=0, mac="0" * 64))


def quietly(tamper: Tamper) -> Callable[[Work], None]:
    """Its result is a cursor, which belongs to the transaction."""

    def play(work: Work) -> None:
        tamper(work)

    return play


TAMPERINGS: Final[dict[str, tuple[Tamper, set[tuple[str, str]]]]] = {
    "a look is somebody else's": (
        lambda w: w.connection.execute(update(t.looks).where(k.id == 2).values(officer="another")),
        {("looks", "changed")},
    ),
    "a look is at another dossier": (raw("UPDATE looks SET dossier = 'x' WHERE id = 1"), {("looks", "changed")}),
    "a look is older": (
        lambda w: w.connection.execute(update(t.looks).where(k.id == 1).values(at=NOW - timedelta(seconds=1))),
        {("looks", "changed")},
    ),
    "a look is gone": (raw("DELETE FROM looks WHERE id = 2"), {("looks", "deleted")}),
    "all of a seal's rows are gone": (raw("DELETE FROM looks WHERE seal = 2"), {("looks", "deleted")}),
    "a line of the audit says something else": (
        lambda w: w.connection.execute(update(t.audit).where(a.id == 1).values(data=b'{"phone":"0"}')),
        {("audit", "changed")},
    ),
    "a line of the audit is empty": (raw("UPDATE audit SET data = NULL WHERE id = 1"), {("audit", "changed")}),
    "a step is somebody else's": (
        raw("UPDATE history SET actor = 'another' WHERE number = 2"),
        {("history", "changed")},
    ),
    "a step says another reason": (
        lambda w: w.connection.execute(update(t.history).where(h.number == 2).values(data=b'{"reason":""}')),
        {("history", "changed")},
    ),
    "the last step is gone": (raw("DELETE FROM history WHERE number = 3"), {("history", "deleted")}),
    "two rows have changed places": (
        _swap,
        {("looks", "changed")},
    ),
    "a row is put in": (
        lambda w: w.connection.execute(insert(t.looks).values(dossier="d", officer="o", what="p", at=NOW, seal=2)),
        {("looks", "inserted")},
    ),
    "a row is put in with a seal of its own": (
        lambda w: w.connection.execute(insert(t.looks).values(dossier="d", officer="o", what="p", at=NOW, seal=99)),
        {("looks", "inserted")},
    ),
    "a row is taken out of its seal, changed, and would be sealed anew": (
        lambda w: w.connection.execute(update(t.looks).where(k.id == 1).values(officer="another", seal=None)),
        {("looks", "deleted")},
    ),
    "a row is moved to a later seal": (
        raw("UPDATE looks SET seal = 5 WHERE id = 1"),
        {("looks", "deleted"), ("looks", "inserted")},
    ),
    "a seal is gone with its rows": (
        lambda w: [raw("DELETE FROM looks WHERE seal = 2")(w), raw("DELETE FROM seals WHERE id = 2")(w)],
        {("history", "seal")},
    ),
    "a seal no longer knows a row": (
        _unlist,
        {("looks", "seal"), ("looks", "inserted"), ("history", "seal")},
    ),
    "a seal says that its rows are old": (
        lambda w: [
            raw("DELETE FROM looks WHERE seal = 2")(w),
            w.connection.execute(update(t.seals).where(s.id == 2).values(newest=NOW - 2 * KEPT)),
        ],
        {("looks", "seal")},
    ),
    "a seal is rubbish": (
        lambda w: w.connection.execute(update(t.seals).where(s.id == 2).values(rows=b"\xff")),
        {("looks", "seal")},
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
async def test_tampering_is_named(sealed: Database, how: str) -> None:
    tamper, expected = TAMPERINGS[how]
    await sealed.run(quietly(tamper))
    faults = await check(sealed)
    assert {(fault.what, fault.how) for fault in faults} == expected
    await sealed.run(noted)  # and life goes on, without making it good
    await sealed.run(lambda work: work.seals.seal(NOW + timedelta(minutes=2)))
    assert {(fault.what, fault.how) for fault in await check(sealed)} >= expected


async def test_the_fault_names_the_row(sealed: Database) -> None:
    await sealed.run(quietly(raw("DELETE FROM looks WHERE id = 2")))
    assert await check(sealed) == [Fault("looks", "deleted", "2", 2)]


async def test_whoever_cuts_the_end_off_is_known_by_a_code_kept_elsewhere(sealed: Database) -> None:
    """Rows and seals of the last minute vanish together: the chain alone can't tell, the head's morning list can."""
    known = await sealed.run(lambda work: work.seals.newest())
    cuts = ("DELETE FROM audit WHERE seal > 3", "DELETE FROM looks WHERE seal > 3", "DELETE FROM seals WHERE id > 3")
    for cut in cuts:
        await sealed.run(quietly(raw(cut)))
    assert await check(sealed) == []
    assert [(fault.what, fault.how) for fault in await check(sealed, known)] == [("seals", "end")]
    await sealed.run(noted)
    await sealed.run(lambda work: work.seals.seal(NOW))
    assert [(fault.what, fault.how) for fault in await check(sealed, known)] == [("seals", "end")]


async def test_what_is_old_is_forgotten_by_whole_seals_and_the_chain_stays_whole(database: Database) -> None:
    old, new = NOW - KEPT - timedelta(days=1), NOW
    for at in (old, new):
        await database.run(lambda work, at=at: noted(work, at=at))  # type: ignore[misc]
        await database.run(lambda work, at=at: work.seals.seal(at))  # type: ignore[misc]
    await database.run(lambda work: noted(work, 1, at=old))  # comes late, and is not sealed yet: it waits for its seal
    assert await database.run(lambda work: work.seals.forget(NOW - KEPT)) == 6
    assert await database.run(lambda work: len(work.audit.of("guessing", old))) == 4
    assert await check(database) == []
    assert await check(database, now=old) != []  # nobody could have forgotten it then


async def test_seals_hold_nothing_that_can_be_guessed(sealed: Database) -> None:
    """What a row says stands there as a keyed hash: of two installations with the same rows no two are alike."""
    rows = await sealed.run(lambda work: list(work.connection.scalars(select(s.rows))))
    assert b"98412" not in b"".join(rows)
    assert b"office" not in b"".join(rows)


async def test_two_who_seal_at_once_seal_each_row_once(sealed: Database) -> None:
    await sealed.run(lambda work: noted(work, 40))
    await asyncio.gather(*(sealed.run(lambda work: work.seals.seal(NOW)) for _ in range(4)))
    assert await check(sealed) == []
    assert await sealed.run(lambda work: work.connection.scalar(select(k.id).where(k.seal.is_(None)).limit(1))) is None


async def test_parts_of_the_chain_are_checked_one_after_another(sealed: Database) -> None:
    place = Place()
    seen: list[str] = []
    while True:
        part = await sealed.run(lambda work, at=place: work.seals.check(NOW, KEPT, at, most=2))  # type: ignore[misc]
        if not part.codes:
            break
        place, seen = part.place, seen + part.codes
        assert part.faults == []
    assert len(seen) == 5
