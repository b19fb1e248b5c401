"""Which counts of a table may be published: none below five persons, nor any from which such a one can be reckoned.

A count of one to four is shown as "below five". The table's sums would often give it away (a total less the parts that
are shown), so more counts are left out until, for each small one, another value would fit all that is shown just as
well. Whether one fits is not argued but found: `_another` looks for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Final

from msgspec import Struct

LEAST: Final = 5
_TRIES: Final = 4_000  # steps in the search for another table that would fit; past them a count passes for known


class Hidden(Enum):
    """What is shown instead of a count."""

    SMALL = "small"  # one to four
    LEFT_OUT = "left-out"  # would give a small one away


class Sum(Struct, frozen=True):
    """The parts make the total. They are names of counts; those of which `counts` knows nothing are not reckoned."""

    total: str
    parts: tuple[str, ...]


Published = dict[str, int | Hidden]


def publish(counts: Mapping[str, int], sums: Sequence[Sum], dear: Sequence[str] = ()) -> Published:
    """What may be shown of these counts. `dear` names those that readers would miss most, the dearest first."""
    known = [Sum(s.total, tuple(p for p in s.parts if p in counts)) for s in sums if s.total in counts]
    shown: Published = {name: Hidden.SMALL if 0 < count < LEAST else count for name, count in counts.items()}
    rank = {name: len(dear) - place for place, name in enumerate(dear)}
    while (small := _given_away(counts, shown, known)) is not None:
        gone = _to_leave_out(small, counts, shown, known, rank)
        if gone is None:
            return {name: Hidden.LEFT_OUT if count else 0 for name, count in counts.items()}
        shown[gone] = Hidden.LEFT_OUT
    for name in sorted(counts, key=lambda name: -rank.get(name, 0)):  # perhaps others that went later suffice
        if shown[name] is Hidden.LEFT_OUT and counts[name] >= LEAST:
            open_again = {**shown, name: counts[name]}
            if _given_away(counts, open_again, known) is None:
                shown = open_again
    return shown


def _given_away(counts: Mapping[str, int], shown: Published, sums: Sequence[Sum]) -> str | None:
    """A small count for which no other value would fit."""
    few = (name for name, count in counts.items() if 0 < count < LEAST)
    return next((name for name in few if not _another(name, counts, shown, sums)), None)


def _to_leave_out(
    small: str, counts: Mapping[str, int], shown: Published, sums: Sequence[Sum], rank: Mapping[str, int]
) -> str | None:
    """The next count to go: the least dear of those that suffice alone, else of those that stand nearest."""
    near = _near(small, sums)
    free = [cell for cell in near if not isinstance(shown[cell], Hidden) and counts[cell]]

    def cost(cell: str) -> tuple[int, bool, int]:
        return rank.get(cell, 0), counts[cell] <= LEAST, counts[cell]

    enough = [cell for cell in free if _another(small, counts, {**shown, cell: Hidden.LEFT_OUT}, sums)]
    if enough:
        return min(enough, key=cost)
    if free:
        nearest = near[free[0]]
        return min((cell for cell in free if near[cell] == nearest), key=cost)
    # Nothing is left to hide near it: not even that it is small may be said.
    return next((cell for cell in near if shown[cell] is Hidden.SMALL), None)


def _near(small: str, sums: Sequence[Sum]) -> dict[str, int]:
    """All counts that sums connect with this one, the nearest first, each with its distance."""
    found = {small: 0}
    at = [small]
    while at:
        beside = [c for name in at for s in sums if name in (*s.parts, s.total) for c in (*s.parts, s.total)]
        distance = found[at[0]] + 1
        at = [cell for cell in dict.fromkeys(beside) if cell not in found]
        found |= dict.fromkeys(at, distance)
    return found


def _another(small: str, counts: Mapping[str, int], shown: Published, sums: Sequence[Sum]) -> bool:
    """Whether another table, with another value here, would be shown the same way."""
    tries = [_TRIES]
    steps = [step for step in (1, -1) if _fits(small, step, counts, shown)]
    return any(_balance({small: step}, counts, shown, sums, tries) for step in steps)


def _balance(
    moved: dict[str, int], counts: Mapping[str, int], shown: Published, sums: Sequence[Sum], tries: list[int]
) -> bool:
    """Complete these changes of one, up or down, so that every sum is right again."""
    tries[0] -= 1
    if tries[0] < 0:
        return False
    for each in sums:
        off = moved.get(each.total, 0) - sum(moved.get(part, 0) for part in each.parts)
        if off:
            break
    else:
        return True
    step = 1 if off > 0 else -1
    ways = [*((part, step) for part in each.parts), (each.total, -step)]
    free = [(cell, change) for cell, change in ways if cell not in moved and _fits(cell, change, counts, shown)]
    return any(_balance({**moved, cell: change}, counts, shown, sums, tries) for cell, change in free)


def _fits(cell: str, step: int, counts: Mapping[str, int], shown: Published) -> bool:
    """Whether the count could be one more or less, by what is shown in its place."""
    count = counts[cell] + step
    match shown[cell]:
        case Hidden.SMALL:
            return 0 < count < LEAST
        case Hidden.LEFT_OUT:
            return count >= (LEAST if counts[cell] >= LEAST else 0)
        case _:
            return False
