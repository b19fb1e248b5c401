"""What a search answers: the hits, how sure it is of them, and where it sends the citizen instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from catalogue.model import Emergency, LifeEvent, OutsideEntry, RoutingQuestion

Certainty = Literal["sure", "unsure", "routing", "outside", "unknown"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A procedure, or an entry of the second catalogue, by its id; a score of 100 is an alias word for word."""

    id: str
    score: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a message may mean; `confident`: go on with the first hit without asking back.

    `choices` are the three to five hits worth a button when it is not, best first.
    """

    ranked: tuple[Hit, ...] = ()
    confident: bool = False
    outside: OutsideEntry | None = None
    routing: RoutingQuestion | None = None
    life_event: LifeEvent | None = None
    emergency: Emergency | None = None
    choices: tuple[Hit, ...] = ()

    @property
    def certainty(self) -> Certainty:
        """What to do, in a word: go on, offer the choices, ask the question, point elsewhere, ask anew."""
        if self.confident:
            return "sure"
        if self.outside is not None:
            return "outside"
        if self.routing is not None:
            return "routing"
        return "unsure" if self.choices else "unknown"
