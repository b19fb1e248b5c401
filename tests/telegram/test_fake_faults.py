"""Failures on order: errors, cut connections before and after, slow answers, garbage."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramRetryAfter
from telegram.error import NetworkError, RetryAfter
from telegram.ext import ExtBot

from tests.telegram.fake_client import connected


async def test_429_locks_that_chat_alone_until_the_time_is_up() -> None:
    async with connected() as (fake, bot, client):
        nam, ha = fake.user("Nam"), fake.user("Hà")
        await nam.start(bot)
        await ha.start(bot)
        fake.fail("sendMessage", status=429, retry_after=3, chat=nam.id)
        await client.ok("sendMessage", chat_id=ha.id, text="a")
        for _ in range(2):  # the second comes too early
            refused = await client.ask("sendMessage", chat_id=nam.id, text="a")
            assert (refused["status"], refused["parameters"]["retry_after"]) == (429, 3)
        await client.ok("sendMessage", chat_id=ha.id, text="b")
        fake.pass_time(3)
        await client.ok("sendMessage", chat_id=nam.id, text="a")


async def test_errors_are_counted_and_come_after_so_many_calls() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        fake.fail("sendMessage", status=500, times=2, after=1)
        answers = [await client.ask("sendMessage", chat_id=nam.id, text="a") for _ in range(4)]
        assert [answer["status"] for answer in answers] == [200, 500, 500, 200]
        fake.fail("sendMessage", status=403)
        assert await client.refused("sendMessage", chat_id=nam.id, text="a") == "Forbidden: bot was blocked by the user"
        fake.fail("*", status=400, description="Bad Request: message thread not found")
        assert await client.refused("getMe") == "Bad Request: message thread not found"
        fake.fail("getMe", status=500, times=9)
        fake.heal()
        await client.ok("getMe")
        fake.assert_clean()


@pytest.mark.parametrize(("cut", "seen"), [("before", 0), ("after", 1)])
async def test_a_cut_connection_leaves_the_bot_in_doubt(cut: str, seen: int) -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        fake.fail("sendMessage", cut=cut)
        with pytest.raises(aiohttp.ClientError):
            await client.ask("sendMessage", chat_id=nam.id, text="a")
        assert len(fake.chat(nam, bot).messages) == 1 + seen
        assert fake.calls[-1].status == -1
        await client.ok("sendMessage", chat_id=nam.id, text="b")


async def test_slow_garbage_and_a_proxys_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it RetryAfter warns that it will be a timedelta
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        fake.fail("sendMessage", slow=0.1)
        began = asyncio.get_running_loop().time()
        sending = asyncio.create_task(client.ok("sendMessage", chat_id=nam.id, text="a"))
        await fake.until(lambda: fake.chat(nam, bot).find("a"))
        assert not sending.done()
        await sending
        assert asyncio.get_running_loop().time() - began >= 0.1
        async with Bot(bot.token, AiohttpSession(api=TelegramAPIServer.from_base(fake.url))) as ours:
            fake.fail("sendMessage", garbage=True)
            with pytest.raises(ClientDecodeError):
                await ours.send_message(nam.id, "b")
            fake.fail("sendMessage", status=429, retry_after=2)
            with pytest.raises(TelegramRetryAfter) as wait:
                await ours.send_message(nam.id, "c")
            assert wait.value.retry_after == 2
        fake.heal()
        async with ExtBot(bot.token, base_url=f"{fake.url}/bot") as theirs:
            fake.fail("sendMessage", status=502, done=True)
            with pytest.raises(NetworkError):
                await theirs.send_message(nam.id, "d")
            assert fake.chat(nam, bot).last.text == "d"
            fake.fail("sendMessage", status=429, retry_after=2)
            with pytest.raises(RetryAfter):
                await theirs.send_message(nam.id, "e")
