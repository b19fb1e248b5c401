"""Strangers' files: each gets its one word, and none takes the machine's memory."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
import pytest
from PIL import Image

from documents import examine, pages
from documents.picture import ENOUGH, MAX_PIXELS, Picture, jpeg
from tests.documents import hostile
from tests.documents.hostile import drawn, pdf, saved, with_exif

PHOTO: Final = saved(drawn())
SENT: Final = {
    "a photo": (PHOTO, "ok"),
    "a screenshot that is see-through": (saved(drawn().convert("RGBA"), "PNG"), "ok"),
    "a plain PNG": (saved(drawn(), "PNG"), "ok"),
    "in grey": (saved(drawn().convert("L")), "ok"),
    "for printers": (saved(drawn().convert("CMYK")), "ok"),
    "of few colours": (saved(drawn().convert("P"), "PNG"), "ok"),
    "of 16 bits": (saved(Image.fromarray(np.full((90, 90), 40_000, np.uint16)), "PNG"), "ok"),
    "a WebP": (saved(drawn(), "WEBP"), "ok"),
    "an iPhone's": (saved(drawn(), "HEIF"), "ok"),
    "a WebP that moves": (hostile.animated("WEBP"), "ok"),
    "a PNG that moves": (hostile.animated("PNG"), "ok"),
    "a PDF": (pdf(), "ok"),
    "a PDF of twenty pages": (pdf(((595, 842),) * pages.MAX_PAGES), "ok"),
    "a photo with an archive behind it": (hostile.with_zip_behind(PHOTO), "ok"),
    "nothing": (b"", "empty"),
    "a GIF": (hostile.animated("GIF"), "unsupported"),
    "a TIFF": (saved(drawn(), "TIFF"), "unsupported"),
    "a text named .jpg": (b"Em gui anh a", "unsupported"),
    "an archive": (hostile.with_zip_behind(b""), "unsupported"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "unsupported"),
    "a video": (b"\0\0\0\x18ftypmp42" + bytes(200), "unsupported"),
    "the beginning of a JPEG": (PHOTO[:3], "corrupt"),
    "a text that begins like a JPEG": (b"\xff\xd8\xff" + b"Em gui anh a" * 50, "corrupt"),
    "a text that begins like a PDF": (b"%PDF-1.7 Em gui anh a", "corrupt"),
    "a text that begins like a HEIC": (b"\0\0\0\x18ftypheic" + bytes(200), "corrupt"),
    "half a JPEG": (PHOTO[: len(PHOTO) // 2], "corrupt"),
    "nearly a JPEG": (PHOTO[: len(PHOTO) - 40], "corrupt"),
    "half a PNG": (saved(drawn(), "PNG")[:5000], "corrupt"),
    "half a WebP": (saved(drawn(), "WEBP")[:2000], "corrupt"),
    "half a HEIC": (saved(drawn(), "HEIF")[:3000], "corrupt"),
    "half a PDF": (pdf(picture=PHOTO)[:200], "corrupt"),
    "a PNG of 144 megapixels": (hostile.bomb(), "too-large"),
    "a PNG of 900 megapixels": (hostile.bomb(30_000), "too-large"),
    "a PDF with a password": (hostile.locked_pdf(), "encrypted"),
    "a PDF of 21 pages": (pdf(((595, 842),) * 21), "too-many-pages"),
    "a PDF of 300 pages": (pdf(((595, 842),) * 300), "too-many-pages"),
}


@pytest.mark.parametrize("name", SENT)
def test_each_file_gets_its_word(name: str) -> None:
    data, word = SENT[name]
    assert examine.examine(data).finding.verdict == word


def test_bombs_are_small() -> None:
    assert len(hostile.bomb()) < 25_000
    assert MAX_PIXELS < 12_000**2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turn_told_by_the_file_is_carried_out_once(kind: str, turn: int) -> None:
    back = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[turn]  # Image.Transpose that undoes the turn
    stored = drawn() if back is None else drawn().transpose(Image.Transpose(back))
    seen = Picture(with_exif(stored, turn, kind)).half
    assert seen.shape == (480, 640, 3)
    corners = [seen[50, 50], seen[50, -50], seen[-50, 50]]
    assert [int(np.argmax(corner)) for corner in corners] == [2, 1, 0]  # red, green, blue
    assert [int(np.max(corner)) > 200 for corner in corners] == [True] * 3


def test_a_large_photo_is_decoded_at_half_its_size_and_whole_on_demand() -> None:
    picture = Picture(saved(drawn(3200, 2400)))
    assert picture.half.shape == (1200, 1600, 3)
    assert picture.full.shape == (2400, 3200, 3)
    assert picture.more
    assert not Picture(saved(drawn(ENOUGH, 1920))).more


def test_what_is_see_through_lies_on_white() -> None:
    picture = Picture(saved(Image.new("RGBA", (80, 80), (0, 0, 0, 0)), "PNG"))
    assert int(picture.half.min()) == 255
    half = Picture(saved(Image.new("RGBA", (80, 80), (0, 0, 0, 128)), "PNG")).half
    assert int(half.min()) == int(half.max()) == 127


def test_of_what_moves_the_first_picture_counts() -> None:
    for kind in ("WEBP", "PNG"):
        seen = Picture(hostile.animated(kind)).half
        assert int(np.argmax(seen[50, 50])) == 2


def test_odd_metadata_make_no_photo_unusable() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x12\0\x02\xff\xff\xff\xff\0\0\0\x06\x01\x31\0\x07\0\0\0\xff"
    assert Picture(saved(drawn(), exif=exif)).half.shape == (480, 640, 3)


def test_a_copy_carries_pixels_and_nothing_else() -> None:
    sent = hostile.with_zip_behind(with_exif(drawn(), 6, software="Adobe Photoshop"))
    copy = jpeg(Picture(sent).half, 80)
    with Image.open(io.BytesIO(copy)) as seen:
        assert dict(seen.getexif()) == {}
        assert sorted(seen.info) == ["jfif", "jfif_density", "jfif_unit", "jfif_version"]
    assert copy.endswith(b"\xff\xd9")
    assert b"alert" not in copy


def test_pages_are_drawn_no_larger_than_needed() -> None:
    sizes = ((14_400.0, 14_400.0), (595.0, 842.0), (243.0, 153.0), (3.0, 14_400.0))
    drawn_sizes = [page.shape[:2] for page in pages.Pages(pdf(sizes)).pictures()]
    assert drawn_sizes == [(2000, 2000), (2000, 1414), (638, 1013), (2000, 1)]


def test_a_blank_page_is_told_from_a_written_one() -> None:
    first, second = pages.Pages(pdf(((595, 842), (595, 842)), PHOTO)).pictures()
    assert (pages.blank(first), pages.blank(second)) == (False, True)
