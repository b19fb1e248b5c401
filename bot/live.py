"""The web pages' view of the program: who a cookie is, what is new for them, and their files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from bot import keeping, limits, log_in, sessions
from bot.bells import CHAT, Bells
from bot.outgoing import WEB
from bot.receive import Receiver
from bot.remote import Loader
from bot.say import group_of
from bot.scene import Scene, present
from bot.watching import Watching
from bot.world import World, fresh
from conversations.messages import Event, File, Inbound, Refused, Shown, TryLater
from documents import check
from handlers.web_live import Entering, Who
from storage.chats import GROUP, OFFICER, Chat
from storage.files import Kept, Store
from storage.messages import CITIZEN, Added
from storage.sealed import keys
from storage.sessions import Browser
from storage.unit_of_work import Database
from storage.work import Work

COOKIE_LIFE: Final = 180 * 86_400.0  # seconds: a citizen's dossier may take months
RETURN_LIFE: Final = 30 * 86_400.0
COOKIES: Final = "cookies"  # touched when one was given back
_BELIEVED: Final = 600.0  # seconds for which a cookie is remembered, should nobody tell that it was given back
_CHATS: Final = 1_000  # whose latest messages are at hand
_PATIENCE: Final = 6.0  # seconds for which a page waits for a file that is still at a messenger


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a cookie is: a chat, and for staff the officer and the office's group."""

    channel: str
    address: str
    staff: bool
    chat: str
    group: str = ""

    @property
    def shown(self) -> str:
        """The chat whose messages the page shows."""
        return self.group or self.chat


class LivePages:
    """What handlers/web.py asks for."""

    def __init__(self, database: Database, world: World, receiver: Receiver, store: Store, bells: Bells) -> None:
        self._database = database
        self._world = world
        self._receiver = receiver
        self._store = store
        self._loader = Loader(database, store)
        self._bells = bells
        self.watching = Watching(database, bells)
        self._readers: dict[str, tuple[float, Reader]] = {}  # citizens, by cookie, and until when that is believed
        bells.tell(self._heed)
        self._added: dict[str, Added] = {}  # what was last added to a chat: an open page needs no query for it

    async def receive(self, who: Who, event_id: str, event: Event, network: str = "") -> None:
        """Take one event; returns when its turn is committed."""
        inbound = Inbound(who.channel, who.address, event_id, event, self._world.now(), network=_hashed(network))
        for added in (await self._receiver.receive(inbound)).added:
            if self._bells.awaited(CHAT + added.chat):
                if len(self._added) >= _CHATS:
                    self._added.clear()
                self._added[added.chat] = added

    async def taken(self, who: Who, event_id: str) -> bool:
        """Whether this event has come before."""
        return await self._database.run(lambda work: work.inbox.known(who.channel, who.address, event_id))

    async def room_for_file(self, who: Who) -> bool:
        """Whether a citizen may send one more; `keep` counts it, so that one that we could not keep is not counted."""
        if who.staff:
            return True
        key = f"chat:{known(who).chat}"
        return await self._database.run(lambda work: limits.room(present(work, self._world), limits.FILE, key))

    async def open(self, cookie: str | None, network: str = "") -> tuple[Reader, str]:
        """The citizen of this cookie, or a new one."""
        found = await self.who(cookie, staff=False)
        if found is not None:
            return found, ""

        def make(work: Work) -> tuple[Reader, str]:
            scene = present(work, self._world)
            chat = work.chats.open_citizen(WEB, fresh(), scene.now)
            limits.opened(scene, _hashed(network))
            return reader_of(scene, chat), work.tokens.make("cookie", chat.id, COOKIE_LIFE)

        return await self._database.run(make)

    async def who(self, cookie: str | None, *, staff: bool, used: bool = False) -> Reader | None:
        """Who a cookie is; remembered, except for staff, who may have left since."""
        if not cookie:
            return None
        now = asyncio.get_running_loop().time()
        if not staff and (remembered := self._readers.get(cookie)) is not None and now < remembered[0]:
            return remembered[1]

        def look(work: Work) -> Reader | None:
            found = work.tokens.chat(cookie, "cookie")
            chat = work.chats.look_at(found) if found else None
            if chat is None or chat.channel == OFFICER:
                return None
            return reader_of(present(work, self._world), chat)

        reader = await self._database.run(lambda work: self._officer(work, cookie, used=used) if staff else look(work))
        if reader is not None and not staff:
            if len(self._readers) >= 10_000:
                self._readers.clear()
            self._readers[cookie] = now + _BELIEVED, reader
        return reader

    def _heed(self, touched: frozenset[str]) -> None:
        """A cookie that was given back in another process opens nothing here."""
        if not touched or COOKIES in touched:
            self._readers.clear()

    def _officer(self, work: Work, cookie: str, *, used: bool) -> Reader | None:
        """Whose session it is, as long as they are an officer and it is not over."""
        found = work.sessions.chat(cookie, sessions.IDLE)
        chat = work.chats.look_at(found[0]) if found else None
        if found is None or chat is None or chat.channel != OFFICER or work.officers.get(chat.address) is None:
            return None
        if used and found[2] >= sessions.USED:
            work.sessions.used(found[1])
        return reader_of(present(work, self._world), chat)

    async def log_in(self, token: str, browser: str, network: str = "") -> Entering:
        """A one-time link is used."""
        here = Browser(browser, network)
        return await self._database.run(lambda work: log_in.enter(present(work, self._world), token, here))

    async def entering(self, pending: str) -> Entering:
        """How far this browser's log-in is."""
        return await self._database.run(lambda work: log_in.look(present(work, self._world), pending))

    async def log_in_code(self, pending: str, code: str) -> Entering:
        """A code was typed."""
        return await self._database.run(lambda work: log_in.typed(present(work, self._world), pending, code))

    async def leave(self, cookie: str) -> None:
        """Close one session."""

        def drop(work: Work) -> None:
            work.tokens.drop(cookie)
            work.touch(COOKIES)

        self._readers.pop(cookie, None)
        await self._database.run(drop)

    async def return_link(self, who: Who) -> str:
        """A token with which this citizen comes back."""
        return await self._database.run(lambda work: work.tokens.make("return", known(who).chat, RETURN_LIFE))

    async def come_back(self, token: str) -> str | None:
        """The citizen's cookie for such a token."""

        def back(work: Work) -> str | None:
            chat = work.tokens.chat(token, "return")
            return work.tokens.make("cookie", chat, COOKIE_LIFE) if chat else None

        return await self._database.run(back)

    async def since(self, who: Who, revision: int) -> list[Shown]:
        """What changed after `revision`."""
        author = who.address if who.staff else CITIZEN
        added = self._added.get(known(who).shown)
        if added is not None and added.after == revision:  # all there is between that revision and its own last
            shown = added.shown(author)
            if shown:  # else it was for other eyes, and there may be more behind it
                return shown
        return await self._database.run(lambda work: work.messages.since(known(who).shown, revision, author))

    def watch(self, who: Who) -> AsyncIterator[None]:
        """Yields whenever there may be something new."""
        return self.watching.chat(known(who).shown)

    async def keep(self, who: Who, data: bytes, media_type: str, name: str, event_id: str = "") -> File:
        """Seal and store; durable when it returns. An event that is sent again finds its file kept already.

        A browser that does not know HEIC calls it anything, so the first bytes go before what it says.
        """
        chat, event = known(who).chat, event_id or fresh()

        def add(work: Work, kept: Kept) -> File:
            file = work.files.add(kept, chat, event, self._world.now())
            if not who.staff and file.ref == kept.file.ref:
                limits.count(present(work, self._world), limits.FILE, f"chat:{chat}")
            return file

        return await keeping.keep(self._database, self._store, data, check.media_type(data) or media_type, name, add)

    async def fetch(self, who: Who, ref: str) -> tuple[File, bytes] | None:
        """A file and its bytes, if this reader may see it. One that is on its way here is awaited for a moment."""
        chats = [known(who).chat, known(who).group] if known(who).group else [known(who).chat]
        ends = asyncio.get_running_loop().time() + _PATIENCE
        async for _ in self._bells.heard(f"file:{ref}"):
            found = await self._database.run(lambda work: work.files.get(ref, chats))
            if found is None:
                return None
            try:
                return found[0], await self._loader.load(ref)
            except Refused:
                return None
            except TryLater:
                if asyncio.get_running_loop().time() >= ends:
                    raise
        raise AssertionError("bells are heard for ever")

    async def read(self, who: Who, revision: int) -> None:
        """The reader has seen everything up to here."""
        await self._database.run(lambda work: work.chats.read(known(who).chat, revision))

    async def facts(self, who: Who) -> dict[str, object]:
        """For the page's head."""

        def look(work: Work) -> dict[str, object]:
            officer = work.officers.get(who.address) if who.staff else None
            chat = work.chats.get(known(who).chat)
            office = self._world.office(officer.office if officer else chat.office if chat else "")
            return {
                "office": office.desk,
                "short": office.short_name,
                "practice": office.practice,
                "staff": {"name": officer.name, "role": officer.role} if officer else None,
                "read": work.chats.read_up_to(known(who).chat),
            }

        return await self._database.run(look)


def _hashed(network: str) -> str:
    """An address is personal data: limits need only to know it again."""
    return keys().look_up(f"network {network}") if network else ""


def known(who: Who) -> Reader:
    """The reader behind a handler's view of it; handlers only pass on what they were given."""
    assert isinstance(who, Reader)
    return who


def reader_of(scene: Scene, chat: Chat) -> Reader:
    if chat.channel != OFFICER:
        return Reader(chat.channel, chat.address, False, chat.id)
    officer = scene.work.officers.get(chat.address)
    assert officer is not None
    group = scene.work.chats.look(GROUP, officer.office) or group_of(scene, officer.office)
    return Reader(OFFICER, officer.id, True, chat.id, group.id)
