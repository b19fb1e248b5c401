"""A bot without a library: raw calls to the fake, and a webhook whose answers a test decides."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from tests.telegram.fake import FakeBot, FakeTelegram
from tests.telegram.fake_model import Json

Answering = Callable[[Json], Awaitable[web.Response | None] | web.Response | None]


@dataclass(slots=True)
class Client:
    fake: FakeTelegram
    bot: FakeBot
    http: aiohttp.ClientSession

    async def ask(self, method: str, files: dict[str, bytes] | None = None, **params: Any) -> Json:
        """The body of the answer, with `status`."""
        form = aiohttp.FormData()
        for name, value in params.items():
            form.add_field(name, value if isinstance(value, str) else msgspec.json.encode(value).decode())
        for name, data in (files or {}).items():
            form.add_field(name, io.BytesIO(data), filename=f"{name}.jpg", content_type="image/jpeg")
        url = f"{self.fake.url}/bot{self.bot.token}/{method}"
        async with self.http.post(url, data=form) as answer:
            body: Json = await answer.json()
            return body | {"status": answer.status}

    async def ok(self, method: str, files: dict[str, bytes] | None = None, **params: Any) -> Any:
        """The result of a call that has to pass."""
        body = await self.ask(method, files, **params)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, files: dict[str, bytes] | None = None, **params: Any) -> str:
        """The description of a call that has to be refused."""
        body = await self.ask(method, files, **params)
        assert not body["ok"], body
        assert body["error_code"] == body["status"]
        return str(body["description"])


@asynccontextmanager
async def connected(
    token: str = "111:AAA", *, limits: bool = False, privacy: bool = True, hurry: float = 20.0
) -> AsyncIterator[tuple[FakeTelegram, FakeBot, Client]]:
    """A fake with one bot and its client."""
    async with FakeTelegram(limits=limits, hurry=hurry) as fake, aiohttp.ClientSession() as http:
        bot = fake.bot(token, "motcua_bot", "Một cửa", privacy=privacy)
        yield fake, bot, Client(fake, bot, http)


@dataclass(slots=True)
class Hook:
    """A webhook's server: what came, and how it was answered."""

    url: str = ""
    got: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    answering: Answering = lambda _: None

    async def on_post(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.got.append(update)
        self.headers.append(dict(request.headers))
        self.at.append(asyncio.get_running_loop().time())
        answer = self.answering(update)
        if isinstance(answer, Awaitable):
            answer = await answer
        return answer or web.Response()


@asynccontextmanager
async def hooked() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.on_post)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield hook
    finally:
        await runner.cleanup()
