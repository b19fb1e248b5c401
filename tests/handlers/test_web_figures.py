"""The public page of figures over real HTTP: what is said, and that nothing of it is below five or needs a script."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Final

import pytest
from aiohttp.test_utils import TestClient, TestServer
from msgspec.structs import replace

from bot.figures_page import as_page
from conversations import public_figures
from conversations.public_figures import PublicPage
from domain.dossier import Status
from domain.figures import Facts, Month, WorkingDays, month_figures, month_in
from handlers.web import web_app
from handlers.web_assets import FOLDER
from handlers.web_figures import Page, figures_routes
from tests.domain.test_figures import CALENDAR
from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import Client

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
NOVEMBER = Month(2026, 11)


def dossiers() -> list[Facts]:
    """Twenty births and eleven deaths, done but for some; two late, one refused."""
    begun = NOW - timedelta(days=20)
    made = Facts("a", "khai-sinh", Status.DONE, begun, begun, answered_at=begun, answered_late=False)
    made = replace(made, accepted_at=begun, due_at=NOW, done_at=begun + timedelta(days=5))
    births = [replace(made, done_at=NOW + timedelta(hours=1)) if number < 2 else made for number in range(20)]
    deaths = [replace(made, procedure="khai-tu", done_at=None, status=Status.PROCESSING) for _ in range(11)]
    refused = replace(made, status=Status.REFUSED, done_at=None, closed_at=NOW, stars=2)
    return [*births, *deaths, refused]


def sector(procedure: str) -> str:
    return {"khai-sinh": "Khai <sinh>", "khai-tu": "Khai tử"}[procedure]


def page(month: Month = NOVEMBER) -> PublicPage:
    made = month_figures(dossiers(), sector, month, NOW + timedelta(hours=2), WorkingDays(CALENDAR))
    months = {month: public_figures.weighed(made.whole, made.sectors)[""]}
    return public_figures.page("UBND xã Sơn Tiến", NOW, made, months, (Month(2026, 10), NOVEMBER))


class FakeFigures:
    """Two months of one office; another publishes as well."""

    offices: Final = {"son-tien": "xã Sơn Tiến", "xa-khac": "xã Khác & Bạn"}

    async def page(self, office: str, month: str) -> Page | None:
        asked = month_in(month) if month else NOVEMBER
        known = office in ("", *self.offices) and asked in (NOVEMBER, Month(2026, 10))
        return as_page(page(asked), office, self.offices) if known and asked is not None else None


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web_app(FakeLive())
    app.add_routes(figures_routes(FakeFigures()))
    async with TestClient(TestServer(app)) as client:
        yield client


async def read(client: Client, path: str, status: int = 200) -> str:
    response = await client.get(path)
    assert response.status == status
    return await response.text()


def values(html: str) -> dict[str, str]:
    """The figures by what they are called."""
    found = re.findall(r"<dt>(.*?)</dt><dd><strong>(.*?)</strong> <span>(.*?)</span>", html)
    assert all(about.endswith(".") for _, _, about in found), "each is explained in a sentence"
    return {unescape(name): unescape(value) for name, value, _ in found}


async def test_the_page_says_every_figure_in_words(client: Client) -> None:
    html = await read(client, "/congkhai")
    shown = values(html)
    assert shown["Hồ sơ nhận"] == "32"
    assert shown["Đã giải quyết"] == "20"
    assert shown["Trễ hẹn"] == "dưới 5"
    assert shown["Từ chối"] == "dưới 5"
    assert shown["Đang giải quyết"] == "khoảng 10"
    assert shown["Mức hài lòng"] == "dưới 5 hồ sơ"
    assert shown["Một nửa hồ sơ xong trong"].endswith(" ngày làm việc")
    assert "UBND xã Sơn Tiến, tháng 11/2026" in html


async def test_no_total_gives_the_small_ones_away(client: Client) -> None:
    shown = values(await read(client, "/congkhai"))
    assert shown["Đúng hẹn"] == "không nêu", "20 less 18 would be two who had to wait"
    data = json.loads(await read(client, "/congkhai.json"))
    births = next(row for row in data["tables"]["sectors"] if row["Lĩnh vực"] == "Khai <sinh>")
    assert (births["Đã giải quyết"], births["Đúng hẹn"], births["Trễ hẹn"]) == ("20", "không nêu", "dưới 5")


@pytest.mark.parametrize(("waiting", "told"), [(0, "dưới 5"), (4, "dưới 5"), (5, "khoảng 5"), (8, "khoảng 10")])
def test_what_waits_is_never_told_exactly(waiting: int, told: str) -> None:
    """With all that was received and solved it would tell how many were refused."""
    solved = replace(dossiers()[-1], status=Status.HANDED_OVER)
    open_ = replace(solved, status=Status.ACCEPTED, done_at=None, closed_at=None)
    made = month_figures(
        [*[solved] * 20, *[open_] * waiting], sector, NOVEMBER, NOW + timedelta(hours=2), WorkingDays(CALENDAR)
    )
    assert made.whole["waiting"] == waiting
    months = {NOVEMBER: public_figures.weighed(made.whole, made.sectors)[""]}
    page = public_figures.page("UBND xã Sơn Tiến", NOW, made, months, (NOVEMBER, NOVEMBER))
    assert [line.value for line in page.now if line.key == "waiting"] == [told]


@pytest.mark.parametrize(("few", "births", "deaths"), [(1, "không nêu", "dưới 5 hồ sơ"), (5, "5 trên 5", "1 trên 5")])
def test_stars_of_all_but_a_few_would_tell_the_stars_of_those(few: int, births: str, deaths: str) -> None:
    rated = [replace(dossiers()[-1], status=Status.HANDED_OVER, stars=5) for _ in range(6)]
    others = [replace(dossiers()[-1], status=Status.HANDED_OVER, procedure="khai-tu", stars=1) for _ in range(few)]
    made = month_figures([*rated, *others], sector, NOVEMBER, NOW + timedelta(hours=2), WorkingDays(CALENDAR))
    months = {NOVEMBER: public_figures.weighed(made.whole, made.sectors)[""]}
    told = public_figures.page("UBND xã Sơn Tiến", NOW, made, months, (NOVEMBER, NOVEMBER))
    rows = {row[0]: row[-1] for table in told.tables if table.key == "sectors" for row in table.rows}
    assert (rows["Khai <sinh>"], rows["Khai tử"]) == (births, deaths)


async def test_it_needs_no_script_and_holds_no_style_of_its_own(client: Client) -> None:
    response = await client.get("/congkhai")
    html = await response.text()
    assert re.findall(r"<script|<style|\son[a-z]+=|\sstyle=|javascript:|https?://", html) == []
    assert html.count("<h1") == 1
    assert '<html lang="vi"' in html
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    for style in re.findall(r'href="(page/[a-z]+\.css)"', html):
        assert (await client.get(f"/{style}")).status == 200
    assert "@media print" in (FOLDER / "figures.css").read_text(encoding="utf-8")


async def test_names_are_words_and_no_markup(client: Client) -> None:
    html = await read(client, "/congkhai")
    assert "Khai &lt;sinh&gt;" in html
    assert "<sinh>" not in html
    assert "xã Khác &amp; Bạn" in html


async def test_months_are_chosen_by_links(client: Client) -> None:
    html = await read(client, "/congkhai")
    links = [unescape(link) for link in re.findall(r'<a href="([^"]+)"', html)]
    assert "congkhai?thang=2026-10" in links
    assert not [link for link in links if "2026-12" in link]
    october = await read(client, "/congkhai?thang=2026-10&don-vi=son-tien")
    assert "Tính đến hết tháng." in october
    assert "Hiện nay" not in october
    assert "congkhai?don-vi=son-tien&thang=2026-11" in map(unescape, re.findall(r'<a href="([^"]+)"', october))
    for link in links:
        if link.startswith("congkhai"):
            assert (await client.get(f"/{link}")).status == 200, link


@pytest.mark.parametrize(
    "query",
    ["?thang=2026-12", "?thang=abc", "?don-vi=thuc-hanh", "?thang=" + "1" * 5000, "?don-vi=%00", "?thang=11%2F99999"],
)
async def test_what_is_not_there_is_said_kindly(client: Client, query: str) -> None:
    for path in ("/congkhai", "/congkhai.csv", "/congkhai.json"):
        html = await read(client, path + query, 404)
        assert "Không có số liệu này" in html
        assert 'href="congkhai"' in html


async def test_the_spreadsheet_opens_with_its_letters(client: Client) -> None:
    response = await client.get("/congkhai.csv")
    raw = await response.read()
    assert raw.startswith("\ufeff".encode())
    assert 'filename="so-lieu-2026-11.csv"' in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert ["Hồ sơ nhận", "32"] in [row[:2] for row in rows]
    assert ["Tất cả", "32", "20", "không nêu", "dưới 5", "khoảng 10"] in [row[:6] for row in rows]


async def test_machines_read_the_same(client: Client) -> None:
    data = json.loads(await read(client, "/congkhai.json?thang=2026-11"))
    shown = values(await read(client, "/congkhai?thang=2026-11"))
    assert data["month"] == "2026-11"
    assert data["figures"]["received"] == shown["Hồ sơ nhận"]
    assert data["now"]["waiting"] == shown["Đang giải quyết"]
    assert not [value for value in data["figures"].values() if re.fullmatch(r"[1-4]", value)]


async def test_it_may_be_kept_for_a_minute_and_posted_to_by_nobody(client: Client) -> None:
    assert (await client.get("/congkhai")).headers["Cache-Control"] == "public, max-age=60"
    assert (await client.post("/congkhai")).status == 405


def test_shares_never_say_all_where_one_is_missing() -> None:
    assert public_figures.share(999, 1000) == 99
    assert public_figures.share(1000, 1000) == 100
    assert public_figures.share(1, 1000) == 1
    assert public_figures.share(0, 1000) == 0
    assert public_figures.share(2, 3) == 67
