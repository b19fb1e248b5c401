"""What a rehearsal finds wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from conversations.messages import Message
from conversations.rehearsal.limits import CHANNELS, Channel, too_long


class Fault(Struct, frozen=True):
    """Something that would stop a citizen or an officer. `place` is a question, a paper or a screen."""

    procedure: str
    place: str
    what: str
    words: str = ""


def wrong_with(message: Message, channels: Sequence[Channel] = CHANNELS) -> Iterator[str]:
    """Everything that some messenger, or a reader, could not make use of."""
    if not message.text.strip() and not message.files:
        yield "câu nói trống"
    for long in too_long(message, channels):
        yield f"dài quá với {long.channel} ({_LIMITED[long.what]}): {long.length}, nhiều nhất {long.limit}"
    for what, given in (("nhãn nút", [b.label for b in message.buttons]), ("nút", [b.value for b in message.buttons])):
        for label, times in Counter(given).items():
            if times > 1:
                yield f"hai {what} giống nhau: {label}"
            if not label.strip():
                yield f"{what} trống"


_LIMITED: Final = {
    "text": "câu nói",
    "caption": "câu nói dưới tệp",
    "menu": "câu nói và các lựa chọn đánh số",
    "label": "nhãn nút",
    "value": "giá trị nút",
    "file": "tên tệp",
}
