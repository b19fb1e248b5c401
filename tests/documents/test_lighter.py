"""A picture for a messenger: small enough, upright, and still as large as that allows."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from documents.lighter import smaller
from documents.picture import Unusable


def noise(long: int, short: int, kind: str) -> bytes:
    """Nothing is harder to make small."""
    pixels = np.random.default_rng(1).integers(0, 255, (short, long, 3), np.uint8)
    kept = io.BytesIO()
    Image.fromarray(pixels).save(kept, kind)
    return kept.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_it_fits(kind: str) -> None:
    made = smaller(noise(2000, 1000, kind), 900_000)
    assert len(made) <= 900_000
    with Image.open(io.BytesIO(made)) as picture:
        assert picture.format == "JPEG"
        assert picture.width == 2 * picture.height


def test_it_is_no_smaller_than_it_must_be() -> None:
    with Image.open(io.BytesIO(smaller(noise(600, 300, "PNG"), 900_000))) as picture:
        assert picture.size == (600, 300)


def test_what_is_no_picture() -> None:
    with pytest.raises(Unusable):
        smaller(b"%PDF-1.7", 900_000)


def test_what_can_not_be_so_small() -> None:
    with pytest.raises(Unusable):
        smaller(noise(600, 300, "PNG"), 1_000)
