"""E-mail and SMS as they are set up; a short message whose answer is lost is never handed in twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import reach
from bot.gateways import Gateways, made
from bot.scene import present
from bot.settings import BadSetting
from conversations.messages import Message
from storage import tables as t
from storage.sealed import Keys
from storage.work import Work
from tests.bot.whole import Whole, running
from tests.handlers.mail_server import mail_server
from tests.handlers.sms_server import BRAND, KEY, SECRET, SmsServer, sms_server

PHONE = "+84912345678"
FROM = "Một cửa <motcua@example.vn>"
CODE = Message("123456 là mã xác nhận của bạn.", template="code")


@asynccontextmanager
async def texting(url: str, folder: Path, **more: Any) -> AsyncIterator[tuple[Whole, SmsServer]]:
    """The program beside an SMS gateway, everything on as in `motcua run`."""
    async with sms_server("esms") as gateway:
        given = {"sms_gateway": "esms", "sms_url": gateway.url, "sms_token": f"{KEY}:{SECRET}", "sms_sender": BRAND}
        async with running(url, folder, **{**given, **more}) as whole:
            gateways = Gateways(whole.app, lambda _: None)
            whole.app.start()
            gateways.start()
            try:
                yield whole, gateway
            finally:
                gateway.over.set()
                await whole.app.stop()
                await gateways.stop()


async def sent(whole: Whole, message: Message = CODE, key: str = "") -> None:
    def send(work: Work) -> None:
        assert reach.to_phone(present(work, whole.world), PHONE, message, key=key)

    await whole.run(send)


async def statuses(whole: Whole) -> list[str]:
    query = select(t.outbox.c.status).order_by(t.outbox.c.id)
    return await whole.run(lambda work: list(work.connection.scalars(query)))


async def until(whole: Whole, *wanted: str) -> None:
    for _ in range(200):
        if await statuses(whole) == list(wanted):
            return
        await asyncio.sleep(0.05)
    assert await statuses(whole) == list(wanted)


async def test_a_code_goes_out_without_accents(database_url: str, tmp_path: Path, keys: Keys) -> None:
    async with texting(database_url, tmp_path) as (whole, gateway):
        await sent(whole, key="code")
        await sent(whole, key="code")
        await until(whole, "sent")
        assert gateway.told == [("0912345678", "123456 la ma xac nhan cua ban.")]


async def test_with_accents_where_the_office_wants_them(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with texting(sqlite_url, tmp_path, sms_plain=False) as (whole, gateway):
        await sent(whole)
        await until(whole, "sent")
        assert gateway.told == [("0912345678", CODE.text)]


async def test_an_answer_that_is_lost_is_not_asked_for_again(database_url: str, tmp_path: Path, keys: Keys) -> None:
    async with texting(database_url, tmp_path) as (whole, gateway):
        gateway.breaks = True
        await sent(whole)
        await until(whole, "unknown")
        gateway.breaks = False
        await whole.app.deliverer.sweep()
        await sent(whole)
        await until(whole, "unknown", "sent")
        assert gateway.asked == 2


async def test_what_a_killed_process_was_sending_is_not_sent_again(
    database_url: str, tmp_path: Path, keys: Keys
) -> None:
    settings = {"sms_gateway": "esms", "sms_token": f"{KEY}:{SECRET}", "sms_sender": BRAND}
    async with running(database_url, tmp_path, **settings) as whole:  # type: ignore[arg-type]
        await sent(whole)
        assert await whole.run(lambda work: len(work.outbox.claim(["sms"], "killed"))) == 1
    async with texting(database_url, tmp_path) as (whole, gateway):
        await until(whole, "unknown")
        assert gateway.asked == 0


async def test_a_number_that_is_none_is_remembered(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with texting(sqlite_url, tmp_path) as (whole, gateway):
        gateway.next = [(200, {"CodeResult": "108"})]
        await sent(whole)
        await until(whole, "failed")
        assert not await whole.run(lambda work: reach.to_phone(present(work, whole.world), PHONE, CODE))


async def test_nothing_is_promised_where_nothing_is_set_up(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path) as whole:

        def ask(work: Work) -> None:
            scene = present(work, whole.world)
            assert reach.channels(scene) == frozenset()
            assert not reach.to_phone(scene, PHONE, CODE)
            assert not reach.to_email(scene, "lan@example.vn", CODE)

        await whole.run(ask)
        assert await statuses(whole) == []
        assert made(whole.app) == []


async def test_a_mail_goes_out_while_the_lease_is_held(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with mail_server() as post:
        given = {"smtp_url": f"smtp://127.0.0.1:{post.port}", "mail_from": "Một cửa <motcua@xa.example.vn>"}
        async with running(sqlite_url, tmp_path, **given) as whole:  # type: ignore[arg-type]
            gateways = Gateways(whole.app, lambda _: None)
            whole.app.start()
            gateways.start()
            await whole.run(lambda work: reach.to_email(present(work, whole.world), "lan@example.vn", CODE))
            await until(whole, "sent")
            held = select(t.leases.c.name).where(t.leases.c.name != "sweep")  # whose end waits for nobody
            assert await whole.run(lambda work: list(work.connection.scalars(held))) == ["email"]
            await whole.app.stop()
            await gateways.stop()
            assert await whole.run(lambda work: list(work.connection.scalars(held))) == []
            assert whole.app.senders == {}
            assert post.last()["Subject"].startswith("Mã xác nhận")


@pytest.mark.parametrize(
    "given",
    [
        {"smtp_url": "smtp://u:bi-mat@thu.example.vn"},
        {"smtp_url": "thu://u:bi-mat@thu.example.vn", "mail_from": "a@b.vn"},
        {"smtp_url": "smtp://u:bi-mat@thu.example.vn", "mail_from": "ai đó"},
        {"sms_gateway": "khac", "sms_token": "bi-mat"},
        {"sms_gateway": "esms", "sms_token": "bi-mat", "sms_sender": BRAND},
    ],
)
async def test_settings_that_can_not_be_used(
    sqlite_url: str, tmp_path: Path, keys: Keys, given: dict[str, Any]
) -> None:
    async with running(sqlite_url, tmp_path, **given) as whole:
        with pytest.raises(BadSetting) as told:
            made(whole.app)
        assert "bi-mat" not in str(told.value)


async def test_whoever_starts_it_reads_what_is_on(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with mail_server() as post:
        at = f"127.0.0.1:{post.port}"
        more = {"sms_gateway": "json", "sms_url": "http://127.0.0.1:9/sms"}
        told = await said(sqlite_url, tmp_path, smtp_url=f"smtp://{at}", mail_from=FROM, **more)
    assert told == [f"E-mail: gửi qua {at}.", "SMS: đã bật."]
    assert not post.taken


async def test_whoever_starts_it_reads_that_no_mail_can_go(
    sqlite_url: str, tmp_path: Path, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    async with mail_server(login=True) as post:
        url = f"smtp://motcua:mistyped@127.0.0.1:{post.port}"
        (told,) = await said(sqlite_url, tmp_path, smtp_url=url, mail_from=FROM)
    assert "không nhận chương trình này" in told
    assert "mistyped" not in told
    caplog.clear()  # that the server refuses is an error in the log


async def test_whoever_starts_it_reads_that_nobody_answers(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    (told,) = await said(sqlite_url, tmp_path, smtp_url="smtp://127.0.0.1:9", mail_from=FROM)
    assert told.startswith("E-mail: chưa kết nối được với 127.0.0.1:9 (")


async def said(url: str, folder: Path, **settings: Any) -> list[str]:
    """What is printed until all that is on has been told."""
    told: list[str] = []
    async with running(url, folder, **settings) as whole:
        gateways = Gateways(whole.app, told.append)
        gateways.start()
        for _ in range(200):
            if len(told) == len(made(whole.app)):
                break
            await asyncio.sleep(0.05)
        await gateways.stop()
    return sorted(told)
