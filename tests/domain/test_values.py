"""What people type becomes one value, what is stored becomes Vietnamese words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values import (
    VIETNAM,
    Wrong,
    clean,
    date_words,
    fold,
    moment_words,
    money_words,
    parse,
    phone,
    show_phone,
)

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  xin   chào  ", "xin chào"),
        ("Hoa\u0300 bi\u0300nh", "Hoà bình"),
        ("a\u200bb\u202ec\ufeff", "abc"),
        ("một\r\nhai\n\n\n\nba", "một\nhai\n\nba"),
        ("a \n b", "a\nb"),
        ("\x00\x07", ""),
        ("tab\there", "tab here"),
    ],
)
def test_text_is_cleaned(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_folding_takes_accents_and_case_away() -> None:
    assert fold(" Đặng Thị Huệ! ") == "dang thi hue"


def test_days_are_named() -> None:
    week = [date_words(date(2026, 11, 23) + timedelta(days=n)) for n in range(7)]
    assert week == [
        "Thứ Hai 23/11/2026",
        "Thứ Ba 24/11/2026",
        "Thứ Tư 25/11/2026",
        "Thứ Năm 26/11/2026",
        "Thứ Sáu 27/11/2026",
        "Thứ Bảy 28/11/2026",
        "Chủ Nhật 29/11/2026",
    ]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 15, 20, tzinfo=VIETNAM), "15 giờ 20 ngày mai"),
        (datetime(2026, 11, 22, 7, 0, tzinfo=VIETNAM), "7 giờ hôm nay"),
        (datetime(2026, 11, 21, 16, 5, tzinfo=VIETNAM), "16 giờ 05 hôm qua"),
        (datetime(2026, 11, 25, 8, 20, tzinfo=UTC), "15 giờ 20, Thứ Tư 25/11/2026"),
        (datetime(2026, 11, 22, 17, 30, tzinfo=UTC), "0 giờ 30 ngày mai"),
    ],
)
def test_moments_are_told_beside_now(at: datetime, words: str) -> None:
    assert moment_words(at, NOW) == words


def test_moments_read_later_always_have_their_day() -> None:
    assert moment_words(datetime(2026, 11, 23, 15, 20, tzinfo=VIETNAM)) == "15 giờ 20, Thứ Hai 23/11/2026"


def test_money() -> None:
    assert [money_words(n) for n in (0, 8000, 10000, 4500000)] == [
        "0 đồng",
        "8.000 đồng",
        "10.000 đồng",
        "4.500.000 đồng",
    ]


@pytest.mark.parametrize(
    ("typed", "e164", "shown"),
    [
        ("0984.123.456", "+84984123456", "0984 123 456"),
        ("+84 984 123 456", "+84984123456", "0984 123 456"),
        ("84984123456", "+84984123456", "0984 123 456"),
        ("0239 3855 123", "+842393855123", "0239 3 855 123"),
    ],
)
def test_phones(typed: str, e164: str, shown: str) -> None:
    assert (phone(typed), show_phone(e164)) == (e164, shown)


@pytest.mark.parametrize("typed", ["", "0984", "098412345678", "abc", "1984123456"])
def test_no_phones(typed: str) -> None:
    assert phone(typed) is None


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  Thôn 1 ", "Thôn 1"),
        ("text", "\u200b", Wrong("empty")),
        ("text", "x" * 501, Wrong("too-long")),
        ("person_name", "nguyễn  thị hoa", "Nguyễn Thị Hoa"),
        ("person_name", "NGUYEN VAN AN", "NGUYEN VAN AN"),
        ("person_name", "Y Moan Êñuôl", "Y Moan Êñuôl"),
        ("person_name", "Hoa 2", Wrong("name")),
        ("person_name", "A", Wrong("name")),
        ("date", "15/8/1994", "15/08/1994"),
        ("date", "15-8-94", "15/08/1994"),
        ("date", "1.2.05", "01/02/2005"),
        ("date", "15 8 1994", "15/08/1994"),
        ("date", "ngày 15 tháng 8 năm 1994", "15/08/1994"),
        ("date", "Ngày 5 tháng 12 năm 2026", "05/12/2026"),
        ("date", "15081994", "15/08/1994"),
        ("date", "31/2/2020", Wrong("date-unreal")),
        ("date", "29/2/2024", "29/02/2024"),
        ("date", "1/1/0001", Wrong("date-unreal")),
        ("date", "1994", Wrong("date")),
        ("date", "hôm qua", Wrong("date")),
        ("id_number", "042 194 001 234", "042194001234"),
        ("id_number", "184123456", "184123456"),
        ("id_number", "c1234567", "C1234567"),
        ("id_number", "12345", Wrong("id-number")),
        ("phone", "0984123456", "+84984123456"),
        ("phone", "113", Wrong("phone")),
        ("number", "2 bản", "2"),
        ("number", "1.000", "1000"),
        ("number", "-1", Wrong("number")),
        ("number", "hai", Wrong("number")),
        ("address", "Thôn 1,\nxã Sơn Tiến", "Thôn 1,\nxã Sơn Tiến"),
    ],
)
def test_answers(kind: str, typed: str, value: str | Wrong) -> None:
    assert parse(kind, typed, today=TODAY) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1945", "1945"), ("năm 1945", "1945"), ("10/1945", "10/1945"), ("tháng 3 năm 1945", "03/1945")],
)
def test_a_date_of_long_ago_may_be_known_in_part(typed: str, value: str) -> None:
    assert parse("date", typed, today=TODAY, partial=True) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Nam", "Nam"),
        ("nu", "Nữ"),
        ("2", "Nữ"),
        ("kh", "Khác"),
        ("n", Wrong("choice")),
        ("4", Wrong("choice")),
        ("?", Wrong("choice")),
    ],
)
def test_a_choice_is_known_by_label_number_or_beginning(typed: str, value: str | Wrong) -> None:
    assert parse("choice", typed, choices=("Nam", "Nữ", "Khác"), today=TODAY) == value


@pytest.mark.parametrize(("typed", "value"), [("0", Wrong("number-range")), ("1", "1"), ("11", Wrong("number-range"))])
def test_numbers_have_bounds(typed: str, value: str | Wrong) -> None:
    assert parse("number", typed, today=TODAY, least=1, most=10) == value


@given(st.sampled_from(["text", "date", "person_name", "id_number", "phone", "number", "choice"]), st.text())
def test_nothing_typed_breaks_it_and_what_is_kept_is_stable(kind: str, typed: str) -> None:
    value = parse(kind, typed, choices=("Có", "Không"), today=TODAY, partial=True)
    if isinstance(value, str):
        assert parse(kind, value, choices=("Có", "Không"), today=TODAY, partial=True) == value
