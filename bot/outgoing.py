"""Words on their way to one chat: rows of a live page, or of the outbox where a call carries them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from bot import outbound, worded
from bot.scene import Scene
from conversations.messages import Message
from handlers import telegram_door, telegram_pieces, zalo_door, zalo_pieces
from storage import outbox
from storage.chats import GROUP, OFFICER, Chat
from storage.messages import Line

WEB: Final = "web"
CONSOLE: Final = "console"
GROUPS: Final = frozenset({telegram_door.GROUP})  # messengers' groups
LIVE: Final = frozenset({WEB, CONSOLE, GROUP, OFFICER})  # the row is the delivery
# what is sent stays there until fetched
REMOTE_FILES: Final = frozenset({telegram_door.CITIZENS, telegram_door.STAFF, zalo_door.ZALO})

# How a channel cuts a turn's messages into calls: a row of the outbox is one call.
_PIECES: Final[Mapping[str, Callable[[Sequence[Message]], Sequence[Message]]]] = {
    telegram_door.CITIZENS: telegram_pieces.pieces,
    telegram_door.STAFF: telegram_pieces.pieces,
    telegram_door.GROUP: telegram_pieces.pieces,
    zalo_door.ZALO: zalo_pieces.pieces,
}
# Whose providers can't be told that a call is the same one again: one whose answer is lost is never made twice.
ONCE: Final = frozenset({zalo_door.ZALO, zalo_door.ZNS, outbound.SMS})
SILENCE: Final = 1.2  # seconds without another photo of an album, after which it is answered
_FILES: Final = "files"  # the burst that answers them
_REMARKS: Final = "files: remarks"  # the same where nothing is asked


def to_chat(scene: Scene, chat: Chat, messages: Sequence[Message], *, lane: int = outbox.ANSWER) -> None:
    """From the bot to one chat."""
    if chat.channel in LIVE:
        scene.work.messages.add(chat.id, [Line(message) for message in messages], scene.now)
    else:
        send(scene, chat, messages, lane=lane)


def of_files(scene: Scene, chat: Chat, remarks: Sequence[outbox.Remark], question: Sequence[Message]) -> None:
    """The answer to one of several files that come in quick succession: it waits for the next, and tells of all.

    An album comes as so many events, and what is found out about its photos as so many more. Only the newest question
    is asked; a remark is made once, also when it was an earlier photo that led to it. Where nothing is asked, a
    question that waits is left alone, and only remarks are put together.
    """
    if not (remarks or question):
        return
    older = (_REMARKS, _FILES) if question else (_REMARKS,)
    waiting = [remark for burst in older for remark in scene.work.outbox.supersede(chat.id, burst)]
    all_ = dict((*waiting, *remarks))  # a newer remark of the same mark takes the older one's place
    told, burst = (*all_.values(), *question), _FILES if question else _REMARKS
    send(scene, chat, told, lane=outbox.ANSWER, burst=burst, remarks=tuple(all_.items()), delay=SILENCE)


def send(  # noqa: PLR0913 - what its rows may carry, named where it is given
    scene: Scene,
    chat: Chat,
    messages: Sequence[Message],
    *,
    lane: int,
    subject: str = "",
    burst: str = "",
    remarks: Sequence[outbox.Remark] = (),
    delay: float = 0.0,
    key: str = "",
    notice: str | None = None,
) -> None:
    """Rows of the outbox, each of them one call; the first knows the `remarks` that are made in them.

    With a `key` a row goes out once, however often it is asked for.
    """
    messages = outbound.shaped(scene, chat, messages, subject)
    cut = _PIECES.get(chat.channel)
    if chat.channel in worded.WORDED:
        told = messages if lane == outbox.ANSWER else worded.news(messages, notice)
        messages = worded.between_turns(scene, chat, told)
    for number, piece in enumerate(cut(messages) if cut else messages):
        about = subject or piece.card
        if lane == outbox.ANSWER and not delay and _handed_over(scene, chat, piece, about):
            continue
        scene.work.outbox.add(
            chat.id,
            chat.channel,
            piece,
            lane=lane,
            repeatable=chat.channel not in ONCE,
            key=f"{key}:{number}" if key else None,
            subject=about,
            burst=burst,
            remarks=remarks,
            delay=delay,
            notice=notice,
        )
        remarks = ()


def _handed_over(scene: Scene, chat: Chat, message: Message, subject: str) -> bool:
    """Whether this process sends it as soon as the turn is durable, without being asked to look for it."""
    direct = scene.world.direct
    if direct is None or chat.channel not in direct.channels or chat.unreachable:
        return False
    once = chat.channel in ONCE
    row = scene.work.outbox.take(
        chat.id, chat.channel, chat.address, message, direct.name, subject=subject, repeatable=not once
    )
    if row is None:
        return False
    scene.work.afterwards.append(partial(direct.take, row))
    return True
