"""The whole chain: what is found out about a file, and what officers get to see instead of it."""

from __future__ import annotations

import io
from random import Random
from typing import Final

import cv2
import numpy as np
import pytest
from PIL import Image

from conversations.messages import Card
from documents import examine, prints, reading
from documents.picture import Pixels
from tests.documents import hostile
from tests.documents.pictures import cards as drawn_cards
from tests.documents.pictures import papers
from tests.documents.pictures.photos import photo

READ: Final = reading.installed()
COPY: Final = 2000  # px of the long side that no copy exceeds


def test_a_file_that_cannot_be_used_has_a_word_and_a_name_and_nothing_else() -> None:
    found = examine.examine(b"Em gui anh a")
    assert (found.finding.verdict, found.copies, found.marked) == ("unsupported", (), b"")
    assert found.finding.sha256 == prints.sha256(b"Em gui anh a")


def test_a_readable_page_is_cut_out_and_nothing_is_said() -> None:
    shot = photo(0, "good", 2016)
    found = examine.examine(shot.jpeg)
    assert (found.finding.verdict, found.finding.problems, found.finding.cropped) == ("ok", (), True)
    assert found.marked == b""
    assert len(found.copies) == 1


def test_a_copy_is_a_clean_small_jpeg() -> None:
    exif = Image.Exif()
    exif[hostile.EXIF_SOFTWARE] = "Adobe Photoshop 25.0"
    exif.get_ifd(hostile.EXIF_GPS)[1] = "N"
    shot = Image.fromarray(cv2.cvtColor(photo(0, "good", 2016).picture, cv2.COLOR_BGR2RGB))
    sent = hostile.with_zip_behind(hostile.saved(shot, exif=exif, quality=92))
    found = examine.examine(sent)
    assert found.finding.software == "Adobe Photoshop"
    copy = found.copies[0]
    with Image.open(io.BytesIO(copy)) as seen:
        assert (seen.format, dict(seen.getexif()), max(seen.size) <= COPY) == ("JPEG", {}, True)
    assert b"alert" not in copy
    assert copy.endswith(b"\xff\xd9")


def test_a_card_is_read_and_cut_out_upright() -> None:
    sheet = drawn_cards.front(Random(5))
    person = sheet.person
    assert person is not None
    shot = on_a_desk(sheet.pixels, 1400, 1.0)
    for turn, back in ((None, 0), (cv2.ROTATE_90_CLOCKWISE, 270), (cv2.ROTATE_180, 180)):
        lying = shot if turn is None else cv2.rotate(shot, turn)
        found = examine.examine(sent(lying), paper="khai-sinh/giay-to-tuy-than", card=True)
        assert found.finding.card == Card(
            person.number, person.old_number, person.name, person.born, person.sex, person.address, person.issued
        )
        assert "wrong-paper" not in found.finding.problems
        height, width = decoded(found.copies[0]).shape[:2]
        assert width > height
        assert found.finding.turned == back


def test_a_card_whose_qr_was_covered_is_a_card_and_has_no_fields() -> None:
    if not READ:
        pytest.skip("needs tesseract-ocr-vie")
    card = drawn_cards.front(Random(5)).pixels.copy()
    cv2.circle(card, (round(card.shape[1] * 0.88), round(card.shape[0] * 0.2)), 200, (90, 110, 160), -1)
    found = examine.examine(sent(on_a_desk(card, 1400, 1.0)), paper="khai-sinh/giay-to-tuy-than", card=True).finding
    assert (found.card, found.title, found.side) == (None, "can-cuoc-mat-truoc", "front")


@pytest.mark.skipif(not READ, reason="needs tesseract-ocr-vie")
@pytest.mark.parametrize(
    ("key", "paper", "title", "problems"),
    [
        ("birth-notification", "khai-sinh/giay-chung-sinh", "giay-chung-sinh", ()),
        ("birth-certificate", "khai-sinh/giay-chung-sinh", "giay-khai-sinh", ("wrong-paper",)),
        ("birth-notification", "khai-tu/giay-bao-tu", "giay-chung-sinh", ("wrong-paper",)),
        ("request", "khai-sinh/giay-chung-sinh", "", ()),
        ("birth-certificate", "khai-sinh/unheard-of", "", ()),
    ],
)
def test_another_paper_is_asked_about_once(key: str, paper: str, title: str, problems: tuple[str, ...]) -> None:
    page = papers.paper(Random(3), key).pixels
    found = examine.examine(sent(on_a_desk(page, 1600, 1.0)), paper=paper).finding
    assert (found.title, found.problems, found.soft) == (title, problems, problems)
    assert bool(found.named) == bool(title)


@pytest.mark.skipif(not READ, reason="needs tesseract-ocr-vie")
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_is_turned_upright(turn: int) -> None:
    shot = on_a_desk(papers.paper(Random(3), "birth-notification").pixels, 1600, 1.0)
    lying = cv2.rotate(shot, {90: 0, 180: 1, 270: 2}[turn])
    found = examine.examine(sent(lying), paper="khai-sinh/giay-chung-sinh")
    assert (found.finding.turned, found.finding.title) == (360 - turn, "giay-chung-sinh")
    height, width = decoded(found.copies[0]).shape[:2]
    assert height > width


def test_a_photo_of_somebody_is_no_page() -> None:
    found = examine.examine(sent(decoded(hostile.saved(hostile.drawn(1200, 900)))), paper="anh-tre").finding
    assert (found.verdict, found.problems, found.cropped) == ("ok", (), False)


@pytest.mark.parametrize("size", [(48, 64), (1, 1), (20, 4000), (4000, 20), (63, 1000)])
def test_a_speck_or_a_ribbon_is_too_small(size: tuple[int, int]) -> None:
    found = examine.examine(hostile.saved(Image.new("RGB", size, "white"), "PNG"))
    assert found.finding.problems == ("too-small",)
    assert len(found.copies) == 1


def test_an_empty_picture_holds_no_document() -> None:
    assert examine.examine(hostile.saved(Image.new("RGB", (1280, 960), (180, 170, 150)))).finding.problems == (
        "no-document",
    )


def test_each_page_of_a_pdf_has_a_copy() -> None:
    page = hostile.saved(Image.fromarray(papers.paper(Random(3), "birth-notification").pixels[:, :, ::-1]))
    found = examine.examine(hostile.pdf(((595, 842),) * 3, page), paper="khai-sinh/giay-chung-sinh")
    assert (found.finding.problems, found.finding.pages, len(found.copies)) == ((), 3, 3)
    assert found.finding.title == ("giay-chung-sinh" if READ else "")


def test_only_a_pdf_with_nothing_on_any_page_is_empty() -> None:
    assert examine.examine(hostile.pdf(((595, 842),) * 2)).finding.problems == ("no-document",)


def test_a_card_on_a_pdfs_page_is_read() -> None:
    sheet = drawn_cards.front(Random(5))
    assert sheet.person is not None
    page = np.full((1754, 1240, 3), 255, np.uint8)
    page[200:578, 100:700] = cv2.resize(sheet.pixels, (600, 378), interpolation=cv2.INTER_AREA)
    found = examine.examine(hostile.pdf(picture=sent(page)), paper="giay-to-tuy-than", card=True).finding
    assert found.card is not None
    assert found.card.number == sheet.person.number


def on_a_desk(page: np.ndarray, long: int, turn: float) -> Pixels:
    """Photographed from straight above, turned by some degrees."""
    scale = long / max(page.shape)
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    margin = long // 10
    desk = np.zeros((height + 2 * margin, width + 2 * margin, 3), np.uint8)
    desk[:] = np.random.default_rng(1).normal((50, 70, 100), 4, desk.shape).clip(0, 255)
    move = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1)
    move[:, 2] += margin
    return cv2.warpAffine(small, move, desk.shape[1::-1], dst=desk, borderMode=cv2.BORDER_TRANSPARENT)


def sent(picture: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, 90))[1].tobytes()


def decoded(data: bytes) -> Pixels:
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return found
