"""Printed words read off a page, where the Vietnamese model is installed."""

from __future__ import annotations

import functools
import logging
import os
from typing import Any, Final

import cv2
import numpy as np
from msgspec import Struct

from documents import model_place
from documents.picture import Pixels
from documents.quiet import quiet

try:
    import tesserocr  # type: ignore[import-untyped]
except ImportError:  # not on every system
    tesserocr = None

log = logging.getLogger(__name__)

WIDTH: Final = 640  # px of a page at which its title reads as well as at 800, in two thirds of the time
_STROKES: Final = 15  # px: more than the strokes of a title are wide where a page is WIDTH wide
_WORD: Final = 3  # letters; what is shorter may be anything
_FEW: Final = 6  # words below which little can be said of a page
_SPARSE: Final = 11  # tesseract's psm: text anywhere, in no order
_BLOCK: Final = 6


class Text(Struct, frozen=True):
    """What was read; `clear` is how sure the reader is of its words, 0 to 100, and low where they are few."""

    lines: tuple[str, ...] = ()
    clear: float = 0.0


def read(pixels: Pixels, *, block: bool = False) -> Text:
    """Nothing where no model is installed. `block`: as lines below one another, for what else falls apart."""
    engine = _engine()
    if engine is None:
        return Text()
    engine.SetPageSegMode(_BLOCK if block else _SPARSE)
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels
    even = _even(grey)
    height, width = even.shape[:2]
    engine.SetImageBytes(even.tobytes(), width, height, 1, width)
    with quiet():
        lines = tuple(line for line in engine.GetUTF8Text().splitlines() if line.strip())
        words = [
            sure
            for word, sure in zip(engine.AllWords(), engine.AllWordConfidences(), strict=False)
            if sum(c.isalnum() for c in word) >= _WORD
        ]
        engine.Clear()
    return Text(lines, sum(words) / max(len(words), _FEW))


def installed() -> bool:
    """Whether titles can be read on this machine."""
    return _engine() is not None


def _even(grey: Pixels) -> Pixels:
    """Without shadows: the engine tells ink from paper by one threshold for the whole picture."""
    paper = cv2.blur(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((_STROKES, _STROKES), np.uint8)), (5, 5))
    return cv2.divide(grey, paper, scale=245)


@functools.cache
def _engine() -> Any | None:
    """One for the process: the model is loaded once."""
    place = model_place.found()
    if place is None or tesserocr is None:
        log.warning("no Vietnamese model for tesseract: titles of papers are not read (tesseract-ocr-vie)")
        return None
    engine = tesserocr.PyTessBaseAPI(path=str(place), lang="vie", psm=_SPARSE)
    engine.SetVariable("debug_file", os.devnull)
    return engine
