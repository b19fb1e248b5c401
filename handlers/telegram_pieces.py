"""A turn's messages, cut into what single calls of Telegram's Bot API can carry."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.messages import Message


def pieces(messages: Sequence[Message]) -> list[Message]:
    """One message a call, in order."""
    return list(messages)
