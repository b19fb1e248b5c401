"""What Telegram's updates mean in a citizen's private chat, in the words of conversations/messages.py."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from aiogram.enums import ChatMemberStatus
from aiogram.types import Audio, CallbackQuery, ChatMemberUpdated, Contact, Document, Message, PhotoSize, Voice

from conversations.messages import (
    UNKNOWN_SIZE,
    UNKNOWN_TYPE,
    ChatEvent,
    ContactShared,
    Edited,
    Event,
    File,
    FileSent,
    Left,
    Pressed,
    Returned,
    Started,
    TextSent,
    Unsupported,
)
from handlers.plain_text import clean

LARGEST: Final = 20 * 1024 * 1024  # bytes of a file that Telegram gives out
PAYLOAD: Final = 64  # characters that a link can carry
UNREAD: Final = "unread"  # a field of ours in a message of which only the plainest parts could be read
_BUTTON: Final = 64  # bytes
_NAME: Final = 120  # characters
_KINDS: Final[Mapping[str, str]] = {  # what a message may hold instead of words, and our word for it
    "sticker": "sticker",
    "dice": "sticker",
    "location": "location",
    "venue": "location",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "checklist": "unknown",
    "game": "unknown",
    "invoice": "unknown",
    "paid_media": "unknown",
    "poll": "unknown",
    "rich_message": "unknown",
    "story": "unknown",
}


def said(message: Message) -> Event | None:
    """What a person sent; None for Telegram's own remarks, such as that something was pinned.

    A forwarded message is taken like one's own: photos of papers are often sent on. Of a deleted one we never hear.
    """
    under = message.reply_to_message
    reply_to = str(under.message_id) if under is not None else ""
    if message.text is not None:
        return typed(message.text, reply_to)
    file = _file(message)
    if file is not None:
        if file.size > LARGEST:
            return Unsupported("too-large")
        if file.size == 0:
            return Unsupported("empty-file")
        return FileSent(file, clean(message.caption or ""), message.media_group_id or "", reply_to)
    if message.contact is not None:
        return _contact(message, message.contact)
    for kind, word in _KINDS.items():
        if getattr(message, kind) is not None:
            return Unsupported(word)
    # What only a newer Telegram knows is in no field of ours; the rest of the fields are Telegram's own remarks.
    return Unsupported("unknown") if message.model_extra else None


def edited(message: Message) -> Edited | None:
    """None where no words are new: a shared location that moves edits its message again and again."""
    words = message.text if message.text is not None else message.caption
    return None if words is None else Edited(clean(words))


def pressed(query: CallbackQuery) -> Pressed | None:
    """None for what no button of ours can have sent. The message may be gone, or too old for Telegram to show."""
    under = query.message
    return button(query.data, under.message_id if under is not None else None)


def button(value: str | None, under: int | None) -> Pressed | None:
    """What was pressed, beneath which message."""
    if not value or len(value.encode()) > _BUTTON or not value.isprintable():
        return None
    return Pressed(value, str(under) if under is not None else "")


def standing(change: ChatMemberUpdated) -> ChatEvent:
    """The person has blocked the bot, or let it in again."""
    gone = change.new_chat_member.status in (ChatMemberStatus.KICKED, ChatMemberStatus.LEFT)
    return Left("blocked") if gone else Returned()


def phone(number: str) -> str:
    """With + or 0 in front: Telegram gives numbers with their country, and with or without +."""
    digits = "".join(filter(str.isdecimal, number))
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if number.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("0"):
        return digits
    return f"0{digits}" if len(digits) == _LOCAL else f"+{digits}"


_LOCAL: Final = 9  # digits of a Vietnamese number without its 0


def typed(text: str, reply_to: str = "") -> Event:
    """Words, or the way in over a link."""
    if text.startswith("/start"):
        first, _, rest = text.partition(" ")
        if first.partition("@")[0] == "/start":
            return Started(clean(rest)[:PAYLOAD])
    return TextSent(clean(text), reply_to)


def _file(message: Message) -> File | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return File(largest.file_id, "image/jpeg", _size(largest))
    sound = message.voice or message.audio
    if sound is not None:  # mostly no use to us; whether it is, a conversation knows
        return File(sound.file_id, sound.mime_type or "audio/ogg", _size(sound))
    document = message.document
    if document is None or message.animation is not None:  # an animation comes as a document as well
        return None
    name = re.sub(r"[\x00-\x1f\x7f]", "", clean(document.file_name or ""))[-_NAME:]
    return File(document.file_id, document.mime_type or UNKNOWN_TYPE, _size(document), name)


def _size(file: PhotoSize | Document | Voice | Audio) -> int:
    return UNKNOWN_SIZE if file.file_size is None else max(file.file_size, 0)


def _contact(message: Message, contact: Contact) -> Event:
    """Own only as Telegram itself vouches: anybody can pick another's number, or send on another's message."""
    number = phone(contact.phone_number)
    sent_on = message.forward_origin or message.forward_date or message.forward_from or message.forward_sender_name
    author = message.from_user
    own = author is not None and contact.user_id == author.id and not sent_on and message.via_bot is None
    return ContactShared(number, own) if len(number) > 1 else Unsupported("contact")
