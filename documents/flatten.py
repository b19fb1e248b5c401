"""The paper alone, seen from straight above, and the look of a scan."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike

from documents.corners import Corners

LONG: Final = 1600  # px of the long side at most: small print of A4 is read well, and the file stays small
_PAPER: Final = 245  # where white comes to lie in a scan
_BLACK: Final = 60  # what is darker becomes black


def flat(picture: MatLike, corners: Corners, long: int = LONG) -> MatLike:
    """What lies between the corners, as large as it is in the picture or smaller."""
    warp, into = onto(corners, picture.shape, long)
    return cv2.warpPerspective(picture, warp, into, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def flat_and_smooth(picture: MatLike, corners: Corners, long: int) -> tuple[MatLike, MatLike]:
    """The same with pixels averaged, as warping alone does not; and what turns the picture's points into its."""
    warp, into = onto(corners, picture.shape, long)
    less = min(1.0, 1.25 * long / max(size(corners, picture.shape)))
    left, top, wide, high = cv2.boundingRect(corners.points.astype(np.float32))
    left, top, right, bottom = max(0, left - 2), max(0, top - 2), left + wide + 2, top + high + 2
    part = picture[top:bottom, left:right]  # what lies around it need not be made smaller
    if less < 1:
        height, width = part.shape[:2]
        part = cv2.resize(part, None, fx=less, fy=less, interpolation=cv2.INTER_AREA)
        across, down = width / part.shape[1], height / part.shape[0]
    else:
        across = down = 1.0
    back = np.array([[across, 0, left + (across - 1) / 2], [0, down, top + (down - 1) / 2], [0, 0, 1]])
    return cv2.warpPerspective(part, warp @ back, into, borderMode=cv2.BORDER_REPLICATE), warp


def onto(corners: Corners, shape: tuple[int, ...], long: int) -> tuple[MatLike, tuple[int, int]]:
    """What turns the picture's points into the flat paper's, and that paper's width and height."""
    wide, high = size(corners, shape)
    scale = min(1.0, long / max(wide, high))
    wide, high = max(2, round(wide * scale)), max(2, round(high * scale))
    there = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32) - np.float32(0.5)
    return cv2.getPerspectiveTransform(corners.points.astype(np.float32), there), (wide, high)


def size(corners: Corners, shape: tuple[int, ...]) -> tuple[float, float]:
    """Width and height that the paper would have from straight above, in pixels of the picture."""
    top, right, bottom, left = np.linalg.norm(np.roll(corners.points, -1, axis=0) - corners.points, axis=1)
    ratio = (top + bottom) / max(left + right, 1e-6)
    exact = _ratio(corners.points, shape)
    if exact is not None and 0.8 < exact / ratio < 1.25:  # a slant changes it no more than so
        ratio = exact
    area = max(top, bottom) * max(left, right)
    return float(np.sqrt(area * ratio)), float(np.sqrt(area / ratio))


def _ratio(points: MatLike, shape: tuple[int, ...]) -> float | None:
    """Width by height of a rectangle in space, by where its sides' vanishing points lie (Zhang and He, 2003).

    The camera looks through the picture's middle. None where the sides are too parallel to tell; then the plain lengths
    are right.
    """
    middle = np.array((shape[1] / 2, shape[0] / 2))
    top_left, top_right, bottom_right, bottom_left = (np.array((*(point - middle), 1.0)) for point in points)
    diagonal = np.cross(top_left, bottom_right)
    by_right = (diagonal @ bottom_left) / _unless_zero(np.cross(top_right, bottom_right) @ bottom_left)
    by_left = (diagonal @ top_right) / _unless_zero(np.cross(bottom_left, bottom_right) @ top_right)
    across, down = by_right * top_right - top_left, by_left * bottom_left - top_left
    if min(abs(across[2]), abs(down[2])) < 0.02:
        return None
    focus = -(across[:2] @ down[:2]) / (across[2] * down[2])
    if not 0.3 * max(shape) ** 2 < focus < 9 * max(shape) ** 2:  # no phone's lens
        return None
    lengths = [float(np.sqrt(side[:2] @ side[:2] / focus + side[2] ** 2)) for side in (across, down)]
    return lengths[0] / lengths[1]


def _unless_zero(value: float) -> float:
    return value if abs(value) > 1e-9 else 1e-9


def scan(doc: MatLike) -> MatLike:
    """White paper, dark ink, no shadow: each part divided by how bright the paper is there."""
    small = cv2.resize(doc, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA) if min(doc.shape[:2]) >= 64 else doc
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    level = cv2.divide(doc, cv2.resize(paper, doc.shape[1::-1]), scale=_PAPER)
    stretched = np.clip((np.arange(256) - _BLACK) * 255 / (_PAPER - 10 - _BLACK), 0, 255).astype(np.uint8)
    return cv2.LUT(level, stretched)
