"""The plainest updates, which most are: words and presses in a private chat, read without aiogram's models.

What has anything more to it than these fields, such as a message that answers another or was sent on, is aiogram's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from handlers.telegram_citizens_events import button, typed
from handlers.telegram_citizens_updates import Private, made


class _Who(msgspec.Struct):
    id: int
    is_bot: bool


class _Chat(msgspec.Struct):
    id: int
    type: Literal["private"]


class _Words(msgspec.Struct, rename={"author": "from"}, forbid_unknown_fields=True):
    message_id: int
    date: int
    chat: _Chat
    author: _Who
    text: str
    entities: Any = None  # bold, links: the words are what counts


class _Under(msgspec.Struct):
    message_id: int
    chat: _Chat


class _Press(msgspec.Struct, rename={"author": "from"}, forbid_unknown_fields=True):
    id: str
    author: _Who
    message: _Under
    data: str
    chat_instance: str = ""


_KINDS: Final[Mapping[str, type[_Words | _Press]]] = {"message": _Words, "callback_query": _Press}


async def take(private: Private, number: int, raw: Mapping[str, object]) -> bool:
    """Store it; False, and nothing is done, where it is not one of these."""
    match found := _read(raw):
        case None:
            return False
        case _Words(chat=_Chat(id=chat), text=text):
            await private.said(chat, number, made(typed, text))
        case _Press(author=_Who(id=person), data=value, message=_Under(message_id=under)):
            event = made(lambda data: button(data, under), value)
            await private.pressed(person, number, event, found.id)
    return True


def _read(raw: Mapping[str, object]) -> _Words | _Press | None:
    if len(raw) != len(("update_id", "its kind")):
        return None
    for kind, shape in _KINDS.items():
        if kind in raw:
            try:
                found = msgspec.convert(raw[kind], shape)
            except msgspec.ValidationError:
                return None
            return None if found.author.is_bot else found
    return None
