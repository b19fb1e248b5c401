"""A pace under a clock that the test moves: who arrives when, how long calls take, and what a strict counter saw."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.pace import Pace, Ticket


@dataclass(slots=True)
class HeldPace:
    """`trips` are the seconds that calls take, in turn; they arrive at the very end of it."""

    pace: Pace
    trips: Iterable[float] = (0.0,)
    now: float = 1000.0
    arrived: list[tuple[float, Ticket]] = field(default_factory=list)
    begin: Callable[[Ticket], bool] = lambda _: True  # False when there is no call after all
    ended: Callable[[Ticket], object] = lambda _: None

    def run(self, happenings: Iterable[tuple[float, Callable[[], object]]], until: float = float("inf")) -> None:
        """Let things happen at their moments, until nothing is left to be called, or that moment."""
        numbers = itertools.count()
        trips = itertools.cycle(self.trips)
        events = [(at, next(numbers), what) for at, what in happenings]
        heapq.heapify(events)
        while True:
            while (ticket := self.pace.take(self.now)) is not None:
                if self.begin(ticket):
                    heapq.heappush(events, (self.now + next(trips), next(numbers), self._end(ticket)))
            wake = self.pace.wake(self.now)
            moments = [moment for moment in (events[0][0] if events else None, wake) if moment is not None]
            if not moments or min(moments) > until:
                return
            assert min(moments) >= self.now
            assert wake is None or wake > self.now, "asked to look again at once, where nothing can have changed"
            self.now = min(moments)
            while events and events[0][0] <= self.now:
                heapq.heappop(events)[2]()

    def _end(self, ticket: Ticket) -> Callable[[], None]:
        def end() -> None:
            self.arrived.append((self.now, ticket))
            self.pace.answered(ticket, self.now)
            self.ended(ticket)

        return end

    def most(self, seconds: float, chat: str = "") -> int:
        """The most calls that arrived in any window of so many seconds, everywhere or in one chat."""
        times = [at for at, ticket in self.arrived if not chat or ticket.chat == chat for _ in range(ticket.cost)]
        return max((sum(at <= other < at + seconds for other in times) for at in times), default=0)

    def waits(self, asked: dict[Ticket, float]) -> dict[int, list[float]]:
        """How long each call took from being asked for to arriving, by rank."""
        found = defaultdict(list)
        for at, ticket in self.arrived:
            found[ticket.rank].append(at - asked[ticket])
        return found
