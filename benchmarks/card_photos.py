"""Photos of a citizen's own ID card, both sides, as a messenger brings them."""

from __future__ import annotations

from random import Random
from typing import Final
from unittest.mock import patch

import cv2
from numpy.random import default_rng

from benchmarks.citizens import BORN, Someone
from tests.documents.pictures import cards
from tests.documents.pictures.camera import Shot, placed, take
from tests.documents.pictures.desks import desk
from tests.documents.pictures.lettering import Person
from tests.documents.pictures.papers import Sheet
from tests.documents.pictures.photos import SENT

_FRAME: Final = (SENT, SENT * 3 // 4)
_QUALITY: Final = 87


def sides(who: Someone) -> list[bytes]:
    """The front with its QR, and the back."""
    shown = Person(who.identity, "", who.name, BORN, "Nữ", f"Thôn Bãi Sậy, {who.home}, Hà Tĩnh", "10/05/2022")
    with patch.object(cards, "person", lambda _: shown):
        drawn = cards.front(Random(who.number)), cards.plain_back(Random(who.number))
    return [_taken(sheet, 2 * who.number + side) for side, sheet in enumerate(drawn)]


def _taken(sheet: Sheet, seed: int) -> bytes:
    """In a quiet hand, on a wooden table."""
    random = default_rng([seed, len(_FRAME)])
    corners = placed(random, sheet, _FRAME, (0.74, 0.9), 6, 6)
    picture = take(random, desk(random, "wood", *_FRAME), sheet, corners, Shot())
    return cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))[1].tobytes()
