"""What is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; without a target it is only told. The target is the most it may be, or with `least` the least."""

    name: str
    detail: str
    value: float
    target: float | None
    unit: str
    least: bool = False

    @property
    def met(self) -> bool:
        if self.target is None:
            return True
        return self.value >= self.target if self.least else self.value <= self.target


def lines(rows: Sequence[Row]) -> list[str]:
    """A table as text."""
    width = max(len(row.name) for row in rows)
    return [
        f"{row.name:{width}}  {row.value:8.2f} {row.unit:3}"
        + (f"  target {row.target:g}: {'ok' if row.met else 'NOT MET'}" if row.target is not None else "")
        + (f"  ({row.detail})" if row.detail else "")
        for row in rows
    ]


def loud(words: str) -> list[str]:
    """What nobody should overlook."""
    return ["", "!" * 16 + f"  {words}  " + "!" * 16, ""]
