"""Raw Telex and VNI keystrokes, and texts with too few or too many spaces, brought back to syllables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from catalogue.syllables import LEGAL

_TONE_KEYS = re.compile(r"(?<=[aeiouyw])([a-z]*?)[sfrxjz](?=[a-z]*$)")
_VNI = re.compile(r"(?<=[a-z])[0-9]")
_SHORTEST_GLUED = 5
_LONGEST_SYLLABLE = 7
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
    """Where to cut a token without its spaces into as few known syllables as cover it; nothing if none do."""
    if len(folded) < _SHORTEST_GLUED:
        return ()
    best: list[tuple[int, ...] | None] = [(), *[None] * len(folded)]
    for end in range(1, len(folded) + 1):
        for begin in range(max(0, end - _LONGEST_SYLLABLE), end):
            before, now = best[begin], best[end]
            fits = end - begin > 1 and folded[begin:end] in known
            if fits and before is not None and (now is None or len(before) + 1 < len(now)):
                best[end] = (*before, end)
    return best[-1] or ()


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
