"""What is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; without a target it is only told."""

    name: str
    detail: str
    value: float
    target: float | None
    unit: str


def lines(rows: Sequence[Row]) -> list[str]:
    """A table as text."""
    width = max(len(row.name) for row in rows)
    return [
        f"{row.name:{width}}  {row.value:8.2f} {row.unit:3}"
        + (
            f"  target {row.target:g}: {'ok' if row.value <= row.target else 'NOT MET'}"
            if row.target is not None
            else ""
        )
        + (f"  ({row.detail})" if row.detail else "")
        for row in rows
    ]
