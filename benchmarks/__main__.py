"""`make bench`: ratios by CPU time, side by side in one run; nothing here is a test."""

from __future__ import annotations

from benchmarks import searches, start, turns
from benchmarks.table import lines


def main() -> None:
    """Measure everything and print it."""
    for line in lines([*turns.measure(), *start.measure(), *searches.measure()]):
        print(line)


if __name__ == "__main__":
    main()
