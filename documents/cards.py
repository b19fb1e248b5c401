"""The QR of an ID card: found in photos of every kind, and read only where all of it is as the card's issuer writes it.

Cards of the chip's first generation carry it on the front, those issued from July 2024 on on the back. It is not
signed: what it says is a convenience, never a proof.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

import cv2
import numpy as np
import zxingcpp
from msgspec import Struct

from conversations.messages import Card
from documents import unblur
from documents.picture import Pixels, shrunk

_NEW_CARDS: Final = date(2024, 7, 1)
_FIELDS: Final = 7
_LONGEST: Final = 200  # characters of a name or an address
_NUMBER: Final = re.compile(r"[0-9]{12}")
_OLD_NUMBER: Final = re.compile(r"(?:[0-9]{9})?")
_DAY: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_IN_NAMES: Final = " '’.-"
_COARSE: Final = 2400  # px of the long side above which a QR is looked for in half of it first
_CARD: Final = 1000  # px of the long side up to which all of a picture is enlarged, as of a card cut out
_SOFT: Final = 700  # px of a card's long side at which defocus is least in the way
_LEAST: Final = 60  # px of a QR's side below which there is nothing to be undone
_UNEVEN: Final = 1.35
_PATCHES: Final = 1  # blurred QRs of which blur is undone: all rungs of the ladder show the same one
_QR: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


class _Seen(Struct):
    """Something like a QR that could not be read, and the picture in which it was seen."""

    shown: Pixels
    corners: Pixels
    turned: int


class Read(Struct, frozen=True):
    """`turned`: by how many degrees clockwise, a multiple of 90, the picture must be turned to stand upright."""

    card: Card
    side: str
    turned: int


def read(pixels: Pixels, *, hard: bool) -> Read | None:
    """The first QR in a picture that is a card's. `hard` also looks at the picture sharpened, and undoes blur."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels
    blurred: list[_Seen] = []
    for attempt in _ladder(grey, blurred, hard=hard):
        shown = attempt()
        for code in zxingcpp.read_barcodes(shown, formats=_QR, try_invert=False, return_errors=hard):
            turned, corners = -round(code.orientation / 90) * 90 % 360, _corners(code)
            card = parse(code.bytes) if code.valid else None
            if card is not None:
                return Read(card, side(card), turned)
            blurred.append(_Seen(shown, corners, turned))
    whole = [seen for seen in blurred if hard and _square(seen.corners)]
    for seen in whole[-_PATCHES:]:
        for guess in unblur.guesses(unblur.patch(seen.shown, seen.corners)):
            for code in zxingcpp.read_barcodes(guess, formats=_QR, try_invert=False):
                card = parse(code.bytes)
                if card is not None:
                    return Read(card, side(card), seen.turned)
    return None


def parse(said: bytes) -> Card | None:
    """All of the first seven fields are right, or there is no card; later cards may append more."""
    try:
        text = unicodedata.normalize("NFC", said.decode("utf-8"))  # no ECI says so, and every reader guesses otherwise
    except UnicodeDecodeError:
        return None
    fields = [field.strip(" \r\n") for field in text.split("|")]
    if len(fields) < _FIELDS:
        return None
    number, old_number, name, born, sex, address, issued = fields[:_FIELDS]
    born_on, issued_on = _day(born), _day(issued)
    right = (
        _NUMBER.fullmatch(number)
        and _OLD_NUMBER.fullmatch(old_number)
        and _named(name)
        and born_on is not None
        and issued_on is not None
        and born_on <= issued_on
        and sex in {"Nam", "Nữ"}
        and _printable(address)
    )
    if not right or born_on is None or issued_on is None:
        return None
    return Card(number, old_number, name, f"{born_on:%d/%m/%Y}", sex, address, f"{issued_on:%d/%m/%Y}")


def side(card: Card) -> str:
    """The side on which a card with this day of issue carries its QR."""
    day, month, year = map(int, card.issued.split("/"))
    return "back" if date(year, month, day) >= _NEW_CARDS else "front"


def _corners(code: zxingcpp.Barcode) -> Pixels:
    at = code.position
    return np.array([(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)], np.float32)


def _square(corners: Pixels) -> bool:
    """Whether it may be all of a QR: where one is blurred, parts of it are taken for a small one, too."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return bool(sides.min() > _LEAST and sides.max() < _UNEVEN * sides.min())


def _ladder(grey: Pixels, blurred: Sequence[_Seen], *, hard: bool) -> Iterator[Callable[[], Pixels]]:
    """From cheap to dear; dearly only where some of a QR was seen, for many cards' other sides have none.

    Measured: a module needs two pixels where the picture is sharp, 2.8 where it is soft.
    """
    long = max(grey.shape)
    if long > _COARSE:
        yield lambda: shrunk(grey, long // 2)
    yield lambda: grey
    if not hard or (long > _CARD and not blurred):
        return
    near = grey if long <= _CARD else _around(blurred[-1])
    yield lambda: _sharper(shrunk(near, _SOFT), 1)
    yield lambda: _sharper(near, 2)
    if blurred:
        yield lambda: _sharper(near, 3)


def _around(seen: _Seen) -> Pixels:
    """What lies within a side's length of it: where one is blurred, only a part of it may have been seen."""
    left, top, wide, high = cv2.boundingRect(seen.corners)
    reach = max(wide, high, _LEAST)
    found: Pixels = seen.shown[max(0, top - reach) : top + high + reach, max(0, left - reach) : left + wide + reach]
    return found


def _sharper(grey: Pixels, times: int) -> Pixels:
    large = cv2.resize(grey, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    return cv2.addWeighted(large, 2.5, cv2.GaussianBlur(large, (0, 0), 2), -1.5, 0)


def _day(digits: str) -> date | None:
    found = _DAY.fullmatch(digits)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found and int(found[3]) >= 1850 else None
    except ValueError:
        return None


def _named(name: str) -> bool:
    letters = all(c in _IN_NAMES or unicodedata.category(c)[0] in "LM" for c in name)
    return letters and any(c.isalpha() for c in name) and len(name) <= _LONGEST


def _printable(text: str) -> bool:
    return text.isprintable() and any(c.isalnum() for c in text) and len(text) <= _LONGEST
