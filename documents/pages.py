"""The pages of a stranger's PDF as pictures: few, of bounded size, and never the PDF itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from documents.picture import Pixels, Unusable

MAX_PAGES: Final = 20
LONG: Final = 2000  # px of a page's long side: A4 at 171 dpi, and no more for a page of 200 inches
_DENSEST: Final = 300 / 72  # px a point: a card alone on a page needs no more
_INK: Final = 40  # how much darker than its page something is that counts as written
_SPECK: Final = 2e-5  # share of a page: two words; dust on a scanner's glass is less


class Pages:
    """An opened PDF. `programs` is what it says of those that made it, as it stands there."""

    def __init__(self, data: bytes) -> None:
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower()
            raise Unusable("encrypted" if locked else "corrupt") from error
        self.count = len(self._document)
        if not 0 < self.count <= MAX_PAGES:
            self._document.close()
            raise Unusable("too-many-pages" if self.count else "corrupt")
        told = self._document.get_metadata_dict()
        self.programs = tuple(told[key] for key in ("Producer", "Creator") if told.get(key))

    def pictures(self) -> Iterator[Pixels]:
        """One after another: two are never in memory together."""
        try:
            self._document.init_forms()  # else what was typed into a form's fields is missing
            for number in range(self.count):
                yield _drawn(self._document[number])
        except pypdfium2.PdfiumError as error:
            raise Unusable("corrupt") from error
        finally:
            self._document.close()

    def close(self) -> None:
        """For those who don't draw the pages."""
        self._document.close()


def blank(page: Pixels) -> bool:
    """Whether nothing is written on a page; a scanner's grey edges count as nothing."""
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    rows, columns = (max(1, round(side * 0.03)) for side in grey.shape)
    inside = grey[rows:-rows, columns:-columns]
    if not inside.size:
        return False
    paper = cv2.medianBlur(cv2.resize(inside, (64, 64), interpolation=cv2.INTER_AREA), 15)
    paper = cv2.resize(paper, inside.shape[::-1], interpolation=cv2.INTER_LINEAR)
    written = np.count_nonzero(cv2.absdiff(inside, paper) > _INK)
    return bool(written < _SPECK * inside.size) and int(np.ptp(paper)) < _INK


def _drawn(page: Any) -> Pixels:
    """Pages are cut at `LONG` pixels whatever their size in inches."""
    try:
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise Unusable("corrupt")
        scale = min(_DENSEST, LONG / max(width, height))
        bitmap = page.render(scale=scale)
        found = np.array(bitmap.to_numpy()[:, :, :3], np.uint8)  # a copy: the bitmap's own memory goes with it
        bitmap.close()
        return found
    finally:
        page.close()
