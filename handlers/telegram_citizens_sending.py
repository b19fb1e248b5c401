"""What is said to a citizen, on its way out: one message, one call."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendChatAction

from conversations.messages import Message, MessageGone, Sent, Uncertain, Undeliverable
from handlers.telegram_citizens_calls import (
    REMOVED,
    Json,
    Text,
    TextEdit,
    editing,
    inline,
    other_words,
    own_number,
    sending,
    words,
)
from handlers.telegram_citizens_errors import edited, no_photo, told
from handlers.telegram_citizens_session import Session
from handlers.telegram_door import Load
from handlers.telegram_pieces import fit, is_photo

log = logging.getLogger(__name__)


class Keyboards:
    """The chats in which the keyboard for the own number is on the screen, and whether the person has gone on.

    It hides when one of its keys is used, but can be called back until a message takes it away. Such a message has no
    buttons of its own and can't be edited later, so it is the next one without buttons, and only where it is needed.
    """

    def __init__(self) -> None:
        self._answered: dict[str, bool] = {}

    def shown(self, address: str) -> None:
        self._answered[address] = False

    def heard(self, address: str, *, used: bool = False) -> None:
        """The person did something; `used`: a key, also one of a keyboard from before this process began."""
        if used or address in self._answered:
            self._answered[address] = True

    def done_with(self, address: str) -> bool:
        return self._answered.get(address, False)

    def removed(self, address: str) -> None:
        self._answered.pop(address, None)


class Out:
    """Sends and edits; tries nothing twice and keeps no pace, which is bot/deliver.py's business."""

    def __init__(self, bot: Bot, session: Session, load: Load, keyboards: Keyboards) -> None:
        self._bot = bot
        self._session = session
        self._load = load
        self._keyboards = keyboards

    async def send(self, address: str, message: Message) -> Sent:
        """Raises what handlers promise in conversations/messages.py."""
        chat = _chat(address)
        markup = self._markup(address, message)
        with told():
            if message.files:
                sent = await self._upload(chat, message, markup)
            else:
                sent = await self._session.say(self._bot, Text, words(chat, message, markup))
        self._note(address, markup)
        return Sent(str(_id(sent)))

    async def _upload(self, chat: int, message: Message, markup: Json | None) -> Any:
        data = [await self._load(file.ref) for file in message.files]
        await self._uploading(chat, message)
        try:
            return await self._bot(sending(chat, message, markup, data))
        except TelegramBadRequest as error:
            if not no_photo(error):
                raise
            return await self._bot(sending(chat, message, markup, data, as_papers=True))

    async def edit(self, address: str, message_id: str, message: Message) -> None:
        """An earlier message says something else now."""
        if not message_id.isdecimal():
            raise MessageGone
        with told(), edited():
            chat, number, message = _chat(address), int(message_id), fit(message)
            if message.files:
                await self._bot(editing(chat, number, message))
            else:
                await self._session.say(self._bot, TextEdit, other_words(chat, number, message))

    def _markup(self, address: str, message: Message) -> Json | None:
        if len(message.files) > 1:
            return None  # an album carries nothing
        if message.asks == "phone":
            return own_number(message.buttons)
        return inline(message.buttons) or (REMOVED if self._keyboards.done_with(address) else None)

    def _note(self, address: str, markup: Json | None) -> None:
        if markup is REMOVED:
            self._keyboards.removed(address)
        elif markup is not None and "keyboard" in markup:
            self._keyboards.shown(address)

    async def _uploading(self, chat: int, message: Message) -> None:
        """Large files take a while: the person sees that something is coming."""
        photos = all(map(is_photo, message.files))
        action = ChatAction.UPLOAD_PHOTO if photos else ChatAction.UPLOAD_DOCUMENT
        try:
            await self._bot(SendChatAction(chat_id=chat, action=action))
        except Exception as error:  # noqa: BLE001 - nothing depends on it
            log.debug("no chat action: %s", type(error).__name__)


def _chat(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Undeliverable("gone") from None


def _id(sent: Any) -> int:
    """Of the message, or of the first of an album."""
    first = sent[0] if isinstance(sent, Sequence) and sent else sent
    number = first.get("message_id") if isinstance(first, dict) else None
    if not isinstance(number, int):
        raise Uncertain("taken, but nobody knows as which message")
    return number
