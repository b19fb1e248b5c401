"""The key file: a small ring of master keys, each with a number, the newest first.

One line a key, "<number> <64 hexadecimal digits>". A file of one line without a number is a ring of one key, number 1:
so older releases wrote it, and so a ring that was never turned is still written.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from storage import durable

KEY: Final = 32  # bytes
FIRST: Final = 1
_MOST: Final = 255  # a key's number is one byte of each sealed value


class BadKey(Exception):
    """The master key's file holds something else."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Master keys by number, the newest first."""

    masters: tuple[tuple[int, bytes], ...] = field(repr=False)

    @property
    def newest(self) -> int:
        return self.masters[0][0]

    @property
    def oldest(self) -> int:
        return self.masters[-1][0]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(number for number, _ in self.masters)

    def master(self, number: int) -> bytes:
        """Raises KeyError where the ring has no such key."""
        return dict(self.masters)[number]

    def with_new(self) -> Ring:
        """The ring with another key in front."""
        number = next(n for n in (*range(self.newest + 1, _MOST + 1), *range(1, _MOST + 1)) if n not in self.numbers)
        return Ring(((number, secrets.token_bytes(KEY)), *self.masters))

    def without(self, number: int) -> Ring:
        """The ring without one of its keys."""
        return Ring(tuple(pair for pair in self.masters if pair[0] != number))


def ring_of(master: bytes) -> Ring:
    """A ring of one key."""
    return Ring(((FIRST, master),))


def read(path: Path) -> Ring:
    """The ring in a file; raises BadKey, which names the file."""
    try:
        lines = [line.split() for line in path.read_text(encoding="ascii").splitlines() if line.strip()]
        pairs = tuple((int(line[0]) if len(line) == 2 else FIRST, bytes.fromhex(line[-1])) for line in lines)
    except ValueError:
        pairs = ()
    numbers = {number for number, _ in pairs}
    right = all(len(key) == KEY and 0 < number <= _MOST for number, key in pairs) and len(numbers) == len(pairs)
    if not pairs or not right:
        raise BadKey(f"{path}: expected {KEY} bytes in hexadecimal")
    return Ring(pairs)


def made(path: Path) -> tuple[Ring, bool]:
    """The ring in `path`, readable by its owner alone, made at first use; True when it was made now."""
    if path.exists():
        return read(path), False
    ring = ring_of(secrets.token_bytes(KEY))
    # Written whole under another name, then linked: of two processes that start together one makes the key, the other
    # reads it, and nobody reads half of one.
    partial = _partial(path, ring)
    try:
        os.link(partial, path)
    except FileExistsError:
        return read(path), False
    finally:
        partial.unlink(missing_ok=True)
    durable.keep_names(path.parent)  # what is sealed with it must not outlive its name
    return ring, True


def write(path: Path, ring: Ring) -> None:
    """Put a ring in the place of the one that is there; a process that reads meanwhile gets the one or the other."""
    durable.replace(path, _lines(ring))


def _lines(ring: Ring) -> bytes:
    single = len(ring.masters) == 1 and ring.newest == FIRST
    lines = [key.hex() if single else f"{number} {key.hex()}" for number, key in ring.masters]
    return ("\n".join(lines) + "\n").encode()


def _partial(path: Path, ring: Ring) -> Path:
    """A file beside it that holds the ring, durable."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_lines(ring))
        file.flush()
        os.fsync(file.fileno())
    return partial
