"""The staff's Telegram bot, carried by python-telegram-bot: what officers do there, and what they are shown."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any, Final, Never
from urllib.parse import quote

import msgspec
from telegram import Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    ExtBot,
    MessageHandler,
    filters,
)

from conversations.messages import Message, Sent, Undeliverable
from handlers import telegram_staff_events as events
from handlers import telegram_staff_menu as menu
from handlers import telegram_staff_sending as sending
from handlers.telegram_door import GROUP, STAFF, Door, Load
from handlers.telegram_staff_answers import Answers, toast
from handlers.telegram_staff_errors import asked, fetched
from handlers.telegram_staff_events import Happening
from handlers.telegram_staff_request import Request

log = logging.getLogger(__name__)

_CONNECTIONS: Final = 100  # more than clerks press at once, and what is being sent to them meanwhile
_KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
_MARGIN: Final = 10.0  # seconds that an empty long poll may come late

_App = Application[ExtBot[None], Any, Any, Any, Any, None]
_Context = CallbackContext[ExtBot[None], Any, Any, Any]


class _NotStored(Exception):
    """The door failed, not the update: it has to come again."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class _Bot(ExtBot[None]):
    async def raw_updates(self, offset: int | None, wait: int) -> list[object]:
        """As Telegram wrote them: where PTB reads them, one that it can't read spoils all."""
        wanted = {"offset": offset, "timeout": wait, "allowed_updates": _KINDS}
        return list(await self._post("getUpdates", wanted, read_timeout=wait + _MARGIN))

    async def file_path(self, file_id: str) -> str:
        """Where Telegram gives out a file; empty when nowhere. PTB's own File reads paths of our disk as well."""
        path = (await self._post("getFile", {"file_id": file_id})).get("file_path")
        return path if isinstance(path, str) and ".." not in path.split("/") else ""


class _Application(_App):
    @property
    def begun(self) -> bool:
        return self._initialized

    async def process_error(self, update: object, error: Exception, *_: Any, **__: Any) -> Never:  # noqa: ARG002
        """PTB's own writes the error into the log, with the update; here whoever gave the update hears of it."""
        raise error


class StaffBot:
    """Officers' private chats, and the groups of the offices.

    There is no Updater, queue, persistence or rate limiter of PTB's: each update is handled while `take` is awaited,
    many at a time, and pace and retries are the deliverer's.
    """

    channels: Sequence[str] = (STAFF, GROUP)

    def __init__(
        self, token: str, door: Door, load: Load, *, api: str = "https://api.telegram.org", proxy: str = ""
    ) -> None:
        self._door = door
        self._load = load
        self._bot = _Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=Request(_CONNECTIONS, proxy),
            get_updates_request=Request(1, proxy),
        )
        made = ApplicationBuilder().application_class(_Application).bot(self._bot).updater(None).job_queue(None).build()
        assert isinstance(made, _Application)
        self._app = made
        self._answers = Answers(self._bot)
        one_to_one, groups, new = filters.ChatType.PRIVATE, filters.ChatType.GROUPS, filters.UpdateType.MESSAGE
        self._app.add_handlers(
            [
                CallbackQueryHandler(self._pressed),
                MessageHandler(one_to_one & new, self._in_private),
                MessageHandler(groups & new & filters.StatusUpdate.MIGRATE, self._moved),
                MessageHandler(groups & new, self._in_group),
                MessageHandler(one_to_one & filters.UpdateType.EDITED_MESSAGE, self._edited),
                ChatMemberHandler(self._standing, ChatMemberHandler.MY_CHAT_MEMBER),
            ]
        )

    async def begin(self) -> str:
        """Get to know ourselves and show the commands; gives the username. Rejected where the token is wrong."""
        with asked():
            await self._app.initialize()
        await menu.show(self._bot)
        return self._bot.username

    async def close(self) -> None:
        """Ends what is under way; `begin` opens it again."""
        await self._answers.close()
        await self._app.shutdown()
        await self._bot.shutdown()  # also where it never knew itself

    # --- what comes in ----------------------------------------------------------------------------------------------

    async def updates(self, offset: int | None, wait: int) -> list[dict[str, Any]]:
        """The next updates from `offset` on, which confirms those below."""
        with asked():
            found = await self._bot.raw_updates(offset, wait)
        return [update if isinstance(update, dict) else {"": update} for update in found]

    async def take(self, raw: dict[str, Any]) -> None:
        """One update, durable when this returns; raises only where it could not be stored."""
        try:
            await self._app.process_update(Update.de_json(raw, self._bot))
        except _NotStored as failed:
            raise failed.error from None
        except Exception as error:
            if not self._app.begun:
                raise
            # PTB checks little of what it reads, so that it may fail in any way. Not taken, it would come for a day.
            log.error("update %s set aside: %s", raw.get("update_id"), type(error).__name__)  # noqa: TRY400
            await self._door.aside(STAFF, f"u{raw.get('update_id')}"[:40], _bytes(raw))

    async def _pressed(self, update: Update, _: _Context) -> None:
        query = update.callback_query
        assert query is not None
        happening = events.pressed(query)
        if happening is None:
            self._answers.give(query.id)
            return
        with self._answers.pending(query.id) as answer:
            said = await self._receive(update, happening)
            if happening.group:
                words, alert = toast(said)
                answer.words(words, alert=alert)

    async def _in_private(self, update: Update, _: _Context) -> None:
        assert update.message is not None
        await self._receive(update, events.in_private(update.message, self._bot.username))

    async def _in_group(self, update: Update, _: _Context) -> None:
        message = update.message
        assert message is not None
        bot = self._bot
        await self._receive(update, events.in_group(message, bot.username, bot.id, menu.KNOWN))

    async def _moved(self, update: Update, _: _Context) -> None:
        assert update.message is not None
        await self._receive(update, events.moved(update.message))

    async def _edited(self, update: Update, _: _Context) -> None:
        assert update.edited_message is not None
        await self._receive(update, events.edited(update.edited_message))

    async def _standing(self, update: Update, _: _Context) -> None:
        assert update.my_chat_member is not None
        await self._receive(update, events.standing(update.my_chat_member))

    async def _receive(self, update: Update, happening: Happening | None) -> Sequence[Message]:
        """Through the door; nothing happened where there is nothing to tell."""
        if happening is None:
            return ()
        h = happening
        event_id = f"u{int(update.update_id)}"
        try:
            return await self._door.receive(h.channel, h.address, event_id, h.event, h.group)
        except Exception as error:
            raise _NotStored(error) from error

    # --- what goes out ----------------------------------------------------------------------------------------------

    async def send(self, address: str, message: Message) -> Sent:
        """One call; see handlers/telegram_staff_errors.py for how it may fail."""
        return await sending.send(self._bot, self._load, address, message)

    async def edit(self, address: str, message_id: str, message: Message) -> None:
        """New words and buttons for a message of ours; MessageGone when it is not there."""
        await sending.edit(self._bot, address, message_id, message)

    async def fetch(self, file_id: str) -> bytes:
        """The bytes of what an officer sent."""
        with fetched():
            path = await self._bot.file_path(file_id)
            if not path:
                raise Undeliverable("gone")
            return await self._bot.request.retrieve(f"{self._bot.base_file_url}/{quote(path)}")

    async def set_webhook(self, url: str, secret: str) -> None:
        """Telegram calls us from now on; what waits is kept."""
        with asked():
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=_KINDS, drop_pending_updates=False)

    async def drop_webhook(self) -> None:
        """We ask from now on; what waits is kept."""
        with asked():
            await self._bot.delete_webhook(drop_pending_updates=False)


def _bytes(raw: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(raw)
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(raw).encode()
