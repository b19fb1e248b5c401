"""`make bench`: ratios by CPU time, side by side in one run; nothing here is a test.

With the name of a part, `python -m benchmarks search`, only that part is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from benchmarks import (
    dossiers,
    look_ups,
    memory,
    notices,
    papers,
    photos,
    processes,
    scale,
    searches,
    slips,
    start,
    telegram_staff,
    telegram_turns,
    turns,
    whole_dossier,
)
from benchmarks.table import lines

_PARTS: Final[Mapping[str, Callable[[], Iterable[str]]]] = {
    "turns": lambda: lines(turns.measure()),
    "start": lambda: lines(start.measure()),
    "search": searches.report,
    "notices": lambda: lines(notices.measure()),
    "look-ups": lambda: lines(look_ups.measure()),
    "papers": lambda: lines(papers.measure()),
    "photos": photos.report,
    "slips": lambda: lines(slips.measure()),
    "telegram": lambda: lines(telegram_turns.measure()),
    "processes": lambda: lines(processes.measure()),
    "memory": lambda: lines(memory.measure()),
    "dossier": lambda: lines([*whole_dossier.measure()]),
    "scale": lambda: lines([*scale.measure("sqlite"), *scale.measure("postgresql")]),
    "load": dossiers.report,
    "telegram-staff": lambda: lines(telegram_staff.measure()),
}


def main() -> None:
    """Measure everything, or the parts that are named, and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(_PARTS), default=[*_PARTS])
    for part in parser.parse_args().parts:
        if part not in _PARTS:
            parser.error(f"no part {part!r}: there are {', '.join(_PARTS)}")
        for line in _PARTS[part]():
            print(line, flush=True)


if __name__ == "__main__":
    main()
