"""Scores rows of text against a message: rare words, neighbouring words, shared ideas, then a rerank."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from catalogue.phrases import Phrases, Word, as_words
from catalogue.reading import Reading

_K1, _B = 1.2, 0.35
_ACCENT, _PAIR, _IDEA = 0.2, 0.5, 1.0
_RERANKED = 24


@dataclass(frozen=True, slots=True)
class Row:
    """One name or alias of an entry."""

    entry: str
    text: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Best score per entry, the best first; `known` tells how much of the message was understood."""

    best: tuple[tuple[str, float], ...]
    known: float


class Index:
    """Built once at start; asked a thousand times a second."""

    def __init__(self, rows: Sequence[Row], concepts: Mapping[str, Iterable[str]]) -> None:
        self._entries = [row.entry for row in rows]
        self._concepts = Phrases((phrase, f"@{name}") for name, said in concepts.items() for phrase in said)
        row_words = [as_words(row.text) for row in rows]
        self._texts = [" ".join(w.folded for w in ws) for ws in row_words]
        terms = [self._row_terms(ws) for ws in row_words]
        self._idf = _idf(self._entries, terms)
        self._most = max(self._idf.values())
        mean = sum(map(len, row_words)) / len(row_words)
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for n, (row_terms, ws) in enumerate(zip(terms, row_words, strict=True)):
            length = _K1 * (1 - _B + _B * len(ws) / mean)
            for term, share in row_terms.items():
                weight = share * self._idf[term] * (_K1 + 1) / (1 + length)
                self._postings.setdefault(term, []).append((n, weight))
        self._covering = [{t: self._idf[t] for t in ts if t[0] not in "=+"} for ts in terms]
        self._mass = [sum(c.values()) or 1.0 for c in self._covering]
        self.vocabulary = {w.folded for ws in row_words for w in ws}
        self._syllables = sorted(self.vocabulary)
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}

    def _row_terms(self, ws: Sequence[Word]) -> dict[str, float]:
        terms = {w.folded: 1.0 for w in ws}
        terms |= {f"={w.key}": _ACCENT for w in ws if w.key != w.folded}
        terms |= {f"+{a.folded} {b.folded}": _PAIR for a, b in pairwise(ws)}
        terms |= {idea: _IDEA for _, _, idea in self._concepts.find(ws, strict=True)}
        return terms

    def _message_terms(self, reading: Reading) -> dict[str, float]:
        terms: dict[str, float] = {}
        ws = reading.content
        for word in ws:
            for folded, share in self._meant(word.folded):
                terms[folded] = max(terms.get(folded, 0.0), share * word.weight)
            if word.key != word.folded:
                terms[f"={word.key}"] = word.weight
        for a, b in pairwise(ws):
            terms[f"+{a.folded} {b.folded}"] = max(a.weight, b.weight)
        for _, _, idea in self._concepts.find(ws, strict=reading.strict):
            terms[idea] = 1.0
        return terms

    def _meant(self, syllable: str) -> tuple[tuple[str, float], ...]:
        """The syllable itself, or for an unknown one those a key slip or a sound away."""
        if syllable in self.vocabulary:
            return ((syllable, 1.0),)
        near = self._near.get(syllable)
        if near is None:
            near = self._guess(syllable)
            if len(self._near) < 20_000:
                self._near[syllable] = near
        return near

    def _guess(self, syllable: str) -> tuple[tuple[str, float], ...]:
        sound = _sound(syllable)
        heard = tuple((s, 0.85) for s in self._syllables if _sound(s) == sound)
        if heard or len(syllable) < 3 or syllable.isdigit():
            return heard or ((syllable, 1.0),)
        slips = process.extract(syllable, self._syllables, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=4)
        return tuple((s, 0.6) for s, _, _ in slips) or ((syllable, 1.0),)

    def score(self, reading: Reading) -> Scored:
        terms = self._message_terms(reading)
        scores = [0.0] * len(self._entries)
        touched: set[int] = set()
        for term, share in terms.items():
            for n, weight in self._postings.get(term, ()):
                scores[n] += share * weight
                touched.add(n)
        if not touched:
            return Scored((), 0.0)
        # Words nobody used weigh like the rarest known ones: they make a match less sure.
        asked = {t: s * self._idf.get(t, self._most) for t, s in terms.items() if t[0] not in "=+"}
        mass = sum(asked.values()) or 1.0
        known = sum(w for t, w in asked.items() if t in self._idf)
        text = " ".join(w.folded for w in reading.content)
        best: dict[str, float] = {}
        for n in heapq.nlargest(_RERANKED, touched, key=scores.__getitem__):
            covering = self._covering[n]
            of_message = sum(w for t, w in asked.items() if t in covering) / mass
            of_row = sum(w for t, w in covering.items() if t in terms) / self._mass[n]
            score = (
                scores[n] / (known or 1.0)
                + 0.35 * of_message
                + 0.25 * of_row
                + 0.0025 * fuzz.token_set_ratio(text, self._texts[n])
                + 0.0015 * fuzz.partial_ratio(text, self._texts[n])
                + 0.001 * fuzz.token_sort_ratio(text, self._texts[n])
            )
            entry = self._entries[n]
            best[entry] = max(best.get(entry, 0.0), score)
        ranked = tuple(sorted(best.items(), key=lambda item: -item[1]))
        return Scored(ranked, known / mass)


def _idf(entries: Sequence[str], terms: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Rarity over entries, not rows: an entry with many aliases counts once."""
    holders: dict[str, set[str]] = {}
    for entry, row_terms in zip(entries, terms, strict=True):
        for term in row_terms:
            holders.setdefault(term, set()).add(entry)
    total = len(set(entries))
    return {term: math.log(1 + (total - len(es) + 0.5) / (len(es) + 0.5)) for term, es in holders.items()}


def _sound(syllable: str) -> str:
    """One key for what is heard alike: s/x, ch/tr, d/gi/r, c/k/q, g/gh, ng/ngh, i/y."""
    for said, heard in (("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("x", "s"), ("gi", "d"), ("r", "d"), ("k", "c")):
        if syllable.startswith(said) and len(syllable) > len(said):
            syllable = heard + syllable[len(said) :]
            break
    return syllable[:-1] + "i" if syllable.endswith("y") else syllable
