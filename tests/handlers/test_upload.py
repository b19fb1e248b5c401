"""The upload page over the wire: what a link shows, what is taken by it, and who is kept out."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from handlers.web_upload import Seen
from tests.handlers.fake_live import FakeLive
from tests.handlers.fake_uploads import BLURRED, GOOD, HELPER, OWN, FakeUploads
from tests.handlers.web_client import OURS, Client, error

JPEG = b"\xff\xd8\xff"
ENDED = "Liên kết không dùng được nữa"


async def send(client: Client, token: str, query: str, data: bytes = JPEG, by: str = "") -> ClientResponse:
    headers = OURS | {"X-Motcua-By": by}
    return await client.post(f"/gui/{token}/anh?{query}", data=io.BytesIO(data), headers=headers)


async def test_page_may_use_the_camera_and_tells_nobody_of_its_link(client: Client) -> None:
    response = await client.get(f"/gui/{OWN}")
    assert response.status == 200
    assert response.headers["Permissions-Policy"] == "camera=(self), microphone=(), geolocation=()"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    page = await response.text()
    assert OWN not in page
    assert "Giấy chứng sinh" not in page


async def test_own_link_shows_all_papers_and_the_way_back(citizen: Client) -> None:
    facts = await (await citizen.get(f"/gui/{OWN}/giay")).json()
    assert [paper["key"] for paper in facts["papers"]] == ["giay-chung-sinh", "giay-to-tuy-than"]
    assert (facts["helper"], facts["chat"], facts["until"]) == (False, True, "15 giờ 20 hôm nay")
    assert "address" not in facts


async def test_on_another_device_there_is_no_chat_to_go_back_to(client: Client) -> None:
    facts = await (await client.get(f"/gui/{OWN}/giay")).json()
    assert facts["chat"] is False


async def test_helper_sees_one_paper_and_where_it_goes(citizen: Client) -> None:
    facts = await (await citizen.get(f"/gui/{HELPER}/giay")).json()
    assert facts == {
        "office": "Bộ phận một cửa xã Thạch Hà",
        "helper": True,
        "papers": [
            {
                "key": "giay-chung-sinh",
                "name": "Giấy chứng sinh",
                "hint": "Bản do bệnh viện cấp. Chụp rõ cả dấu đỏ.",
                "shape": "page",
                "sent": "",
                "next": "",
                "complete": False,
            }
        ],
        "until": "15 giờ 20, Thứ Ba 24/11/2026",
        "back": "",
        "chat": False,
        "max_upload": 1024 * 1024,
    }


async def test_file_is_sent_once_and_looked_at(client: Client, uploads: FakeUploads) -> None:
    uploads.verdicts = [Seen("checking"), Seen("good", GOOD)]
    for _ in range(2):  # the first answer was lost on its way
        kept = await send(client, HELPER, "id=a1&paper=giay-chung-sinh", by="B%C3%A0%20T%C3%A1m")
        assert (kept.status, await kept.json()) == (200, {"id": "tep-a1", "refused": ""})
    assert uploads.events == [(HELPER, "a1", "giay-chung-sinh", "Bà Tám")]
    seen = await client.get(f"/gui/{HELPER}/xem?id=tep-a1")
    assert await seen.json() == {"state": "checking", "text": "", "picture": False}
    uploads.found["tep-a1"] = Seen("good", GOOD)
    assert (await (await client.get(f"/gui/{HELPER}/xem?id=tep-a1")).json())["text"] == GOOD


async def test_poor_picture_is_shown_marked_and_may_be_used(client: Client, uploads: FakeUploads) -> None:
    uploads.verdicts, uploads.marked = [Seen("poor", BLURRED, picture=True)], JPEG
    await send(client, OWN, "id=a1&paper=giay-chung-sinh")
    seen = await (await client.get(f"/gui/{OWN}/xem?id=tep-a1")).json()
    assert seen == {"state": "poor", "text": BLURRED, "picture": True}
    shown = await client.get(f"/gui/{OWN}/anh/tep-a1")
    assert (shown.content_type, shown.headers["Cache-Control"], await shown.read()) == ("image/jpeg", "no-store", JPEG)
    used = await client.post(f"/gui/{OWN}/dung", json={"id": "a2", "file": "tep-a1"}, headers=OURS)
    assert (await used.json())["state"] == "good"


@pytest.mark.parametrize(
    ("query", "data", "words"),
    [
        ("id=a1&paper=giay-chung-sinh", b"", "Tệp này bị rỗng."),
        ("id=a1&paper=giay-chung-sinh", b"x" * (1024 * 1024 + 1), "Tệp này lớn quá."),
        ("id=a1&paper=giay-chung-sinh&size=99999999", b"", "Tệp này lớn quá."),
    ],
)
async def test_sizes_are_limited(client: Client, uploads: FakeUploads, query: str, data: bytes, words: str) -> None:
    response = await send(client, OWN, query, data)
    assert await response.json() == {"id": "", "refused": words}
    assert uploads.files == {}


async def test_who_has_no_link_is_refused_before_the_bytes_are_read(client: Client) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            asked.append(1)
            yield b"x" * 65_536
            await asyncio.sleep(0.01)

    asked: list[int] = []
    response = await client.post("/gui/none/anh?id=a1&paper=x", data=endless(), headers=OURS)
    assert response.status == 410
    response.close()
    assert len(asked) < 16


@pytest.mark.parametrize("query", ["", "paper=x", "id=" + "x" * 65, "id=a:1", "id=a1&paper=" + "x" * 61, "id=%00"])
async def test_file_needs_an_id_and_a_paper(client: Client, uploads: FakeUploads, query: str) -> None:
    assert (await send(client, OWN, query)).status == 400
    assert uploads.events == []


@pytest.mark.parametrize("token", ["none", "x" * 65, "%00", "a:b"])
async def test_link_that_is_good_for_nothing_says_so(client: Client, token: str) -> None:
    page = await client.get(f"/gui/{token}")
    assert (page.status, page.headers["Referrer-Policy"]) == (410, "no-referrer")
    assert ENDED in await page.text()
    for path in ("giay", "xem?id=a"):
        gone = await client.get(f"/gui/{token}/{path}")
        assert gone.status == 410
        assert (await error(gone)).startswith(ENDED)
    assert (await send(client, token, "id=a1&paper=giay-chung-sinh")).status == 410
    assert (await client.get(f"/gui/{token}/anh/tep-a1")).status == 404


async def test_other_sites_can_send_nothing(client: Client, uploads: FakeUploads) -> None:
    path = f"/gui/{OWN}/anh?id=a1&paper=giay-chung-sinh"
    assert (await client.post(path, data=JPEG)).status == 403
    assert (await client.post(path, data=JPEG, headers=OURS | {"Origin": "https://evil.example"})).status == 403
    body = {"id": "a2", "file": "tep-a1"}
    assert (await client.post(f"/gui/{OWN}/dung", json=body, headers={"Origin": "null"})).status == 403
    assert uploads.events == []


async def test_link_opens_nothing_else(client: Client, live: FakeLive) -> None:
    for path in ("/api/messages", "/api/file/tep-a1"):
        assert (await client.get(path, headers={"Cookie": f"motcua={OWN}"})).status == 401
    assert live.events == []


async def test_link_is_in_no_log(client: Client, uploads: FakeUploads, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "aiohttp.access")  # which no door of ours is run with
    caplog.set_level(logging.DEBUG)
    uploads.broken = True
    assert (await client.get(f"/gui/{OWN}/giay")).status == 500
    assert [OWN in record.getMessage() for record in caplog.records] == [False] * len(caplog.records)
    assert any("/gui/{token}/giay failed" in record.getMessage() for record in caplog.records)
