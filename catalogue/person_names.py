"""Likely spellings of a person's name that was typed without its marks."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise, product

from catalogue.fold import fold
from catalogue.model import Names
from catalogue.syllables import LEGAL
from domain.names import capitals

OFFERED = 4
_EACH = 4  # spellings of one syllable that are looked at
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
        choices = [self._choices(words, n) for n in range(len(words))]
        best = heapq.nlargest(OFFERED, product(*choices), key=self._score)
        return tuple(" ".join(spelling for spelling, _ in found) for found in best)

    def knows(self, word: str) -> bool:
        """Whether a word is a name's in some spelling, or can't be a Vietnamese syllable at all."""
        folded = fold(word)
        return folded in self._all or folded not in LEGAL

    def _choices(self, words: Sequence[str], n: int) -> list[tuple[str, float]]:
        folded = [fold(word) for word in words]
        women = "thi" in folded[1:-1]
        men = "van" in folded[1:-1] and not women
        if n == 0 and (len(words) > 1) and folded[0] in self._surnames:
            weights = dict(self._surnames[folded[0]])
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
        total = 1.0
        for _, weight in name:
            total *= weight
        together = sum((one, two) in self._pairs for (one, _), (two, _) in pairwise(name[-2:]))
        return total * _PAIR**together

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
    def _pairs(self) -> frozenset[tuple[str, str]]:
        found = (tuple(pair.split()) for pair in self._names.pairs.split(",") if pair.strip())
        return frozenset((pair[0], pair[1]) for pair in found)


def _ranked(words: str) -> Weights:
    """Spellings by how they look without marks, weighed by their place in the list."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for place, word in enumerate(words.split()):
        found[fold(word)].setdefault(capitals(word), _LATE / (_LATE + place))
    return found
