"""How fast may be called: all together, each private chat and each group; answers before notices before bulk.

Pure: time is a number of seconds that the caller gives. A limit counts when calls *arrive*, which we do not see: a call
that was answered late may have arrived late, and one that is not answered yet may arrive now. So it is counted at the
moment of its answer, less the least that a call took of late; then whoever counts at the other end never counts more.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

RANKS: Final = 3  # of urgency: answers to waiting people, notices, bulk
MINUTE: Final = 60.0
_SECOND: Final = 1.0
_TRIPS: Final = 50
_ENOUGH: Final = 10  # calls, of which the least says what a call takes: the first ones of a process are slow
_PURGE: Final = 1024  # calls between two looks for chats that are quiet again


@dataclass(frozen=True, slots=True)
class Limits:
    """As Telegram's FAQ tells them; 0 lifts a limit."""

    overall: int = 30  # in any second
    private: int = 1  # in any second, to one private chat
    group: int = 20  # in any minute, to one group
    spare: float = 0.01  # seconds that we count longer, for clocks that differ
    flying: tuple[int, int, int] = (90, 30, 15)  # calls under way at once, by rank


@dataclass(eq=False, slots=True)
class Ticket:
    """Something that waits for its call, and then the call. `reserve`: how many calls to this group it leaves free."""

    chat: str
    item: Any
    rank: int = 0
    group: bool = False
    reserve: int = 0
    cost: int = 1
    at: float = 0.0
    flying: bool = False
    dropped: bool = False
    number: int = 0  # in the order in which they were asked for


@dataclass(slots=True)
class _Window:
    """The calls of the last second or minute."""

    most: int
    seconds: float
    calls: list[Ticket] = field(default_factory=list)

    def free_at(self, now: float, trip: float, cost: int = 1, reserve: int = 0) -> float:
        """When so many more may go; 0 when they may now. `trip`: the least that a call takes."""
        times = self.times(now, trip)
        room = max(1, self.most - reserve)
        over = len(times) + min(cost, room) - room
        return times[over - 1] + self.seconds if over > 0 else 0.0

    def times(self, now: float, trip: float) -> list[float]:
        """The calls that still count, the oldest first."""
        old = now - self.seconds
        self.calls = [call for call in self.calls if _counted(call, now, trip) > old]
        return sorted(_counted(call, now, trip) for call in self.calls)


class Pace:
    """Whose turn it is. What is given out by `take` has been counted; `answered` tells when its call was over."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._overall = _Window(self._limits.overall, _SECOND + self._limits.spare)
        self._gap = self._overall.seconds / self._limits.overall if self._limits.overall else 0.0
        self._slot = 0.0  # the next moment at which something that is no answer may go
        self._chats: dict[str, _Window] = {}
        self._stopped: dict[str, float] = {}
        self._ready: tuple[list[tuple[int, Ticket]], ...] = tuple([] for _ in range(RANKS))
        self._resting: list[tuple[float, int, Ticket]] = []  # whose chat takes nothing before that moment
        self._resting_in: dict[str, list[Ticket]] = {}
        self._flying = [0] * RANKS
        self._trips: deque[float] = deque(maxlen=_TRIPS)
        self._trip = 0.0
        self._numbers = itertools.count(1)
        self._taken = 0

    def ask(self, ticket: Ticket) -> None:
        """It waits for its turn from now on."""
        ticket.number = next(self._numbers)
        heapq.heappush(self._ready[ticket.rank], (ticket.number, ticket))

    @staticmethod
    def drop(ticket: Ticket) -> None:
        """It does not wait any more."""
        ticket.dropped = True

    def take(self, now: float) -> Ticket | None:
        """The one that goes now, if any may."""
        self._wake_resting(now)
        for rank in range(RANKS):
            ticket = self._first(rank, now)
            if ticket is None:
                continue
            if self._all_free_at(ticket, now) > now:
                return None  # nobody behind it may be quicker
            heapq.heappop(self._ready[rank])
            self._go(ticket, now)
            return ticket
        return None

    def wake(self, now: float) -> float | None:
        """When to ask again, if nothing else happens before."""
        moments = [self._resting[0][0]] if self._resting else []
        for rank in range(RANKS):
            ticket = self._first(rank, now)
            if ticket is not None:
                moments.append(self._all_free_at(ticket, now))
        return min(moments) if moments else None

    def answered(self, ticket: Ticket, now: float) -> None:
        """Its call is over, well or not."""
        if not ticket.flying:
            return
        self._trips.append(now - ticket.at)
        self._trip = min(self._trips) if len(self._trips) >= _ENOUGH else 0.0
        ticket.at = _counted(ticket, now, self._trip)
        ticket.flying = False
        self._flying[ticket.rank] -= 1
        self._look_again(ticket.chat)

    def undo(self, ticket: Ticket, now: float) -> None:
        """There was no call after all."""
        self.answered(ticket, now)
        for window in (self._overall, self._chats.get(ticket.chat)):
            if window is not None:
                window.calls = [call for call in window.calls if call is not ticket]
        self._look_again(ticket.chat)

    def stop(self, chat: str, until: float) -> None:
        """This chat, and no other, takes nothing before that moment."""
        self._stopped[chat] = max(until, self._stopped.get(chat, 0.0))

    def stopped(self, chat: str, now: float) -> float:
        """For how many seconds more."""
        until = self._stopped.get(chat, 0.0)
        if until and until <= now:
            del self._stopped[chat]
        return max(0.0, until - now)

    def assume(self, chat: str, moments: Iterable[float], *, group: bool = False) -> None:
        """Calls that an earlier process made."""
        for moment in moments:
            self._count(Ticket(chat, None, group=group, at=moment))

    def used(self, chat: str, now: float) -> int:
        """How many calls to a chat count now."""
        window = self._chats.get(chat)
        return len(window.times(now, self._trip)) if window is not None else 0

    def _first(self, rank: int, now: float) -> Ticket | None:
        """The first that waits in a rank and whose chat is free."""
        queue = self._ready[rank]
        while queue and self._flying[rank] < self._limits.flying[rank]:
            ticket = queue[0][1]
            moment = 0.0 if ticket.dropped else self._chat_free_at(ticket, now)
            if not ticket.dropped and moment <= now:
                return ticket
            heapq.heappop(queue)
            if not ticket.dropped:
                heapq.heappush(self._resting, (moment, ticket.number, ticket))
                self._resting_in.setdefault(ticket.chat, []).append(ticket)
        return None

    def _chat_free_at(self, ticket: Ticket, now: float) -> float:
        window = self._chats.get(ticket.chat)
        cost = ticket.cost if ticket.group else 1
        moment = window.free_at(now, self._trip, cost, ticket.reserve) if window is not None else 0.0
        return max(moment, now + self.stopped(ticket.chat, now)) if self._stopped else moment

    def _all_free_at(self, ticket: Ticket, now: float) -> float:
        if not self._limits.overall:
            return 0.0
        moment = self._overall.free_at(now, self._trip, ticket.cost)
        return max(moment, self._slot) if ticket.rank else moment

    def _go(self, ticket: Ticket, now: float) -> None:
        ticket.at = now
        ticket.flying = True
        self._flying[ticket.rank] += 1
        self._slot = max(self._slot, now - self._gap) + self._gap * ticket.cost
        self._count(ticket)
        self._taken += 1
        if self._taken % _PURGE == 0:
            self._chats = {chat: window for chat, window in self._chats.items() if window.times(now, self._trip)}

    def _count(self, ticket: Ticket) -> None:
        limits = self._limits
        if limits.overall:
            self._overall.calls += [ticket] * ticket.cost
        most = limits.group if ticket.group else limits.private
        if most:
            window = self._chats.get(ticket.chat)
            if window is None:
                seconds = (MINUTE if ticket.group else _SECOND) + limits.spare
                window = self._chats[ticket.chat] = _Window(most, seconds)
            window.calls += [ticket] * (ticket.cost if ticket.group else 1)

    def _wake_resting(self, now: float) -> None:
        while self._resting and self._resting[0][0] <= now:
            _, _, ticket = heapq.heappop(self._resting)
            others = self._resting_in[ticket.chat]
            others.remove(ticket)
            if not others:
                del self._resting_in[ticket.chat]
            heapq.heappush(self._ready[ticket.rank], (ticket.number, ticket))

    def _look_again(self, chat: str) -> None:
        """What rests there may go sooner than it seemed."""
        again = self._resting_in.pop(chat, ())
        if again:
            self._resting = [entry for entry in self._resting if entry[2].chat != chat]
            heapq.heapify(self._resting)
            for ticket in again:
                heapq.heappush(self._ready[ticket.rank], (ticket.number, ticket))


def _counted(call: Ticket, now: float, trip: float) -> float:
    """While it is under way, a call may arrive any moment."""
    return max(call.at, now - trip) if call.flying else call.at
