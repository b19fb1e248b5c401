"""Scores rows of text against a message: rare words, neighbouring words, shared ideas, then a rerank."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz import fuzz, process

from catalogue.ideas import Ideas
from catalogue.phrases import Word, as_words
from catalogue.reading import Reading
from catalogue.vocabulary import Vocabulary

_K1, _B = 1.2, 0.35
_ACCENT, _PAIR, _IDEA = 0.2, 0.5, 1.0
_OF_MESSAGE, _OF_ROW, _OF_ENTRY = 0.35, 0.25, 0.3
_TOKEN_SET, _TOKEN_SORT = 0.35, 0.1
_OTHER_ACCENTS = 0.6  # a word that no name has with these accents: "lừa" may be a slip for "lúa" or not
_CONTRARY = -0.3  # a person died, and the row is about a paper that is lost
_ENTRIES, _ROWS_EACH = 9, 2  # entries looked at closely, and their best rows
_SECOND_ROWS = 5  # rows of the second catalogue looked at closely
_EFFORT = 400  # rows of the second catalogue touched at all for one message
_RERANKED = 12
_STRONGEST = 18  # terms that choose the rows; a long message has many weak ones


@dataclass(frozen=True, slots=True)
class Row:
    """One name or alias of an entry."""

    entry: str
    text: str


class Parts(NamedTuple):
    """What a row's score is made of."""

    words: float
    of_message: float
    of_row: float
    of_entry: float
    signs: float
    contrary: float
    bonus: float
    fuzzy: float = 0.0


@dataclass(frozen=True, slots=True)
class Match:
    """The best row of an entry."""

    entry: str
    text: str
    parts: Parts
    score: float

    @property
    def plain(self) -> float:
        """The score without the bonus, the same whether or not there is a second catalogue."""
        return self.score - self.parts.bonus

    @property
    def of_name(self) -> float:
        """How much of the name or alias stands in the message, by weight; a sign stands in for what is missing."""
        return self.parts.of_row / _OF_ROW + self.parts.signs


@dataclass(frozen=True, slots=True)
class Scored:
    """Best row per entry, the best first; `known` tells how much of the message was understood."""

    best: tuple[Match, ...] = ()
    known: float = 0.0
    ideas: tuple[str, ...] = ()
    guesses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A message in terms of the index: each term with its share, and the weights of those that are words or ideas."""

    terms: dict[str, float]
    all: frozenset[str]
    weights: dict[str, float]
    mass: float
    known: float
    said: tuple[str, ...]
    ideas: tuple[str, ...]
    guesses: tuple[tuple[str, str], ...]
    signs: Mapping[str, float]
    ruled_out: frozenset[str]


class Index:
    """Built once at start; asked a thousand times a second.

    Rows of a second catalogue are searched with a limited effort; our own get a bonus against them.
    """

    def __init__(
        self, rows: Sequence[Row], ideas: Ideas, spoken: Iterable[str], second: Sequence[Row] = (), bonus: float = 0.0
    ) -> None:
        self._rows = [*rows, *second]
        self._own = len(rows)
        self._bonus = bonus
        self._ideas = ideas
        row_words = [as_words(row.text) for row in self._rows]
        self._texts = [" ".join(w.folded for w in ws) for ws in row_words]
        self._sorted = [" ".join(sorted(text.split())) for text in self._texts]
        shared: dict[str, str] = {}
        self._terms = [frozenset(shared.setdefault(t, t) for t in self._terms_of(ws)) for ws in row_words]
        self._idf = _idf([row.entry for row in self._rows], self._terms)
        self._most = max(self._idf.values())
        mean = sum(map(len, row_words)) / len(row_words)
        self._length = [(_K1 + 1) / (1 + _K1 * (1 - _B + _B * len(ws) / mean)) for ws in row_words]
        self._mass = [sum(self._idf[t] for t in ts if _says_something(t)) or 1.0 for ts in self._terms]
        self._entry_terms: dict[str, set[str]] = {}
        self._entry_rows: dict[str, dict[str, list[int]]] = {}  # of our own: term, entry, rows
        self._second_rows: dict[str, list[int]] = {}
        for n, (row, terms) in enumerate(zip(self._rows, self._terms, strict=True)):
            self._post(n, row.entry, terms)
        named = (w for ws in row_words for w in ws)
        self.vocabulary = Vocabulary(named, (w for text in spoken for w in as_words(text)))

    def _terms_of(self, row: Sequence[Word]) -> list[str]:
        terms = [w.folded for w in row]
        terms += [f"={w.key}" for w in row if w.key != w.folded]
        terms += [f"+{a.folded} {b.folded}" for a, b in pairwise(row)]
        return terms + self._ideas.of_row(row)

    def _post(self, n: int, entry: str, terms: Iterable[str]) -> None:
        if n >= self._own:
            for term in terms:
                self._second_rows.setdefault(term, []).append(n)
            return
        self._entry_terms.setdefault(entry, set()).update(terms)
        for term in terms:
            self._entry_rows.setdefault(term, {}).setdefault(entry, []).append(n)

    def score(self, reading: Reading) -> Scored:
        asked = self._asked(reading)
        drawn = {t: share * self._idf[t] for t, share in asked.terms.items() if t in self._idf}
        if len(drawn) > _STRONGEST:
            drawn = dict(heapq.nlargest(_STRONGEST, drawn.items(), key=itemgetter(1)))
        rows = self._own_candidates(asked, drawn) + self._second_candidates(asked, drawn)
        rated = [(n, self._parts(asked, n, of_entry)) for n, of_entry in rows]
        close = dict(heapq.nlargest(_RERANKED, rated, key=lambda item: sum(item[1])))
        best: dict[str, Match] = {}
        for match in self._reranked(asked, close):
            if match.entry not in best or match.score > best[match.entry].score:
                best[match.entry] = match
        ranked = tuple(sorted(best.values(), key=lambda match: -match.score))
        return Scored(ranked, asked.known / asked.mass, asked.ideas, asked.guesses)

    def _asked(self, reading: Reading) -> _Asked:
        terms: dict[str, float] = {}
        guesses: list[tuple[str, str]] = []
        said: list[Word] = []
        for word in reading.content:
            meant = self.vocabulary.meant(word.folded) or ((word.folded, 1.0),)
            trust = word.weight
            if reading.strict and word.key not in ("", word.folded) and f"={word.key}" not in self._idf:
                trust *= _OTHER_ACCENTS
            for folded, share in meant:
                terms[folded] = max(terms.get(folded, 0.0), share * trust)
            if meant[0][0] != word.folded:
                guesses.append((word.folded, meant[0][0]))
                said.append(Word(meant[0][0], "", word.weight))
                continue
            if word.key and word.key != word.folded:
                terms[f"={word.key}"] = _ACCENT * word.weight
            said.append(word)
        for a, b in pairwise(said):
            terms[f"+{a.folded} {b.folded}"] = _PAIR * max(a.weight, b.weight)
        ideas = self._ideas.of_message(said, self.vocabulary, strict=reading.strict)
        terms |= dict.fromkeys(ideas, _IDEA)
        # Words nobody used weigh like the rarest known ones: they make a match less sure.
        weights = {t: s * self._idf.get(t, self._most) for t, s in terms.items() if _says_something(t)}
        return _Asked(
            terms=terms,
            all=frozenset(terms),
            weights=weights,
            mass=sum(weights.values()) or 1.0,
            known=sum(w for t, w in weights.items() if t in self._idf),
            said=tuple(w.folded for w in said),
            ideas=tuple(ideas),
            guesses=tuple(guesses),
            signs=self._ideas.told_by(ideas),
            ruled_out=self._ideas.ruled_out_by(ideas),
        )

    def _own_candidates(self, asked: _Asked, drawn: Mapping[str, float]) -> list[tuple[int, float]]:
        """The best rows of the best entries, with the share of the message that stands in any row of the entry."""
        found = [(self._entry_rows[t], weight) for t, weight in drawn.items() if t in self._entry_rows]
        entries: dict[str, float] = {}
        for by_entry, weight in found:
            for entry in by_entry:
                entries[entry] = entries.get(entry, 0.0) + weight
        chosen: list[tuple[int, float]] = []
        for entry in heapq.nlargest(_ENTRIES, entries, key=entries.__getitem__):
            rows: dict[int, float] = {}
            for by_entry, weight in found:
                for n in by_entry.get(entry, ()):
                    rows[n] = rows.get(n, 0.0) + weight
            of_entry = self._held(asked, self._entry_terms[entry])
            chosen += [(n, of_entry) for n in self._best(rows, _ROWS_EACH)]
        return chosen

    def _second_candidates(self, asked: _Asked, drawn: Mapping[str, float]) -> list[tuple[int, float]]:
        """The best rows by the rarest terms, as far as the effort allowed goes."""
        found = [(self._second_rows[t], weight) for t, weight in drawn.items() if t in self._second_rows]
        found.sort(key=lambda item: len(item[0]))
        rows: dict[int, float] = {}
        effort = 0
        for posting, weight in found:
            effort += len(posting)
            if effort > _EFFORT:
                break
            for n in posting:
                rows[n] = rows.get(n, 0.0) + weight
        least = min(heapq.nlargest(2 * _SECOND_ROWS, rows.values()), default=0.0)
        near = {n: weight for n, weight in rows.items() if weight >= least}
        return [(n, self._held(asked, self._terms[n])) for n in self._best(near, _SECOND_ROWS)]

    def _best(self, rows: Mapping[int, float], most: int) -> list[int]:
        length = self._length
        return sorted(rows, key=lambda n: -rows[n] * length[n])[:most]

    def _held(self, asked: _Asked, terms: set[str] | frozenset[str]) -> float:
        weights = asked.weights
        return sum(weights[t] for t in asked.all & terms if t in weights) / asked.mass

    def _parts(self, asked: _Asked, n: int, of_entry: float) -> Parts:
        words = of_message = of_row = 0.0
        for term in asked.all & self._terms[n]:
            words += asked.terms[term] * self._idf[term]
            if (weight := asked.weights.get(term)) is not None:
                of_message += weight
                of_row += self._idf[term]
        return Parts(
            words=words * self._length[n] / (asked.known or 1.0),
            of_message=_OF_MESSAGE * of_message / asked.mass,
            of_row=_OF_ROW * of_row / self._mass[n],
            of_entry=_OF_ENTRY * of_entry,
            signs=asked.signs.get(self._rows[n].entry, 0.0),
            contrary=0.0 if self._terms[n].isdisjoint(asked.ruled_out) else _CONTRARY,
            bonus=self._bonus if n < self._own else 0.0,
        )

    def _reranked(self, asked: _Asked, close: Mapping[int, Parts]) -> Iterable[Match]:
        """The rows with what RapidFuzz makes of them, one call for all."""
        text, in_order = " ".join(asked.said), " ".join(sorted(asked.said))
        texts = {n: self._texts[n] for n in close}
        for _, set_ratio, n in process.extract(text, texts, scorer=fuzz.token_set_ratio, limit=None):
            sort_ratio = fuzz.ratio(in_order, self._sorted[n])
            parts = close[n]._replace(fuzzy=(_TOKEN_SET * set_ratio + _TOKEN_SORT * sort_ratio) / 100)
            yield Match(self._rows[n].entry, self._rows[n].text, parts, sum(parts))


def _says_something(term: str) -> bool:
    """Words and ideas; not accents ("=") and neighbours ("+"), which only say how words stand."""
    return term[0] not in "=+"


def _idf(entries: Sequence[str], terms: Sequence[Iterable[str]]) -> dict[str, float]:
    """Rarity over entries, not rows: an entry with many aliases counts once."""
    holders: dict[str, set[str]] = {}
    for entry, row_terms in zip(entries, terms, strict=True):
        for term in row_terms:
            holders.setdefault(term, set()).add(entry)
    total = len(set(entries))
    return {term: math.log(1 + (total - len(es) + 0.5) / (len(es) + 0.5)) for term, es in holders.items()}
