"""The whole program, and citizens who speak the web page's protocol: cookies, posts, and the list of messages."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiohttp import CookieJar
from aiohttp.test_utils import BaseTestServer, TestClient, TestServer

from bot.live import Reader
from conversations.messages import (
    Button,
    Event,
    File,
    FileSent,
    Message,
    Pressed,
    Shown,
    Started,
    TextSent,
    Unsupported,
)
from handlers.web import web_app
from tests.bot.whole import EVENT_TAKES, Actor, Whole, running

_OURS: Final = {"X-Motcua": "1"}
_COOKIE: Final = "motcua"


@dataclass(slots=True)
class OnWeb(Actor):
    """A citizen with a browser; what its page is given is what counts."""

    client: TestClient[Any, Any] = field(kw_only=True)
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def keep(self, data: bytes, media_type: str, name: str) -> File:
        """Nothing is kept beforehand: it goes up when it is sent."""
        ref = f"local-{len(self._bytes)}"
        self._bytes[ref] = data
        return File(ref, media_type, len(data), name)

    async def send(self, event: Event) -> list[Shown]:
        self.whole.world.clock += EVENT_TAKES
        await self._act(event, f"event{next(self._numbers)}")
        await self.whole.app.idle()
        return await self.news()

    async def _act(self, event: Event, event_id: str) -> None:
        match event:
            case TextSent(words, reply_to):
                await self._post("/api/send", json={"id": event_id, "text": words, "reply_to": reply_to})
            case Pressed(value, message):
                await self._post("/api/send", json={"id": event_id, "press": value, "message": message})
            case Started(payload):
                await self._post("/api/hello", json={"id": event_id, "payload": payload})
            case FileSent(file, "", album, reply_to):
                query = {"id": event_id, "name": file.name, "album": album, "reply_to": reply_to}
                await self._post("/api/upload", self._bytes[file.ref], file.media_type, params=query)
            case Unsupported("empty-file"):
                await self._post("/api/upload", b"", "application/pdf", params={"id": event_id, "name": "rong.pdf"})
            case _:
                raise AssertionError(f"no page can do {event}")

    async def _post(self, path: str, data: bytes | None = None, kind: str = "", **more: Any) -> None:
        headers = {**_OURS, **({"Content-Type": kind} if kind else {})}
        response = await self.client.post(path, data=data, headers=headers, **more)
        assert response.status == 200, (path, response.status, await response.text())

    async def news(self) -> list[Shown]:
        response = await self.client.get("/api/messages", params={"after": str(self.seen)})
        assert response.status == 200
        new = [_shown(one) for one in await response.json()]
        for shown in new:
            self.seen = max(self.seen, shown.revision)
            self.shown.pop(shown.id, None)
            self.shown[shown.id] = shown
        return new


def _shown(one: dict[str, Any]) -> Shown:
    files = tuple(File(f["url"], f["type"], f["size"], f["name"]) for f in one["files"])
    buttons = tuple(Button(b["label"], b["value"]) for b in one["buttons"])
    message = Message(one["text"], buttons, files, one["speaker"], one["reply_to"], one["card"])
    return Shown(one["id"], one["revision"], one["own"], message, datetime.fromisoformat(one["at"]), one["private"])


class Town:
    """The browsers, which keep their cookies when the program is started again."""

    def __init__(self) -> None:
        self.cookies: dict[str, tuple[Reader, str]] = {}


class WholeOnWeb(Whole):
    """Citizens who open the page; officers have theirs."""

    town: Town
    server: BaseTestServer
    stack: AsyncExitStack

    async def citizen(self, name: str = "ban") -> Actor:
        if name not in self.town.cookies:
            reader, cookie = await self.app.live.open(None)  # without the page's own greeting: the story begins itself
            self.town.cookies[name] = reader, cookie
        reader, cookie = self.town.cookies[name]
        jar = CookieJar(unsafe=True)
        client: TestClient[Any, Any] = TestClient(self.server, cookie_jar=jar, cookies={_COOKIE: cookie})
        await self.stack.enter_async_context(client)
        return OnWeb(self, reader, client=client)


@asynccontextmanager
async def running_on_web(town: Town, url: str, folder: Path, *, undo: float, at: datetime) -> AsyncIterator[WholeOnWeb]:
    async with running(url, folder, undo=undo, at=at) as plain, AsyncExitStack() as stack:
        whole = WholeOnWeb(plain.app, plain.world)
        whole.town, whole.stack = town, stack
        whole.server = TestServer(web_app(plain.app.live))
        await whole.server.start_server()
        stack.push_async_callback(whole.server.close)
        yield whole
