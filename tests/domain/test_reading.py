"""What people type becomes a value; numbers, and what holds of every kind."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.names import tidy
from domain.numbers import id_doubts
from domain.reading import Reading, read
from domain.values import Wrong, parse

TODAY = date(2026, 11, 22)
KINDS = ("text", "date", "person_name", "id_number", "phone", "address", "choice", "number", "ethnicity", "nationality")
HEARD = (
    "mồng mùng 3 15 30 tháng năm giêng chạp rằm tết âm lịch dương nhuận ngoái này trước hôm qua thứ hai chủ nhật vừa "
    "rồi 1990 94 Canh Ngọ không nhớ mười một trăm linh triệu rưỡi 540k / . - , +84 0984 721 482 042194001234 bản xom "
    "h. ht Nguyen Thij Hoaf ngày nay nam am 2tr5 \u0301 \u200b ²"
)
WORDS = st.sampled_from(HEARD.split(" ")).map(lambda word: f"{word} ")
TEXTS = st.one_of(
    st.text(), st.lists(WORDS, max_size=8).map("".join), st.text("0123456789 /.-+năthágnmồgưâ", max_size=20)
)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("NGUYỄN THỊ HOA", "Nguyễn Thị Hoa"),
        ("nguyễn thị hoa", "Nguyễn Thị Hoa"),
        ("Nguyễn  thị Hoa", "Nguyễn thị Hoa"),
        ("Nguye\u0302\u0303n Thi\u0323 Hoa", "Nguyễn Thị Hoa"),
        ("Y Moan Êñuôl", "Y Moan Êñuôl"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("TÔN NỮ HOÀNG-ANH", "Tôn Nữ Hoàng-Anh"),
        ("Nguyễn Thị Hoa.", "Nguyễn Thị Hoa"),
        ("Nguyễn Thị Hoa,", "Nguyễn Thị Hoa"),
        ("Hoa 2", Wrong("name")),
        ("A", Wrong("name")),
        ("?", Wrong("name")),
    ],
)
def test_capitals_of_names(typed: str, name: str | Wrong) -> None:
    assert tidy(typed) == name


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("042194001234", "042194001234"),
        ("042 194 001 234", "042194001234"),
        ("042.194.001.234", "042194001234"),
        ("số cccd của em là 042194001234 ạ", "042194001234"),
        ("không bốn hai một chín bốn không không một hai ba bốn", "042194001234"),
        ("184123456", "184123456"),
        ("c1234567", "C1234567"),
        ("04219400123", Wrong("id-short")),
        ("0421940012345", Wrong("id-long")),
        ("12345", Wrong("id-number")),
        ("chưa có", Wrong("id-number")),
    ],
)
def test_id_numbers(typed: str, value: str | Wrong) -> None:
    assert read("id_number", typed, today=TODAY) == (Reading(value) if isinstance(value, str) else value)


def test_a_number_of_no_province_is_doubted_not_refused() -> None:
    assert read("id_number", "099194001234", today=TODAY) == Reading("099194001234", doubts=("id-province",))


@pytest.mark.parametrize(
    ("number", "born", "sex", "doubts"),
    [
        ("042194001234", "15/08/1994", "Nữ", ()),
        ("042194001234", "1994", None, ()),
        ("042194001234", "08/1995", "Nữ", ("id-year",)),
        ("042194001234", "15/08/1994", "Nam", ("id-sex",)),
        ("042094001234", None, "Nam", ()),
        ("042305001234", "01/01/2005", "Nữ", ()),
        ("042205001234", "01/01/1905", "Nữ", ("id-year", "id-sex")),
        ("003194001234", "15/08/1994", "Nữ", ("id-province",)),
        ("101194001234", None, None, ()),  # born abroad
        ("184123456", "1994", "Nam", ()),
        ("C1234567", "1994", "Nam", ()),
    ],
)
def test_a_number_is_held_against_birth_and_sex(
    number: str, born: str | None, sex: str | None, doubts: tuple[str, ...]
) -> None:
    assert id_doubts(number, born, sex) == doubts


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0984.721.482", "+84984721482"),
        ("+84 984 721 482", "+84984721482"),
        ("84984721482", "+84984721482"),
        ("(0239) 3855 123", "+842393855123"),
        ("không chín tám bốn bảy hai một bốn tám hai", "+84984721482"),
        ("098472148", Wrong("phone-short")),
        ("09847214821", Wrong("phone-long")),
        ("113", Wrong("phone")),
        ("không có", Wrong("phone")),
    ],
)
def test_phones(typed: str, value: str | Wrong) -> None:
    assert read("phone", typed, today=TODAY) == (Reading(value) if isinstance(value, str) else value)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2", "2"),
        ("5 bản", "5"),
        ("hai", "2"),
        ("hai bản", "2"),
        ("một", "1"),
        ("không", "0"),
        ("mười lăm", "15"),
        ("hai mươi mốt", "21"),
        ("hăm ba", "23"),
        ("một trăm linh năm", "105"),
        ("500m2", "500"),
        ("1.000", "1000"),
        ("60.000.000 đồng", "60000000"),
        ("60 triệu", "60000000"),
        ("1,5 triệu", "1500000"),
        ("2 triệu rưỡi", "2500000"),
        ("hai triệu rưỡi", "2500000"),
        ("2tr5", "2500000"),
        ("540k", "540000"),
        ("hai trăm nghìn", "200000"),
        ("-1", None),
        ("2 hoặc 3", None),
        ("nhiều", None),
    ],
)
def test_numbers(typed: str, value: str | None) -> None:
    assert read("number", typed, today=TODAY) == (Wrong("number") if value is None else Reading(value))


@pytest.mark.parametrize(
    ("typed", "value"), [("0", Wrong("number-range")), ("một", Reading("1")), ("11", Wrong("number-range"))]
)
def test_numbers_have_bounds(typed: str, value: Reading | Wrong) -> None:
    assert read("number", typed, today=TODAY, least=1, most=10) == value


@pytest.mark.parametrize(
    ("kind", "typed", "found"),
    [
        ("text", "\u200b", Wrong("empty")),
        ("text", "x" * 501, Wrong("too-long")),
        ("text", "  Thôn 1 ", Reading("Thôn 1")),
        ("choice", "nu", Reading("Nữ")),
        ("choice", "3", Wrong("choice")),
    ],
)
def test_the_rest(kind: str, typed: str, found: Reading | Wrong) -> None:
    assert read(kind, typed, today=TODAY, choices=("Nam", "Nữ")) == found


@given(st.sampled_from(KINDS), TEXTS, st.booleans(), st.booleans())
def test_nothing_typed_breaks_it_and_what_is_kept_is_stable(kind: str, typed: str, partial: bool, past: bool) -> None:  # noqa: FBT001
    found = read(kind, typed, today=TODAY, choices=("Có", "Không"), partial=partial, past=past)
    if isinstance(found, Reading):
        for value in filter(None, (found.value, *found.offers)):
            again = read(kind, value, today=TODAY, choices=("Có", "Không"), partial=partial)
            assert isinstance(again, Reading)
            assert (again.value, again.offers) == (value, ())
            assert set(again.doubts) <= set(found.doubts)
            assert parse(kind, value, today=TODAY, choices=("Có", "Không"), partial=True) == value
