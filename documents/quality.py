"""Whether a photo of a paper can be read, and if not, what to do better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike

from documents.corners import Corners
from documents.flatten import flat, size

SOFT: Final = ("glare", "cut-off")  # asked about once: a white page in the sun and a page that ends there look alike
_LONG: Final = 1000  # px of the sheet's long side on which all is measured: then one threshold holds for every photo


@dataclass(frozen=True, slots=True)
class Look:
    """`problems` in the order in which they are said; `areas` outline the trouble in the given picture's pixels."""

    problems: tuple[str, ...]
    soft: tuple[str, ...]
    areas: tuple[MatLike, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """What the problems are told from."""

    flat_pixels: float  # share that equals its neighbours exactly, as only drawn pictures do
    slender: float  # long by short side of the picture
    bright: float  # 9 in 10 pixels of the sheet are darker
    middle: float  # half of them are
    print_share: float  # of the sheet's tiles, that show dark strokes
    sharp: float  # how steep strokes are, whatever the light
    glare: float  # share of the sheet
    rim: float  # share of the picture's rim that is paper
    rim_print: float


def look(picture: MatLike, corners: Corners | None, *, card: bool = False) -> Look:
    ...


def measured(picture: MatLike, corners: Corners | None) -> Measures:
    sheet = _sheet(picture, corners)
    grey = cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY)
    inner = grey[grey.shape[0] // 25 : -grey.shape[0] // 25, grey.shape[1] // 25 : -grey.shape[1] // 25]
    sheet = sheet[grey.shape[0] // 25 : -grey.shape[0] // 25, grey.shape[1] // 25 : -grey.shape[1] // 25]
    middle, bright = np.percentile(inner, (50, 90))
    strokes = cv2.morphologyEx(inner, cv2.MORPH_BLACKHAT, np.ones((15, 15), np.uint8))
    return Measures(
        flat_pixels=_flat(picture),
        slender=max(picture.shape[:2]) / min(picture.shape[:2]),
        bright=float(bright),
        middle=float(middle),
        print_share=_printed(strokes),
        sharp=_sharpness(inner, bright),
        glare=_glare(sheet, strokes),
        rim=float(np.std(cv2.subtract(cv2.GaussianBlur(inner,(0,0),3).astype(np.float32), cv2.GaussianBlur(inner,(0,0),12).astype(np.float32))))*200/max(bright,40),
        rim_print=0,
    )


def _glare(sheet: MatLike, strokes: MatLike):
    white = cv2.min(cv2.min(sheet[..., 0], sheet[..., 1]), sheet[..., 2])
    _, white = cv2.threshold(white, 249, 255, cv2.THRESH_BINARY)
    _, print_ = cv2.threshold(strokes, 35, 255, cv2.THRESH_BINARY)
    near = cv2.dilate(print_, np.ones((25, 25), np.uint8))
    clear = cv2.morphologyEx(cv2.bitwise_and(white, cv2.bitwise_not(near)), cv2.MORPH_OPEN, np.ones((31, 31), np.uint8))
    n, labels, stats, _ = cv2.connectedComponentsWithStats(clear)
    if n < 2: return (0, 0, 0)
    at = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    blob = (labels == at).astype(np.uint8)
    h, w = blob.shape
    g = 16
    C = strokes[:h//g*g, :w//g*g].reshape(h//g, g, w//g, g).max(axis=(1, 3)).astype(float)
    B = cv2.resize(blob[:h//g*g, :w//g*g], (w//g, h//g), interpolation=cv2.INTER_AREA)
    ring = cv2.dilate((B > 0).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    typical = np.percentile(C[C > 35], 60) if (C > 35).any() else 0
    sel = ring & (C > 14)
    return (float(blob.mean()), float(np.median(C[sel]) / typical if sel.sum() > 5 and typical else 9), int(sel.sum()))


def _sheet(picture: MatLike, corners: Corners | None) -> MatLike:
    if corners is not None and corners.score > 0.35:
        return flat(picture, corners, _LONG)
    scale = min(1.0, 1280 / max(picture.shape))
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture


def _flat(picture: MatLike) -> float:
    green = picture[..., 1]
    here, right, below = green[:-1:4, :-1], green[:-1:4, 1:], green[1::4, :-1]
    return float(np.mean((here == right) & (here == below)))


def _printed(strokes: MatLike) -> float:
    dark = (strokes > 35).astype(np.float32)
    return float(np.mean(cv2.resize(dark, (12, 12), interpolation=cv2.INTER_AREA) > 0.015))


def _sharpness(grey: MatLike, bright: float) -> float:
    plain = grey.astype(np.float32)
    ways = ([[1, -2, 1]], [[1], [-2], [1]], [[1, 0, 0], [0, -2, 0], [0, 0, 1]], [[0, 0, 1], [0, -2, 0], [1, 0, 0]])
    bent = [float(cv2.filter2D(plain, -1, np.array(way, np.float32)).var()) for way in ways]
    mask = cv2.dilate((cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((15, 15), np.uint8)) > 25).astype(np.uint8), np.ones((9,9),np.uint8)) > 0
    self_ = min(float((cv2.filter2D(plain, -1, np.array(way, np.float32))[mask]**2).mean()) if mask.sum() > 500 else 0. for way in ways)
    return (min(bent), float(cv2.Laplacian(plain, cv2.CV_32F).var()), (200 / max(bright, 40)) ** 2, self_)
