"""Messengers' chats that show what an officer's own chat, or the group of an office, shows on the live pages."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.outgoing import send
from bot.scene import Scene
from conversations.messages import Message
from conversations.staff_state import Officer
from storage import outbox
from storage.chats import Chat


def line(
    scene: Scene, group: Chat, message: Message, beneath: Sequence[str], *, author: str = "", alert: bool = False
) -> None:
    """A line of an office's group, in the messengers' groups that mirror it."""
    for mirror in scene.work.chats.mirrors_of(group.id):
        if author and mirror.id == scene.group:
            continue  # it was written there
        subject = next((s for s in beneath if scene.work.cards.known(s, mirror.id)), "")
        if alert and subject and not scene.work.cards.message_of(subject, mirror.id):
            continue  # the card itself is still to come, and a new message alerts by itself
        send(scene, mirror, [msgspec.structs.replace(message, reply_to="")], lane=outbox.NOTICE, subject=subject)


def private(scene: Scene, officer: Officer, own: Chat, messages: Sequence[Message], subject: str) -> None:
    """Lines for one officer, in the messengers' chats that mirror theirs; not while they work on a live page."""
    if scene.on_page == officer.id:
        return
    lane = outbox.ANSWER if scene.actor == officer.id else outbox.NOTICE
    alone = [msgspec.structs.replace(message, reply_to="") for message in messages]  # the card is in another chat
    for mirror in scene.work.chats.mirrors_of(own.id):
        send(scene, mirror, alone, lane=lane, subject=subject)
