"""Finds known phrases in a message, with accents where the message has them and without where not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from catalogue.fold import clean, fold, tone_key, words

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Word:
    """One syllable of a message; `weight` is small for particles and for guesses."""

    folded: str
    key: str
    weight: float = 1.0


def as_words(text: str) -> tuple[Word, ...]:
    return tuple(Word(fold(w), tone_key(w)) for w in words(clean(text)))


def accented(message: Sequence[Word]) -> bool:
    """Whether accents can be trusted: at least three words in ten carry one."""
    return sum(w.folded != w.key for w in message) >= max(1, 0.3 * len(message))


class Phrases(Generic[V]):
    """Phrases by their first syllable, the longest first."""

    def __init__(self, listed: Iterable[tuple[str, V]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[Word, ...], V]]] = {}
        for text, value in listed:
            phrase = as_words(text)
            self._by_first.setdefault(phrase[0].folded, []).append((phrase, value))
        for same_first in self._by_first.values():
            same_first.sort(key=lambda entry: -len(entry[0]))

    def find(self, message: Sequence[Word], *, strict: bool) -> list[tuple[int, int, V]]:
        """Every place a phrase stands, as (begin, end, value); strict compares accents too."""
        found: list[tuple[int, int, V]] = []
        for begin, word in enumerate(message):
            for phrase, value in self._by_first.get(word.folded, ()):
                end = begin + len(phrase)
                if end <= len(message) and all(
                    m.folded == p.folded and (not strict or m.key == p.key)
                    for m, p in zip(message[begin:end], phrase, strict=True)
                ):
                    found.append((begin, end, value))
        return found

    def without_overlaps(self, message: Sequence[Word], *, strict: bool) -> list[tuple[int, int, V]]:
        """From left to right, the longest phrase at each place."""
        taken, end = [], 0
        for place in self.find(message, strict=strict):
            if place[0] >= end:
                taken.append(place)
                end = place[1]
        return taken
