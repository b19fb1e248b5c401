"""What Telegram's updates mean at the desk: who did what in which chat, in the words of conversations/messages.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from telegram import CallbackQuery, ChatMemberUpdated, Document, Message, PhotoSize, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import filters

from conversations.messages import (
    UNKNOWN_SIZE,
    UNKNOWN_TYPE,
    ChatEvent,
    Edited,
    Event,
    File,
    FileSent,
    Left,
    Moved,
    Pressed,
    Returned,
    Started,
    TextSent,
    Unsupported,
)
from handlers.telegram_door import GROUP, STAFF

LARGEST: Final = 20 << 20  # bytes that getFile gives out
_GROUPS: Final = (ChatType.GROUP, ChatType.SUPERGROUP)
_KINDS: Final = {  # what a message may hold instead of words, and the word for it
    "sticker": "sticker",
    "dice": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
    "video": "video",
    "video_note": "video",
    "animation": "video",
}
_decode: Final = msgspec.json.Decoder(Event | ChatEvent).decode
_encode: Final = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Happening:
    """What is given to the door; `group` is the chat id of the group in which an officer did it."""

    channel: str
    address: str
    event: Event | ChatEvent
    group: str = ""

    def __post_init__(self) -> None:
        """PTB takes any JSON for what it expects, and half a surrogate pair for text: none of it may come further."""
        int(self.address)
        _decode(_encode(self.event))


def pressed(query: CallbackQuery) -> Happening | None:
    """None without a message of ours above the button, which only other kinds of bots have."""
    under = query.message
    if under is None or query.data is None:
        return None
    event = Pressed(query.data, str(under.message_id))
    if under.chat.type == ChatType.PRIVATE:
        return Happening(STAFF, str(query.from_user.id), event)
    if under.chat.type in _GROUPS:
        return Happening(STAFF, str(query.from_user.id), event, str(under.chat.id))
    return None


def standing(change: ChatMemberUpdated) -> Happening | None:
    """The bot itself was blocked, let in, thrown out, or forbidden to write."""
    if change.chat.type == ChatType.PRIVATE:
        channel, gone = STAFF, "blocked"
    elif change.chat.type in _GROUPS:
        channel, gone = GROUP, "removed"
    else:
        return None
    new = change.new_chat_member
    event: ChatEvent = Returned()
    if new.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
        event = Left(gone)
    elif new.status == ChatMemberStatus.RESTRICTED:
        if not getattr(new, "is_member", True):
            event = Left(gone)
        elif not getattr(new, "can_send_messages", False):
            event = Left("muted")
    return Happening(channel, str(change.chat.id), event)


def moved(message: Message) -> Happening | None:
    """The group was made a supergroup; told twice, once from each side."""
    here = str(message.chat.id)
    if message.migrate_to_chat_id:
        return Happening(GROUP, here, Moved(str(message.migrate_to_chat_id)))
    if message.migrate_from_chat_id:
        return Happening(GROUP, str(message.migrate_from_chat_id), Moved(here))
    return None


def in_private(message: Message, username: str) -> Happening | None:
    """None where nobody said anything: the bot's own words, and Telegram's remarks such as a pinned message."""
    if message.from_user is None or message.from_user.is_bot:
        return None
    event = _said(message, username)
    return None if event is None else Happening(STAFF, str(message.chat.id), event)


def edited(message: Message) -> Happening | None:
    """New words for old ones."""
    if message.from_user is None or message.from_user.is_bot:
        return None
    words = message.text if message.text is not None else message.caption
    return None if words is None else Happening(STAFF, str(message.chat.id), Edited(words))


def in_group(message: Message, username: str, bot: int, commands: frozenset[str]) -> Happening | None:
    """What is meant for the bot: commands and answers to what it wrote. The rest is talk among people.

    Whoever writes in a group's or channel's name can't be told apart from others who do, and is not heard.
    """
    author, under = message.from_user, message.reply_to_message
    if author is None or author.is_bot or message.sender_chat is not None:
        return None
    to_us = under is not None and under.from_user is not None and under.from_user.id == bot
    if not to_us and not _commands(message.text or "", username, commands):
        return None
    event = _said(message, username)
    return None if event is None else Happening(STAFF, str(author.id), event, str(message.chat.id))


def _commands(text: str, username: str, commands: frozenset[str]) -> bool:
    """Whether it is a command for this bot: one that names it, or one of its own that names no other."""
    if not text.startswith("/"):
        return False
    name, at, named = text.split(maxsplit=1)[0].removeprefix("/").partition("@")
    return named.lower() == username.lower() if at else name.lower() in commands


def _said(message: Message, username: str) -> Event | None:
    under = message.reply_to_message
    reply_to = str(under.message_id) if under is not None else ""
    if message.text is not None:
        return _typed(message.text, reply_to, username)
    file = _photo(message.photo) or _document(message)
    if file is None:
        return _other(message)
    if file.size > LARGEST:
        return Unsupported("too-large")
    return FileSent(file, message.caption or "", message.media_group_id or "", reply_to)


def _typed(text: str, reply_to: str, username: str) -> Event:
    """A command's own name for this bot is left out: "/nhom@canbo_bot 12" is "/nhom 12"."""
    if not text.startswith("/"):
        return TextSent(text, reply_to)
    first, *rest = text.split(maxsplit=1)
    name, at, named = first.partition("@")
    if at and named.lower() == username.lower():
        text = " ".join([name, *rest])
    if name.lower() == "/start":
        return Started(rest[0].strip() if rest else "")
    return TextSent(text, reply_to)


def _photo(sizes: tuple[PhotoSize, ...]) -> File | None:
    """The largest of the sizes that Telegram made of it."""
    if not sizes:
        return None
    largest = max(sizes, key=lambda size: size.width * size.height)
    return File(largest.file_id, "image/jpeg", _size(largest))


def _document(message: Message) -> File | None:
    document = message.document
    if document is None or message.animation:
        return None
    return File(document.file_id, document.mime_type or UNKNOWN_TYPE, _size(document), document.file_name or "")


def _size(file: PhotoSize | Document) -> int:
    return UNKNOWN_SIZE if file.file_size is None else file.file_size


def _other(message: Message) -> Event | None:
    """None for Telegram's own remarks."""
    for kind, word in _KINDS.items():
        if getattr(message, kind) is not None:
            return Unsupported(word)
    return None if filters.StatusUpdate.ALL.check_update(Update(0, message=message)) else Unsupported("unknown")
