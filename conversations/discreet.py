"""People's words without personal data, as a group on somebody else's servers may read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from msgspec import Struct

from domain.codes import around_codes

HIDDEN: Final = "•••"
_PARTED: Final = r"[\s.,·\-‐‑‒–—_\u200b-\u200f\u2060]{0,3}"
_RUN: Final = re.compile(rf"(?:\+|\b[A-Za-z]{{1,2}})?\d(?:{_PARTED}\d){{5,}}")  # six digits or more, however parted
_WORD: Final = re.compile(r"[^\W_]+")
_DATE: Final = re.compile(r"(\d{2})/(\d{2})/(\d{2}(\d{2}))")
_BETWEEN: Final = ("thang", "nam")  # words that may stand within a date
_GAP: Final = 4  # characters between two words of one value

Words = tuple[str, ...]


class _Token(Struct, frozen=True):
    """A word of a text as it is compared, and where it stands."""

    word: str
    start: int
    end: int


def hidden(words: str, known: Iterable[str] = ()) -> str:
    """Long numbers and the `known` values are hidden, with or without accents; the codes of dossiers stay."""
    pieces = around_codes(words)
    pieces[::2] = [_RUN.sub(HIDDEN, piece) for piece in pieces[::2]]
    words = "".join(pieces)
    sought = _sought(known)
    if not sought:
        return words
    words = unicodedata.normalize("NFC", words)
    tokens = _tokens(words)
    shown, at, number = [], 0, 0
    while number < len(tokens):
        behind = max((_behind(one, tokens, number) for one in sought.get(tokens[number].word, ())), default=number)
        if behind > number:
            shown += [words[at : tokens[number].start], HIDDEN]
            at = tokens[behind - 1].end
        number = max(behind, number + 1)
    return "".join([*shown, words[at:]])


def _sought(known: Iterable[str]) -> Mapping[str, tuple[Words, ...]]:
    """The values as words, by the first of them; of an address also its beginning, of a date the short year."""
    found: dict[str, tuple[Words, ...]] = {}
    for value in known:
        parts = value.split(",")
        forms = [value, *(",".join(parts[:most]) for most in range(2, len(parts)))]
        if date := _DATE.fullmatch(value.strip()):
            forms.append(f"{date[1]}/{date[2]}/{date[4]}")
        for form in forms:
            words = tuple(token.word for token in _tokens(unicodedata.normalize("NFC", form)))
            if words and words not in found.get(words[0], ()):
                found[words[0]] = (*found.get(words[0], ()), words)
    return found


def _tokens(words: str) -> list[_Token]:
    """Without accents, capitals or leading zeros."""
    bare = "".join(map(_bare, words))
    return [_Token(found[0].lstrip("0") or "0", found.start(), found.end()) for found in _WORD.finditer(bare)]


def _behind(value: Words, tokens: list[_Token], number: int) -> int:
    """The number of the token behind this value, or `number` where the value does not stand there."""
    at = number
    for place, word in enumerate(value):
        while place and at < len(tokens) and word.isdecimal() and tokens[at].word in _BETWEEN:
            at += 1
        if at >= len(tokens) or tokens[at].word != word:
            return number
        if place and tokens[at].start - tokens[at - 1].end > _GAP:
            return number
        at += 1
    return at


@cache
def _bare(letter: str) -> str:
    return "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0].lower()[0]
