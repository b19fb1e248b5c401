"""A door for scripts and hands: `python -m tests.telegram.fake --port 9000`, then POST /control/<op> with JSON.

Ops: bot token username, user name, group title members, add group bot by, remove group bot by, upgrade group; start,
text, photo, document, contact, tap: user, to (bot's username or group's id), words, label, phone, path; press: user,
message, label, in (as `to`); messages: user, to; calls, complaints, fail method …, heal, settle.
"""

from __future__ import annotations

import argparse
import asyncio
import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from tests.telegram import fake_wire as wire
from tests.telegram.fake_groups import Group
from tests.telegram.fake_model import FakeMessage, Json
from tests.telegram.fake_people import Person
from tests.telegram.fake_world import FakeBot, Room

if TYPE_CHECKING:
    from tests.telegram.fake import FakeTelegram


class Door:
    """Each op is a method named `on_<op>`."""

    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake

    async def open(self, request: web.Request) -> web.Response:
        act: Callable[[Json], Awaitable[Any]] | None = getattr(self, f"on_{request.match_info['op']}", None)
        if act is None:
            return web.json_response({"error": f"no such op: {request.match_info['op']}"}, status=404)
        body = await request.read()
        try:
            return wire.ok(await act(msgspec.json.decode(body) if body else {}))
        except (AssertionError, KeyError, TypeError, ValueError, StopIteration, TimeoutError) as wrong:
            return web.json_response({"error": f"{type(wrong).__name__}: {wrong}"}, status=400)

    async def on_bot(self, given: Json) -> Json:
        return self.fake.bot(**given).api()

    async def on_user(self, given: Json) -> Json:
        return self.fake.user(**given).api()

    async def on_group(self, given: Json) -> Json:
        return self.fake.group(given["title"], [self._person(number) for number in given["members"]]).api()

    async def on_add(self, given: Json) -> None:
        bot = self._bot(given["bot"])
        await self._group(given["group"]).add(bot, self._person(given["by"]), given.get("payload", ""))

    async def on_remove(self, given: Json) -> None:
        await self._group(given["group"]).remove(self._bot(given["bot"]), self._person(given["by"]))

    async def on_upgrade(self, given: Json) -> Json:
        group = self._group(given["group"])
        await group.upgrade()
        return group.api()

    async def on_start(self, given: Json) -> Json:
        return shown(await self._person(given["user"]).start(self._bot(given["to"]), given.get("payload", "")))

    async def on_text(self, given: Json) -> Json:
        return shown(await self._person(given["user"]).text(self._room(given), given["words"]))

    async def on_photo(self, given: Json) -> Json:
        data = Path(given["path"]).read_bytes()  # noqa: ASYNC240 - a tool for hands
        return shown(await self._person(given["user"]).photo(self._room(given), data, given.get("words", "")))

    async def on_document(self, given: Json) -> Json:
        path = Path(given["path"])
        media_type = mimetypes.guess_type(path.name)[0] or ""
        person, data = self._person(given["user"]), path.read_bytes()  # noqa: ASYNC240 - a tool for hands
        return shown(await person.document(self._room(given), data, path.name, media_type, given.get("words", "")))

    async def on_contact(self, given: Json) -> Json:
        return shown(await self._person(given["user"]).contact(self._room(given), given["phone"]))

    async def on_tap(self, given: Json) -> Json:
        return shown(await self._person(given["user"]).tap(self._room(given), given["label"]))

    async def on_press(self, given: Json) -> str:
        message = self._room(given).by_id[given["message"]]
        return (await self._person(given["user"]).press(message, given["label"])).id

    async def on_messages(self, given: Json) -> list[Json]:
        return [shown(message) for message in self._room(given).visible]

    async def on_calls(self, _: Json) -> list[Json]:
        names = ("method", "params", "at", "status", "description")
        return [{name: getattr(call, name) for name in names} for call in self.fake.calls]

    async def on_complaints(self, _: Json) -> list[str]:
        return self.fake.complaints

    async def on_fail(self, given: Json) -> None:
        self.fake.fail(**given)

    async def on_heal(self, _: Json) -> None:
        self.fake.heal()

    async def on_settle(self, given: Json) -> None:
        await self.fake.settle(**given)

    def _person(self, number: int) -> Person:
        person: Person = self.fake.people[number]
        return person

    def _group(self, number: int) -> Group:
        group: Group = self.fake.groups[self.fake.moved.get(number, number)]
        return group

    def _bot(self, name: str) -> FakeBot:
        return next(bot for bot in self.fake.bots.values() if bot.username == name)

    def _room(self, given: Json) -> Room:
        to = given["to"]
        return self._group(to) if isinstance(to, int) else self.fake.chat(self._person(given["user"]), self._bot(to))


def shown(message: FakeMessage) -> Json:
    return {
        "id": message.id,
        "from": message.sender.name,
        "text": message.words,
        "buttons": [[button.label for button in row] for row in message.buttons],
        "keys": [[button.label for button in row] for row in message.keyboard],
        "files": [{"kind": file.kind, "name": file.name, "size": file.size} for file in message.files],
        "reply_to": message.reply_to.id if message.reply_to else None,
        "edits": len(message.edits),
    }


async def serve(**options: Any) -> None:
    """Until it is ended."""
    from tests.telegram.fake import FakeTelegram  # noqa: PLC0415 - it opens this door

    async with FakeTelegram(**options) as fake:
        print(f"the fake Bot API: {fake.url}/bot<TOKEN>/<method>, control: POST {fake.url}/control/<op>", flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.telegram.fake", description=__doc__)
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--no-limits", dest="limits", action="store_false")
    parser.add_argument("--no-schema", dest="schema", action="store_false")
    parser.add_argument("--no-second", dest="second", action="store_const", const=False)
    parser.add_argument("--hurry", type=float, default=1.0)
    asyncio.run(serve(**vars(parser.parse_args(arguments))))
