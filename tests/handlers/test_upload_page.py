"""The upload page in a browser: camera, files, what is wrong with a picture, and the way back to the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, expect

from handlers.web_upload import Seen
from tests.handlers.browser import Site, attached, phone, photo, shoot
from tests.handlers.fake_uploads import BLURRED, HELPER, OWN
from tests.handlers.test_access import AUDIT, GOOD

pytestmark = pytest.mark.asyncio(loop_scope="module")
TINY = {"width": 320, "height": 568}


async def opened(context: BrowserContext, site: Site, token: str) -> Page:
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    await page.goto(f"{site.url}/gui/{token}")
    await expect(page.locator("#main")).to_have_attribute("aria-busy", "false")
    return page


@pytest_asyncio.fixture(loop_scope="module")
async def own(page: Page, site: Site) -> Page:
    """The citizen's phone, on which the chat is open, with their own link."""
    return await opened(page.context, site, OWN)


@pytest_asyncio.fixture(loop_scope="module")
async def helper(browser: Browser, site: Site) -> AsyncIterator[Page]:
    """A relative's phone: no cookie, no chat."""
    context = await phone(browser)
    yield await opened(context, site, HELPER)
    await context.close()


async def choose(page: Page, data: bytes | None = None) -> None:
    await page.locator("#file-input").set_input_files(attached("giấy.jpg", data=data))


async def test_camera_shows_the_outline_and_sends_its_whole_picture(own: Page, site: Site) -> None:
    await shoot(own, "upload-list")
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    await expect(own.get_by_role("heading", name="Giấy chứng sinh")).to_be_focused()
    await shoot(own, "upload-paper")
    await own.get_by_role("button", name="Chụp ảnh").click()
    camera = own.get_by_role("dialog", name="Chụp giấy")
    shutter = camera.get_by_role("button", name="Chụp", exact=True)
    await expect(shutter).to_be_enabled()
    await expect(camera.get_by_text("Đặt giấy vừa khung")).to_be_visible()
    box = await own.locator("#edge").bounding_box()
    assert box is not None
    assert abs(box["width"] / box["height"] - 210 / 297) < 0.02
    await shoot(own, "upload-camera")
    await shutter.click()
    await expect(own.get_by_role("heading", name="Ảnh dùng được. Đã gửi.")).to_be_focused()
    ((paper, data),) = site.uploads.files.values()
    with Image.open(BytesIO(data)) as sent:
        assert (paper, sent.format, min(sent.size) >= 480) == ("giay-chung-sinh", "JPEG", True)
    running = "() => document.getElementById('video').srcObject !== null"
    assert await own.evaluate(running) is False


async def test_after_a_good_one_the_page_goes_back_to_the_chat_by_itself(own: Page, site: Site) -> None:
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    await choose(own)
    await expect(own.get_by_text("Đang quay lại cuộc trò chuyện…")).to_be_visible()
    await shoot(own, "upload-good")
    await own.wait_for_url(f"{site.url}/")
    await expect(own.get_by_label("Tin nhắn")).to_be_visible()


async def test_whoever_touches_the_page_stays(own: Page, site: Site) -> None:
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    await choose(own)
    await expect(own.get_by_text("Đang quay lại cuộc trò chuyện…")).to_be_visible()
    await own.get_by_role("button", name="Gửi giấy khác").click()
    await own.wait_for_timeout(4500)
    assert own.url == f"{site.url}/gui/{OWN}"
    await expect(own.get_by_role("button", name="Giấy chứng sinh Đã có 1 ảnh · đủ rồi")).to_be_visible()
    await shoot(own, "upload-list-after")


async def test_bad_photo_is_told_and_the_next_one_is_good(own: Page, site: Site) -> None:
    site.uploads.verdicts = [Seen("poor", BLURRED, picture=True)]
    site.uploads.marked = photo()
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    await choose(own)
    await expect(own.get_by_role("heading", name=BLURRED)).to_be_focused()
    marked = own.get_by_role("img", name="Ảnh bạn gửi, chỗ chưa rõ được đánh dấu")
    await expect(marked).to_be_visible()
    assert int(await marked.evaluate("(e) => e.decode().then(() => e.naturalWidth)")) == 1200
    await shoot(own, "upload-poor")
    await own.get_by_role("button", name="Chụp lại").click()
    await own.get_by_role("button", name="Chụp", exact=True).click()
    await expect(own.get_by_role("heading", name="Ảnh dùng được. Đã gửi.")).to_be_visible()
    assert [paper for paper, _ in site.uploads.files.values()] == ["giay-chung-sinh"] * 2


async def test_poor_photo_can_be_used_all_the_same(own: Page, site: Site) -> None:
    site.uploads.verdicts = [Seen("poor", BLURRED)]
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    await choose(own)
    await own.get_by_role("button", name="Vẫn dùng ảnh này").click()
    await expect(own.get_by_role("heading", name="Đã gửi. Cán bộ sẽ xem kỹ ảnh này.")).to_be_visible()
    assert site.uploads.events[-1][2] == "dùng"


async def test_card_has_its_own_outline_and_a_second_side(own: Page, site: Site) -> None:
    await own.get_by_role("button", name="Căn cước").click()
    await own.get_by_role("button", name="Chụp tiếp").click()
    await expect(own.get_by_role("button", name="Chụp", exact=True)).to_be_enabled()
    box = await own.locator("#edge").bounding_box()
    assert box is not None
    assert abs(box["width"] / box["height"] - 85.6 / 54) < 0.02
    await shoot(own, "upload-camera-card")
    await own.get_by_role("button", name="Chụp", exact=True).click()
    await expect(own.get_by_text("Còn cần: mặt sau.")).to_be_visible()
    await shoot(own, "upload-next-side")
    await expect(own.get_by_role("link", name="Quay lại cuộc trò chuyện")).to_be_visible()
    await own.get_by_role("button", name="Chụp tiếp").click()
    await expect(own.get_by_role("heading", name="Căn cước của người đi đăng ký")).to_be_focused()


async def test_without_a_camera_the_phones_own_is_asked(own: Page, site: Site) -> None:
    await own.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }")
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    async with own.expect_file_chooser() as chooser:
        await own.get_by_role("button", name="Chụp ảnh").click()
    await (await chooser.value).set_files(attached("chụp.jpg"))
    await expect(own.get_by_role("heading", name="Ảnh dùng được. Đã gửi.")).to_be_visible()
    assert len(site.uploads.files) == 1


async def test_bad_line_keeps_the_photo_and_sends_it_once(own: Page, site: Site) -> None:
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    await own.route("**/anh?*", lambda route: route.abort())
    await choose(own)
    await expect(own.get_by_role("heading", name="Chưa gửi được vì mạng yếu.")).to_be_visible()
    await shoot(own, "upload-stuck")
    await own.unroute("**/anh?*")
    await own.get_by_role("button", name="Gửi lại").click()
    await expect(own.get_by_role("heading", name="Ảnh dùng được. Đã gửi.")).to_be_visible()
    assert len(site.uploads.events) == 1


async def test_file_that_is_too_large_is_told_at_once(own: Page) -> None:
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    await choose(own, b"x" * 1_200_000)
    await expect(own.get_by_role("heading", name="Tệp này lớn quá.")).to_be_visible()
    await own.get_by_role("button", name="Chụp hoặc chọn lại").click()
    await expect(own.get_by_role("button", name="Chọn ảnh hoặc PDF có sẵn")).to_be_visible()


async def test_helper_sees_their_paper_alone_and_is_named(helper: Page, site: Site) -> None:
    await expect(helper.get_by_role("heading", name="Giấy chứng sinh")).to_be_visible()
    await shoot(helper, "upload-helper")
    assert "Căn cước" not in await helper.locator("body").inner_text()
    await helper.get_by_role("button", name="Chọn ảnh").click()
    await expect(helper.get_by_role("alert")).to_have_text("Bạn ghi tên mình trước nhé, để người nhờ biết ai đã gửi.")
    await expect(helper.get_by_label("Tên bạn")).to_be_focused()
    await helper.get_by_label("Tên bạn").fill("Bà Tám")
    await choose(helper)
    await expect(helper.get_by_text("Cảm ơn bạn! Bạn đóng trang này được rồi.")).to_be_visible()
    await expect(helper.get_by_role("link")).to_have_count(0)
    await shoot(helper, "upload-helper-done")
    assert site.uploads.events == [(HELPER, site.uploads.events[0][1], "giay-chung-sinh", "Bà Tám")]
    await helper.wait_for_timeout(4500)
    assert helper.url == f"{site.url}/gui/{HELPER}"
    await helper.reload()
    await expect(helper.get_by_text("Giấy này đã đủ, không cần gửi thêm.")).to_be_visible()
    await expect(helper.get_by_role("button", name="Chụp ảnh")).to_be_hidden()


async def test_link_that_ends_while_the_page_is_open_says_so(helper: Page, site: Site) -> None:
    del site.uploads.links[HELPER]
    await helper.get_by_label("Tên bạn").fill("Bà Tám")
    await choose(helper)
    await expect(helper.get_by_role("alert")).to_contain_text("Liên kết không dùng được nữa.")
    await helper.reload()
    await expect(helper.get_by_role("heading", name="Liên kết không dùng được nữa")).to_be_visible()
    await shoot(helper, "upload-ended")


async def test_nothing_tells_another_page_of_the_link(own: Page, site: Site) -> None:
    told: list[str] = []
    own.on("request", lambda request: told.append(request.headers.get("referer", "")))
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    await choose(own)
    await own.get_by_role("link", name="Quay lại cuộc trò chuyện").click()
    await own.wait_for_url(f"{site.url}/")
    await expect(own.get_by_label("Tin nhắn")).to_be_visible()
    assert [referrer for referrer in told if OWN in referrer] == []


async def test_small_screen_and_large_type_need_no_sideways_scrolling(browser: Browser, site: Site) -> None:
    context = await phone(browser, TINY)
    page = await opened(context, site, HELPER)
    site.uploads.verdicts = [Seen("poor", BLURRED)]
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wide_main = "() => document.getElementById('main').scrollWidth - document.getElementById('main').clientWidth"
    await shoot(page, "upload-320")
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await shoot(page, "upload-320-large")
    assert (await page.evaluate(wide), await page.evaluate(wide_main)) == (0, 0)
    await page.get_by_label("Tên bạn").fill("Bà Tám")
    await choose(page)
    await expect(page.get_by_role("button", name="Vẫn dùng ảnh này")).to_be_visible()
    assert (await page.evaluate(wide), await page.evaluate(wide_main)) == (0, 0)
    await shoot(page, "upload-320-poor-large")
    await context.close()


async def test_everything_has_a_name_and_room_for_a_thumb(own: Page, site: Site) -> None:
    site.uploads.verdicts = [Seen("poor", BLURRED)]
    assert await own.evaluate(AUDIT) == {**GOOD, "headings": ["H1", "H2"]}
    await own.get_by_role("button", name="Giấy chứng sinh").click()
    assert await own.evaluate(AUDIT) == {**GOOD, "headings": ["H1", "H2"]}
    await own.get_by_role("button", name="Chụp ảnh").click()
    await own.get_by_role("button", name="Chụp", exact=True).wait_for()
    assert await own.evaluate(AUDIT) == {**GOOD, "headings": ["H1", "H2"]}
    await own.get_by_role("button", name="Chụp", exact=True).click()
    await expect(own.get_by_role("button", name="Vẫn dùng ảnh này")).to_be_visible()
    assert await own.evaluate(AUDIT) == {**GOOD, "headings": ["H1", "H2"]}


async def test_everything_goes_by_keyboard(own: Page, site: Site) -> None:
    await own.keyboard.press("Tab")
    await own.keyboard.press("Enter")
    await expect(own.get_by_role("heading", name="Giấy chứng sinh")).to_be_focused()
    await own.keyboard.press("Tab")
    await own.keyboard.press("Enter")
    await expect(own.get_by_role("button", name="Chụp", exact=True)).to_be_focused()
    await own.keyboard.press("Escape")
    await expect(own.get_by_role("dialog", name="Chụp giấy")).to_be_hidden()
    await expect(own.get_by_role("button", name="Chụp ảnh")).to_be_focused()
    await own.keyboard.press("Enter")
    await expect(own.get_by_role("button", name="Chụp", exact=True)).to_be_enabled()
    await own.keyboard.press("Enter")
    await expect(own.get_by_role("heading", name="Ảnh dùng được. Đã gửi.")).to_be_focused()
    assert len(site.uploads.files) == 1
