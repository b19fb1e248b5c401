"""The page that says where the office writes from: plain HTML, what is pasted stays out of addresses and is escaped."""

from __future__ import annotations

from collections.abc import AsyncIterator

import cv2
import numpy as np
import pytest
import zxingcpp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Browser, expect

from handlers import web_official
from handlers.web import web_app
from handlers.web_door import HEADERS
from handlers.web_official import Page, official_routes
from tests.handlers.browser import PHONE
from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import Client

PLACES = ("Trang web <b>", "Zalo")
PAGE = Page("Tin này có phải của xã?", "Xã chỉ nhắn từ:", PLACES, "Không hỏi OTP.", "Dán tin:", "Xem", "Quét")


class FakeOfficial:
    """Knows one message."""

    async def page(self) -> Page:
        return PAGE

    async def verdict(self, words: str, network: str) -> str:  # noqa: ARG002
        return "Đúng là tin của xã." if words == "tin thật" else f"Không phải: <{len(words)}>"


def app_of() -> web.Application:
    app = web_app(FakeLive())
    app.add_routes(official_routes(FakeOfficial(), "https://motcua.example.vn"))
    return app


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(web_official, "PACE", 0)
    async with TestClient(TestServer(app_of())) as client:
        yield client


async def test_a_message_is_checked_and_nothing_in_it_is_markup(client: Client) -> None:
    trap = "</textarea><script>alert(1)</script>"
    answer = await client.post("/chinhthuc", data={"tin": trap})
    shown = await answer.text()
    assert answer.status == 200
    assert trap not in shown
    assert f"Không phải: &lt;{len(trap)}&gt;" in shown
    assert "Trang web &lt;b&gt;" in shown
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_too_much_is_refused_and_the_rest_is_cut(client: Client) -> None:
    assert (await client.post("/chinhthuc", data={"tin": "x" * 100_000})).status == 413
    assert "&lt;4000&gt;" in await (await client.post("/chinhthuc", data={"tin": "x" * 5_000})).text()


@pytest.mark.asyncio(loop_scope="module")
async def test_its_code_leads_to_it(browser: Browser) -> None:
    server = TestServer(app_of())
    await server.start_server()
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    try:
        await page.goto(str(server.make_url("/chinhthuc")))
        await page.get_by_label("Dán tin:").fill("tin thật")
        await page.get_by_role("button", name="Xem").click()
        await expect(page.get_by_role("status")).to_have_text("Đúng là tin của xã.")
        assert "tin" not in page.url.partition("?")[2]
        shot = await page.get_by_role("img").screenshot(scale="css")
        picture = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR)
        (found,) = zxingcpp.read_barcodes(picture)
        assert found.text == "https://motcua.example.vn/chinhthuc"
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0
    finally:
        await context.close()
        await server.close()
