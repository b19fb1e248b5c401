"""aiogram's handlers: each makes an event of an update and has it stored before it returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec
from aiogram import Dispatcher
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

from conversations.messages import ContactShared, Event, FileSent, Pressed
from handlers.telegram_citizens_asides import Asides
from handlers.telegram_citizens_events import edited, pressed, said, standing
from handlers.telegram_citizens_menu import COMMANDS
from handlers.telegram_citizens_sending import Keyboards
from handlers.telegram_citizens_taps import Taps
from handlers.telegram_door import CITIZENS, Door

KINDS: Final[Sequence[str]] = ("message", "edited_message", "callback_query", "my_chat_member")
USERNAME: Final = "username"  # of the bot: what is kept under this name in the dispatcher is given to handlers
_encode: Final = msgspec.json.Encoder().encode
_GROUPS: Final = (ChatType.GROUP, ChatType.SUPERGROUP)
_OUT: Final = (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)
_IN: Final = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)

T = TypeVar("T")
E = TypeVar("E")


class Unreadable(Exception):
    """No event can be made of the update, however often it comes."""


@dataclass(frozen=True, slots=True)
class Private:
    """What people do in their private chats is stored, however its update was read."""

    door: Door
    asides: Asides
    keyboards: Keyboards
    taps: Taps

    async def said(self, chat: int, number: int, event: Event) -> None:
        """Something was sent, in the update of this number."""
        address = str(chat)
        self.keyboards.heard(address, used=isinstance(event, ContactShared))
        self.taps.forget(address)
        await self.door.receive(CITIZENS, address, f"u{number}", event)
        if isinstance(event, FileSent):
            self.asides.typing(chat)  # it will be looked at

    async def pressed(self, person: int, number: int, event: Pressed | None, query: str) -> None:
        """A button was pressed. It stops spinning when the press is stored; what comes of it is a message of its own.

        No event is what no button of ours can have sent.
        """
        address, event_id = str(person), f"u{number}"  # a private chat has the number of the person
        if event is not None:
            self.keyboards.heard(address)
            if not self.taps.again(address, event, event_id):
                await self._press(address, event_id, event)
        self.asides.answer(query)

    async def _press(self, address: str, event_id: str, event: Pressed) -> None:
        try:
            await self.door.receive(CITIZENS, address, event_id, event)
        except BaseException:
            self.taps.forget(address)
            raise


def dispatcher(private: Private) -> Dispatcher:
    """aiogram's, with nothing on the way that is not needed: its talks and waiting are ours to keep."""
    made = Dispatcher(disable_fsm=True, private=private, door=private.door, asides=private.asides)
    made[USERNAME] = ""
    made.message.register(on_message)
    made.edited_message.register(on_edited)
    made.callback_query.register(on_press)
    made.my_chat_member.register(on_standing)
    return made


async def on_message(message: Message, event_update: Update, private: Private, username: str) -> None:
    """Something was sent. Groups are not where this bot talks."""
    author = message.from_user
    if author is None or author.is_bot:
        return
    if message.chat.type != ChatType.PRIVATE:
        if message.chat.type in _GROUPS and _calls(message, username):
            topic = message.message_thread_id if message.is_topic_message else None
            private.asides.point(message.chat.id, topic, username)
        return
    event = made(said, message)
    if event is not None:
        await private.said(message.chat.id, event_update.update_id, event)


async def on_edited(message: Message, event_update: Update, door: Door) -> None:
    """Something that was sent before was changed."""
    event = made(edited, message)
    if message.chat.type == ChatType.PRIVATE and event is not None:
        await door.receive(CITIZENS, str(message.chat.id), f"u{event_update.update_id}", event)


async def on_press(query: CallbackQuery, event_update: Update, private: Private) -> None:
    """A button was pressed; in a group there is none of ours."""
    under = query.message
    event = made(pressed, query)
    here = under is None or under.chat.type == ChatType.PRIVATE
    await private.pressed(query.from_user.id, event_update.update_id, event if here else None, query.id)


async def on_standing(
    change: ChatMemberUpdated, event_update: Update, door: Door, asides: Asides, username: str
) -> None:
    """The person blocked the bot, or came back; or it was brought into a group, and says where it does talk."""
    if change.chat.type == ChatType.PRIVATE:
        event = made(standing, change)
        await door.receive(CITIZENS, str(change.chat.id), f"u{event_update.update_id}", event)
    elif change.chat.type in _GROUPS and change.old_chat_member.status in _OUT and change.new_chat_member.status in _IN:
        asides.point(change.chat.id, None, username)


def made(event_of: Callable[[T], E], thing: T) -> E:
    """The event; raises Unreadable where there can be none."""
    try:
        event = event_of(thing)
        _encode(event)  # in ids, too, there may be what no database takes
        return event
    except Exception as error:
        raise Unreadable from error


def _calls(message: Message, username: str) -> bool:
    """Whether somebody in a group means this bot: by a command of its own, or by its name."""
    words = (message.text or message.caption or "").casefold().split()
    if not words or not username:
        return False
    called = f"@{username.casefold()}"
    name, at, whom = words[0].partition("@")
    if name.startswith("/"):
        return f"@{whom}" == called if at else name[1:] in _OWN
    return any(word.rstrip(".,:;!?…)") == called for word in words)


_OWN: Final = frozenset(("start", *(name for name, _ in COMMANDS)))
