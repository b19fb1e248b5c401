"""What a messenger's group may read of what people wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.discreet import HIDDEN, hidden
from domain.codes import around_codes, new_tracking_code, official_code, show
from tests.conversations.desk_world import NOW


@pytest.mark.parametrize(
    "number",
    ["042194001234", "0984123456", "+84984123456", "0984 123 456", "0984.123.456", "0984-123-456", "0984–123–456",
     "098 4 1 2 3 4 5 6", "84 (0)984 123 456", "٠٩٨٤١٢٣٤٥٦", "０９８４１２３４５６",
     "098\u200b4123456", "C1234567", "123456"],
)  # fmt: skip
def test_long_numbers_are_hidden(number: str) -> None:
    said = hidden(f"số {number} ạ")
    assert said in {f"số {HIDDEN} ạ", f"số 84 (0){HIDDEN} ạ"}


@pytest.mark.parametrize(
    "words", ["", "hẹn 9 giờ 30 ngày 25/11/2026", "phí 50.000 đồng", "12345", "bản 2, trang 3", "xã Sơn Tiến"]
)
def test_other_words_stay(words: str) -> None:
    assert hidden(words) == words


@given(st.binary(min_size=16, max_size=16), st.integers(1, 99_999))
def test_codes_of_dossiers_stay(random: bytes, number: int) -> None:
    tracking, official = show(new_tracking_code(random)), official_code("H27.15.02", NOW.date(), number)
    words = f"hồ sơ {tracking}, {official}; số"
    assert hidden(f"{words} 0984123456") == f"{words} {HIDDEN}"


@given(st.text())
def test_pieces_are_the_text_again(text: str) -> None:
    assert "".join(around_codes(text)) == text
    assert len(around_codes(text)) % 2


def test_what_a_dossier_holds_is_hidden_however_it_is_spaced() -> None:
    known = ("Nguyễn Thị Hoa", "Thôn 3, xã Sơn Tiến", "Lê (Văn) Tám")
    assert hidden("NGUYỄN  thị Hoa, thôn 3 xã Sơn Tiến", known) == f"{HIDDEN}, {HIDDEN}"
    assert hidden("Nguyễn Thị Hoài và Lê (Văn) Tám", known) == f"Nguyễn Thị Hoài và {HIDDEN}"


@pytest.mark.parametrize(
    "written", ["15/08/1994", "15/8/1994", "15-8-94", "15.08.94", "ngày 15 tháng 8 năm 1994", "15 tháng 8, 1994"]
)
def test_a_known_date_is_hidden_however_it_is_written(written: str) -> None:
    number = written.removeprefix("ngày ")
    assert hidden(f"Bé sinh {number} ạ, hẹn 25/11/2026", ["15/08/1994"]) == f"Bé sinh {HIDDEN} ạ, hẹn 25/11/2026"


@pytest.mark.parametrize("name", ["nguyen thi hoa", "NGUYEN THI HOA", "Nguyễn thi Hòa", "Nguye\u0302\u0303n Thị Hoa"])
def test_known_names_are_hidden_without_their_accents(name: str) -> None:
    assert hidden(f"em la {name} day", ["Nguyễn Thị Hoa"]) == f"em la {HIDDEN} day"


def test_an_address_is_hidden_also_without_its_province() -> None:
    known = ["Thôn 3, xã Sơn Tiến, tỉnh Hà Tĩnh"]
    assert hidden("nhà ở thôn 3 xã Sơn Tiến, đến UBND xã Sơn Tiến", known) == f"nhà ở {HIDDEN}, đến UBND xã Sơn Tiến"
