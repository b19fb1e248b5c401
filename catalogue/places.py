"""Offices by the names of communes, old and new, as people write them."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz

from catalogue.fold import fold, words
from catalogue.model import Office

_RANKS = frozenset({"xa", "ubnd", "uy", "ban", "nhan", "dan", "huyen", "tinh", "thon", "o"})
_ALIKE = 85  # of 100: one wrong letter in a short name passes, another commune does not
_NAMED = 95.0  # the whole name stands in the text, among other words


class Places:
    def __init__(self, offices: Iterable[Office]) -> None:
        self._offices = [(_place(name), o) for o in offices for name in (o.name, o.short_name, *o.aliases)]
        self._names = frozenset(name for name, _ in self._offices if name)
        self._longest = 2 * max(len(o.name) for _, o in self._offices)  # in characters, with room for a rank

    def only_a_place(self, text: str) -> bool:
        """Whether the text says where somebody lives and nothing more."""
        return len(text) <= self._longest and _place(text) in self._names

    def offices(self, text: str) -> list[Office]:
        """Offices whose name the text resembles, the best first."""
        asked = _place(text)
        best: dict[str, tuple[float, Office]] = {}
        for name, office in self._offices:
            score = fuzz.token_sort_ratio(asked, name)
            if f" {name} " in f" {asked} ":
                score = max(score, _NAMED)
            if score >= _ALIKE and (office.id not in best or score > best[office.id][0]):
                best[office.id] = (score, office)
        return [office for _, office in sorted(best.values(), key=lambda item: -item[0])]


def _place(text: str) -> str:
    """A place without its rank, so that "xã Sơn An" is told from "xã Sơn Kim" by what differs."""
    return " ".join(word for word in words(fold(text)) if word not in _RANKS)
