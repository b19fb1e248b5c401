"""Jobs are claimed with a lease, tried three times, and asked for again without harm."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from storage import tables as t
from storage.jobs import LEASE, Job
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import HOUR, NOW, clock


def statuses(work: Work) -> list[tuple[str, str, int]]:
    c = t.jobs.c
    rows = work.connection.execute(select(c.key, c.status, c.attempts).order_by(c.id))
    return [(key, status, attempts) for key, status, attempts in rows]


def claim(work: Work, seconds: float = 0.0) -> list[Job]:
    """What is ripe this many seconds from now."""
    clock(work, seconds)
    return list(work.jobs.claim(NOW, by="me"))


async def test_a_job_is_leased_and_comes_back_when_its_lease_runs_out(
    database: Database, changes: list[frozenset[str]]
) -> None:
    await database.run(lambda work: work.jobs.add("check", "doc", payload=b"{}"))
    assert {"jobs"} in changes
    (job,) = await database.run(claim)
    assert job == Job(job.id, "check", "doc", b"{}", 1)
    assert await database.run(lambda work: claim(work, LEASE - 5)) == []
    assert await database.run(lambda work: claim(work, LEASE + 5)) == [Job(job.id, "check", "doc", b"{}", 2)]
    await database.run(lambda work: work.jobs.done(job.id))
    assert await database.run(statuses) == []


async def test_two_workers_share_the_work(database: Database) -> None:
    def fill(work: Work) -> None:
        for number in range(20):
            work.jobs.add("check", str(number))

    await database.run(fill)
    shares = await asyncio.gather(*(database.run(claim) for _ in range(4)))
    assert sorted(int(job.subject) for share in shares for job in share) == list(range(20))


async def test_a_failed_job_waits_and_is_set_aside_after_the_third_time(database: Database) -> None:
    await database.run(lambda work: work.jobs.add("check", "doc"))
    for attempt in (1, 2, 3):
        (job,) = await database.run(lambda work, n=attempt: claim(work, n * 10))  # type: ignore[misc]
        assert job.attempts == attempt
        await database.run(lambda work, one=job: work.jobs.failed(one, 5 + 10 * (one.attempts - 1)))  # type: ignore[misc]
        assert await database.run(claim) == []
    assert await database.run(statuses) == [("check:doc", "aside", 3)]
    assert await database.run(lambda work: claim(work, 10_000)) == []


async def test_jobs_wait_for_a_machine_moment_or_an_office_moment(database: Database) -> None:
    def fill(work: Work) -> None:
        now = work.machine_now()
        work.jobs.add("at once", "1")
        work.jobs.add("machine past", "2", due=now - 1)
        work.jobs.add("machine later", "3", due=now + 100)
        work.jobs.add("office past", "4", due_at=NOW)
        work.jobs.add("office later", "5", due_at=NOW + HOUR)

    await database.run(fill)
    first = await database.run(claim)
    assert [job.kind for job in first] == ["at once", "machine past", "office past"]
    # The office's clock can be set forward without the machine's.
    assert [job.kind for job in await database.run(lambda work: work.jobs.claim(NOW + HOUR))] == ["office later"]
    assert "machine later" in [job.kind for job in await database.run(lambda work: claim(work, 101))]


async def test_asking_again_replaces_what_was_asked(database: Database) -> None:
    await database.run(lambda work: work.jobs.add("held", "d", due=0.0))
    await database.run(lambda work: work.jobs.add("held", "d", due=work.machine_now() + 60))
    assert await database.run(claim) == []
    assert len(await database.run(lambda work: claim(work, 61))) == 1
    await database.run(lambda work: work.jobs.add("call", "d", key="mine"))
    await database.run(lambda work: work.jobs.drop("mine"))
    assert await database.run(lambda work: [row[0] for row in statuses(work)]) == ["held:d"]


async def test_what_is_asked_again_while_it_is_being_done_is_done_again(database: Database) -> None:
    await database.run(lambda work: work.jobs.add("held", "d", payload=b"old"))
    (job,) = await database.run(claim)
    await database.run(lambda work: work.jobs.add("held", "d", payload=b"new"))
    await database.run(lambda work: work.jobs.done(job.id))
    await database.run(lambda work: work.jobs.failed(job, 100))
    assert [again.payload for again in await database.run(claim)] == [b"new"]


async def test_what_a_dead_process_held_is_given_back(database: Database) -> None:
    await database.run(lambda work: work.jobs.add("check", "doc"))
    (job,) = await database.run(claim)
    assert await database.run(lambda work: work.jobs.claimers()) == ["me"]
    await database.run(lambda work: work.jobs.release("another"))
    assert await database.run(claim) == []
    await database.run(lambda work: work.jobs.release("me"))
    (again,) = await database.run(claim)
    assert (again.id, again.attempts) == (job.id, 2)


async def test_what_a_process_hands_over_as_it_ends_was_not_tried(database: Database) -> None:
    await database.run(lambda work: work.jobs.add("check", "doc"))
    (job,) = await database.run(claim)
    await database.run(lambda work: work.jobs.release("me", tried=False))
    assert await database.run(lambda work: work.jobs.claimers()) == []
    assert await database.run(claim) == [job]


async def test_a_pause_after_a_failure_is_no_claim(database: Database) -> None:
    await database.run(lambda work: work.jobs.add("check", "doc"))
    (job,) = await database.run(claim)
    await database.run(lambda work: work.jobs.failed(job, 100))
    assert await database.run(lambda work: work.jobs.claimers()) == []
    await database.run(lambda work: work.jobs.release("me"))
    assert await database.run(claim) == []


async def test_a_claim_is_renewed_and_lost_to_another(database: Database) -> None:
    await database.run(lambda work: work.jobs.add("check", "doc"))
    (job,) = await database.run(claim)

    def later(work: Work, seconds: float) -> list[Job]:
        clock(work, seconds)
        return list(work.jobs.claim(NOW, by="another"))

    def renew(work: Work) -> None:
        clock(work, LEASE - 1)
        work.jobs.renew([job.id], "me")

    await database.run(renew)
    assert await database.run(lambda work: later(work, 2 * LEASE - 5)) == []
    assert await database.run(lambda work: work.jobs.holds(job, "me"))
    (again,) = await database.run(lambda work: later(work, 2 * LEASE))
    assert not await database.run(lambda work: work.jobs.holds(job, "me"))
    assert await database.run(lambda work: work.jobs.holds(again, "another"))
    await database.run(lambda work: work.jobs.renew([job.id], "me"))
    assert not await database.run(lambda work: work.jobs.holds(job, "me"))


async def test_one_kind_may_be_claimed_alone_or_left_to_others(database: Database) -> None:
    def fill(work: Work) -> None:
        for kind in ("check", "held"):
            work.jobs.add(kind, "one")

    await database.run(fill)
    assert [job.kind for job in await database.run(lambda work: work.jobs.claim(NOW, but=("check",)))] == ["held"]
    assert [job.kind for job in await database.run(lambda work: work.jobs.claim(NOW, only=("check",)))] == ["check"]


async def test_a_patient_job_is_tried_more_often_and_leased_for_longer(database: Database) -> None:
    await database.run(lambda work: work.jobs.add("fetch", "file"))
    for attempt in range(1, 6):

        def take(work: Work, attempt: int = attempt) -> Job:
            clock(work, attempt * 1_000)
            (job,) = work.jobs.claim(NOW, lease=300)
            return job

        job = await database.run(take)
        assert await database.run(lambda work, n=attempt: claim(work, n * 1_000 + 290)) == []  # type: ignore[misc]
        await database.run(lambda work, one=job: work.jobs.failed(one, 0, tries=5))  # type: ignore[misc]
    assert await database.run(statuses) == [("fetch:file", "aside", 5)]


async def test_a_job_that_is_planned_already_keeps_its_moment(database: Database) -> None:
    def plan(work: Work) -> list[str]:
        work.jobs.add_new("digest", "here", due_at=NOW + HOUR)
        work.jobs.add_new("digest", "here", due_at=NOW - HOUR)
        work.jobs.add_new("digest", "there", due_at=NOW)
        return [job.subject for job in work.jobs.claim(NOW)]

    assert await database.run(plan) == ["there"]
