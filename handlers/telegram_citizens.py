"""The citizens' Telegram bot, carried by aiogram: what people do there, and what they are told."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final, TypeVar

from aiogram import Bot
from aiogram.enums import BotCommandScopeType
from aiogram.loggers import event
from aiogram.methods import (
    DeleteWebhook,
    GetFile,
    GetMe,
    GetMyDescription,
    GetMyShortDescription,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, Update
from aiogram.utils.token import TokenValidationError
from pydantic import ValidationError

from conversations.messages import Message, Refused, Sent, Undeliverable
from handlers import telegram_citizens_plain
from handlers.telegram_citizens_asides import Asides
from handlers.telegram_citizens_errors import asked, fetched
from handlers.telegram_citizens_events import LARGEST, UNREAD
from handlers.telegram_citizens_menu import COMMANDS, DESCRIPTION, SHORT_DESCRIPTION
from handlers.telegram_citizens_sending import Keyboards, Out
from handlers.telegram_citizens_session import Session
from handlers.telegram_citizens_taps import Taps
from handlers.telegram_citizens_updates import KINDS, USERNAME, Private, Unreadable, dispatcher
from handlers.telegram_door import CITIZENS, Door, Load
from handlers.telegram_poll import Raw, Rejected

log = logging.getLogger(__name__)
event.setLevel(logging.WARNING)  # aiogram's own: a line for each update tells nobody anything

T = TypeVar("T")

_LATE: Final = 15  # seconds that an empty long poll may come late
_AT_ONCE: Final = 40  # updates that Telegram may bring at the same time
_MOST: Final = 1 << 63
# What is read of a message where the whole of it can't be, such as when Telegram knows more than aiogram does.
_PLAIN: Final = ("message_id", "date", "chat", "from", "text", "caption", "photo", "document", "media_group_id")
_BARE: Final = ("message_id", "date", "chat", "from")


class _Updates(TelegramMethod[list[Any]]):
    """As Telegram wrote them: where aiogram reads them, one that it can't read spoils all."""

    __returning__: ClassVar[Any] = list[Any]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None
    timeout: int
    allowed_updates: list[str]


class CitizensBot:
    """Private chats with people. One pool of connections, no state of aiogram's, nothing tried twice."""

    channels: Sequence[str] = (CITIZENS,)

    def __init__(
        self, token: str, door: Door, load: Load, *, api: str = "https://api.telegram.org", proxy: str = ""
    ) -> None:
        self._door = door
        self._session = Session(api, proxy)
        try:
            self._bot = Bot(token, session=self._session)
        except TokenValidationError:
            raise Rejected from None
        self._asides = Asides(self._bot)
        keyboards = Keyboards()
        self._out = Out(self._bot, self._session, load, keyboards)
        self._private = Private(door, self._asides, keyboards, Taps())
        self._dispatcher = dispatcher(self._private)

    async def begin(self) -> str:
        """The username; how the bot presents itself is set by the way, and goes on as it was where that fails."""
        me = await self._ask(GetMe())
        self._dispatcher[USERNAME] = me.username or ""
        commands = [BotCommand(command=command, description=words) for command, words in COMMANDS]
        scope = BotCommandScopeAllPrivateChats(type=BotCommandScopeType.ALL_PRIVATE_CHATS)
        done = await asyncio.gather(
            self._ask(SetMyCommands(commands=commands, scope=scope)), self._describe(), return_exceptions=True
        )
        for error in done:
            if isinstance(error, Exception):
                log.warning("the bot's menu or description is not set: %s", type(error).__name__)
        return me.username or ""

    async def _describe(self) -> None:
        """Only where it differs: Telegram allows few such changes."""
        if (await self._ask(GetMyDescription())).description != DESCRIPTION:
            await self._ask(SetMyDescription(description=DESCRIPTION))
        if (await self._ask(GetMyShortDescription())).short_description != SHORT_DESCRIPTION:
            await self._ask(SetMyShortDescription(short_description=SHORT_DESCRIPTION))

    async def updates(self, offset: int | None, wait: int) -> list[Raw]:
        """A long poll."""
        method = _Updates(offset=offset, timeout=wait, allowed_updates=list(KINDS))
        with asked():
            found = await self._bot(method, request_timeout=wait + _LATE)
        return [raw if isinstance(raw, dict) else {"": raw} for raw in found]

    async def take(self, raw: Raw) -> None:
        """One update, stored when this returns; raises when it could not be. What nobody can read is set aside."""
        number = raw.get("update_id")
        known = type(number) is int and 0 <= number < _MOST
        if known and not any(kind in raw for kind in KINDS):
            return  # a kind that was not asked for, or that is newer than this program
        if type(number) is int and known and await self._understood(number, raw):
            return
        body = _bytes(raw)
        event_id = f"u{number}" if known else f"x{hashlib.sha256(body).hexdigest()[:32]}"
        log.warning("update %s can't be read and is set aside", event_id)
        await self._door.aside(CITIZENS, event_id, body)

    async def _understood(self, number: int, raw: Raw) -> bool:
        """False where no event could be made of it."""
        try:
            if await telegram_citizens_plain.take(self._private, number, raw):
                return True
            update = self._read(raw)
            if update is not None:
                await self._dispatcher.feed_update(self._bot, update)
        except Unreadable:
            return False
        return update is not None

    def _read(self, raw: Raw) -> Update | None:
        for one in _readings(raw):
            try:
                return Update.model_validate(one, context={"bot": self._bot})
            except (ValidationError, RecursionError, OverflowError):
                continue
        return None

    async def send(self, address: str, message: Message) -> Sent:
        """One call; raises what conversations/messages.py says."""
        return await self._out.send(address, message)

    async def edit(self, address: str, message_id: str, message: Message) -> None:
        """One call; well also where nothing changes."""
        await self._out.edit(address, message_id, message)

    async def fetch(self, file_id: str) -> bytes:
        """The bytes of a file that somebody sent."""
        with fetched():
            file = await self._bot(GetFile(file_id=file_id))
        if (file.file_size or 0) > LARGEST:
            raise Refused("too-large")
        if not file.file_path or ".." in file.file_path.split("/"):
            raise Undeliverable("gone")
        return await self._session.download(self._session.api.file_url(self._bot.token, file.file_path))

    async def set_webhook(self, url: str, secret: str) -> None:
        """Telegram calls us from now on; what waits is kept."""
        kinds = list(KINDS)
        await self._ask(SetWebhook(url=url, secret_token=secret, allowed_updates=kinds, max_connections=_AT_ONCE))

    async def drop_webhook(self) -> None:
        """We ask Telegram from now on; what waits is kept."""
        await self._ask(DeleteWebhook())

    async def close(self) -> None:
        """End; what is under way is given up."""
        await self._asides.end()
        await self._session.close()

    async def _ask(self, method: TelegramMethod[T]) -> T:
        with asked():
            return await self._bot(method)


def _bytes(raw: Raw) -> bytes:
    try:
        return json.dumps(raw).encode()
    except (ValueError, RecursionError):
        return f"{list(raw)!r:.1000}: too deep, or too large a number".encode(errors="replace")


def _readings(raw: Raw) -> Iterator[Raw]:
    """The update, and what is left of it where parts of it can't be read: then the person at least hears so."""
    yield raw
    for kind, all_parts in (("message", (_PLAIN, _BARE)), ("edited_message", (_PLAIN,))):
        body = raw.get(kind)
        if isinstance(body, dict):
            for parts in all_parts:
                left = {part: body[part] for part in parts if part in body}
                yield {"update_id": raw["update_id"], kind: {**left, UNREAD: True}}
    query = raw.get("callback_query")
    if isinstance(query, dict) and isinstance(under := query.get("message"), dict):
        left = {"chat": under.get("chat"), "message_id": under.get("message_id"), "date": 0}
        yield {"update_id": raw["update_id"], "callback_query": {**query, "message": left}}
