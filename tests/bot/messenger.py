"""Citizens on a messenger that calls us: their events as its handler makes them, and what it would be given to send."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Final

import msgspec
from sqlalchemy import select

from bot.context import CitizenContext
from bot.scene import present
from conversations import drafts
from conversations.messages import ChatEvent, Event, File, FileSent, Inbound, Message, Pressed, TextSent
from conversations.state import Draft, Person, State, Talk
from handlers.telegram_door import CITIZENS
from storage import tables as t
from storage.chats import Chat
from storage.files import opened
from storage.outbox import Row
from storage.work import Work
from tests.bot.whole import EVENT_TAKES, Whole, another
from tests.conversations.filling import onward

SILENCE: Final = 2.0  # seconds: longer than the one after which an album is answered


@dataclass(slots=True)
class Messenger:
    """The files that it keeps; an exception in a file's place is raised for whoever asks."""

    whole: Whole
    files: dict[str, bytes | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    sent: dict[str, list[Message]] = field(default_factory=dict)  # by address, and not read yet

    async def fetch(self, file_id: str) -> bytes:
        self.asked.append(file_id)
        found = self.files[file_id]
        if isinstance(found, Exception):
            raise found
        return found

    def connect(self) -> None:
        self.whole.app.fetchers[CITIZENS] = self.fetch

    def disconnect(self) -> None:
        self.whole.app.fetchers.clear()


@dataclass(slots=True)
class Chatter:
    """One citizen there."""

    messenger: Messenger
    address: str = "1001"
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def whole(self) -> Whole:
        return self.messenger.whole

    def inbound(self, event: Event | ChatEvent) -> Inbound:
        self.whole.world.clock += EVENT_TAKES
        return Inbound(CITIZENS, self.address, f"u{next(self._ids)}", event, self.whole.world.now())

    async def does(self, event: Event | ChatEvent) -> None:
        """One event; nothing is fetched or checked yet."""
        await self.whole.app.receiver.receive(self.inbound(event))

    def photo(
        self,
        album: str = "",
        data: bytes | Exception | None = None,
        media_type: str = "image/jpeg",
        size: int | None = None,
    ) -> FileSent:
        """A photo that the messenger keeps: a real one, unless told otherwise; and what it says of it."""
        name = f"tg{len(self.messenger.files)}"
        kept = another() if data is None else data
        self.messenger.files[name] = kept
        if size is None:
            size = 5_000 if isinstance(kept, Exception) else len(kept)
        return FileSent(File(name, media_type, size), album=album)

    async def told(self, after: float = SILENCE) -> list[Message]:
        """What is sent to this citizen in the next seconds."""

        def send(work: Work) -> list[Row]:
            moment = work.machine_now() + after
            work.machine_now = lambda: moment  # type: ignore[method-assign]
            said: list[Row] = []
            while rows := work.outbox.claim([CITIZENS], "test"):
                for row in rows:
                    work.outbox.sent(row.id, f"m{row.id}")
                said += rows
            return said

        for row in await self.whole.run(send):
            self.messenger.sent.setdefault(row.address, []).append(row.message)
        return self.messenger.sent.pop(self.address, [])

    async def hears(self, event: Event | ChatEvent) -> str:
        """The words that one event leads to, all in one."""
        await self.does(event)
        return words(await self.told())

    async def draft(self) -> Draft:
        """The one that this citizen has begun."""

        def look(work: Work) -> Draft:
            chat = work.chats.find(CITIZENS, self.address)
            assert chat is not None
            assert chat.person is not None
            (line,) = work.drafts.lines(chat.person)
            found = work.drafts.get(line.id, chat.person)
            assert found is not None
            return found

        return await self.whole.run(look)

    async def talk(self) -> Talk:
        """Where this citizen is, and what was offered last."""
        return await self.whole.run(lambda work: self._talk(work)[1])

    async def to_papers(self, procedure: str = "giay-khen-gia-dinh") -> None:
        """Up to the first paper: one of any number of pages."""
        await self.does(TextSent("chào"))
        await self.does(Pressed(f"start:{procedure}"))
        while (event := await self.onward()) is not None:
            await self.does(event)
        await self.told()

    async def onward(self) -> Event | None:
        """What answers the question that is open; None where a paper is asked for."""
        return await self.whole.run(self._onward)

    def _onward(self, work: Work) -> Event | None:
        scene = present(work, self.whole.world)
        chat, talk = self._talk(work)
        assert chat.person is not None
        person = Person(chat.person, chat.office, tuple(filter(None, chat.consents.split(","))))
        draft = work.drafts.get(talk.draft, chat.person)
        context = CitizenContext(scene, chat)
        assert draft is not None
        procedure = context.catalogue.procedures[draft.procedure]
        state = State(talk, person, draft)
        step = drafts.step(state, draft, procedure, drafts.today_of(context))
        return None if isinstance(step, drafts.Give | drafts.Choose | drafts.Review) else onward(state, context)

    def _talk(self, work: Work) -> tuple[Chat, Talk]:
        chat = work.chats.find(CITIZENS, self.address)
        assert chat is not None
        return chat, msgspec.json.decode(chat.state or b"{}", type=Talk)


def words(messages: list[Message]) -> str:
    return "\n---\n".join(message.text for message in messages)


async def bytes_of(whole: Whole, ref: str) -> bytes:
    """What the store holds of a file, opened."""
    found = await whole.run(lambda work: work.files.get(ref))
    assert found is not None
    return opened(found[1], whole.app.live._store.get(ref))  # noqa: SLF001 - the one that the app opened


async def jobs(whole: Whole) -> list[str]:
    """The kinds of jobs that there are, but for the clock that every draft has."""
    asked = select(t.jobs.c.kind).where(t.jobs.c.kind != "draft").order_by(t.jobs.c.id)
    return await whole.run(lambda work: list(work.connection.scalars(asked)))
