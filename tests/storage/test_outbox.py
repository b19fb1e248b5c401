"""The outbox keeps order per chat and lane, and never sends twice what may go once only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select

from storage import tables as t
from storage.outbox import ANSWER, BULK, LEASE, NOTICE, Row
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import NOW, clock, says

ZALO = ("zalo",)


def rows(work: Work) -> list[tuple[str, int, str | None, str | None, bool]]:
    c = t.outbox.c
    found = work.connection.execute(select(c.status, c.attempts, c.provider_id, c.error, c.body).order_by(c.id))
    return [(status, attempts, provider, error, body is not None) for status, attempts, provider, error, body in found]


def claim(work: Work, seconds: float = 0.0, by: str = "me") -> list[Row]:
    clock(work, seconds)
    return list(work.outbox.claim(ZALO, by))


def texts(claimed: list[Row]) -> list[str]:
    return [row.message.text for row in claimed]


@pytest.fixture
async def chat(database: Database) -> str:
    return (await database.run(lambda work: work.chats.open_citizen("zalo", "0912", NOW))).id


@pytest.fixture
async def other(database: Database) -> str:
    return (await database.run(lambda work: work.chats.open_citizen("zalo", "0999", NOW))).id


async def put(database: Database, chat: str, *words: str, lane: int = ANSWER) -> None:
    await database.run(lambda work: [work.outbox.add(chat, "zalo", says(word), lane=lane) for word in words])


async def test_a_row_is_claimed_once_sent_and_its_words_forgotten(
    database: Database, chat: str, changes: list[frozenset[str]]
) -> None:
    await put(database, chat, "xin chào")
    assert {"outbox"} in changes
    (row,) = await database.run(claim)
    assert row == Row(row.id, chat, "zalo", "0912", says("xin chào"), 1, repeatable=True, lane=ANSWER, subject="")
    assert await database.run(claim) == []
    await database.run(lambda work: work.outbox.sent(row.id, "z-1"))
    assert await database.run(rows) == [("sent", 1, "z-1", None, False)]


async def test_only_channels_that_are_served_are_claimed(database: Database, chat: str) -> None:
    await put(database, chat, "a")
    assert await database.run(lambda work: list(work.outbox.claim(("sms", "telegram"), "me"))) == []
    assert len(await database.run(lambda work: work.outbox.claim(("sms", "zalo"), "me"))) == 1


async def test_order_holds_per_chat_and_lane(database: Database, chat: str, other: str) -> None:
    await put(database, chat, "bulk 1", lane=BULK)
    await put(database, chat, "notice 1", "notice 2", lane=NOTICE)
    await put(database, chat, "answer 1", "answer 2", "answer 3")
    await put(database, other, "other 1", "other 2")
    first = await database.run(claim)
    assert texts(first) == ["answer 1", "other 1", "notice 1", "bulk 1"]  # answers before notices before bulk
    assert await database.run(claim) == []  # the next ones wait for these
    by_text = {row.message.text: row.id for row in first}
    await database.run(lambda work: work.outbox.sent(by_text["answer 1"], "1"))
    await database.run(lambda work: work.outbox.failed(by_text["notice 1"], "blocked"))
    assert texts(await database.run(claim)) == ["answer 2", "notice 2"]


async def test_a_row_put_off_holds_back_its_own_lane_only(database: Database, chat: str, other: str) -> None:
    await put(database, chat, "answer 1", "answer 2")
    (row,) = await database.run(claim)
    await database.run(lambda work: work.outbox.later(row.id, 30, "slow down"))
    await put(database, chat, "notice", lane=NOTICE)
    await put(database, other, "other")
    assert texts(await database.run(claim)) == ["other", "notice"]
    assert await database.run(claim) == []
    assert texts(await database.run(lambda work: claim(work, 31))) == ["answer 1"]
    assert (await database.run(rows))[0] == ("claimed", 2, None, "slow down", True)


async def test_senders_at_once_share_the_rows_and_keep_the_order(database: Database) -> None:
    def fill(work: Work) -> None:
        for address in range(10):
            chat = work.chats.open_citizen("zalo", str(address), NOW).id
            for number in range(3):
                work.outbox.add(chat, "zalo", says(str(number)))

    await database.run(fill)
    sent: dict[str, list[str]] = {}

    async def send(name: str) -> None:
        for _ in range(60):
            claimed = await database.run(lambda work: claim(work, by=name))
            for row in claimed:
                sent.setdefault(row.address, []).append(row.message.text)
                await database.run(lambda work, one=row: work.outbox.sent(one.id, "x"))  # type: ignore[misc]
            if sum(map(len, sent.values())) == 30:
                return

    await asyncio.gather(*(send(name) for name in ("a", "b", "c")))
    assert sent == {str(address): ["0", "1", "2"] for address in range(10)}


async def test_after_a_crash_answers_go_again_and_once_only_never(database: Database, chat: str, other: str) -> None:
    await put(database, chat, "answer", "next answer")
    await database.run(lambda work: work.outbox.add(other, "zalo", says("paid for"), repeatable=False))
    await database.run(lambda work: work.outbox.add(other, "zalo", says("next"), repeatable=False))
    assert texts(await database.run(claim)) == ["answer", "paid for"]
    await database.run(lambda work: work.outbox.release())  # the leases have not run out
    await database.run(lambda work: work.outbox.release("somebody else"))
    assert await database.run(claim) == []
    await database.run(lambda work: work.outbox.release("me"))
    assert [row[0] for row in await database.run(rows)] == ["waiting", "waiting", "unknown", "waiting"]
    assert texts(await database.run(claim)) == ["answer", "next"]


async def test_a_lease_that_ran_out_is_released(database: Database, chat: str, changes: list[frozenset[str]]) -> None:
    await put(database, chat, "answer")
    await database.run(claim)

    def release(seconds: float) -> Callable[[Work], None]:
        def play(work: Work) -> None:
            clock(work, seconds)
            work.outbox.release()

        return play

    changes.clear()
    await database.run(release(LEASE - 5))
    assert [change for change in changes if change] == []
    await database.run(release(LEASE + 5))
    assert [change for change in changes if change] == [{"outbox"}]
    assert [row.attempts for row in await database.run(claim)] == [2]


async def test_a_key_goes_once(database: Database, chat: str) -> None:
    def add(work: Work) -> bool:
        return work.outbox.add(chat, "zalo", says("sắp đến hạn"), key="due-soon:x:2026-11-27")

    results = await asyncio.gather(*(database.run(add) for _ in range(5)))
    assert sorted(results) == [False, False, False, False, True]
    (row,) = await database.run(claim)
    await database.run(lambda work: work.outbox.sent(row.id, "z"))
    assert await database.run(add) is False


async def test_a_failed_row_keeps_its_words_for_the_officer(database: Database, chat: str) -> None:
    await put(database, chat, "a")
    (row,) = await database.run(claim)
    await database.run(lambda work: work.outbox.failed(row.id, "x" * 500))
    assert await database.run(rows) == [("failed", 1, None, "x" * 200, True)]
