"""What the checks look at, and what they answer with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeVar

import httpx
from msgspec import Struct

from bot.settings import Settings
from bot.world import World
from storage.unit_of_work import Database

T = TypeVar("T")

Mark = Literal["good", "warn", "bad"]
SIGNS: Final = {"good": "✓", "warn": "!", "bad": "✗"}


class Finding(Struct, frozen=True):
    """One line: how it is, and what to do where that is not well."""

    mark: Mark
    words: str
    doing: str = ""


def good(words: str) -> Finding:
    return Finding("good", words)


def warn(words: str, doing: str) -> Finding:
    """It works for now, or somebody has to decide."""
    return Finding("warn", words, doing)


def bad(words: str, doing: str) -> Finding:
    """Something does not work, or data are in danger."""
    return Finding("bad", words, doing)


@dataclass(slots=True)
class Patient:
    """An installation. What could not be opened is None: the check of that subject says so, others leave it out."""

    settings: Settings
    line: httpx.AsyncClient
    world: World | None = None
    database: Database | None = None
    sealed: bool = False  # the right key is at hand
    clocks: list[tuple[str, datetime, datetime]] = field(default_factory=list)  # who, their time, ours at that moment


def kind(error: BaseException) -> str:
    """What an error may say here: its words could hold a token or a password."""
    return type(error).__name__
