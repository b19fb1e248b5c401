"""A second catalogue of names only, such as the national list, searched beside our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from catalogue.fold import fold, words

_TWIN = 90  # of 100: the same procedure in nearly the same words


@dataclass(frozen=True, slots=True)
class NationalRow:
    """One procedure of somebody else's list."""

    id: str
    name: str


def without_twins(rows: Iterable[NationalRow], ours: Sequence[str]) -> list[NationalRow]:
    """The rows that are not one of our own by nearly the same name."""
    known = [_sorted(name) for name in ours]
    return [
        row
        for row in rows
        if process.extractOne(_sorted(row.name), known, scorer=fuzz.ratio, score_cutoff=_TWIN) is None
    ]


def _sorted(name: str) -> str:
    return " ".join(sorted(words(fold(name))))
