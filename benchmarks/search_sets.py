"""Messages with the procedures they are about, and the names to search in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from catalogue.model import Catalogue, Procedure
from catalogue.national import NationalRow, without_twins

ROOT: Final = Path(__file__).parents[1]
SHARED: Final = ROOT.parent / "shared" / "search-eval"
OWN: Final = ROOT / "tests" / "catalogue" / "own_messages.jsonl"


@dataclass(frozen=True, slots=True)
class Asked:
    """One message; without ids nothing in the list answers it."""

    q: str
    ids: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Name:
    """One name or alias of one procedure."""

    id: str
    text: str


def messages(path: Path) -> list[Asked]:
    return [Asked(row["q"], tuple(row.get("ids", ())), row.get("kind") or row.get("voice", "")) for row in _rows(path)]


def our_names(catalogue: Catalogue) -> list[Name]:
    """The names and aliases that every engine is given."""
    return [Name(it.id, text) for it in catalogue.procedures.values() for text in _names(it)]


def national(catalogue: Catalogue) -> list[NationalRow]:
    """The national list without what is one of ours; empty where the file is not there."""
    path = SHARED / "national-procedures.jsonl"
    if not path.exists():
        return []
    return without_twins(
        [NationalRow(row["id"], row["name"]) for row in _rows(path)], [name.text for name in our_names(catalogue)]
    )


def _names(it: Procedure) -> list[str]:
    return [*dict.fromkeys((it.name, it.display_name, *([it.official_name] if it.official_name else []), *it.aliases))]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)
