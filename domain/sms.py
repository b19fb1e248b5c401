"""Short messages: how many pieces the network makes of a text, and Vietnamese without its marks.

3GPP TS 23.038: a text of the GSM alphabet has 160 letters in one piece and 153 in each of several, any other text 70
and 67. Each piece is paid for.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED: Final = frozenset("\f^{}\\[~]|€")  # two septets each
_GSM: Final = (160, 153)
_OTHER: Final = (70, 67)  # UTF-16 units
_INSTEAD: Final = str.maketrans(
    {"đ": "d", "Đ": "D", "«": '"', "»": '"', "“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."}
    | {"•": "-", "\u00a0": " ", "\u202f": " ", "₫": "d", "×": "x", "→": "->"}
)


def plain(text: str) -> str:
    """Without accents, and with nothing that the GSM alphabet lacks."""
    letters = unicodedata.normalize("NFD", text.translate(_INSTEAD))
    bare = unicodedata.normalize("NFC", "".join(c for c in letters if not unicodedata.combining(c)))
    return "".join(c for c in bare if c in _BASIC or c in _ESCAPED)


def segments(text: str) -> int:
    """How many pieces are paid for; none for an empty text."""
    if not text:
        return 0
    sizes = _sizes(text)
    alone, each = _GSM if _fits_gsm(text) else _OTHER
    if sum(sizes) <= alone:
        return 1
    pieces, used = 1, 0
    for size in sizes:  # what takes two places is never split
        if used + size > each:
            pieces, used = pieces + 1, 0
        used += size
    return pieces


def shortened(text: str, most: int) -> str:
    """The text, cut at a word where it takes more than so many pieces."""
    if segments(text) <= most:
        return text
    end = "..." if _fits_gsm(text) else "…"
    words = text.split(" ")
    while len(words) > 1 and segments(" ".join(words).rstrip(",;:.") + end) > most:
        words.pop()
    cut = " ".join(words).rstrip(",;:.") + end
    while segments(cut) > most:  # one word alone
        cut = cut[: -len(end) - 1] + end
    return cut


def _fits_gsm(text: str) -> bool:
    return all(c in _BASIC or c in _ESCAPED for c in text)


def _sizes(text: str) -> list[int]:
    if _fits_gsm(text):
        return [2 if c in _ESCAPED else 1 for c in text]
    return [2 if ord(c) > 0xFFFF else 1 for c in text]
