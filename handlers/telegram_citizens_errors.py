"""What a call that failed means for whoever wanted it made: aiogram's errors in the words of conversations/messages.py.

Not translated, since it may be tried again as it is: what never reached Telegram, and Telegram's own faults.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from conversations.messages import AddressChanged, MessageGone, Refused, TryLater, Undeliverable
from handlers.telegram_poll import Elsewhere, Rejected

# The first that is found in Telegram's own words. They have changed over the years in letters, not in substance.
_UNDELIVERABLE: Final = (
    (r"blocked by the user|can't initiate conversation", "blocked"),
    (r"deactivated|chat not found|peer_id_invalid|user not found|input_user_deactivated", "gone"),
    (r"was kicked|not a member|chat_write_forbidden", "removed"),
)
_UNCHANGED: Final = r"message is not modified"
_NOT_THERE: Final = r"message to edit not found|message can't be edited|message_id_invalid|there is no (text|caption)"
_NO_PHOTO: Final = r"photo_|image_process|failed to get http url content|wrong type of the web page"


@contextmanager
def told() -> Iterator[None]:
    """Around a call to one chat."""
    try:
        yield
    except TelegramRetryAfter as error:
        raise TryLater(error.retry_after) from None
    except TelegramMigrateToChat as error:
        raise AddressChanged(str(error.migrate_to_chat_id)) from None
    except TelegramForbiddenError as error:
        raise Undeliverable(_reason(error.message) or "blocked") from None
    except TelegramEntityTooLarge:
        raise Refused("too-large") from None
    except TelegramBadRequest as error:
        reason = _reason(error.message)
        raise (Undeliverable(reason) if reason else Refused(error.message)) from None


@contextmanager
def edited() -> Iterator[None]:
    """Around an edit, within `told`: one that would change nothing has succeeded."""
    try:
        yield
    except TelegramBadRequest as error:
        if _says(_NOT_THERE, error):
            raise MessageGone from None
        if not _says(_UNCHANGED, error):
            raise


@contextmanager
def fetched() -> Iterator[None]:
    """Around getting a file."""
    try:
        yield
    except TelegramRetryAfter as error:
        raise TryLater(error.retry_after) from None
    except TelegramBadRequest as error:
        if _says("too big", error):
            raise Refused("too-large") from None
        if _says("temporarily", error):
            raise  # "wrong file_id or …": the id was given to us by Telegram, so it is the other half that is true
        raise Undeliverable("gone") from None


@contextmanager
def asked() -> Iterator[None]:
    """Around a call that is about the bot itself."""
    try:
        yield
    except TelegramRetryAfter as error:
        raise TryLater(error.retry_after) from None
    except (TelegramUnauthorizedError, TelegramNotFound):
        raise Rejected from None
    except TelegramConflictError as error:
        raise Elsewhere(hooked="webhook" in error.message.lower()) from None
    except TelegramBadRequest as error:
        raise Refused(error.message) from None


def no_photo(error: TelegramBadRequest) -> bool:
    """Whether Telegram can't make a photo of it: too long and narrow, or no picture at all."""
    return _says(_NO_PHOTO, error)


def _reason(words: str) -> str:
    return next((reason for found, reason in _UNDELIVERABLE if re.search(found, words, re.IGNORECASE)), "")


def _says(words: str, error: TelegramBadRequest) -> bool:
    return re.search(words, error.message, re.IGNORECASE) is not None
