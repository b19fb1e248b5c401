"""The code by which a transfer is recognised: short, sayable, and safe through what banks do to a transfer's words.

Banks put everything in capitals, drop spaces and marks, cut the end off and write their own numbers around it; people
add a greeting. So a code begins with two fixed letters, has an alphabet without look-alikes, and ends in two check
characters: what is taken for a code by chance, or was mistyped, does not pass them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from domain.codes import ALPHABET

PREFIX: Final = "MC"
_RANDOM: Final = 6  # 23 ** 6 is 148 million
_LENGTH: Final = len(PREFIX) + _RANDOM + 2
_SIZE: Final = len(ALPHABET)
_NOISE: Final = re.compile(r"[^0-9A-Z]+")
# Overlapping: in "MCMC7K…" the code may begin at either place.
_CANDIDATE: Final = re.compile(rf"(?=({PREFIX}[{ALPHABET}]{{{_RANDOM + 2}}}))")


def new_memo(random: bytes) -> str:
    """A code from at least 8 random bytes: with fewer some would be likelier than others."""
    if len(random) < 8:
        raise ValueError("a memo needs 8 random bytes")
    rest = int.from_bytes(random)
    body = ""
    for _ in range(_RANDOM):
        rest, symbol = divmod(rest, _SIZE)
        body += ALPHABET[symbol]
    return PREFIX + body + _checks(body)


def purpose(memo: str, official_code: str) -> str:
    """What stands in the code to pay with: the memo first, since banks cut at the end, then the dossier's number."""
    found = re.search(r"(\d{6})-(\d{4,5})$", official_code)
    return f"{memo} HS{found[1]}{found[2]}" if found else memo


def find_memos(text: str) -> tuple[str, ...]:
    """Every valid code in a transfer's words, each once, in order."""
    plain = unicodedata.normalize("NFKD", text)[:1_000].upper()
    solid = _NOISE.sub("", plain)
    found = (match[1] for match in _CANDIDATE.finditer(solid))
    return tuple(dict.fromkeys(memo for memo in found if _checks(memo[len(PREFIX) : -2]) == memo[-2:]))


def _checks(body: str) -> str:
    """Two sums with different weights: one wrong character, or any two exchanged, changes at least one of them."""
    values = [ALPHABET.index(symbol) for symbol in body]
    first = sum(place * value for place, value in enumerate(values, 1)) % _SIZE
    second = sum(place * place * value + 7 for place, value in enumerate(values, 2)) % _SIZE
    return ALPHABET[first] + ALPHABET[second]
