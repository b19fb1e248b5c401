"""Files through the web door, in and out."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from conversations.messages import File, FileSent, Unsupported
from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import OURS, Client, error


async def upload(client: Client, data: bytes, query: str, media_type: str = "image/jpeg") -> ClientResponse:
    return await client.post(f"/api/upload?{query}", data=io.BytesIO(data), headers=OURS | {"Content-Type": media_type})


async def test_upload_keeps_the_bytes_and_tells_the_bot(citizen: Client, live: FakeLive) -> None:
    response = await upload(citizen, b"\xff\xd8\xff", "id=u1&name=gi%E1%BA%A5y.jpg&album=a1&reply_to=m1")
    assert (response.status, await response.json()) == (200, {})
    file = File("tep0", "image/jpeg", 3, "giấy.jpg")
    assert live.events[-1] == ("citizen-0", "u1", FileSent(file, album="a1", reply_to="m1"))
    assert live.files["tep0"][1] == b"\xff\xd8\xff"


async def test_empty_upload_is_answered_by_the_bot(citizen: Client, live: FakeLive) -> None:
    response = await upload(citizen, b"", "id=u1&name=a.jpg")
    assert (response.status, await response.json()) == (200, {"refused": "empty-file"})
    assert live.events[-1] == ("citizen-0", "u1", Unsupported("empty-file"))


async def test_too_large_an_upload_is_answered_by_the_bot(citizen: Client, live: FakeLive) -> None:
    response = await upload(citizen, b"x" * (1024 * 1024 + 1), "id=u1&name=a.jpg")
    assert (response.status, await response.json()) == (200, {"refused": "too-large"})
    assert (live.events[-1], live.files) == (("citizen-0", "u1", Unsupported("too-large")), {})


async def test_upload_without_a_length_is_measured_on_the_way(citizen: Client, live: FakeLive) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    response = await citizen.post("/api/upload?id=u1", data=endless(), headers=OURS)
    assert await response.json() == {"refused": "too-large"}
    assert live.files == {}


async def test_page_may_ask_first_whether_a_file_is_too_large(citizen: Client, live: FakeLive) -> None:
    assert await (await upload(citizen, b"", "id=u1&size=99999999")).json() == {"refused": "too-large"}


async def test_largest_upload_fits(citizen: Client, live: FakeLive) -> None:
    assert await (await upload(citizen, b"x" * 1024 * 1024, "id=u1&name=a.jpg")).json() == {}


@pytest.mark.parametrize("query", ["", "name=a.jpg", "id=" + "x" * 65, "id=u1&album=" + "x" * 65])
async def test_upload_needs_an_id(citizen: Client, live: FakeLive, query: str) -> None:
    assert (await upload(citizen, b"x", query)).status == 400
    assert len(live.events) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Ảnh\\giấy.jpg", "giấy.jpg"),
        ("a\r\nX: y.jpg", "aX: y.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("x" * 300 + ".jpeg", "x" * 108 + ".jpeg"),
        ("", ""),
    ],
)
async def test_names_are_made_plain(citizen: Client, live: FakeLive, given: str, kept: str) -> None:
    headers = OURS | {"Content-Type": "image/jpeg"}
    await citizen.post("/api/upload", params={"id": "u1", "name": given}, data=b"x", headers=headers)
    assert live.files["tep0"][0].name == kept


async def test_photo_is_shown_in_place_but_may_do_nothing(citizen: Client, live: FakeLive) -> None:
    await upload(citizen, b"\xff\xd8\xff", "id=u1&name=gi%E1%BA%A5y%20%22A%22.jpg")
    response = await citizen.get("/api/file/tep0")
    assert await response.read() == b"\xff\xd8\xff"
    assert response.content_type == "image/jpeg"
    assert response.headers["Content-Security-Policy"] == "sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == (
        "inline; filename=\"gi_y__A_.jpg\"; filename*=UTF-8''gi%E1%BA%A5y%20%22A%22.jpg"
    )


async def test_large_files_come_out_whole(citizen: Client, live: FakeLive) -> None:
    live.files["big"] = (File("big", "image/png", 5_000_000), b"x" * 5_000_000, "citizen-0")
    assert len(await (await citizen.get("/api/file/big")).read()) == 5_000_000


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "application/javascript", "nonsense"])
async def test_other_files_are_only_saved(citizen: Client, media_type: str) -> None:
    await upload(citizen, b"<script>alert(1)</script>", "id=u1&name=a.html", media_type)
    response = await citizen.get("/api/file/tep0")
    assert response.content_type == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment; ")


async def test_files_of_others_are_not_found(citizen: Client, live: FakeLive) -> None:
    file = File("tep9", "image/jpeg", 1, "a.jpg")
    live.files["tep9"] = (file, b"x", "citizen-9")
    response = await citizen.get("/api/file/tep9")
    assert (response.status, await error(response)) == (404, "Không tìm thấy tệp này.")
    assert (await citizen.get("/api/file/none")).status == 404


async def test_a_file_that_is_on_its_way_is_asked_for_again(officer: Client, live: FakeLive) -> None:
    """A picture in a page by the page itself; a tab of its own is loaded again by the browser."""
    live.files["tep9"] = (File("tep9", "image/jpeg", 1, "a.jpg"), b"x", "citizen-9")
    live.on_their_way.add("tep9")
    response = await officer.get("/canbo/api/file/tep9")
    assert (response.status, response.headers["Retry-After"], response.headers["Refresh"]) == (503, "5", "5")
    assert (response.headers["Cache-Control"], response.content_type) == ("no-store", "text/plain")
    assert "đang được tải về" in await response.text()
    live.on_their_way.clear()
    assert await (await officer.get("/canbo/api/file/tep9")).read() == b"x"


async def test_officer_computers_keep_no_files(officer: Client, live: FakeLive) -> None:
    live.files["tep9"] = (File("tep9", "image/jpeg", 1, "a.jpg"), b"x", "citizen-9")
    response = await officer.get("/canbo/api/file/tep9")
    assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")


async def test_a_file_sent_once_more_is_kept_once(citizen: Client, live: FakeLive) -> None:
    for _ in range(2):
        assert await (await upload(citizen, b"x", "id=u1&name=a.jpg")).json() == {}
    assert (len(live.files), len(live.events)) == (1, 2)  # the greeting is the other one


@pytest.mark.parametrize("given", ["", "x/" + "y" * 200, "text/html,image/png", "jpeg", 'image/"jpeg"'])
async def test_what_is_no_type_is_any_type(citizen: Client, live: FakeLive, given: str) -> None:
    await upload(citizen, b"x", "id=u1", given)
    assert live.files["tep0"][0].media_type == "application/octet-stream"


@pytest.mark.parametrize("event_id", ["a%00b", "%C2%B2", "a%0Ab", "gi%E1%BA%A5y"])
async def test_ids_are_plain_letters(citizen: Client, live: FakeLive, event_id: str) -> None:
    assert (await upload(citizen, b"x", f"id={event_id}")).status == 400
    assert live.files == {}
