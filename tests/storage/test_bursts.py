"""A burst: what still waits of it is taken back by what comes later, with the remarks that are yet to be made."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from conversations.messages import Message
from storage import tables as t
from storage.outbox import Remark
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import citizen, clock

TOO_MANY: Remark = ("too-many", Message("Giấy này tối đa 2 ảnh."))
STRANGE: Remark = ("strange", Message("Loại tệp này tôi không mở được."))


@pytest.fixture
async def chat(database: Database) -> str:
    return await database.run(lambda work: citizen(work).id)


def add(work: Work, chat: str, words: str, *remarks: Remark, burst: str = "files") -> None:
    work.outbox.add(chat, "zalo", Message(words), burst=burst, remarks=remarks, delay=1.2 if burst else 0.0)


def due(work: Work, seconds: float) -> list[str]:
    """What would be sent at this moment, one claim."""
    clock(work, seconds)
    return [row.message.text for row in work.outbox.claim(["zalo"], "me")]


async def test_a_burst_waits_for_silence(database: Database, chat: str) -> None:
    await database.run(lambda work: add(work, chat, "1"))
    assert await database.run(lambda work: due(work, 1.0)) == []
    assert await database.run(lambda work: due(work, 1.5)) == ["1"]


async def test_what_waits_is_taken_back_with_its_remarks_in_order(database: Database, chat: str) -> None:
    def play(work: Work) -> list[Remark]:
        add(work, chat, "first", TOO_MANY)
        add(work, chat, "its second row")
        add(work, chat, "second", STRANGE)
        add(work, chat, "another's", burst="other")
        return work.outbox.supersede(chat, "files")

    assert await database.run(play) == [TOO_MANY, STRANGE]
    assert await database.run(lambda work: work.outbox.supersede(chat, "files")) == []
    assert await database.run(lambda work: due(work, 2)) == ["another's"]


async def test_what_is_being_sent_is_not_taken_back(database: Database, chat: str) -> None:
    await database.run(lambda work: add(work, chat, "first", TOO_MANY))
    assert await database.run(lambda work: due(work, 2)) == ["first"]
    assert await database.run(lambda work: work.outbox.supersede(chat, "files")) == []


async def test_a_later_answer_keeps_its_place_behind_a_burst(database: Database, chat: str) -> None:
    await database.run(lambda work: add(work, chat, "album"))
    await database.run(lambda work: add(work, chat, "later", burst=""))
    assert await database.run(lambda work: due(work, 0)) == []
    assert await database.run(lambda work: due(work, 2)) == ["album"]
    assert await database.run(lambda work: due(work, 2)) == []
    row, _ = await database.run(
        lambda work: list(work.connection.scalars(select(t.outbox.c.id).order_by(t.outbox.c.id)))
    )
    await database.run(lambda work: work.outbox.sent(row, "m1"))
    assert await database.run(lambda work: due(work, 2)) == ["later"]


async def test_remarks_are_sealed_and_gone_once_they_are_made(database: Database, chat: str) -> None:
    def raw(work: Work) -> list[bytes]:
        return [bytes(found) for (found,) in work.connection.exec_driver_sql("SELECT remarks FROM outbox") if found]

    await database.run(lambda work: add(work, chat, "first", TOO_MANY))
    (kept,) = await database.run(raw)
    assert "tối đa".encode() not in kept
    (row,) = await database.run(lambda work: list(work.connection.scalars(select(t.outbox.c.id))))
    await database.run(lambda work: work.outbox.sent(row, "m1"))
    assert await database.run(raw) == []


async def test_whoever_sends_and_whoever_takes_back_never_both_win(database: Database, chat: str) -> None:
    for number in range(20):
        await database.run(lambda work, n=number: add(work, chat, str(n), (str(n), Message(str(n)))))  # type: ignore[misc]
        sent, back = await asyncio.gather(
            database.run(lambda work: due(work, 2)), database.run(lambda work: work.outbox.supersede(chat, "files"))
        )
        assert [*sent, *(mark for mark, _ in back)] == [str(number)]
        await database.run(lambda work: work.connection.execute(t.outbox.delete()))
