"""The key as somebody types it from its sheet, asked for until it is right."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

from storage import paper_key
from storage.paper_key import GROUPS, Mistyped

_TRIES = 5


def asked_key(say: Callable[[str], None], lines: TextIO | None = None) -> tuple[int, bytes] | None:
    """Number and key; None when nothing right was typed. Groups may stand in one line or in several."""
    source = lines or sys.stdin
    say(f"Gõ khóa trên tờ giấy, {GROUPS} nhóm 5 chữ; chữ hoa hay thường, có dấu cách hay không đều được:")
    for _ in range(_TRIES):
        typed = _line(source)
        if not typed:
            return None
        try:
            return paper_key.typed(typed)
        except Mistyped as error:
            if error.group:
                say(f"Nhóm {error.group} chưa đúng. Xem lại nhóm ấy trên giấy rồi gõ lại cả khóa:")
            else:
                say("Từng nhóm đúng nhưng không cùng một tờ. Gõ lại cả khóa từ một tờ:")
    return None


def _line(source: TextIO) -> str:
    """What was typed until it is long enough, or an empty line ends it."""
    typed = ""
    while len(paper_key.group(typed)) < GROUPS * 5:
        line = source.readline()
        if not line.strip():
            break
        typed += " " + line
    return typed.strip()
