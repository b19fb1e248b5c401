"""The web door over real HTTP, with a small program behind it that lives in memory."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from conversations.messages import Button, File, FileSent, Message, Pressed, Started, TextSent, Unsupported
from handlers.web import web_app
from tests.handlers.fake_live import OFFICE, FakeLive

Client = TestClient[web.Request, web.Application]
OURS = {"X-Motcua": "1"}


@pytest.fixture
def live() -> FakeLive:
    return FakeLive()


@pytest.fixture
async def client(live: FakeLive) -> AsyncIterator[Client]:
    async with TestClient(TestServer(web_app(live, max_upload_mb=1, heartbeat=0.3))) as client:
        yield client


@pytest.fixture
async def citizen(client: Client) -> Client:
    """A client that has said hello and is citizen-0."""
    await client.post("/api/hello", headers=OURS)
    return client


@pytest.fixture
def officer(live: FakeLive, client: Client) -> Client:
    live.officer()
    client.session.cookie_jar.update_cookies({"motcua_canbo": "officer-cookie"})
    return client


async def error(response: ClientResponse) -> str:
    sentence = (await response.json())["error"]
    assert isinstance(sentence, str)
    return sentence


async def send(client: Client, body: object, **headers: str) -> ClientResponse:
    return await client.post("/api/send", json=body, headers=OURS | headers)


# hello


async def test_hello_opens_a_chat_and_the_bot_greets(client: Client, live: FakeLive) -> None:
    response = await client.post("/api/hello", headers=OURS)
    assert await response.json() == {
        "office": OFFICE,
        "name": "",
        "staff": None,
        "read": 0,
        "max_upload": 1024 * 1024,
    }
    cookie = response.cookies["motcua"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert live.events == [("citizen-0", "start", Started())]


async def test_second_hello_finds_the_chat_and_greets_nobody(citizen: Client, live: FakeLive) -> None:
    response = await citizen.post("/api/hello", headers=OURS)
    assert "motcua" not in response.cookies
    assert len(live.events) == 1


async def test_hello_from_a_poster_carries_its_payload_once(client: Client, live: FakeLive) -> None:
    for _ in range(2):
        await client.post("/api/hello", json={"payload": "khai-sinh", "id": "a1"}, headers=OURS)
    assert live.events == [("citizen-0", "start:a1", Started("khai-sinh"))]


async def test_cookie_is_secure_when_people_come_by_https(live: FakeLive) -> None:
    async with TestClient(TestServer(web_app(live, base_url="https://motcua.example"))) as client:
        response = await client.post("/api/hello", headers=OURS | {"Origin": "https://motcua.example"})
    assert response.cookies["motcua"]["secure"] is True


# send


async def test_text_becomes_an_event_and_an_answer(citizen: Client, live: FakeLive) -> None:
    response = await send(citizen, {"id": "m1", "text": " Tôi muốn làm giấy khai sinh\n", "reply_to": "x"})
    assert (response.status, await response.json()) == (200, {})
    assert live.events[-1] == ("citizen-0", "m1", TextSent("Tôi muốn làm giấy khai sinh", "x"))


async def test_press_becomes_an_event(citizen: Client, live: FakeLive) -> None:
    await send(citizen, {"id": "m1", "press": "open:khai-sinh", "message": "1"})
    assert live.events[-1] == ("citizen-0", "m1", Pressed("open:khai-sinh", "1"))


async def test_repeated_id_does_no_harm(citizen: Client, live: FakeLive) -> None:
    for _ in range(3):
        assert (await send(citizen, {"id": "m1", "text": "Xin chào"})).status == 200
    assert live.texts("citizen-0") == ["Chào bạn! Bạn cần làm thủ tục gì?", "Xin chào", "Bạn viết: Xin chào"]


async def test_ten_thousand_characters_fit(citizen: Client, live: FakeLive) -> None:
    text = "ệ" * 10_000
    assert (await send(citizen, {"id": "m1", "text": text})).status == 200
    assert live.events[-1] == ("citizen-0", "m1", TextSent(text))


async def test_too_long_a_text_is_refused_in_words(citizen: Client, live: FakeLive) -> None:
    response = await citizen.post("/api/send", data=b"{" + b" " * 70_000, headers=OURS)
    assert response.status == 413
    assert await error(response) == "Tin nhắn quá dài. Bạn chia thành nhiều tin ngắn hơn giúp mình nhé."


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"text":"no id"}',
        b'{"id":"","text":"empty id"}',
        b'{"id":1,"text":"a number"}',
        b'{"id":"m","text":"  "}',
        b'{"id":"m","text":"\\u0000"}',
        json.dumps({"id": "m", "press": "x" * 65}).encode(),
        json.dumps({"id": "m" * 65, "text": "long id"}).encode(),
    ],
)
async def test_nonsense_is_refused_and_causes_nothing(citizen: Client, live: FakeLive, body: bytes) -> None:
    response = await citizen.post("/api/send", data=body, headers=OURS)
    assert response.status == 400
    assert await error(response) != ""
    assert len(live.events) == 1


async def test_busy_program_asks_to_come_again(citizen: Client, live: FakeLive) -> None:
    live.busy = True
    response = await send(citizen, {"id": "m1", "text": "Xin chào"})
    assert response.status == 503
    assert await error(response) == "Máy chủ đang bận. Tin của bạn sẽ được gửi lại ngay."


# who may come in

POSTS = ("hello", "send", "upload?id=u1", "read", "return-link", "leave")


@pytest.mark.parametrize("path", POSTS)
async def test_post_without_our_header_is_refused(citizen: Client, live: FakeLive, path: str) -> None:
    response = await citizen.post(f"/api/{path}", json={"id": "m1", "text": "a"})
    assert response.status == 403
    assert await error(response) == "Yêu cầu không đến từ trang này nên không được nhận."
    assert len(live.events) == 1


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", ""])
@pytest.mark.parametrize("path", POSTS)
async def test_post_from_another_origin_is_refused(citizen: Client, live: FakeLive, path: str, origin: str) -> None:
    response = await citizen.post(f"/api/{path}", json={"id": "m1", "text": "a"}, headers=OURS | {"Origin": origin})
    assert response.status == 403
    assert len(live.events) == 1


async def test_post_from_our_own_origin_is_taken(citizen: Client) -> None:
    origin = str(citizen.make_url("/")).rstrip("/")
    assert (await send(citizen, {"id": "m1", "text": "a"}, Origin=origin)).status == 200


@pytest.mark.parametrize("cookie", [{}, {"motcua": "made-up"}, {"motcua": "officer-cookie"}])
@pytest.mark.parametrize("path", ["messages", "stream", "file/tep0"])
async def test_unknown_cookie_reads_nothing(client: Client, live: FakeLive, cookie: dict[str, str], path: str) -> None:
    live.officer()
    response = await client.get(f"/api/{path}", cookies=cookie)
    assert response.status == 401
    assert await error(response) == "Phiên trò chuyện không còn trên máy này. Bạn tải lại trang để tiếp tục."


@pytest.mark.parametrize("call", ["send", "upload?id=u1", "read", "return-link"])
async def test_unknown_cookie_sends_nothing(client: Client, live: FakeLive, call: str) -> None:
    response = await client.post(f"/api/{call}", json={"id": "m1", "text": "a"}, headers=OURS)
    assert (response.status, live.events) == (401, [])


@pytest.mark.parametrize("call", ["hello", "send", "upload?id=u1", "read"])
async def test_citizen_is_no_officer(citizen: Client, live: FakeLive, call: str) -> None:
    citizen.session.cookie_jar.update_cookies({"motcua_canbo": "cookie-0"})
    response = await citizen.post(f"/canbo/api/{call}", json={"id": "m1", "text": "a"}, headers=OURS)
    assert response.status == 401
    assert await error(response) == "Bạn chưa đăng nhập, hoặc phiên làm việc đã hết hạn."


async def test_leaving_forgets_the_cookie(citizen: Client) -> None:
    await citizen.post("/api/leave", headers=OURS)
    assert (await citizen.get("/api/messages")).status == 401


# what is shown


async def test_messages_are_listed_from_a_revision_on(citizen: Client, live: FakeLive) -> None:
    await send(citizen, {"id": "m1", "text": "Xin chào"})
    file = File("tep0", "application/pdf", 7, "tờ khai.pdf")
    card = Message("Thẻ", (Button("Nhận", "take"),), (file,), speaker="Hoa", reply_to="m1", card="dossier:1")
    live.put("citizen-0", "c1", card, private=True)
    listed = await (await citizen.get("/api/messages?after=2")).json()
    assert [one["id"] for one in listed] == ["3", "c1"]
    assert listed[1] == {
        "id": "c1",
        "revision": 4,
        "own": False,
        "at": "2026-11-22T08:30:20Z",
        "private": True,
        "text": "Thẻ",
        "speaker": "Hoa",
        "buttons": [{"label": "Nhận", "value": "take"}],
        "files": [{"url": "api/file/tep0", "type": "application/pdf", "name": "tờ khai.pdf", "size": 7}],
        "reply_to": "m1",
        "card": "dossier:1",
    }


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "٣", "9" * 19])
async def test_revision_must_be_a_number(citizen: Client, after: str) -> None:
    assert (await citizen.get("/api/messages", params={"after": after})).status == 400
    assert (await citizen.get("/api/stream", params={"after": after})).status == 400


async def events(response: ClientResponse, count: int) -> list[dict[str, Any]]:
    """The next `count` events; comments are skipped."""
    found: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    async with asyncio.timeout(5):
        while len(found) < count:
            line = (await response.content.readline()).decode().rstrip("\n")
            name, _, value = line.partition(": ")
            if not line and "data" in event:
                found.append(event | {"data": json.loads(event["data"])})
                event = {}
            elif name:
                event[name] = value
    return found


async def test_stream_gives_history_then_news(citizen: Client, live: FakeLive) -> None:
    async with citizen.get("/api/stream?after=0") as response:
        assert response.content_type == "text/event-stream"
        assert response.headers["X-Accel-Buffering"] == "no"
        (greeting,) = await events(response, 1)
        assert (greeting["id"], greeting["event"]) == ("1", "message")
        await send(citizen, {"id": "m1", "text": "Xin chào"})
        assert [event["data"]["id"] for event in await events(response, 2)] == ["2", "3"]


async def test_stream_goes_on_from_the_last_event_id(citizen: Client, live: FakeLive) -> None:
    for i in range(3):
        await send(citizen, {"id": f"m{i}", "text": "Xin chào"})
    async with citizen.get("/api/stream?after=0", headers={"Last-Event-ID": "5"}) as response:
        assert [event["id"] for event in await events(response, 2)] == ["6", "7"]


async def test_changed_card_comes_again_under_its_id(citizen: Client, live: FakeLive) -> None:
    live.put("citizen-0", "c1", Message("mới", card="dossier:1"))
    async with citizen.get("/api/stream?after=1") as response:
        await events(response, 1)
        live.put("citizen-0", "c1", Message("đã nhận", card="dossier:1"))
        await live.wake()
        (changed,) = await events(response, 1)
    assert (changed["data"]["id"], changed["data"]["text"], changed["id"]) == ("c1", "đã nhận", "3")


async def test_stream_has_a_heartbeat(citizen: Client) -> None:
    async with citizen.get("/api/stream?after=1") as response, asyncio.timeout(5):
        assert await response.content.readline() == b"retry: 2000\n"
        assert await response.content.readline() == b"\n"
        assert await response.content.readline() == b":\n"


async def test_only_so_many_streams_at_once(citizen: Client) -> None:
    streams = [await citizen.get("/api/stream") for _ in range(4)]
    refused = await citizen.get("/api/stream")
    assert refused.status == 429
    streams[0].close()
    await asyncio.sleep(1)  # a reader who went away is noticed at the next look for news
    again = await citizen.get("/api/stream")
    assert again.status == 200
    for stream in [again, *streams]:
        stream.close()


async def test_stop_does_not_wait_for_readers(live: FakeLive) -> None:
    server = TestServer(web_app(live))
    async with TestClient(server) as client:
        await client.post("/api/hello", headers=OURS)
        response = await client.get("/api/stream")
        async with asyncio.timeout(3):
            await server.close()
        response.close()


async def test_read_mark_is_kept(citizen: Client, live: FakeLive) -> None:
    await citizen.post("/api/read", json={"revision": 7}, headers=OURS)
    assert (await (await citizen.post("/api/hello", headers=OURS)).json())["read"] == 7
    assert (await citizen.post("/api/read", json={"revision": -1}, headers=OURS)).status == 400


# files


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


async def test_officer_computers_keep_no_files(officer: Client, live: FakeLive) -> None:
    live.files["tep9"] = (File("tep9", "image/jpeg", 1, "a.jpg"), b"x", "citizen-9")
    response = await officer.get("/canbo/api/file/tep9")
    assert (response.status, response.headers["Cache-Control"]) == (200, "no-store")


# links


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


# the officers' calls


async def test_officer_writes_and_reads(officer: Client, live: FakeLive) -> None:
    await officer.post("/canbo/api/send", json={"id": "s1", "text": "/homnay", "reply_to": "c1"}, headers=OURS)
    assert live.events == [("officer", "s1", TextSent("/homnay", "c1"))]
    listed = await (await officer.get("/canbo/api/messages")).json()
    assert [one["text"] for one in listed] == ["/homnay", "Bạn viết: /homnay"]


# the page's own files


@pytest.mark.parametrize("path", ["/", "/canbo", "/page/chat.js", "/page/chat.css", "/page/icons.svg", "/r/x"])
async def test_pages_carry_their_protection(client: Client, path: str) -> None:
    response = await client.get(path)
    assert response.status == 200
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Permissions-Policy"].startswith("camera=(self)")
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Server"] == "motcua"


async def test_assets_are_packed_and_asked_for_once(client: Client) -> None:
    response = await client.get("/page/chat.js")
    assert response.headers["Content-Encoding"] == "gzip"
    assert (await client.get("/page/chat.js", headers={"If-None-Match": response.headers["ETag"]})).status == 304
    plain = await client.get("/page/chat.js", headers={"Accept-Encoding": "identity"})
    assert await plain.read() == await response.read()


@pytest.mark.parametrize("path", ["/page/link.html", "/page/..%2fweb.py", "/page/none.js", "/canbo/", "/api/none"])
async def test_nothing_else_is_served(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 404
