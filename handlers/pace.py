"""How fast somebody may call: token buckets in memory, so that whoever exceeds them costs no database and little time.

One process counts for itself: behind several the limits are so many times higher, which they are generous enough for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Final

from msgspec import Struct

MOST: Final = 20_000  # callers that are remembered at a time


class Pace(Struct, frozen=True):
    """`burst` calls at once, and `rate` a second from then on."""

    burst: float
    rate: float


class Buckets:
    """One bucket a caller; whoever has not called for long has a full one, and needs none."""

    def __init__(self, pace: Pace, *, most: int = MOST, clock: Callable[[], float] = monotonic) -> None:
        self.pace = pace
        self._most = most
        self._clock = clock
        self._left: dict[Hashable, tuple[float, float]] = {}  # calls that are left, and when that was

    def room(self, who: Hashable) -> bool:
        """Whether one more call is allowed; nothing is counted."""
        return self._now(who) >= 1

    def take(self, who: Hashable, cost: float = 1.0) -> float:
        """Count a call. Seconds after which it is allowed: 0 where it is now, and only then it counts."""
        left = self._now(who)
        if left < min(cost, self.pace.burst):
            return (min(cost, self.pace.burst) - left) / self.pace.rate
        if len(self._left) >= self._most and who not in self._left:
            self._forget()
        self._left[who] = (left - cost, self._clock())
        return 0.0

    def _now(self, who: Hashable) -> float:
        found = self._left.get(who)
        if found is None:
            return self.pace.burst
        left, at = found
        return min(self.pace.burst, left + (self._clock() - at) * self.pace.rate)

    def _forget(self) -> None:
        """Full buckets first; under a flood from everywhere, half of them, the oldest.

        Many each time: to look through all of them for each call would be a flood of its own.
        """
        full = [who for who in self._left if self._now(who) >= self.pace.burst]
        for who in full if len(full) * 10 >= self._most else list(self._left)[: self._most // 2]:
            del self._left[who]
