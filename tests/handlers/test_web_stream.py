"""What the page is shown, as a list and as a stream."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from conversations.messages import Button, File, Message
from handlers.web import web_app
from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import OURS, Client, send


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


async def test_long_history_is_streamed_whole(citizen: Client, live: FakeLive) -> None:
    for i in range(250):
        live.put("citizen-0", f"n{i}", Message(f"Tin số {i}"))
    async with citizen.get("/api/stream?after=1") as response:
        assert [event["data"]["id"] for event in await events(response, 250)] == [f"n{i}" for i in range(250)]


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


async def test_stream_ends_with_the_session(officer: Client, live: FakeLive) -> None:
    async with officer.get("/canbo/api/stream?after=0") as response:
        await response.content.readline()
        live.sessions.clear()  # the officer has left
        live.put("group", "c1", Message("Không dành cho người đã nghỉ"))
        await live.wake()
        async with asyncio.timeout(5):
            assert b"event" not in await response.content.read()
    assert (await officer.get("/canbo/api/stream?after=0")).status == 401
