"""The officers' page in a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, Page, expect

from conversations.messages import Button, File, Message, Pressed, TextSent
from tests.handlers.browser import Site, desk, photo, say, shoot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_officer_answers_a_card_that_changes(officer_page: Page, site: Site) -> None:
    card = Message(
        "Hồ sơ K7P4-9XTM-2W\nĐăng ký khai sinh · thôn Bình Sơn\nNộp lúc 15:20 · giấy tờ 2/2 · chưa ai nhận",
        tuple(
            Button(label, label) for label in ("Tôi xử lý", "Tiếp nhận", "Yêu cầu bổ sung", "Từ chối", "Xem giấy tờ")
        ),
        card="dossier:1",
    )
    site.live.put("officer", "c1", card)
    site.live.put("officer", "c2", Message("Chị Hoa xem giúp hồ sơ này nhé.", speaker="Trần Văn Nam"))
    file = await site.live.keep(site.live.officer(), photo(), "image/jpeg", "giấy chứng sinh.jpg")
    site.live.put("officer", "c3", Message("Giấy chứng sinh (1/1)", files=(file,)), private=True)
    await site.live.wake()
    await expect(officer_page.get_by_text("Chỉ mình bạn thấy")).to_be_visible()
    await officer_page.locator(".card").get_by_role("button", name="Trả lời").click()
    await expect(officer_page.locator("#replying")).to_contain_text("Hồ sơ K7P4-9XTM-2W")
    await shoot(officer_page, "staff")
    await say(officer_page, "Bổ sung mặt sau")
    await expect(officer_page.locator("#replying")).to_be_hidden()
    await expect(officer_page.locator(".own .quote")).to_contain_text("Hồ sơ K7P4-9XTM-2W")
    assert site.live.events[-1][2] == TextSent("Bổ sung mặt sau", "c1")

    site.live.put("officer", "c1", Message("Hồ sơ K7P4-9XTM-2W\nNguyễn Thị Hoa đang xử lý", card="dossier:1"))
    await site.live.wake()
    await expect(officer_page.locator(".card.changed .text")).to_contain_text("đang xử lý")
    await expect(officer_page.locator(".message").first).to_have_class("message theirs card changed")  # its place stays


async def test_press_of_an_officer_leaves_no_bubble(officer_page: Page, site: Site) -> None:
    site.live.put("officer", "c1", Message("Hồ sơ", (Button("Tiếp nhận", "accept"),), card="dossier:1"))
    await site.live.wake()
    await officer_page.get_by_role("button", name="Tiếp nhận").click()
    await expect(officer_page.get_by_text("Bạn chọn: accept")).to_be_visible()
    await expect(officer_page.locator(".own")).to_have_count(0)


async def test_chips_send_or_begin_a_command(officer_page: Page, site: Site) -> None:
    chips = officer_page.get_by_role("group", name="Lệnh hay dùng")
    await chips.get_by_role("button", name="/homnay").click()
    await expect(officer_page.get_by_text("Bạn viết: /homnay")).to_be_visible()
    await chips.get_by_role("button", name="/tim").click()
    await expect(officer_page.get_by_label("Tin nhắn")).to_be_focused()
    await officer_page.keyboard.type("Bình")
    await officer_page.keyboard.press("Enter")
    await expect(officer_page.get_by_text("Bạn viết: /tim Bình")).to_be_visible()


async def test_officer_without_login_is_told_what_to_do(browser: Browser, site: Site) -> None:
    context = await desk(browser)
    page = await context.new_page()
    await page.goto(f"{site.url}/canbo")
    await expect(page.get_by_role("dialog", name="Chưa đăng nhập")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Chưa đăng nhập")).to_be_visible()
    await context.close()


async def test_leaving_forgets_this_device(officer_page: Page, site: Site) -> None:
    await officer_page.get_by_role("button", name="Menu").click()
    await officer_page.get_by_role("button", name="Thoát khỏi máy này").click()
    await officer_page.get_by_role("button", name="Thoát", exact=True).click()
    await expect(officer_page.get_by_role("dialog", name="Chưa đăng nhập")).to_be_visible()


async def test_a_page_with_no_dossiers_yet_says_so_kindly(officer_page: Page, site: Site) -> None:
    await expect(officer_page.get_by_text("Chưa có hồ sơ nào.")).to_be_visible()
    await shoot(officer_page, "staff-empty")
    site.live.put("officer", "c1", Message("🟢 Hồ sơ", card="dossier:1"))
    await site.live.wake()
    await expect(officer_page.get_by_text("Chưa có hồ sơ nào.")).to_be_hidden()


async def test_times_are_the_offices_whatever_the_device_says(browser: Browser, site: Site) -> None:
    site.live.now = datetime(2026, 11, 21, 17, 5, tzinfo=UTC)  # already Sunday in Vietnam
    site.live.officer()
    site.live.put("officer", "c1", Message("🔴 Hồ sơ", card="dossier:1"))
    context = await browser.new_context(locale="en-US", timezone_id="America/New_York")
    await context.add_cookies([{"name": "motcua_canbo", "value": "officer-cookie", "url": site.url}])
    page = await context.new_page()
    await page.goto(f"{site.url}/canbo")
    await expect(page.locator(".message time")).to_have_text("00:05")
    await expect(page.locator(".message time")).to_have_attribute("title", re.compile("22 tháng 11"))
    await expect(page.get_by_role("img", name="Quá hạn")).to_be_visible()
    await context.close()


async def test_the_answer_to_a_press_is_shown_wherever_one_was_reading(officer_page: Page, site: Site) -> None:
    site.live.put("officer", "c0", Message("🟢 Hồ sơ xa", (Button("Nhận việc", "claim"),), card="dossier:0"))
    for i in range(30):
        site.live.put("officer", f"n{i}", Message(f"Tin số {i}\nhai dòng", speaker="Hà"))
    await site.live.wake()
    await expect(officer_page.get_by_text("Tin số 29")).to_have_count(1)
    await officer_page.locator("#log").evaluate("(e) => { e.scrollTop = 0; }")
    site.live.put("officer", "p0", Message("Lời riêng không ai hỏi"), private=True)
    await site.live.wake()
    await expect(officer_page.get_by_text("Lời riêng không ai hỏi")).to_have_count(1)
    await expect(officer_page.get_by_text("Lời riêng không ai hỏi")).not_to_be_in_viewport()
    await officer_page.get_by_role("button", name="Nhận việc").click()
    site.live.put("officer", "p1", Message("Giấy tờ hồ sơ", reply_to="c0"), private=True)
    await site.live.wake()
    await expect(officer_page.get_by_text("Giấy tờ hồ sơ")).to_be_in_viewport()
    await officer_page.locator(".quote").click()
    await expect(officer_page.get_by_text("Hồ sơ xa").first).to_be_in_viewport()


async def test_second_tap_does_not_press_what_stands_there_now(officer_page: Page, site: Site) -> None:
    two = (Button("Nhận việc", "claim"), Button("Tiếp nhận", "accept"))
    site.live.put("officer", "c1", Message("🟢 Hồ sơ", two, card="dossier:1"))
    await site.live.wake()
    await expect(officer_page.get_by_role("button", name="Tiếp nhận")).to_be_visible()
    await officer_page.evaluate("() => document.querySelectorAll('.buttons button').forEach((b) => b.click())")
    await expect(officer_page.get_by_text("Bạn chọn: claim")).to_be_visible()
    assert [event for _, _, event in site.live.events if isinstance(event, Pressed)] == [Pressed("claim", "c1")]


async def test_photos_are_leafed_through_one_dossier_at_a_time(officer_page: Page, site: Site) -> None:
    for i, name in enumerate(("Tờ khai", "Căn cước", "Giấy chứng sinh")):
        file = await site.live.keep(site.live.officer(), photo(), "image/jpeg", f"{i}.jpg", f"up-{i}")
        if i == 2:
            site.live.put("officer", "between", Message("Giấy tờ hồ sơ: Khai sinh"), private=True)
        site.live.put("officer", f"p{i}", Message(f"{name} (1 tệp)", files=(file,)), private=True)
    await site.live.wake()
    await officer_page.get_by_role("button", name="Xem ảnh: 0.jpg").click()
    await expect(officer_page.locator("#caption")).to_have_text("Tờ khai (1 tệp) · ảnh 1/2")
    await officer_page.get_by_role("button", name="Ảnh sau").click()
    await expect(officer_page.locator("#caption")).to_have_text("Căn cước (1 tệp) · ảnh 2/2")
    await expect(officer_page.get_by_role("button", name="Ảnh sau")).to_be_disabled()


async def test_photo_that_is_still_at_a_messenger_comes_by_itself(officer_page: Page, site: Site) -> None:
    site.live.soon = 1.0
    file = await site.live.keep(site.live.officer(), photo(), "image/jpeg", "a.jpg")
    site.live.on_their_way.add(file.ref)
    site.live.put("officer", "c1", Message("Giấy chứng sinh", files=(file,)), private=True)
    await site.live.wake()
    thumb = officer_page.get_by_role("button", name="Xem ảnh: a.jpg")
    await expect(thumb).to_have_attribute("data-note", "a.jpg – đang tải")
    site.live.on_their_way.clear()
    await expect(thumb).to_have_class("thumb")
    assert await thumb.locator("img").evaluate("image => image.naturalWidth") > 0


async def test_photo_that_is_gone_says_so(officer_page: Page, site: Site) -> None:
    site.live.put("officer", "c1", Message("Giấy", files=(File("none", "image/jpeg", 5, "a.jpg"),)), private=True)
    await site.live.wake()
    thumb = officer_page.get_by_role("button", name="Xem ảnh: a.jpg")
    await expect(thumb).to_have_attribute("data-note", "a.jpg – không mở được")
