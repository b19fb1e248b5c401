"""The rows of a dossier's history as papers are made from them, wherever they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from documents.slip import Facts


class Row(Protocol):
    """Who did what when, from which status to which, and all its data."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def from_status(self) -> str: ...
    @property
    def to_status(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def facts_of(row: Row) -> Facts | None:
    """What its slip says besides; None where none was issued with it."""
    found = row.data.get("slip")
    return msgspec.convert(found, Facts) if isinstance(found, dict) else None  # a draft's row names its paper alone


def moment_in(row: Row, key: str) -> datetime | None:
    """A moment as history keeps it."""
    found = row.data.get(key)
    return None if found is None else datetime.fromisoformat(found)
