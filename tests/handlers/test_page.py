"""The citizen's page in a browser: writing, pressing, sending files, reading."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from conversations.messages import FileSent, Message, Pressed, TextSent, Unsupported
from tests.handlers.browser import Site, attached, desk, say, shoot

pytestmark = pytest.mark.asyncio(loop_scope="module")


# writing and pressing


async def test_words_go_out_and_the_answer_comes(page: Page, site: Site) -> None:
    await say(page, "Tôi muốn làm giấy khai sinh\ncho con")
    await expect(page.get_by_text("Bạn viết: Tôi muốn làm")).to_be_visible()
    own = page.locator(".own .text")
    await expect(own).to_have_count(1)
    await expect(page.locator(".pending")).to_have_count(0)
    assert await own.inner_text() == "Tôi muốn làm giấy khai sinh\ncho con"
    await expect(page.get_by_label("Tin nhắn")).to_have_value("")
    await shoot(page, "phone-text")


async def test_choices_are_pressed_also_under_older_messages(page: Page, site: Site) -> None:
    await say(page, "Xin chào")
    old = page.locator(".message.past").get_by_role("button", name="Hồ sơ của tôi")
    await expect(old).to_have_count(1)
    await old.click()
    await expect(page.get_by_text("Bạn chọn: Hồ sơ của tôi")).to_be_visible()
    assert site.live.events[-1][2] == Pressed("mine", "1")


async def test_second_tap_of_an_impatient_thumb_sends_nothing(page: Page, site: Site) -> None:
    await page.get_by_role("button", name="Hồ sơ của tôi").first.dblclick()
    await expect(page.get_by_text("Bạn chọn: Hồ sơ của tôi")).to_be_visible()
    assert len(site.live.events) == 2  # the start and one press


async def test_menu_says_what_people_would_type(page: Page, site: Site) -> None:
    await page.get_by_role("button", name="Menu").click()
    await shoot(page, "phone-menu")
    await page.get_by_role("dialog").get_by_role("button", name="Gặp cán bộ").click()
    await expect(page.get_by_text("Bạn viết: Gặp cán bộ")).to_be_visible()
    assert site.live.events[-1][2] == TextSent("Gặp cán bộ")


async def test_what_people_write_never_becomes_markup(page: Page, site: Site) -> None:
    bad = "<img src=x onerror=\"document.title='x'\"><b>đậm</b>"
    await say(page, bad)
    await expect(page.locator(".own .text")).to_have_text(bad)
    assert await page.locator("#log b, #log [onerror]").count() == 0


async def test_telephone_numbers_can_be_called_but_identity_numbers_not(page: Page, site: Site) -> None:
    site.live.put("citizen-0", "n", Message("Gọi 0912 345 678. Số 042099001234. https://dichvucong.gov.vn/a?b=1."))
    await site.live.wake()
    links = page.locator(".text a")
    await expect(links).to_have_count(2)
    found = [await link.get_attribute("href") for link in await links.all()]
    assert found == ["tel:0912345678", "https://dichvucong.gov.vn/a?b=1"]


async def test_nothing_is_fetched_from_elsewhere(browser: Browser, site: Site) -> None:
    context = await desk(browser)
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{site.url}/?p=khai-sinh")
    await expect(page.get_by_text("khai-sinh")).to_be_visible()
    await page.get_by_role("button", name="Menu").click()
    await page.get_by_role("button", name="Đổi thiết bị").click()
    await expect(page.get_by_label("Liên kết riêng của bạn")).to_have_value(f"{site.url}/r/tro-lai-0")
    await shoot(page, "desk-return-link")
    assert [url for url in asked if not url.startswith((site.url, "data:image/svg+xml"))] == []
    assert page.url == f"{site.url}/"  # the poster's word is used once
    await context.close()


# files


async def test_album_is_uploaded_shown_and_enlarged(page: Page, site: Site) -> None:
    looked = asyncio.Event()

    async def hold(route: Route) -> None:
        await looked.wait()
        await route.continue_()

    await page.route("**/api/upload?*", hold)
    await page.locator("#file-input").set_input_files(attached("mặt trước.jpg", "mặt sau.jpg"))
    await expect(page.locator(".pending progress")).to_have_count(2)
    await expect(page.locator(".pending .state").first).to_have_text("đang gửi…")
    await shoot(page, "phone-uploading")
    looked.set()
    await expect(page.get_by_text("Đã nhận mặt sau.jpg.")).to_be_visible()
    await expect(page.locator(".pending")).to_have_count(0)
    sent = [event for _, _, event in site.live.events if isinstance(event, FileSent)]
    assert [event.file.name for event in sent] == ["mặt trước.jpg", "mặt sau.jpg"]
    assert sent[0].album == sent[1].album != ""

    thumb = page.get_by_role("button", name="Xem ảnh: mặt trước.jpg")
    await thumb.click()
    viewer = page.get_by_role("dialog", name="Xem ảnh")
    await expect(viewer.locator("#caption")).to_have_text("mặt trước.jpg · ảnh 1/2")
    await viewer.get_by_role("button", name="Xoay ảnh").click()
    await viewer.get_by_role("button", name="Phóng to").click()
    await shoot(page, "phone-photo-turned")
    await viewer.get_by_role("button", name="Ảnh sau").click()
    await expect(viewer.locator("#caption")).to_have_text("mặt sau.jpg · ảnh 2/2")
    await page.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(page.get_by_role("button", name="Xem ảnh: mặt sau.jpg")).to_be_focused()


async def test_file_that_is_too_large_stays_here_and_the_bot_says_so(page: Page, site: Site) -> None:
    sizes: list[int] = []
    page.on("request", lambda r: sizes.append(len(r.post_data_buffer or b"")) if "upload" in r.url else None)
    await page.locator("#file-input").set_input_files(attached("to.jpg", data=b"x" * 1_200_000))
    await expect(page.get_by_text("Không nhận được: too-large")).to_be_visible()
    await expect(page.locator(".pending .state")).to_have_text("tệp quá lớn")
    assert site.live.events[-1][2] == Unsupported("too-large")
    assert sizes == [0]
    await page.get_by_role("button", name="Bỏ").click()
    await expect(page.locator(".pending")).to_have_count(0)


async def test_interrupted_upload_is_sent_again_once(page: Page, site: Site) -> None:
    await page.route("**/api/upload?*", lambda route: route.abort(), times=1)
    await page.locator("#camera-input").set_input_files(attached("giấy chứng sinh.jpg")[0])
    await expect(page.locator(".pending .state")).to_have_text("chưa gửi được")
    await page.get_by_role("button", name="Thử lại").click()
    await expect(page.get_by_text("Đã nhận giấy chứng sinh.jpg.")).to_be_visible()
    assert len(site.live.events) == 2


# reading


async def test_unread_words_are_marked_and_counted(page: Page, site: Site) -> None:
    hide = "(yes) => { Object.defineProperty(document, 'hidden', {value: yes, configurable: true});"
    hide += "document.dispatchEvent(new Event('visibilitychange')); }"
    await page.evaluate(hide, arg=True)
    for i in range(2):
        site.live.put("citizen-0", f"n{i}", Message(f"Thông báo {i}", speaker="Nguyễn Thị Hoa"))
    await site.live.wake()
    await expect(page.get_by_text("Tin chưa đọc")).to_be_visible()
    await expect(page).to_have_title("(2) UBND xã Thạch Hà")
    await page.evaluate(hide, arg=False)
    await expect(page).to_have_title("UBND xã Thạch Hà")
    await page.wait_for_timeout(1200)
    assert site.live.marks == {"citizen-0": 3}
    site.live.put("citizen-0", "n2", Message("Sau khi đóng trang"))
    await page.goto("about:blank")
    await page.goto(site.url)
    await expect(page.locator(".unread + .message .text")).to_have_text("Sau khi đóng trang")


async def test_news_do_not_pull_a_reader_down(page: Page, site: Site) -> None:
    for i in range(30):
        site.live.put("citizen-0", f"n{i}", Message(f"Tin số {i}\nvới hai dòng"))
    await site.live.wake()
    await expect(page.get_by_text("Tin số 0")).to_be_in_viewport()
    await page.get_by_role("button", name="Tin mới nhất").click()
    await expect(page.get_by_text("Tin số 29")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Tin mới nhất")).to_be_hidden()
    await page.locator("#log").evaluate("(e) => { e.scrollTop = 0; }")
    await expect(page.get_by_role("button", name="Tin mới nhất")).to_be_visible()
    site.live.put("citizen-0", "last", Message("Tin sau cùng"))
    await site.live.wake()
    await page.get_by_role("button", name="1 tin mới").click()
    await expect(page.get_by_text("Tin sau cùng")).to_be_in_viewport()


async def test_long_answer_is_read_from_its_first_line(page: Page, site: Site) -> None:
    site.live.put("citizen-0", "long", Message("\n".join(["Dòng đầu", *map(str, range(60)), "Dòng cuối"])))
    site.live.put("citizen-0", "more", Message("Còn gì nữa không?"))
    await site.live.wake()
    top = "() => document.querySelector('[data-id=long]').getBoundingClientRect().top"
    top += " - document.getElementById('log').getBoundingClientRect().top"
    await expect(page.get_by_role("button", name="Tin mới nhất")).to_be_visible()
    assert 0 <= int(await page.evaluate(top)) < 40
    await say(page, "Cảm ơn")
    await expect(page.get_by_text("Bạn viết: Cảm ơn")).to_be_in_viewport()


async def test_long_history_is_drawn_in_parts(page: Page, site: Site) -> None:
    for i in range(300):
        site.live.put("citizen-0", f"n{i}", Message(f"Tin số {i}."))
    await page.reload()
    await expect(page.get_by_text("Tin số 299.")).to_be_in_viewport()
    await expect(page.locator(".message")).to_have_count(120)
    await page.get_by_role("button", name="Xem tin cũ hơn").click()
    await expect(page.locator(".message")).to_have_count(240)
