"""The pages in a browser: what a citizen and an officer do with them, on good and on bad lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, Route, expect

from conversations.messages import Button, FileSent, Message, Pressed, TextSent, Unsupported
from tests.handlers.browser import SMALL, Site, desk, phone, photo, shoot, started

pytestmark = pytest.mark.asyncio(loop_scope="module")
expect.set_options(timeout=15_000)


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
async def officer(browser: Browser, site: Site) -> AsyncIterator[Page]:
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


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Tin nhắn").fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).click()


def attached(*names: str, data: bytes | None = None) -> list[FilePayload]:
    return [{"name": name, "mimeType": "image/jpeg", "buffer": data or photo()} for name in names]


async def sideways(page: Page) -> int:
    """How many pixels the page, or the conversation, is too wide."""
    wide = "[document.documentElement, document.getElementById('log')].map((e) => e.scrollWidth - e.clientWidth)"
    return max(map(int, await page.evaluate(wide)))


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


# bad lines


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
    await expect(page.get_by_text("Tin số 29")).to_be_in_viewport()
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


# small screens, large type, keyboards


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


# the officers' page


async def test_officer_answers_a_card_that_changes(officer: Page, site: Site) -> None:
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
    await expect(officer.get_by_text("Chỉ mình bạn thấy")).to_be_visible()
    await officer.locator(".card").get_by_role("button", name="Trả lời").click()
    await expect(officer.locator("#replying")).to_contain_text("Hồ sơ K7P4-9XTM-2W")
    await shoot(officer, "staff")
    await say(officer, "Bổ sung mặt sau")
    await expect(officer.locator("#replying")).to_be_hidden()
    await expect(officer.locator(".own .quote")).to_contain_text("Hồ sơ K7P4-9XTM-2W")
    assert site.live.events[-1][2] == TextSent("Bổ sung mặt sau", "c1")

    site.live.put("officer", "c1", Message("Hồ sơ K7P4-9XTM-2W\nNguyễn Thị Hoa đang xử lý", card="dossier:1"))
    await site.live.wake()
    await expect(officer.locator(".card.changed .text")).to_contain_text("đang xử lý")
    await expect(officer.locator(".message").first).to_have_class("message theirs card changed")  # its place stays


async def test_press_of_an_officer_leaves_no_bubble(officer: Page, site: Site) -> None:
    site.live.put("officer", "c1", Message("Hồ sơ", (Button("Tiếp nhận", "accept"),), card="dossier:1"))
    await site.live.wake()
    await officer.get_by_role("button", name="Tiếp nhận").click()
    await expect(officer.get_by_text("Bạn chọn: accept")).to_be_visible()
    await expect(officer.locator(".own")).to_have_count(0)


async def test_chips_send_or_begin_a_command(officer: Page, site: Site) -> None:
    chips = officer.get_by_role("group", name="Lệnh hay dùng")
    await chips.get_by_role("button", name="/homnay").click()
    await expect(officer.get_by_text("Bạn viết: /homnay")).to_be_visible()
    await chips.get_by_role("button", name="/tim").click()
    await expect(officer.get_by_label("Tin nhắn")).to_be_focused()
    await officer.keyboard.type("Bình")
    await officer.keyboard.press("Enter")
    await expect(officer.get_by_text("Bạn viết: /tim Bình")).to_be_visible()


async def test_officer_without_login_is_told_what_to_do(browser: Browser, site: Site) -> None:
    context = await desk(browser)
    page = await context.new_page()
    await page.goto(f"{site.url}/canbo")
    await expect(page.get_by_role("dialog", name="Chưa đăng nhập")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Chưa đăng nhập")).to_be_visible()
    await context.close()


async def test_leaving_forgets_this_device(officer: Page, site: Site) -> None:
    await officer.get_by_role("button", name="Menu").click()
    await officer.get_by_role("button", name="Thoát khỏi máy này").click()
    await officer.get_by_role("button", name="Thoát", exact=True).click()
    await expect(officer.get_by_role("dialog", name="Chưa đăng nhập")).to_be_visible()
