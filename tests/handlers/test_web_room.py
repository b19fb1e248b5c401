"""Room for files on their way in: bounded together, and nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol

from handlers.web_room import Hinders, Room


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


async def test_lines_that_stop_in_the_middle_of_large_files_keep_nobody_out() -> None:
    room = Room(10, window=0.02, much=5)
    ended = list[str]()

    async def stops(name: str) -> None:
        """Brings six, and then nothing more; the line stays open."""
        content = stream(b"123456")
        try:
            async with room.share() as share:
                while chunk := await share.chunk(content, 2):
                    await share.take(len(chunk))
        except Hinders:
            ended.append(name)

    async def comes() -> None:
        content = stream(b"12345678", whole=True)
        async with room.share() as share:
            while chunk := await share.chunk(content, 2):
                await share.take(len(chunk))
        ended.append("whole")

    both = [asyncio.create_task(stops("first")), asyncio.create_task(stops("second"))]
    await asyncio.sleep(0)
    await asyncio.wait_for(comes(), 30)
    assert "whole" in ended
    assert len(ended) > 1
    for task in both:
        task.cancel()
    await asyncio.gather(*both, return_exceptions=True)


async def test_a_slow_line_is_let_go_only_where_it_holds_much_and_others_wait() -> None:
    room = Room(10, window=0.001, much=5)
    async with room.share() as share:
        await share.take(8)
        content = stream(b"")
        waits = asyncio.create_task(share.chunk(content, 1))
        await asyncio.sleep(0.01)
        content.feed_data(b"1")
        assert await waits == b"1"  # nobody else wanted to come in meanwhile
        room.waiting = 1
        with pytest.raises(Hinders):
            await share.chunk(stream(b""), 1)
        assert await share.chunk(stream(b"", whole=True), 1) == b""  # whose file is whole goes on
    async with room.share() as share:
        await share.take(4)
        content = stream(b"")
        waits = asyncio.create_task(share.chunk(content, 1))
        await asyncio.sleep(0.01)
        content.feed_data(b"1")
        assert await waits == b"1"


def stream(data: bytes, *, whole: bool = False) -> StreamReader:
    made = StreamReader(BaseProtocol(asyncio.get_running_loop()), 2**16, loop=asyncio.get_running_loop())
    made._protocol.transport = asyncio.Transport()  # noqa: SLF001 - a line that is there
    if data:
        made.feed_data(data)
    if whole:
        made.feed_eof()
    return made
