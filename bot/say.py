"""Words on their way: rows of a live page, or of the outbox where a call carries them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from conversations.messages import Message
from conversations.staff_state import Officer
from storage import outbox
from storage.chats import GROUP, OFFICER, Chat
from storage.messages import Line
from storage.work import Work

WEB: Final = "web"
CONSOLE: Final = "console"
LIVE: Final = frozenset({WEB, CONSOLE, GROUP, OFFICER})  # the row is the delivery


def to_chat(work: Work, chat: Chat, messages: Sequence[Message], at: datetime, *, lane: int = outbox.NOTICE) -> None:
    """From the bot to one chat."""
    if chat.channel in LIVE:
        work.messages.add(chat.id, [Line(message) for message in messages], at)
        return
    for message in messages:
        work.outbox.add(chat.id, chat.channel, message, lane=lane)


def to_citizen(work: Work, chat: str, messages: Sequence[Message], at: datetime) -> None:
    """A notice to the chat in which a dossier or call was begun."""
    found = work.chats.get(chat)
    assert found is not None
    to_chat(work, found, messages, at)


def group_of(work: Work, office: str, at: datetime) -> Chat:
    """The group of an office."""
    return work.chats.open_staff(GROUP, office, at)


def to_group(work: Work, office: str, message: Message, at: datetime, author: str = "") -> None:
    """One line to everybody in the office's group."""
    group = group_of(work, office, at)
    work.messages.add(group.id, [Line(message, author)], at)


def to_officer(work: Work, officer: Officer, messages: Sequence[Message], at: datetime, *, own: bool = False) -> None:
    """For one officer's eyes; `own` when the officer wrote it."""
    if not messages:
        return
    group = group_of(work, officer.office, at)
    private = work.chats.open_staff(OFFICER, officer.id, at)
    author = officer.id if own else ""
    work.messages.add(group.id, [Line(message, author, officer.id, private.id) for message in messages], at)


def beneath(message: Message, card: str) -> Message:
    """The same message as an answer to a card, where there is one."""
    return Message(message.text, message.buttons, message.files, message.speaker, card, message.card)
