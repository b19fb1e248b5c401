"""The same picture is known again, others are not taken for it; editors are named, cameras are not."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import pytest
from PIL import Image

from documents import origin, prints
from documents.pages import Pages
from documents.picture import Picture, shrunk
from domain.likeness import same_picture
from tests.documents import hostile
from tests.documents.hostile import drawn, saved, with_exif

LOOK: Final = prints.look(Picture(saved(drawn())).half)


def test_a_look_has_256_bits() -> None:
    assert len(LOOK) == 64
    assert int(LOOK, 16) < 1 << 256


def test_copies_of_a_picture_look_the_same() -> None:
    seen = Picture(saved(drawn())).half
    copies = {
        "compressed": Picture(saved(drawn(), quality=30)).half,
        "smaller": shrunk(seen, 320),
        "brighter": cv2.convertScaleAbs(seen, alpha=1.1, beta=12),
        "a PNG": Picture(saved(drawn(), "PNG")).half,
    }
    unlike = [name for name, copy in copies.items() if not same_picture(LOOK, prints.look(np.asarray(copy, np.uint8)))]
    assert unlike == []


def test_other_pictures_do_not() -> None:
    turned = [hostile.drawn(640, 480, seed).transpose(Image.Transpose(seed % 7)) for seed in range(2, 12)]
    others = [prints.look(Picture(saved(other)).half) for other in turned]
    assert [other for other in others if same_picture(LOOK, other)] == []


def test_what_has_no_look_is_like_nothing() -> None:
    assert not same_picture("", LOOK)
    assert not same_picture("", "")
    assert same_picture(LOOK, LOOK)


@pytest.mark.parametrize(
    ("software", "editor"),
    [
        ("Adobe Photoshop 25.0 (Windows)", "Adobe Photoshop"),
        ("GIMP 2.10.34", "GIMP"),
        ("PicsArt", "PicsArt"),
        ("Snapseed 2.0", "Snapseed"),
        ("Adobe Lightroom 8.2 (Android)", "Adobe Lightroom"),
        ("Canva", "Canva"),
        ("17.5.1", ""),
        ("HDR+ 1.0.585804401zd", ""),
        ("A546EXXU8CXA1", ""),
        ("MediaTek Camera Application", ""),
        ("GIMPLE-1", ""),
        ("", ""),
    ],
)
def test_editors_are_named_and_cameras_are_not(software: str, editor: str) -> None:
    assert origin.editor(Picture(with_exif(drawn(), 1, software=software)).programs) == editor


def test_what_is_known_of_a_files_history_is_read() -> None:
    words = '<rdf xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" {}/>'
    assert origin.editor((words.format(""),)) == ""
    assert origin.editor((words.format('xmp:CreatorTool="Adobe Photoshop 25.1"'),)) == "Adobe Photoshop"
    assert origin.editor((words.format('stEvt:softwareAgent="Canva"'),)) == "Canva"


def test_a_pdf_that_was_printed_or_scanned_names_no_editor() -> None:
    assert origin.editor(("Microsoft® Word for Microsoft 365", "CamScanner")) == ""
    assert origin.editor(("Adobe Photoshop for Windows",)) == "Adobe Photoshop"
    document = Pages(hostile.pdf())
    document.close()
    assert origin.editor(document.programs) == ""
