"""What both Telegram bots are given: the way in, and the bytes of files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from conversations.messages import ChatEvent, Event, Message

CITIZENS = "telegram"  # a citizen's private chat; the address is the chat's id
STAFF = "telegram-staff"  # an officer's private chat; the address is the user's id
GROUP = "telegram-group"  # a group of staff; the address is the chat's id

# The bytes of one of our files by its ref. Raises NotYet while they are still on their way to us.
Load = Callable[[str], Awaitable[bytes]]


class Door(Protocol):
    """Takes what happened; all of it is durable when a call returns, and a repeat does nothing."""

    async def receive(
        self, channel: str, address: str, event_id: str, event: Event | ChatEvent, group: str = ""
    ) -> Sequence[Message]:
        """One event; gives what whoever did it was told for it, for the answer to a press.

        A file in the event carries Telegram's file_id as its ref; it is fetched later. `group` is the chat id of
        the group in which an officer did it.
        """
        ...

    async def aside(self, channel: str, event_id: str, raw: bytes) -> None:
        """An update that nobody can read is kept, sealed, for whoever looks into it."""
        ...
