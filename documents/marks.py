"""A small copy of a photo on which the trouble is outlined."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike

from documents.quality import Look

_LONG: Final = 800
_RED: Final = (40, 30, 220)
_WHITE: Final = (255, 255, 255)


def draw(picture: MatLike, look: Look) -> MatLike:
    """Red with a white rim, so that it is seen on dark and on red ground alike."""
    scale = min(1.0, _LONG / max(picture.shape))
    drawn = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture.copy()
    thick = max(2, max(drawn.shape) // 160)
    outlines = [np.round(area * scale).astype(np.int32).reshape(-1, 1, 2) for area in look.areas]
    for colour, width in ((_WHITE, thick + 4), (_RED, thick)):
        cv2.polylines(drawn, outlines, isClosed=True, color=colour, thickness=width, lineType=cv2.LINE_AA)
    return drawn
