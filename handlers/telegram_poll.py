"""Asking Telegram for news: a batch is durable before the next one is asked for, which is what confirms it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic
from typing import Final, Protocol

from conversations.messages import TryLater

log = logging.getLogger(__name__)

Raw = dict[str, object]  # one update, as Telegram wrote it

WAIT: Final = 50  # seconds that Telegram may hold a call back until there is news; its own limit
_PAUSES: Final = (1.0, 2.0, 5.0, 15.0, 30.0)  # seconds after each failure in a row
_ELSEWHERE: Final = 15.0  # seconds before we look whether the other one has gone
_AT_ONCE: Final = 1.0  # second; who has nothing to tell and says so sooner does not wait for news as we asked
_TWICE: Final = (
    "Một chương trình khác cũng đang nhận tin của bot Telegram này. Chỉ chạy một chương trình với một mã bot."
)
_HOOKED: Final = "Bot Telegram này đang được cài để gửi tin tới một địa chỉ khác (webhook). Chương trình sẽ tự thử lại."


class Rejected(Exception):
    """Telegram does not know the bot's token."""


class Elsewhere(Exception):
    """Somebody else gets the updates: another process that asks, or with `hooked` a webhook."""

    def __init__(self, *, hooked: bool) -> None:
        super().__init__("the updates go elsewhere")
        self.hooked = hooked


class Source(Protocol):
    """Where updates come from and where they go."""

    async def updates(self, offset: int | None, wait: int) -> list[Raw]:
        """The next updates from `offset` on, which confirms those below; raises Elsewhere and Rejected."""
        ...

    async def take(self, raw: Raw) -> None:
        """One update, durable when this returns."""
        ...


async def poll(
    bot: Source, say: Callable[[str], None], *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> None:
    """For ever; ends with Rejected. May be cancelled anywhere: what was not confirmed comes again.

    `say` tells whoever started the program that somebody else gets the updates.
    """
    offset: int | None = None
    failures, told = 0, False
    while True:
        began = monotonic()
        try:
            batch = await bot.updates(offset, WAIT)
        except Elsewhere as error:
            if not told:
                say(_HOOKED if error.hooked else _TWICE)
            told = True
            await pause(_ELSEWHERE)
            continue
        except Rejected:
            raise
        except TryLater as error:
            await pause(error.seconds)
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, Telegram keeps the updates until it is over
            log.warning("Telegram gave no updates: %s", type(error).__name__)
            await pause(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1
            continue
        told = False
        # Update ids may begin anew at any number after a quiet week. With an empty answer all is confirmed, and
        # Telegram is asked for whatever comes next.
        offset, failed = await _take(bot, batch) if batch else (None, False)
        if not batch and monotonic() - began < _AT_ONCE:
            await pause(_AT_ONCE)
        failures = failures + 1 if failed else 0
        if failed:
            await pause(_PAUSES[min(failures, len(_PAUSES)) - 1])


async def _take(bot: Source, batch: Sequence[Raw]) -> tuple[int | None, bool]:
    """From where to ask next, and whether an update was not stored: chats at the same time, each in order."""
    chats: dict[object, list[Raw]] = {}
    for raw in batch:
        chats.setdefault(_chat(raw), []).append(raw)
    left = await asyncio.gather(*(_in_order(bot, updates) for updates in chats.values()))
    unstored = [number for raw in left if raw is not None and (number := _number(raw)) is not None]
    numbers = [number for raw in batch if (number := _number(raw)) is not None]
    failed = any(raw is not None for raw in left) or not numbers
    following = min(unstored) if unstored else max(numbers, default=-1) + 1
    return following or None, failed


async def _in_order(bot: Source, updates: Sequence[Raw]) -> Raw | None:
    """The first that could not be stored, or None."""
    for raw in updates:
        try:
            await bot.take(raw)
        except Exception as error:  # noqa: BLE001 - the other chats go on
            log.error("update %s not stored: %s", _number(raw), type(error).__name__)  # noqa: TRY400
            return raw
    return None


def _number(raw: Raw) -> int | None:
    number = raw.get("update_id")
    return number if isinstance(number, int) else None


def _chat(raw: Raw) -> object:
    """What has to stay in order: one chat's updates, and what one person presses."""
    for body in raw.values():
        if isinstance(body, Mapping):
            message = body.get("message")
            for holder in (body, message if isinstance(message, Mapping) else {}, {"chat": body.get("from")}):
                chat = holder.get("chat")
                if isinstance(chat, Mapping):
                    return str(chat.get("id"))
    return None
