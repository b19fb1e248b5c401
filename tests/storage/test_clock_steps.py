"""A clock that is put forward or back: nobody loses what they hold, and nobody waits for the dead for ever."""

from __future__ import annotations

import pytest

from storage.outbox import LEASE
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import NOW, clock, says

HOUR = 3600.0
LIFE = 30.0


def take(work: Work, holder: str, seconds: float = 0.0) -> str:
    clock(work, seconds)
    return work.leases.take("bot", holder, LIFE)


@pytest.mark.parametrize("step", [-HOUR, -10 * HOUR])
async def test_a_lease_from_before_a_clock_was_put_back_is_followed_at_once(database: Database, step: float) -> None:
    assert await database.run(lambda work: take(work, "dead")) == "dead"
    assert await database.run(lambda work: take(work, "next", step)) == "next"


async def test_a_step_of_seconds_takes_no_lease_away(database: Database) -> None:
    assert await database.run(lambda work: take(work, "me")) == "me"
    assert await database.run(lambda work: take(work, "other", -LIFE / 2)) == "me"
    assert await database.run(lambda work: take(work, "me", -LIFE / 2)) == "me"


async def test_a_clock_that_was_put_forward_ends_no_call(database: Database) -> None:
    """What is in the sweeper's own hands stays there; what is in nobody's is given back."""

    def add(work: Work) -> None:
        for address in ("0912", "0999"):
            chat = work.chats.open_citizen("telegram", address, NOW)
            work.outbox.add(chat.id, "telegram", says(address))

    def sweep(work: Work) -> list[str]:
        clock(work, LEASE + HOUR)
        work.outbox.release(but=[held.id])
        return [row.message.text for row in work.outbox.claim(("telegram",), "another")]

    await database.run(add)
    held, _ = await database.run(lambda work: work.outbox.claim(("telegram",), "me"))
    assert await database.run(sweep) == ["0999"]
