"""The outbox keeps order per chat and lane, and never sends twice what may go once only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select

from storage import outbox_statements as statements
from storage import tables as t
from storage.outbox import ANSWER, ASKED_TO_WAIT, BULK, LEASE, NOTICE, Row
from storage.prepared import Prepared
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


async def test_an_answer_is_born_claimed_unless_an_earlier_one_waits(
    database: Database, chat: str, other: str, changes: list[frozenset[str]]
) -> None:
    def take(work: Work, where: str, *words: str) -> list[Row | None]:
        return [work.outbox.take(where, "zalo", "0912", says(word), "me", subject="call:x") for word in words]

    changes.clear()
    first, second = await database.run(lambda work: take(work, chat, "một", "hai"))  # one turn, in its order
    assert first == Row(1, chat, "zalo", "0912", says("một"), 1, repeatable=True, lane=ANSWER, subject="call:x")
    assert second is not None
    assert changes in ([], [frozenset()])  # nobody has to look for them
    assert await database.run(claim) == []
    assert await database.run(lambda work: take(work, chat, "ba")) == [None]
    await put(database, other, "chờ")
    assert await database.run(lambda work: take(work, other, "sau")) == [None]

    await database.run(lambda work: work.outbox.sent_all([(1, "z-1"), (second.id, "z-2")]))
    assert (await database.run(rows))[:2] == [("sent", 1, "z-1", None, False), ("sent", 1, "z-2", None, False)]
    assert await database.run(lambda work: work.outbox.subject_at(chat, "z-2")) == "call:x"


async def test_every_message_of_an_album_is_about_the_same(database: Database, chat: str, other: str) -> None:
    await database.run(lambda work: work.outbox.add(chat, "zalo", says("ba ảnh"), subject="dossier:x"))
    (row,) = await database.run(claim)
    await database.run(lambda work: work.outbox.sent(row.id, "z-1"))
    await database.run(lambda work: work.outbox.sent_also(row.id, ("z-2", "z-3")))
    numbers = ("z-1", "z-2", "z-3", "z-4")
    found = await database.run(lambda work: [work.outbox.subject_at(chat, number) for number in numbers])
    assert found == ["dossier:x"] * 3 + [""]
    assert await database.run(lambda work: work.outbox.subject_at(other, "z-2")) == ""
    assert await database.run(claim) == []
    await database.run(lambda work: work.outbox.forget_ids(chat))
    assert await database.run(lambda work: work.outbox.subject_at(chat, "z-3")) == ""


async def test_what_is_given_back_was_not_tried(database: Database, chat: str, other: str) -> None:
    await put(database, chat, "a")
    await put(database, other, "b")
    one, two = await database.run(claim)
    await database.run(lambda work: work.outbox.give_back([one.id, two.id], "another"))
    assert await database.run(claim) == []
    await database.run(lambda work: work.outbox.give_back([one.id, two.id], "me"))
    assert [row.attempts for row in await database.run(claim)] == [1, 1]


async def test_a_lease_that_is_renewed_is_not_released(database: Database, chat: str) -> None:
    await put(database, chat, "a")
    (row,) = await database.run(claim)

    def later(work: Work, seconds: float) -> None:
        clock(work, seconds)
        work.outbox.release()

    def renew(work: Work) -> None:
        clock(work, LEASE - 5)
        work.outbox.renew([row.id], "me")

    await database.run(renew)
    await database.run(lambda work: later(work, LEASE + 5))
    assert [status for status, *_ in await database.run(rows)] == ["claimed"]
    await database.run(lambda work: later(work, 2 * LEASE))
    assert [status for status, *_ in await database.run(rows)] == ["waiting"]


async def test_a_chat_told_to_wait_waits_with_every_lane(database: Database, chat: str, other: str) -> None:
    for lane in (ANSWER, NOTICE, BULK):
        await put(database, chat, f"lane {lane}", lane=lane)
    await put(database, other, "other")
    await database.run(lambda work: work.outbox.hold(chat, 30))
    assert texts(await database.run(claim)) == ["other"]
    ripe = await database.run(lambda work: work.outbox.ripe_in(ZALO))
    assert ripe is not None
    assert 25 < ripe <= 30
    assert await database.run(lambda work: work.outbox.ripe_in(("sms",))) is None
    await database.run(lambda work: work.outbox.hurry(ZALO))  # that is for those whom nobody answered
    assert await database.run(claim) == []
    assert texts(await database.run(lambda work: claim(work, 31))) == ["lane 0", "lane 1", "lane 2"]


async def test_what_nobody_answered_is_hurried_when_somebody_does(database: Database, chat: str, other: str) -> None:
    await put(database, chat, "a")
    await put(database, other, "b")
    one, two = await database.run(claim)
    await database.run(lambda work: work.outbox.later(one.id, 900, "ConnectionError"))
    await database.run(lambda work: work.outbox.later(two.id, 900, ASKED_TO_WAIT))
    await database.run(lambda work: work.outbox.hurry(ZALO))
    assert texts(await database.run(claim)) == ["a"]


async def test_a_lost_chat_loses_all_that_waits_and_the_office_is_told_once(database: Database, chat: str) -> None:
    def notices(work: Work) -> None:
        for subject in ("dossier:1", "dossier:2", "dossier:1"):
            work.outbox.add(chat, "zalo", says("tin"), lane=NOTICE, subject=subject)
        work.outbox.add(chat, "zalo", says("trả lời"), subject="dossier:3")

    await database.run(notices)
    waiting = await database.run(lambda work: list(work.outbox.notices_waiting(chat)))
    assert waiting == ["dossier:1", "dossier:2", "dossier:1"]
    assert not await database.run(lambda work: work.outbox.missed(chat, "dossier:1", 0))
    await database.run(lambda work: work.outbox.failed_all(chat, "blocked"))
    assert {status for status, *_ in await database.run(rows)} == {"failed"}
    assert await database.run(lambda work: work.outbox.missed(chat, "dossier:1", 0))
    assert not await database.run(lambda work: work.outbox.missed(chat, "dossier:3", 0))  # no notice
    assert not await database.run(lambda work: work.outbox.missed(chat, "dossier:1", work.machine_now() + 1))


async def test_what_others_had_claimed_is_inherited(database: Database, chat: str, other: str) -> None:
    def fill(work: Work) -> None:
        work.outbox.add(chat, "zalo", says("a"))
        work.outbox.add(other, "zalo", says("một lần"), repeatable=False)
        work.outbox.add(chat, "sms", says("kênh khác"), lane=NOTICE)
        work.outbox.claim(("zalo", "sms"), "dead")
        work.outbox.add(chat, "zalo", says("của tôi"), lane=BULK)
        work.outbox.claim(ZALO, "me")

    await database.run(fill)
    await database.run(lambda work: work.outbox.inherit(ZALO, "me"))
    assert [status for status, *_ in await database.run(rows)] == ["waiting", "unknown", "claimed", "claimed"]


async def test_the_next_of_a_lane_comes_with_those_that_fit(database: Database, chat: str) -> None:
    await put(database, chat, "a", "b", "c", lane=NOTICE)

    def fits(before: Sequence[Row], row: Row) -> bool:
        return len(before) < 2

    claimed = await database.run(lambda work: list(work.outbox.claim_next(chat, NOTICE, "me", fits)))
    assert texts(claimed) == ["a", "b"]
    assert await database.run(lambda work: list(work.outbox.claim_next(chat, NOTICE, "me"))) == []  # not ours yet
    assert await database.run(lambda work: work.outbox.waits(chat, NOTICE))
    await database.run(lambda work: work.outbox.sent_all([(row.id, "") for row in claimed]))
    assert texts(await database.run(lambda work: list(work.outbox.claim_next(chat, NOTICE, "me")))) == ["c"]
    assert not await database.run(lambda work: work.outbox.waits(chat, NOTICE))


async def test_the_last_calls_are_known_after_a_restart(database: Database, chat: str, other: str) -> None:
    await put(database, chat, "a")
    await put(database, other, "b")
    one, _ = await database.run(claim)
    await database.run(lambda work: work.outbox.sent(one.id, "z"))
    now = await database.run(lambda work: work.machine_now())
    found = await database.run(lambda work: work.outbox.ended_since(ZALO, now - 10))
    assert {where for where, _ in found} == {chat, other}  # the other may have gone out too
    assert all(now - 10 < at <= now + 1 for _, at in found)
    assert await database.run(lambda work: work.outbox.ended_since(ZALO, now + 10)) == []


async def test_looking_for_work_reads_only_what_waits(database: Database) -> None:
    """Without its indexes each look would go through all that was ever sent."""

    def plan(work: Work, statement: Prepared) -> str:
        if work.connection.dialect.name != "sqlite":
            return "SEARCH"
        sql = statement.plan(work.connection).sql
        steps = work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?"))
        return " ".join(str(step[3]) for step in steps if "outbox" in str(step[3]))

    for statement in (statements.FIRSTS, statements.OF_CHAT, statements.WAITING_BEHIND, statements.WAITING_IN_LANE):
        found = await database.run(lambda work, statement=statement: plan(work, statement))  # type: ignore[misc]
        assert "SCAN" not in found
