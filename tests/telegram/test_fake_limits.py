"""Flood limits: strict by default, only what people see counts, a 429 says how long."""

from __future__ import annotations

from typing import Any

import pytest

from tests.telegram.fake import Limits
from tests.telegram.fake_client import Client, connected


async def _sent(client: Client, chat: int, many: int) -> list[dict[str, Any]]:
    return [await client.ask("sendMessage", chat_id=chat, text=f"tin {number}") for number in range(many)]


async def test_one_a_second_in_a_private_chat() -> None:
    async with connected(limits=True) as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        first, second = await _sent(client, nam.id, 2)
        assert first["ok"]
        assert (second["status"], second["parameters"]) == (429, {"retry_after": 1})
        assert second["description"] == "Too Many Requests: retry after 1"
        await client.ok("sendChatAction", chat_id=nam.id, action="typing")
        fake.pass_time(1)
        sent = await client.ok("sendMessage", chat_id=nam.id, text="a")
        edit = {"chat_id": nam.id, "message_id": sent["message_id"], "text": "b"}
        assert (await client.ask("editMessageText", **edit))["status"] == 429
        await client.ok("deleteMessage", chat_id=nam.id, message_id=sent["message_id"])
        fake.assert_clean()
        assert len(fake.called("sendMessage", 429)) == 1


async def test_twenty_a_minute_in_a_group() -> None:
    async with connected(limits=True) as (fake, bot, client):
        ha = fake.user("Hà")
        group = fake.group("Tổ", [ha])
        await group.add(bot, ha)
        for _ in range(20):
            await client.ok("sendMessage", chat_id=group.id, text="a")
            fake.pass_time(0.1)
        refused = await client.ask("sendMessage", chat_id=group.id, text="a")
        assert (refused["status"], refused["parameters"]) == (429, {"retry_after": 58})
        fake.pass_time(57)
        assert (await client.ask("sendMessage", chat_id=group.id, text="a"))["status"] == 429
        fake.pass_time(1.1)
        await client.ok("sendMessage", chat_id=group.id, text="a")


async def test_thirty_a_second_over_all() -> None:
    async with connected(limits=True) as (fake, bot, client):
        people = [fake.user(f"người {number}") for number in range(31)]
        for person in people:
            await person.start(bot)
        answers = [await client.ask("sendMessage", chat_id=person.id, text="a") for person in people]
        assert [answer["status"] for answer in answers] == [200] * 30 + [429]
        fake.pass_time(1)
        await client.ok("sendMessage", chat_id=people[30].id, text="a")


def test_an_album_counts_each_of_its_photos_in_a_group() -> None:
    limits = Limits()
    for _ in range(2):
        assert limits.wait(1, -5, 100, 10) == 0
        limits.note(1, -5, 100, 10)
    assert limits.wait(1, -5, 101, 1) > 58


async def test_what_the_server_refuses_itself_is_not_counted() -> None:
    async with connected(limits=True) as (fake, bot, client):
        nam = fake.user("Nam")
        await nam.start(bot)
        for _ in range(3):
            assert "can't parse" in await client.refused("sendMessage", chat_id=nam.id, text="<b", parse_mode="HTML")
        await client.ok("sendMessage", chat_id=nam.id, text="<b")


@pytest.mark.parametrize("allowed", [1, 3])
def test_a_burst_may_be_allowed(allowed: int) -> None:
    limits = Limits(private=allowed)
    passed = []
    for _ in range(5):
        passed.append(limits.wait(1, 5, 100) == 0)
        limits.note(1, 5, 100)
    assert passed == [True] * allowed + [False] * (5 - allowed)
