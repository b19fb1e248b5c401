"""A code to pay with, as a picture."""

from __future__ import annotations

import io
from typing import Final

_SCALE: Final = 8  # pixels a module: some 400 across, which a second phone reads from the first one's screen


def png(payload: str) -> bytes:
    """Level M: a screen is clean, and a smaller code is read from farther away."""
    import segno  # noqa: PLC0415 - heavy, and a start needs none of it

    kept = io.BytesIO()
    segno.make(payload, error="m", micro=False).save(kept, kind="png", scale=_SCALE, border=4)
    return kept.getvalue()
