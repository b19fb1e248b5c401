"""Links to the upload page: good for one draft and a short time, or for one paper that somebody else is to send."""

from __future__ import annotations

from bot.scene import Scene
from conversations.effects import MakeLink
from conversations.messages import Message
from storage.chats import Chat


def link(scene: Scene, chat: Chat, wanted: MakeLink) -> Message | None:
    """Make one; gives the words that carry it."""
    return None
