"""The citizen's page on small screens, in large type, by keyboard and in the dark."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from conversations.messages import Button, Message, TextSent
from tests.handlers.browser import SMALL, Site, desk, phone, photo, say, shoot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def sideways(page: Page) -> int:
    """How many pixels the page, or the conversation, is too wide."""
    wide = "[document.documentElement, document.getElementById('log')].map((e) => e.scrollWidth - e.clientWidth)"
    return max(map(int, await page.evaluate(wide)))


async def test_small_screens_and_large_type_need_no_sideways_scrolling(browser: Browser, site: Site) -> None:
    context = await phone(browser, SMALL)
    page = await context.new_page()
    await page.goto(site.url)
    file = await site.live.keep(site.live.sessions["cookie-0"], photo(), "image/jpeg", "a.jpg")
    many = tuple(Button(f"Một lựa chọn khá dài để xem có xuống dòng không {i}", f"b{i}") for i in range(3))
    site.live.put("citizen-0", "long", Message("Nghiêng" * 40, many, (file,), speaker="Nguyễn Thị Hoa"))
    await site.live.wake()
    await expect(page.get_by_text("Nghiêng" * 40)).to_be_visible()
    assert await sideways(page) == 0
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Chữ rất lớn").click()
    assert await sideways(page) == 0
    await shoot(page, "small-menu-huge")
    await page.keyboard.press("Escape")
    await shoot(page, "small-huge")
    await page.reload()
    assert await page.locator("html").get_attribute("data-size") == "huge"
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await expect(page.get_by_text("Nghiêng" * 40)).to_be_visible()
    assert await sideways(page) == 0
    await shoot(page, "small-200-percent")
    await say(page, "Chữ to")
    await expect(page.get_by_text("Bạn viết: Chữ to")).to_be_in_viewport()
    await context.close()


async def test_everything_goes_by_keyboard(browser: Browser, site: Site) -> None:
    context = await desk(browser)
    page = await context.new_page()
    await page.goto(site.url)
    await expect(page.get_by_text("Chào bạn!")).to_be_visible()
    await page.keyboard.type("Dòng một")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("dòng hai")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Bạn viết: Dòng một")).to_be_visible()
    assert site.live.events[-1][2] == TextSent("Dòng một\ndòng hai")

    async def reach(name: str, key: str = "Shift+Tab") -> None:
        focused = page.locator(":focus")
        for _ in range(20):
            await page.keyboard.press(key)
            if await focused.count() and name in (
                await focused.get_attribute("aria-label") or await focused.inner_text()
            ):
                return
        pytest.fail(f"{name} cannot be reached by keyboard")

    await reach("Hồ sơ của tôi")
    outline = await page.locator(":focus").evaluate("(e) => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Bạn chọn: Hồ sơ của tôi")).to_be_visible()
    await reach("Menu")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await reach("Hướng dẫn", "Tab")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_role("button", name="Menu")).to_be_focused()
    await shoot(page, "desk")
    await context.close()


async def test_page_is_dark_when_the_phone_is(page: Page, site: Site) -> None:
    await page.emulate_media(color_scheme="dark")
    await say(page, "Trời tối rồi")
    await expect(page.get_by_text("Bạn viết: Trời tối rồi")).to_be_visible()
    await shoot(page, "phone-dark")
    assert await page.locator(".phone").evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(21, 27, 29)"
