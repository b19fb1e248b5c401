"""Which of the choices is meant in somebody's own words: "con trai" is Nam, "bố" is Cha; nothing where two may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from domain.values import fold

_SAME: Final[Mapping[str, str]] = {"bo": "cha", "tia": "cha", "ma": "me", "trai": "nam", "gai": "nu"}
_BEFORE: Final = frozenset(["da", "vang", "thua", "toi", "tui", "em", "minh", "chau", "la", "thi", "thuoc"])
_BEHIND: Final = frozenset(["a", "nhe", "nha", "nhi", "roi", "do"])
_SELF: Final = frozenset(["toi", "tui", "em", "minh", "chau"])
_YES_OR_NO: Final = frozenset(["co", "khong", "chua", "da", "roi"])  # "có lẽ" is no yes
_NOT: Final = frozenset(["khong", "ko", "k", "chua", "chang"])
_MOST: Final = 8  # words; in a tale a label may stand by chance
_FEW: Final = 4
_SHORT: Final = 3  # letters that all the words together need at least


def pick(typed: str, choices: Sequence[str]) -> str | None:
    """The one choice whose words hold all that was said, or that is itself named among few other words."""
    said = _bare(_words(typed))
    if not said or len(said) > _MOST:
        return None
    meant = {_SAME.get(word, word) for word in said}
    labels = {choice: {_SAME.get(word, word) for word in _words(choice)} for choice in choices}
    same = [choice for choice, label in labels.items() if label == meant]
    if same:
        return _only(same)
    if sum(map(len, meant)) >= _SHORT:
        around = [choice for choice, label in labels.items() if meant <= label]
        if around:
            return _only(around)
    if len(said) > _FEW or meant & (_SELF | _NOT) or any(word.isdecimal() for word in said):
        return None
    return _only(choice for choice, label in labels.items() if label <= meant and not label <= _YES_OR_NO)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _bare(words: list[str]) -> list[str]:
    """Without the polite words around the answer, unless they are all there is."""
    while len(words) > 1 and words[0] in _BEFORE:
        words = words[1:]
    while len(words) > 1 and words[-1] in _BEHIND:
        words = words[:-1]
    return words


def _only(found: Iterable[str]) -> str | None:
    some = list(found)
    return some[0] if len(some) == 1 else None
