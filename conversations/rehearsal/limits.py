"""What each messenger takes: numbers to be changed here when a messenger changes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from conversations.messages import Message
from conversations.render import LONGEST_LABEL


class Channel(Struct, frozen=True):
    """Limits of one call. Lengths are UTF-16 code units; `value` and `file_name` are bytes of UTF-8.

    Where more than `buttons` are wanted, or the messenger shows none, they are lines of the text: "1. …".
    """

    name: str
    text: int
    caption: int
    label: int
    value: int
    buttons: int
    file_name: int


class TooLong(Struct, frozen=True):
    """One thing that does not fit."""

    channel: str
    what: str  # "text", "caption", "menu", "label", "value" or "file"
    length: int
    limit: int
    words: str


# Telegram: core.telegram.org/bots/api (sendMessage, sendPhoto, InlineKeyboardButton); labels are cut by phones at 60.
# Zalo: the consultation message of an Official Account, at most five buttons. File names: what
# a Windows folder still takes under a long path of its own (260 for all).
CHANNELS: Final = (
    Channel("Telegram", text=4096, caption=1024, label=LONGEST_LABEL, value=64, buttons=100, file_name=120),
    Channel("Zalo", text=2000, caption=2000, label=100, value=1000, buttons=5, file_name=120),
)
FOR_STAFF: Final = CHANNELS[:1]  # officers' groups are on Telegram alone


def too_long(message: Message, channels: Sequence[Channel] = CHANNELS) -> Iterator[TooLong]:
    """Everything about a message that some messenger would refuse or cut."""
    for channel in channels:
        yield from _too_long(message, channel)


def units(text: str) -> int:
    """The length as messengers count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def as_menu(message: Message) -> str:
    """The text with its buttons as numbered lines."""
    return "\n".join([message.text, *(f"{n}. {b.label}" for n, b in enumerate(message.buttons, 1))])


def _too_long(message: Message, channel: Channel) -> Iterator[TooLong]:
    what, limit = ("caption", channel.caption) if message.files and not message.buttons else ("text", channel.text)
    said = message.text
    if len(message.buttons) > channel.buttons:
        what, said = "menu", as_menu(message)
    if units(said) > limit:
        yield TooLong(channel.name, what, units(said), limit, message.text)
    for button in message.buttons:
        if units(button.label) > channel.label:
            yield TooLong(channel.name, "label", units(button.label), channel.label, button.label)
        if len(button.value.encode()) > channel.value:
            yield TooLong(channel.name, "value", len(button.value.encode()), channel.value, button.value)
    for file in message.files:
        if len(file.name.encode()) > channel.file_name:
            yield TooLong(channel.name, "file", len(file.name.encode()), channel.file_name, file.name)
