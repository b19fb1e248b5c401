"""Whatever a messenger's webhook brings: it is taken, passed over or set aside as unreadable; no turn fails of it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from bot.door import MessengerDoor
from bot.zalo_door import ZaloDoor
from conversations.messages import TryLater
from handlers.telegram_citizens import CitizensBot
from handlers.telegram_staff import StaffBot
from handlers.telegram_webhook import HEADER, route
from handlers.zalo_webhook import PATH, SIGNATURE, Road
from storage import tables as t
from tests.bot.whole import Whole
from tests.fuzz.mutate import SEED, encoded, samples
from tests.telegram.fake import FakeTelegram

SECRET: Final = "a-secret"
APP, OA, KEY = "1234567890", "987654321", "oa-key"
HOA: Final = {"id": 555, "is_bot": False, "first_name": "Hoa", "username": "hoa"}
CHAT: Final = {"id": 555, "type": "private", "first_name": "Hoa"}
BASE: Final[dict[str, Any]] = {"message_id": 7, "date": 1_790_000_000, "chat": CHAT, "from": HOA}
PHOTO: Final = [{"file_id": "A", "file_unique_id": "a", "width": 90, "height": 60, "file_size": 999}]
GROUP: Final = {"id": -100123, "type": "supergroup", "title": "Một cửa"}
TELEGRAM: Final[list[dict[str, Any]]] = [
    {"message": {**BASE, "text": "vợ tui mới đẻ, mần giấy chi?"}},
    {"message": {**BASE, "text": "/start abc", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}},
    {"message": {**BASE, "photo": PHOTO, "media_group_id": "m", "caption": "giấy"}},
    {"message": {**BASE, "document": {"file_id": "D", "file_unique_id": "d", "mime_type": "application/pdf"}}},
    {"message": {**BASE, "contact": {"phone_number": "84912345678", "first_name": "H", "user_id": 555}}},
    {"message": {**BASE, "location": {"latitude": 18.3, "longitude": 105.9}}},
    {"message": {**BASE, "reply_to_message": {**BASE, "text": "x"}, "text": "trả lời"}},
    {"edited_message": {**BASE, "edit_date": 1_790_000_001, "text": "sửa"}},
    {"callback_query": {"id": "4", "from": HOA, "chat_instance": "1", "data": "menu", "message": BASE}},
    {"message": {**BASE, "chat": GROUP, "text": "/homnay@canbo_bot"}},
    {
        "my_chat_member": {
            "chat": CHAT,
            "from": HOA,
            "date": 1_790_000_000,
            "old_chat_member": {"status": "member", "user": HOA},
            "new_chat_member": {"status": "kicked", "user": HOA, "until_date": 0},
        }
    },
]
ZALO: Final[list[dict[str, Any]]] = [
    {
        "app_id": APP,
        "event_name": name,
        "timestamp": "1790000000000",
        "sender": {"id": "246845883529197922"},
        "recipient": {"id": OA},
        "user_id_by_app": "552177279717587730",
        "message": {"msg_id": "96d3cdf3af150460909", "text": "#menu", **more},
    }
    for name, more in (
        ("user_send_text", {}),
        ("user_send_text", {"quote_msg_id": "1"}),
        ("user_send_image", {"attachments": [{"type": "image", "payload": {"url": "https://a.zadn.vn/b.jpg"}}]}),
        ("user_send_file", {"attachments": [{"type": "file", "payload": {"url": "https://a.zadn.vn/b", "size": "9"}}]}),
        ("user_submit_info", {"info": {"phone": "84912345678", "name": "Hoa"}}),
        ("oa_send_text", {}),
        ("user_received_message", {"msg_ids": ["1", "2"]}),
        ("user_send_location", {"attachments": [{"payload": {"coordinates": {"latitude": "1", "longitude": "2"}}}]}),
    )
] + [
    {"app_id": APP, "event_name": name, "timestamp": "1790000000000", "oa_id": OA, "follower": {"id": "246845"}}
    for name in ("follow", "unfollow")
]


@pytest.fixture(autouse=True)
async def _no_turn_failed(whole: Whole) -> AsyncIterator[None]:
    """What nobody can read may be set aside at once; an event that was tried and failed is a fault of ours."""
    yield
    rows = await whole.run(lambda work: list(work.connection.execute(select(t.inbox.c.status, t.inbox.c.attempts))))
    assert rows
    assert not [row for row in rows if row.status == "failed" or row.attempts], f"seed {SEED}"


async def _load(_: str) -> bytes:
    raise TryLater(1)


@pytest.mark.filterwarnings("ignore:Detected unknown update type:RuntimeWarning")  # aiogram says so, and goes on
@pytest.mark.parametrize("kind", [CitizensBot, StaffBot])
async def test_telegram(whole: Whole, kind: type[CitizensBot | StaffBot]) -> None:
    async with FakeTelegram(limits=False) as fake:
        fake.bot("1:fuzz", "canbo_bot", "Một cửa")
        bot = kind("1:fuzz", MessengerDoor(whole.app.database, whole.world, whole.app.receiver), _load, api=fake.url)
        await bot.begin()
        app = web.Application()
        app.add_routes([route("/telegram", bot, SECRET)])
        async with TestClient(TestServer(app)) as client:
            for number, raw in enumerate(samples(TELEGRAM, 300)):
                update = {"update_id": number + 1, **raw} if isinstance(raw, dict) else raw
                answer = await client.post("/telegram", data=encoded(update), headers={HEADER: SECRET})
                assert answer.status in (200, 400), (SEED, number, update)
        await bot.close()


async def test_zalo(whole: Whole) -> None:
    door = ZaloDoor(whole.app.database, whole.world, whole.app.receiver)
    road = Road(door, app_id=APP, oa=OA, secret=KEY, clock=lambda: 1_790_000_000.0)
    app = web.Application()
    app.add_routes(road.routes())
    async with TestClient(TestServer(app)) as client:
        for number, raw in enumerate(samples(ZALO, 300)):
            if isinstance(raw, dict) and number % 10:  # most of them new, and fresh
                raw["timestamp"] = str(1_790_000_000_000 + number)
            body = encoded(raw)
            moment = str(raw.get("timestamp", "")) if isinstance(raw, dict) else ""
            mac = hashlib.sha256(b"".join((APP.encode(), body, moment.encode(errors="replace"), KEY.encode())))
            answer = await client.post(PATH, data=body, headers={SIGNATURE: f"mac={mac.hexdigest()}"})
            assert answer.status == 200, (SEED, number, raw)
    await door.rest()
