"""Where the paper lies, the paper laid flat, and the trouble outlined."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from cv2.typing import MatLike

from documents import corners, flatten, marks, quality
from documents.corners import Corners
from tests.documents.pictures.photos import READABLE, SENT, photo


def _overlap(one: MatLike, other: MatLike) -> float:
    both, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
    return both / (cv2.contourArea(one) + cv2.contourArea(other) - both)


@pytest.mark.parametrize("kind", [kind for kind in READABLE if kind != "scan"])
@pytest.mark.parametrize("seed", [104])
def test_the_paper_is_found(kind: str, seed: int) -> None:
    shot = photo(seed, kind, SENT)
    found = corners.find(shot.picture)
    assert found is not None
    assert found.sure
    assert shot.corners is not None
    assert _overlap(found.points, shot.corners) > 0.95


def test_corners_go_clockwise_from_the_top_left() -> None:
    picture = np.full((900, 1200, 3), 60, np.uint8)
    cv2.rectangle(picture, (300, 100), (900, 800), (240, 240, 240), -1)
    found = corners.find(picture)
    assert found is not None
    assert np.abs(found.points - [(300, 100), (900, 100), (900, 800), (300, 800)]).max() < 4
    assert found.touching == (False, False, False, False)


def test_a_side_at_the_edge_of_the_picture_is_named() -> None:
    picture = np.full((900, 1200, 3), 60, np.uint8)
    cv2.rectangle(picture, (300, 200), (900, 900), (240, 240, 240), -1)
    found = corners.find(picture)
    assert found is not None
    assert found.touching == (False, False, True, False)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (31, 31)])
def test_what_is_too_small_has_none(shape: tuple[int, int]) -> None:
    assert corners.find(np.full((*shape, 3), 128, np.uint8)) is None


def test_corners_of_a_smaller_picture_fit_the_larger() -> None:
    found = Corners(np.array([[1, 2], [11, 2], [11, 7], [1, 7]], np.float32), 0.9, (1, 1, 1, 1), (False,) * 4)
    assert found.short == 5
    assert found.scaled(2).points.tolist() == [[2, 4], [22, 4], [22, 14], [2, 14]]


def test_a_flattened_card_has_a_cards_shape_and_its_code_reads() -> None:
    for seed in range(100, 140, 2):
        shot = photo(seed, "good", SENT)
        if shot.sheet is None or not shot.sheet.has_qr or shot.sheet.person is None:
            continue
        found = corners.find(shot.picture)
        assert found is not None
        card = flatten.flat(shot.picture, found)
        assert max(card.shape) / min(card.shape[:2]) == pytest.approx(1.586, abs=0.08)
        texts = [code.text for code in zxingcpp.read_barcodes(card)]
        assert texts == [shot.sheet.person.payload]
        return
    pytest.fail("no card among these seeds")


def test_a_scan_is_white_where_the_photo_lay_in_shadow() -> None:
    """The same page drawn flat, a shadow over half of it: both halves come out as white, and print stays dark."""
    sheet = photo(100, "scan").picture
    shaded = sheet.copy()
    shaded[:, : sheet.shape[1] // 2] = shaded[:, : sheet.shape[1] // 2] // 2
    scanned = flatten.scan(shaded)
    left, right = scanned[:, : sheet.shape[1] // 2], scanned[:, sheet.shape[1] // 2 :]
    assert np.median(left) >= 250
    assert np.median(right) >= 250
    one, other = (cv2.cvtColor(page, cv2.COLOR_BGR2GRAY).ravel() for page in (scanned, sheet))
    assert np.corrcoef(one, other)[0, 1] > 0.8


@pytest.mark.parametrize("shape", [(2, 2, 3), (5, 700, 3), (60, 60, 3)])
def test_a_scan_of_any_size(shape: tuple[int, ...]) -> None:
    assert flatten.scan(np.full(shape, 200, np.uint8)).shape == shape


def test_marks_are_drawn_where_the_trouble_is() -> None:
    picture = photo(102, "glare", SENT).picture
    look = quality.look(picture, corners.find(picture))
    drawn = marks.draw(picture, look)
    assert max(drawn.shape) == 800
    red = (drawn[..., 2] > 180) & (drawn[..., 1] < 90) & (drawn[..., 0] < 90)
    scale = 800 / max(picture.shape)
    outline = np.concatenate(look.areas) * scale
    ys, xs = np.nonzero(red)
    assert len(xs) > 200
    left, top = outline.min(axis=0) - 6
    right, bottom = outline.max(axis=0) + 6
    near = (xs >= left) & (xs <= right) & (ys >= top) & (ys <= bottom)
    assert near.mean() > 0.6
