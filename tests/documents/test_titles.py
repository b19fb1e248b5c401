"""Titles of papers: told when sure, never taken for one another, and nobody is accused without a reason."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.load import load
from documents import reading, titles
from documents.picture import shrunk
from tests.documents.pictures import cards as drawn_cards
from tests.documents.pictures import papers

KINDS: Final = titles.titles().kinds
HEAD: Final = ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "XÃ YÊN LẠC", "Độc lập - Tự do - Hạnh phúc")
BODY: Final = ("Kính gửi: Ủy ban nhân dân xã", "Họ, chữ đệm, tên: NGUYỄN THỊ HƯỜNG", "Ngày sinh: 15/08/1994")
DRAWN: Final = {
    "birth-certificate": "giay-khai-sinh",
    "birth-form": "to-khai-khai-sinh",
    "birth-notification": "giay-chung-sinh",
    "marriage-certificate": "giay-chung-nhan-ket-hon",
    "marital-status": "giay-xac-nhan-tinh-trang-hon-nhan",
    "death-extract": "trich-luc-khai-tu",
    "death-notification": "giay-bao-tu",
    "poor-household": "giay-chung-nhan-ho-ngheo",
    "land-certificate": "giay-chung-nhan-dat",
    "request": "",
}


def test_groups_kinds_and_papers_are_known_words() -> None:
    groups = {kind.group for kind in KINDS.values()}
    assert groups & KINDS.keys() == set()
    asked = {paper.key for procedure in load().procedures.values() for paper in procedure.papers}
    for key, paper in titles.titles().papers.items():
        assert key.rpartition("/")[2] in asked, key
        assert sorted({*paper.fits, *paper.spared} - groups - KINDS.keys()) == [], key
    assert sorted((titles.titles().scenes | titles.titles().on_screens) - asked) == []


@pytest.mark.parametrize("key", KINDS)
def test_every_title_says_its_own_kind_and_no_other(key: str) -> None:
    for line in KINDS[key].lines:
        assert titles.named((*HEAD, line, *BODY)) == key, line
    for line in KINDS[key].anywhere:
        assert titles.named((line, "Nốt ruồi cách 1 cm")) == key, line


@pytest.mark.parametrize("key", KINDS)
def test_a_title_over_two_lines_is_read(key: str) -> None:
    for line in KINDS[key].lines:
        words = line.split()
        if len(words) > 5:
            half = len(words) // 2
            assert titles.named((*HEAD, " ".join(words[:half]), " ".join(words[half:]), *BODY)) == key, line


@pytest.mark.parametrize("seed", range(200))
def test_misread_letters_never_make_another_paper(seed: int) -> None:
    random = Random(seed)
    key = random.choice([key for key, kind in KINDS.items() if kind.lines])
    letters = list(random.choice(KINDS[key].lines))
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(letters))
        letters[at : at + 1] = random.choice(("", "I", "É", "N", "HH", " ", "."))
    assert titles.named((*HEAD, "".join(letters), *BODY)) in {key, ""}


@pytest.mark.parametrize(
    "line",
    [
        "Giấy chứng sinh",
        "GIẤY CHỨNG",
        "GIẤY CHỨNG N",
        "GIẤY CHỨNG NHẬN",
        "TRÍCH LỤC KHAI",
        "KÝ KHAI SINH",
        "XÁC NHẬN TÌNH TRẠNG",
        "Kèm theo: giấy chứng nhận kết hôn",
        "ĐƠN ĐỀ NGHỊ",
        "GIẤY MỜI",
        "QUYẾT ĐỊNH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "KHAI SINH",
        "",
    ],
)
def test_what_is_no_title_says_nothing(line: str) -> None:
    assert titles.named((*HEAD, line, *BODY)) == ""


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_words_are_a_known_kind_or_none(lines: list[str]) -> None:
    assert titles.named(lines) in {"", *KINDS}


def test_lines_for_machines_are_a_cards_back_and_not_a_passport() -> None:
    assert titles.named(("IDVNM1860004560034186000456<<8", "8611154F2611150VNM<<<<<<<<<<<4")) == "can-cuoc-mat-sau"
    assert titles.named(("NGUYEN<<VAN<ANH<<<<<<<<<<<<<<<",)) == "can-cuoc-mat-sau"
    assert titles.named(("P<VNMNGUYEN<<VAN<ANH<<<<<<<<<<<<<<<<<<<<<<<<",)) == ""


@pytest.mark.parametrize(
    ("title", "paper", "fits"),
    [
        ("giay-chung-sinh", "giay-chung-sinh", True),
        ("giay-khai-sinh", "giay-chung-sinh", False),
        ("can-cuoc-mat-truoc", "giay-chung-sinh", False),
        ("to-khai-khai-sinh", "giay-chung-sinh", False),
        ("giay-cam-doan", "giay-chung-sinh", None),  # stands for one that was lost
        ("can-cuoc-mat-sau", "giay-to-tuy-than", True),
        ("ho-chieu", "giay-to-tuy-than", True),
        ("giay-khai-sinh", "giay-to-tuy-than", None),  # children have no card
        ("giay-chung-nhan-dat", "giay-to-tuy-than", False),
        ("trich-luc-khai-tu", "giay-bao-tu", True),
        ("giay-chung-sinh", "giay-bao-tu", False),
        ("to-khai-khai-tu", "to-khai", True),
        ("giay-chung-sinh", "chung-cu-huyet-thong", None),
        ("", "giay-chung-sinh", None),
        ("unheard-of", "giay-chung-sinh", None),
    ],
)
def test_only_what_is_clearly_another_paper_is_wrong(title: str, paper: str, fits: object) -> None:
    assert titles.fits(title, paper) is fits


def test_every_kind_has_a_name_to_tell() -> None:
    assert [key for key in KINDS if not titles.name(key).strip()] == []


needs_model = pytest.mark.skipif(not reading.installed(), reason="needs tesseract-ocr-vie")


@needs_model
@pytest.mark.parametrize("key", DRAWN)
def test_drawn_papers_are_named_by_their_titles(key: str) -> None:
    page = np.asarray(papers.paper(Random(7), key).pixels, np.uint8)
    assert titles.named(reading.read(top(page, 0.3)).lines) == DRAWN[key]


@needs_model
def test_a_shadow_across_the_title_does_not_hide_it() -> None:
    page = np.asarray(papers.paper(Random(7), "birth-notification").pixels, np.uint8).copy()
    page[:, : page.shape[1] // 2] = page[:, : page.shape[1] // 2] // 2
    assert titles.named(reading.read(top(page, 0.3)).lines) == "giay-chung-sinh"


@needs_model
def test_the_sides_of_a_card_are_told_apart() -> None:
    sides = {"front": drawn_cards.front, "back": drawn_cards.back, "old back": drawn_cards.plain_back}
    read = {
        name: titles.named(reading.read(top(np.asarray(draw(Random(3)).pixels, np.uint8), 0.5)).lines)
        for name, draw in sides.items()
    }
    assert read == {"front": "can-cuoc-mat-truoc", "back": "can-cuoc-mat-sau", "old back": "can-cuoc-mat-sau"}


def test_the_data_stand_beside_the_program() -> None:
    assert Path(titles.__file__).with_name("titles.toml").is_file()


def top(page: np.ndarray, part: float) -> np.ndarray:
    upper = page[: round(page.shape[0] * part)]
    noisy = cv2.add(upper, np.random.default_rng(1).integers(0, 9, upper.shape, dtype=np.uint8))
    return shrunk(np.asarray(noisy, np.uint8), reading.WIDTH)
