"""A messenger for the whole program's staff: what officers do there goes in, what they would read is kept by chat."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.deliver import Deliverer, Limits
from bot.invitations import JOIN, USERNAME
from conversations.messages import (
    ChatEvent,
    Event,
    File,
    FileSent,
    Inbound,
    Message,
    MessageGone,
    Pressed,
    Sent,
    Started,
    TextSent,
    Undeliverable,
)
from handlers.telegram_door import CITIZENS, GROUP, STAFF
from storage.chats import OFFICER
from storage.work import Work
from tests.bot.whole import EVENT_TAKES, Actor, Whole

DESK: Final = "-100200300"  # the address of a group


@dataclass(slots=True)
class Phones:
    """Stands in for both ways out; each chat numbers its messages, as in supergroups."""

    whole: Whole
    chats: dict[str, dict[str, Message]] = field(default_factory=dict)  # by address, then by the message's id
    edits: list[tuple[str, str]] = field(default_factory=list)
    albums: dict[str, list[str]] = field(default_factory=dict)  # by the first id of an album, the others
    closed: dict[str, str] = field(default_factory=dict)  # addresses that take nothing, and why
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(5000))

    def __post_init__(self) -> None:
        app = self.whole.app
        app.senders.update({CITIZENS: self, STAFF: self, GROUP: self})
        app.deliverer = Deliverer(app.database, app.world, app.senders, Limits(0, 0, 0))

    async def send(self, address: str, message: Message) -> Sent:
        if address in self.closed:
            raise Undeliverable(self.closed[address])
        number, *more = (str(next(self._numbers)) for _ in message.files or ("words",))
        self.chats.setdefault(address, {})[number] = message
        self.albums[number] = more
        return Sent(number, tuple(more))

    async def edit(self, address: str, message_id: str, message: Message) -> None:
        if message_id not in self.chats.get(address, {}):
            raise MessageGone
        self.chats[address][message_id] = message
        self.edits.append((address, message_id))

    async def does(self, user: str, event: Event, group: str = "") -> Sequence[Message]:
        """One event of a user, as often as the whole is told; gives what they are told at once."""
        return await self._happens(STAFF, user, event, group)

    async def happens(self, channel: str, address: str, event: ChatEvent) -> None:
        """Something about the chat itself."""
        await self._happens(channel, address, event)

    async def _happens(
        self, channel: str, address: str, event: Event | ChatEvent, group: str = ""
    ) -> Sequence[Message]:
        self.whole.world.clock += EVENT_TAKES
        event_id = f"u{next(self._numbers)}"
        said: Sequence[Message] = ()
        for time in range(self.whole.times):
            inbound = Inbound(channel, address, event_id, event, self.whole.world.now(), group)
            taken = await self.whole.app.receiver.receive(inbound)
            said = taken.said if not time else said
        await self.whole.app.idle()
        return said

    async def says(self, user: str, words: str, group: str = "", reply_to: str = "") -> Sequence[Message]:
        return await self.does(user, TextSent(words, reply_to), group)

    async def presses(self, user: str, value: str, group: str = "", message: str = "") -> Sequence[Message]:
        return await self.does(user, Pressed(value, message), group)

    async def photographs(self, user: str, group: str = "", reply_to: str = "", album: str = "") -> Sequence[Message]:
        file = File("telegram-file-id", "image/jpeg", 1000)
        return await self.does(user, FileSent(file, album=album, reply_to=reply_to), group)

    async def named(self, username: str = "motcua_canbo_bot") -> None:
        """The staff's bot has run before."""
        await self.whole.run(lambda work: work.installation.put(USERNAME, username))

    async def link(self, user: str, actor: Actor) -> Sequence[Message]:
        """This user is that officer from now on."""
        return await self.does(user, Started(await self.token(actor)))

    async def token(self, actor: Actor) -> str:
        def make(work: Work) -> str:
            own = work.chats.open_staff(OFFICER, actor.officer, self.whole.world.now())
            return work.tokens.make(JOIN, own.id, 60.0)

        return await self.whole.run(make)

    async def join(self, user: str, head: Actor, group: str = DESK) -> Sequence[Message]:
        """The group joins the head's office."""
        return await self.says(user, f"/nhom {await self.code(head)}", group)

    async def code(self, head: Actor) -> str:
        news = await head.says("/nhom")
        line = next(line for shown in news for line in shown.message.text.splitlines() if line.startswith("/nhom "))
        return line.removeprefix("/nhom ")

    def read(self, address: str) -> list[Message]:
        """All that stands in a chat, the oldest first."""
        return list(self.chats.get(address, {}).values())

    def texts(self, address: str) -> list[str]:
        return [message.text for message in self.read(address)]

    def clear(self, address: str) -> None:
        """Only what comes from now on is read; a card that was there is edited where it stands."""
        self.chats[address] = {n: m for n, m in self.chats.get(address, {}).items() if m.card}

    def card(self, address: str, dossier: str = "") -> str:
        """The id of the message with this dossier's card, or with the newest card."""
        subject = f"dossier:{dossier}" if dossier else ""
        return next(
            n for n, m in reversed(self.chats[address].items()) if m.card and (m.card == subject or not subject)
        )

    def id_of(self, address: str, words: str) -> str:
        """The id of the newest message with these words."""
        found = reversed(self.chats.get(address, {}).items())
        return next(number for number, message in found if words in message.text)
