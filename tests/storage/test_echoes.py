"""What a messenger says back settles calls that nobody answered, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from conversations.messages import Button, Message
from storage import tables as t
from storage.echoes import Echoes, plainly
from storage.unit_of_work import Database
from storage.work import Work

ZALO = "zalo"
_o = t.outbox.c


def opened(work: Work, *messages: Message) -> str:
    """A chat, and calls to it that a process had begun."""
    chat = work.chats.open_citizen(ZALO, "1", datetime(2026, 11, 23, tzinfo=UTC))
    for message in messages:
        work.outbox.add(chat.id, ZALO, message, repeatable=False, subject="dossier:1")
    claimed = {"status": "claimed", "claimed_by": "one", "claimed_until": work.machine_now() + 60, "attempts": 1}
    work.connection.execute(update(t.outbox).values(claimed))
    return chat.id


def rows(work: Work) -> list[tuple[str, str | None]]:
    found = work.connection.execute(select(_o.status, _o.provider_id).order_by(_o.id))
    return [(status, provider) for status, provider in found]


@pytest.mark.parametrize(
    ("said", "settled"),
    [("Chào bác", True), ("Chào  bác\n", True), ("Chào", False), ("Chào bác Hoa", False), ("", False)],
)
async def test_it_is_told_by_its_words(database: Database, said: str, settled: bool) -> None:  # noqa: FBT001
    def play(work: Work) -> None:
        chat = opened(work, Message("Chào bác"))
        assert Echoes(work).settle(chat, "m1", said, work.machine_now()) is settled
        assert rows(work) == [("sent", "m1") if settled else ("claimed", None)]

    await database.run(play)


async def test_choices_beneath_it_are_no_other_words(database: Database) -> None:
    def play(work: Work) -> None:
        chat = opened(work, Message("Chọn?", (Button("Có", "y"),)))
        assert Echoes(work).settle(chat, "m1", "Chọn?\n\nHoặc nhắn: «Có».", work.machine_now())

    await database.run(play)


async def test_the_same_words_twice_are_settled_in_order_and_once(database: Database) -> None:
    def play(work: Work) -> None:
        chat = opened(work, Message("Chào"), Message("Chào"))
        echoes = Echoes(work)
        assert echoes.settle(chat, "m1", "Chào", work.machine_now())
        assert echoes.settle(chat, "m1", "Chào", work.machine_now())
        assert rows(work) == [("sent", "m1"), ("claimed", None)]
        assert not echoes.settle(chat, "m2", "Chào", work.machine_now() - 1_000)  # older than the row
        assert echoes.settle(chat, "m2", "Chào", work.machine_now())
        assert rows(work) == [("sent", "m1"), ("sent", "m2")]
        assert not echoes.settle(chat, "m3", "Chào", work.machine_now())

    await database.run(play)


async def test_whether_echoes_come(database: Database) -> None:
    def play(work: Work) -> None:
        echoes = Echoes(work)
        assert not echoes.come(ZALO)
        echoes.heard(ZALO)
        echoes.heard(ZALO)
        assert echoes.come(ZALO)
        work.installation.put("echo zalo", f"{work.machine_now() - 90_000:.0f}")
        assert not echoes.come(ZALO)

    await database.run(play)


async def test_what_the_dead_had_begun_waits_for_its_echo(database: Database) -> None:
    def play(work: Work) -> None:
        opened(work, Message("Một"), Message("Hai"), Message("Ba"))
        first, second, _ = work.connection.scalars(select(_o.id).order_by(_o.id))
        work.connection.execute(update(t.outbox).where(_o.id == first).values(claimed_by="me"))
        work.connection.execute(update(t.outbox).where(_o.id == second).values(claimed_until=0.0))
        work.outbox.release()
        assert [status for status, _ in rows(work)] == ["claimed", "unknown", "claimed"]
        Echoes(work).doubt(ZALO, ("me",), 20.0)
        assert [status for status, _ in rows(work)] == ["claimed", "waiting", "waiting"]
        assert not work.outbox.claim([ZALO], "me")
        work.connection.execute(update(t.outbox).values(not_before=0.0))
        assert not work.outbox.claim([ZALO], "me")  # what is in our own hands comes first

    await database.run(play)


async def test_what_was_given_up_stays_so(database: Database) -> None:
    def play(work: Work) -> None:
        opened(work, Message("Một"))
        work.outbox.unknown(int(work.connection.scalar(select(_o.id)) or 0))
        Echoes(work).doubt(ZALO, (), 20.0)
        assert [status for status, _ in rows(work)] == ["unknown"]

    await database.run(play)


def test_plainly() -> None:
    assert plainly(" a\u200b  b\nc ") == "a b c"
