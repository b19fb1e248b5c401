"""A pair of tokens on its way from Zalo into the database, sealed in a file: it outlives whoever carries it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from msgspec import Struct

from storage import durable
from storage.sealed import keys

_ENDING: Final = ".zalo-pair"


class Carried(Struct, frozen=True):
    """The pair that followed that of `turn`; `at` is when it came, in epoch seconds of this machine."""

    oa: str
    turn: int
    access: str
    refresh: str
    seconds: float
    at: float

    @property
    def left(self) -> float:
        """Seconds for which the access token is still good."""
        return max(0.0, self.at + self.seconds - time.time())


class Journal:
    """One file a pair, in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ready(self) -> None:
        """Raises OSError where nothing could be written later."""
        self._folder.mkdir(parents=True, exist_ok=True)
        probe = self._folder / f".{os.getpid()}{_ENDING}"
        probe.write_bytes(b"")
        probe.unlink()

    def write(self, carried: Carried) -> None:
        """Durable when it returns."""
        path = self._path(carried.oa, carried.turn)
        durable.replace(path, keys().columns.close(msgspec.json.encode(carried)))

    def read(self, oa: str, turn: int) -> Carried | None:
        """The pair that followed that of `turn`, where it never got any further."""
        with suppress(OSError, ValueError, InvalidTag):
            found = msgspec.json.decode(keys().columns.open(self._path(oa, turn).read_bytes()), type=Carried)
            if (found.oa, found.turn) == (oa, turn):
                return found
        return None

    def drop(self, oa: str, turn: int) -> None:
        """It is in the database."""
        self._path(oa, turn).unlink(missing_ok=True)

    def _path(self, oa: str, turn: int) -> Path:
        return self._folder / f"{oa}-{turn}{_ENDING}"
