"""A master key on paper: groups that a person can type again, and that say which of them was typed wrong.

35 bytes (the key's number in its ring, the key, the beginning of a digest of both) are 56 letters of five bits, in 14
groups of four with a fifth to check them. The letters are Crockford's: no I, L, O and U; what looks like another letter
is taken for it. The check is linear over GF(32): any one wrong letter is found, two that changed places, and a group in
the place of another.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from storage.key_ring import KEY

GROUPS: Final = 14
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DATA: Final = 4
_LONG: Final = _DATA + 1
_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_DIGEST: Final = 2


class Mistyped(Exception):
    """What was typed is no key. `group` is the first one that is wrong, 1-based; 0 where that can't be said."""

    def __init__(self, group: int) -> None:
        super().__init__(f"group {group}" if group else "the groups do not belong together")
        self.group = group


def groups(number: int, key: bytes) -> tuple[str, ...]:
    """The groups that stand for a key of the ring."""
    whole = bytes([number]) + key
    value = int.from_bytes(whole + hashlib.sha256(whole).digest()[:_DIGEST])
    letters = [value >> 5 * at & 31 for at in reversed(range(GROUPS * _DATA))]
    parts = [letters[at : at + _DATA] for at in range(0, len(letters), _DATA)]
    return tuple(
        "".join(_LETTERS[letter] for letter in (*part, _check(place, part))) for place, part in enumerate(parts, 1)
    )


def group(text: str) -> str:
    """One group as it stands on paper, however it was typed."""
    return re.sub(r"[^0-9A-Z]", "", text.upper()).translate(_LIKE)


def typed(text: str) -> tuple[int, bytes]:
    """Number and key that were typed: small or capital letters, with or without spaces; raises Mistyped."""
    parts = [group(part) for part in re.split(r"[^0-9A-Za-z]+", text) if part]
    if len(parts) != GROUPS:
        whole = "".join(parts)
        parts = [whole[at : at + _LONG] for at in range(0, len(whole), _LONG)]
    value = 0
    for place, part in enumerate(parts[:GROUPS], 1):
        letters = [_LETTERS.find(letter) for letter in part]
        if len(part) != _LONG or min(letters) < 0 or _check(place, letters[:_DATA]) != letters[_DATA]:
            raise Mistyped(place)
        for letter in letters[:_DATA]:
            value = value << 5 | letter
    if len(parts) != GROUPS:
        raise Mistyped(min(len(parts) + 1, GROUPS))
    raw = value.to_bytes(GROUPS * _DATA * 5 // 8)
    number, key, digest = raw[0], raw[1 : 1 + KEY], raw[1 + KEY :]
    if not number or hashlib.sha256(raw[: 1 + KEY]).digest()[:_DIGEST] != digest:
        raise Mistyped(0)
    return number, key


def short(digest: bytes) -> str:
    """Eight letters of a digest, to be read from one screen and typed at another."""
    value = int.from_bytes(digest[:5])
    return "".join(_LETTERS[value >> 5 * at & 31] for at in reversed(range(8)))


def _check(place: int, letters: list[int]) -> int:
    """Σ αⁱ·letterᵢ, and the group's place as one letter more."""
    total = 0
    for letter in (place, *letters):
        total = _times_alpha(total ^ letter)
    return total


def _times_alpha(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 32 else value
