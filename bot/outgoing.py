"""Words on their way to one chat: rows of a live page, or of the outbox where a call carries them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot.scene import Scene
from conversations.messages import Message
from handlers import telegram_door, telegram_pieces
from storage import outbox
from storage.chats import GROUP, OFFICER, Chat
from storage.messages import Line

WEB: Final = "web"
CONSOLE: Final = "console"
LIVE: Final = frozenset({WEB, CONSOLE, GROUP, OFFICER})  # the row is the delivery
REMOTE_FILES: Final = frozenset({telegram_door.CITIZENS, telegram_door.STAFF})  # what is sent stays there until fetched

# How a channel cuts a turn's messages into calls: a row of the outbox is one call.
_PIECES: Final[Mapping[str, Callable[[Sequence[Message]], Sequence[Message]]]] = {
    telegram_door.CITIZENS: telegram_pieces.pieces,
    telegram_door.STAFF: telegram_pieces.pieces,
    telegram_door.GROUP: telegram_pieces.pieces,
}
_SILENCE: Final = 1.2  # seconds without another photo of an album, after which it is answered


def to_chat(
    scene: Scene, chat: Chat, messages: Sequence[Message], *, lane: int = outbox.ANSWER, album: str = ""
) -> None:
    """From the bot to one chat. What photos of one `album` lead to in quick succession is said once, by the last."""
    if chat.channel in LIVE:
        scene.work.messages.add(chat.id, [Line(message) for message in messages], scene.now)
        return
    burst = f"album:{album}" if album else ""
    if burst and messages:
        scene.work.outbox.supersede(chat.id, burst)
    send(scene, chat, messages, lane=lane, burst=burst, delay=_SILENCE if burst else 0.0)


def send(
    scene: Scene,
    chat: Chat,
    messages: Sequence[Message],
    *,
    lane: int,
    subject: str = "",
    burst: str = "",
    delay: float = 0.0,
) -> None:
    """Rows of the outbox, each of them one call."""
    cut = _PIECES.get(chat.channel)
    for piece in cut(messages) if cut else messages:
        about = subject or piece.card
        scene.work.outbox.add(chat.id, chat.channel, piece, lane=lane, subject=about, burst=burst, delay=delay)
