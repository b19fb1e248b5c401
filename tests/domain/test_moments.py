"""Moments to come as people say them."""

from __future__ import annotations

from datetime import date, time

import pytest

from domain.moments import Meant, read_moment

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sáng mai", Meant(date(2026, 11, 24), None, "morning")),
        ("chiều nay", Meant(TODAY, None, "afternoon")),
        ("thứ 5 lúc 2 giờ chiều", Meant(date(2026, 11, 26), time(14), "afternoon")),
        ("thu nam 2h", Meant(date(2026, 11, 26), time(14))),
        ("thứ sáu tuần sau, 8h30", Meant(date(2026, 12, 4), time(8, 30))),
        ("sang tuần thứ 3", Meant(date(2026, 12, 1))),
        ("thứ hai", Meant(date(2026, 11, 30))),
        ("chủ nhật", Meant(date(2026, 11, 29))),
        ("25/11 9:00", Meant(date(2026, 11, 25), time(9))),
        ("ngày 25 tháng 11 lúc chín giờ rưỡi sáng", Meant(date(2026, 11, 25), time(9, 30), "morning")),
        ("5/1", Meant(date(2027, 1, 5))),
        ("5/1/2027", Meant(date(2027, 1, 5))),
        ("ngày 26", Meant(date(2026, 11, 26))),
        ("ngày 2", Meant(date(2026, 12, 2))),
        ("10 giờ", Meant(None, time(10))),
        ("một giờ rưỡi ngày mốt", Meant(date(2026, 11, 25), time(13, 30))),
        ("mai 8g15", Meant(date(2026, 11, 24), time(8, 15))),
        ("hôm nay 15h", Meant(TODAY, time(15))),
        ("7 rưỡi thứ tư", Meant(date(2026, 11, 25), time(7, 30))),
        ("hai rưỡi chiều mai", Meant(date(2026, 11, 24), time(14, 30), "afternoon")),
        ("buổi chiều", Meant(None, None, "afternoon")),
        ("31/2 8h", Meant(None, time(8))),
        ("mai 25h", Meant(date(2026, 11, 24))),
    ],
)
def test_what_is_meant(typed: str, meant: Meant) -> None:
    assert read_moment(typed, TODAY) == meant


@pytest.mark.parametrize("typed", ["", "đổi giờ", "lúc nào cũng được", "cho tôi hỏi", "99/99"])
def test_what_names_no_moment(typed: str) -> None:
    assert read_moment(typed, TODAY) is None
