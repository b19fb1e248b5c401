"""The pages in a browser that installs them, tells of news while they are closed, and has no line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.handlers.browser import Site, phone, say, shoot

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEWS = {"title": "Một Cửa · xã Thạch Hà", "body": "Có tin mới về hồ sơ 4F7K-2M9P.", "tag": "dossier:1"}
# No push service is asked: the browser's own part is played here, all else is real.
FAKE = """
const endpoint = "https://fcm.googleapis.com/fcm/send/browser";
const made = { endpoint, keys: { p256dh: "B".repeat(87), auth: "A".repeat(22) } };
const unsubscribe = async () => { localStorage.removeItem("fake"); return true; };
const fake = { endpoint, unsubscribe, toJSON: () => made };
PushManager.prototype.subscribe = async (options) => {
  window.subscribed = options;
  localStorage.setItem("fake", "1");
  return fake;
};
PushManager.prototype.getSubscription = async () => (localStorage.getItem("fake") ? fake : null);
"""


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: Browser, site: Site) -> AsyncIterator[BrowserContext]:
    context = await phone(browser)
    await context.grant_permissions(["notifications"], origin=site.url)
    await context.add_init_script(FAKE)
    yield context
    await context.close()


async def opened(context: BrowserContext, site: Site) -> Page:
    page = await context.new_page()
    await page.goto(site.url)
    await expect(page.get_by_text("Chào bạn!").first).to_be_visible()
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


class Worker:
    """The service worker, as the browser's own tools see it."""

    def __init__(self, session: CDPSession, site: Site) -> None:
        self._session = session
        self._site = site
        self._found: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        session.on("ServiceWorker.workerRegistrationUpdated", self._seen)

    def _seen(self, event: dict[str, Any]) -> None:
        for registration in event["registrations"]:
            self._found.put_nowait(registration)

    async def registration(self, scope: str) -> str:
        await self._session.send("ServiceWorker.enable")
        async with asyncio.timeout(15):
            while True:
                found = await self._found.get()
                if found["scopeURL"] == self._site.url + scope:
                    return str(found["registrationId"])

    async def push(self, registration: str, said: str) -> None:
        await self._session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self._site.url, "registrationId": registration, "data": said},
        )


async def shown(page: Page, least: int = 1) -> list[dict[str, str]]:
    """The notifications of the page's registration, once there are so many."""
    script = """async (least) => {
      for (let i = 0; i < 100; i++) {
        const here = await navigator.serviceWorker.getRegistration();
        const all = await here.getNotifications();
        if (all.length >= least) return all.map(({ title, body, tag, lang }) => ({ title, body, tag, lang }));
        await new Promise((done) => setTimeout(done, 50));
      }
      return [];
    }"""
    found: list[dict[str, str]] = await page.evaluate(script, least)
    return found


async def test_a_push_shows_while_nobody_looks_and_not_while_somebody_does(context: BrowserContext, site: Site) -> None:
    page = await opened(context, site)
    worker = Worker(await context.new_cdp_session(page), site)
    registration = await worker.registration("/")
    await worker.push(registration, json.dumps(NEWS | {"tag": "seen"}))  # the page lies open before them
    other = await context.new_page()
    await other.goto(f"{site.url}/page/favicon.svg")
    await page.goto(f"{site.url}/page/icons.svg")  # the page is closed
    await worker.push(registration, json.dumps(NEWS))
    await page.goto(f"{site.url}/mat-mang")
    assert await shown(page) == [NEWS | {"lang": "vi"}]
    await worker.push(registration, "no json at all")
    words = await shown(page, 2)
    assert {one["body"] for one in words} == {NEWS["body"], "Có tin mới."}


async def test_it_is_asked_for_by_a_press_and_taken_back_by_one(context: BrowserContext, site: Site) -> None:
    page = await opened(context, site)
    assert await page.evaluate("window.subscribed") is None
    await page.get_by_role("button", name="Menu").click()
    button = page.get_by_role("button", name="Báo khi đóng trang")
    await expect(button).to_have_attribute("aria-pressed", "false")
    await shoot(page, "phone-menu-push")
    await button.click()
    await expect(page.locator("#push-status")).to_contain_text("cả lúc trang đã đóng")
    assert site.pushes.kept == {"https://fcm.googleapis.com/fcm/send/browser": "citizen-0"}
    assert await page.evaluate("window.subscribed.userVisibleOnly")
    assert await page.evaluate("window.subscribed.applicationServerKey.length") == 65
    await shoot(page, "phone-menu-push-on")
    site.pushes.kept.clear()
    await page.reload()  # whoever lost it is told anew
    await expect(page.get_by_text("Chào bạn!").first).to_be_visible()
    await page.get_by_role("button", name="Menu").click()
    await expect(page.get_by_role("button", name="Thôi báo khi đóng trang")).to_be_visible()
    assert list(site.pushes.kept.values()) == ["citizen-0"]
    await page.get_by_role("button", name="Thôi báo khi đóng trang").click()
    await expect(page.locator("#push-status")).to_have_text("Máy này không báo nữa.")
    assert site.pushes.kept == {}


async def test_who_leaves_is_not_told_on_that_device_any_more(context: BrowserContext, site: Site) -> None:
    page = await opened(context, site)
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Báo khi đóng trang").click()
    await expect(page.locator("#push-status")).to_contain_text("cả lúc trang đã đóng")
    await page.get_by_role("button", name="Thoát khỏi máy này").click()
    await page.get_by_role("button", name="Thoát", exact=True).click()
    await expect(page.get_by_text("Chào bạn!").first).to_be_visible()
    assert site.pushes.kept == {}


async def test_where_it_is_off_or_forbidden_nothing_is_promised(context: BrowserContext, site: Site) -> None:
    await context.clear_permissions()
    page = await opened(context, site)
    await page.evaluate("Notification.requestPermission = async () => 'denied'")
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Báo khi đóng trang").click()
    await expect(page.locator("#push-status")).to_contain_text("đang chặn thông báo")
    assert site.pushes.kept == {}
    site.pushes.on = False
    await page.reload()
    await page.get_by_role("button", name="Menu").click()
    await expect(page.get_by_role("button", name="Gặp cán bộ")).to_be_visible()
    await expect(page.get_by_role("button", name="Báo khi đóng trang")).to_be_hidden()


async def test_without_a_line_the_page_says_so_and_opens_by_itself_later(context: BrowserContext, site: Site) -> None:
    page = await opened(context, site)
    await site.stop()
    await say(page, "Viết lúc mất mạng")
    await expect(page.locator(".pending .state").first).to_have_text("chưa gửi được")
    await page.reload()
    await expect(page.get_by_role("heading", name="Mất mạng")).to_be_visible()
    await expect(page.get_by_text("sẽ được gửi khi có mạng")).to_be_visible()
    await shoot(page, "phone-offline")
    await site.start()
    await expect(page.get_by_text("Bạn viết: Viết lúc mất mạng")).to_be_visible()
    await expect(page.locator(".pending")).to_have_count(0)


async def test_each_page_can_be_installed(context: BrowserContext, browser: Browser, site: Site) -> None:
    page = await opened(context, site)
    session = await context.new_cdp_session(page)
    found = await session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert json.loads(found["data"])["short_name"] == "Một Cửa"
    trouble = await session.send("Page.getInstallabilityErrors")
    assert [one for one in trouble["installabilityErrors"] if one["errorId"] != "in-incognito"] == []
    await page.goto(f"{site.url}/canbo/vao/mot-lan")
    await page.get_by_role("button", name="Đăng nhập").click()
    await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
    worker = Worker(await context.new_cdp_session(page), site)
    assert await worker.registration("/canbo")  # beside the citizens': what is told there is not told here
    found = await session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert json.loads(found["data"])["short_name"] == "Một Cửa cán bộ"
