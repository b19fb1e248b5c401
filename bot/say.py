"""Words on their way: rows of a live page, or of the outbox where a call carries them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.scene import Scene
from bot.views import dossier_file
from conversations import cards
from conversations.messages import Message
from conversations.render import text
from conversations.staff_state import Officer
from storage import outbox
from storage.chats import GROUP, OFFICER, Chat
from storage.dossiers import Record
from storage.messages import Line

WEB: Final = "web"
CONSOLE: Final = "console"
LIVE: Final = frozenset({WEB, CONSOLE, GROUP, OFFICER})  # the row is the delivery


def to_chat(scene: Scene, chat: Chat, messages: Sequence[Message], *, lane: int = outbox.ANSWER) -> None:
    """From the bot to one chat."""
    if chat.channel in LIVE:
        scene.work.messages.add(chat.id, [Line(message) for message in messages], scene.now)
        return
    for message in messages:
        scene.work.outbox.add(chat.id, chat.channel, message, lane=lane)


def to_citizen(scene: Scene, chat: str, message: Message) -> None:
    """A notice to the chat in which a dossier or call was begun."""
    found = scene.work.chats.get(chat)
    assert found is not None
    to_chat(scene, found, [message], lane=outbox.NOTICE)


def group_of(scene: Scene, office: str) -> Chat:
    """The group of an office."""
    return scene.work.chats.open_staff(GROUP, office, scene.now)


def card_of(scene: Scene, office: str, *subjects: str) -> str:
    """The message that shows the first of these subjects in the office's group, or empty."""
    group = group_of(scene, office)
    shown = (scene.work.cards.message_of(subject, group.id) for subject in subjects)
    return next(filter(None, shown), "")


def to_group(scene: Scene, office: str, message: Message, *beneath: str, author: str = "") -> None:
    """One line to everybody in the office's group, as an answer to the first card there is of these subjects."""
    group = group_of(scene, office)
    if beneath:
        message = msgspec.structs.replace(message, reply_to=card_of(scene, office, *beneath))
    scene.work.messages.add(group.id, [Line(message, author)], scene.now)


def alert(scene: Scene, record: Record, reason: str) -> None:
    """One line under the card, since an edited card alerts nobody."""
    line = cards.alert_line(dossier_file(scene, record), reason)
    to_group(scene, record.office, line, f"dossier:{record.id}")


def to_officer(scene: Scene, officer: Officer, messages: Sequence[Message], *, own: bool = False) -> None:
    """For one officer's eyes; `own` when the officer wrote it."""
    if not messages:
        return
    group = group_of(scene, officer.office)
    private = scene.work.chats.open_staff(OFFICER, officer.id, scene.now)
    author = officer.id if own else ""
    lines = [Line(message, author, officer.id, private.id) for message in messages]
    scene.work.messages.add(group.id, lines, scene.now)


def desk_line(moment: str, **blanks: object) -> Message:
    """What the desk itself says: a text under "desk."."""
    return Message(text(f"desk.{moment}", blanks))
