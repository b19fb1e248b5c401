"""Telegram as a load: it calls the webhook as fast as it is answered, and costs little beside what is measured."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from typing import Any, Final

# A form, or JSON: both are right.
_CHAT: Final = re.compile(rb'(?:chat_id=|"chat_id": ?|name="chat_id"\r\n(?:[^\r]+\r\n)*\r\n)(-?\d+)')
_SECRET: Final = re.compile(rb'(?:secret_token=|"secret_token": ?"|name="secret_token"\r\n(?:[^\r]+\r\n)*\r\n)([\w-]+)')
_ME: Final = {"id": 1, "is_bot": True, "first_name": "Một cửa", "username": "motcua_bot"}


class TelegramLoad:
    """The Bot API for one bot, and the people who write to it."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.hooked = asyncio.Event()
        self.latencies: list[float] = []
        self._answered: dict[int, asyncio.Future[None]] = {}
        self._ids = itertools.count(1)
        self._updates = itertools.count(time.time_ns() // 1_000_000)  # never those of an earlier run

    async def open(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
                answer = json.dumps({"ok": True, "result": self._call(method, body)}).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer)
                )
                writer.write(answer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()

    def _call(self, method: str, body: bytes) -> Any:
        if method == "getMe":
            return _ME
        if method == "setWebhook" and b"citizens" in body:
            secret = _SECRET.search(body)
            self.secret = secret[1].decode() if secret else ""
            self.hooked.set()
            return True
        if method != "sendMessage":
            return True
        chat = int(_CHAT.search(body)[1])  # type: ignore[index]
        waiting = self._answered.pop(chat, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        shown = {"id": chat, "type": "private", "first_name": "Lan"}
        return {"message_id": next(self._ids), "date": int(time.time()), "chat": shown, "from": _ME, "text": "…"}

    async def person(self, port: int, chat: int) -> Person:
        """One who writes, with a connection of Telegram's to the webhook."""
        return Person(self, chat, await Hook.open(self, port))

    def wait(self, chat: int) -> asyncio.Future[None]:
        self._answered[chat] = asyncio.get_running_loop().create_future()
        return self._answered[chat]

    def update(self, chat: int, text: str) -> tuple[int, bytes]:
        """Its number, and what Telegram posts."""
        who = {"id": chat, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
        message = {
            "message_id": next(self._ids),
            "from": who,
            "chat": {"id": chat, "first_name": "Lan", "type": "private"},
            "date": int(time.time()),
            "text": text,
        }
        number = next(self._updates)
        return number, json.dumps({"update_id": number, "message": message}).encode()


class Hook:
    """A connection of Telegram's to the webhook."""

    def __init__(self, load: TelegramLoad, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._load = load
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, load: TelegramLoad, port: int) -> Hook:
        return cls(load, *await asyncio.open_connection("127.0.0.1", port))

    async def post(self, body: bytes) -> None:
        """One update; returns when it is acknowledged."""
        secret = f"X-Telegram-Bot-Api-Secret-Token: {self._load.secret}\r\n" if self._load.secret else ""
        head = (
            "POST /telegram/citizens HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"{secret}Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        status = await self._reader.readuntil(b"\r\n\r\n")
        assert status.startswith(b"HTTP/1.1 200"), status
        length = re.search(rb"(?i)content-length: (\d+)", status)
        if length and int(length[1]):
            await self._reader.readexactly(int(length[1]))

    def close(self) -> None:
        self._writer.close()


class Person:
    """Writes, waits for the answer to arrive at the Bot API, and writes again."""

    def __init__(self, load: TelegramLoad, chat: int, hook: Hook) -> None:
        self._load = load
        self._chat = chat
        self._hook = hook

    async def say(self, text: str) -> None:
        _, body = self._load.update(self._chat, text)
        answered = self._load.wait(self._chat)
        began = time.perf_counter()
        await self._hook.post(body)
        await answered
        self._load.latencies.append(time.perf_counter() - began)

    def close(self) -> None:
        self._hook.close()

    async def dialogs(self, steps: tuple[str, ...], times: int) -> None:
        for _ in range(times):
            for text in steps:
                await self.say(text)
