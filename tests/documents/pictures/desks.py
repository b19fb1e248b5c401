"""What papers lie on when they are photographed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.random import Generator

_COARSE: Final = 2  # drawn at half size: a desk has nothing as fine as print


def desk(random: Generator, kind: str, width: int, height: int) -> MatLike:
    """A picture of nothing but the desk."""
    across, down = width // _COARSE, height // _COARSE
    unit = max(across, down) / 2016  # the same desk at any size
    drawn = DESKS[kind](random, across, down, unit)
    return cv2.resize(np.clip(drawn, 0, 255).astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR)


def cloud(random: Generator, width: int, height: int, cells: int) -> MatLike:
    """Smooth noise from -1 to 1; the more cells, the finer."""
    rows = max(2, round(cells * height / max(width, height)))
    columns = max(2, round(cells * width / max(width, height)))
    rough = random.uniform(-1, 1, (rows, columns)).astype(np.float32)
    return cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)


def _speckle(random: Generator, width: int, height: int, strength: float) -> MatLike:
    return random.normal(0, strength, (height, width)).astype(np.float32)


def _coloured(shade: MatLike, bgr: tuple[float, float, float]) -> MatLike:
    return shade[..., None] * np.array(bgr, dtype=np.float32)


def _wood(random: Generator, width: int, height: int, unit: float, bgr: tuple[float, float, float]) -> MatLike:
    """Grain along the planks, and gaps between them."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    if random.random() < 0.5:
        x, y = y, x
    bend = cloud(random, width, height, 6) * 60 * unit
    grain = 0.06 * np.sin((y + bend) / (random.uniform(6, 16) * unit)) + 0.04 * np.sin((y + bend) / (2.7 * unit))
    shade = 1 + grain + 0.06 * cloud(random, width, height, 30) + _speckle(random, width, height, 0.02)
    plank = random.uniform(260, 520) * unit
    shade *= np.where(y % plank < 4 * unit, 0.6, 1.0).astype(np.float32) if random.random() < 0.6 else 1
    return _coloured(shade, bgr)


def _light_wood(random: Generator, width: int, height: int, unit: float) -> MatLike:
    base = random.uniform(130, 190)
    return _wood(random, width, height, unit, (base * 0.55, base * 0.78, base))


def _dark_wood(random: Generator, width: int, height: int, unit: float) -> MatLike:
    base = random.uniform(55, 95)
    return _wood(random, width, height, unit, (base * 0.5, base * 0.68, base))


def _tile(random: Generator, width: int, height: int, unit: float) -> MatLike:
    side, joint = random.uniform(420, 800) * unit, 7 * unit
    x, y = np.meshgrid(np.arange(width) + random.uniform(0, side), np.arange(height) + random.uniform(0, side))
    shade = 1 + 0.04 * cloud(random, width, height, 24) + _speckle(random, width, height, 0.008)
    shade = np.where((x % side < joint) | (y % side < joint), 0.72, shade)
    base = random.uniform(165, 215)
    return _coloured(shade, (base * random.uniform(0.82, 1), base * 0.96, base))


def _grey(random: Generator, width: int, height: int, unit: float) -> MatLike:
    del unit
    base = random.uniform(85, 165)
    return _coloured(1 + 0.05 * cloud(random, width, height, 4) + _speckle(random, width, height, 0.02), (base,) * 3)


def _checked(random: Generator, width: int, height: int, unit: float) -> MatLike:
    """Cloth of two colours, crossing."""
    side = random.uniform(50, 130) * unit
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    bands = ((x // side) % 2 + (y // side) % 2)[..., None].astype(np.float32) / 2
    one, other = random.uniform(40, 200, 3), random.uniform(170, 240, 3)
    weave = 1 + 0.05 * np.sin(x / (1.5 * unit) + y / (1.5 * unit)) + _speckle(random, width, height, 0.02)
    drawn: MatLike = (one * bands + other * (1 - bands)) * weave[..., None]
    return drawn


def _white(random: Generator, width: int, height: int, unit: float) -> MatLike:
    del unit
    base = random.uniform(200, 232)
    tint = (base * random.uniform(0.93, 1.0), base * random.uniform(0.97, 1), base)
    return _coloured(1 + 0.025 * cloud(random, width, height, 5) + _speckle(random, width, height, 0.008), tint)


def _mat(random: Generator, width: int, height: int, unit: float) -> MatLike:
    """The plaited mat that families sit on."""
    step = random.uniform(9, 16) * unit
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    weave = 0.08 * np.sin(x / step * 3) * np.sign(np.sin(y / step * 0.7)) + 0.05 * np.sin(y / step * 4)
    base = random.uniform(120, 180)
    drawn = _coloured(1 + weave + 0.05 * cloud(random, width, height, 12), (base * 0.5, base * 0.85, base))
    if random.random() < 0.6:
        drawn[:, (x[0] % (600 * unit)) < 90 * unit] *= np.array((0.5, 0.45, 1.1), dtype=np.float32)
    return drawn


def _clutter(random: Generator, width: int, height: int, unit: float) -> MatLike:
    """A desk in use: books, pens, cups, other papers."""
    ground = (_light_wood, _dark_wood, _grey)[random.integers(3)]
    drawn = np.ascontiguousarray(ground(random, width, height, unit))
    for _ in range(int(random.integers(4, 9))):
        centre = (int(random.integers(width)), int(random.integers(height)))
        size = random.uniform(80, 700, 2) * unit
        colour = tuple(float(c) for c in random.uniform(20, 245, 3))
        if random.random() < 0.3:
            colour = (random.uniform(215, 240),) * 3  # another sheet of paper
        turn = random.uniform(0, 180)
        if random.random() < 0.75:
            box = cv2.boxPoints((centre, (float(size[0]), float(size[1])), turn)).astype(np.int32)
            cv2.fillPoly(drawn, [box + int(6 * unit)], (25.0, 25.0, 25.0))
            cv2.fillPoly(drawn, [box], colour)
        else:
            cv2.ellipse(drawn, centre, (int(size[0] / 2), int(size[0] / 2)), 0, 0, 360, colour, -1)
    return drawn


DESKS: Final[Mapping[str, Callable[[Generator, int, int, float], MatLike]]] = {
    "wood": _light_wood,
    "dark wood": _dark_wood,
    "tile": _tile,
    "clutter": _clutter,
    "grey": _grey,
    "checked": _checked,
    "white": _white,
    "mat": _mat,
}
