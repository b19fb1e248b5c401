"""Issued papers: found by an id that nobody guesses, numbered without gaps; and the rows of the ledger."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.conflict import Conflict
from storage.history import Entry
from storage.slips import Issued
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import DAY, HOUR, NOW, OFFICE, citizen, dossier, version

YEAR = 2026


@pytest.fixture
async def record(database: Database) -> str:
    """A dossier."""
    return await database.run(lambda work: dossier(work, citizen(work)).id)


async def test_a_paper_is_found_by_its_id_alone(database: Database, record: str) -> None:
    issued = await database.run(lambda work: work.slips.add(record, "receipt", 3, NOW))
    assert len(issued.id) == 32
    assert await database.run(lambda work: work.slips.get(issued.id)) == issued
    for wrong in ("", "-", issued.id.upper(), issued.id[:-1], "0" * 32, issued.id + "' OR 1=1", "ạ" * 32):
        assert await database.run(lambda work, w=wrong: work.slips.get(w)) is None  # type: ignore[misc]


async def test_papers_come_in_the_order_of_history(database: Database, record: str) -> None:
    def add(work: Work) -> None:
        work.slips.add(record, "supplement", 7, NOW + DAY)
        work.slips.add(record, "receipt", 3, NOW)
        work.slips.add(record, "result", 9, NOW + 2 * DAY, file="f" * 32, digest="a" * 64)

    await database.run(add)
    papers = await database.run(lambda work: work.slips.of(record))
    assert [(paper.kind, paper.number, paper.file, paper.digest) for paper in papers] == [
        ("receipt", 3, None, ""),
        ("supplement", 7, None, ""),
        ("result", 9, "f" * 32, "a" * 64),
    ]
    assert await database.run(lambda work: work.slips.of("0" * 16)) == []


async def test_printed_again_a_paper_keeps_its_first_file(database: Database, record: str) -> None:
    issued = await database.run(lambda work: work.slips.add(record, "receipt", 3, NOW, slip="b" * 32))
    await database.run(lambda work: work.slips.printed(issued.id, "f1", "d1"))
    await database.run(lambda work: work.slips.printed(issued.id, "f2", "d2"))
    expected = Issued("b" * 32, record, "receipt", 3, NOW, "f1", "d1")
    assert await database.run(lambda work: work.slips.get(issued.id)) == expected


async def test_numbers_have_no_gaps_and_are_counted_by_office_kind_and_year(database: Database) -> None:
    async def take(kind: str, office: str = OFFICE, year: int = YEAR) -> int:
        return await database.run(lambda work: work.slips.next_number(office, kind, year))

    many = await asyncio.gather(*(take("receipt") for _ in range(8)))
    assert sorted(many) == [*range(1, 9)]
    assert [await take("refusal"), await take("receipt", "elsewhere"), await take("receipt", year=2027)] == [1, 1, 1]
    assert await take("receipt") == 9


async def test_what_fails_takes_no_number(database: Database) -> None:
    def fails(work: Work) -> None:
        work.slips.next_number(OFFICE, "receipt", YEAR)
        raise LookupError

    with pytest.raises(LookupError):
        await database.run(fails)
    assert await database.run(lambda work: work.slips.next_number(OFFICE, "receipt", YEAR)) == 1


async def test_numbers_of_slips_and_of_official_codes_are_apart(database: Database) -> None:
    await database.run(lambda work: work.slips.next_number(OFFICE, "receipt", YEAR))
    assert await database.run(lambda work: work.dossiers.next_number(OFFICE, "2026-11-27")) == 1


async def test_the_ledger_has_what_was_accepted_in_the_period_in_that_order(database: Database) -> None:
    def make(work: Work) -> list[str]:
        version(work)
        chat = citizen(work)
        ids = []
        for number, (office, after) in enumerate(
            ((OFFICE, 3), (OFFICE, 1), ("elsewhere", 2), (OFFICE, 48), (OFFICE, None))
        ):
            at = None if after is None else NOW + timedelta(hours=after)
            made = dossier(work, chat, office=office, accepted_at=at, tracking_code=f"code-{number}")
            ids.append(made.id)
            work.history.add(made.id, NOW, "citizen", "submit", ("", "submitted"), {"n": number})
            assert work.history.add(made.id, NOW + HOUR, "thu", "accept", ("submitted", "accepted"), {"slip": {}}) == 2
        return ids

    await database.run(make)
    found = await database.run(lambda work: [*work.slips.ledger(OFFICE, NOW, NOW + DAY)])
    assert [(channel, [row.number for row in rows], rows[0].data["n"]) for channel, rows in found] == [
        ("online", [1, 2], 1),
        ("online", [1, 2], 0),
    ]
    assert found[0][1][1] == Entry(2, NOW + HOUR, "thu", "accept", "submitted", "accepted", {"slip": {}})
    assert await database.run(lambda work: work.slips.accepted(OFFICE, NOW, NOW + DAY)) == 2
    last = NOW + timedelta(hours=3)
    assert await database.run(lambda work: work.slips.accepted(OFFICE, NOW, last)) == 1  # the end is not in it


async def test_a_paper_of_no_dossier_is_not_kept(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key") as caught:
        await database.run(lambda work: work.slips.add("0" * 16, "receipt", 1, NOW))
    assert not isinstance(caught.value, Conflict)
