"""The outbox over a messenger that misbehaves: order, what each outcome leads to, and nothing twice."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.deliver import Deliverer, Limits
from conversations.messages import (
    AddressChanged,
    Inbound,
    Message,
    Refused,
    Returned,
    Started,
    TryLater,
    Uncertain,
    Undeliverable,
)
from handlers.telegram_door import CITIZENS
from storage.outbox import ANSWER, BULK, NOTICE
from storage.sealed import Keys
from storage.work import Work
from tests.bot.senders import (
    Messenger,
    all_of,
    chat,
    delivering,
    put,
    rows,
    statuses,
    until,
    until_all,
)
from tests.bot.whole import START, Whole, running


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


async def test_each_lane_goes_in_order_and_one_at_a_time(whole_on_both: Whole, messenger: Messenger) -> None:
    messenger.slow = 0.01
    chats = [await chat(whole_on_both, str(number)) for number in range(5)]
    async with delivering(whole_on_both, all_of(messenger)):
        for number in range(6):
            for each in chats:
                for lane in (BULK, ANSWER, NOTICE):
                    await put(whole_on_both, each, f"{lane} {number}", lane=lane)
        await until_all(whole_on_both, ["sent"] * 90, 15)
    assert messenger.most > 1
    for each in chats:
        for lane in (ANSWER, NOTICE, BULK):
            calls = [c for c in messenger.calls if c.address == each.address and c.text[0] == str(lane)]
            assert [c.text for c in calls] == [f"{lane} {number}" for number in range(6)]
            assert all(later.began >= earlier.ended for earlier, later in itertools.pairwise(calls))


async def test_a_turns_answer_goes_out_at_once_without_a_look(whole: Whole, messenger: Messenger) -> None:
    async with delivering(whole, all_of(messenger)) as deliverer:
        await until(lambda: CITIZENS in deliverer.channels)
        waits = []
        for number in range(20):
            inbound = Inbound(CITIZENS, str(number), f"u{number}", Started(), START)
            before = len(messenger.calls)
            await whole.app.receiver.receive(inbound)
            committed = time.monotonic()
            await until(lambda before=before: len(messenger.calls) > before)  # type: ignore[misc]
            waits.append(messenger.calls[before].began - committed)
        await until(lambda: not deliverer._ways[0].rows)  # noqa: SLF001
    assert set(await statuses(whole)) == {"sent"}
    assert sorted(waits)[10] < 0.005


async def test_rows_of_one_turn_keep_their_order(whole: Whole, messenger: Messenger) -> None:
    messenger.slow = 0.02
    citizen = await chat(whole, "1")

    def say(work: Work, deliverer: Deliverer, first: int) -> None:
        for number in range(first, first + 3):
            row = work.outbox.take(citizen.id, CITIZENS, "1", Message(str(number)), deliverer.name)
            if row is None:
                work.outbox.add(citizen.id, CITIZENS, Message(str(number)))
            else:
                work.afterwards.append(lambda row=row: deliverer.take(row))  # type: ignore[misc]

    async with delivering(whole, all_of(messenger)) as deliverer:
        await until(lambda: CITIZENS in deliverer.channels)
        await asyncio.gather(*(whole.run(lambda work, n=n: say(work, deliverer, n)) for n in (0, 3, 6)))  # type: ignore[misc]
        await until_all(whole, ["sent"] * 9)
    assert messenger.texts() == [str(number) for number in range(9)]


async def test_retry_after_stops_that_chat_alone(whole_on_both: Whole, messenger: Messenger) -> None:
    one, other = await chat(whole_on_both, "1"), await chat(whole_on_both, "2")
    messenger.faults["1"] += [TryLater(0.5)]
    async with delivering(whole_on_both, all_of(messenger)):
        await put(whole_on_both, one, "a", "b")
        await put(whole_on_both, one, "tin", lane=NOTICE)
        await until(lambda: bool(messenger.refused))
        asked = time.monotonic()
        await put(whole_on_both, one, "thư", lane=BULK)
        await put(whole_on_both, other, "x", "y")
        await until(lambda: messenger.texts("2") == ["x", "y"])
        assert time.monotonic() - asked < 0.4
        await until_all(whole_on_both, ["sent"] * 6)
    assert [text for text in messenger.texts("1") if text in "ab"] == ["a", "b"]
    assert all(call.began - asked >= 0.45 for call in messenger.calls if call.address == "1" and call.text != "tin")


async def test_a_lost_chat_takes_no_call_any_more(whole_on_both: Whole, messenger: Messenger) -> None:
    citizen = await chat(whole_on_both, "1")
    messenger.faults["1"] += [Undeliverable("blocked")]
    async with delivering(whole_on_both, all_of(messenger)):
        await put(whole_on_both, citizen, "a", "b", lane=NOTICE)
        await until_all(whole_on_both, ["failed"] * 2)
        await put(whole_on_both, citizen, "c", lane=NOTICE)
        await until_all(whole_on_both, ["failed"] * 3)
        assert (len(messenger.refused), messenger.calls) == (1, [])
        assert await rows(whole_on_both) == [("failed", "blocked")] * 3

        await whole_on_both.app.receiver.receive(Inbound(CITIZENS, "1", "u1", Returned(), START))
        await until_all(whole_on_both, ["sent"] * 3)
    assert messenger.texts() == ["a", "b", "c"]


async def test_a_chat_that_moved_is_followed(whole_on_both: Whole, messenger: Messenger) -> None:
    citizen = await chat(whole_on_both, "1")
    messenger.faults["1"] += [AddressChanged("-100")]
    async with delivering(whole_on_both, all_of(messenger)):
        await put(whole_on_both, citizen, "a", "b")
        await until_all(whole_on_both, ["sent", "sent"])
    assert [(call.address, call.text) for call in messenger.calls] == [("-100", "a"), ("-100", "b")]


async def test_what_will_never_be_taken_is_given_up(
    whole: Whole, messenger: Messenger, caplog: pytest.LogCaptureFixture
) -> None:
    citizen = await chat(whole, "1")
    messenger.faults["1"] += [Refused("Bad Request: chữ của dân")]
    async with delivering(whole, all_of(messenger)):
        await put(whole, citizen, "a", "b")
        await until_all(whole, ["failed", "sent"])
    assert await rows(whole) == [("failed", "Refused"), ("sent", "")]
    assert "chữ của dân" not in caplog.text


async def test_who_was_perhaps_told_is_told_again_but_not_for_ever(whole: Whole, messenger: Messenger) -> None:
    citizen, other = await chat(whole, "1"), await chat(whole, "2")
    messenger.faults["1"] += [Uncertain() for _ in range(7)]
    messenger.faults["2"] += [Uncertain()]

    def once(work: Work) -> None:
        work.outbox.add(other.id, CITIZENS, Message("một lần"), repeatable=False)

    async with delivering(whole, all_of(messenger)) as deliverer:
        await whole.run(once)
        await put(whole, citizen, "a", "b")
        await until_all(whole, ["unknown", "waiting", "waiting"])
        for _ in range(6):
            await whole.run(lambda work: work.outbox.hurry((CITIZENS,)))
            await deliverer.look()
            await asyncio.sleep(0.1)
        await until_all(whole, ["unknown", "unknown", "sent"])
    assert messenger.texts() == ["b"]
    assert len(messenger.refused) == 8


async def test_an_outage_of_minutes_loses_nothing(whole: Whole, messenger: Messenger) -> None:
    """A gateway's pages, or lines that are cut, tell as little as a call that was taken and not answered."""
    citizen = await chat(whole, "1")
    messenger.faults["1"] += [Uncertain() for _ in range(6)]
    async with delivering(whole, all_of(messenger)) as deliverer:
        await put(whole, citizen, "a")
        waits = []
        for tries in range(1, 7):
            await until(lambda: len(messenger.refused) == tries)  # noqa: B023 - asked now
            await until_all(whole, ["waiting"])
            waits.append(await whole.run(lambda work: work.outbox.ripe_in((CITIZENS,)) or 0.0))
            await whole.run(lambda work: work.outbox.hurry((CITIZENS,)))
            await deliverer.look()
        await until_all(whole, ["sent"])
    assert sum(waits) > 600


async def test_when_the_messenger_is_back_nobody_waits_for_the_pause(whole: Whole, messenger: Messenger) -> None:
    chats = [await chat(whole, str(number)) for number in range(4)]
    for each in chats:
        messenger.faults[each.address] += [ConnectionError(), ConnectionError(), ConnectionError()]
    async with delivering(whole, all_of(messenger)) as deliverer:
        for each in chats:
            await put(whole, each, "a")
        for _ in range(3):
            await until(lambda: sum(map(len, messenger.faults.values())) % 4 == 0)
            await asyncio.sleep(0.05)
            await whole.run(lambda work: work.outbox.hurry((CITIZENS,)))
            await deliverer.look()
        late = await chat(whole, "later")
        await put(whole, late, "b")
        await until_all(whole, ["sent"] * 5)  # though their pauses are of 15 seconds by now
    assert len(messenger.refused) == 12


async def test_rows_of_a_channel_without_a_sender_wait(whole: Whole, messenger: Messenger) -> None:
    citizen = await chat(whole, "1")
    senders = all_of(messenger)
    messenger.slow = 0.05
    async with delivering(whole, senders, Limits(overall=0, private=1)) as deliverer:
        await put(whole, citizen, "a", "b")
        await until(lambda: messenger.flying == 1)
        senders.clear()
        await until_all(whole, ["sent", "waiting"])
        again = Messenger()
        senders.update(all_of(again))
        await deliverer.look()
        await until_all(whole, ["sent", "sent"])
    assert (messenger.texts(), again.texts()) == (["a"], ["b"])
    assert again.calls[0].began - messenger.calls[0].began > 0.95  # another process's calls count


async def test_the_end_waits_for_calls_under_way(whole: Whole, messenger: Messenger) -> None:
    citizen, other = await chat(whole, "1"), await chat(whole, "2")
    messenger.slow = 0.2
    async with delivering(whole, all_of(messenger), Limits(overall=1, private=1)):
        await put(whole, citizen, "a", "b")
        await put(whole, other, "c")
        await until(lambda: messenger.flying == 1)
    assert messenger.texts() == ["a"]
    assert await statuses(whole) == ["sent", "waiting", "waiting"]
    assert await whole.run(lambda work: [r.attempts for r in work.outbox.claim((CITIZENS,), "next")]) == [1, 1]


async def test_what_a_dead_process_had_claimed_goes_out_at_once(whole_on_both: Whole, messenger: Messenger) -> None:
    citizen = await chat(whole_on_both, "1")
    await put(whole_on_both, citizen, "a", "b")

    def die(work: Work) -> None:
        work.outbox.add(citizen.id, CITIZENS, Message("một lần"), repeatable=False, lane=NOTICE)
        assert len(work.outbox.claim((CITIZENS,), "dead")) == 2

    await whole_on_both.run(die)
    async with delivering(whole_on_both, all_of(messenger)):
        await until_all(whole_on_both, ["sent", "sent", "unknown"])
    assert messenger.texts() == ["a", "b"]


async def test_nothing_goes_twice_while_the_database_is_away(
    whole: Whole, messenger: Messenger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    citizen = await chat(whole, "1")
    database = whole.app.database
    run = database.run
    away = False

    async def sometimes(function: object) -> object:
        if away:
            raise OSError
        return await run(function)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "run", sometimes)
    messenger.slow = 0.05
    async with delivering(whole, all_of(messenger)) as deliverer:
        await put(whole, citizen, "a", "b")
        await until(lambda: messenger.flying == 1)
        away = True
        await asyncio.sleep(0.3)
        await deliverer.look()
        assert messenger.texts() == ["a"]
        away = False
        await until_all(whole, ["sent", "sent"])
    assert messenger.texts() == ["a", "b"]
    caplog.clear()


async def test_people_are_answered_while_thousands_are_told(whole: Whole, messenger: Messenger) -> None:
    messenger.slow = 0.02

    def fill(work: Work) -> None:
        for number in range(300):
            made = work.chats.open_citizen(CITIZENS, f"thư {number}", START)
            work.outbox.add(made.id, CITIZENS, Message("thư"), lane=BULK)

    await whole.run(fill)
    async with delivering(whole, all_of(messenger)) as deliverer:
        await until(lambda: CITIZENS in deliverer.channels)
        waits = []
        for number in range(10):
            asked = time.monotonic()
            await whole.app.receiver.receive(Inbound(CITIZENS, str(number), f"u{number}", Started(), START))
            await until(lambda number=number: bool(messenger.texts(str(number))))  # type: ignore[misc]
            waits.append(time.monotonic() - asked)
        assert len(messenger.texts()) < 300
        await until(lambda: len(messenger.texts()) >= 310, 10)
    assert messenger.most <= 15 + 3
    assert max(waits) < 0.5


async def test_the_app_delivers_when_it_is_idle(whole: Whole, messenger: Messenger) -> None:
    """As tests of the whole program do it: no loop runs, `idle` sends what waits."""
    whole.app.senders.update(all_of(messenger))
    citizen = await chat(whole, "1")
    await put(whole, citizen, "a", "b", "c")
    await whole.app.idle()
    assert messenger.texts() == ["a"]  # one a second
    whole.app.senders.clear()


@pytest.fixture
async def paced(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(sqlite_url, tmp_path) as made:
        yield made


async def test_a_pause_longer_than_a_lease_keeps_the_row(paced: Whole, messenger: Messenger) -> None:
    """A chat told to wait for an hour is not asked again, also not by the next process."""
    citizen = await chat(paced, "1")
    messenger.faults["1"] += [TryLater(3600)]
    async with delivering(paced, all_of(messenger)):
        await put(paced, citizen, "a", "b")
        await until(lambda: bool(messenger.refused))
        await until_all(paced, ["waiting", "waiting"])
    async with delivering(paced, all_of(messenger)):
        await asyncio.sleep(0.1)
    assert (len(messenger.refused), messenger.calls) == (1, [])
