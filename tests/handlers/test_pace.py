"""Who calls too often is held up before anything is done for them, and nobody else is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from handlers.pace import Buckets, Pace
from handlers.web import web_app
from handlers.web_pace import WebPace, kind_of
from tests.handlers.fake_live import FakeLive
from tests.handlers.web_client import OURS, Client, error


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    buckets = Buckets(Pace(3, 0.5), clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]
    assert buckets.take("b") == 0
    assert not buckets.room("a")
    clock.now = 2.0
    assert buckets.room("a")
    assert [buckets.take("a") for _ in range(2)] == [0, 2]
    clock.now = 1_000.0
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_a_cost_above_the_whole_bucket_takes_all_of_it() -> None:
    clock = Clock()
    buckets = Buckets(Pace(10, 1), clock=clock)
    assert buckets.take("a", 25) == 0
    assert buckets.take("a") > 0


def test_memory_is_bounded_whoever_calls() -> None:
    buckets = Buckets(Pace(2, 1), most=100, clock=Clock())
    for number in range(5_000):
        buckets.take(number)
    assert len(buckets._left) <= 100  # noqa: SLF001
    assert [buckets.take(4_999) for _ in range(2)] == [0, 1]  # who called last is known


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/api/send", "say"),
        ("POST", "/canbo/api/send", "say"),
        ("POST", "/api/upload", "file"),
        ("POST", "/gui/token/anh", "file"),
        ("POST", "/api/hello", "new"),
        ("GET", "/api/stream", "look"),
        ("GET", "/congkhai", "look"),
        ("GET", "/gui/token", "look"),
        ("GET", "/api/file/x", "look"),
        ("POST", "/canbo/vao/x", "key"),
        ("GET", "/xem/x", "key"),
        ("POST", "/chinhthuc", "key"),
        ("POST", "/thu/x", "key"),
        ("GET", "/", ""),
        ("GET", "/page/chat.js", ""),
        ("POST", "/zalo", ""),
        ("POST", "/telegram/staff", ""),
        ("POST", "/payments/sepay", ""),
    ],
)
def test_each_call_is_held_to_the_pace_of_its_kind(method: str, path: str, kind: str) -> None:
    assert kind_of(method, path) == kind


@pytest.fixture
async def paced(live: FakeLive) -> AsyncIterator[Client]:
    """So slow that one or two calls are enough, and that no test waits until it may call again. It keeps no cookies."""
    app = web_app(live, max_upload_mb=1, pace=0.02)
    async with TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client:
        yield client


async def say(client: Client, number: int, cookie: str) -> int:
    body, headers = {"id": f"id-{number}", "text": "chào"}, {**OURS, "Cookie": f"motcua={cookie}"}
    return (await client.post("/api/send", json=body, headers=headers)).status


async def test_one_browser_is_held_up_and_another_is_not(paced: Client, live: FakeLive) -> None:
    (_, one), (_, other) = await live.open(None), await live.open(None)
    assert [await say(paced, number, one) for number in range(3)] == [200, 429, 429]
    seen = len(live.events)
    headers = {**OURS, "Cookie": f"motcua={one}"}
    refused = await paced.post("/api/send", json={"id": "late", "text": "chào"}, headers=headers)
    assert "gửi lại sau ít giây" in await error(refused)
    assert int(refused.headers["Retry-After"]) >= 1
    assert len(live.events) == seen  # nothing was done for it
    assert await say(paced, 999, other) == 200


@pytest.mark.parametrize("invented", ["motcua_canbo", "__Host-motcua", "__Host-motcua_canbo"])
async def test_cookies_that_count_for_nothing_change_nothing(paced: Client, live: FakeLive, invented: str) -> None:
    _, own = await live.open(None)
    said = [await say(paced, number, f"{own}; {invented}=x{number}") for number in range(3)]
    assert said == [200, 429, 429]


async def test_one_network_is_held_up_however_many_cookies_it_invents(paced: Client) -> None:
    """As long as the proxy tells where calls come from."""
    here, there = {"X-Forwarded-For": "113.160.1.2"}, {"X-Forwarded-For": "113.160.1.3"}

    async def hello(cookie: str, where: dict[str, str]) -> int:
        return (await paced.post("/api/hello", headers={**OURS, **where, "Cookie": f"motcua={cookie}"})).status

    assert [await hello(f"x{number}", here) for number in range(5)] == [200, 200, 429, 429, 429]
    assert await hello("y", there) == 200


async def test_links_cannot_be_tried_by_the_thousand(paced: Client) -> None:
    here = {"X-Forwarded-For": "113.160.1.2"}
    statuses = [(await paced.post(f"/canbo/vao/x{number}", headers=here)).status for number in range(5)]
    assert statuses == [410, 410, 429, 429, 429]


def test_too_many_bytes_are_held_up_before_they_are_read() -> None:
    pace = WebPace()

    def sends(cookie: str, size: str | None = str(20 * 2**20)) -> bool:
        headers = {"Cookie": f"motcua={cookie}"} | ({"Content-Length": size} if size else {})
        return not pace._wait("file", make_mocked_request("POST", "/api/upload?id=x", headers=headers))  # noqa: SLF001

    assert [sends("a") for _ in range(22)] == [True] * 20 + [False] * 2  # 400 MB
    assert sends("a", str(15 * 2**20)) is False  # it fills by 20 KB a second
    assert sends("b", None)  # whoever does not say how much it is, is taken for the most
    assert [sends("b", None) for _ in range(20)][-1] is False


async def test_a_citizen_sends_so_many_files_a_day(citizen: Client, live: FakeLive) -> None:
    live.most_files = 2
    for number in range(2):
        assert (await citizen.post(f"/api/upload?id=f{number}", data=b"x", headers=OURS)).status == 200
    refused = await citizen.post("/api/upload?id=f9", data=b"x", headers=OURS)
    assert refused.status == 403
    assert "mai gửi tiếp" in await error(refused)
    assert (await citizen.post("/api/upload?id=f0", data=b"x", headers=OURS)).status == 200  # the same once more
