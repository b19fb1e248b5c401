"""The check page: plain HTML with the headers of the others, nothing taken for markup, and readable on a telephone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from html import escape

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Browser, expect

from handlers import web_check
from handlers.web import web_app
from handlers.web_check import Checked, check_routes
from handlers.web_door import HEADERS
from tests.handlers.browser import PHONE
from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import Client

SLIP = "0123456789abcdef0123456789abcdef"
PAPER = Checked(
    "UBND xã Sơn Tiến đã cấp giấy này",
    (("Loại giấy", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả (Mẫu số 01)"), ("Mã hồ sơ", "H27.XX.YY-261123-0001")),
    ("Chủ hồ sơ xem đầy đủ trong cuộc trò chuyện.",),
    warning="Giấy này đã được thay.",
    code="1a2b 3c4d 5e6f",
    explained="Mã kiểm tra của tệp",
)
UNKNOWN = Checked("Không tìm thấy giấy này", (), ("Gọi 0984 721 482.",), known=False, warning="Đừng tin.")


class FakeChecks:
    """Knows one paper."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def look(self, slip: str, compared: str) -> Checked:
        self.asked.append((slip, compared))
        return PAPER if slip == SLIP else UNKNOWN


@pytest.fixture
def checks() -> FakeChecks:
    return FakeChecks()


def app_of(checks: FakeChecks) -> web.Application:
    app = web_app(FakeLive())
    app.add_routes(check_routes(checks))
    return app


@pytest.fixture
async def client(checks: FakeChecks, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(web_check, "PACE", 0)
    async with TestClient(TestServer(app_of(checks))) as client:
        yield client


async def test_a_paper_of_ours_is_told_with_the_policies_of_the_other_pages(client: Client) -> None:
    response = await client.get(f"/xem/{SLIP}")
    page = await response.text()
    assert response.status == 200
    for words in (PAPER.title, "Mẫu số 01", "H27.XX.YY-261123-0001", PAPER.warning, PAPER.code, *PAPER.notes):
        assert escape(words) in page
    assert response.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.cookies == {}
    assert "<script" not in page
    assert 'name="robots" content="noindex"' in page


@pytest.mark.parametrize("slip", ["0" * 32, "x", "%3Cscript%3E", "..%2f..", "a" * 900])
async def test_what_is_not_ours_gets_the_same_page_with_a_plain_word(client: Client, slip: str) -> None:
    response = await client.get(f"/xem/{slip}")
    page = await response.text()
    assert response.status == 404
    assert UNKNOWN.title in page
    assert UNKNOWN.warning in page
    assert "<form" not in page
    assert "<script>" not in page


async def test_no_answer_comes_before_the_pace_whatever_is_known(
    checks: FakeChecks, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await real(0)

    async with TestClient(TestServer(app_of(checks))) as client:
        monkeypatch.setattr(asyncio, "sleep", sleep)
        for slip in (SLIP, "0" * 32, "x"):
            await client.get(f"/xem/{slip}")
    assert waited.count(web_check.PACE) == 3
    assert web_check.PACE >= 0.1


async def test_what_is_compared_comes_back_as_words(client: Client, checks: FakeChecks) -> None:
    typed = '"><b>1a2b'
    page = await (await client.get(f"/xem/{SLIP}", params={"ma": typed})).text()
    assert checks.asked == [(SLIP, typed)]
    assert f'value="{escape(typed)}"' in page
    assert "<b>" not in page
    await client.get(f"/xem/{SLIP}", params={"ma": "a" * 5000})
    assert len(checks.asked[-1][1]) == web_check.LONGEST


async def test_it_says_whether_the_codes_agree() -> None:
    assert 'class="good"' in web_check.compare(Checked("", (), (), code="1", verdict="Đúng", same=True), "1")
    assert 'class="bad"' in web_check.compare(Checked("", (), (), code="1", verdict="Sai", same=False), "2")
    assert "<p class" not in web_check.compare(Checked("", (), (), code="", verdict="Sai", same=False), "2")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_telephone_shows_it_without_scripts(browser: Browser) -> None:
    server = TestServer(app_of(FakeChecks()))
    await server.start_server()
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    try:
        page = await context.new_page()
        await page.goto(str(server.make_url(f"/xem/{SLIP}")))
        await expect(page.get_by_role("heading", name=PAPER.title)).to_be_visible()
        await page.get_by_label(web_check.TYPED).fill("1a2b 3c4d 5e6f")
        await page.get_by_role("button", name=web_check.COMPARE).click()
        await expect(page.get_by_label(web_check.TYPED)).to_have_value("1a2b 3c4d 5e6f")
        wide = page.locator("body *")
        boxes = [await wide.nth(number).bounding_box() for number in range(await wide.count())]
        assert all(box is None or box["x"] + box["width"] <= PHONE["width"] for box in boxes)
        await expect(page.get_by_role("link", name=web_check.ONWARD)).to_have_attribute("href", "../")
    finally:
        await context.close()
        await server.close()
