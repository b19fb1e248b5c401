"""The web door over real HTTP, with a small program behind it that lives in memory."""

from __future__ import annotations

import json

import pytest
from aiohttp.test_utils import TestClient, TestServer

from conversations.messages import Pressed, Started, TextSent
from handlers.web import web_app
from tests.handlers.fake_live import OFFICE, FakeLive
from tests.handlers.web_client import OURS, Client, error, send

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
    assert response.cookies["__Host-motcua"]["secure"] is True


# send


async def test_text_becomes_an_event_and_an_answer(citizen: Client, live: FakeLive) -> None:
    response = await send(citizen, {"id": "m1", "text": " Tôi muốn làm giấy khai sinh\n", "reply_to": "x"})
    assert (response.status, await response.json()) == (200, {})
    assert live.events[-1] == ("citizen-0", "m1", TextSent("Tôi muốn làm giấy khai sinh", "x"))


async def test_an_event_says_which_network_it_comes_from(citizen: Client, live: FakeLive) -> None:
    """The proxy on this machine has written the last address."""
    for headers, network in (({}, ""), ({"X-Forwarded-For": "8.8.8.8, 113.160.1.9"}, "113.160.1.9")):
        said = json.dumps({"id": f"m{network}", "text": "Chào"})
        response = await citizen.post("/api/send", data=said, headers=OURS | headers)
        assert (response.status, live.network) == (200, network)


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
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Permissions-Policy"].startswith("camera=()")
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


async def test_a_page_cannot_make_an_id_of_our_own(citizen: Client, live: FakeLive) -> None:
    before = len(live.events)
    assert (await send(citizen, {"id": "checked:0123456789abcdef", "text": "Xin chào"})).status == 400
    assert len(live.events) == before
