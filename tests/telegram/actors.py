"""Citizens and officers of a transcript who sit at Telegram: the same steps, by way of the fake Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import func, select

from conversations.messages import (
    Button,
    Edited,
    Event,
    File,
    FileSent,
    Message,
    Pressed,
    Shown,
    Started,
    TextSent,
    Unsupported,
)
from domain.values import VIETNAM
from storage import tables as t
from storage.work import Work
from tests.bot.whole import EVENT_TAKES, Actor, Whole
from tests.telegram.fake import FakeBot, FakeTelegram, Group, Person
from tests.telegram.fake_model import FakeMessage

_TOO_LARGE: Final = 25 << 20
_POLL: Final = {
    "id": "1",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
}
_GROUP: Final = "g"  # what a message of the group has before its id; one of the private chat has nothing


@dataclass(slots=True)
class OnTelegram(Actor):
    """A person with Telegram; what they see there is what counts, not what the live page shows."""

    person: Person = field(kw_only=True)
    bot: FakeBot = field(kw_only=True)
    fake: FakeTelegram = field(kw_only=True)
    group: Group | None = None
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _drawn: dict[str, tuple[str, int]] = field(default_factory=dict)
    _revision: int = 0

    async def keep(self, data: bytes, media_type: str, name: str) -> File:
        """Nothing is kept beforehand: Telegram has it once it is sent."""
        ref = f"local-{len(self._bytes)}"
        self._bytes[ref] = data
        return File(ref, media_type, len(data), name)

    async def send(self, event: Event) -> list[Shown]:
        """Do it in Telegram; then what is new for this person."""
        self.whole.world.clock += EVENT_TAKES
        await self._act(event)
        await settle(self.whole, self.fake)
        if self.whole.times > 1:
            await self.fake.repeat(self.bot, self.whole.times - 1)
            await settle(self.whole, self.fake)
        return await self.news()

    async def _act(self, event: Event) -> None:
        person, bot = self.person, self.bot
        match event:
            case TextSent(text, reply_to):
                found = self._message(reply_to) if reply_to else None
                where = self.group if self.group and found and found.room is self.group else bot
                await person.text(where, text, found)
            case Pressed(value, message_id):
                await self._press(value, message_id)
            case FileSent(file, caption, album, reply_to):
                found = self._message(reply_to) if reply_to else None
                where = self.group if self.group and found and found.room is self.group else bot
                data = self._bytes[file.ref]
                if album:
                    photo = person.world.files.new("photo", data)
                    person._send(where, found, files=[photo], caption=caption, media_group_id=album)  # noqa: SLF001
                elif file.media_type == "image/jpeg" and not file.name:
                    await person.photo(where, data, caption, found)
                else:
                    await person.document(where, data, file.name, file.media_type, caption, reply_to=found)
            case Unsupported(kind):
                await self._odd(kind)
            case Edited(text):
                own = [m for m in self.fake.chat(person, bot).messages if m.sender is person and m.text]
                await person.edit(own[-1], text)
            case Started(payload):
                await person.start(bot, payload)
            case _:
                raise AssertionError(f"nobody does {event} in Telegram")

    async def _press(self, value: str, message_id: str) -> None:
        message = self._message(message_id) if message_id else None
        if message is None:
            message = next(m for m in reversed(self.fake.chat(self.person, self.bot).messages) if m.buttons)
        if message.keyboard and not message.buttons:
            await self.person.tap(self.bot, value)
        else:
            await self.person.press_data(message, value)

    async def _odd(self, kind: str) -> None:
        person, bot = self.person, self.bot
        match kind:
            case "sticker":
                await person.sticker(bot)
            case "location":
                await person.location(bot)
            case "contact":
                await person.contact(bot, "0912345678", own=False)
            case "video":
                await person.video(bot)
            case "voice":
                await person.voice(bot)
            case "too-large":
                await person.document(bot, b"x", "to.pdf", "application/pdf", size=_TOO_LARGE)
            case "empty-file":
                await person.document(bot, b"", "rong.jpg", "image/jpeg")
            case _:
                person._send(bot, None, extra={"poll": _POLL})  # noqa: SLF001

    async def news(self) -> list[Shown]:
        """New or edited messages, as the transcripts read them."""
        new = [*self._seen(self.fake.chat(self.person, self.bot).messages, "")]
        if self.group is not None:
            new = [*self._seen(self.group.messages, _GROUP), *new]
        for shown in new:
            self.shown.pop(shown.id, None)
            self.shown[shown.id] = shown
        return new

    def _seen(self, messages: list[FakeMessage], prefix: str) -> Iterator[Shown]:
        for message in messages:
            if message.sender is not self.bot or message.deleted or (message.files and not message.words):
                continue
            ident = f"{prefix}{message.id}"
            state = (message.words + repr(message.labels), len(message.edits))
            if self._drawn.get(ident) == state:
                continue
            self._drawn[ident] = state
            self._revision += 1
            yield Shown(
                ident,
                self._revision,
                own=False,
                message=_read(message, self._album(messages, message)),
                at=self.whole.world.now().astimezone(VIETNAM),
                private=bool(self.group) and not prefix,
            )

    @staticmethod
    def _album(messages: list[FakeMessage], first: FakeMessage) -> list[FakeMessage]:
        if not first.media_group_id:
            return [first]
        return [m for m in messages if m.media_group_id == first.media_group_id]

    def _message(self, ident: str) -> FakeMessage:
        room = self.group if ident.startswith(_GROUP) else self.fake.chat(self.person, self.bot)
        assert room is not None
        return next(m for m in room.messages if m.id == int(ident.removeprefix(_GROUP)))


def _read(message: FakeMessage, album: list[FakeMessage]) -> Message:
    """As the conversation meant it."""
    buttons = [b for row in message.buttons for b in row] or [
        b for row in message.keyboard for b in row if not b.asks_contact
    ]
    return Message(
        message.words,
        tuple(Button(b.label, b.data or b.label) for b in buttons),
        tuple(File(str(m.id), f.media_type, f.size, f.name) for m in album for f in m.files),
        reply_to=str(message.reply_to.id) if message.reply_to else "",
    )


def _pending(work: Work) -> int:
    waiting = t.outbox.c.status.in_(("waiting", "claimed"))
    lagging = t.cards.c.drawn < t.cards.c.wanted
    rows = work.connection.scalar(select(func.count()).select_from(t.outbox).where(waiting)) or 0
    return rows + (work.connection.scalar(select(func.count()).select_from(t.cards).where(lagging)) or 0)


async def settle(whole: Whole, fake: FakeTelegram) -> None:
    """Until Telegram has delivered everything, and the program has done all that waits."""
    for _ in range(1000):
        await fake.settle(quiet=0.01)
        await whole.app.idle()
        if not await whole.run(_pending):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the outbox never empties")
