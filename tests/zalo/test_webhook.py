"""The road that Zalo calls: what is let in, and that nothing but 200 is ever told to strangers."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from conversations.messages import TextSent
from handlers import zalo_webhook
from handlers.zalo_events import Done, Happening, TemplateArrived
from handlers.zalo_webhook import Road
from tests.zalo.fake import FakeZalo
from tests.zalo.fake_people import Person


class Took:
    """Whoever takes events."""

    def __init__(self) -> None:
        self.happenings: list[Happening] = []
        self.error: Exception | None = None
        self.wait = asyncio.Event()
        self.wait.set()

    async def take(self, happening: Happening) -> None:
        await self.wait.wait()
        if self.error is not None:
            raise self.error
        self.happenings.append(happening)

    @property
    def said(self) -> list[str]:
        done = [one for one in self.happenings if isinstance(one, Done)]
        return [event.text for one in done for _, event in one.events if isinstance(event, TextSent)]


@pytest.fixture
def took() -> Took:
    return Took()


@pytest.fixture
async def road(zalo: FakeZalo, took: Took, request: pytest.FixtureRequest) -> AsyncIterator[Road]:
    made = Road(took, app_id=zalo.APP_ID, oa=zalo.OA_ID, secret=zalo.OA_KEY, oa_first=getattr(request, "param", False))
    app = web.Application()
    app.add_routes(made.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    zalo.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/zalo"
    yield made
    await runner.cleanup()


@pytest.fixture
def nam(zalo: FakeZalo, road: Road) -> Person:
    assert road.counted.total() == 0
    return zalo.person()


async def test_what_is_signed_is_taken(took: Took, nam: Person) -> None:
    assert await nam.says("Xin chào") == 200
    assert await nam.says("Xin chào", escaped=True, retry=2) == 200
    assert took.said == ["Xin chào", "Xin chào"]


@pytest.mark.parametrize("mac", ["bad", "none", "oa_id"])
async def test_what_is_not_signed_is_not_taken_and_nobody_is_told(
    took: Took, nam: Person, road: Road, mac: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await nam.says("bí mật", mac=mac) == 200
    assert not took.happenings
    assert road.counted["signature"] == 1
    assert "signature" in caplog.text
    assert "bí mật" not in caplog.text


@pytest.mark.parametrize("road", [True], indirect=True)
async def test_the_account_in_front_where_the_operator_says_so(took: Took, nam: Person, road: Road) -> None:
    assert await nam.says("chào", mac="oa_id") == 200
    assert took.said == ["chào"]
    assert road.counted["oa-first"] == 1


async def test_what_is_a_day_old_is_let_go(
    took: Took, nam: Person, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeZalo, "timestamp", staticmethod(lambda: "1757000000000"))
    assert await nam.says("cũ") == 200
    assert not took.happenings
    assert road.counted["old"] == 1


async def test_what_is_too_large_is_let_go(zalo: FakeZalo, took: Took, road: Road) -> None:
    body = io.BytesIO(b"x" * (zalo_webhook.LIMIT + 1))
    async with aiohttp.ClientSession() as session, session.post(zalo.hook, data=body) as answer:
        assert answer.status == 200
    assert not took.happenings
    assert road.counted["large"] == 1


async def test_what_is_new_to_us_is_let_go(took: Took, nam: Person, road: Road) -> None:
    assert await nam.acts("user_call_oa", {"call_id": "1"}) == 200
    assert not took.happenings
    assert road.counted["unknown"] == 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_console_sees_that_somebody_is_there(zalo: FakeZalo, road: Road, method: str) -> None:
    async with aiohttp.ClientSession() as session, session.request(method, zalo.hook) as answer:
        assert answer.status == 200
        assert not await answer.read()
    assert not road.counted


async def test_what_could_not_be_stored_is_asked_for_again(zalo: FakeZalo, took: Took, nam: Person) -> None:
    took.error = OSError("disk full")
    assert await nam.says("quan trọng") == 503
    zalo.complaints.clear()  # Zalo complains, and sends it again
    took.error = None
    assert await nam.says("quan trọng", retry=1) == 200
    assert took.said == ["quan trọng"]


async def test_what_takes_too_long_is_asked_for_again(
    zalo: FakeZalo, took: Took, nam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zalo_webhook, "_PATIENCE", 0.05)
    took.wait.clear()
    assert await nam.says("chậm") == 503
    zalo.complaints.clear()
    took.wait.set()
    await asyncio.sleep(0)
    assert took.said == ["chậm"]  # it went on all the same; the repeat is known by its id


async def test_templates_are_told_apart_by_the_header(zalo: FakeZalo, took: Took, road: Road) -> None:
    event = {
        "event_name": "user_received_message",
        "sender": {"id": zalo.OA_ID},
        "recipient": {"id": "84912345678"},
        "message": {"msg_id": "z1"},
        "timestamp": zalo.timestamp(),
    }
    await zalo.push(event, zns=True)
    assert took.happenings == [TemplateArrived("z1")]
    assert not road.counted
