"""What the set-up page says of an address that it tries."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot import setup_tries
from bot.settings import Settings
from handlers.web_setup import MARK


async def said(status: int, text: str, headers: dict[str, str] | None = None) -> tuple[bool, str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text, headers=headers)

    app = web.Application()
    app.router.add_get(MARK, answer)
    async with TestServer(app) as server:
        told = await setup_tries.outside(str(server.make_url("")).rstrip("/"), "motcua abc")
    return told.good, told.words


@pytest.mark.parametrize(
    ("status", "text", "good", "words"),
    [
        (200, "motcua abc\n", True, "đúng máy này"),
        (200, "motcua xyz", False, "bản cài đặt khác"),
        (200, "Chào mừng đến với bộ phát", False, "không phải chương trình này"),
        (502, "Bad gateway", False, "502"),
    ],
)
async def test_the_address_leads_here_or_elsewhere(status: int, text: str, good: bool, words: str) -> None:  # noqa: FBT001
    found, told = await said(status, text)
    assert found is good
    assert words in told


async def test_it_leads_on_to_another_address() -> None:
    found, told = await said(301, "", {"Location": "https://www.example.vn/"})
    assert not found
    assert "chuyển sang nơi khác" in told


async def test_nobody_listens_or_there_is_no_such_name() -> None:
    refused = await setup_tries.outside(f"http://127.0.0.1:{unused_port()}", "motcua abc")
    assert not refused.good
    assert "cổng ấy không mở" in refused.words
    nowhere = await setup_tries.outside("http://motcua.invalid", "motcua abc")
    assert not nowhere.good


async def test_telegram_that_is_out_of_reach_says_so_and_no_token() -> None:
    settings = Settings(telegram_api=f"http://127.0.0.1:{unused_port()}")
    told = await setup_tries.telegram(settings, "1:secret", "Bot của người dân", group=False)
    assert not told.good
    assert "mất mạng" in told.words
    assert "secret" not in told.words
