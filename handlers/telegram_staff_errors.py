"""What a call that failed means for whoever wanted it made: PTB's errors in the words of conversations/messages.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken

from conversations.messages import AddressChanged, MessageGone, Refused, TryLater, Uncertain, Undeliverable
from handlers.telegram_poll import Elsewhere, Rejected
from handlers.telegram_staff_request import Flooded, NoAnswer

# The first that is found in Telegram's own words. They have changed over the years in letters, not in substance.
_UNDELIVERABLE: Final = (
    (r"blocked by the user|can't initiate conversation", "blocked"),
    (r"deactivated|chat not found|peer_id_invalid|user not found|can't send messages to bots", "gone"),
    (r"was kicked|not a member|bot is not in the|channel_private", "removed"),
    (
        r"not enough rights|no rights to send|need administrator|chat_\w+_forbidden|chat_restricted|topic_closed",
        "muted",
    ),
)
_GONE: Final = r"message to edit not found|message can't be edited|message_id_invalid"
_UNCHANGED: Final = r"message is not modified"
_NO_PHOTO: Final = r"photo|image_process|media_invalid"


@contextmanager
def told(*, group: bool = False) -> Iterator[None]:
    """Around a call that sends or changes something; what is not known to have failed for good is raised as it is."""
    try:
        yield
    except Flooded as error:
        raise TryLater(error.seconds) from error
    except ChatMigrated as error:
        raise AddressChanged(str(error.new_chat_id)) from error
    except Forbidden as error:
        raise Undeliverable(_reason(error.message) or ("removed" if group else "blocked")) from error
    except BadRequest as error:
        raise _bad(error.message) from error
    except (NoAnswer, KeyError, TypeError, AttributeError, ValueError) as error:
        raise Uncertain(type(error).__name__) from error  # all but the first: PTB could not read what came back


@contextmanager
def fetched() -> Iterator[None]:
    """Around getting a file: it may be tried again and again."""
    try:
        yield
    except Flooded as error:
        raise TryLater(error.seconds) from error
    except BadRequest as error:
        if "too big" in error.message:
            raise Refused("too-large") from error
        if "temporarily" not in error.message or "invalid" in error.message:
            raise Undeliverable("gone") from error
        raise


@contextmanager
def asked() -> Iterator[None]:
    """Around a call that is about the bot itself."""
    try:
        yield
    except Flooded as error:
        raise TryLater(error.seconds) from error
    except InvalidToken:
        raise Rejected from None  # PTB's words hold the token
    except Conflict as error:
        raise Elsewhere(hooked="webhook" in error.message.lower()) from error
    except BadRequest as error:
        raise Refused(error.message) from error


@contextmanager
def unchanged_is_well() -> Iterator[None]:
    """An edit that would change nothing has succeeded, and a message that can't be edited is as good as gone."""
    try:
        yield
    except BadRequest as error:
        if re.search(_GONE, error.message, re.IGNORECASE):
            raise MessageGone from error
        if not re.search(_UNCHANGED, error.message, re.IGNORECASE):
            raise


def _reason(words: str) -> str:
    return next((reason for found, reason in _UNDELIVERABLE if re.search(found, words, re.IGNORECASE)), "")


def _bad(words: str) -> Exception:
    reason = _reason(words)
    return Undeliverable(reason) if reason else Refused(words)


def photo_refused(error: BadRequest) -> bool:
    """Whether Telegram can't make a photo of it: too long and narrow, or no picture at all."""
    return not _reason(error.message) and bool(re.search(_NO_PHOTO, error.message, re.IGNORECASE))
