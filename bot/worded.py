"""Channels where nobody can rely on buttons: whatever is offered there can also be pressed in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.scene import Scene
from conversations.messages import Button, Message
from conversations.render import button
from conversations.state import Talk
from handlers.zalo_door import ZALO
from storage.chats import Chat

WORDED: Final = frozenset({ZALO})
_KEPT: Final = 20  # buttons of the newest news
_talk: Final = msgspec.json.Decoder(Talk).decode


def marked(messages: Sequence[Message], offered: Sequence[Button], *, by_number: bool) -> tuple[Message, ...]:
    """A turn's messages; those that show what is `offered` say how words press it."""
    how, shown = "number" if by_number else "label", tuple(offered)
    return tuple(
        msgspec.structs.replace(message, typed=how) if shown and message.buttons == shown else message
        for message in messages
    )


def keeping(scene: Scene, chat: Chat, talk: Talk) -> Talk:
    """The talk as this turn leaves it, with the labels of news that the same turn has brought."""
    found = scene.work.chats.get(chat.id)
    now = Talk() if found is None or found.state is None else _talk(found.state)
    return msgspec.structs.replace(talk, noticed=now.noticed)


def news(messages: Sequence[Message], notice: str | None) -> Sequence[Message]:
    """What nobody asked for just now has a button at least: its tap opens anew the days in which one may write."""
    if not messages or any(message.buttons or message.speaker or message.files for message in messages):
        return messages  # an officer who talks is answered anyway, and what a file belongs to has a button
    seen = button("seen", f"seen:{notice}" if notice else "menu")
    return [*messages[:-1], msgspec.structs.replace(messages[-1], buttons=(seen,))]


def between_turns(scene: Scene, chat: Chat, messages: Sequence[Message]) -> Sequence[Message]:
    """What comes without having been asked for: the chat knows its labels from now on, beside the open question's."""
    shown = [button for message in messages if not message.typed for button in message.buttons]
    if not shown:
        return messages
    found = scene.work.chats.get(chat.id)  # locked: a turn may be under way
    talk = Talk() if found is None or found.state is None else _talk(found.state)
    noticed = tuple({button.label: button for button in (*reversed(talk.noticed), *shown)}.values())[::-1][:_KEPT]
    if noticed != talk.noticed:
        scene.work.chats.save(chat.id, msgspec.json.encode(msgspec.structs.replace(talk, noticed=noticed)), 0)
    return [
        msgspec.structs.replace(message, typed="news") if message.buttons and not message.typed else message
        for message in messages
    ]
