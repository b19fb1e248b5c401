"""An hour of one office's group under a held clock: 200 dossiers, and ten officers who press at once."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.group_needs import Group, Kind, Need
from bot.pace import MINUTE, Limits, Pace, Ticket

HOUR: Final = 3600.0
CALL: Final = 0.15  # seconds that one takes
UNDO: Final = 60.0  # seconds after which a held decision is carried out, and its card changes again
LINES: Final = 0.3  # of the dossiers have a line beneath their card


@dataclass(slots=True)
class Card:
    """When it was first wanted, when an officer pressed on it last, and what is drawn of that."""

    wanted: int = 0
    drawn: int = 0
    pressed: int = 0
    shown: bool = False
    since: float = 0.0
    line: bool = False


@dataclass(slots=True)
class Hour:
    """What came of it."""

    calls: list[float] = field(default_factory=list)
    waits: dict[Kind, list[float]] = field(default_factory=lambda: {kind: [] for kind in Kind})

    def most(self) -> int:
        """In any minute."""
        return max(sum(at <= other < at + MINUTE for other in self.calls) for at in self.calls)


class _Play:
    """The very choice and pace of the program; only cards and clock are a model."""

    def __init__(self, limits: Limits) -> None:
        self.pace = Pace(limits)
        self.group = Group("group")
        self.cards: dict[str, Card] = {}
        self.lines: list[float] = []
        self.hour = Hour()
        self.events: list[tuple[float, int, Callable[[float], None]]] = []
        self.numbers = itertools.count()

    def at(self, moment: float, what: Callable[[float], None]) -> None:
        heapq.heappush(self.events, (moment, next(self.numbers), what))

    def sweep(self, now: float) -> None:
        """The program looks every two seconds, whatever happens."""
        self._look(now)
        self.at(now + 2, self.sweep)

    def run(self, until: float) -> Hour:
        self.sweep(now := 0.0)
        while now < until:
            while (ticket := self.pace.take(now)) is not None:
                self._begin(ticket, now)
            wake = self.pace.wake(now)
            moments = [moment for moment in (self.events[0][0] if self.events else None, wake) if moment is not None]
            if not moments:
                break
            now = min(moments)
            while self.events and self.events[0][0] <= now:
                heapq.heappop(self.events)[2](now)
        return self.hour

    def want(self, subject: str, now: float, *, pressed: bool = False) -> None:
        card = self.cards.setdefault(subject, Card())
        if card.drawn == card.wanted or (pressed and card.pressed <= card.drawn):
            card.since = now
        card.wanted += 1
        card.pressed = card.wanted if pressed else card.pressed
        self._look(now)

    def line(self, now: float) -> None:
        self.lines.append(now)
        self._look(now)

    def _look(self, now: float) -> None:
        needs = [Need(self._kind(card), name) for name, card in self.cards.items() if card.drawn < card.wanted]
        self.group.want([*needs, *([Need(Kind.LINE)] if self.lines else [])], self.pace, now)

    @staticmethod
    def _kind(card: Card) -> Kind:
        return Kind.FIRST if not card.shown else Kind.PRESSED if card.pressed > card.drawn else Kind.EDIT

    def _begin(self, ticket: Ticket, now: float) -> None:
        need = self.group.begin(ticket, self.pace, now)
        if need is None:
            return
        if need.subject:
            card = self.cards[need.subject]
            kind, since, drawing = self._kind(card), card.since, card.wanted
        else:
            short = self.pace.used("group", now) >= 8
            said, self.lines = (self.lines, []) if short else (self.lines[:1], self.lines[1:])
            kind, since, drawing = Kind.LINE, said[0], 0
        self.hour.calls.append(now)

        def end(then: float) -> None:
            self.pace.answered(ticket, then)
            if need.subject:
                card.drawn, card.shown = drawing, True
            self.hour.waits[kind].append(then - since)
            self.group.worked(need)
            self.group.ended(need, self.pace, then)
            self._look(then)

        self.at(now + CALL, end)


def play(
    dossiers: int = 200, together: int = 10, seed: int = 1, *, decide: bool = True, limits: Limits | None = None
) -> Hour:
    """Citizens hand in whenever they like; the officers press together: to claim, and a little later to decide."""
    chance = random.Random(seed)
    hour = _Play(limits or Limits())
    arrivals = sorted(chance.uniform(0, HOUR) for _ in range(dossiers))
    for number, arrival in enumerate(arrivals):
        hour.at(arrival, lambda now, number=number: hour.want(f"dossier:{number}", now))  # type: ignore[misc]
        if chance.random() < LINES:
            hour.at(arrival + chance.uniform(60, 1200), hour.line)
    for first in range(0, dossiers, together):
        batch = range(first, min(first + together, dossiers))
        ready = arrivals[batch[-1]] + chance.uniform(60, 90)  # the last of them has been drawn
        for number in batch:
            name = f"dossier:{number}"
            decided = ready + chance.uniform(30, 170)
            moments = (ready + chance.uniform(0, 0.2), *([decided] if decide else []))
            for pressed in moments:
                press = lambda now, name=name: hour.want(name, now, pressed=True)  # noqa: E731 # type: ignore[misc]
                hour.at(pressed, press)
            if decide:
                hour.at(decided + UNDO, lambda now, name=name: hour.want(name, now))  # type: ignore[misc]
    return hour.run(HOUR + 600)


def at_once(cards: int = 200) -> Hour:
    """So many new cards at the same moment, and nobody who presses."""
    hour = _Play(Limits())
    for number in range(cards):
        hour.at(0.0, lambda now, number=number: hour.want(f"dossier:{number}", now))  # type: ignore[misc]
    return hour.run(HOUR)
