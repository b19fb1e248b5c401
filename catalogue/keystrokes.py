"""Raw Telex and VNI keystrokes, and texts with too few or too many spaces, brought back to syllables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from catalogue.syllables import LEGAL

_TONE_KEYS = re.compile(r"(?<=[aeiouyw])([a-z]*?)[sfrxjz](?=[a-z]*$)")
_VNI = re.compile(r"(?<=[a-z])[0-9]+")
_SHORTEST_GLUED = 5
_LONGEST_SYLLABLE = 7
_UNKNOWN_PART = 2.5  # what a part that only looks like a syllable costs, against 1 for a known one
_KNOWN_LETTERS = 0.7  # of all letters must be in known parts
_SPELT_OUT = 3  # single letters in a row that may still be abbreviations


def decoded(token: str) -> str | None:
    """The syllable that a token typed with the input method off was meant to be, without accents."""
    if not token.isascii() or token in LEGAL:
        return None
    for plain in (_from_telex(token), _VNI.sub("", token)):
        if plain != token and plain in LEGAL:
            return plain
    return None


def _from_telex(token: str) -> str:
    plain = re.sub(r"(?<=[aeo])w|(?<=u)w", "", re.sub(r"(?<![aeiouy])w", "u", token))
    plain = re.sub(r"a{2,}", "a", re.sub(r"e{2,}", "e", re.sub(r"o{2,}", "o", plain)))
    plain = re.sub(r"^dd", "d", plain)
    if plain.startswith("d"):
        plain = re.sub(r"(?<=.)d$", "", plain)  # đ marked late: dangd
    while (shorter := _TONE_KEYS.sub(r"\1", plain, count=1)) != plain:
        plain = shorter
    plain = re.sub(r"([aeo])(\w{1,2})\1$", r"\1\2", plain)  # nhana, duongwo: the mark comes late
    return plain.replace("w", "")


def unglued(folded: str, known: AbstractSet[str]) -> tuple[int, ...]:
    """Where to cut a token without its spaces into syllables, the fewest and mostly known ones; nothing if none fit."""
    if len(folded) < _SHORTEST_GLUED:
        return ()
    best: list[tuple[float, int, tuple[int, ...]] | None] = [(0.0, 0, ()), *[None] * len(folded)]
    for end in range(1, len(folded) + 1):
        for begin in range(max(0, end - _LONGEST_SYLLABLE), end):
            before, now, part = best[begin], best[end], folded[begin:end]
            sure = part.isdigit() or (len(part) > 1 and part in known)
            if before is None or not (sure or (len(part) > 1 and part in LEGAL)):
                continue
            cost = before[0] + (1.0 if sure else _UNKNOWN_PART)
            if now is None or cost < now[0]:
                best[end] = (cost, before[1] + (end - begin if sure else 0), (*before[2], end))
    whole = best[-1]
    return whole[2] if whole is not None and whole[1] >= _KNOWN_LETTERS * len(folded) else ()


def joined(tokens: Sequence[str]) -> list[str]:
    """Runs of four single letters or more are one text with too many spaces."""
    whole: list[str] = []
    run: list[str] = []
    for token in [*tokens, ""]:
        if len(token) == 1 and token.isalpha():
            run.append(token)
            continue
        whole.extend(["".join(run)] if len(run) > _SPELT_OUT else run)
        run = []
        if token:
            whole.append(token)
    return whole
