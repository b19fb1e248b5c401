"""A sheet laid on a desk, lit, and seen by a phone's camera."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.random import Generator

from tests.documents.pictures.desks import cloud
from tests.documents.pictures.papers import Sheet

_GRID: Final = 504  # light and bends are worked out on a grid of about so many points
_UNITY: Final = 96  # of the 8-bit light: up to 2.6 times as bright


@dataclass(frozen=True, slots=True)
class Spot:
    """A lamp's reflection. `core` is the share of the sheet on which nothing can be read."""

    centre: tuple[float, float]  # shares of the sheet's width and height
    core: float
    strength: float = 270
    steepness: float = 3
    stretch: float = 1.4


@dataclass(slots=True)
class Shot:
    """How one photo is taken; lengths are in heights of the small print's x, so that they mean the same at any size."""

    paper: float = 225  # how bright white paper comes out
    lift: float = 0  # light that lies over everything
    tint: tuple[float, float, float] = (1, 1, 1)
    uneven: float = 0.12  # from one end to the other
    noise: float = 2.5
    defocus: float = 0
    motion: float = 0
    angle: float = 0
    fold: int = 0
    bow: float = 0.004
    drop: float = 0.25  # how dark the sheet's own shadow is
    shade: float = 1  # of a hand's shadow; 1: none
    edge: float = 0.01  # how soft that is
    thumb: bool = False
    spots: list[Spot] = field(default_factory=list)


def placed(
    random: Generator, sheet: Sheet, frame: tuple[int, int], fit: tuple[float, float], turn: float, tilt: float
) -> MatLike:
    """The sheet's four corners in the frame: top left of the sheet first, clockwise.

    `fit` is how much of the frame's width or height it may take, `turn` and `tilt` are degrees at most.
    """
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (sheet.width / sheet.height, 1)
    flat = np.column_stack((half, np.zeros(4)))
    about, lean, nod = np.radians(random.uniform(-turn, turn)), *np.radians(random.uniform(-tilt, tilt, 2))
    spin = np.array([[np.cos(about), -np.sin(about), 0], [np.sin(about), np.cos(about), 0], [0, 0, 1]])
    side = np.array([[np.cos(lean), 0, np.sin(lean)], [0, 1, 0], [-np.sin(lean), 0, np.cos(lean)]])
    front = np.array([[1, 0, 0], [0, np.cos(nod), -np.sin(nod)], [0, np.sin(nod), np.cos(nod)]])
    space = flat @ (front @ side @ spin).T
    seen = space[:, :2] / (1 + space[:, 2:] / 4.5)
    seen -= seen.min(axis=0)
    room = np.array(frame)
    seen *= random.uniform(*fit) * (room / seen.max(axis=0)).min()
    slack = room - seen.max(axis=0)
    seen += slack * np.clip(random.normal(0.5, 0.2, 2), 0.1, 0.9)
    corners: MatLike = seen.astype(np.float32)
    return corners


def pixels_a_millimetre(sheet: Sheet, corners: MatLike) -> float:
    return float(np.sqrt(cv2.contourArea(corners.astype(np.float32)) / (sheet.width * sheet.height)))


def take(random: Generator, desk: MatLike, sheet: Sheet | None, corners: MatLike | None, shot: Shot) -> MatLike:
    """The photo."""
    picture, height, width = desk, desk.shape[0], desk.shape[1]
    letter = 0.006 * max(width, height)
    small = _grid(width, height)
    light = _lamp(random, small, shot)
    extra: MatLike = np.zeros(light.shape[:2], dtype=np.float32)
    if sheet is not None and corners is not None:
        letter = sheet.letter * pixels_a_millimetre(sheet, corners)
        mask, picture = _laid(random, desk, sheet, corners, shot)
        light = light * _shadow_below(mask, small, shot.drop)[..., None]
        if shot.thumb:
            picture = _thumb(random, picture, corners)
        for spot in shot.spots:
            extra = extra + _reflection(small, corners * small[0] / width, spot)
    if shot.shade < 1:
        light = light * _hand(random, small, None if corners is None else corners * small[0] / width, shot)[..., None]
    picture = cv2.multiply(picture, _large(light * _UNITY, (width, height)), scale=1 / _UNITY)
    if shot.lift or shot.spots:
        added = _large(extra + shot.lift, (width, height))
        picture = cv2.add(picture, cv2.merge((added, added, added)))
    picture = _blurred(picture, shot.defocus * letter, shot.motion * letter, shot.angle)
    return _noisy(random, picture, shot.noise)


def _grid(width: int, height: int) -> tuple[int, int]:
    step = max(1, max(width, height) // _GRID)
    return width // step, height // step


def _large(small: MatLike, size: tuple[int, int]) -> MatLike:
    return cv2.resize(np.clip(small, 0, 255).astype(np.uint8), size, interpolation=cv2.INTER_CUBIC)


def _laid(random: Generator, desk: MatLike, sheet: Sheet, corners: MatLike, shot: Shot) -> tuple[MatLike, MatLike]:
    """The desk with the sheet on it, bent and folded as paper is; and where it lies."""
    height, width = desk.shape[:2]
    page = _creased(random, sheet.pixels, shot.fold)
    scale = page.shape[1] / sheet.width / pixels_a_millimetre(sheet, corners)
    if scale > 1.2:
        page = cv2.resize(page, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    high, wide = page.shape[:2]
    square = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
    back = cv2.getPerspectiveTransform(corners.astype(np.float32), square)
    columns, rows = (
        (np.arange(points, dtype=np.float32) + 0.5) * count / points - 0.5
        for points, count in zip(_grid(width, height), (width, height), strict=True)
    )
    x, y = np.meshgrid(columns, rows)
    u, v, w = (back[row, 0] * x + back[row, 1] * y + back[row, 2] for row in range(3))
    u, v = u / w, v / w
    bow, other = random.uniform(-shot.bow, shot.bow, 2)
    bent_u = (u + bow * wide * np.sin(np.clip(v / high, 0, 1) * np.pi)).astype(np.float32)
    bent_v = (v + other * high * np.sin(np.clip(u / wide, 0, 1) * np.pi)).astype(np.float32)
    at_x, at_y = (cv2.resize(bent, (width, height), interpolation=cv2.INTER_LINEAR) for bent in (bent_u, bent_v))
    seen = cv2.remap(page, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    whole = np.zeros((high, wide), dtype=np.uint8)
    round_by = int(0.037 * wide) if sheet.width < 100 else 0  # cards have round corners
    cv2.rectangle(whole, (round_by, 0), (wide - 1 - round_by, high - 1), 255, -1)
    cv2.rectangle(whole, (0, round_by), (wide - 1, high - 1 - round_by), 255, -1)
    for cx in (round_by, wide - 1 - round_by):
        for cy in (round_by, high - 1 - round_by):
            cv2.circle(whole, (cx, cy), round_by, 255, -1)
    mask = cv2.remap(whole, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    share = mask.astype(np.float32) / 255
    return mask, cv2.blendLinear(seen, desk, share, 1 - share)


def _creased(random: Generator, page: MatLike, folds: int) -> MatLike:
    """Each panel catches the light a little differently; the crease itself is a fine line."""
    if not folds:
        return page
    height, width = page.shape[:2]
    shade = np.full((height, 1), 1.0, dtype=np.float32)
    for fold in range(1, folds + 1):
        at = int(height * fold / (folds + 1))
        shade[at:] *= random.uniform(0.9, 1.08)
        shade[at - 4 : at + 4] *= random.uniform(0.8, 0.95)
    gain = np.clip(cv2.resize(shade, (width, height)) * 200, 0, 255).astype(np.uint8)
    return cv2.multiply(page, cv2.merge((gain, gain, gain)), scale=1 / 200)


def _lamp(random: Generator, small: tuple[int, int], shot: Shot) -> MatLike:
    width, height = small
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    towards = random.uniform(0, 2 * np.pi)
    slope = shot.uneven * (x * np.cos(towards) + y * np.sin(towards)) / 2
    corners = 1 - 0.08 * (x**2 + y**2) / 2  # lenses are darker there
    light = (1 + slope + 0.03 * cloud(random, width, height, 3)) * corners * shot.paper / 250
    coloured: MatLike = (light[..., None] * np.array(shot.tint)).astype(np.float32)
    return coloured


def _shadow_below(mask: MatLike, small: tuple[int, int], strength: float) -> MatLike:
    shape = cv2.resize(mask, small, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    reach = max(small) / 150
    soft = cv2.GaussianBlur(shape, (0, 0), reach)
    moved = cv2.warpAffine(soft, np.array([[1, 0, reach], [0, 1, reach]], dtype=np.float32), small)
    shadow: MatLike = 1 - strength * np.maximum(0, moved - shape)
    return shadow


def _inside(corners: MatLike, across: float, down: float) -> tuple[float, float]:
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    onto = cv2.getPerspectiveTransform(unit, corners.astype(np.float32))
    point = onto @ np.array([across, down, 1])
    return float(point[0] / point[2]), float(point[1] / point[2])


def _reflection(small: tuple[int, int], corners: MatLike, spot: Spot) -> MatLike:
    """Light added: flat in the middle, where letters are gone, and falling off around it."""
    centre = np.array(_inside(corners, *spot.centre))
    area = cv2.contourArea(corners.astype(np.float32))
    gone = np.log(spot.strength / 200) ** (1 / spot.steepness)  # the radius within which ink is lost
    radius = np.sqrt(spot.core * area / np.pi) / gone
    x, y = np.meshgrid(np.arange(small[0]) - centre[0], np.arange(small[1]) - centre[1])
    away = np.hypot(x / spot.stretch**0.5, y * spot.stretch**0.5) / radius
    light: MatLike = (spot.strength * np.exp(-(away**spot.steepness))).astype(np.float32)
    return light


def _hand(random: Generator, small: tuple[int, int], corners: MatLike | None, shot: Shot) -> MatLike:
    """The shadow of a hand with a phone: a block and an arm."""
    width, height = small
    dark = np.zeros((height, width), dtype=np.uint8)
    size = max(small)
    centre = np.array(_inside(corners, *random.uniform(0.2, 0.8, 2))) if corners is not None else (0, 0)
    turn = random.uniform(0, 180)
    block = cv2.boxPoints((tuple(map(float, centre)), (size * random.uniform(0.2, 0.45), size * 0.22), turn))
    arm_end = (np.array(centre) + size * np.array((np.cos(np.radians(turn)), np.sin(np.radians(turn))))).astype(int)
    cv2.fillPoly(dark, [block.astype(np.int32)], 255)
    cv2.line(dark, tuple(map(int, centre)), tuple(map(int, arm_end)), 255, int(size * random.uniform(0.08, 0.16)))
    soft = cv2.GaussianBlur(dark, (0, 0), max(0.6, shot.edge * size)).astype(np.float32) / 255
    light: MatLike = 1 - (1 - shot.shade) * soft
    return light


def _thumb(random: Generator, picture: MatLike, corners: MatLike) -> MatLike:
    """It holds the sheet at one of its sides."""
    side = int(random.integers(4))
    start, end = corners[side], corners[(side + 1) % 4]
    at = start + (end - start) * random.uniform(0.25, 0.75)
    along = (end - start) / np.linalg.norm(end - start)
    outward = np.array((along[1], -along[0]))
    size = 0.045 * max(picture.shape)
    skin = random.uniform(0.6, 1) * np.array((120.0, 150.0, 205.0))
    tip = tuple(map(int, at - outward * size * 0.5))
    angle = float(np.degrees(np.arctan2(outward[1], outward[0])))
    cv2.ellipse(picture, tip, (int(size), int(size * 0.55)), angle, 0, 360, skin.tolist(), -1)
    base = tuple(map(int, at + outward * size * 3))
    cv2.line(picture, tip, base, skin.tolist(), int(size * 1.1))
    return picture


def _blurred(picture: MatLike, defocus: float, motion: float, angle: float) -> MatLike:
    if motion >= 1:
        length = int(motion) | 1
        line = np.zeros((length, length), dtype=np.uint8)
        end = np.array((np.cos(angle), np.sin(angle))) * (length / 2 - 0.5)
        ends = [tuple(map(int, np.round((length / 2 - 0.5 + sign * end) * 16))) for sign in (-1, 1)]
        cv2.line(line, ends[0], ends[1], 255, 1, cv2.LINE_AA, 4)
        picture = cv2.filter2D(picture, -1, line / np.float32(line.sum()))
    if defocus >= 0.3:
        reach = int(np.ceil(defocus))
        x, y = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
        disc = np.clip(defocus + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
        picture = cv2.filter2D(picture, -1, disc / disc.sum())
    return picture


def _noisy(random: Generator, picture: MatLike, strength: float) -> MatLike:
    height, width = picture.shape[:2]
    tile = random.normal(0, strength, (512, 512, 3)).astype(np.int16)
    again = (-(-height // 512), -(-width // 512), 1)
    return cv2.add(picture, np.tile(tile, again)[:height, :width], dtype=cv2.CV_8U)
