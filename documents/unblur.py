"""A QR that can be seen but not read: what defocus or a moving hand did to it is undone, one guess after another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.picture import Pixels

SIDE: Final = 384  # px of the patch that is worked on
_MARGIN: Final = 0.16  # of the patch on each side, left white around a QR
_MODULES: Final = 41  # of a QR with as much text as a card's
_DISCS: Final = (0.5, 0.7, 0.9, 1.1, 1.3)  # radius of the blur, in modules
_PATHS: Final = (1.0, 1.5, 2.0, 2.5)  # length of the movement, in modules
_WAYS: Final = 8
_NOISE: Final = 0.02  # how much of the finest detail is taken for noise


def patch(grey: Pixels, corners: Pixels) -> Pixels:
    """The QR between these corners, clockwise from its own top left, seen straight and with some room around."""
    near, far = SIDE * _MARGIN, SIDE * (1 - _MARGIN)
    onto = np.array([(near, near), (far, near), (far, far), (near, far)], np.float32)
    warp = cv2.getPerspectiveTransform(corners.astype(np.float32), onto)
    return cv2.warpPerspective(grey, warp, (SIDE, SIDE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def guesses(blurred: Pixels) -> Iterator[Pixels]:
    """Wiener's filter for each shape that the blur may have; 3 ms each."""
    waves = np.fft.rfft2(blurred)
    for shape in _shapes():
        clear = np.fft.irfft2(waves * np.conj(shape) / (np.abs(shape) ** 2 + _NOISE), s=blurred.shape)
        yield np.clip(clear, 0, 255).astype(np.uint8)


@cache
def _shapes() -> tuple[NDArray[np.complex128], ...]:
    module = SIDE * (1 - 2 * _MARGIN) / _MODULES
    discs = [_disc(radius * module) for radius in _DISCS]
    paths = [_path(length * module, way * np.pi / _WAYS) for length in _PATHS for way in range(_WAYS)]
    return tuple(np.fft.rfft2(np.fft.ifftshift(spread / spread.sum())) for spread in discs + paths)


def _disc(radius: float) -> Pixels:
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE // 2
    return np.asarray(np.clip(radius + 0.5 - np.hypot(x, y), 0, 1), np.float32)


def _path(length: float, way: float) -> Pixels:
    drawn = np.zeros((SIDE, SIDE), np.float32)
    fine, middle = 16, SIDE // 2
    reach = np.array((np.cos(way), np.sin(way))) * length / 2
    start, end = ([round((middle + side * part) * fine) for part in reach] for side in (-1, 1))
    return cv2.line(drawn, start, end, 1.0, 1, cv2.LINE_AA, 4)
