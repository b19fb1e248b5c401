"""People's words without personal data, as a group on somebody else's servers may read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from domain.codes import around_codes

HIDDEN: Final = "•••"
_PARTED: Final = r"[\s.,·\-‐‑‒–—_\u200b-\u200f\u2060]{0,3}"
_RUN: Final = re.compile(rf"(?:\+|\b[A-Za-z]{{1,2}})?\d(?:{_PARTED}\d){{5,}}")  # six digits or more, however parted


def hidden(words: str, known: Iterable[str] = ()) -> str:
    """Long numbers and the `known` values are hidden; the codes of dossiers stay."""
    pieces = around_codes(words)
    pieces[::2] = [_RUN.sub(HIDDEN, piece) for piece in pieces[::2]]
    words = "".join(pieces)
    for value in sorted(known, key=len, reverse=True):
        written = r"[\s,]+".join(map(re.escape, re.split(r"[\s,]+", value.strip(" ,"))))
        if written:
            words = re.sub(rf"(?<!\w){written}(?!\w)", HIDDEN, words, flags=re.IGNORECASE)
    return words
