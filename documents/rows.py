"""The rows of a dossier's history as papers are made from them, wherever they are kept."""

from __future__ import annotations

from datetime import datetime

import msgspec

from documents.slip import Facts
from domain.replay import Row


def facts_of(row: Row) -> Facts | None:
    """What its slip says besides; None where none was issued with it."""
    found = row.data.get("slip")
    return msgspec.convert(found, Facts) if isinstance(found, dict) else None  # a draft's row names its paper alone


def moment_in(row: Row, key: str) -> datetime | None:
    """A moment as history keeps it."""
    found = row.data.get(key)
    return None if found is None else datetime.fromisoformat(found)
