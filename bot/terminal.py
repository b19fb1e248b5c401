"""The program as one terminal sees it: one identity's events in, and what is new for it."""

from __future__ import annotations

from bot.app import App
from bot.live import Reader, reader_of
from bot.outgoing import CONSOLE
from bot.scene import present
from bot.world import fresh
from conversations.messages import Event, File, Inbound, Shown
from conversations.staff_state import Officer
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
    async def open(cls, app: App, user: str, officer: Officer | None) -> Terminal:
        """The officer's, or else the citizen `user`'s."""

        def look(work: Work) -> tuple[Reader, int]:
            scene = present(work, app.world)
            if officer is None:
                chat = work.chats.find(CONSOLE, user) or work.chats.open_citizen(CONSOLE, user, scene.now)
            else:
                chat = work.chats.open_staff(OFFICER, officer.id, scene.now)
            return reader_of(scene, chat), work.chats.read_up_to(chat.id)

        return cls(app, *await app.database.run(look))

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
