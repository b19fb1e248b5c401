"""Links that open a session."""

from __future__ import annotations

import pytest

from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import OURS, Client


async def test_return_link_opens_the_chat_elsewhere(citizen: Client, live: FakeLive) -> None:
    made = await (await citizen.post("/api/return-link", headers=OURS)).json()
    assert made["url"] == str(citizen.make_url("/r/tro-lai-0"))
    assert made["svg"].startswith("<svg xmlns=")
    citizen.session.cookie_jar.clear()
    page = await citizen.get("/r/tro-lai-0")
    assert (page.status, page.cookies) == (200, {})  # a preview changes nothing
    assert '<form method="post">' in await page.text()
    moved = await citizen.post("/r/tro-lai-0", allow_redirects=False)
    assert (moved.status, moved.headers["Location"]) == (303, "../")
    assert moved.cookies["motcua"].value == "cookie-0"
    assert (await citizen.get("/api/messages")).status == 200


async def test_login_link_works_once(client: Client) -> None:
    assert (await client.get("/canbo/vao/mot-lan")).status == 200
    moved = await client.post("/canbo/vao/mot-lan", allow_redirects=False)
    assert (moved.status, moved.headers["Location"]) == (303, "../../canbo")
    hello = await (await client.post("/canbo/api/hello", headers=OURS)).json()
    assert hello["staff"] == {"name": "Nguyễn Thị Hoa"}
    again = await client.post("/canbo/vao/mot-lan", allow_redirects=False)
    assert (again.status, again.cookies) == (410, {})
    assert "Liên kết không dùng được nữa" in await again.text()


@pytest.mark.parametrize("path", ["/r/none", "/canbo/vao/none"])
async def test_links_are_refused_to_other_sites_and_when_unknown(client: Client, path: str) -> None:
    assert (await client.post(path, headers={"Origin": "https://evil.example"})).status == 403
    assert (await client.post(path)).status == 410
