"""An officer's own addresses: added with a code that goes there, tried, taken back, gone with them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import absences
from bot.scene import present
from conversations.messages import TextSent
from storage.sealed import Keys
from storage.work import Work
from tests.bot.senders import Messenger
from tests.bot.test_nudges import MAIL, PHONE, SETTINGS, Outside
from tests.bot.whole import Actor, Whole, running


@pytest.fixture
async def desk(sqlite_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(sqlite_url, tmp_path, **SETTINGS) as whole:
        yield whole


async def said(actor: Actor, event: str) -> list[str]:
    await actor.send(TextSent(event))
    return [shown.message.text for shown in actor.shown.values() if shown.private and not shown.own]


async def press(actor: Actor, label: str) -> str:
    await actor.press_label(label)
    return last(actor)


def last(actor: Actor) -> str:
    return [shown.message.text for shown in actor.shown.values() if not shown.own][-1]


def code(network: Messenger) -> str:
    found = re.search(r"\b\d{6}\b", network.calls[-1].text)
    assert found is not None, network.calls[-1].text
    return found[0]


async def test_a_number_is_proven_tried_and_taken_back(desk: Whole) -> None:
    outside, thu = Outside(desk), await desk.officer("Thu")
    await thu.send(TextSent("/lienhe"))
    assert last(thu).startswith("Bạn chưa để lại địa chỉ riêng nào")
    assert "Gõ số điện thoại" in await press(thu, "Thêm số điện thoại")
    await thu.send(TextSent("09"))
    assert "chưa phải số điện thoại" in last(thu)
    await thu.send(TextSent("0984 123 456"))
    assert "Đã gửi mã 6 số tới SMS 0984 … 456" in last(thu)
    assert outside.where == [PHONE]
    await thu.send(TextSent("000000"))
    assert last(thu).startswith("Mã chưa đúng")
    await thu.send(TextSent(code(outside.sms)))
    assert "SMS 0984 … 456" in last(thu)
    await press(thu, "Gửi thử")
    async with asyncio.timeout(10):
        while len(outside.told) < 2:  # a network is not called twice in one moment
            await asyncio.sleep(0.05)
            await desk.app.idle()
    assert "tin thu gui cho Thu" in outside.told[-1][1]
    assert (await press(thu, "Bỏ SMS 0984 … 456")).startswith("Bạn chưa để lại")
    count = len(outside.told)
    await press(thu, "Gửi thử")
    assert len(outside.told) == count


async def test_an_e_mail_address_the_same_way_and_a_code_works_once(desk: Whole) -> None:
    outside, thu = Outside(desk), await desk.officer("Thu")
    await thu.send(TextSent("/lienhe"))
    await press(thu, "Thêm e-mail")
    await thu.send(TextSent("không có"))
    assert "chưa phải địa chỉ e-mail" in last(thu)
    await thu.send(TextSent(MAIL))
    given = code(outside.mail)
    await thu.send(TextSent(given))
    assert "e-mail t" in last(thu)
    await thu.send(TextSent(given))
    assert last(thu).startswith("Mã đã hết hạn")


async def test_leaving_the_screen_leaves_no_trace_and_commands_work_on_it(desk: Whole) -> None:
    outside, thu = Outside(desk), await desk.officer("Thu")
    await thu.send(TextSent("/lienhe"))
    await press(thu, "Thêm số điện thoại")
    assert await press(thu, "Thôi") == "Đã thôi, không thêm gì."
    await press(thu, "Thêm số điện thoại")
    await thu.send(TextSent("/homnay"))
    assert "số điện thoại" not in last(thu)
    assert outside.told == []


async def test_nobody_takes_anothers_address_away(desk: Whole) -> None:
    outside, thu, binh = Outside(desk), await desk.officer("Thu"), await desk.officer("Bình")
    await thu.send(TextSent("/lienhe"))
    await press(thu, "Thêm số điện thoại")
    await thu.send(TextSent("0984123456"))
    await thu.send(TextSent(code(outside.sms)))
    (way,) = await desk.run(lambda work: work.chats.of_officer(thu.officer))
    await binh.press(f"s:cdrop:me:{way.id}")
    assert any("đã được bỏ từ trước" in shown.message.text for shown in binh.shown.values())
    assert await desk.run(lambda work: work.chats.officer_of(way.id)) == thu.officer


async def test_whoever_leaves_is_told_nothing_more(desk: Whole) -> None:
    outside, thu = Outside(desk), await desk.officer("Thu")
    await thu.send(TextSent("/lienhe"))
    await press(thu, "Thêm số điện thoại")
    await thu.send(TextSent("0984123456"))
    await thu.send(TextSent(code(outside.sms)))

    def leave(work: Work) -> None:
        officer = work.officers.get(thu.officer)
        assert officer is not None
        absences.leave(present(work, desk.world), officer)

    await desk.run(leave)
    assert await desk.run(lambda work: work.chats.of_officer(thu.officer)) == []


async def test_where_nothing_is_set_up_the_page_itself_is_offered(whole: Whole) -> None:
    thu = await whole.officer("Thu")
    await thu.send(TextSent("/lienhe"))
    assert "Báo khi đóng trang" in last(thu)
    await thu.press("s:cadd:me:phone")
    assert "Báo khi đóng trang" in last(thu)
