"""What is measured of a photo of a paper, from which it is told whether it can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike

from documents.corners import Corners
from documents.flatten import flat_and_smooth

_PAGE: Final = 1000  # px of the long side on which a page is measured, and
_CARD: Final = 600  # a card: then print has one size, and one threshold holds for every photo
SEEN: Final = 0.45  # score of corners from which on it is their sheet that is looked at, not the whole picture
_NO_SIDE: Final = 0.35  # where nothing is seen of a sheet's sides
_RIM: Final = 25  # one part in so many of the sheet is left out all around: the desk may show there
_CELL: Final = 16  # px of a square within which print is pale or dark
_CLEAN: Final = 25  # px of white at some distance from print: more than lies between two lines
_GLARE: Final = 0.05  # of the sheet
_PALE: Final = 0.88  # of how dark print is elsewhere: light that is added makes it pale, bright paper does not
_DIM: Final = 225  # paper that is no whiter than this elsewhere: then a little pale print is enough
_SHADED: Final = 200  # of the paper's half: what is 250 beside it is no paper
_FILLED: Final = 0.95  # of the picture's rim is paper: a scan, or a page taken from very near


@dataclass(frozen=True, slots=True)
class Measures:
    """What the problems are told from; of the sheet where its corners were seen, else of the whole picture."""

    seen: float  # how surely, or 0: then the whole picture was measured
    slender: float  # the picture's long by short side
    drawn: float  # share of its pixels that equal their neighbours
    filled: bool  # the picture shows paper and nothing else
    white: float  # 9 in 10 pixels are darker
    middle: float  # half of them are
    printed: float  # share of tiles that show dark strokes
    shapes: float  # how much there is to see of the size of letters and larger
    sharp: float  # how abruptly strokes begin and end, whatever the light
    glare: MatLike | None  # outline of white in which print is lost, in the picture's pixels


def measured(picture: MatLike, corners: Corners | None, *, card: bool) -> Measures:
    seen = corners is not None and corners.score > SEEN
    if corners is None or not seen:
        scale = min(1.0, _PAGE / max(picture.shape))
        warp, (wide, high) = np.diag((scale, scale, 1)), (int(picture.shape[1] * scale), int(picture.shape[0] * scale))
        sheet = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA)
    else:
        sheet, warp = flat_and_smooth(picture, corners, _CARD if card else _PAGE)
        high, wide = sheet.shape[:2]
    left, top = wide // _RIM, high // _RIM
    filled = (corners is None or corners.score < _NO_SIDE) and _is_paper(sheet)
    sheet = sheet[top : high - top, left : wide - left]
    grey = cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY)
    middle, white = np.percentile(grey[::2, ::2], (50, 90))
    strokes = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((15, 15), np.uint8))
    glare = _glare(sheet, strokes, 0 if card and seen else middle)
    if glare is not None:
        glare = cv2.perspectiveTransform(glare + np.array((left, top), np.float32), np.linalg.inv(warp))[:, 0]
    light = 200 / max(float(white), 40)  # as if the paper were that bright
    return Measures(
        seen=corners.score if corners is not None and seen else 0,
        slender=max(picture.shape[:2]) / max(1, min(picture.shape[:2])),
        drawn=_drawn(picture),
        filled=filled,
        white=float(white),
        middle=float(middle),
        printed=_printed(strokes),
        shapes=_shapes(grey) * light,
        sharp=_sharp(grey, strokes) * light**2,
        glare=glare,
    )


def _drawn(picture: MatLike) -> float:
    green = picture[..., 1]
    here, right, below = green[:-1:4, :-1], green[:-1:4, 1:], green[1::4, :-1]
    return float(np.mean((here == right) & (here == below)))


def _is_paper(whole: MatLike) -> bool:
    """All along the picture's rim it is bright and has no colour."""
    wide = max(2, max(whole.shape) // 100)
    rim = np.concatenate([whole[side].reshape(-1, 3) for side in (np.s_[:wide], np.s_[-wide:])])
    rim = np.concatenate((rim, whole[:, :wide].reshape(-1, 3), whole[:, -wide:].reshape(-1, 3))).astype(np.int16)
    bright = rim.min(axis=1) > 0.75 * np.percentile(whole[::4, ::4], 90)
    return bool(np.mean(bright & (np.ptp(rim, axis=1) < 40)) > _FILLED)


def _printed(strokes: MatLike) -> float:
    dark = (strokes > 35).astype(np.float32)
    return float(np.mean(cv2.resize(dark, (12, 12), interpolation=cv2.INTER_AREA) > 0.015))


def _shapes(grey: MatLike) -> float:
    small = cv2.resize(grey, None, fx=1 / 4, fy=1 / 4, interpolation=cv2.INTER_AREA).astype(np.float32)
    return float(np.std(cv2.GaussianBlur(small, (0, 0), 0.75) - cv2.GaussianBlur(small, (0, 0), 3)))


def _sharp(grey: MatLike, strokes: MatLike) -> float:
    """The mean square of how brightness bends beside strokes, in that direction in which it bends least.

    A movement of the hand leaves edges sharp that run along with it.
    """
    near = cv2.dilate(cv2.threshold(strokes, 25, 255, cv2.THRESH_BINARY)[1], np.ones((9, 9), np.uint8)) > 0
    near = near[1:-1, 1:-1]
    if near.mean() < 0.001:
        return 0.0
    plain = grey.astype(np.int16)
    twice = 2 * plain[1:-1, 1:-1]
    ends = (
        (plain[1:-1, :-2], plain[1:-1, 2:]),
        (plain[:-2, 1:-1], plain[2:, 1:-1]),
        (plain[:-2, :-2], plain[2:, 2:]),
        (plain[:-2, 2:], plain[2:, :-2]),
    )
    return min(float(np.mean(np.square((one + other - twice)[near], dtype=np.float32))) for one, other in ends)


def _glare(sheet: MatLike, strokes: MatLike, middle: float) -> MatLike | None:
    """The outline of the largest clean white spot, if print around it grows pale.

    Where the rest is much darker it is light in any case, and on a card, which is nowhere white.
    """
    darkest = cv2.min(cv2.min(sheet[..., 0], sheet[..., 1]), sheet[..., 2])
    darkest = cv2.medianBlur(darkest, 5)  # noise
    white = cv2.threshold(darkest, 249, 255, cv2.THRESH_BINARY)[1]
    print_near = cv2.dilate(cv2.threshold(strokes, 35, 255, cv2.THRESH_BINARY)[1], np.ones((19, 19), np.uint8))
    clean = cv2.subtract(white, print_near)
    clean = cv2.morphologyEx(clean, cv2.MORPH_OPEN, np.ones((_CLEAN, _CLEAN), np.uint8))
    contours, _ = cv2.findContours(clean, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    spot = max(contours, key=cv2.contourArea, default=None)
    if spot is None or cv2.contourArea(spot) < _GLARE * clean.size:
        return None
    if middle < _SHADED:
        return spot.astype(np.float32)
    high, wide = (length // _CELL for length in strokes.shape)
    cells = strokes[: high * _CELL, : wide * _CELL].reshape(high, _CELL, wide, _CELL).max(axis=(1, 3))
    inside = cv2.drawContours(np.zeros((high, wide), np.uint8), [spot // _CELL], -1, 255, -1)
    around = cv2.dilate(inside, np.ones((7, 7), np.uint8)) > 0
    nearby = cv2.dilate(cells, np.ones((3, 3), np.uint8))  # the tip of a letter is not pale print
    faint, dark = nearby[around & (cells > 14)], nearby[cells > 35]
    if len(faint) < 6 or not len(dark):
        return None
    usual = np.percentile(dark, 60)
    pale = np.median(faint) < _PALE * usual or (middle < _DIM and np.percentile(faint, 25) < 0.8 * usual)
    return spot.astype(np.float32) if pale else None
