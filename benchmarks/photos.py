"""How well photos of papers are judged: simulated ones, those used for tuning beside those never used, at two sizes.

`PHOTOS=n` in the environment takes n seeds of each kind and half in place of the usual number.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike

from benchmarks.table import Row, lines, loud
from documents import corners, examine, reading
from documents.picture import Picture
from tests.documents.pictures.photos import FULL, KINDS, READABLE, SENT, Photo, photo

_SEEDS: Final = 6  # of each kind in each half: 168 photos, drawn and looked at in some six minutes
_TARGETS: Final = {FULL: 250, SENT: 120}  # ms for the whole chain, 19 of 20 photos
_ASKED: Final = {  # drawn papers whose title is checked: what each was sent for
    "birth-notification": "giay-chung-sinh",
    "marriage-certificate": "giay-ket-hon",
    "death-extract": "trich-luc-khai-tu",
    "death-notification": "giay-bao-tu",
    "poor-household": "gcn-ho-ngheo",
    "id-card-front": "giay-to-tuy-than",
    "id-card-back": "giay-to-tuy-than",
}
_FOUND: Final = 0.9  # intersection over union of the sheet that was found and the one that is there


@dataclass(slots=True)
class _Tally:
    """Of one half at one size."""

    readable: int = 0
    passed: int = 0
    unreadable: int = 0
    stopped: int = 0
    named: int = 0
    sheets: int = 0
    found: int = 0
    codes: int = 0
    read: int = 0
    wrong: int = 0
    accused: int = 0
    ms: list[float] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)


def report() -> Iterator[str]:
    """Line by line, as it is measured."""
    seeds = int(os.environ.get("PHOTOS", _SEEDS))
    if not reading.installed():  # and the model is loaded before anything is timed
        yield from loud("no Vietnamese model for tesseract: titles are not read")
    for half, first in (("seeds used for tuning", 0), ("seeds never used for tuning", 1)):
        tallies = {FULL: _Tally(), SENT: _Tally()}
        for seed in range(first, 2 * seeds, 2):
            for kind in KINDS:
                shot = photo(seed, kind)
                for size, seen in ((FULL, shot), (SENT, shot.sent())):
                    _count(tallies[size], seen)
        for size, tally in tallies.items():
            yield f"\n{half}, {'12 megapixels' if size == FULL else 'as a messenger sends it'}, {len(tally.ms)} photos"
            yield from lines(_rows(tally, _TARGETS[size]))
            if tally.missed:
                yield "  missed: " + ", ".join(f"{what} {count}" for what, count in tally.missed.most_common())


def _count(tally: _Tally, shot: Photo) -> None:
    data = shot.jpeg
    began = time.thread_time()
    paper = _ASKED.get(shot.sheet.key, "") if shot.sheet is not None else ""
    finding = examine.examine(data, paper=paper, card=shot.is_card).finding
    tally.ms.append((time.thread_time() - began) * 1000)
    first = finding.problems[0] if finding.problems else ""
    tally.accused += "wrong-paper" in finding.problems
    if shot.fault == "":
        tally.readable += 1
        tally.passed += not first
    elif shot.fault is not None:
        tally.unreadable += 1
        tally.stopped += bool(first)
        tally.named += first == shot.fault
    if shot.fault is not None and first != shot.fault:
        tally.missed[f"{shot.kind} as {first or 'good'}"] += 1
    if shot.kind in READABLE and shot.kind != "scan" and shot.corners is not None:
        tally.sheets += 1
        tally.found += _overlap(data, shot.corners, shot.picture.shape) > _FOUND
    if shot.readable and shot.sheet is not None and shot.sheet.has_qr and shot.sheet.person is not None:
        tally.codes += 1
        tally.read += finding.card is not None
        tally.wrong += finding.card is not None and finding.card.number != shot.sheet.person.number


def _overlap(data: bytes, truth: MatLike, shape: Sequence[int]) -> float:
    """As the checks see the photo: large ones at half size."""
    seen = Picture(data).half
    found = corners.find(seen)
    if found is None:
        return 0.0
    there = (truth * (max(seen.shape) / max(shape))).astype(np.float32)
    both, _ = cv2.intersectConvexConvex(found.points, there)
    return both / max(1.0, cv2.contourArea(found.points) + cv2.contourArea(there) - both)


def _rows(tally: _Tally, target: float) -> list[Row]:
    def share(name: str, part: int, whole: int, least: float) -> Row:
        return Row(name, f"{part} of {whole}", 100 * part / max(1, whole), least, "%", least=True)

    middle, slow = np.percentile(tally.ms, (50, 95))
    return [
        share("readable let through", tally.passed, tally.readable, 97),
        share("unreadable stopped", tally.stopped, tally.unreadable, 97),
        share("fault named right", tally.named, tally.unreadable, 90),
        share("corners, IoU > 0.9", tally.found, tally.sheets, 97),
        share("card's QR read", tally.read, tally.codes, 100),
        Row("wrong cards", "", tally.wrong, 0, ""),
        Row("right papers taken for others", "", tally.accused, 0, ""),
        Row("whole chain", "p50, CPU", float(middle), None, "ms"),
        Row("whole chain", "p95, CPU", float(slow), target, "ms"),
    ]
