"""A real browser before the web door; nothing leaves this computer."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from PIL import Image, ImageDraw
from playwright.async_api import Browser, BrowserContext, Error, FilePayload, Page, async_playwright, expect

from handlers.web import web_app
from tests.handlers.fake_live import FakeLive
from tests.handlers.fake_pushes import FakePushes
from tests.handlers.fake_uploads import FakeUploads

expect.set_options(timeout=15_000)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 390, "height": 780}
SMALL = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 860}
_PATIENCE = 30.0  # seconds


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("NOT RUN: chromium missing (on Debian: apt-get install chromium fonts-noto-core)")
    return found


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    path = chromium()
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    playwright = await async_playwright().start()
    browser = await playwright.chromium.launch(executable_path=path, args=[*quiet, *camera])
    yield browser
    late = asyncio.get_running_loop().call_later(
        _PATIENCE, _end_driver
    )  # on a busy machine it has once hung at its end
    with suppress(Error):
        await browser.close()
    await playwright.stop()
    late.cancel()


def _end_driver() -> None:
    """The process between us and the browser, which ends with it."""
    if pkill := shutil.which("pkill"):
        subprocess.run([pkill, "-KILL", "-P", str(os.getpid()), "-f", "playwright/driver"], check=False)


class Site:
    """The web door on a port of its own, which can go down and come back."""

    def __init__(self) -> None:
        self.live = FakeLive()
        self.uploads = FakeUploads()
        self.pushes = FakePushes()
        self.port = 0
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web_app(self.live, uploads=self.uploads, pushes=self.pushes, max_upload_mb=1)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


async def phone(browser: Browser, size: dict[str, int] | None = None) -> BrowserContext:
    size = size or PHONE
    context = await browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        has_touch=True,
        is_mobile=True,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    context.set_default_timeout(15_000)
    return context


async def desk(browser: Browser) -> BrowserContext:
    context = await browser.new_context(
        viewport={"width": DESK["width"], "height": DESK["height"]}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    context.set_default_timeout(15_000)
    return context


async def shoot(page: Page, name: str) -> None:
    """Keep a picture, if SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        await page.wait_for_timeout(250)  # a sheet that is still rising
        await page.screenshot(path=Path(folder) / f"{name}.png")


def photo(width: int = 1200, height: int = 800) -> bytes:
    """Something that looks like a sheet of paper on a table."""
    image = Image.new("RGB", (width, height), "#b9c4a0")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, width - 60, height - 60), fill="#f6f2e4", outline="#777777", width=3)
    for i in range((height - 240) // 60):
        draw.line((120, 130 + i * 60, width - 160 - (i % 3) * 120, 130 + i * 60), fill="#555555", width=7)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Tin nhắn").fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).click()


def attached(*names: str, data: bytes | None = None) -> list[FilePayload]:
    return [{"name": name, "mimeType": "image/jpeg", "buffer": data or photo()} for name in names]
