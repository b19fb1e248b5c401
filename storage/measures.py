"""What this process has counted since its start: plain numbers, so that counting costs next to nothing.

They are shown by bot/metrics.py in the form that Prometheus reads. Nothing of a person, an address or a text is counted
by: a label is one of a short list of words of this program.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Final

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds


class Spread:
    """How long something took, by bucket; each thread has spreads of its own."""

    __slots__ = ("buckets", "total")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS) + 1)  # the last one: longer than all bounds
        self.total = 0.0

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    @property
    def count(self) -> int:
        return sum(self.buckets)


class Measures:
    """Counters by name and label, spreads likewise."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, ...]] = Counter()
        self.spreads: dict[tuple[str, ...], Spread] = {}

    def count(self, *what: str) -> None:
        """One more: a name, and what it is told apart by."""
        self.counts[what] += 1

    def took(self, seconds: float, *what: str) -> None:
        """So many seconds, for a name and what it is told apart by."""
        spread = self.spreads.get(what)
        if spread is None:
            spread = self.spreads.setdefault(what, Spread())
        spread.add(seconds)


measures: Final = Measures()
