"""The plainest updates mean the same whether they are read by ourselves or by aiogram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers import telegram_citizens_plain
from tests.handlers.telegram_citizens_chat import HOA, Line, opened

HUMAN = {"id": HOA, "is_bot": False, "first_name": "Hoa", "language_code": "vi"}
CHAT = {"id": HOA, "type": "private", "first_name": "Hoa"}
OURS = {"id": 8_012_345_678, "is_bot": True, "first_name": "Một cửa"}
BOLD = [{"type": "bold", "offset": 0, "length": 2}]


def words(text: str, **more: Any) -> dict[str, Any]:
    return {"message": {"message_id": 5, "from": HUMAN, "chat": CHAT, "date": 1, "text": text, **more}}


def press(data: str, **more: Any) -> dict[str, Any]:
    under = {"message_id": 7, "from": OURS, "chat": CHAT, "date": 1, "text": "Bạn chọn:"}
    shown = {"id": "42", "from": HUMAN, "chat_instance": "1", "message": under, "data": data}
    return {"callback_query": {**shown, **more}}


PLAIN = {
    "words": words("Tôi muốn làm khai sinh"),
    "blanks": words(" a\0b \n"),
    "half a surrogate pair": words("a\ud83d"),
    "the way in": words("/start khai-sinh"),
    "bold": words("Hồ sơ", entities=BOLD),
    "a press": press("yes"),
    "no button of ours": press("ạ" * 40),
}
OTHERS = {
    "an answer": words("Vâng", reply_to_message=words("Hỏi")["message"]),
    "sent on": words("Địa chỉ", forward_origin={"type": "hidden_user", "sender_user_name": "Hoa", "date": 1}),
    "by a bot": words("Chào", **{"from": OURS}),
    "in a group": words("Chào", chat={"id": -100_300, "type": "supergroup", "title": "Họ Nguyễn"}),
    "beneath a message that is gone": press("yes", message={"chat": CHAT, "message_id": 7, "date": 0}),
    "beneath nothing": {"callback_query": {**press("yes")["callback_query"], "message": None}},
    "a number as words": words(5),  # type: ignore[arg-type]
}


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with opened() as line:
        yield line


@pytest.mark.parametrize("update", (PLAIN | OTHERS).values(), ids=(PLAIN | OTHERS).keys())
async def test_both_ways_lead_to_the_same(update: dict[str, Any], line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = await line.give(**update)
    apart, line.door.apart = [event for _, event, _ in line.door.apart], []

    async def never(*_: object) -> bool:
        return False

    monkeypatch.setattr(telegram_citizens_plain, "take", never)
    line.bot._private.taps.forget(str(HOA))  # noqa: SLF001 - the same press again is none, else
    assert ours == await line.give(**update)
    assert len(apart) == len(line.door.apart)


@pytest.mark.parametrize("update", PLAIN.values(), ids=PLAIN.keys())
async def test_the_plain_ones_need_no_model(
    update: dict[str, Any], line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: object) -> None:
        raise AssertionError("aiogram was asked")

    monkeypatch.setattr(line.bot, "_read", read)
    await line.give(**update)
