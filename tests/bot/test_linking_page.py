"""In a real browser: the code to be scanned is on the page, and a telephone's camera reads the link from the screen."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import zxingcpp
from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import expect

from handlers.web import web_app
from storage.sealed import Keys
from tests.bot.linked import CODE, SETTINGS, last, number_on, person
from tests.bot.whole import running
from tests.handlers.browser import phone, say, shoot, started


async def test_the_code_is_scanned_from_the_page(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, **SETTINGS) as whole, started() as browser:
        mobile = await person(whole, "777", "telegram")
        server = TestServer(web_app(whole.app.live))
        await server.start_server()
        try:
            page = await (await phone(browser)).new_page()
            await page.goto(str(server.make_url("/")))
            await page.get_by_role("button", name="Làm tiếp trên máy khác").click()
            told = page.get_by_text("Mã nối của bạn:")
            await expect(told).to_be_visible()
            code = CODE.search(await told.inner_text())
            assert code is not None
            await whole.app.idle()
            picture = page.locator("img[src*='file/']").last
            await expect(picture).to_be_visible()
            await picture.scroll_into_view_if_needed()
            await expect(picture).not_to_have_js_property("naturalWidth", 0)
            await shoot(page, "noi-may-khac")
            with Image.open(io.BytesIO(await picture.screenshot())) as seen:
                found = zxingcpp.read_barcodes(np.asarray(seen.convert("L")))
            assert [one.text for one in found] == [f"https://t.me/motcua_bot?start=noi-{code[0].replace('-', '')}"]
            await mobile.says(code[0])
            await expect(page.get_by_text("Telegram vừa nhận mã nối của bạn")).to_be_visible()
            await say(page, await number_on(mobile))
            await expect(page.get_by_text("Đã nối với cuộc trò chuyện trên Telegram")).to_be_visible()
            assert (await last(mobile)).text.startswith("Đã nối với cuộc trò chuyện trên trang web")
        finally:
            await server.close()
