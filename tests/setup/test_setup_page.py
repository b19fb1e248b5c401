"""A technician sets a new office up in a real browser, with a pulled plug in the middle."""

from __future__ import annotations

import asyncio
import re
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pypdfium2
import pytest
from aiohttp.test_utils import unused_port
from playwright.async_api import Page, expect

from tests.handlers.browser import desk, phone, shoot, started
from tests.handlers.mail_server import MailServer, mail_server
from tests.setup.program import Installation, telegram

SAVE, TRY = "Lưu và sang bước sau", "Thử ngay"


@pytest.fixture
async def api() -> AsyncIterator[str]:
    async with telegram() as address:
        yield address


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def installation(tmp_path: Path, api: str) -> AsyncIterator[Installation]:
    made = Installation(tmp_path, unused_port(), [f"MOTCUA_TELEGRAM_API={api}"])
    yield made
    await made.kill()


async def press(page: Page, label: str) -> None:
    await page.get_by_role("button", name=label).click()


async def titled(page: Page, title: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(title, timeout=60_000)
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"«{title}» is wider than the screen"
    await shoot(page, f"setup-{title.split(maxsplit=1)[0]}-{page.viewport_size and page.viewport_size['width']}")


async def office_and_head(page: Page) -> None:
    await titled(page, "Cơ quan của bạn")
    await page.get_by_label("Mã định danh").fill("H27 mười hai")
    await press(page, SAVE)
    await expect(page.get_by_text("xem lại ô «Mã định danh của cơ quan»")).to_be_visible()
    await page.get_by_label("Mã định danh").fill("H27.12.345")
    await page.get_by_label("Giờ làm việc").fill("01/01: T2-T6, 7:30-11:30, 13:30-17:00\n16/04: T2-T7, 7:00-11:00")
    await press(page, SAVE)
    await titled(page, "Trưởng bộ phận một cửa")
    await page.get_by_label("Họ và tên").fill("Nguyễn Thị Hà")
    await press(page, "Thêm")
    await expect(page.get_by_role("link", name="Mở trang cán bộ")).to_be_visible()
    await shoot(page, "setup-head")


async def channels(page: Page, mails: MailServer) -> None:
    await titled(page, "Telegram")
    await page.get_by_label("Mã bot của người dân").fill("9:abc")
    await page.get_by_label("Mã bot của cán bộ").fill("2:def")
    await press(page, TRY)
    await expect(page.get_by_text("Telegram không nhận mã này")).to_be_visible()
    await shoot(page, "setup-telegram-wrong")
    await page.get_by_label("Mã bot của người dân").fill("1:abc")
    await page.get_by_label("Mã bot của cán bộ").fill("2:def")
    await press(page, TRY)
    await expect(page.get_by_text("@motcua_2_bot")).to_be_visible()
    await press(page, SAVE)
    await titled(page, "Zalo")
    await page.get_by_label("Mã số Official Account").fill("4318")
    await press(page, SAVE)
    await expect(page.get_by_text("MOTCUA_ZALO_APP_ID")).to_be_visible()  # half of it would stop the next start
    await press(page, "Bỏ qua")
    await titled(page, "E-mail")
    await page.get_by_label("Máy chủ gửi thư").fill(f"127.0.0.1:{mails.port}")
    await page.get_by_label("Người gửi").fill("Một cửa <motcua@example.vn>")
    await page.get_by_label("Gửi thử đến").fill("ky.thuat@example.vn")
    mails.refuses("RCPT", "550 5.1.1 no such user")
    await press(page, "Gửi một thư thử")
    await expect(page.get_by_text("không có hộp thư ky.thuat@example.vn")).to_be_visible()
    await press(page, "Gửi một thư thử")
    await expect(page.get_by_text("đã gửi một thư thử")).to_be_visible()
    assert mails.last()["To"] == "ky.thuat@example.vn"
    await press(page, SAVE)
    await titled(page, "Tin nhắn SMS")
    await press(page, "Bỏ qua")


@pytest.mark.timeout(480)  # three starts of the program and a browser, on a machine that does much else
async def test_from_the_first_start_to_the_end(installation: Installation, mails: MailServer, tmp_path: Path) -> None:
    async with started() as browser:
        context = await phone(browser)
        page = await context.new_page()
        link = await installation.start()
        await page.goto(link)
        await office_and_head(page)
        await installation.kill()
        await installation.start()
        await page.goto(f"{installation.url}/cai-dat")  # the same session goes on
        await titled(page, "Trưởng bộ phận một cửa")
        await press(page, "Sang bước sau")
        await channels(page, mails)
        await titled(page, "Địa chỉ công khai")
        await page.get_by_label("Địa chỉ").fill("http://motcua.example.vn")
        await press(page, "Thử từ ngoài vào")
        await expect(page.get_by_text("bắt đầu bằng https://")).to_be_visible()
        await press(page, "Bỏ qua")
        await titled(page, "Sao lưu sang ổ khác")
        await page.get_by_label("Thư mục").fill(str(tmp_path / "backup"))
        await press(page, SAVE)
        await expect(page.get_by_text("cùng ổ với dữ liệu")).to_be_visible()
        await press(page, "Bỏ qua")
        await titled(page, "Bật những gì đã điền")
        await press(page, "Bật ngay")
        await expect(page.get_by_text("Đang bật lại")).to_be_visible()
        await titled(page, "Cách thứ hai để gặp trưởng bộ phận")  # it came there by itself
        assert installation.said.count("Trang của người dân") == 3
        await second_way(page, mails)
        await key_on_paper(page)
        await poster(page)
        await titled(page, "Kiểm tra lần cuối")
        await page.get_by_role("button", name="Kiểm tra").click(no_wait_after=True)
        await expect(page.get_by_text("điều đã tốt")).to_be_visible(timeout=150_000)
        await shoot(page, "setup-doctor")
        await press(page, "Xong, đóng")
        await expect(page.get_by_text("Đã cài đặt xong")).to_be_visible()
        await shoot(page, "setup-done")
        answer = await page.goto(f"{installation.url}/cai-dat")
        assert answer is not None
        assert answer.status == 403
        await reopened(await (await desk(browser)).new_page(), installation)
    text = installation.env.read_text(encoding="utf-8")
    assert text.startswith("# Lời của kỹ thuật viên\nMOTCUA_TRIAL=0\n")
    assert "MOTCUA_TELEGRAM_TOKEN=1:abc\n" in text
    assert sys.platform == "win32" or stat.S_IMODE(installation.env.stat().st_mode) == 0o600


async def second_way(page: Page, mails: MailServer) -> None:
    await page.get_by_label("Số điện thoại hoặc e-mail").fill("ha@example.vn")
    await press(page, "Gửi mã")
    await expect(page.get_by_label("Mã đã nhận")).to_be_visible()
    loop = asyncio.get_running_loop()
    ends = loop.time() + 60
    while len(mails.taken) < 2:
        assert loop.time() < ends, "no mail with a code"
        await asyncio.sleep(0.1)
    body = mails.last().get_body(("plain",))
    assert body is not None
    code = re.search(r"\b\d{6}\b", body.get_content())
    assert code is not None
    await page.get_by_label("Mã đã nhận").fill(code[0])
    await press(page, "Xác nhận mã")
    await expect(page.get_by_text("Đã có 1 nơi.")).to_be_visible()
    await shoot(page, "setup-second")
    await press(page, "Sang bước sau")


async def key_on_paper(page: Page) -> None:
    await titled(page, "Khóa khôi phục trên giấy")
    sheet = await page.context.request.get(await page.get_by_role("link", name="Mở tờ khóa").evaluate("a => a.href"))
    with pypdfium2.PdfDocument(await sheet.body()) as made:
        words = made[0].get_textpage().get_text_bounded()
    for field in await page.locator("label").all():
        number = int(re.findall(r"\d+", await field.inner_text())[0])
        found = re.search(rf"\b{number}\.\s+(\w+)", words)
        assert found is not None
        await field.locator("input").fill(found[1].lower())
    await press(page, "Xác nhận đã in")


async def poster(page: Page) -> None:
    await titled(page, "Áp phích dán ở bộ phận một cửa")
    sheet = await page.context.request.get(await page.get_by_role("link", name="Mở áp phích").evaluate("a => a.href"))
    with pypdfium2.PdfDocument(await sheet.body()) as made:
        assert len(made) == 1
        words = made[0].get_textpage().get_text_bounded()
    assert "Cán bộ không bao giờ hỏi mã OTP" in words
    assert "@motcua_1_bot" in words
    assert "7:30–11:30" in words
    await press(page, "Sang bước sau")


async def reopened(page: Page, installation: Installation) -> None:
    """By whoever has the machine; and the link is good once."""
    printed = installation.command("setup")
    link = printed.stdout.splitlines()[0]
    await page.goto(link)
    await titled(page, "Kiểm tra lần cuối")
    await page.goto(f"{installation.url}/cai-dat/van-phong")
    await expect(page.get_by_label("Mã định danh")).to_have_value("H27.12.345")
    await expect(page.get_by_label("Giờ làm việc")).to_have_value(re.compile("T2-T7, 07:00-11:00"))
    await titled(page, "Cơ quan của bạn")
    await page.context.clear_cookies()
    again = await page.goto(link)
    assert again is not None
    assert again.status == 403
