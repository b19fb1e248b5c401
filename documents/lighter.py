"""A picture made so small that a messenger takes it."""

from __future__ import annotations

from typing import Final

from documents.picture import Picture, Unusable, jpeg, shrunk

_SIZES: Final = ((2560, 85), (1800, 82), (1280, 80), (960, 75), (640, 70))  # px of the long side, and quality


def smaller(data: bytes, most: int) -> bytes:
    """As JPEG, upright, of at most `most` bytes and as large as that allows. Raises Unusable."""
    pixels = Picture(data).full
    for long, quality in _SIZES:
        pixels = shrunk(pixels, long)
        made = jpeg(pixels, quality)
        if len(made) <= most:
            return made
    raise Unusable("too-large")
