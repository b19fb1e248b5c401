"""The photos that people of a transcript send, by what they are called there; the same call, the same bytes."""

from __future__ import annotations

import functools
import io
import time
from random import Random
from typing import Final

import numpy as np
from cv2.typing import MatLike
from PIL import Image, ImageEnhance

from tests.bot.photos import blurred, page, table
from tests.documents.pictures import cards, lettering, photos
from tests.documents.pictures.papers import Sheet

_FRAME: Final = (1280, 960)
_CARD: Final = 1000  # pixels wide
_LAST_CHIP_CARDS: Final = 2023
_CUT: Final = (0, 0, 700, 1280)  # a page's right side is out of the frame
_DIM: Final = 0.1


@functools.cache
def picture(kind: str, number: int) -> bytes:
    """`kind` is empty for a good photo of a page."""
    match kind:
        case "":
            return page(number)
        case "blurred":
            return blurred(number)
        case "dark":
            return _jpeg(ImageEnhance.Brightness(_opened(page(number))).enhance(_DIM))
        case "cut-off":
            return _jpeg(_opened(page(number)).crop(_CUT))
        case "empty desk":
            return photos.photo(2, "empty", photos.SENT).jpeg
        case "other side of the id card":
            return _on_a_desk(cards.plain_back(Random(number)).pixels)
        case _:
            of, _, person = kind.rpartition(" ")
            assert of == "id card", f"nobody knows what a photo of this kind looks like: {kind}"
            return _on_a_desk(_card(int(person)).pixels)


@functools.cache
def scanned(number: int) -> bytes:
    """A PDF of one page, always the same: its digest is told."""
    kept = io.BytesIO()
    made = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
    _opened(page(number)).save(kept, "PDF", resolution=120, **made)
    return kept.getvalue()


def _card(person: int) -> Sheet:
    """The side with the QR: until 2024 the front."""
    issued = lettering.person(Random(person)).issued
    return (cards.back if int(issued[-4:]) > _LAST_CHIP_CARDS else cards.front)(Random(person))


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _on_a_desk(card: MatLike) -> bytes:
    """A card seen from above."""
    flat = Image.fromarray(np.ascontiguousarray(card[..., ::-1]))
    flat = flat.resize((_CARD, _CARD * flat.height // flat.width), Image.Resampling.LANCZOS)
    desk = table(_FRAME, Random(0))
    desk.paste(flat, ((_FRAME[0] - flat.width) // 2, (_FRAME[1] - flat.height) // 2))
    return _jpeg(desk)


def _jpeg(image: Image.Image) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=88)
    return kept.getvalue()
