"""Both bots in one process: begun whatever Telegram says, and never two that send the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import lease, telegram
from bot.lease import Lease
from bot.telegram import STAFF_NAME, Telegram
from tests.bot.senders import until
from tests.bot.whole import Whole, running
from tests.telegram.fake import FakeTelegram
from tests.telegram.program import TOKENS

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "_WAIT", 0.02)
    monkeypatch.setattr(telegram, "_PAUSES", (0.1,))


@asynccontextmanager
async def staff_bot(
    fake: FakeTelegram, url: str, folder: Path, *, webhook: bool = False
) -> AsyncIterator[tuple[Whole, Telegram, list[str]]]:
    said: list[str] = []
    more: dict[str, Any] = {"telegram_staff_token": TOKENS[1], "telegram_api": fake.url, "telegram_webhook": webhook}
    async with running(url, folder, **more) as whole:
        bots = Telegram(whole.app, said.append)
        whole.app.start()
        bots.start()
        try:
            yield whole, bots, said
        finally:
            await bots.stop()


async def test_a_webhook_that_is_refused_is_explained_and_does_not_stop_what_is_sent(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with FakeTelegram() as fake:
        fake.bot(TOKENS[1], "canbo_bot")
        why = "Bad Request: bad webhook: HTTPS url must be provided for webhook"
        fake.fail("setWebhook", status=400, description=why, times=3)
        async with staff_bot(fake, sqlite_url, tmp_path, webhook=True) as (whole, _, said):
            await until(lambda: len(fake.called("setWebhook")) == 1 and bool(whole.app.senders))
        assert len([call for call in fake.calls if call.method == "setWebhook"]) == 4
        assert len(fake.called("getMe")) == 1
        assert ["https url must be provided" in line.lower() for line in said] == [False, True]


async def test_who_stands_by_takes_what_a_webhook_brings(sqlite_url: str, tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        fake.bot(TOKENS[1], "canbo_bot")
        async with running(sqlite_url, tmp_path) as other:
            await other.run(lambda work: work.leases.take(STAFF_NAME, "elsewhere/1 1 0", 60.0))
            async with staff_bot(fake, sqlite_url, tmp_path, webhook=True) as (whole, bots, said):
                await until(lambda: bool(said))
                assert not whole.app.senders
                message = {
                    "message_id": 1,
                    "date": 1,
                    "chat": {"id": 5, "type": "private", "first_name": "Thu"},
                    "from": {"id": 5, "is_bot": False, "first_name": "Thu"},
                    "text": "Xin chào",
                }
                await bots._bots[STAFF_NAME].take({"update_id": 1, "message": message})  # noqa: SLF001
                assert await whole.run(lambda work: work.chats.find("telegram-staff", "5"))


async def test_the_lease_is_kept_until_calls_under_way_are_over(sqlite_url: str, tmp_path: Path) -> None:
    async with FakeTelegram() as fake:
        account = fake.bot(TOKENS[1], "canbo_bot")
        async with staff_bot(fake, sqlite_url, tmp_path) as (whole, bots, _):
            await until(lambda: bool(whole.app.senders))
            fake.fail("sendMessage", slow=0.5)
            thu = fake.user("Thu")
            await thu.start(account)
            await until(lambda: any(way.tasks for way in whole.app.deliverer._ways))  # noqa: SLF001
            ending = asyncio.create_task(bots.stop())
            async with (
                running(sqlite_url, tmp_path) as other,
                Lease(other.app.database, STAFF_NAME, print, holder="elsewhere/1 1 0").held(),
            ):
                await other.run(lambda work: work.outbox.inherit(("telegram-staff",), "other"))
                assert not await other.run(lambda work: work.outbox.claim(("telegram-staff",), "other"))
            await ending
        assert len(fake.chat(thu, account).messages) == 2
