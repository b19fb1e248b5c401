"""How updates reach a bot: section 5 of the facts page."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web

from tests.telegram.fake_client import Client, connected, hooked


async def test_a_webhook_gets_the_secret_and_polling_is_refused() -> None:
    async with connected() as (fake, bot, client), hooked() as hook:
        nam = fake.user("Nam")
        await nam.text(bot, "trước")
        await client.ok("setWebhook", url=hook.url, secret_token="bí-mật".replace("í", "i").replace("ậ", "a"))
        await nam.text(bot, "sau")
        await fake.settle()
        assert [update["message"]["text"] for update in hook.got] == ["trước", "sau"]
        assert hook.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "bi-mat"
        assert fake.webhook(bot).secret == "bi-mat"
        refused = await client.refused("getUpdates")
        assert refused.startswith("Conflict: can't use getUpdates method while webhook is active")
        assert (await client.ok("getWebhookInfo"))["pending_update_count"] == 0
        await client.ok("deleteWebhook")
        assert await client.ok("getUpdates") == []
        assert "HTTPS URL" in await client.refused("setWebhook", url="http://motcua.vn/hook")
        assert "only on ports" in await client.refused("setWebhook", url="https://motcua.vn:8080/hook")
        assert "unallowed characters" in await client.refused("setWebhook", url=hook.url, secret_token="a b")


async def test_the_same_update_again_until_it_is_taken() -> None:
    async with connected(hurry=100) as (fake, bot, client), hooked() as hook:
        answers = iter([500, 503, 404, 200])
        hook.answering = lambda _: web.Response(status=next(answers, 200))
        await client.ok("setWebhook", url=hook.url)
        nam = fake.user("Nam")
        await nam.text(bot, "một")
        await nam.text(bot, "hai")
        await fake.settle()
        assert [update["message"]["text"] for update in hook.got] == ["một"] * 4 + ["hai"]
        assert len({update["update_id"] for update in hook.got[:4]}) == 1
        pauses = [after - before for before, after in zip(hook.at, hook.at[1:], strict=False)]
        assert pauses[0] < 0.015  # at once
        assert pauses[1] >= 0.02  # 2 s, a hundred times faster
        assert pauses[2] >= 0.04
        info = await client.ok("getWebhookInfo")
        assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"


async def test_retry_after_is_obeyed_and_a_closed_connection_repeated() -> None:
    async with connected(hurry=100) as (fake, bot, client), hooked() as hook:
        await client.ok("setWebhook", url=hook.url)

        def busy(_: Any) -> web.Response | None:
            return web.Response(status=429, headers={"Retry-After": "10"}) if len(hook.got) == 1 else None

        hook.answering = busy
        await fake.user("Nam").text(bot, "a")
        await fake.settle()
        assert hook.at[1] - hook.at[0] >= 0.1
        await client.ok("setWebhook", url="http://127.0.0.1:9/nobody")
        await fake.user("Hà").text(bot, "b")
        await fake.until(lambda: fake.desk.mailboxes[bot.id].pusher.attempts >= 4)
        await client.ok("setWebhook", url=hook.url)
        await fake.settle()
        assert hook.got[-1]["message"]["text"] == "b"


async def test_one_queue_a_chat_but_taps_overtake_texts() -> None:
    async with connected() as (fake, bot, client), hooked() as hook:
        nam, ha = fake.user("Nam"), fake.user("Hà")
        await nam.start(bot)
        await client.ok(
            "sendMessage",
            chat_id=nam.id,
            text="?",
            reply_markup={"inline_keyboard": [[{"text": "Có", "callback_data": "a"}]]},
        )
        free = asyncio.Event()

        async def slow(update: dict[str, Any]) -> None:
            if update.get("message", {}).get("from", {}).get("id") == nam.id:
                await free.wait()

        hook.answering = slow
        await client.ok("getUpdates", offset=-1)
        await client.ok("setWebhook", url=hook.url, drop_pending_updates=True)
        await nam.text(bot, "một")
        await nam.text(bot, "hai")
        await ha.text(bot, "khác")
        await nam.press(fake.chat(nam, bot).find("?"), "Có")
        await fake.until(lambda: len(hook.got) == 3)
        kinds = [update["message"]["text"] if "message" in update else "tap" for update in hook.got]
        assert sorted(kinds) == ["khác", "một", "tap"]
        free.set()
        await fake.settle()
        assert hook.got[-1]["message"]["text"] == "hai"


async def test_not_more_than_max_connections_at_once() -> None:
    async with connected() as (fake, bot, client), hooked() as hook:

        async def slow(_: Any) -> None:
            await asyncio.sleep(0.01)

        hook.answering = slow
        await client.ok("setWebhook", url=hook.url, max_connections=3)
        for number in range(12):
            await fake.user(f"người {number}").text(bot, "a")
        await fake.settle()
        assert fake.desk.mailboxes[bot.id].pusher.most_running == 3


async def test_old_updates_are_dropped() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        await client.ok(
            "sendMessage",
            chat_id=nam.id,
            text="?",
            reply_markup={"inline_keyboard": [[{"text": "Có", "callback_data": "a"}]]},
        )
        await nam.press(fake.chat(nam, bot).last, "Có")
        fake.pass_time(151)
        assert [set(update) for update in await client.ok("getUpdates")] == [{"update_id", "message"}]
        fake.pass_time(86_400)
        assert await client.ok("getUpdates") == []


@pytest.mark.parametrize("form", ["json", "multipart", "form"])
async def test_a_call_in_the_webhooks_answer_is_carried_out(form: str) -> None:
    async with connected() as (fake, bot, client), hooked() as hook:
        nam = fake.user("Nam")

        def answer(_: Any) -> web.Response:
            call = {"method": "sendMessage", "chat_id": str(nam.id), "text": "chào"}
            if form == "json":
                return web.json_response(call)
            if form == "form":
                return web.Response(text=urlencode(call), content_type=URLENCODED)
            body = aiohttp.MultipartWriter("form-data")
            for name, value in call.items():
                body.append(value).set_content_disposition("form-data", name=name)
            return web.Response(body=body)

        hook.answering = answer
        await client.ok("setWebhook", url=hook.url)
        await nam.text(bot, "a")
        await fake.settle()
        assert fake.chat(nam, bot).last.text == "chào"
        fake.assert_clean()
        hook.answering = lambda _: web.json_response({"method": "getMe"})
        await nam.text(bot, "b")
        await fake.settle()
        assert not fake.called("getMe")


URLENCODED = "application/x-www-form-urlencoded"


async def test_a_long_poll_waits_and_an_offset_confirms() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        poll = asyncio.create_task(client.ok("getUpdates", timeout=30))
        await asyncio.sleep(0.05)
        assert not poll.done()
        await nam.text(bot, "một")
        [first] = await poll
        [again] = await client.ok("getUpdates", timeout=30)
        assert again == first
        await nam.text(bot, "hai")
        [second] = await client.ok("getUpdates", offset=first["update_id"] + 1)
        assert second["update_id"] == first["update_id"] + 1
        assert fake.waiting(bot) == 1
        await client.ok("getUpdates", offset=second["update_id"] + 1, timeout=0)
        assert fake.waiting(bot) == 0
        await fake.settle()


async def test_a_second_poller_ends_the_first() -> None:
    async with connected() as (_, _, client):
        first = asyncio.create_task(client.refused("getUpdates", timeout=30))
        await asyncio.sleep(0.02)
        second = asyncio.create_task(client.ask("getUpdates", timeout=30, offset=5))
        assert (await first).startswith("Conflict: terminated by other getUpdates request")
        await client.ok("setWebhook", url="http://127.0.0.1:9/x")
        assert (await second)["description"] == "Conflict: terminated by setWebhook request"


async def test_allowed_updates() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        assert await client.ok("getUpdates", allowed_updates=["message"]) == []
        await nam.start(bot)
        await nam.block(bot)
        assert [set(update) for update in await client.ok("getUpdates")] == [{"update_id", "message"}]


async def _texts(client: Client, many: int) -> list[str]:
    texts: list[str] = []
    offset = 0
    while len(texts) < many:
        updates = await client.ok("getUpdates", offset=offset, timeout=1)
        texts += [update["message"]["text"] for update in updates]
        offset = updates[-1]["update_id"] + 1
    await client.ok("getUpdates", offset=offset)
    return texts


async def test_repeats_and_shuffles_by_polling() -> None:
    async with connected() as (fake, bot, client):
        nam = fake.user("Nam")
        async with fake.shuffled(bot, seed=3):
            for number in range(5):
                await nam.text(bot, str(number))
            assert fake.waiting(bot) == 0
        shuffled = await _texts(client, 5)
        assert sorted(shuffled) == ["0", "1", "2", "3", "4"]
        assert shuffled != sorted(shuffled)
        await fake.repeat(bot, times=2, last=2)
        assert sorted(await _texts(client, 4)) == sorted(shuffled[-2:] * 2)
        await fake.settle()


async def test_repeats_and_raw_updates_by_webhook() -> None:
    async with connected() as (fake, bot, client), hooked() as hook:
        await client.ok("setWebhook", url=hook.url)
        nam = fake.user("Nam")
        async with fake.shuffled(bot, times=3):
            await nam.text(bot, "a")
            await nam.text(bot, "b")
        await fake.settle()
        assert sorted(update["message"]["text"] for update in hook.got) == ["a"] * 3 + ["b"] * 3
        assert len({update["update_id"] for update in hook.got}) == 2
        number = await fake.raw(bot, {"brand_new_kind": {"x": 1}})
        await fake.settle()
        assert hook.got[-1] == json.loads(f'{{"update_id": {number}, "brand_new_kind": {{"x": 1}}}}')


async def test_settle_says_what_it_waits_for() -> None:
    async with connected() as (fake, bot, _):
        await fake.user("Nam").text(bot, "a")
        with pytest.raises(TimeoutError, match=r"updates wait for \{@motcua_bot: 1\}"):
            await fake.settle(timeout=0.1)
