"""Whether two pictures are the same one, by their perceptual hashes."""

from __future__ import annotations

from typing import Final

SAME: Final = 14  # of 256 bits: re-encoded, resized and brightened copies differ by 10 at most, others by 34 at least


def distance(a: str, b: str) -> int:
    """Bits in which two hashes of 64 hex digits differ."""
    return (int(a, 16) ^ int(b, 16)).bit_count()


def same_picture(a: str, b: str) -> bool:
    """Whether both are there and near enough; an empty hash is like nothing."""
    return bool(a and b) and distance(a, b) <= SAME
