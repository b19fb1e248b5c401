"""Whether two pictures are the same one, by their perceptual hashes."""

from __future__ import annotations

from typing import Final

SAME: Final = 14  # of 256 bits: re-encoded, resized and brightened copies differ by 10 at most, others by 34 at least


def bits(look: str) -> int:
    """A hash of 64 hex digits as a number, to compare it with many."""
    return int(look, 16)


def near(a: int, b: int) -> bool:
    return (a ^ b).bit_count() <= SAME


def same_picture(a: str, b: str) -> bool:
    """Whether both are there and near enough; an empty hash is like nothing."""
    return bool(a and b) and near(bits(a), bits(b))
