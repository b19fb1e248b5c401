"""Reads a message as typed: raw keystrokes, abbreviations, dialect and fillers out of the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from catalogue.fold import clean, fold, tone_key, words
from catalogue.model import Lexicon
from catalogue.phrases import Phrases, Word, accented, as_words

_LONGEST = 400  # characters; what follows in a dictation repeats what was said
_PARTICLE = 0.25
_ONE_OF_SEVERAL = 0.6
_TONE_KEYS = re.compile(r"(?<=[aeiouyw])([a-z]*?)[sfrxj](?=[a-z]*$)")
_NUMBER_FIRST = re.compile(r"(\d+)([^\W\d_]+)")
_UNITS = {"t": "tuổi", "n": "năm", "th": "tháng"}


@dataclass(frozen=True, slots=True)
class Reading:
    """All words in order, and those that are left once fillers are gone."""

    words: tuple[Word, ...]
    content: tuple[Word, ...]
    strict: bool


class Reader:
    """Knows the lexicon and every syllable of the catalogue."""

    def __init__(self, lexicon: Lexicon, vocabulary: Iterable[str]) -> None:
        self._abbreviations = {fold(short): full for short, full in lexicon.abbreviations.items()}
        self._dialect = Phrases((said, as_words(meant)) for said, meant in lexicon.dialect.items())
        self._fillers = Phrases((phrase, None) for phrase in lexicon.fillers)
        particles = [word for particle in lexicon.particles for word in as_words(particle)]
        self._particle_keys = frozenset(word.key for word in particles)
        self._particles = frozenset(word.folded for word in particles)
        spoken = [*lexicon.fillers, *lexicon.particles, *lexicon.decoys, *lexicon.dialect, *lexicon.dialect.values()]
        self._known = {w.folded for text in spoken for w in as_words(text)} | set(vocabulary)

    def read(self, text: str) -> Reading:
        typed = tuple(word for token in _joined(words(clean(text[:_LONGEST]))) for word in self._word(token))
        strict = accented(typed)
        told = self._standard(typed, strict=strict)
        left = list(told)
        for begin, end, _ in reversed(self._fillers.without_overlaps(told, strict=strict)):
            del left[begin:end]
        return Reading(told, tuple(self._weighed(word, strict=strict) for word in left), strict)

    def _word(self, token: str) -> Iterable[Word]:
        folded = fold(token)
        if (numbered := _NUMBER_FIRST.fullmatch(token)) is not None:
            unit = _UNITS.get(numbered[2], numbered[2])
            return (*as_words(numbered[1]), *self._word(unit))
        if (full := self._abbreviations.get(folded)) is not None and (folded == token or folded not in self._known):
            weight = 1.0 if len(full) == 1 else _ONE_OF_SEVERAL
            return (replace(word, weight=weight) for meaning in full for word in as_words(meaning))
        if folded in self._known or token.isdigit():
            return (Word(folded, tone_key(token)),)
        if token.isascii():
            for plain in (_from_telex(token), re.sub(r"\d", "", token)):
                if plain in self._known:
                    return (Word(plain, plain),)
        return self._unglued(token) or (Word(folded, tone_key(token)),)

    def _unglued(self, token: str) -> tuple[Word, ...]:
        """A token without its spaces, as few known syllables as cover it; nothing if none do."""
        if len(token) < 5:
            return ()
        folded = fold(token)
        best: list[tuple[str, ...] | None] = [(), *[None] * len(token)]
        for end in range(1, len(token) + 1):
            for begin in range(max(0, end - 7), end):
                before, now = best[begin], best[end]
                known = end - begin > 1 and folded[begin:end] in self._known
                if known and before is not None and (now is None or len(before) + 1 < len(now)):
                    best[end] = (*before, token[begin:end])
        return tuple(Word(fold(part), tone_key(part)) for part in best[-1] or ())

    def _standard(self, message: Sequence[Word], *, strict: bool) -> tuple[Word, ...]:
        """Dialect turned into standard words; without accents only phrases are safe to turn."""
        told = list(message)
        for begin, end, meant in reversed(self._dialect.without_overlaps(message, strict=strict)):
            if strict or end - begin > 1:
                told[begin:end] = meant
        return tuple(told)

    def _weighed(self, word: Word, *, strict: bool) -> Word:
        is_particle = word.key in self._particle_keys if strict else word.folded in self._particles
        return replace(word, weight=word.weight * _PARTICLE) if is_particle else word


def _joined(tokens: Sequence[str]) -> list[str]:
    """Runs of four single letters or more are one text with too many spaces."""
    joined: list[str] = []
    run: list[str] = []
    for token in [*tokens, ""]:
        if len(token) == 1 and token.isalpha():
            run.append(token)
            continue
        joined.extend(["".join(run)] if len(run) > 3 else run)
        run = []
        if token:
            joined.append(token)
    return joined


def _from_telex(token: str) -> str:
    """Raw Telex keystrokes without their accents; the caller checks that a known syllable comes out."""
    plain = re.sub(r"(?<=[aeo])w|(?<=u)w", "", re.sub(r"(?<![aeiouy])w", "u", token))
    plain = re.sub(r"aa", "a", re.sub(r"ee", "e", re.sub(r"oo", "o", plain)))
    plain = re.sub(r"^dd|^d(?=.*d$)", "d", plain)
    plain = re.sub(r"(?<=.)d$", "", plain)
    while (shorter := _TONE_KEYS.sub(r"\1", plain, count=1)) != plain:
        plain = shorter
    plain = re.sub(r"([aeo])(\w{1,2})\1$", r"\1\2", plain)
    return plain.replace("w", "")
