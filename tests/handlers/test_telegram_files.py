"""Files from a Bot API server that lies: what lies on our disk is never read, and nothing without an end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from conversations.messages import Refused, Uncertain, Undeliverable
from handlers.telegram_citizens import CitizensBot
from handlers.telegram_staff import StaffBot
from handlers.telegram_staff_request import NotSent
from tests.handlers.telegram_staff_desk import RecordingDoor

TOKEN = "111:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
Bots = tuple[CitizensBot, StaffBot]
_ME = {"id": 111, "is_bot": True, "first_name": "b", "username": "canbo_bot"}


async def _no_files(_: str) -> bytes:
    raise AssertionError


@asynccontextmanager
async def lying(path: str) -> AsyncIterator[tuple[Bots, list[str]]]:
    """Both bots, with a server that gives this path for any file; and what is then asked for."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        result: object = {"getfile": {"file_id": "x", "file_unique_id": "y", "file_size": 3, "file_path": path}}.get(
            method, _ME if method == "getme" else True
        )
        return web.Response(body=json.dumps({"ok": True, "result": result}), content_type="application/json")

    async def give(request: web.Request) -> web.StreamResponse:
        asked.append(request.match_info["path"])
        if request.path.endswith("elsewhere"):
            raise web.HTTPFound("/file/secret")
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(30 if request.path.endswith("endless") else 0):
            await response.write(bytes(1 << 20))
        await response.write(b"abc")
        return response

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", answer)
    app.router.add_get("/file/{path:.*}", give)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api = f"http://127.0.0.1:{runner.addresses[0][1]}"
    citizens = CitizensBot(TOKEN, RecordingDoor(), _no_files, api=api)
    staff = StaffBot(TOKEN, RecordingDoor(), _no_files, api=api)
    await staff.begin()
    try:
        yield (citizens, staff), asked
    finally:
        await asyncio.gather(citizens.close(), staff.close())
        await runner.cleanup()


async def test_a_file_is_fetched() -> None:
    async with lying("documents/file 1.pdf") as (bots, asked):
        assert [await bot.fetch("x") for bot in bots] == [b"abc", b"abc"]
        assert set(asked) == {f"bot{TOKEN}/documents/file 1.pdf"}


@pytest.mark.parametrize("path", ["", "../../secret", "documents/../../secret"])
async def test_a_path_that_leads_elsewhere_is_not_followed(path: str) -> None:
    async with lying(path) as (bots, asked):
        for bot in bots:
            with pytest.raises(Undeliverable, match="gone"):
                await bot.fetch("x")
        assert not asked


async def test_our_own_disk_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("secret", encoding="ascii")
    async with lying(str(tmp_path / "master.key")) as (bots, asked):
        assert [await bot.fetch("x") for bot in bots] == [b"abc", b"abc"]
        assert len(asked) == 2


async def test_no_more_is_read_than_telegram_gives_out() -> None:
    async with lying("endless") as (bots, _):
        for bot in bots:
            with pytest.raises(Refused, match="too-large"):
                await bot.fetch("x")


async def test_nobody_sends_us_on() -> None:
    async with lying("elsewhere") as (bots, asked):
        for bot in bots:
            with pytest.raises((Uncertain, NotSent)):
                await bot.fetch("x")
        assert len(asked) == 2
