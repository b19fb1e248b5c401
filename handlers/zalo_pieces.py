"""A turn's messages, cut and joined into what single calls to a Zalo Official Account can carry.

What is sent can always be answered in words: choices stand in the text with their numbers, where a number will be
understood. Buttons come on top, and an account may have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from unicodedata import normalize

from msgspec.structs import replace

from conversations.messages import Button, File, Message

# Zalo's limits; lengths count characters in NFC.
TEXT: Final = 1900  # of 2000
CARD: Final = 450  # of the 500 that the card for the own phone number has room for
PARTS: Final = 3  # calls for one text; what is longer is cut off
BUTTONS: Final = 5  # under one message
TITLE: Final = 20  # characters of a button that a phone shows

_NAME: Final = 200  # characters of a name
_CHOOSE: Final = "Mời bạn chọn:"  # nothing hangs under no words
_NUMBERED: Final = "Bạn nhắn số để chọn."
_LABELLED: Final = "Hoặc nhắn: {}."
_NEWS: Final = "Bạn có thể nhắn: {}."  # nothing was asked that could be answered otherwise
# A letter longer at most, each: the limits leave room for that.
_PRESSED: Final = (
    (re.compile(r"\bbấm (?=«)"), "nhắn "),
    (re.compile(r"\bBấm (?=«)"), "Nhắn "),
    (re.compile(r"\bbấm một trong các nút bên dưới, hoặc gõ đúng chữ trên nút"), "nhắn một số trong các mục dưới đây"),
    (re.compile(r"\bbấm (?:một trong các |một )?nút(?: đầu tiên)?(?: bên dưới| dưới đây)\b"), "chọn dưới đây"),
    (re.compile(r"\bchọn một nút bên dưới\b"), "chọn dưới đây"),
    (re.compile(r"\bbấm (?:một )?nút(?! (?:máy ảnh|ghim|gửi số))"), "nhắn số"),
    (re.compile(r"\bBấm nút nộp\b"), "Chọn nộp"),
    (re.compile(r"\bNút này\b"), "Mục này"),
)
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})  # of which a small JPEG is made
_BREAKS: Final = tuple(map(re.compile, ("\n\n", "\n", r"[.!?…;]\s", r"\s")))  # where a text is cut, the best first


def pieces(messages: Sequence[Message]) -> list[Message]:
    """One message a call, in order: a turn of several short texts is one call, with the choices of the last.

    A picture goes alone, with the text where there are no choices; any other file goes alone. What is above choices is
    sent before them, so that they stand at the end.
    """
    return [piece for message in _joined([_composed(one) for one in messages]) for piece in _cut(message)]


def plain(message: Message) -> str:
    """The words of one piece where it goes without its buttons: none is spoken of."""
    text = message.text if message.speaker else unpressed(message.text)
    said = f"{message.speaker}:\n{text}".rstrip() if message.speaker else text
    return "\n\n".join(filter(None, (said, _choices(message))))


def unpressed(words: str) -> str:
    """What says to press a button says to write its words instead; a phone's own buttons keep their name."""
    for pressed, written in _PRESSED:
        words = pressed.sub(written, words)
    return words


def is_picture(file: File) -> bool:
    """Whether it goes as a picture; everything else goes as a file."""
    return file.media_type in _PICTURES


def _composed(message: Message) -> Message:
    """As Zalo counts, so that no letter and its accent are told apart."""
    buttons = tuple(replace(button, label=_counted(button.label)) for button in message.buttons)
    text = _counted(message.text) or (_CHOOSE if buttons or message.asks else "")
    return replace(message, text=text, buttons=buttons, speaker=_counted(message.speaker[:_NAME]))


def _counted(text: str) -> str:
    """And with what keeps a text of somebody's from calling others by `[@…]`."""
    return normalize("NFC", text).replace("[@", "[\u200b@").strip()


def _joined(messages: Sequence[Message]) -> list[Message]:
    """Texts put together where nothing of a message is lost by it."""
    joined: list[Message] = []
    for message in messages:
        if joined and _joins(joined[-1], message):
            both = "\n\n".join(filter(None, (joined[-1].text, message.text)))
            joined[-1] = replace(message, text=both)
        else:
            joined.append(message)
    return joined


def _joins(first: Message, second: Message) -> bool:
    if first.buttons or first.files or first.asks or second.files:
        return False
    if (first.speaker, first.reply_to) != (second.speaker, second.reply_to):
        return False
    return len(first.text) + len(second.text) + len(_choices(second)) + 4 + _prefix(first) <= TEXT


def _prefix(message: Message) -> int:
    return len(message.speaker) + 2 if message.speaker else 0


def _cut(message: Message) -> Iterator[Message]:
    """The calls that one message needs."""
    below = bool(message.buttons or message.asks)
    files = message.files
    one = len(files) == 1 and is_picture(files[0])
    if one and not below and len(message.text) + _prefix(message) <= TEXT:
        yield message
        return
    bare = replace(message, text="", buttons=(), files=(), asks="", reply_to="", speaker="", typed="")
    alone = [replace(bare, files=(file,)) for file in files]
    if below:
        yield from alone
        yield from _texts(message)
    else:
        yield from _texts(message)
        yield from alone


def _texts(message: Message) -> Iterator[Message]:
    """The text and the choices, without the files."""
    message = replace(message, files=())
    if message.asks:
        message = _card(message)
    choices, beneath = (_choices(message), "") if _told(message) else ("", _choices(message))
    texts = _fitting(message.text, choices, TEXT - _prefix(message) - len(beneath))
    for at, text in enumerate(texts):
        if at == len(texts) - 1:
            yield replace(
                message,
                text=text,
                buttons=_shown(message),
                typed="said" if choices else message.typed,
                reply_to="" if at else message.reply_to,
            )
        else:
            first = message.reply_to if not at else ""
            yield replace(message, text=text, buttons=(), asks="", typed="", reply_to=first)


def _card(message: Message) -> Message:
    """The card has room for a short text and no buttons: how to answer without it stands in the text."""
    words = "\n\n".join(filter(None, (message.text, _choices(message))))
    if len(words) + _prefix(message) > CARD:
        return replace(message, asks="")
    return replace(message, text=words, typed="said" if message.buttons else "")


def _told(message: Message) -> bool:
    """Whether the choices stand in the text also where there are buttons."""
    return message.typed == "number" or len(message.buttons) > BUTTONS


def _shown(message: Message) -> tuple[Button, ...]:
    """Of a long menu none: five of many would look like all of them. Of news the first five."""
    if message.typed != "number":
        return message.buttons[:BUTTONS]
    if len(message.buttons) > BUTTONS:
        return ()
    return tuple(
        button
        if len(button.label) <= TITLE or button.label.startswith(f"{n}. ")
        else replace(button, label=f"{n}. {button.label}")
        for n, button in enumerate(message.buttons, 1)
    )


def _choices(message: Message) -> str:
    """The choices in words; none where the text has them."""
    if not message.buttons or message.typed == "said":
        return ""
    if message.typed == "number":
        return "\n".join([*_list(message), "", _NUMBERED]).strip()
    words = _NEWS if message.typed == "news" else _LABELLED
    return words.format(", ".join(f"«{button.label}»" for button in message.buttons))


def _list(message: Message) -> Iterator[str]:
    """The labels with their numbers; where the text has told some of them at length, these are not told again."""
    lines = message.text.splitlines()
    for number, button in enumerate(message.buttons, 1):
        mark = f"{number}. "
        if not button.label.startswith(mark):
            yield mark + button.label
        elif not any(line.startswith(mark) for line in lines):
            yield button.label


def _fitting(text: str, choices: str, limit: int) -> list[str]:
    """The text in parts, the choices whole at the end; what neither fits into three parts is left out."""
    whole = "\n\n".join(filter(None, (text, choices)))
    if len(whole) <= limit:
        return [whole] if whole else []
    parts = _parts(text, limit)
    menu = _parts(choices, limit)
    if len(menu) == 1 and parts and len(parts[-1]) + len(menu[0]) + 2 <= limit and len(parts) <= PARTS:
        return [*parts[:-1], f"{parts[-1]}\n\n{menu[0]}"]
    room = max(PARTS - len(menu), 1)
    if len(parts) > room:
        parts = [*parts[: room - 1], parts[room - 1][: limit - 1].rstrip() + "…"]
    return [*parts, *menu]


def _parts(text: str, limit: int) -> list[str]:
    """Cut between paragraphs, lines, sentences or words, else anywhere."""
    parts, rest = [], text.strip()
    while len(rest) > limit:
        at = _break(rest, limit)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest] if rest else parts


def _break(text: str, end: int) -> int:
    """The best place for a cut before `end`, in the second half if there is one."""
    for mark in _BREAKS:
        places = [found.end() for found in mark.finditer(text, end // 2, end)]
        if places:
            return places[-1]
    return end
