"""A turn's messages, cut and joined into what single calls of Telegram's Bot API can carry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from unicodedata import combining

from msgspec.structs import replace

from conversations.messages import Button, File, Message

# Telegram's limits; lengths count UTF-16 code units.
TEXT: Final = 4096
CAPTION: Final = 1024
ALBUM: Final = 10  # files
BUTTONS: Final = 100  # under one message
PHOTO: Final = 10 * 1024 * 1024  # bytes; a larger one can go as a document
UPLOAD: Final = 45 * 1024 * 1024  # bytes of one call, below Telegram's 50 MB because of what goes around them

_PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
_NAME: Final = 200  # characters of a name
_CHOOSE: Final = "Mời bạn chọn:"  # Telegram hangs no buttons under nothing
_SHORT: Final = 500  # characters that are within every limit, whatever they are
_BREAKS: Final = tuple(map(re.compile, ("\n\n", "\n", r"[.!?…;]\s", r"\s")))  # where a text is cut, the best first


def pieces(messages: Sequence[Message]) -> list[Message]:
    """One message a call, in order: a turn of several short texts is one call, with the buttons of the last.

    What is in a message stays together and in order, but its files may come before a text that carries buttons,
    since albums carry none. Of a text that is cut, the last piece has the buttons and the first answers `reply_to`.
    A card is never cut in two, as it will be redrawn: see `fit`.
    """
    if len(messages) == 1 and _plain(messages[0]):
        return [messages[0]]
    return [piece for message in _joined(messages) for piece in _cut(message)]


def spoken(message: Message) -> str:
    """The text as it is sent: under the name of who speaks, where it is not the bot."""
    return f"{name(message)}:\n{message.text}".rstrip() if message.speaker else message.text


def name(message: Message) -> str:
    """Who speaks; empty for the bot."""
    return message.speaker[:_NAME]


def fit(message: Message) -> Message:
    """The message with its text cut to what one call takes."""
    limit = (CAPTION if message.files else TEXT) - _prefix(message)
    if units(message.text) <= limit:
        return message
    return replace(message, text=message.text[: _end(message.text, limit - 1)].rstrip() + "…")


def is_photo(file: File) -> bool:
    """Whether Telegram takes it as a photo; everything else goes as a document."""
    return file.media_type in _PHOTOS and file.size <= PHOTO


def units(text: str) -> int:
    """The length as Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _plain(message: Message) -> bool:
    """Whether one call carries it as it is; for most messages that is seen at once."""
    short = len(message.text) + len(message.speaker) <= _SHORT
    return short and not message.files and len(message.buttons) <= BUTTONS and bool(message.text.strip())


def _joined(messages: Sequence[Message]) -> list[Message]:
    """Texts put together where nothing of a message is lost by it."""
    joined: list[Message] = []
    for message in messages:
        if joined and _joins(joined[-1], message):
            both = "\n\n".join(filter(str.strip, (joined[-1].text, message.text)))
            joined[-1] = replace(message, text=both)
        else:
            joined.append(message)
    return joined


def _joins(first: Message, second: Message) -> bool:
    if first.buttons or first.files or first.asks or first.card or second.files or second.card:
        return False
    if (first.speaker, first.reply_to) != (second.speaker, second.reply_to):
        return False
    return units(first.text) + 2 + units(second.text) + _prefix(first) <= TEXT


def _prefix(message: Message) -> int:
    return units(name(message)) + 2 if message.speaker else 0


def _cut(message: Message) -> Iterator[Message]:
    """The calls that one message needs."""
    if message.card:
        yield fit(message)
        return
    albums = list(_albums(message.files))
    below = bool(message.buttons or message.asks)
    captioned = units(message.text) + _prefix(message) <= CAPTION
    bare = replace(message, text="", buttons=(), files=(), asks="", reply_to="")
    if len(message.files) == 1 and captioned and len(message.buttons) <= BUTTONS:
        yield message
    elif albums and captioned and not below:
        yield replace(message, files=albums[0])
        yield from (replace(bare, files=album) for album in albums[1:])
    elif below:
        yield from (replace(bare, files=album) for album in albums)
        yield from _texts(message)
    else:
        yield from _texts(message)
        yield from (replace(bare, files=album) for album in albums)


def _texts(message: Message) -> Iterator[Message]:
    """The text and the buttons, without the files."""
    texts = list(_parts(message.text, TEXT - _prefix(message)))
    groups = [message.buttons[at : at + BUTTONS] for at in range(0, len(message.buttons), BUTTONS)]
    while len(groups) > len(texts) or (message.asks and not texts):
        texts.append(_CHOOSE)
    bare = replace(message, buttons=(), files=(), asks="")
    for at, text in enumerate(texts):
        group = at - len(texts) + max(len(groups), 1)  # the buttons hang at the end
        yield replace(
            bare,
            text=text,
            buttons=groups[group] if groups and group >= 0 else (),
            asks=message.asks if at == len(texts) - 1 else "",
            reply_to="" if at else message.reply_to,
        )


def _albums(files: Sequence[File]) -> Iterator[tuple[File, ...]]:
    """Photos go with photos and documents with documents, up to ten and not too much at a time."""
    for _, kind in groupby(files, is_photo):
        album: list[File] = []
        for file in kind:
            if album and (len(album) == ALBUM or sum(f.size for f in album) + file.size > UPLOAD):
                yield tuple(album)
                album = []
            album.append(file)
        yield tuple(album)


def _parts(text: str, limit: int) -> Iterator[str]:
    """A text in parts of at most `limit`: cut between paragraphs, lines, sentences or words, else anywhere."""
    rest = text.strip()
    while units(rest) > limit:
        at = _break(rest, _end(rest, limit))
        yield rest[:at].rstrip()
        rest = rest[at:].lstrip()
    if rest:
        yield rest


def _break(text: str, end: int) -> int:
    """The best place for a cut before `end`, in the second half if there is one."""
    for mark, first in (*((mark, end // 2) for mark in _BREAKS), (_BREAKS[-1], 0)):
        places = [found.end() for found in mark.finditer(text, first, end)]
        if places:
            return places[-1]
    at = end
    while at > end // 2 and combining(text[at]):  # a letter keeps its accents
        at -= 1
    return at if at > end // 2 else end


def _end(text: str, limit: int) -> int:
    """How many characters are within the limit; at least one."""
    end = min(len(text), limit)
    while end > 1 and units(text[:end]) > limit:
        end -= max((units(text[:end]) - limit) // 2, 1)
    return end


def rows(buttons: Sequence[Button]) -> list[list[Button]]:
    """The buttons laid out in order: short labels share a row, a long one has its own."""
    laid: list[list[Button]] = []
    for button in buttons:
        row = [*laid[-1], button] if laid else []
        if row and len(row) < len(_WIDTHS) and max(len(b.label) for b in row) <= _WIDTHS[len(row)]:
            laid[-1].append(button)
        else:
            laid.append([button])
    return laid


_WIDTHS: Final = (0, 64, 14, 8, 5, 3)  # characters of a label that a phone shows, by how many buttons share the row
