"""Finds known phrases in a message, with accents where the message has them and without where not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product
from typing import Generic, NamedTuple, TypeVar

from catalogue.fold import bare, clean, tone_key, words

V = TypeVar("V")

GAP = "…"
_WIDEST_GAP = 3


class Word(NamedTuple):
    """One syllable of a message; `weight` is small for particles and for guesses, `key` empty where accents are."""

    folded: str
    key: str
    weight: float = 1.0


class Place(NamedTuple, Generic[V]):
    """Where a phrase stands in a message."""

    begin: int
    end: int
    value: V


def as_word(cleaned: str) -> Word:
    return Word(bare(cleaned), tone_key(cleaned))


def as_words(text: str) -> tuple[Word, ...]:
    return tuple(as_word(w) for w in words(clean(text)))


def accented(message: Sequence[Word]) -> bool:
    """Whether accents can be trusted: at least three words in ten carry one."""
    return sum(w.folded != w.key for w in message if w.key) >= max(1, 0.3 * len(message))


def spelled_out(phrases: Iterable[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Each phrase with every word of a group in place of "{group}"."""
    spelled = []
    for phrase in phrases:
        parts = [groups[p[1:-1]] if p[:1] == "{" else (p,) for p in phrase.split()]
        spelled += [" ".join(chosen) for chosen in product(*parts)]
    return spelled


class Phrases(Generic[V]):
    """Phrases by what they look like without accents; "bố … mất" lets up to three words stand in between."""

    def __init__(self, listed: Iterable[tuple[str, V]]) -> None:
        self._whole = _Table[tuple[tuple[str, ...], V]]()
        self._heads = _Table[_Table[tuple[tuple[str, ...], tuple[str, ...], V]]]()
        for text, value in listed:
            head, _, tail = (as_words(part) for part in text.partition(GAP))
            keys = tuple(w.key for w in head)
            if not tail:
                self._whole.of(head).append((keys, value))
                continue
            tails = self._heads.of(head)
            if not tails:
                tails.append(_Table())
            tails[0].of(tail).append((keys, tuple(w.key for w in tail), value))

    def find(self, message: Sequence[Word], *, strict: bool) -> list[Place[V]]:
        """Every place a phrase stands; strict compares accents too."""
        said = [w.folded for w in message]
        found = [
            Place(begin, end, value)
            for begin in self._whole.begins(said)
            for end, (keys, value) in self._whole.at(said, begin)
            if not strict or _agree(message[begin:end], keys)
        ]
        if not self._heads:
            return found
        taken = {n for begin, end, _ in found if end - begin > 1 for n in range(begin, end)}
        for begin in self._heads.begins(said):
            for after, tails in self._heads.at(said, begin):
                found += self._over_gap(message, said, (begin, after), tails, taken, strict=strict)
        return found

    def _over_gap(
        self,
        message: Sequence[Word],
        said: Sequence[str],
        head: tuple[int, int],
        tails: _Table[tuple[tuple[str, ...], tuple[str, ...], V]],
        taken: AbstractSet[int],
        *,
        strict: bool,
    ) -> Iterable[Place[V]]:
        """Tails a little behind a head, the nearest only, unless another phrase has them already."""
        begin, after = head
        for at in range(after, min(after + _WIDEST_GAP + 1, len(said))):
            places = [
                Place(begin, end, value)
                for end, (head_keys, tail_keys, value) in tails.at(said, at)
                if taken.isdisjoint(range(at, end))
                and (not strict or (_agree(message[begin:after], head_keys) and _agree(message[at:end], tail_keys)))
            ]
            if places:
                return places
        return []

    def without_overlaps(self, message: Sequence[Word], *, strict: bool) -> list[Place[V]]:
        """From left to right, the longest phrase at each place."""
        taken, end = [], 0
        for place in sorted(self.find(message, strict=strict), key=lambda p: (p.begin, -p.end)):
            if place.begin >= end:
                taken.append(place)
                end = place.end
        return taken


def _agree(message: Sequence[Word], keys: Sequence[str]) -> bool:
    return all(not w.key or w.key == key for w, key in zip(message, keys, strict=True))


class _Table(Generic[V]):
    """Values by runs of words, with the lengths worth trying for each first word."""

    def __init__(self) -> None:
        self._values: dict[str, list[V]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self._values)

    def of(self, run: Sequence[Word]) -> list[V]:
        first = run[0].folded
        self._lengths[first] = tuple(sorted({*self._lengths.get(first, ()), len(run)}))
        return self._values.setdefault(" ".join(w.folded for w in run), [])

    def begins(self, said: Sequence[str]) -> list[int]:
        """The words that some run begins with; most words are none."""
        lengths = self._lengths
        return [n for n, word in enumerate(said) if word in lengths]

    def at(self, said: Sequence[str], begin: int) -> list[tuple[int, V]]:
        """What begins at a word, each with its end."""
        lengths = self._lengths.get(said[begin])
        if lengths is None:
            return []
        return [
            (begin + length, value)
            for length in lengths
            if begin + length <= len(said)
            for value in self._values.get(" ".join(said[begin : begin + length]), ())
        ]
