"""Where in a photo the paper lies: many guesses at its four sides, each judged by what lies along them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from cv2.typing import MatLike

SIDE: Final = 640  # pixels of the long side on which corners are sought: enough for 0.3 % of the page
SURE: Final = 0.5  # from here on the paper may be cut out; below it the whole photo is kept
_GOOD: Final = 0.72  # a guess from a contour that is this good needs no search for lines: it takes as long again
_LEAST: Final = 0.006  # of the frame; what is smaller is no paper that could be read
_NOTHING: Final = 0.05  # score of what is no sheet at all
_SAMPLES: Final = 32  # points looked at along a side
_ROUGHLY: Final = 8  # points for a first choice among many
_CHOSEN: Final = 24  # guesses that are looked at closely
_LINES: Final = 18
_NEAR: Final = 2.5  # pixels from the picture's edge at which a side is taken to lie on it
_EDGE: Final = 3.0  # brightness levels a pixel: half of what a white page on a white desk shows
_APART: Final = 14.0  # Lab distance at which paper and ground surely differ; white paper on a white desk shows about it
_FINE: Final = 4
_UNSEEN: Final = 0.7  # what a side is worth that the picture cuts off: all that is known is that paper reaches there
_ASPECT: Final = (1.15, 1.9)  # an A4 page has 1.41, a card 1.59, seen at a slant


@dataclass(frozen=True, slots=True)
class Corners:
    """A sheet of paper in a picture: its corners in that picture's pixels, clockwise from the top left.

    `support` tells for the top, right, bottom and left side what share of it shows an edge; `touching` names those that
    lie at the picture's own edge.
    """

    points: MatLike
    score: float
    support: tuple[float, ...]
    touching: tuple[bool, ...]

    @property
    def sure(self) -> bool:
        return self.score > SURE

    @property
    def short(self) -> float:
        """The paper's short side in pixels: what tells whether its print is large enough."""
        top, right, bottom, left = np.linalg.norm(np.roll(self.points, -1, axis=0) - self.points, axis=1)
        return float(min(top + bottom, right + left) / 2)

    def scaled(self, by: float) -> Corners:
        """The same in a picture that is so many times as large."""
        return Corners(self.points * np.float32(by), self.score, self.support, self.touching)


@dataclass(frozen=True, slots=True)
class _View:
    """The picture made small, and what is worked out of it once."""

    lab: MatLike
    smooth: MatLike
    across: MatLike  # the steepest colour's change to the right, and downwards
    down: MatLike
    steep: MatLike  # how much, in quarters of a level a pixel
    written: MatLike  # 255 where fine dark strokes are near


def find(picture: MatLike) -> Corners | None:
    """The likeliest sheet in a colour picture; None where nothing looks like one."""
    height, width = picture.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    if min(height, width) * scale < 32:
        return None  # nothing, or a ribbon
    view = _view(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture)
    quads = _distinct(list(_outlined(view)))
    best = _best(view, quads)
    if best is None or best.score < _GOOD:
        best = max((guess for guess in (best, _best(view, _crossed(view))) if guess), key=_by_rank, default=None)
    if best is None:
        return None
    points, score, support = best.points, best.score, best.support
    return Corners(
        points=points / np.float32(scale),
        score=score,
        support=tuple(float(share) for share in support),
        touching=tuple(bool(touches) for touches in _touching(points, view.steep.shape)),
    )


def _view(small: MatLike) -> _View:
    smooth = cv2.medianBlur(small, 5)  # print and weave go, edges stay
    lab = cv2.cvtColor(smooth, cv2.COLOR_BGR2LAB)
    across, down = (np.zeros(lab.shape[:2], np.float32) for _ in range(2))
    steep = np.zeros(lab.shape[:2], np.float32)
    for plane in cv2.split(lab):
        x, y = (cv2.Sobel(plane, cv2.CV_32F, *way, ksize=3, scale=1 / 4) for way in ((1, 0), (0, 1)))
        change = cv2.magnitude(x, y)
        steeper = (change > steep).view(np.uint8)
        for part, whole in ((x, across), (y, down), (change, steep)):
            cv2.copyTo(part, steeper, whole)
    strokes = cv2.morphologyEx(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), cv2.MORPH_BLACKHAT, np.ones((7, 7), np.uint8))
    written = cv2.dilate(cv2.threshold(strokes, 12, 255, cv2.THRESH_BINARY)[1], np.ones((5, 5), np.uint8))
    return _View(cv2.blur(lab, (5, 5)), smooth, across, down, cv2.convertScaleAbs(steep, alpha=_FINE), written)


def _outlined(view: _View) -> Iterator[MatLike]:
    """Quadrangles around what stands out in one way or another."""
    height, width = view.lab.shape[:2]
    known: set[tuple[int, ...]] = set()
    for mask in _masks(view):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        large = [each for each in contours if len(each) > 3 and cv2.contourArea(each) > _LEAST * height * width]
        for contour in sorted(large, key=cv2.contourArea, reverse=True)[:6]:
            hull = cv2.convexHull(contour)
            about = (*(part // 4 for part in cv2.boundingRect(hull)), round(cv2.contourArea(hull) / 400))
            if about not in known:
                known.add(about)
                yield from _quadrangles(hull)


def _quadrangles(hull: MatLike) -> Iterator[MatLike]:
    around = cv2.arcLength(hull, closed=True)
    for tolerance in (0.004, 0.012, 0.04):
        polygon = cv2.approxPolyDP(hull, tolerance * around, closed=True)[:, 0].astype(np.float32)
        if len(polygon) == 4:
            yield polygon
            return
        if len(polygon) > 4:
            yield _four_longest(polygon)
    yield cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float32)


def _four_longest(polygon: MatLike) -> MatLike:
    """Where the four longest sides would meet: of a sheet whose corner is hidden, folded or round."""
    following = np.roll(polygon, -1, axis=0)
    longest = np.sort(np.argsort(np.hypot(*(following - polygon).T))[-4:])
    lines = _lines(polygon[longest], following[longest])
    return _meetings(np.roll(lines, 1, axis=0), lines)


def _masks(view: _View) -> Iterator[MatLike]:
    light = view.lab[..., 0]
    close = np.ones((5, 5), np.uint8)
    for share in (80, 90, 95):
        least = max(_FINE * _EDGE / 2, float(np.percentile(view.steep[::3, ::3], share)))
        _, strong = cv2.threshold(view.steep, least, 255, cv2.THRESH_BINARY)
        yield cv2.morphologyEx(strong, cv2.MORPH_CLOSE, close)
    saturation = cv2.cvtColor(view.smooth, cv2.COLOR_BGR2HSV)[..., 1]
    rim = (view.lab[:8:3], view.lab[-8::3], view.lab[:, :8:3], view.lab[:, -8::3])
    ground = np.median(np.concatenate([part.reshape(-1, 3) for part in rim]), axis=0)
    away = cv2.absdiff(view.lab, np.full_like(view.lab, ground.astype(np.uint8)))
    apart = cv2.transform(away, np.ones((1, 3), np.float32))
    for plane, kind in (
        (light, cv2.THRESH_BINARY),
        (saturation, cv2.THRESH_BINARY_INV),
        (apart, cv2.THRESH_BINARY),
    ):
        _, mask = cv2.threshold(plane, 0, 255, kind | cv2.THRESH_OTSU)
        yield cv2.morphologyEx(mask, cv2.MORPH_OPEN, close)
        yield cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8))
    yield cv2.dilate(_edges(view), np.ones((3, 3), np.uint8))


def _edges(view: _View) -> MatLike:
    across, down = ((change * _FINE).astype(np.int16) for change in (view.across, view.down))
    return cv2.Canny(across, down, 3 * _EDGE, 8 * _EDGE)


def _crossed(view: _View) -> MatLike:
    """Quadrangles that long straight edges make with each other."""
    height, width = view.steep.shape
    found = cv2.HoughLinesP(_edges(view), 1, np.pi / 180, 40, minLineLength=0.1 * max(height, width), maxLineGap=12)
    none = np.empty((0, 4, 2), dtype=np.float32)
    if found is None:
        return none
    pieces = found.reshape(-1, 4).astype(np.float32)
    pieces = pieces[np.argsort(-np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]))[:120]]
    lines = _apart(_lines(pieces[:, :2], pieces[:, 2:]), np.array((width / 2, height / 2, 1)))
    facing = lines[:, :2] @ lines[:, :2].T
    pairs = np.argwhere(
        np.triu(np.abs(facing) > 0.85, 1)
    )  # sides that lie opposite each other, 30 degrees askew at most
    if len(pairs) < 2:
        return none
    one, other = np.triu_indices(len(pairs), 1)
    crossing = np.abs(facing[pairs[one, 0], pairs[other, 0]]) < 0.5
    (top, bottom), (left, right) = (lines[pairs[which[crossing]].T] for which in (one, other))
    corners = [_meetings(*two) for two in ((top, left), (left, bottom), (bottom, right), (right, top))]
    return _distinct([*np.stack(corners, axis=1)])


def _apart(lines: MatLike, middle: MatLike) -> MatLike:
    """The longest lines, but only one of those that lie on each other."""
    facing, away = lines[:, :2] @ lines[:, :2].T, lines @ middle
    alike = (np.abs(facing) > 0.997) & (np.abs(away[:, None] - np.sign(facing) * away) < 6)
    kept: list[int] = []
    for at in range(len(lines)):
        if len(kept) < _LINES and not alike[at, kept].any():
            kept.append(at)
    return lines[kept]


def _lines(starts: MatLike, ends: MatLike) -> MatLike:
    """As (a, b, c) with ax + by + c the distance of a point."""
    along = ends - starts
    normals = np.column_stack((-along[:, 1], along[:, 0])) / np.maximum(np.hypot(*along.T), 1e-6)[:, None]
    return np.column_stack((normals, -np.sum(normals * starts, axis=1)))


def _meetings(one: MatLike, other: MatLike) -> MatLike:
    """Where lines cross, row by row; far away where they do not."""
    cross = np.cross(one, other)
    below = np.where(np.abs(cross[:, 2]) > 1e-6, cross[:, 2], 1e-6)
    return np.clip(cross[:, :2] / below[:, None], -1e4, 1e4).astype(np.float32)


def _distinct(quads: list[MatLike]) -> MatLike:
    """Those that differ, clockwise; only convex ones that lie in the picture or nearly so."""
    several = np.array(quads, dtype=np.float32).reshape(-1, 4, 2)
    sides = np.roll(several, -1, axis=1) - several
    following = np.roll(sides, -1, axis=1)
    turns = sides[..., 0] * following[..., 1] - sides[..., 1] * following[..., 0]
    right, left = np.all(turns > 0, axis=1), np.all(turns < 0, axis=1)
    several = np.concatenate((several[right], several[left][:, ::-1]))
    first = several.sum(axis=2).argmin(axis=1)
    order = (first[:, None] + np.arange(4)) % 4
    several = np.take_along_axis(several, order[..., None], axis=1)
    _, kept = np.unique((several / 4).round().astype(int).reshape(-1, 8), axis=0, return_index=True)
    return several[kept]


@dataclass(frozen=True, slots=True)
class _Judged:
    score: MatLike
    support: MatLike
    rank: MatLike  # of two as good the larger is the sheet, the other a part of it: folds and frames are straight


class _Guess(NamedTuple):
    points: MatLike
    score: float
    support: MatLike
    rank: float


def _by_rank(guess: _Guess) -> float:
    return guess.rank


def _best(view: _View, quads: MatLike) -> _Guess | None:
    if len(quads) > _CHOSEN:
        quads = quads[np.argsort(-_judged(view, quads, _ROUGHLY, 4).rank)[:_CHOSEN]]
    if not len(quads):
        return None
    quads = _distinct([*quads, *_refined(view, quads)])
    judged = _judged(view, quads)
    at = int(np.argmax(judged.rank))
    if judged.score[at] <= _NOTHING:
        return None
    return _Guess(quads[at], float(judged.score[at]), judged.support[at], float(judged.rank[at]))


def _judged(view: _View, quads: MatLike, samples: int = _SAMPLES, reach: int = 2) -> _Judged:
    """All guesses at once."""
    height, width = view.lab.shape[:2]
    ends = np.roll(quads, -1, axis=1)
    along = ends - quads
    lengths = np.linalg.norm(along, axis=2)
    normal = np.stack((along[..., 1], -along[..., 0]), axis=2) / np.maximum(lengths, 1e-3)[..., None]  # outwards
    steps = np.linspace(0.07, 0.93, samples, dtype=np.float32)
    on_side = quads[:, :, None] + along[:, :, None] * steps[:, None]
    border = _on_border(quads, (height, width))
    support = np.where(border, _UNSEEN, _support(view, on_side, normal, reach))
    ground = _ground(view, on_side, normal, lengths, border)
    area = 0.5 * np.abs(np.sum(quads[..., 0] * ends[..., 1] - ends[..., 0] * quads[..., 1], axis=1))
    share = area / (height * width)
    turns = np.abs(np.sum(normal * np.roll(normal, -1, axis=1), axis=2)).max(axis=1)  # 0: a right angle
    sides = np.sort(np.stack((lengths[:, 0] / lengths[:, 2], lengths[:, 1] / lengths[:, 3]), axis=1).clip(0.1, 10))
    unequal = np.maximum(sides, 1 / sides).max(axis=1)
    ratio = (lengths[:, 0] + lengths[:, 2]) / (lengths[:, 1] + lengths[:, 3])
    ratio = np.maximum(ratio, 1 / ratio)
    shape = np.where((ratio > _ASPECT[0]) & (ratio < _ASPECT[1]), 1.0, 0.75)
    edges = 0.5 * support.mean(axis=1) + 0.5 * support.min(axis=1)
    score = edges * np.clip(1.25 - turns, 0, 1) * np.clip(1.5 - 0.4 * unequal, 0, 1) * shape * ground
    score = score * share**0.15 * _written(view, quads)
    outside = (quads < -0.1 * max(height, width)).any(axis=(1, 2)) | (
        quads > np.array((width, height)) + 0.1 * max(height, width)
    ).any(axis=(1, 2))
    score = np.where((share < _LEAST) | outside, 0, score)
    return _Judged(score, support, score * share**0.04)


def _seen(plane: MatLike, points: MatLike) -> MatLike:
    """The plane's values at the nearest pixels."""
    height, width = plane.shape[:2]
    x = np.clip(points[..., 0].round().astype(int), 0, width - 1)
    y = np.clip(points[..., 1].round().astype(int), 0, height - 1)
    seen: MatLike = plane[y, x]
    return seen


def _support(view: _View, on_side: MatLike, normal: MatLike, reach: int) -> MatLike:
    """What share of each side shows a change of colour straight across it."""
    found = np.zeros(on_side.shape[:3], dtype=np.float32)
    for away in range(-reach, reach + 1):
        at = on_side + normal[:, :, None] * away
        change = np.abs(_seen(view.across, at) * normal[:, :, None, 0] + _seen(view.down, at) * normal[:, :, None, 1])
        straight = change > 0.8 * np.hypot(_seen(view.across, at), _seen(view.down, at))
        found = np.maximum(found, np.where(straight, change, 0))
    shares: MatLike = (found > _EDGE).mean(axis=2)
    return shares


def _written(view: _View, quads: MatLike) -> MatLike:
    """1 where there is print inside; a blank box is likelier a book or a phone than the paper."""
    steps = np.linspace(0.08, 0.92, 14, dtype=np.float32)
    left, right = (quads[:, [at]] + (quads[:, [to]] - quads[:, [at]]) * steps[:, None] for at, to in ((0, 3), (1, 2)))
    inside = left[:, :, None] + (right - left)[:, :, None] * steps[:, None]
    share = (_seen(view.written, inside) > 0).mean(axis=(1, 2))
    result: MatLike = 0.8 + 0.2 * np.clip(share / 0.2, 0, 1)
    return result


def _ground(view: _View, on_side: MatLike, normal: MatLike, lengths: MatLike, border: MatLike) -> MatLike:
    """1 where all four sides have one colour just inside them and another outside.

    Paper has, a patterned ground has not; and a fold, a printed frame or a portrait has paper on both sides.
    """
    away = (0.025 * lengths.min(axis=1))[:, None, None, None] + 2
    inside = _seen(view.lab, on_side - normal[:, :, None] * away).astype(np.float32)
    outside = _seen(view.lab, on_side + normal[:, :, None] * away).astype(np.float32)
    step = np.linalg.norm(inside - outside, axis=3)
    steps = step.mean(axis=2)
    least = np.where(border, np.inf, steps).min(axis=1) / np.maximum(np.median(steps, axis=1), 1e-3)
    apart = np.where(border, _UNSEEN, np.clip(step / _APART, 0, 1).mean(axis=2))
    colours = inside.reshape(len(on_side), -1, 3)
    spread = np.abs(colours - np.median(colours, axis=1, keepdims=True)).mean(axis=1)
    uniform = 1 / (1 + (spread[:, 0] / 60) ** 2 + (spread[:, 1] / 12) ** 2 + (spread[:, 2] / 12) ** 2)
    even = 0.85 + 0.15 * np.clip(least / 0.4, 0, 1)  # one side much fainter than the others is a fold
    result: MatLike = uniform * even * (0.25 + 0.375 * apart.mean(axis=1) + 0.375 * apart.min(axis=1))
    return result


def _refined(view: _View, quads: MatLike) -> MatLike:
    """Each side laid anew through the steepest points within 6 pixels of it."""
    along = np.roll(quads, -1, axis=1) - quads
    lengths = np.maximum(np.linalg.norm(along, axis=2), 1e-3)[..., None]
    normal = np.stack((-along[..., 1], along[..., 0]), axis=2) / lengths
    steps, offsets = np.linspace(0.08, 0.92, _SAMPLES, dtype=np.float32), np.arange(-6, 7, dtype=np.float32)
    around = (quads[:, :, None] + along[:, :, None] * steps[:, None])[..., None, :]
    around = around + normal[:, :, None, None] * offsets[:, None]
    change = np.abs(
        _seen(view.across, around) * normal[:, :, None, None, 0]
        + _seen(view.down, around) * normal[:, :, None, None, 1]
    )
    away = offsets[change.argmax(axis=3)]
    weight = (change.max(axis=3) > _EDGE) + 1e-3
    near = np.median(away, axis=2, keepdims=True)
    for _ in range(3):  # a line through them; the farther a point lies off, the less it counts
        counted = weight / np.maximum(1, np.abs(away - near))
        total, mean = counted.sum(axis=2, keepdims=True), (counted * steps).sum(axis=2, keepdims=True)
        mean = mean / total
        level = (counted * away).sum(axis=2, keepdims=True) / total
        spread = (counted * (steps - mean) ** 2).sum(axis=2, keepdims=True)
        near = level + (counted * (steps - mean) * away).sum(axis=2, keepdims=True) / spread * (steps - mean)
    near = np.where(_on_border(quads, view.steep.shape)[..., None], 0, near)
    ends = quads[:, :, None] + along[:, :, None] * steps[[0, -1], None] + normal[:, :, None] * near[..., [0, -1], None]
    flow = ends[:, :, 1] - ends[:, :, 0]
    across = np.stack((-flow[..., 1], flow[..., 0]), axis=2)
    across /= np.maximum(np.linalg.norm(across, axis=2, keepdims=True), 1e-6)
    lines = np.concatenate((across, -np.sum(across * ends[:, :, 0], axis=2, keepdims=True)), axis=2)
    return _meetings(np.roll(lines, 1, axis=1).reshape(-1, 3), lines.reshape(-1, 3)).reshape(-1, 4, 2)


def _on_border(quads: MatLike, shape: tuple[int, ...]) -> MatLike:
    """Which sides run along the picture's edge; none where more than two do: that is no paper but the picture."""
    limits = np.array((shape[1] - 1, shape[0] - 1)) - _NEAR
    at_edge = np.stack((quads < _NEAR, quads > limits), axis=2).reshape(len(quads), 4, 4)
    sides = (at_edge & np.roll(at_edge, -1, axis=1)).any(axis=2)
    few: MatLike = sides & (sides.sum(axis=1, keepdims=True) <= 2)
    return few


def _touching(quad: MatLike, shape: tuple[int, ...]) -> MatLike:
    """Which sides lie along the picture's edge, or have a corner beyond it."""
    beyond = ((quad < -_NEAR) | (quad > np.array((shape[1], shape[0])) + _NEAR)).any(axis=1)
    touches: MatLike = _on_border(quad[None], shape)[0] | beyond | np.roll(beyond, -1)
    return touches
