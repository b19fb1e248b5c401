"""Other engines over the same names and aliases: RapidFuzz alone, and SQLite's full-text search."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from benchmarks.search_sets import Asked, Name
from catalogue.fold import fold, words

KEPT: Final = 100  # rows of a ranking
OWN: Final = 0.25  # of the best score, for what the commune itself offers; our own search prefers it too

Hits = list[tuple[str, float]]  # a row's procedure and score, the best first


@dataclass(frozen=True, slots=True)
class Peer:
    """One engine's rankings of all messages, and what a message cost."""

    name: str
    rankings: list[list[str]]
    ms: float


def measure(names: Sequence[Name], asked: Sequence[Asked], own: frozenset[str]) -> list[Peer]:
    texts = [_folded(name.text) for name in names]
    return [
        _asked("RapidFuzz WRatio", _rapidfuzz(names, texts, fuzz.WRatio), asked, own),
        _asked("RapidFuzz token_set_ratio", _rapidfuzz(names, texts, fuzz.token_set_ratio), asked, own),
        _asked("SQLite FTS5", _fts5(names, texts), asked, own),
    ]


def ranking(hits: Iterable[tuple[str, float]], own: frozenset[str]) -> list[str]:
    """Procedures by their best row; the commune's own come a little forward."""
    best: dict[str, float] = {}
    for entry, score in hits:
        best[entry] = max(best.get(entry, 0.0), score)
    ahead = OWN * max(best.values(), default=0.0)
    return sorted(best, key=lambda entry: -(best[entry] + (ahead if entry in own else 0.0)))


def queries(asked: Sequence[Asked]) -> list[str]:
    """As all peers get them, none of which can fold đ."""
    return [_folded(one.q) for one in asked]


def _asked(name: str, find: Callable[[str], Hits], asked: Sequence[Asked], own: frozenset[str]) -> Peer:
    before = time.process_time()
    hits = [find(query) for query in queries(asked)]
    ms = (time.process_time() - before) * 1000 / len(asked)
    return Peer(name, [ranking(one, own) for one in hits], ms)


def _rapidfuzz(names: Sequence[Name], texts: Sequence[str], scorer: Callable[..., float]) -> Callable[[str], Hits]:
    def find(query: str) -> Hits:
        found = process.extract(query, texts, scorer=scorer, limit=KEPT)
        return [(names[n].id, score) for _, score, n in found]

    return find


def _fts5(names: Sequence[Name], texts: Sequence[str]) -> Callable[[str], Hits]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE names USING fts5(text, id UNINDEXED, tokenize='unicode61')")
    database.executemany(
        "INSERT INTO names VALUES (?, ?)", [(text, name.id) for text, name in zip(texts, names, strict=True)]
    )

    def find(query: str) -> Hits:
        terms = " OR ".join(f'"{word}"' for word in words(query))
        if not terms:
            return []
        wanted = "SELECT id, -bm25(names) FROM names WHERE names MATCH ? ORDER BY bm25(names) LIMIT ?"
        return database.execute(wanted, (terms, KEPT)).fetchall()

    return find


def _folded(text: str) -> str:
    return " ".join(words(fold(text)))
