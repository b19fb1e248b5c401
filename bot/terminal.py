"""The program as one terminal sees it: one identity's events in, and what is new for it."""

from __future__ import annotations

from bot.app import App
from bot.live import Reader, reader_of
from bot.say import CONSOLE
from bot.world import fresh
from conversations.messages import Event, File, Inbound, Shown
from storage.chats import OFFICER
from storage.work import Work


class Terminal:
    """A lasting identity, named on the command line."""

    def __init__(self, app: App, reader: Reader, seen: int) -> None:
        self._app = app
        self._reader = reader
        self._seen = seen
        self.staff = reader.staff

    @classmethod
    async def open(cls, app: App, user: str, officer: str | None, office: str) -> Terminal | None:
        """The citizen `user`, or the officer of that name; None when there is no such officer."""

        def look(work: Work) -> tuple[Reader, int] | None:
            now = app.world.now()
            if officer is None:
                chat = work.chats.find(CONSOLE, user) or work.chats.open_citizen(CONSOLE, user, now)
            else:
                first = next(iter(app.world.catalogue.offices))
                found = work.officers.named(officer, office or first) or work.officers.named(officer, office)
                if found is None:
                    return None
                chat = work.chats.open_staff(OFFICER, found.id, now)
            return reader_of(work, chat, app.world), work.chats.read_up_to(chat.id)

        found = await app.database.run(look)
        return None if found is None else cls(app, *found)

    async def send(self, event: Event) -> None:
        """One event of this identity; returns when its turn is durable."""
        reader = self._reader
        await self._app.receiver.receive(Inbound(reader.channel, reader.address, fresh(), event, self._app.world.now()))

    async def keep(self, name: str, data: bytes, media_type: str) -> File:
        """Store a file that was named on the console."""
        return await self._app.live.keep(self._reader, data, media_type, name)

    async def news(self) -> list[Shown]:
        """What has not been printed yet."""
        shown = await self._app.live.since(self._reader, self._seen)
        if shown:
            self._seen = shown[-1].revision
            await self._app.live.read(self._reader, self._seen)
        return shown

    async def settle(self) -> None:
        """Do what waits to be drawn, sent or worked on."""
        await self._app.idle()
