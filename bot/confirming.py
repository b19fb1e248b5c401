"""News that comes while somebody is asked whether something is to be undone for good."""

from __future__ import annotations

import msgspec

from bot.scene import Scene
from conversations.screens import UNDOES
from conversations.state import Talk
from storage.chats import Chat


def nothing(scene: Scene, chat: Chat) -> None:
    """Beneath a notice a number is no longer the yes to "Rút hồ sơ?" above it: that is asked again."""
    if not _confirming(chat):
        return
    now = scene.work.chats.find(chat.channel, chat.address)  # locked: a turn may be under way
    talk = _confirming(now) if now is not None else None
    if talk is not None:
        scene.work.chats.save(chat.id, msgspec.json.encode(msgspec.structs.replace(talk, offered=())), 0)


def _confirming(chat: Chat) -> Talk | None:
    """The talk, while something that cannot be undone waits for yes or no."""
    try:
        talk = msgspec.json.decode(chat.state or b"null", type=Talk | None)
    except msgspec.DecodeError:
        return None
    return talk if talk is not None and talk.screen in UNDOES and talk.offered else None
