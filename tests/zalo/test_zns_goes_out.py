"""A code to a number: by Zalo's template where there is one, and by SMS where Zalo does not take it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import reach
from bot.gateways import Gateways
from bot.scene import present
from conversations.messages import Message
from storage import tables as t
from storage.outbox import NOTICE, Row
from storage.sealed import Keys
from storage.work import Work
from tests.bot.whole import Whole, running
from tests.handlers.sms_server import BRAND, KEY, SECRET, SmsServer, sms_server
from tests.zalo.fake import FakeZalo

PHONE = "+84912345678"
CODE = Message("123456 là mã xác nhận của bạn.", template="code", facts={"code": "123456"})
TEMPLATES = '{"code":{"id":"111","params":{"otp":"{code}"}},"*":{"id":"222","params":{"don_vi":"{office}"}}}'


@asynccontextmanager
async def both(zalo: FakeZalo, url: str, folder: Path, **more: Any) -> AsyncIterator[tuple[Whole, SmsServer]]:
    """The program with Zalo's templates beside an SMS gateway."""
    zalo.template("111", otp=10)
    zalo.template("222", don_vi=60)
    async with sms_server("esms") as gateway:
        given = {
            "sms_gateway": "esms",
            "sms_url": gateway.url,
            "sms_token": f"{KEY}:{SECRET}",
            "sms_sender": BRAND,
            "zalo_oa_id": zalo.OA_ID,
            "zalo_app_id": zalo.APP_ID,
            "zalo_app_secret": zalo.APP_SECRET,
            "zalo_zns_base": zalo.base,
            "zalo_oauth_base": "http://127.0.0.1:9",
            "zalo_zns_templates": TEMPLATES,
        }
        async with running(url, folder, **{**given, **more}) as whole:
            access, refresh = zalo.pair()
            await whole.run(lambda work: work.zalo.seed(zalo.OA_ID, refresh, access, 90_000))
            gateways = Gateways(whole.app, lambda _: None)
            whole.app.start()
            gateways.start()
            try:
                yield whole, gateway
            finally:
                gateway.over.set()
                await whole.app.stop()
                await gateways.stop()


async def sent(whole: Whole, message: Message = CODE, subject: str = "") -> None:
    def send(work: Work) -> None:
        assert reach.to_phone(present(work, whole.world), PHONE, message, subject=subject)

    await whole.run(send)


async def until(whole: Whole, *wanted: str) -> None:
    query = select(t.outbox.c.channel + " " + t.outbox.c.status).order_by(t.outbox.c.id)
    found: list[str] = []
    for _ in range(200):
        found = await whole.run(lambda work: list(work.connection.scalars(query)))
        if found == list(wanted):
            return
        await asyncio.sleep(0.05)
    assert found == list(wanted)


async def test_a_code_goes_by_template(zalo: FakeZalo, database_url: str, tmp_path: Path, keys: Keys) -> None:
    async with both(zalo, database_url, tmp_path) as (whole, _):
        await sent(whole)
        await until(whole, "zns sent")
    assert [(told.phone, told.data) for told in zalo.zns_sent] == [("84912345678", {"otp": "123456"})]


@pytest.mark.parametrize("why", [-118, -119, -115, -135, -133])
async def test_what_zalo_does_not_take_goes_by_sms(
    zalo: FakeZalo, sqlite_url: str, tmp_path: Path, keys: Keys, why: int
) -> None:
    async with both(zalo, sqlite_url, tmp_path) as (whole, _):
        zalo.faults.next(why, "template")
        await sent(whole)
        await until(whole, "zns failed", "sms sent")
    assert zalo.zns_sent == []


async def test_without_a_token_it_goes_by_sms(zalo: FakeZalo, sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with both(zalo, sqlite_url, tmp_path) as (whole, _):
        await whole.run(lambda work: work.zalo.seed(zalo.OA_ID, "another"))
        await sent(whole)
        await until(whole, "zns failed", "sms sent")


async def test_what_may_have_arrived_is_not_sent_again(
    zalo: FakeZalo, sqlite_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with both(zalo, sqlite_url, tmp_path) as (whole, _):
        zalo.faults.next("html", "template")
        await sent(whole)
        await until(whole, "zns unknown")


async def test_words_stay_here(zalo: FakeZalo, sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with both(zalo, sqlite_url, tmp_path) as (whole, _):
        await sent(whole, Message("Giấy khai sinh của cháu An đã xong", template="done"))
        await until(whole, "zns sent")
    (told,) = zalo.zns_sent
    assert set(told.data) == {"don_vi"}
    assert "khai sinh" not in str(zalo.state.calls)


async def test_news_that_zalo_does_not_take_are_the_ladders(
    zalo: FakeZalo, sqlite_url: str, tmp_path: Path, keys: Keys
) -> None:
    async with both(zalo, sqlite_url, tmp_path) as (whole, _):

        def play(work: Work) -> int:
            row = Row(1, "c", "zns", PHONE, CODE, 1, repeatable=False, lane=NOTICE, subject="")
            reach.instead(present(work, whole.world), row)
            return len(work.connection.execute(select(t.outbox)).all())

        assert await whole.run(play) == 0
