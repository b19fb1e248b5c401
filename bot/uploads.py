"""The upload page's view of the program: what a link is good for, what is sent by it, and what was found in that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from bot import drafts, keeping, limits
from bot.context import CitizenContext
from bot.receive import Receiver
from bot.remote import Loader
from bot.scene import present
from bot.upload_link import UPLOAD
from bot.world import World
from catalogue.model import Procedure
from conversations import upload_page, uploaded
from conversations.messages import Event, File, Inbound, PaperSent, PictureUsed, Refused, TryLater
from conversations.render import text
from conversations.state import Draft, Person, State, Talk
from documents.check import media_type
from domain.values import clean, moment_words
from handlers import telegram_door, web_upload
from storage.chats import Chat
from storage.files import Kept, Store
from storage.persons import told_of
from storage.unit_of_work import Database
from storage.work import Work

_NAME: Final = 40  # letters of whoever sends for somebody else
_MESSENGERS: Final[Mapping[str, str]] = {telegram_door.CITIZENS: "Telegram"}


@dataclass(frozen=True, slots=True)
class _Link:
    """A good link, with the draft as its owner left it; `only` is the one paper that a helper was asked for."""

    chat: Chat
    state: State
    draft: Draft
    procedure: Procedure
    context: CitizenContext
    only: str
    until: datetime

    @property
    def wanted(self) -> tuple[upload_page.Wanted, ...]:
        return upload_page.wanted(self.state, self.draft, self.procedure, self.context, self.only)

    def seen(self, ref: str) -> upload_page.Seen:
        return upload_page.seen(self.draft, self.procedure, ref, self.context, self.only)


class Uploads:
    """What handlers/web_upload.py asks for."""

    def __init__(self, database: Database, world: World, receiver: Receiver, store: Store) -> None:
        self._database = database
        self._world = world
        self._receiver = receiver
        self._store = store
        self._loader = Loader(database, store)

    async def open(self, token: str) -> web_upload.Opened | None:
        """What the link is good for; of the dossier a helper is shown one paper and where it goes."""

        def look(work: Work) -> web_upload.Opened | None:
            found = self._find(work, token)
            if found is None:
                return None
            papers = tuple(web_upload.Paper(*msgspec.structs.astuple(paper)) for paper in found.wanted)
            office = self._world.office(found.chat.office).desk
            until = moment_words(found.until, self._world.now())
            back, channel = _MESSENGERS.get(found.chat.channel, ""), found.chat.channel
            return web_upload.Opened(channel, found.chat.address, office, bool(found.only), papers, until, back)

        return await self._database.run(look)

    async def send(self, token: str, event_id: str, paper: str, by: str, data: bytes | None) -> web_upload.Kept | None:
        """Take one file, which the owner's chat hears of."""
        event_id = _named(event_id)

        def look(work: Work) -> tuple[_Link | None, str]:
            found = self._find(work, token)
            if found is None or work.inbox.known(found.chat.channel, found.chat.address, event_id):
                return found, ""  # a repeat finds its own file
            return found, _refused(found, paper, data)

        found, refused = await self._database.run(look)
        if found is None or refused or data is None:
            return None if found is None else web_upload.Kept(refused=refused)
        key = f"chat:{found.chat.id}"
        if not await self._database.run(lambda work: limits.room(present(work, self._world), limits.FILE, key)):
            return web_upload.Kept(refused=text("upload.enough"))
        file = await self._keep(data, found.chat.id, event_id)
        card = paper == upload_page.CARD
        who = _name(by) if found.only else ""
        await self._receive(found.chat, event_id, PaperSent(found.draft.id, "" if card else paper, file, who, card))
        refused = await self._database.run(lambda work: self._settled(work, token, found.draft, paper, file))
        return web_upload.Kept(refused=refused) if refused else web_upload.Kept(file.ref)

    async def look(self, token: str, file: str) -> web_upload.Seen | None:
        """What was found in a file so far."""
        seen = await self._seen(token, file)
        return None if seen is None else web_upload.Seen(seen.state, seen.text, bool(seen.marked))

    async def use(self, token: str, event_id: str, file: str) -> web_upload.Seen | None:
        """A poor picture is used all the same."""

        def look(work: Work) -> tuple[_Link, str] | None:
            found = self._find(work, token)
            return None if found is None else (found, found.seen(file).document)

        known = await self._database.run(look)
        if known is not None and known[1]:
            found, document = known
            await self._receive(found.chat, _named(event_id), PictureUsed(found.draft.id, document))
        return await self.look(token, file)

    async def picture(self, token: str, file: str) -> bytes | None:
        """The picture with the trouble marked."""
        seen = await self._seen(token, file)
        if seen is None or not seen.marked:
            return None
        try:
            return await self._loader.load(seen.marked)
        except (Refused, TryLater):
            return None

    async def _seen(self, token: str, file: str) -> upload_page.Seen | None:
        def look(work: Work) -> upload_page.Seen | None:
            found = self._find(work, token)
            return None if found is None else found.seen(file)

        return await self._database.run(look)

    def _settled(self, work: Work, token: str, draft: Draft, paper: str, file: File) -> str:
        """A file that the turn had no use for is not kept; gives the words for whoever sent it.

        Others may have sent at the same time, or the draft was handed in or given up meanwhile.
        """
        owners = (draft.id, draft.dossier) if draft.dossier else (draft.id,)  # a dossier has the id of its draft
        if any(file.ref == document.ref for owner in owners for document in work.drafts.documents(owner)):
            return ""
        drafts.forget_files(work, [file.ref])
        found = self._find(work, token)
        if found is None or any(flag.startswith(f"{uploaded.GONE}{file.ref}:") for flag in found.draft.flags):
            return ""  # whoever asks hears that the link has ended, or what was found
        return _unwanted(found, paper, file) or text("upload.not-now")

    def _find(self, work: Work, token: str) -> _Link | None:
        """None also when the draft has been handed in or given up."""
        grant = work.tokens.grant(token, UPLOAD)
        chat = work.chats.get(grant.chat) if grant is not None else None
        if grant is None or chat is None or chat.person is None:
            return None
        scene = present(work, self._world)
        draft_id, _, only = grant.subject.partition(":")
        person = Person(chat.person, chat.office, tuple(filter(None, chat.consents.split(","))), told_of(chat.settings))
        talk = Talk() if chat.state is None else msgspec.json.decode(chat.state, type=Talk)
        open_one = work.drafts.get(talk.draft, chat.person) if talk.draft else None
        context = CitizenContext(scene, chat)
        here = uploaded.inside(State(talk, person, open_one), draft_id, context)
        if here is None:
            return None
        return _Link(chat, *here, context, only, scene.now + timedelta(seconds=round(grant.seconds)))

    async def _keep(self, data: bytes, chat: str, event_id: str) -> File:
        """Sealed and durable; one that is sent again is found again."""

        def add(work: Work, kept: Kept) -> File:
            file = work.files.add(kept, chat, event_id, self._world.now())
            if file.ref == kept.file.ref:  # one that we could not keep is not counted, nor one that came again
                limits.count(present(work, self._world), limits.FILE, f"chat:{chat}")
            return file

        return await keeping.keep(self._database, self._store, data, media_type(data), "", add)

    async def _receive(self, chat: Chat, event_id: str, event: Event) -> None:
        await self._receiver.receive(Inbound(chat.channel, chat.address, event_id, event, self._world.now()))


def _refused(found: _Link, paper: str, data: bytes | None) -> str:
    """Why a file is not taken, in words; empty when it is."""
    if not data:
        return text("misfit.too-large" if data is None else "misfit.empty-file")
    return _unwanted(found, paper, File("", media_type(data), len(data)))


def _unwanted(found: _Link, paper: str, sent: File) -> str:
    return upload_page.refused(found.state, found.draft, found.procedure, paper, sent, found.context, found.only)


def _named(event_id: str) -> str:
    """No page makes an id with a colon: whoever has a link takes no id from the owner's chat."""
    return f"gui:{event_id}"


def _name(given: str) -> str:
    """One short line."""
    name = " ".join(clean(given).replace("«", "").replace("»", "").split())[:_NAME].strip()
    return name or text("upload.someone")
