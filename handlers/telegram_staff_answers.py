"""The answer to a press: a line over the chat that only whoever pressed sees, and the button's clock stops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from conversations.messages import Message
from handlers.telegram_pieces import units
from handlers.telegram_staff_request import Flooded, NotSent

log = logging.getLogger(__name__)

_LONGEST: Final = 200  # Telegram's limit
_PATIENCE: Final = 1.5  # seconds after which a press is answered without words, so that nobody presses again
_AGAIN: Final = 1.0  # second before the one other try
_PRIVATELY: Final = "Xem tin nhắn riêng với bot: "  # before what goes on there
_LAST: Final = 1.0  # second that answers under way have at the end


class Answers:
    """Answers under way: nobody waits for them, and none of them can do any harm."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._tasks: set[asyncio.Task[None]] = set()

    def pending(self, query: str) -> Pending:
        """Around the turn that a press leads to."""
        return Pending(self, query)

    def give(self, query: str, words: str = "", *, alert: bool = False) -> None:
        """Begin to answer."""
        task = asyncio.create_task(self._give(query, words, alert=alert))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """A short while for those under way."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_LAST)
            for task in late:
                task.cancel()

    async def _give(self, query: str, words: str, *, alert: bool) -> None:
        try:
            try:
                await self._bot.answer_callback_query(query, text=words or None, show_alert=alert or None)
            except (Flooded, NotSent):
                await asyncio.sleep(_AGAIN)
                await self._bot.answer_callback_query(query, text=words or None, show_alert=alert or None)
        except BadRequest:  # too old, or answered by another delivery of the same press
            return
        except TelegramError as error:
            log.info("a press was not answered: %s", type(error).__name__)


class Pending:
    """One press: answered with words once the turn is durable, or without if that takes long; never twice.

    A turn that failed leaves it unanswered: the press will be delivered again.
    """

    def __init__(self, answers: Answers, query: str) -> None:
        self._answers = answers
        self._query = query
        self._words = ""
        self._alert = False
        self._late: asyncio.TimerHandle | None = None
        self._given = False

    def words(self, words: str, *, alert: bool) -> None:
        """What it will be answered with."""
        self._words, self._alert = words, alert

    def __enter__(self) -> Self:
        self._late = asyncio.get_running_loop().call_later(_PATIENCE, self._give)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._late is not None
        self._late.cancel()
        if error is None:
            self._give()

    def _give(self) -> None:
        if not self._given:
            self._given = True
            self._answers.give(self._query, self._words, alert=self._alert)


def toast(said: Sequence[Message]) -> tuple[str, bool]:
    """What a press in a group is answered with, and whether it has to be read and closed.

    Words that end the matter, such as a refusal, have to: nothing else shows them in the group. Where the matter goes
    on, or papers were sent, the private chat has it all: the answer sends there, with the first line of it.
    """
    if not said:
        return "", False
    ends = len(said) == 1 and not said[0].buttons and not said[0].files
    words = said[0].text.strip()
    return short(words if ends else _PRIVATELY + words.partition("\n")[0]), ends


def short(words: str) -> str:
    """Cut between words to what an answer may hold."""
    if units(words) <= _LONGEST:
        return words
    while units(words) > _LONGEST - 1:
        words = words.rpartition(" ")[0] or words[:-1]
    return words.rstrip(" ,;:.\n") + "…"
