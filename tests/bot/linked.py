"""People with several chats, for tests of linking: a web page, a terminal, and a messenger that takes nothing yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import select

from bot.live import Reader, reader_of
from bot.outgoing import CONSOLE, WEB
from bot.scene import present
from conversations.messages import Message
from conversations.state import Talk
from storage import tables as t
from storage.chats import Chat
from storage.work import Work
from tests.bot.whole import Actor, Whole

CODE = re.compile(r"\b[2-9CFHJKMNPRTX]{4}-[2-9CFHJKMNPRTX]{4}\b")
NUMBER = re.compile(r"số này(?: để nối hai nơi làm một)?: (\d{4})")
SETTINGS: Final[dict[str, Any]] = {"telegram_token": "1:x", "public_url": "https://motcua.example"}


async def person(whole: Whole, name: str, channel: str = WEB) -> Actor:
    """Somebody's chat on a channel."""

    def look(work: Work) -> Reader:
        scene = present(work, whole.world)
        work.installation.put("telegram-username", "motcua_bot")
        chat = work.chats.find(channel, name) or work.chats.open_citizen(channel, name, scene.now)
        return Reader(channel, name, staff=False, chat=chat.id) if channel != CONSOLE else reader_of(scene, chat)

    return Actor(whole, await whole.run(look))


async def read(actor: Actor) -> Sequence[Message]:
    """All that a messenger's chat was sent, or a page shows, the oldest first."""
    if actor.reader.channel in (WEB, CONSOLE):
        await actor.news()
        return [shown.message for shown in actor.shown.values() if not shown.own]

    def rows(work: Work) -> list[Message]:
        o = t.outbox.c
        found = work.connection.scalars(select(o.body).where(o.chat == actor.reader.chat).order_by(o.id))
        return [msgspec.json.decode(body, type=Message) for body in found if body is not None]

    return await actor.whole.run(rows)


async def last(actor: Actor) -> Message:
    return (await read(actor))[-1]


async def chat_of(actor: Actor) -> Chat:
    found = await actor.whole.run(lambda work: work.chats.get(actor.reader.chat))
    assert found is not None
    return found


async def talk(actor: Actor) -> Talk:
    return msgspec.json.decode((await chat_of(actor)).state or b"{}", type=Talk)


async def code_from(actor: Actor, place: str = "telegram") -> str:
    """Ask for a code and read it."""
    await actor.press(f"join:{place}")
    found = [CODE.search(message.text) for message in await read(actor)]
    return next(match[0] for match in reversed(found) if match)


async def number_on(actor: Actor) -> str:
    """The newest number that a chat shows."""
    found = [NUMBER.search(message.text) for message in await read(actor)]
    return next(match[1] for match in reversed(found) if match)


async def link(maker: Actor, other: Actor, place: str = "telegram") -> None:
    """All the way."""
    await other.says(await code_from(maker, place))
    await maker.says(await number_on(other))
