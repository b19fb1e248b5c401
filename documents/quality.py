"""Whether a photo of a paper can be read, and if not, what to do better.

Thresholds were read off simulated photos (`tests/documents/pictures`, even seeds), each about half way between the
poorest readable photo and the best unreadable one; `python -m benchmarks photos` tells how well they hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from cv2.typing import MatLike

from documents.corners import Corners
from documents.flatten import size
from documents.measures import SEEN, Measures, measured

SOFT: Final = ("glare", "cut-off")  # asked about once: no check tells them surely from white paper, or its own end
_CARD_SHAPED: Final = 1.5  # long by short side: A4 has 1.41, a card 1.59
_SURELY: Final = 0.6  # blurred sheets reach more, boxes and cloth mostly less

_SLENDER: Final = 1.9  # screens are; photos are 4:3 or 16:9
_DRAWN: Final = 0.5  # of a screen's pixels equal their neighbours; noise forbids it in photos
_DARK: Final = 75  # of 255, the paper's white
_DARK_DESK: Final = 45  # without paper in sight; a dark table in good light has more
_WASHED: Final = 245  # half of the picture is brighter than this, and no print is left
_PRINTED: Final = 0.1  # of a page's tiles show print; a receipt's worth
_LEGIBLE: Final = 250.0  # how sharp print is where no sheet was found; joints between tiles reach 180
_BLANK: Final = 2.0  # a blank box; print leaves 4 or more however blurred
_SMALL: Final = 450  # px of a page's short or a card's long side: an x is 4 px high then, 6 on a card
_BLURRED: Final = 36.0  # movement mostly leaves less, slight blur 36 at least; the kinds meet here
_NEAR: Final = 0.15  # of the picture; paper that is farther off lies within it as a whole
_LEAST: Final = 64  # px of the picture's short side: nothing could be read on less


@dataclass(frozen=True, slots=True)
class Look:
    """`problems` in the order in which they are said; `areas` outline the trouble in the given picture's pixels."""

    problems: tuple[str, ...]
    soft: tuple[str, ...]
    areas: tuple[MatLike, ...]


def look(picture: MatLike, corners: Corners | None, *, card: bool = False) -> Look:
    """`card` says that an ID card was asked for; else the sheet's own proportions tell."""
    if min(picture.shape[:2]) < _LEAST:
        return Look(("too-small",), (), ())
    card = card or (corners is not None and corners.score > SEEN and card_shaped(corners, picture.shape))
    measures = measured(picture, corners, card=card)
    if 0 < measures.seen < _SURELY and measures.printed < _PRINTED:  # perhaps a box that lies beside the paper
        whole = measured(picture, None, card=card)
        if whole.white >= _DARK:
            measures, corners = whole, None
    problem = _hopeless(measures)
    if problem:
        return Look((problem,), (), ())
    problems: dict[str, list[MatLike]] = {}
    outline = corners.points if corners is not None and measures.seen else _whole(picture)
    if _small(picture, corners if measures.seen else None, card=card):
        problems["too-small"] = [outline] if measures.seen else []
    if measures.sharp < _BLURRED:
        problems["blurred"] = []
    elif measures.glare is not None:  # print that is blurred is pale everywhere
        problems["glare"] = [measures.glare]
    if corners is None or not measures.seen:
        if not measures.filled:
            problems["cut-off"] = []
    elif any(corners.touching) or (measures.seen < _SURELY and _near(corners, picture.shape)):
        problems["cut-off"] = _cut(picture, corners)
    areas = tuple(area for those in problems.values() for area in those)
    return Look(tuple(problems), tuple(problem for problem in problems if problem in SOFT), areas)


def _hopeless(measures: Measures) -> str:
    """The problem beside which no other is worth telling."""
    if measures.slender > _SLENDER and measures.drawn > _DRAWN:
        return "screenshot"
    if measures.white < (_DARK if measures.seen else _DARK_DESK):
        return "dark"
    bare = measures.printed < _PRINTED
    if bare and measures.middle >= _WASHED:
        return "overexposed"
    if measures.seen >= _SURELY:  # print that can't be seen may be blurred
        return "no-document" if bare and (measures.shapes < _BLANK or measures.sharp > _BLURRED) else ""
    if measures.seen:
        return "no-document" if bare else ""
    return "no-document" if bare or measures.sharp < _LEGIBLE else ""


def _small(picture: MatLike, corners: Corners | None, *, card: bool) -> bool:
    if corners is None:
        return bool(min(picture.shape[:2]) < _SMALL)
    short, long = sorted(size(corners, picture.shape))
    if any(corners.touching):
        return bool(long < _SMALL)  # the rest of it lies outside
    return bool((long if card else short) < _SMALL)


def card_shaped(corners: Corners, shape: tuple[int, ...]) -> bool:
    """Whether a sheet in a picture of this shape is longer than pages are."""
    short, long = sorted(size(corners, shape))
    return bool(long > _CARD_SHAPED * short)


def _near(corners: Corners, shape: tuple[int, ...]) -> bool:
    """Whether it is so large that a side may be missing, for which another line was taken."""
    x, y = corners.points.T
    area = abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))) / 2
    return area > _NEAR * shape[0] * shape[1]


def _whole(picture: MatLike) -> MatLike:
    height, width = picture.shape[:2]
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)


def _cut(picture: MatLike, corners: Corners) -> list[MatLike]:
    """A strip of the paper along each side that touches the picture's edge."""
    points, strips = corners.points, []
    limits = np.array((picture.shape[1] - 1, picture.shape[0] - 1))
    for side, touches in enumerate(corners.touching):
        if touches:
            start, end = points[side], points[(side + 1) % 4]
            inner = [end + 0.08 * (points[(side + 2) % 4] - end), start + 0.08 * (points[side - 1] - start)]
            strips.append(np.clip(np.array([start, end, *inner]), 0, limits).astype(np.float32))
    return strips
