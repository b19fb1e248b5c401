"""One chat that floods: others go on at once, what it sent waits or is let go, and nothing that was kept is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import flood
from bot.door import MessengerDoor
from bot.flood import WAITING
from conversations.messages import Inbound, Left, TextSent
from conversations.render import text
from handlers.pace import Buckets, Pace
from handlers.telegram_door import CITIZENS
from handlers.zalo_door import ZALO
from storage.sealed import Keys
from storage.work import Work
from tests.bot.linked import person, read
from tests.bot.whole import Whole, running

BURST = 20
FLOODER, OTHER = "666", "777"


@pytest.fixture
async def town(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path, telegram_token="1:x") as whole:
        whole.world.typed_at_most = 20
        yield whole


class Clock:
    """No time passes but by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def door(town: Whole, clock: Clock) -> AsyncIterator[MessengerDoor]:
    made = MessengerDoor(town.app.database, town.world, town.app.receiver)
    made._flood._buckets = Buckets(Pace(BURST, 100), clock=clock)  # noqa: SLF001
    yield made
    await made.stop()


async def sends(door: MessengerDoor, address: str, number: int, words: str = "chào") -> None:
    await door.receive(CITIZENS, address, f"u{number}", TextSent(words))


async def played(whole: Whole, address: str, count: int) -> int:
    """How many of the first events of an address have taken effect."""

    def look(work: Work) -> int:
        return sum(work.inbox.known(CITIZENS, address, f"u{number}") for number in range(count))

    return await whole.run(look)


async def kept(whole: Whole) -> int:
    return await whole.run(lambda work: len(work.inbox.to_retry()))


async def test_a_thousand_messages_of_one_chat_stop_nobody_else(town: Whole, door: MessengerDoor) -> None:
    flooder = await person(town, FLOODER, CITIZENS)
    for number in range(1_000):
        await sends(door, FLOODER, number)
    before = await kept(town)
    await sends(door, OTHER, 0)  # is played at once: what waits of the other stands behind it
    other = await person(town, OTHER, CITIZENS)
    assert await read(other)
    assert await kept(town) == before == WAITING
    assert await played(town, FLOODER, 1_000) == BURST + WAITING
    assert door._flood.let_go[CITIZENS] == 1_000 - BURST - WAITING  # noqa: SLF001
    told = [message.text for message in await read(flooder)]
    assert told.count(text("common.too-fast")) == 1  # however long it goes on


async def test_what_was_kept_is_played_also_after_a_restart(town: Whole, door: MessengerDoor) -> None:
    for number in range(BURST + 20):
        await sends(door, FLOODER, number)
    await door.stop()
    assert await kept(town) == 20
    await town.app.receiver.retry()
    assert await kept(town) == 0
    assert await played(town, FLOODER, BURST + 20) == BURST + 20


async def test_what_waits_is_played_in_order_and_once(
    town: Whole, door: MessengerDoor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    play = town.app.receiver.play

    async def watched(inbound: Inbound) -> None:
        order.append(inbound.event_id)
        await play(inbound)

    monkeypatch.setattr(town.app.receiver, "play", watched)
    for number in range(BURST):
        await sends(door, FLOODER, number)
    await asyncio.gather(*(sends(door, FLOODER, number) for number in (500, 500, 501, 501)))
    assert order == []
    clock.now = 60.0
    async with asyncio.timeout(60):
        await door._flood.rest()  # noqa: SLF001
    assert order == ["u500", "u501"]
    assert await kept(town) == 0


async def test_what_is_about_the_chat_itself_is_never_held_up(town: Whole, door: MessengerDoor) -> None:
    for number in range(BURST + 5):
        await sends(door, FLOODER, number)
    await door.receive(CITIZENS, FLOODER, "left", Left("blocked"))
    chat = await town.run(lambda work: work.chats.find(CITIZENS, FLOODER))
    assert chat is not None
    assert chat.unreachable == "blocked"


async def test_an_album_and_a_talk_pass(town: Whole) -> None:
    door = MessengerDoor(town.app.database, town.world, town.app.receiver)
    for number in range(120):
        assert door._flood._buckets is not None  # noqa: SLF001
        assert door._flood._buckets.take((CITIZENS, str(number // 120))) == 0  # noqa: SLF001


async def test_where_something_before_us_limits_nothing_is_held(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, pace=0.0) as whole:
        whole.world.typed_at_most = 20
        held = flood.Flood(whole.app.database, whole.world, whole.app.receiver)
        inbound = Inbound(ZALO, "1", "e", TextSent("chào"), whole.world.now())
        assert [await held.held(inbound) for _ in range(500)] == [False] * 500
