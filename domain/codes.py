"""Codes that people read out and type: the tracking code of a dossier and its official code."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from domain.values import clean

# Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. Its size is prime, which the check character needs.
ALPHABET: Final = "34679ACDEFGHJKMNPQRTWXY"
_SYMBOLS: Final = frozenset(ALPHABET)
_SIZE: Final = len(ALPHABET)
_RANDOM: Final = 12  # 23 ** 12 is a little over 2 ** 54
_LENGTH: Final = _RANDOM + 1
_SEPARATORS: Final = re.compile(r"[\s\-‐‑‒–—_.]+")
_WORD: Final = re.compile(r"[^\s,;:!?()\[\]\"'«»“”]+")
_GROUPED: Final = re.compile(r"\b[0-9A-Z]{3,5}(?:[-‐‑‒–—][0-9A-Z]{3,6}){2}\b")
_SPACED: Final = re.compile(r"\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4,5}\b")
_PART: Final = re.compile(rf"[{ALPHABET}]+|[0-9A-Z]*[0-9]")  # of a tracking code, or the end of an official one
_LEAST: Final = 4  # characters; a shorter part would be any word or number
_MOST: Final = 30  # characters; official codes are no longer
_SOLID: Final = re.compile(r"\b[0-9A-Z]{12,14}\b")
_OFFICIAL: Final = re.compile(r"(?<![0-9A-Z.])(?:[0-9A-Z]{1,4}\.)+[0-9A-Z]{1,4}-\d{6}-\d{4,5}(?!\d)")

_SHOWN: Final = re.compile(rf"{_OFFICIAL.pattern}|\b[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{5}}\b")


def _sum(code: str) -> int:
    """Weighted by place.

    The weights differ and none is 0 modulo the prime size, so one wrong character, and any two exchanged, change it.
    """
    return sum(place * ALPHABET.index(symbol) for place, symbol in enumerate(code, 1)) % _SIZE


def new_tracking_code(random: bytes) -> str:
    """A code from at least 16 random bytes: with fewer some codes would be likelier than others."""
    if len(random) < 16:
        raise ValueError("a tracking code needs 16 random bytes")
    rest = int.from_bytes(random)
    symbols = []
    for _ in range(_RANDOM):
        rest, symbol = divmod(rest, _SIZE)
        symbols.append(ALPHABET[symbol])
    code = "".join(symbols)
    return code + ALPHABET[-_sum(code) * pow(_LENGTH, -1, _SIZE) % _SIZE]


def normalise(text: str) -> str | None:
    """The code as stored, 13 capitals, however it was typed; None when it is none or mistyped."""
    code = _SEPARATORS.sub("", clean(text)).upper()
    if len(code) != _LENGTH or not set(code) <= _SYMBOLS or _sum(code):
        return None
    return code


def show(code: str) -> str:
    """Grouped for reading: K7P4-9XTM-3WHAC."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def show_check(code: str) -> str:
    """A notice's code, grouped for reading: 7F3K-9MPQ."""
    return f"{code[:4]}-{code[4:]}"


def find_tracking_code(text: str) -> str | None:
    """The first valid code in a sentence; its groups may be parted by spaces."""
    parts = [_SEPARATORS.sub("", word).upper() for word in _WORD.findall(clean(text))]
    for start in range(len(parts)):
        code = ""
        for part in parts[start : start + _LENGTH]:
            code += part
            if len(code) >= _LENGTH:  # a strange message may hold a thousand words: the dear part comes last
                break
        if len(code) == _LENGTH and set(code) <= _SYMBOLS and not _sum(code):
            return code
    return None


def looks_like_code(text: str) -> bool:
    """Whether somebody seems to have meant a tracking code, right or mistyped."""
    upper = clean(text).upper()
    if find_official_code(upper):
        return False
    if find_tracking_code(upper) or _GROUPED.search(upper):
        return True
    return any(
        any(c.isdigit() for c in run) and any(c.isalpha() for c in run)
        for run in _SPACED.findall(upper) + _SOLID.findall(upper)
    )


def solid(code: str) -> str:
    """Capitals and digits alone, however it was parted."""
    return _SEPARATORS.sub("", clean(code)).upper()


def looks_like_part(text: str) -> bool:
    """Whether it may be the beginning or the end of a code, with nothing else said."""
    part = solid(text)
    return _LEAST <= len(part) <= _MOST and _PART.fullmatch(part) is not None


def is_part(text: str, tracking_code: str, official_code: str = "") -> bool:
    """Whether a tracking code begins or ends with it, or an official code ends with it."""
    part = solid(text)
    ends = tracking_code.startswith(part) or tracking_code.endswith(part) or solid(official_code).endswith(part)
    return bool(part) and ends


def official_code(agency_id: str, day: date, number: int) -> str:
    """The code given at acceptance; `number` starts at 1 each day."""
    return f"{agency_id.upper()}-{day:%y%m%d}-{number:04d}"


def around_codes(text: str) -> list[str]:
    """The text in pieces, every second of which is a code as it is shown; joined they are the text again."""
    pieces = [""]
    end = 0
    for found in _SHOWN.finditer(text):
        if _OFFICIAL.fullmatch(found[0]) or normalise(found[0]):
            pieces[-1] += text[end : found.start()]
            pieces += [found[0], ""]
            end = found.end()
    pieces[-1] += text[end:]
    return pieces


def find_official_code(text: str) -> str | None:
    found = _OFFICIAL.search(clean(text).upper())
    return found[0] if found else None
