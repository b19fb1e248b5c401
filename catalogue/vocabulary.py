"""The syllables that names and everyday talk use, and which of them an unknown one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from catalogue.phrases import Word
from catalogue.syllables import LEGAL, sound

_HEARD = 0.85  # how much a guess counts: by sound,
_SLIPPED = 0.6  # by one key,
_SLIPPED_LEGAL = 0.4  # by one key from what is a syllable itself and may well have been meant
_SHORTEST = 3
_GUESSES = 4
_REMEMBERED = 20_000


class Vocabulary:
    """`named`: words of names and aliases; `spoken`: words that are no slip of the key, though no name holds them."""

    def __init__(self, named: Iterable[Word], spoken: Iterable[Word]) -> None:
        forms: dict[str, set[str]] = {}
        for word in spoken:
            forms.setdefault(word.folded, set()).add(word.key)
        self._spoken = frozenset(forms)
        named_words: set[str] = set()
        for word in named:
            named_words.add(word.folded)
            forms.setdefault(word.folded, set()).add(word.key)
        self.named = frozenset(named_words)
        self._ambiguous = frozenset(folded for folded, keys in forms.items() if len(keys) > 1)
        self._sorted = sorted(named_words)
        self._by_sound: dict[str, list[str]] = {}
        for syllable in self._sorted:
            self._by_sound.setdefault(sound(syllable), []).append(syllable)
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}

    def ambiguous(self, folded: str) -> bool:
        """Whether several words look like this without their accents."""
        return folded in self._ambiguous

    def meant(self, syllable: str) -> tuple[tuple[str, float], ...]:
        """The syllable itself, or for an unknown one those a sound or a key slip away, each with its share."""
        if syllable in self.named or syllable in self._spoken:
            return ((syllable, 1.0),)
        near = self._near.get(syllable)
        if near is None:
            near = self._guess(syllable)
            if len(self._near) < _REMEMBERED:
                self._near[syllable] = near
        return near

    def _guess(self, syllable: str) -> tuple[tuple[str, float], ...]:
        heard = tuple((s, _HEARD) for s in self._by_sound.get(sound(syllable), ()))
        if heard or len(syllable) < _SHORTEST or syllable.isdigit():
            return heard
        slips = process.extract(
            syllable, self._sorted, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=_GUESSES
        )
        share = _SLIPPED_LEGAL if syllable in LEGAL else _SLIPPED
        return tuple((s, share) for s, _, _ in slips)
