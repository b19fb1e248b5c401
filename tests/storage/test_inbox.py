"""Each event is taken once; one that fails is tried three times, then set aside."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from storage import tables as t
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import NOW, clock, inbound


def rows(work: Work) -> list[tuple[str, str, int, bytes | None]]:
    c = t.inbox.c
    found = work.connection.execute(
        select(c.event_id, c.status, c.attempts, c.payload).order_by(c.received, c.event_id)
    )
    return [tuple(row) for row in found]


async def test_a_repeat_is_recognised(database: Database) -> None:
    again = [await database.run(lambda work: work.inbox.arrived(inbound())) for _ in range(2)]
    assert again == [True, False]
    others = [inbound(event_id="2"), inbound(address="0999999999")]
    assert await database.run(lambda work: [work.inbox.arrived(one) for one in others]) == [True, True]
    assert await database.run(lambda work: [row[1:] for row in rows(work)]) == [("done", 0, None)] * 3


async def test_of_many_copies_at_once_one_is_taken(database: Database) -> None:
    taken = await asyncio.gather(*(database.run(lambda work: work.inbox.arrived(inbound())) for _ in range(20)))
    assert sorted(taken) == [False] * 19 + [True]


async def test_three_tries_then_aside(database: Database) -> None:
    event = inbound("ông Đào Văn A")
    attempts, left = [], []
    for _ in range(3):
        attempts.append(await database.run(lambda work: work.inbox.failed(event)))
        left.append(await database.run(lambda work: work.inbox.to_retry()))
    assert attempts == [1, 2, 3]
    assert left == [[event], [event], []]
    assert await database.run(lambda work: [row[:3] for row in rows(work)]) == [("1", "aside", 3)]
    assert await database.run(lambda work: work.inbox.retry(event)) is False
    assert await database.run(lambda work: work.inbox.arrived(event)) is False


async def test_a_retry_that_succeeds_empties_the_payload(database: Database) -> None:
    await database.run(lambda work: work.inbox.failed(inbound()))
    assert await database.run(lambda work: work.inbox.arrived(inbound())) is False  # it waits for its retry
    assert await database.run(lambda work: work.inbox.retry(inbound())) is True
    assert await database.run(rows) == [("1", "done", 1, None)]
    assert await database.run(lambda work: work.inbox.retry(inbound())) is False
    assert await database.run(lambda work: work.inbox.to_retry()) == []


async def test_what_is_done_stays_done(database: Database) -> None:
    await database.run(lambda work: work.inbox.arrived(inbound()))
    await database.run(lambda work: work.inbox.failed(inbound()))
    assert await database.run(rows) == [("1", "done", 0, None)]


async def test_the_oldest_failure_comes_first_and_whole(database: Database) -> None:
    events = [inbound(f"tin {number}", str(number)) for number in range(3)]
    await database.run(lambda work: [work.inbox.failed(event) for event in events])
    assert await database.run(lambda work: work.inbox.to_retry()) == events
    assert events[0].at == NOW


async def test_old_ones_are_forgotten_when_done(database: Database) -> None:
    def fill(work: Work) -> int:
        clock(work, -100)
        work.inbox.arrived(inbound(event_id="old"))
        work.inbox.failed(inbound(event_id="old and failed"))
        clock(work, +100)
        work.inbox.arrived(inbound(event_id="new"))
        return work.inbox.forget(work.machine_now() - 50)

    assert await database.run(fill) == 1
    assert await database.run(lambda work: [row[0] for row in rows(work)]) == ["old and failed", "new"]


async def test_what_was_kept_before_comes_first(database: Database) -> None:
    one, two, three, other = (inbound(event_id=number) for number in "1234")
    elsewhere = inbound(event_id="1", address="0999999999")

    def keep(work: Work) -> None:
        for each in (one, two, elsewhere, three):
            assert work.inbox.keep(each)

    await database.run(keep)
    await database.run(lambda work: work.inbox.keep(other))
    assert await database.run(lambda work: work.inbox.earlier(one)) == []
    assert await database.run(lambda work: work.inbox.earlier(other)) == [one, two, three]
    assert await database.run(lambda work: work.inbox.retry(one))
    assert await database.run(lambda work: work.inbox.failed(two)) == 1  # it is tried again by itself: others go on
    assert await database.run(lambda work: work.inbox.earlier(other)) == [three]
