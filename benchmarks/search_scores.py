"""How good rankings are: recall, reciprocal rank, and what was given outright."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.search_sets import Asked

FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Given:
    """What an engine gave for one message; `shown` are the ids that a citizen may press where it is not sure."""

    asked: Asked
    ranked: Sequence[str]
    confident: bool = False
    shown: frozenset[str] = frozenset()

    @property
    def rank(self) -> int:
        """Of the first right one, from 1; 0 where there is none."""
        return next((n for n, one in enumerate(self.ranked, 1) if one in self.asked.ids), 0)


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares from 0 to 1."""

    first: float
    third: float
    mrr: float


def recall(given: Sequence[Given]) -> Recall:
    """Over the messages that have an answer."""
    ranks = [one.rank for one in given if one.asked.ids]
    return Recall(
        share(rank == 1 for rank in ranks),
        share(0 < rank <= 3 for rank in ranks),
        sum(1 / rank for rank in ranks if rank) / (len(ranks) or 1),
    )


@dataclass(frozen=True, slots=True)
class Outright:
    """`given`: of the answerable; `right`: of those; `accepted`: of the others; `buttons`: where it is unsure.

    `reached`: of the answerable, those whose right page is there at once or behind a button.
    """

    given: float
    right: float
    accepted: float
    buttons: float
    reached: float


def outright(given: Sequence[Given]) -> Outright:
    answerable = [one for one in given if one.asked.ids]
    sure = [one for one in answerable if one.confident]
    return Outright(
        len(sure) / (len(answerable) or 1),
        share(one.rank == 1 for one in sure),
        share(one.confident for one in given if not one.asked.ids),
        share(bool(one.shown & {*one.asked.ids}) for one in answerable if not one.confident),
        share(one.rank == 1 if one.confident else bool(one.shown & {*one.asked.ids}) for one in answerable),
    )


def folds(given: Sequence[Given]) -> list[Recall]:
    """Five parts of the messages, each with its own figures: how far a figure may be luck."""
    answerable = [one for one in given if one.asked.ids]
    return [recall(answerable[n::FOLDS]) for n in range(FOLDS)]


def share(these: object) -> float:
    """Of an iterable of truth values; of nothing, 0."""
    values = [bool(one) for one in these]  # type: ignore[attr-defined]
    return sum(values) / (len(values) or 1)
