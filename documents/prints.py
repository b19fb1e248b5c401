"""What a document is known again by: its bytes, and how it looks (compared in domain/likeness.py)."""

from __future__ import annotations

import hashlib
from typing import Final

import cv2
import numpy as np

from documents.picture import Pixels

_SIDE: Final = 64
_KEPT: Final = 16


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def look(pixels: Pixels) -> str:
    """A perceptual hash of 256 bits, as 64 hex digits. The popular one of 64 bits takes strangers' papers for twins."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    if min(grey.shape) >= 8 * _SIDE:  # a quarter is quickly made
        grey = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    waves = cv2.dct(small.astype(np.float32))[:_KEPT, :_KEPT]
    return np.packbits(waves > np.median(waves)).tobytes().hex()
