"""Pages and cards that lie on their side or upside down in a picture that does not say so."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from documents.picture import Pixels, shrunk

_LOOK: Final = 600  # px of the long side at which lines of text still stand apart
_SURE: Final = 1.6  # by how much lines of text must show more across than along
_WRITTEN: Final = 0.01  # share of a page that is strokes where there is text at all
_QUARTERS: Final = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def turned(pixels: Pixels, degrees: int) -> Pixels:
    """Clockwise."""
    return cv2.rotate(pixels, _QUARTERS[degrees]) if degrees else pixels


def sideways(page: Pixels) -> bool | None:
    """Whether the lines of text run up and down; None where there is too little text to say."""
    grey = shrunk(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), _LOOK)
    strokes = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9))) > 30
    rows, columns = (max(1, round(side * 0.06)) for side in strokes.shape)
    strokes = strokes[rows:-rows, columns:-columns]
    if strokes.size == 0 or strokes.mean() < _WRITTEN:
        return None
    along, across = (_uneven(strokes.mean(axis=axis)) for axis in (0, 1))
    if max(along, across) < _SURE * min(along, across):
        return None
    return along > across


def _uneven(profile: np.ndarray) -> float:
    """How much a profile goes up and down from line to line, and not over the page as a whole."""
    smooth = cv2.blur(profile.reshape(-1, 1), (1, 21)).ravel()
    return float(np.abs(np.diff(profile - smooth)).mean()) + 1e-6
