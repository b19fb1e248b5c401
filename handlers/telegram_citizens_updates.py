"""aiogram's handlers: each makes an event of an update and has it stored before it returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec
from aiogram import Dispatcher
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

from conversations.messages import ContactShared, FileSent, Pressed
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


def dispatcher(door: Door, asides: Asides, keyboards: Keyboards) -> Dispatcher:
    """aiogram's, with nothing on the way that is not needed: its talks and waiting are ours to keep."""
    made = Dispatcher(disable_fsm=True, door=door, asides=asides, keyboards=keyboards, taps=Taps())
    made[USERNAME] = ""
    made.message.register(on_message)
    made.edited_message.register(on_edited)
    made.callback_query.register(on_press)
    made.my_chat_member.register(on_standing)
    return made


async def on_message(
    message: Message, event_update: Update, door: Door, asides: Asides, keyboards: Keyboards, taps: Taps, username: str
) -> None:
    """Something was sent. Groups are not where this bot talks."""
    author = message.from_user
    if author is None or author.is_bot:
        return
    if message.chat.type != ChatType.PRIVATE:
        if message.chat.type in _GROUPS and _calls(message, username):
            topic = message.message_thread_id if message.is_topic_message else None
            asides.point(message.chat.id, topic, username)
        return
    event = _made(said, message)
    if event is None:
        return
    address = str(message.chat.id)
    keyboards.heard(address, used=isinstance(event, ContactShared))
    taps.forget(address)
    await door.receive(CITIZENS, address, f"u{event_update.update_id}", event)
    if isinstance(event, FileSent):
        asides.typing(message.chat.id)  # it will be looked at


async def on_edited(message: Message, event_update: Update, door: Door) -> None:
    """Something that was sent before was changed."""
    event = _made(edited, message)
    if message.chat.type == ChatType.PRIVATE and event is not None:
        await door.receive(CITIZENS, str(message.chat.id), f"u{event_update.update_id}", event)


async def on_press(
    query: CallbackQuery, event_update: Update, door: Door, asides: Asides, keyboards: Keyboards, taps: Taps
) -> None:
    """A button was pressed. It stops spinning when the press is stored; what comes of it is a message of its own."""
    under = query.message
    event = _made(pressed, query)
    if event is not None and (under is None or under.chat.type == ChatType.PRIVATE):
        address = str(query.from_user.id)  # a private chat has the number of the person
        event_id = f"u{event_update.update_id}"
        keyboards.heard(address)
        if not taps.again(address, event, event_id):
            await _pressed(door, taps, address, event_id, event)
    asides.answer(query.id)


async def _pressed(door: Door, taps: Taps, address: str, event_id: str, event: Pressed) -> None:
    try:
        await door.receive(CITIZENS, address, event_id, event)
    except BaseException:
        taps.forget(address)
        raise


async def on_standing(
    change: ChatMemberUpdated, event_update: Update, door: Door, asides: Asides, username: str
) -> None:
    """The person blocked the bot, or came back; or it was brought into a group, and says where it does talk."""
    if change.chat.type == ChatType.PRIVATE:
        event = _made(standing, change)
        await door.receive(CITIZENS, str(change.chat.id), f"u{event_update.update_id}", event)
    elif change.chat.type in _GROUPS and change.old_chat_member.status in _OUT and change.new_chat_member.status in _IN:
        asides.point(change.chat.id, None, username)


def _made(event_of: Callable[[T], E], thing: T) -> E:
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
