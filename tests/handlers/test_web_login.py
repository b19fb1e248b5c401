"""An officer's log-in in the browser: a button, two digits or a code, and a cookie that nobody else can have set."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from handlers.web import web_app
from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import OURS, Client

SHOWN = ("47", "Zalo")
CODED = ("", "SMS 098****111")
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36"


@pytest.fixture
async def secure() -> AsyncIterator[tuple[Client, FakeLive]]:
    """As people reach it: by https, which a proxy brings."""
    live = FakeLive()
    async with TestClient(TestServer(web_app(live, base_url="https://motcua.example"))) as client:
        yield client, live


async def test_a_link_opens_nothing_before_it_is_confirmed(client: Client, live: FakeLive) -> None:
    live.asked["link"] = SHOWN
    moved = await client.post("/canbo/vao/link", allow_redirects=False, headers={"User-Agent": WINDOWS})
    assert (moved.status, moved.headers["Location"]) == (303, "../cho")  # no key in the address of what follows
    assert live.browser == "Chrome trên Windows"
    assert "motcua_canbo" not in moved.cookies
    assert (moved.cookies["motcua_vao"]["httponly"], moved.cookies["motcua_vao"]["samesite"]) == (True, "Strict")

    page = await client.get("/canbo/cho")
    words = await page.text()
    assert page.headers["Refresh"] == "3"
    assert ">47<" in words
    assert "Zalo" in words
    assert (await client.post("/canbo/api/hello", headers=OURS)).status == 401

    live.confirmed.add("cua-may-nay")
    moved = await client.get("/canbo/cho", allow_redirects=False)
    assert (moved.status, moved.headers["Location"]) == (303, "../canbo")
    assert moved.cookies["motcua_canbo"].value == "confirmed-cookie"
    assert moved.cookies["motcua_vao"].value == ""
    assert (await client.post("/canbo/api/hello", headers=OURS)).status == 200
    assert (await client.get("/canbo/cho")).status == 410  # once


async def test_a_code_is_typed_in_the_browser_that_asked(client: Client, live: FakeLive) -> None:
    live.asked["link"] = CODED
    page = await client.post("/canbo/vao/link")
    words = await page.text()
    assert "098****111" in words
    assert 'autocomplete="one-time-code"' in words
    assert "Refresh" not in page.headers  # it would wipe what is being typed
    wrong = await client.post("/canbo/cho", data={"ma": "111 111"}, allow_redirects=False)
    assert (wrong.status, "Mã chưa đúng" in await wrong.text()) == (200, True)
    right = await client.post("/canbo/cho", data={"ma": "246 810"}, allow_redirects=False)
    assert right.cookies["motcua_canbo"].value == "confirmed-cookie"


async def test_another_browser_waits_for_nothing(client: Client, live: FakeLive) -> None:
    live.asked["link"] = SHOWN
    await client.post("/canbo/vao/link")
    live.confirmed.add("cua-may-nay")
    client.session.cookie_jar.clear()
    for answer in (await client.get("/canbo/cho"), await client.post("/canbo/cho", data={"ma": "246810"})):
        assert answer.status == 410
        assert not answer.cookies.get("motcua_canbo")


async def test_other_sites_can_neither_use_a_link_nor_type_a_code(client: Client, live: FakeLive) -> None:
    live.asked["link"] = CODED
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert (await client.post("/canbo/vao/link", headers=headers)).status == 403
        assert (await client.post("/canbo/cho", data={"ma": "246810"}, headers=headers)).status == 403
    assert "link" in live.asked
    assert (await client.post("/canbo/cho", data=b"\xff\xfe", headers={"Content-Type": "multipart/x"})).status < 500


async def test_who_was_often_wrong_reads_when_to_come_back(client: Client) -> None:
    page = await client.post("/canbo/vao/cho")
    assert page.status == 429
    assert "4 phút" in await page.text()


async def test_over_https_an_officers_cookie_can_only_be_ours(secure: tuple[Client, FakeLive]) -> None:
    client, live = secure
    moved = await client.post("/canbo/vao/mot-lan", allow_redirects=False)
    cookie = moved.cookies["__Host-motcua_canbo"]
    assert (cookie.value, cookie["secure"], cookie["path"], cookie["domain"]) == ("officer-cookie", True, "/", "")
    assert moved.headers["Strict-Transport-Security"].startswith("max-age=")
    live.officer("planted")
    planted = {**OURS, "Cookie": "motcua_canbo=planted"}
    assert (await client.post("/canbo/api/hello", headers=planted)).status == 401
    ours = {**OURS, "Cookie": "__Host-motcua_canbo=officer-cookie"}
    assert (await client.post("/canbo/api/hello", headers=ours)).status == 200


async def test_over_https_citizens_keep_the_cookie_of_an_older_release(secure: tuple[Client, FakeLive]) -> None:
    client, live = secure
    _, old = await live.open(None)
    headers = {**OURS, "Cookie": f"motcua={old}"}
    answer = await client.post("/api/hello", json={}, headers=headers)
    assert (answer.status, answer.cookies) == (200, {})
    assert len(live.sessions) == 1
    new = await client.post("/api/hello", json={}, headers=OURS)
    assert "__Host-motcua" in new.cookies


async def test_a_page_that_is_only_open_is_not_in_use(officer: Client, live: FakeLive) -> None:
    live.uses = 0
    await officer.get("/canbo/api/messages")
    await officer.post("/canbo/api/read", json={"revision": 1}, headers=OURS)
    assert live.uses == 0
    await officer.post("/canbo/api/send", json={"id": "a", "text": "chào"}, headers=OURS)
    assert live.uses == 1


async def test_pages_of_the_log_in_send_their_address_nowhere(client: Client, live: FakeLive) -> None:
    live.asked["link"] = SHOWN
    for page in (
        await client.get("/canbo/vao/link"),
        await client.post("/canbo/vao/link"),
        await client.get("/canbo/cho"),
    ):
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["Cache-Control"] == "no-store"
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "Strict-Transport-Security" not in page.headers  # not where there is no https
