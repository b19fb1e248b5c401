"""Room for files on their way in: bounded together, and nobody waits for ever."""

from __future__ import annotations

import asyncio

from handlers.web_room import Room


async def test_whoever_finds_it_full_waits_until_another_is_kept() -> None:
    room, order = Room(10), list[str]()
    first_has_enough = asyncio.Event()

    async def first() -> None:
        async with room.share() as share:
            await share.take(8)
            await first_has_enough.wait()
            order.append("first")

    async def second() -> None:
        async with room.share() as share:
            await share.take(2)
            order.append("second fits")
            await share.take(2)
            order.append("second goes on")

    both = asyncio.gather(first(), second())
    await asyncio.sleep(0.01)
    assert order == ["second fits"]
    first_has_enough.set()
    await both
    assert order == ["second fits", "first", "second goes on"]


async def test_whoever_came_first_always_goes_on() -> None:
    """Two halves that fill it would wait for each other."""
    room, order = Room(10), list[str]()

    async def send(name: str) -> None:
        async with room.share() as share:
            for _ in range(4):
                await share.take(5)
                await asyncio.sleep(0)
            order.append(name)

    await asyncio.wait_for(asyncio.gather(send("first"), send("second"), send("third")), 5)
    assert order == ["first", "second", "third"]


async def test_a_line_that_breaks_off_gives_its_room_back() -> None:
    room = Room(10)

    async def hangs() -> None:
        async with room.share() as share:
            await share.take(10)
            await asyncio.Event().wait()

    task = asyncio.create_task(hangs())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with room.share() as first, room.share() as second:
        await asyncio.wait_for(asyncio.gather(first.take(5), second.take(5)), 5)
