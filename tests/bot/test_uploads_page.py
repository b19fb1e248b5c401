"""From the chat to the upload page and back, in a browser, with the whole program behind it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port
from playwright.async_api import BrowserContext, Page, expect

from catalogue.load import load
from conversations.messages import Started
from handlers.web import web_app
from storage.sealed import Keys
from tests.bot.photos import blurred
from tests.bot.walk import to_review
from tests.bot.whole import Actor, Whole, another, running
from tests.handlers.browser import attached, phone, shoot, started

PROCEDURE: Final = load().procedures["thay-doi-cai-chinh-ho-tich"]
PAPER: Final = "giay-ho-tich-can-sua"
NAME: Final = "Bản chính giấy hộ tịch cần sửa"


@pytest.fixture
async def whole(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    """Working by itself, with its page on a port."""
    port = unused_port()
    async with running(sqlite_url, tmp_path, port=port) as made:
        app = web_app(made.app.live, uploads=made.app.uploads)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        made.app.start()
        yield made
        await runner.cleanup()


async def at_paper(whole: Whole, context: BrowserContext) -> Page:
    """The chat in this browser, where the first paper is asked for."""
    reader, cookie = await whole.app.live.open(None)
    citizen = Actor(whole, reader)
    await citizen.send(Started())
    await citizen.press(f"start:{PROCEDURE.id}")
    await to_review(citizen, PROCEDURE, until=f"ways:{PAPER}:")
    await context.add_cookies([{"name": "motcua", "value": cookie, "url": whole.world.settings.address}])
    page = await context.new_page()
    await page.goto(whole.world.settings.address)
    await page.get_by_role("button", name="Cách gửi khác").last.click()
    return page


async def test_bad_photo_good_photo_and_back_to_the_chat(whole: Whole) -> None:
    async with started() as browser:
        context = await phone(browser)
        chat = await at_paper(whole, context)
        await shoot(chat, "chat-ways")
        await chat.get_by_role("button", name="Gửi qua trang riêng").click()
        async with context.expect_page() as opening:
            await chat.get_by_role("link", name="/gui/").click()
        await shoot(chat, "chat-link")
        page = await opening.value
        await page.get_by_role("button", name=NAME).click()
        await page.locator("#file-input").set_input_files(attached("mờ.jpg", data=blurred()))
        await expect(page.get_by_role("button", name="Vẫn dùng ảnh này")).to_be_visible()
        await shoot(page, "page-poor")
        told = await page.get_by_role("heading", level=2).inner_text()
        await expect(chat.get_by_text(told)).to_be_visible()
        await page.get_by_role("button", name="Chụp lại").click()
        await page.get_by_role("button", name="Đóng máy ảnh").click()
        await page.locator("#file-input").set_input_files(attached("rõ.jpg", data=another()))
        await expect(page.get_by_role("heading", name=f"Ảnh dùng được. Đã gửi: {NAME}.")).to_be_visible()
        await shoot(page, "page-good")
        await page.get_by_role("link", name="Quay lại cuộc trò chuyện").click()
        await expect(page.get_by_text(f"Đã nhận 1 ảnh, ảnh rõ: {NAME}.")).to_be_visible()
        await shoot(page, "chat-after")


async def test_somebody_else_sends_it_from_their_own_phone(whole: Whole) -> None:
    async with started() as browser:
        context, other = await phone(browser), await phone(browser)
        chat = await at_paper(whole, context)
        await chat.get_by_role("button", name="Nhờ người khác gửi giấy này").click()
        passed_on = await chat.get_by_text("Nhờ bạn chụp gửi giúp một giấy").inner_text()
        await shoot(chat, "chat-pass-on")
        found = re.search(r"http://\S+", passed_on)
        assert found is not None
        page = await other.new_page()
        await page.goto(found[0])
        await page.get_by_label("Tên bạn").fill("Bà Tám")
        await page.locator("#file-input").set_input_files(attached("rõ.jpg", data=another()))
        await expect(page.get_by_role("heading", name=f"Ảnh dùng được. Đã gửi: {NAME}.")).to_be_visible()
        await shoot(page, "helper-good")
        assert await other.cookies() == []
        await expect(chat.get_by_text(f"«Bà Tám» đã gửi: {NAME} (ảnh rõ).")).to_be_visible()
        await shoot(chat, "chat-told")
        await page.goto(f"{whole.world.settings.address}/gui/none")
        await expect(page.get_by_role("heading", name="Liên kết không dùng được nữa")).to_be_visible()
