"""People who write: plain sockets, so that the load costs little beside what is measured."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Final

HEAD: Final = "Host: 127.0.0.1\r\nContent-Type: application/json\r\nX-Motcua: 1\r\n"
Turn = Callable[[], Awaitable[None]]


class Http:
    """One connection that is kept open."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cookie: str = "", head: str = ""
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._cookie = (f"Cookie: {cookie}\r\n" if cookie else "") + (f"{head}\r\n" if head else "")

    @classmethod
    async def open(cls, port: int, cookie: str = "", head: str = "") -> Http:
        return cls(*await asyncio.open_connection("127.0.0.1", port), cookie, head)

    async def post(self, path: str, body: object) -> tuple[str, bytes]:
        """Give the answer's head and body."""
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\n{HEAD}{self._cookie}Content-Length: {len(data)}\r\n\r\n"
        self._writer.write(head.encode() + data)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        assert answer.startswith("HTTP/1.1 200"), answer
        length = int(answer.lower().partition("content-length:")[2].split()[0])
        return answer, await self._reader.readexactly(length)

    def stream(self, path: str) -> None:
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self._cookie}\r\n".encode())

    async def event(self) -> dict[str, Any]:
        """The next message of the stream."""
        while True:
            line = await self._reader.readuntil(b"\n")
            if line.startswith(b"data: "):
                return dict(json.loads(line[6:]))

    def close(self) -> None:
        self._writer.close()


async def person(port: int, text: str) -> tuple[Turn, dict[str, Any]]:
    """One citizen with an open page; a turn is over when the answer has arrived over the stream."""
    door = await Http.open(port)
    head, _ = await door.post("/api/hello", {})
    door.close()
    cookie = head.partition("Set-Cookie: ")[2].partition(";")[0]
    door, page = await Http.open(port, cookie), await Http.open(port, cookie)
    page.stream("/api/stream?after=0")
    while not (await page.event())["buttons"]:  # the greeting ends with a menu
        pass

    async def turn() -> dict[str, Any]:
        await door.post("/api/send", {"id": secrets.token_hex(8), "text": text})
        while (shown := await page.event())["own"] or not shown["buttons"]:
            pass
        return shown

    return turn, await turn()  # type: ignore[return-value]


async def caller(port: int, text: str) -> Turn:
    """One client of the bare handler."""
    door = await Http.open(port)

    async def turn() -> None:
        await door.post("/api/send", {"id": secrets.token_hex(8), "text": text})

    await turn()
    return turn


async def together(turns: list[Turn], times: int) -> None:
    """Everybody writes at once, and again as soon as they are answered."""

    async def one(turn: Turn) -> None:
        for _ in range(times):
            await turn()

    await asyncio.gather(*(one(turn) for turn in turns))
