"""Reads a message as typed: raw keystrokes, abbreviations, dialect and fillers out of the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from catalogue.fold import bare, clean, fold, words
from catalogue.keystrokes import decoded, joined, unglued
from catalogue.model import Lexicon
from catalogue.phrases import Phrases, Word, accented, as_word, as_words

LONGEST = 400  # characters; what follows in a dictation repeats what was said
_PARTICLE = 0.25
_ONE_OF_SEVERAL = 0.6
_NUMBER_FIRST = re.compile(r"(\d+)([^\W\d_]+)")
_UNITS = {"t": "tuổi", "n": "năm", "th": "tháng", "tr": "triệu"}

By = Literal["abbreviation", "dialect", "keystrokes", "spaces", "filler", "guess"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was read otherwise than typed; a filler is read as nothing."""

    typed: str
    read: str
    by: By


@dataclass(frozen=True, slots=True)
class Reading:
    """All words in order, and those that are left once fillers are gone."""

    words: tuple[Word, ...]
    content: tuple[Word, ...]
    strict: bool
    steps: tuple[Step, ...] = ()


class Reader:
    """Knows the lexicon and every syllable of the catalogue."""

    def __init__(self, lexicon: Lexicon, vocabulary: Iterable[str]) -> None:
        self._abbreviations = {
            fold(short): (" / ".join(full), tuple(map(as_words, full))) for short, full in lexicon.abbreviations.items()
        }
        self._dialect = Phrases((said, (meant, as_words(meant))) for said, meant in lexicon.dialect.items())
        self._fillers = Phrases((phrase, None) for phrase in lexicon.fillers)
        particles = [word for particle in lexicon.particles for word in as_words(particle)]
        self._particle_keys = frozenset(word.key for word in particles)
        self._particles = frozenset(word.folded for word in particles)
        spoken = [*lexicon.fillers, *lexicon.particles, *lexicon.decoys, *lexicon.dialect, *lexicon.dialect.values()]
        self._known = {w.folded for text in spoken for w in as_words(text)} | set(vocabulary)

    def read(self, text: str) -> Reading:
        steps: list[Step] = []
        typed: list[Word] = []
        for token in joined(words(clean(text[:LONGEST]))):
            typed += self._word(token, steps)
        strict = accented(typed)
        told = self._standard(typed, steps, strict=strict)
        left = list(told)
        for begin, end, _ in reversed(self._fillers.without_overlaps(told, strict=strict)):
            steps.append(Step(spoken(told[begin:end]), "", "filler"))
            del left[begin:end]
        content = tuple(self._weighed(word, strict=strict) for word in left)
        return Reading(tuple(told), content, strict, tuple(steps))

    def _word(self, token: str, steps: list[Step]) -> Sequence[Word]:
        folded = bare(token)
        if token[0].isdigit() and (numbered := _NUMBER_FIRST.fullmatch(token)) is not None:
            unit = _UNITS.get(numbered[2], numbered[2])
            return [*as_words(numbered[1]), *self._word(unit, steps)]
        if (full := self._abbreviations.get(folded)) is not None and (folded == token or folded not in self._known):
            text, meanings = full
            weight = 1.0 if len(meanings) == 1 else _ONE_OF_SEVERAL
            steps.append(Step(token, text, "abbreviation"))
            return [word._replace(weight=weight) for meaning in meanings for word in meaning]
        if folded in self._known or token.isdigit():
            return [as_word(token)]
        if (plain := decoded(token)) is not None:
            steps.append(Step(token, plain, "keystrokes"))
            return [Word(plain, "")]
        if ends := unglued(folded, self._known):
            begins = (0, *ends[:-1])
            parts = [as_word(token[b:e]) for b, e in zip(begins, ends, strict=True)]
            steps.append(Step(token, spoken(parts), "spaces"))
            return parts
        return [as_word(token)]

    def _standard(self, message: Sequence[Word], steps: list[Step], *, strict: bool) -> list[Word]:
        """Dialect turned into standard words; without accents only phrases are safe to turn."""
        told = list(message)
        for begin, end, (text, meant) in reversed(self._dialect.without_overlaps(message, strict=strict)):
            if strict or end - begin > 1:
                steps.append(Step(spoken(message[begin:end]), text, "dialect"))
                told[begin:end] = meant
        return told

    def _weighed(self, word: Word, *, strict: bool) -> Word:
        is_particle = word.key in self._particle_keys if strict and word.key else word.folded in self._particles
        return Word(word.folded, word.key, word.weight * _PARTICLE) if is_particle else word


def spoken(message: Iterable[Word]) -> str:
    """The words without accents, in a row."""
    return " ".join(word.folded for word in message)
