"""`motcua catalogue check`: whether the data files are as they must be, told to whoever has just changed one."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Final

import tomli

import catalogue
from catalogue.changes import changes_ahead
from catalogue.faults import BadCatalogue
from catalogue.load import load
from conversations.changes import change_line
from domain.values import VIETNAM

_PLACE: Final = re.compile(r"^(\w+)\[(\d+)\]")


def check(folder: Path | None, day: date | None = None) -> int:
    """One line if all is well, and one for each change of the law that is near; else file, place and what was expected.

    `day`: as if it were that day.
    """
    folder = folder or Path(catalogue.__file__).parent
    try:
        loaded = load(folder)
    except BadCatalogue as error:
        sys.stdout.write(f"Chưa đúng.\nTệp: {error.file}\n")
        if error.key:
            sys.stdout.write(f"Chỗ: {error.key}{_named(folder / error.file, error.key)}\n")
        sys.stdout.write(f"Cần: {error.expected}\n")
        return 1
    sys.stdout.write(f"Tốt: {len(loaded.procedures)} thủ tục\n")
    for change in changes_ahead(loaded, day or datetime.now(VIETNAM).date()):
        sys.stdout.write(f"{change_line(loaded, change)}\n")
    return 0


def _named(file: Path, place: str) -> str:
    """What stands there is called by its own key, as nobody counts questions."""
    found = _PLACE.match(place)
    if found is None:
        return ""
    try:
        row = tomli.loads(file.read_text(encoding="utf-8"))[found[1]][int(found[2])]
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return ""
    name = row.get("key") or row.get("id") if isinstance(row, dict) else None
    return f" ({name})" if name else ""
