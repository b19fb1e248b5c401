"""Small calls beside the conversation, which may fail without anybody noticing: each is made once, in passing."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import Any, Final

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.methods import AnswerCallbackQuery, SendChatAction, SendMessage, TelegramMethod
from aiogram.types import LinkPreviewOptions

log = logging.getLogger(__name__)

_SHOWN: Final = 4.0  # seconds that "typing" stays on the screen, and a little less
_SILENCE: Final = 600.0  # seconds in which a group is told once
_MANY: Final = 10_000  # chats that are remembered
_IN_PRIVATE: Final = (
    "Giấy tờ là chuyện riêng, nên tôi chỉ trả lời trong tin nhắn riêng. Bạn bấm vào đây để nhắn cho tôi: {link}"
)


class Asides:
    """What is under way is kept, since a task that nobody holds may vanish."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._tasks: set[asyncio.Task[None]] = set()
        self._typing: dict[int, float] = {}
        self._pointed: dict[int, float] = {}

    def answer(self, query_id: str) -> None:
        """The button stops spinning. Too late is fine: the button has stopped by itself."""
        self._call(AnswerCallbackQuery(callback_query_id=query_id))

    def typing(self, chat: int) -> None:
        """Somebody is looking at what was sent."""
        if _rarely(self._typing, chat, _SHOWN):
            self._call(SendChatAction(chat_id=chat, action=ChatAction.TYPING))

    def point(self, group: int, topic: int | None, username: str) -> None:
        """Where to write instead, not more often than every ten minutes."""
        if _rarely(self._pointed, group, _SILENCE):
            words = _IN_PRIVATE.format(link=f"https://t.me/{username}")
            quiet = LinkPreviewOptions(is_disabled=True)
            self._call(SendMessage(chat_id=group, message_thread_id=topic, text=words, link_preview_options=quiet))

    def _call(self, method: TelegramMethod[Any]) -> None:
        task = asyncio.create_task(self._quietly(method))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, method: TelegramMethod[Any]) -> None:
        try:
            await self._bot(method)
        except Exception as error:  # noqa: BLE001 - nothing depends on it
            log.debug("a call in passing failed: %s", type(error).__name__)

    async def end(self) -> None:
        """Give up what is still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _rarely(done: dict[int, float], chat: int, seconds: float) -> bool:
    now = monotonic()
    if now < done.get(chat, 0.0):
        return False
    if len(done) >= _MANY:
        done.clear()
    done[chat] = now + seconds
    return True
