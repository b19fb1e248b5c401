"""Telegram calls us: only who knows the secret is heard, and only what is durable is acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from conversations.messages import TextSent
from handlers import telegram_webhook
from handlers.telegram_citizens import CitizensBot
from handlers.telegram_poll import Raw
from handlers.telegram_webhook import HEADER, route
from handlers.web import web_app
from tests.handlers.fake_live import FakeLive
from tests.handlers.telegram_citizens_chat import TOKEN, RecordingDoor
from tests.telegram.fake import FakeTelegram

SECRET = "s3cret_-"
PATH = "/telegram/citizens"
OURS = {HEADER: SECRET}
Client = TestClient[web.Request, web.Application]


class Taker:
    def __init__(self) -> None:
        self.taken: list[Raw] = []
        self.fails: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.waiting = asyncio.Semaphore(0)

    async def take(self, raw: Raw) -> None:
        if self.gate is not None:
            self.waiting.release()
            await self.gate.wait()
        if self.fails is not None:
            raise self.fails
        self.taken.append(raw)


@pytest.fixture
def bot() -> Taker:
    return Taker()


@pytest.fixture
async def client(bot: Taker) -> AsyncIterator[Client]:
    app = web_app(FakeLive())  # the one server: what it does for pages must not stand in the way
    app.router.add_routes([route(PATH, bot, SECRET), route("/telegram/staff", Taker(), "another")])
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_an_update_is_acknowledged_when_it_is_durable(client: Client, bot: Taker) -> None:
    bot.gate = asyncio.Event()
    call = asyncio.create_task(_post(client, {"update_id": 1}))
    await bot.waiting.acquire()
    assert not call.done()
    bot.gate.set()
    assert await call == 200
    assert bot.taken == [{"update_id": 1}]


async def test_several_updates_at_the_same_time(client: Client, bot: Taker) -> None:
    bot.gate = asyncio.Event()
    calls = [asyncio.create_task(_post(client, {"update_id": number})) for number in range(5)]
    for _ in calls:
        await bot.waiting.acquire()
    bot.gate.set()
    assert await asyncio.gather(*calls) == [200] * 5


@pytest.mark.parametrize(
    "headers",
    [{}, {HEADER: ""}, {HEADER: "s3cret_"}, {HEADER: "S3CRET_-"}, {HEADER: "another"}, {HEADER: "bí mật"}],
)
async def test_a_wrong_secret_is_not_heard(client: Client, bot: Taker, headers: dict[str, str]) -> None:
    response = await client.post(PATH, json={"update_id": 1}, headers=headers)
    assert response.status == 401
    assert bot.taken == []


async def test_a_wrong_secret_is_refused_before_the_body_is_read(client: Client) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n".encode())
    async with asyncio.timeout(5):
        assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()


async def test_what_could_not_be_stored_comes_again(client: Client, bot: Taker) -> None:
    bot.fails = OSError("disk full")
    assert await _post(client, {"update_id": 1}) == 500
    bot.fails = None
    assert await _post(client, {"update_id": 1}) == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"null", b'"\xff"', b"[" * 100_000, b"1" * 6000])
async def test_a_body_that_nobody_can_read_is_refused_but_not_for_ever(client: Client, bot: Taker, body: bytes) -> None:
    answers = [(await client.post(PATH, data=body, headers=OURS)).status for _ in range(4)]
    assert answers == [400, 400, 200, 200]
    assert bot.taken == []


async def test_unreadable_bodies_are_not_remembered_without_end(client: Client) -> None:
    for number in range(250):
        assert (await client.post(PATH, data=f"{{{number}", headers=OURS)).status == 400


async def test_a_body_larger_than_any_update_is_refused(client: Client, bot: Taker) -> None:
    large = b'{"update_id": 1, "x": "' + b"x" * telegram_webhook._LIMIT + b'"}'  # noqa: SLF001
    for body in (BytesIO(large), _parts(large)):
        assert (await client.post(PATH, data=body, headers=OURS)).status == 413
    assert bot.taken == []


async def test_the_longest_update_is_taken_although_pages_may_send_less(client: Client, bot: Taker) -> None:
    long = {
        "update_id": 1,
        "message": {"text": "ộ" * 4096, "reply_to_message": {"text": "ộ" * 4096}, "x": "x" * 90_000},
    }
    assert await _post(client, long) == 200
    assert bot.taken == [long]


async def test_half_a_letter_is_left_to_the_bot(client: Client, bot: Taker) -> None:
    response = await client.post(PATH, data=b'{"update_id":1,"x":"\\ud83d"}', headers=OURS)
    assert response.status == 200
    assert bot.taken == [{"update_id": 1, "x": "\ud83d"}]


async def test_only_post(client: Client) -> None:
    assert (await client.get(PATH, headers=OURS)).status == 405


def test_a_webhook_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        route(PATH, Taker(), "")


async def test_by_telegram_itself_with_redelivery() -> None:
    async def none(_: str) -> bytes:
        raise AssertionError

    async with FakeTelegram(limits=False, hurry=50) as fake:
        account, door = fake.bot(TOKEN, "motcua_bot"), RecordingDoor()
        bot = CitizensBot(TOKEN, door, none, api=fake.url)
        app = web.Application()
        app.router.add_routes([route(PATH, bot, SECRET)])
        async with TestServer(app) as server:
            await bot.set_webhook(str(server.make_url(PATH)), SECRET)
            hoa = fake.user("Hoa")
            door.fails = OSError("disk full")
            await hoa.text(account, "một")
            await hoa.text(account, "hai")
            await fake.raw(account, {"message": {"chat": "nhà"}}, key=hoa.id)
            await hoa.text(account, "ba")
            await asyncio.sleep(0.1)
            assert fake.waiting(account) == 4
            door.fails = None
            await fake.settle()
        assert door.events == [TextSent("một"), TextSent("hai"), TextSent("ba")]
        assert len(door.apart) == 1
        await bot.close()
        fake.assert_clean()


async def _post(client: Client, raw: Raw) -> int:
    return (await client.post(PATH, json=raw, headers=OURS)).status


async def _parts(body: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(body), 65_536):
        yield body[at : at + 65_536]
