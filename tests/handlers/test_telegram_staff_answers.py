"""A press is answered, soon and once, and never at the cost of the turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from conversations.messages import Button, File, Message
from handlers import telegram_staff_answers
from handlers.telegram_staff_answers import short, toast
from tests.handlers.telegram_staff_desk import Desk, opened

CARD = Message("Đăng ký kết hôn\nK7P4", (Button("Nhận việc", "d:claim:K7P4"),), card="dossier:K7P4")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened() as desk:
        await desk.bot.send(str(desk.group.id), CARD)
        yield desk
        desk.fake.assert_clean()


async def test_a_press_in_the_group_is_answered_with_what_was_said(desk: Desk) -> None:
    desk.door.says = (Message("Nguyễn Thị Hoa đang giữ hồ sơ này."),)
    press = await desk.lan.press(desk.group.last, "Nhận việc")
    await desk.pump()
    answer = await press
    assert (answer.text, answer.show_alert) == ("Nguyễn Thị Hoa đang giữ hồ sơ này.", True)


async def test_a_press_in_private_is_answered_without_words(desk: Desk) -> None:
    desk.door.says = (Message("Chọn giấy cần bổ sung"),)
    await desk.bot.send(str(desk.lan.id), CARD)
    press = await desk.lan.press(desk.fake.chat(desk.lan, desk.account).last, "Nhận việc")
    await desk.pump()
    answer = await press
    assert (answer.text, answer.show_alert) == ("", False)


async def test_the_turn_waits_for_no_answer(desk: Desk) -> None:
    desk.fake.fail("answerCallbackQuery", slow=0.5)
    await desk.lan.press(desk.group.last, "Nhận việc")
    async with asyncio.timeout(0.4):
        await desk.pump()


async def test_a_slow_turn_is_answered_before_it_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_staff_answers, "_PATIENCE", 0.05)
    desk.door.slow, desk.door.says = 0.4, (Message("Xong"),)
    press = await desk.lan.press(desk.group.last, "Nhận việc")
    turn = asyncio.create_task(desk.pump())
    answer = await press
    assert (answer.text, turn.done()) == ("", False)
    assert len(await turn) == 1
    assert len(desk.fake.called("answerCallbackQuery")) == 1


async def test_a_press_that_was_not_stored_is_not_answered(desk: Desk) -> None:
    desk.door.fails = OSError("disk full")
    press = await desk.lan.press(desk.group.last, "Nhận việc")
    with pytest.raises(OSError, match="disk full"):
        await desk.pump()
    await asyncio.sleep(0.05)
    assert not press.answer


async def test_an_answer_that_fails_fails_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_staff_answers, "_AGAIN", 0.01)
    desk.fake.fail("answerCallbackQuery", status=429, retry_after=1)
    press = await desk.lan.press(desk.group.last, "Nhận việc")
    assert len(await desk.pump()) == 1
    await press  # the second try
    desk.fake.fail("answerCallbackQuery", status=500, times=9)
    await desk.lan.press(desk.group.last, "Nhận việc")
    assert len(await desk.pump()) == 1
    await desk.fake.until(lambda: desk.fake.called("answerCallbackQuery", 500))
    await asyncio.sleep(0.05)
    assert len(desk.fake.called("answerCallbackQuery", 500)) == 1


async def test_a_press_delivered_five_times_is_answered_once(desk: Desk) -> None:
    press = await desk.lan.press(desk.group.last, "Nhận việc")
    [raw] = await desk.bot.updates(desk.offset, 0)
    for _ in range(5):
        await desk.bot.take(raw)
    assert await press
    assert set(desk.door.ids[-5:]) == {f"u{raw['update_id']}"}


def test_what_an_answer_says() -> None:
    more = (Button("Thôi", "d:no:K"),)
    assert toast(()) == ("", False)
    assert toast((Message("Chỉ trưởng bộ phận."),)) == ("Chỉ trưởng bộ phận.", True)
    assert toast((Message("Chọn giấy:\nmột\nhai", more),)) == ("Xem tin nhắn riêng với bot: Chọn giấy:", False)
    papers = (Message("Giấy tờ hồ sơ: Kết hôn\nLàm cho: Hoa"), Message("", files=(File("a", "image/jpeg", 1),)))
    assert toast(papers) == ("Xem tin nhắn riêng với bot: Giấy tờ hồ sơ: Kết hôn", False)


def test_long_words_are_cut_between_words() -> None:
    words = "Hồ sơ 😀 " * 60
    cut = short(words)
    assert cut.endswith("…")
    assert 180 < len(cut.encode("utf-16-le")) // 2 <= 200
    assert len(short("á" * 500)) == 200
    assert short("vừa") == "vừa"
