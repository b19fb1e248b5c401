"""Jobs are in one process's hands: renewed while they take long, handed over when it ends, taken from the dead."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update

from bot import hands as of_hands
from bot.hands import Hands, bury
from bot.lease import this_process
from storage import tables as t
from storage.jobs import LEASE, Job
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import NOW, clock, until


def ripe(work: Work, by: str) -> list[Job]:
    return list(work.jobs.claim(NOW, by=by))


async def claimers(database: Database) -> list[str]:
    return await database.run(lambda work: list(work.jobs.claimers()))


@pytest.fixture
async def asked(database: Database) -> Database:
    """A database with a job to do."""
    await database.run(lambda work: work.jobs.add("check", "doc"))
    return database


async def test_what_is_in_our_hands_is_renewed(asked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_hands, "_RENEW", 0.01)
    hands = Hands(asked)
    jobs = await hands.claim(ripe)

    def claimed_in_a_while(work: Work) -> bool:
        clock(work, LEASE - 5)
        return bool(work.jobs.claimers())

    await asked.run(shorten)
    assert not await asked.run(claimed_in_a_while)
    keeping = asyncio.create_task(hands.keep())
    with hands.on(jobs):
        for _ in range(1_000):
            if await asked.run(claimed_in_a_while):
                break
            await asyncio.sleep(0.01)
        else:
            pytest.fail("never renewed")
    keeping.cancel()


def shorten(work: Work) -> None:
    """As if the lease were nearly over."""
    work.connection.execute(update(t.jobs).values(claimed_until=t.jobs.c.claimed_until - (LEASE - 10)))


async def test_what_is_left_is_handed_over(asked: Database) -> None:
    hands = Hands(asked)
    (job,) = await hands.claim(ripe)
    await hands.hand_over()
    assert hands.ending
    assert await hands.claim(ripe) == ()
    (again,) = await asked.run(lambda work: ripe(work, "another"))
    assert again == job, "it was not tried"


async def test_the_end_waits_for_what_is_under_way(asked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    hands = Hands(asked)
    jobs = await hands.claim(ripe)
    resting: list[asyncio.Task[None]] = []
    with hands.on(jobs):
        resting.append(asyncio.create_task(hands.rest()))
        await until(lambda: hands.ending)
        assert not resting[0].done()
    await resting[0]
    monkeypatch.setattr(of_hands, "_PATIENCE", 0.0)
    with hands.on(jobs):
        await hands.rest()  # but not for ever


async def test_only_the_dead_are_buried(asked: Database) -> None:
    host, number, start = this_process().split(" ")
    await asked.run(lambda work: ripe(work, this_process()))
    await asked.run(bury)
    assert await claimers(asked) == [this_process()]
    await asked.run(lambda work: work.jobs.release(this_process()))
    for holder in (f"{host} {number} {start}0", f"elsewhere {number} {start}0"):  # a former process; one we can't see
        await asked.run(lambda work, by=holder: ripe(work, by))  # type: ignore[misc]
        await asked.run(bury)
    assert await claimers(asked) == [f"elsewhere {number} {start}0"]
