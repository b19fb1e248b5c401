"""What happens to the addresses themselves: blocked, left, come back to, moved."""

from __future__ import annotations

from bot.scene import Scene
from conversations.messages import ChatEvent, Left, Moved, Returned


def changed(scene: Scene, channel: str, address: str, event: ChatEvent) -> None:
    """Note it; a chat that is not known needs no note."""
    chats = scene.work.chats
    match event:
        case Left(why):
            chat = chats.find(channel, address)
            if chat is not None:
                chats.mark(chat.id, why)
        case Returned():
            chat = chats.find(channel, address)
            if chat is not None:
                chats.mark(chat.id, "")
        case Moved(new):
            chats.move(channel, address, new)
