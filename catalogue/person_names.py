"""Likely spellings of a person's name that was typed without its marks."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import prod

from catalogue.fold import fold
from catalogue.model import Names
from catalogue.syllables import LEGAL
from domain.names import capitals, unmarked

OFFERED = 4
_EACH = 4  # spellings of one syllable that are looked at
_KEPT = 24  # beginnings of a name that are gone on with: all spellings of two syllables, and then some
_LATE = 12  # how slowly a place further back in a list counts less
_OTHER_SEX = 0.25  # a woman's name in a man's list
_ELSEWHERE = 0.4  # a given name's syllable in the middle
_PAIR = 6.0  # two syllables that are known to go together

Weights = Mapping[str, Mapping[str, float]]


class PersonNames:
    def __init__(self, names: Names) -> None:
        self._names = names

    def spellings(self, typed: str) -> tuple[str, ...]:
        """The likeliest first; the name as typed alone where no word of it is known."""
        words = typed.split()
        begun: list[tuple[tuple[str, float], ...]] = [()]
        for n in range(len(words)):
            longer = ((*name, choice) for name in begun for choice in self._choices(words, n))
            begun = heapq.nlargest(_KEPT, longer, key=_weight)
        best = heapq.nlargest(OFFERED, begun, key=self._score)
        return tuple(" ".join(spelling for spelling, _ in found) for found in best)

    def knows(self, word: str) -> bool:
        """Whether a word is a name's in some spelling, or can't be a Vietnamese syllable at all."""
        folded = fold(word)
        return len(folded) == 1 or folded in self._all or folded not in LEGAL

    def is_name(self, word: str) -> bool:
        """Whether a word stands in the lists in this very spelling."""
        lists = (self._surnames, self._men, self._women, self._middle_men, self._middle_women)
        return any(capitals(word) in weights.get(fold(word), {}) for weights in lists)

    def _choices(self, words: Sequence[str], n: int) -> list[tuple[str, float]]:
        if not unmarked(words[n]):
            return [(words[n], 1.0)]
        folded = [fold(word) for word in words]
        women = "thi" in folded[1:-1]
        men = "van" in folded[1:-1] and not women
        if n == 0 and folded[0] in self._surnames:
            weights = dict(self._surnames[folded[0]])
            if len(words) == 1:
                weights |= self._given(folded[0], men=False, women=False)
        else:
            weights = dict(self._given(folded[n], men=men, women=women))
            if 0 < n < len(words) - 1:
                weights = {spelling: weight * _ELSEWHERE for spelling, weight in weights.items()}
                for spelling, weight in self._middle(folded[n], women=women).items():
                    weights[spelling] = max(weights.get(spelling, 0.0), weight)
        if not weights:
            return [(words[n], 1.0)]
        return heapq.nlargest(_EACH, weights.items(), key=lambda item: item[1])

    def _score(self, name: Sequence[tuple[str, float]]) -> float:
        together = tuple(spelling for spelling, _ in name[-2:]) in self._pairs
        return _weight(name) * (_PAIR if together else 1.0)

    def _given(self, folded: str, *, men: bool, women: bool) -> Mapping[str, float]:
        of_men, of_women = self._men.get(folded, {}), self._women.get(folded, {})
        return {
            spelling: max(
                of_men.get(spelling, 0.0) * (_OTHER_SEX if women else 1.0),
                of_women.get(spelling, 0.0) * (_OTHER_SEX if men else 1.0),
            )
            for spelling in {**of_men, **of_women}
        }

    def _middle(self, folded: str, *, women: bool) -> Mapping[str, float]:
        first, second = (self._middle_women, self._middle_men) if women else (self._middle_men, self._middle_women)
        own, other = first.get(folded, {}), second.get(folded, {})
        return {s: max(own.get(s, 0.0), other.get(s, 0.0) * _ELSEWHERE) for s in {**own, **other}}

    @cached_property
    def _surnames(self) -> Weights:
        return _ranked(self._names.surnames)

    @cached_property
    def _men(self) -> Weights:
        return _ranked(self._names.given_men)

    @cached_property
    def _women(self) -> Weights:
        return _ranked(self._names.given_women)

    @cached_property
    def _middle_men(self) -> Weights:
        return _ranked(self._names.middle_men)

    @cached_property
    def _middle_women(self) -> Weights:
        return _ranked(self._names.middle_women)

    @cached_property
    def _all(self) -> frozenset[str]:
        lists: Iterable[Weights] = (self._surnames, self._men, self._women, self._middle_men, self._middle_women)
        return frozenset(folded for weights in lists for folded in weights)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(pair.split()) for pair in self._names.pairs.split(","))


def _weight(name: Sequence[tuple[str, float]]) -> float:
    return prod(weight for _, weight in name)


def _ranked(words: str) -> Weights:
    """Spellings by how they look without marks, weighed by their place in the list."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for place, word in enumerate(words.split()):
        found[fold(word)].setdefault(capitals(word), _LATE / (_LATE + place))
    return found
