"""The web door, once for a plain client and once for a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Browser, Page, expect

from handlers.web import web_app
from tests.handlers.browser import Site, desk, phone, shoot, started
from tests.handlers.fake_live import FakeLive
from tests.handlers.fake_pushes import FakePushes
from tests.handlers.fake_uploads import FakeUploads
from tests.handlers.web_client import OURS, Client


@pytest.fixture
def live() -> FakeLive:
    return FakeLive()


@pytest.fixture
def uploads() -> FakeUploads:
    return FakeUploads()


@pytest.fixture
def pushes() -> FakePushes:
    return FakePushes()


@pytest.fixture
async def client(live: FakeLive, uploads: FakeUploads, pushes: FakePushes) -> AsyncIterator[Client]:
    app = web_app(live, uploads=uploads, pushes=pushes, max_upload_mb=1, heartbeat=0.3)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def citizen(client: Client) -> Client:
    """A client that has said hello and is citizen-0."""
    await client.post("/api/hello", headers=OURS)
    return client


@pytest.fixture
def officer(live: FakeLive, client: Client) -> Client:
    live.officer()
    client.session.cookie_jar.update_cookies({"motcua_canbo": "officer-cookie"})
    return client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with started() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.start()
    yield site
    await site.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, site: Site) -> AsyncIterator[Page]:
    """A citizen's phone with the chat open; any error in the page fails the test."""
    context = await phone(browser)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(site.url)
    await expect(page.get_by_text("Chào bạn!")).to_be_visible()
    yield page
    await context.close()
    assert errors == []


@pytest_asyncio.fixture(loop_scope="module")
async def officer_page(browser: Browser, site: Site) -> AsyncIterator[Page]:
    """An officer's desk, logged in by the one-time link."""
    context = await desk(browser)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{site.url}/canbo/vao/mot-lan")
    await shoot(page, "login")
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    yield page
    await context.close()
    assert errors == []
