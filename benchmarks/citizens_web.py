"""People with the web page open: citizens, and the officers' page."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any
from urllib.parse import quote

import aiohttp

from benchmarks.citizens import Line


class Page:
    """One open page: what it shows comes over its stream. Each stands behind an address of its own, as a proxy says."""

    channel = "web"

    def __init__(self, http: aiohttp.ClientSession, home: str, number: int, *, staff: bool = False) -> None:
        self.lines: list[Line] = []
        self.shown: dict[str, dict[str, Any]] = {}  # by id, as it is now
        self.news = asyncio.Event()
        self.took: list[float] = []  # seconds until what was sent was acknowledged
        self.twice = 0  # lines that came a second time
        self._http = http
        self._home = home
        self._api = f"{home}/canbo/api/" if staff else f"{home}/api/"
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self._headers = {"X-Motcua": "1", "X-Forwarded-For": self.address}
        self._number = 0
        self._revision = 0
        self._stream: asyncio.Task[None] | None = None

    async def log_in(self, link: str) -> None:
        """By a one-time link of an officer, as it was printed."""
        path = "/canbo/vao/" + link.rpartition("/")[2]
        async with self._http.post(self._home + path, headers=self._headers, allow_redirects=False) as answer:
            assert answer.status == 303, answer.status
            self._keep(answer)

    def secrets(self) -> list[str]:
        """What opens this page."""
        return [self._headers.get("Cookie", "=").partition("=")[2]]

    async def begin(self) -> None:
        async with self._http.post(f"{self._api}hello", data=b"{}", headers=self._headers) as answer:
            assert answer.status == 200, (answer.status, await answer.text())
            self._keep(answer)
        self._stream = asyncio.create_task(self._follow())

    async def say(self, text: str) -> None:
        await self._send({"text": text})

    async def press(self, line: Line, label: str, value: str) -> None:
        del label
        await self._send({"press": value, "message": line.id})

    async def photo(self, data: bytes) -> None:
        await self.file(data, "anh.jpg")

    async def file(self, data: bytes, name: str) -> None:
        self._number += 1
        where = f"{self._api}upload?id=file{self._number}&name={quote(name)}"
        headers = {**self._headers, "Content-Type": "image/jpeg"}
        async with self._http.post(where, data=data, headers=headers) as answer:
            assert answer.status == 200, (answer.status, await answer.text())

    async def end(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
            await asyncio.gather(self._stream, return_exceptions=True)

    async def _send(self, said: dict[str, str]) -> None:
        self._number += 1
        began = time.monotonic()
        body = json.dumps({"id": f"event{self._number}", **said})
        async with self._http.post(f"{self._api}send", data=body, headers=self._headers) as answer:
            assert answer.status == 200, (answer.status, await answer.text())
        self.took.append(time.monotonic() - began)

    def _keep(self, answer: aiohttp.ClientResponse) -> None:
        for cookie in answer.cookies.values():
            self._headers["Cookie"] = f"{cookie.key}={cookie.value}"

    async def _follow(self) -> None:
        """As a browser does: where the stream ends it is opened again."""
        while True:
            try:
                where = f"{self._api}stream?after={self._revision}"
                async with self._http.get(where, headers=self._headers, timeout=aiohttp.ClientTimeout()) as answer:
                    async for line in answer.content:
                        if line.startswith(b"data: "):
                            self._take(json.loads(line[6:]))
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.5)

    def _take(self, shown: dict[str, Any]) -> None:
        self._revision = max(self._revision, int(shown["revision"]))
        before = self.shown.get(shown["id"])
        self.twice += before is not None and before["revision"] == shown["revision"]
        self.shown[shown["id"]] = shown
        if not shown["own"]:
            buttons = tuple((button["label"], button["value"]) for button in shown["buttons"])
            self.lines.append(Line(shown["text"], buttons, time.monotonic(), shown["id"], len(shown["files"])))
        self.news.set()
