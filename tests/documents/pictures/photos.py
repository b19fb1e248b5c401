"""Simulated photos of papers and cards with what is true of them; the same seed gives the same photo.

Even seeds are for tuning, odd seeds never: thresholds may be read off the former, the latter say how good they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.random import Generator, default_rng

from tests.documents.pictures import cards, papers, screens
from tests.documents.pictures.camera import Shot, Spot, pixels_a_millimetre, placed, take
from tests.documents.pictures.desks import DESKS, desk
from tests.documents.pictures.papers import Sheet

READABLE: Final = ("good", "slight", "shadow", "turned", "scan")
FAULTS: Final = {
    "defocus": "blurred",
    "motion": "blurred",
    "dark": "dark",
    "overexposed": "overexposed",
    "glare": "glare",
    "cut": "cut-off",
    "far": "too-small",
    "empty": "no-document",
    "screenshot": "screenshot",
}
KINDS: Final = (*READABLE, *FAULTS)
FULL: Final = 4032  # the long side of a 12-megapixel photo
SENT: Final = 1280  # what messengers make of it
_SMALLEST: Final = (450, 580)  # pixels: a page's short or a card's long side below is unreadable, above it is readable


@dataclass(frozen=True, slots=True)
class Photo:
    """`fault` is the problem that is to be named: empty for a readable photo, None where either answer is right."""

    seed: int
    kind: str
    picture: MatLike
    corners: MatLike | None  # of the sheet, its own top left first, clockwise; they may lie outside
    sheet: Sheet | None
    desk: str = ""

    @property
    def jpeg(self) -> bytes:
        """The file, without EXIF."""
        quality = 87 if max(self.picture.shape) <= SENT else 92
        return cv2.imencode(".jpg", self.picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1].tobytes()

    @property
    def is_card(self) -> bool:
        return self.sheet is not None and self.sheet.width < 100

    @property
    def fault(self) -> str | None:
        if self.kind in ("empty", "screenshot", "scan") or self.sheet is None or self.corners is None:
            return FAULTS.get(self.kind, "")
        side = pixels_a_millimetre(self.sheet, self.corners) * (85.6 if self.is_card else 210)
        least, enough = _SMALLEST
        if self.kind in FAULTS and self.kind != "far":
            return FAULTS[self.kind]
        if side < least:
            return "too-small"
        return "" if side >= enough else None

    @property
    def readable(self) -> bool:
        return self.fault == ""

    def sent(self, long_side: int = SENT) -> Photo:
        """As it arrives through a messenger."""
        scale = long_side / max(self.picture.shape)
        if scale >= 1:
            return self
        small = cv2.resize(self.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        corners = None if self.corners is None else self.corners * scale
        return Photo(self.seed, self.kind, small, corners, self.sheet, self.desk)


def photo(seed: int, kind: str, long_side: int = FULL) -> Photo:
    """One photo. Smaller ones are drawn faster; they are not the same as a large one made smaller."""
    random, python = default_rng([seed, KINDS.index(kind)]), Random(f"{seed} {kind}")
    if kind == "screenshot":
        return Photo(seed, kind, screens.screen(python), None, None)
    sheet = _sheet(python)
    if kind == "scan":
        return _scanned(seed, random, python)
    upright = bool(random.random() < (0.85 if sheet.height > sheet.width else 0.25))
    short_side = long_side * 3 // 4
    frame = (short_side, long_side) if upright else (long_side, short_side)
    ground = str(random.choice(list(DESKS)))
    below = desk(random, ground, *frame)
    shot = _shot(random, kind)
    if sheet.width < 100:
        shot.bow = shot.fold = 0
    if kind == "empty":
        return Photo(seed, kind, take(random, below, None, None, shot), None, None, ground)
    fit = (0.74, 0.96) if sheet.width > 100 else (0.52, 0.92)
    turn, tilt = (13.0, 13.0) if random.random() < 0.7 else (25.0, 24.0)
    if kind == "far":
        fit = tuple(np.sqrt(np.array([0.012, 0.13]) * (1.3 if sheet.width > 100 else 0.6)).tolist())
    corners = placed(random, sheet, frame, fit, turn, tilt)
    if kind == "cut":
        corners = _pushed_out(random, corners, frame)
    picture = take(random, below, sheet, corners, shot)
    if kind == "turned":
        picture, corners = _turned(picture, corners, int(random.integers(1, 4)))
    return Photo(seed, kind, picture, corners, sheet, ground)


def _sheet(random: Random) -> Sheet:
    if random.random() < 0.6:
        return papers.paper(random)
    return random.choice((cards.front, cards.front, cards.back, cards.plain_back))(random)


def _shot(random: Generator, kind: str) -> Shot:
    """How this kind of photo is taken."""
    warm = random.uniform(-0.06, 0.06)
    shot = Shot(
        paper=random.uniform(170, 262),
        tint=(1 - warm, 1, 1 + warm),
        uneven=random.uniform(0, 0.3),
        noise=random.uniform(1, 4),
        defocus=random.uniform(0, 0.1),
        angle=random.uniform(0, np.pi),
        fold=int(random.choice((0, 0, 0, 1, 2, 3))),
        drop=random.uniform(0.1, 0.4),
        thumb=bool(random.random() < 0.12) and kind in READABLE,
    )
    match kind:
        case "slight":
            _slightly_off(random, shot)
        case "defocus":
            shot.defocus = random.uniform(0.65, 1.7)
        case "motion":
            shot.motion = random.uniform(1.4, 4)
        case "dark":
            shot.paper, shot.noise = random.uniform(18, 58), random.uniform(5, 11)
        case "overexposed":
            shot.paper, shot.lift, shot.defocus = random.uniform(240, 290), random.uniform(165, 205), 0.3
        case "glare":
            shot.paper = random.uniform(150, 250)
            centre = (random.uniform(0.3, 0.7), random.uniform(0.25, 0.6))
            core, stretch = random.uniform(0.09, 0.28), random.uniform(0.5, 2)
            shot.spots = [Spot(centre, core, random.uniform(240, 330), random.uniform(2, 4), stretch)]
        case "shadow":
            shot.shade, shot.edge = random.uniform(0.42, 0.7), random.choice((0.001, 0.004, 0.02))
        case _:
            pass
    return shot


def _slightly_off(random: Generator, shot: Shot) -> None:
    """One thing that is not quite right and does not matter."""
    match int(random.integers(5)):
        case 0:
            shot.defocus = random.uniform(0.12, 0.36)
        case 1:
            shot.motion = random.uniform(0.2, 0.7)
        case 2:
            shot.paper, shot.noise = random.uniform(98, 150), random.uniform(3, 6)
        case 3:
            shot.paper = random.uniform(255, 285)  # white paper, ink still dark
        case _:
            shot.spots = [Spot((random.uniform(0.1, 0.9), random.uniform(0.1, 0.9)), random.uniform(0.003, 0.015))]


def _pushed_out(random: Generator, corners: MatLike, frame: tuple[int, int]) -> MatLike:
    """One side of the sheet lies outside, by little or by much."""
    side = int(random.integers(4))
    axis, beyond = side % 2, side < 2
    size = np.ptp(corners[:, axis])
    by = random.uniform(0.02, 0.28) * size
    edge = corners[:, axis].min() + by if beyond else corners[:, axis].max() - by - frame[axis]
    moved = corners.copy()
    moved[:, axis] -= edge
    return moved


def _turned(picture: MatLike, corners: MatLike, quarters: int) -> tuple[MatLike, MatLike]:
    """Turned clockwise by so many right angles."""
    for _ in range(quarters):
        height = picture.shape[0]
        picture = cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE)
        corners = np.column_stack((height - 1 - corners[:, 1], corners[:, 0])).astype(np.float32)
    return picture, corners


def _scanned(seed: int, random: Generator, python: Random) -> Photo:
    """From a scanner or a scanning app: the paper is all there is."""
    sheet = papers.paper(python)
    width = int(random.integers(1100, 2480))
    size = (width, round(width * 297 / 210))
    picture = cv2.resize(sheet.pixels, size, interpolation=cv2.INTER_AREA)
    if random.random() < 0.4:
        picture = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    corners = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
    return Photo(seed, "scan", picture, corners, sheet)
