"""What a messenger's group needs and what of it goes first: it takes twenty calls a minute, and edits count too.

What matters less leaves some of the twenty free for what matters more: ten officers may press at once. Pure; time is a
number of seconds that the caller gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from bot.pace import Pace, Ticket

PAUSES: Final = (1, 5, 15, 60, 300, 900, 3600)  # seconds after each failure of one card, or of a whole group
_PATIENT: Final = 60  # seconds that a whole group rests at most


class Kind(IntEnum):
    """The most urgent first."""

    PRESSED = 0  # a card on which an officer has just pressed a button
    WORDS = 1  # an answer in the group itself
    FIRST = 2  # a new card
    LINE = 3
    EDIT = 4
    BULK = 5


_RANKS: Final[Mapping[Kind, int]] = {
    Kind.PRESSED: 0,
    Kind.WORDS: 0,
    Kind.FIRST: 0,
    Kind.LINE: 1,
    Kind.EDIT: 1,
    Kind.BULK: 2,
}
# How many of a minute's calls a kind leaves to the others, and from how many seconds of waiting on it leaves fewer.
RESERVES: Final[Mapping[Kind, Sequence[tuple[float, int]]]] = {
    Kind.PRESSED: ((0, 0),),
    Kind.WORDS: ((0, 0),),
    Kind.FIRST: ((0, 10), (30, 4)),
    Kind.LINE: ((0, 10), (60, 5)),
    Kind.EDIT: ((0, 10), (90, 6), (240, 3)),
    Kind.BULK: ((0, 12),),
}
# Where nobody presses there is nobody to leave anything to: many new cards at once take all that the group takes, one
# after the other, so that whoever does press waits for few of them.
_CALM: Final = 300.0  # seconds since an officer pressed last
_UNDISTURBED: Final[Sequence[tuple[float, int]]] = tuple((3.0 * step, 10 - step) for step in range(11))


@dataclass(frozen=True, slots=True)
class Need:
    """One call that a group needs; `subject` is empty where it is a row of the outbox."""

    kind: Kind
    subject: str = ""

    @property
    def adds(self) -> bool:
        """A new message, and not a change of an old one: of these only one is under way at a time."""
        return self.kind not in (Kind.PRESSED, Kind.EDIT)


@dataclass(eq=False, slots=True)
class Group:
    """One group: what it needs, what is under way there, and its one ticket for the next."""

    chat: str
    needs: list[Need] = field(default_factory=list)
    _since: dict[Need, float] = field(default_factory=dict)
    _flying: set[str] = field(default_factory=set)  # subjects whose cards are being drawn
    _adding: bool = False  # a new message is under way
    _ticket: Ticket | None = None
    _failures: int = 0
    _pressed: float = -_CALM  # when an officer was last waited for
    _skipped: dict[str, tuple[int, float]] = field(default_factory=dict)  # subject: failures, and when to try again

    def want(self, needs: Sequence[Need], pace: Pace, now: float) -> None:
        """This is all that it needs from now on."""
        self.needs = list(needs)
        if any(need.kind <= Kind.WORDS for need in needs):
            self._pressed = now
        self._since = {need: self._since.get(need, now) for need in needs}
        self.wish(pace, now)

    def wish(self, pace: Pace, now: float) -> None:
        """Have the most urgent need that could be begun wait for its turn."""
        best = self._best(now)
        ticket = self._ticket
        reserve = self._reserve(best, now) if best is not None else 0
        if best is not None and ticket is not None and ticket.reserve <= reserve:
            return
        if ticket is not None:
            pace.drop(ticket)
        self._ticket = None
        if best is not None:
            self._ticket = Ticket(self.chat, self, _RANKS[best.kind], group=True, reserve=reserve)
            pace.ask(self._ticket)

    def begin(self, ticket: Ticket, pace: Pace, now: float) -> Need | None:
        """The turn has come: the need whose call is under way now, if there is still one."""
        self._ticket = None
        need = self._best(now)
        if need is None or self._reserve(need, now) > ticket.reserve:
            need = None
            pace.undo(ticket, now)
        else:
            self.needs.remove(need)
            self._adding = self._adding or need.adds
            if need.subject:
                self._flying.add(need.subject)
        self.wish(pace, now)
        return need

    def worked(self, need: Need) -> None:
        """The call went well."""
        self._failures = 0
        self._skipped.pop(need.subject, None)

    def failed(self, need: Need, pace: Pace, now: float, *, alone: bool) -> float:
        """It did not: its card waits, and unless it is `alone` to blame all the group does; gives for how long."""
        failures = self._skipped.get(need.subject, (0, 0.0))[0] + 1
        pause = _pause(failures)
        if need.subject:
            self._skipped[need.subject] = (failures, now + pause)
        if not alone:
            self._failures += 1
            pace.stop(self.chat, now + min(_PATIENT, _pause(self._failures)))
        return pause

    def ended(self, need: Need, pace: Pace, now: float) -> None:
        """Its call is over and noted."""
        self._flying.discard(need.subject)
        if need.adds:
            self._adding = False
        self.wish(pace, now)

    def _best(self, now: float) -> Need | None:
        free = [
            need
            for need in self.needs
            if need.subject not in self._flying
            and not (need.adds and self._adding)
            and self._skipped.get(need.subject, (0, now))[1] <= now
        ]
        return min(free, key=lambda need: (self._reserve(need, now), need.kind, self._since[need]), default=None)

    def _reserve(self, need: Need, now: float) -> int:
        waited = now - self._since[need]
        calm = need.kind is Kind.FIRST and now - self._pressed >= _CALM
        return next(left for after, left in reversed(_UNDISTURBED if calm else RESERVES[need.kind]) if waited >= after)


def _pause(failures: int) -> float:
    return PAUSES[min(failures, len(PAUSES)) - 1]
