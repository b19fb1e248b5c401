"""The citizen's page on bad lines: nothing is lost, nothing comes twice."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from conversations.messages import Message, TextSent
from tests.handlers.browser import Site, phone, say, shoot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_server_goes_down_and_comes_back_and_nothing_is_lost(page: Page, site: Site) -> None:
    await site.stop()
    await say(page, "Tin thứ nhất")
    await say(page, "Tin thứ hai")
    await expect(page.get_by_text("Đang kết nối lại…")).to_be_visible()
    await expect(page.locator(".pending .state").first).to_have_text("chưa gửi được")
    await shoot(page, "phone-reconnecting")
    site.live.put("citizen-0", "n", Message("Tin đến trong lúc mất mạng"))
    await site.start()
    await expect(page.get_by_text("Bạn viết: Tin thứ hai")).to_be_visible()
    await expect(page.get_by_text("Tin đến trong lúc mất mạng")).to_be_visible()
    await expect(page.get_by_text("Đang kết nối lại…")).to_be_hidden()
    await expect(page.locator(".pending")).to_have_count(0)
    said = [event.text for _, _, event in site.live.events if isinstance(event, TextSent)]
    assert said == ["Tin thứ nhất", "Tin thứ hai"]
    assert await page.locator(".own .text").all_inner_texts() == said


async def test_unsent_words_survive_a_reload_with_their_id(page: Page, site: Site) -> None:
    site.live.busy = True
    bodies: list[Any] = []
    page.on("request", lambda r: bodies.append(r.post_data_json) if r.url.endswith("api/send") else None)
    await say(page, "Đừng để mất tin này")
    await expect(page.locator(".pending .state")).to_have_text("chưa gửi được")
    await page.reload()
    await expect(page.locator(".pending .text")).to_have_text("Đừng để mất tin này")
    site.live.busy = False
    await expect(page.get_by_text("Bạn viết: Đừng để mất tin này")).to_be_visible()
    assert len({body["id"] for body in bodies}) == 1
    assert len(site.live.events) == 2


async def test_lost_acknowledgement_makes_no_second_message(page: Page, site: Site) -> None:
    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/api/send", lose, times=1)
    await say(page, "Chỉ một lần")
    await expect(page.get_by_text("Bạn viết: Chỉ một lần")).to_have_count(1)
    await page.wait_for_timeout(2500)  # longer than the first retry waits
    await expect(page.locator(".own .text")).to_have_count(1)
    assert len(site.live.events) == 2


async def test_line_without_streams_is_polled(browser: Browser, site: Site) -> None:
    context = await phone(browser)
    page = await context.new_page()
    await page.route("**/api/stream?*", lambda route: route.abort())
    await page.goto(site.url)
    await say(page, "Có ai không?")
    await expect(page.get_by_text("Bạn viết: Có ai không?")).to_be_visible()
    site.live.put("citizen-0", "n", Message("Tin tự đến"))
    await expect(page.get_by_text("Tin tự đến")).to_be_visible()
    await expect(page.locator("#connection")).to_be_hidden()
    await context.close()


async def test_text_that_is_refused_says_why(page: Page, site: Site) -> None:
    await page.get_by_label("Tin nhắn").evaluate("(e) => { e.removeAttribute('maxlength'); }")
    await say(page, "ệ" * 30_000)
    await expect(page.locator(".pending .state")).to_contain_text("Tin nhắn quá dài.")
    await page.get_by_role("button", name="Bỏ").click()
    await say(page, "Ngắn hơn")
    await expect(page.get_by_text("Bạn viết: Ngắn hơn")).to_be_visible()
