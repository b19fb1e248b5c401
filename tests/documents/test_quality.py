"""A photo that can be read passes, one that can't is told why; on small simulated photos."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from cv2.typing import MatLike

from documents import corners, quality
from tests.documents.pictures.photos import FAULTS, READABLE, SENT, photo

_SEEDS = (102, 104)  # even: they may be looked at


@pytest.mark.parametrize("kind", READABLE)
@pytest.mark.parametrize("seed", _SEEDS[:1])
def test_a_readable_photo_has_no_problem(kind: str, seed: int) -> None:
    picture = photo(seed, kind, SENT).picture
    assert quality.look(picture, corners.find(picture)).problems == ()


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("seed", _SEEDS)
def test_the_fault_is_named_first(kind: str, seed: int) -> None:
    picture = photo(seed, kind, SENT).picture
    assert quality.look(picture, corners.find(picture)).problems[:1] == (FAULTS[kind],)


@pytest.mark.parametrize("kind", ["glare", "cut"])
def test_glare_and_a_cut_side_are_soft_and_outlined(kind: str) -> None:
    picture = photo(102, kind, SENT).picture
    found = quality.look(picture, corners.find(picture))
    assert found.soft == (FAULTS[kind],)
    height, width = picture.shape[:2]
    for area in found.areas:
        assert cv2.contourArea(area) > 0.01 * height * width
        assert (area >= -1).all()
        assert (area <= (width, height)).all()
    assert len(found.areas) > 0


def test_the_outlined_glare_is_where_the_light_fell() -> None:
    """Nothing darker than white lies in the middle of it."""
    picture = photo(102, "glare", SENT).picture
    (area,) = quality.look(picture, corners.find(picture)).areas
    inside = cv2.drawContours(np.zeros(picture.shape[:2], np.uint8), [area.astype(np.int32)], -1, 255, -1)
    assert np.median(picture[inside > 0]) >= 250


def test_bright_white_paper_is_no_glare() -> None:
    """In sunshine all of the page is as white as a picture can be; its print is as dark as ever."""
    picture = cv2.convertScaleAbs(photo(100, "good", SENT).picture, alpha=1.35)
    assert quality.look(picture, corners.find(picture)).problems == ()


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (64, 64), (40, 4000), (3, 700)])
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_picture_of_any_shape_is_answered(shape: tuple[int, int], shade: int) -> None:
    picture: MatLike = np.full((*shape, 3), shade, np.uint8)
    found = quality.look(picture, corners.find(picture))
    assert len(found.problems) > 0


def test_a_picture_of_noise_is_answered() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    found = quality.look(picture, corners.find(picture))
    assert len(found.problems) > 0
