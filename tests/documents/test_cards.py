"""The QR of an ID card: what it may say, and that no photo of one is ever read wrongly."""

from __future__ import annotations

import unicodedata
from random import Random
from typing import Final

import cv2
import numpy as np
import pytest
import segno
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.messages import Card
from documents import cards
from documents.picture import Pixels
from tests.documents.pictures import cards as drawn_cards

SAID: Final = "001094012345|012345678|Nguyễn Thị Hường|15081994|Nữ|Thôn Đông, Xã Yên Lạc, Phú Thọ|25082021"
HUONG: Final = Card(
    "001094012345", "012345678", "Nguyễn Thị Hường", "15/08/1994", "Nữ", "Thôn Đông, Xã Yên Lạc, Phú Thọ", "25/08/2021"
)


def test_the_first_seven_fields_are_read() -> None:
    assert cards.parse(SAID.encode()) == HUONG


@pytest.mark.parametrize("more", ["|", "||||", "|Nguyễn Văn A|Trần Thị B|", "|thêm|gì|đó|sau|này", "\r\n"])
def test_what_later_cards_append_is_left_alone(more: str) -> None:
    assert cards.parse((SAID + more).encode()) == HUONG


def test_letters_and_marks_written_apart_are_joined() -> None:
    assert cards.parse(unicodedata.normalize("NFD", SAID).encode()) == HUONG


def test_who_never_had_an_old_number_has_none() -> None:
    read = cards.parse(SAID.replace("|012345678|", "||").encode())
    assert read is not None
    assert read.old_number == ""


@pytest.mark.parametrize("name", ["H'Hen Niê", "Y Moan Êban", "A Phó", "Đỗ Đức-Anh", "Ksor H’Bia"])
def test_names_of_all_peoples_are_names(name: str) -> None:
    read = cards.parse(SAID.replace("Nguyễn Thị Hường", name).encode())
    assert read is not None
    assert read.name == name


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("001094012345", "00109401234"),
        ("001094012345", "0010940123456"),
        ("001094012345", "00109401234x"),
        ("001094012345", "٠٠١٠٩٤٠١٢٣٤٥"),
        ("012345678", "12345678"),
        ("012345678", "0123456789"),
        ("Nguyễn Thị Hường", ""),
        ("Nguyễn Thị Hường", " "),
        ("Nguyễn Thị Hường", "Nguyễn Th1 Hường"),
        ("Nguyễn Thị Hường", "Nguyễn\nThị Hường"),
        ("Nguyễn Thị Hường", "N" * 300),
        ("15081994", "31021994"),
        ("15081994", "00001994"),
        ("15081994", "19940815"),
        ("15081994", "15/08/1994"),
        ("15081994", "15082094"),
        ("Nữ", "nu"),
        ("Nữ", "Khác"),
        ("Thôn Đông, Xã Yên Lạc, Phú Thọ", ""),
        ("Thôn Đông, Xã Yên Lạc, Phú Thọ", ", "),
        ("Thôn Đông, Xã Yên Lạc, Phú Thọ", "Thôn Đông|Xã Yên Lạc"),
        ("Thôn Đông, Xã Yên Lạc, Phú Thọ", "Thôn\x00Đông"),
        ("|25082021", ""),
        ("25082021", "30022021"),
    ],
)
def test_one_wrong_field_and_there_is_no_card(right: str, wrong: str) -> None:
    assert cards.parse(SAID.replace(right, wrong).encode()) is None


def test_other_alphabets_of_bytes_are_no_cards() -> None:
    assert cards.parse(SAID.encode("utf-16")) is None
    assert cards.parse(SAID.replace("Hường", "Huong").encode("cp1258", "replace")) is None
    assert cards.parse(b"5774") is None


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
@example(SAID.encode())
@example(b"||||||")
def test_any_bytes_are_a_card_or_none(said: bytes) -> None:
    read = cards.parse(said)
    assert read is None or cards.side(read) in {"front", "back"}


@given(st.integers(0, len(SAID) - 1), st.characters(codec="utf-8"))
def test_a_changed_letter_changes_no_other_field(at: int, letter: str) -> None:
    changed = SAID[:at] + letter + SAID[at + 1 :]
    read = cards.parse(changed.encode())
    fields = unicodedata.normalize("NFC", changed).split("|")
    if read is not None:
        assert [read.number, read.old_number, read.name, read.sex, read.address] == [
            fields[i].strip(" \r\n") for i in (0, 1, 2, 4, 5)
        ]


@pytest.mark.parametrize(("issued", "side"), [("25082021", "front"), ("30062024", "front"), ("01072024", "back")])
def test_the_day_of_issue_tells_on_which_side_the_qr_is(issued: str, side: str) -> None:
    read = cards.parse(SAID.replace("25082021", issued).encode())
    assert read is not None
    assert cards.side(read) == side


@pytest.mark.parametrize("seed", range(24))
def test_drawn_cards_are_read_under_turn_blur_and_compression_and_never_wrongly(seed: int) -> None:
    random = Random(seed)
    sheet = random.choice((drawn_cards.front, drawn_cards.back))(random)
    assert sheet.person is not None
    shown = photographed(sheet.pixels, random, width=random.randint(640, 1000), blur=random.uniform(0, 0.8))
    read = cards.read(shown, hard=True)
    assert read is not None
    person = sheet.person
    assert read.card == Card(
        person.number, person.old_number, person.name, person.born, person.sex, person.address, person.issued
    )


@pytest.mark.parametrize("seed", range(24))
def test_what_is_too_poor_to_read_is_not_guessed(seed: int) -> None:
    random = Random(seed)
    sheet = drawn_cards.front(random)
    assert sheet.person is not None
    read = cards.read(photographed(sheet.pixels, random, width=420, blur=random.uniform(0.5, 2)), hard=True)
    assert read is None or read.card.number == sheet.person.number


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_qr_tells_which_way_up_a_card_is(turn: int) -> None:
    shown = photographed(drawn_cards.front(Random(1)).pixels, Random(2), width=800, blur=0)
    lying = shown if turn == 0 else np.asarray(cv2.rotate(shown, {90: 0, 180: 1, 270: 2}[turn]), np.uint8)
    read = cards.read(lying, hard=False)
    assert read is not None
    assert (read.turned + turn) % 360 == 0


@pytest.mark.parametrize("text", ["https://dichvucong.gov.vn", "5774", "1|2|3|4|5|6|7", SAID.replace("Nữ", "X")])
def test_other_qrs_are_no_cards(text: str) -> None:
    code = np.array([list(row) for row in segno.make(text, micro=False).matrix_iter(scale=6, border=4)], np.uint8)
    shown = np.repeat((255 - code * 255)[:, :, None], 3, axis=2).astype(np.uint8)
    assert cards.read(shown, hard=True) is None


def photographed(card: object, random: Random, *, width: int, blur: float) -> Pixels:
    """On a table, a little askew and out of focus, as a messenger compresses it."""
    whole = cv2.resize(np.asarray(card, np.uint8), (width, round(width * 0.63)), interpolation=cv2.INTER_AREA)
    desk = np.full((width, round(width * 1.5), 3), 90, np.uint8)
    turn = cv2.getRotationMatrix2D((width / 2, width * 0.315), random.uniform(-12, 12), 1)
    turn[:, 2] += np.array((width * 0.25, width * 0.18))
    shown = cv2.warpAffine(whole, turn, desk.shape[1::-1], dst=desk, borderMode=cv2.BORDER_TRANSPARENT)
    if blur:
        shown = cv2.GaussianBlur(shown, (0, 0), blur)
    sent = cv2.imencode(".jpg", shown, (cv2.IMWRITE_JPEG_QUALITY, random.randint(70, 92)))[1]
    return np.asarray(cv2.imdecode(sent, cv2.IMREAD_COLOR), np.uint8)
