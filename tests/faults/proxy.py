"""A TCP proxy on loopback that can be told to hurt what goes through: to a database, a file store, a server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Stream]]

_CHUNK: Final = 64 * 1024
FINE, REFUSES, HANGS, SLOW, ANSWERS, LATE = "fine", "refuses", "hangs", "slow", "answers", "late"


class Proxy:
    """`how` is what happens to every connection from now on: see the constants above.

    HANGS holds every byte back until it is over; SLOW waits `pause` seconds before each packet; ANSWERS says `answer`
    to whatever is asked; LATE carries the question on and then cuts the line instead of bringing the answer.
    """

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self.how = FINE
        self.pause = 0.0
        self.answer = b""
        self.port = 0
        self.connections = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._going = asyncio.Event()
        self._going.set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.heal()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hurt(self, how: str, *, pause: float = 0.0, answer: bytes = b"") -> None:
        self.how, self.pause, self.answer = how, pause, answer
        if how == HANGS:
            self._going.clear()

    def heal(self) -> None:
        self.how = FINE
        self._going.set()

    def cut(self) -> int:
        """Every connection is gone; gives how many."""
        count = len(self._open) // 2
        for writer in list(self._open):
            writer.transport.abort()
        return count

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            if self.how == REFUSES:
                writer.transport.abort()
            elif self.how == ANSWERS:
                await asyncio.wait_for(reader.read(_CHUNK), 5)
                writer.write(self.answer)
                await writer.drain()
                writer.close()
            else:
                await self._carry(reader, writer)
        except (OSError, TimeoutError, asyncio.CancelledError):  # the end of the test cancels: nobody waits for that
            writer.transport.abort()
        finally:
            self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await self._connect()
        both = {writer, their_writer}
        self._open |= both
        try:
            await asyncio.gather(
                self._pump(reader, their_writer, back=False), self._pump(their_reader, writer, back=True)
            )
        finally:
            self._open -= both
            for one in both:
                one.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool) -> None:
        while data := await reader.read(_CHUNK):
            if self.how == SLOW:
                await asyncio.sleep(self.pause)
            await self._going.wait()
            if self.how == LATE and back:
                raise ConnectionResetError
            if self.how == REFUSES:
                raise ConnectionResetError
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            writer.write_eof()


def http(status: int, words: str) -> bytes:
    """An answer of somebody in between."""
    body = f"<html>{status} {words}</html>".encode()
    head = f"HTTP/1.1 {status} {words}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


def to(host: str, port: int) -> Connect:
    """Connects there."""

    async def connect() -> Stream:
        return await asyncio.open_connection(host, port)

    return connect


def to_any(ports: Callable[[], list[int]]) -> Connect:
    """As a balancer does: one after the other, whichever answers."""
    turn = 0

    async def connect() -> Stream:
        nonlocal turn
        turn += 1
        open_ports = ports()
        for number in range(len(open_ports)):
            port = open_ports[(turn + number) % len(open_ports)]
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        raise ConnectionRefusedError

    return connect


def to_socket(path: str) -> Connect:
    """Connects to a socket of this machine."""

    async def connect() -> Stream:
        return await asyncio.open_unix_connection(path)

    return connect
