"""Our table of holidays beside what the `holidays` package knows: every difference is one that we mean."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
import tomli

from bot.__main__ import main
from bot.holiday_table import proposed
from catalogue.load import load
from catalogue.model import Holidays

OURS_ALONE = {
    date(2026, 1, 2): "swapped for Saturday 10/01",
    date(2027, 2, 11): "in lieu of the weekend within Tết, not announced yet",
    date(2028, 1, 31): "in lieu of the weekend within Tết, not announced yet",
}
THEIRS_ALONE = {
    date(2027, 2, 4): "they begin Tết two days before, we end it later: not announced yet",
    date(2028, 1, 24): "the same",
}


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_every_difference_from_the_package_is_meant(year: int) -> None:
    ours = {day for day in load().holidays.off if day.year == year}
    theirs = {day.on for day in proposed(year)}
    assert ours - theirs == {day for day in OURS_ALONE if day.year == year}
    assert theirs - ours == {day for day in THEIRS_ALONE if day.year == year}


def test_what_is_worked_instead_of_a_swapped_day_is_ours_to_write() -> None:
    assert load().holidays.worked == {date(2026, 1, 10), date(2026, 8, 22)}


def test_no_day_off_falls_on_a_weekend_and_none_is_missing_a_name() -> None:
    assert [day for day in load().holidays.days_off if day.on.isoweekday() > 5 or not day.name] == []


def test_the_package_knows_the_lunar_days_and_the_new_holiday() -> None:
    known = {day.on: day.name for day in proposed(2026)}
    assert known[date(2026, 2, 17)] == "Tết Nguyên Đán"
    assert known[date(2026, 4, 27)] == "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"
    assert known[date(2026, 11, 24)] == "Ngày Văn hóa Việt Nam"


def test_what_is_printed_can_be_put_into_our_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["holidays", "2027"]) == 0
    table = msgspec.convert(tomli.loads(capsys.readouterr().out), Holidays, builtin_types=(date,))
    assert [day.on for day in table.days_off] == [day.on for day in proposed(2027)]
    assert {(day.confidence, day.source) for day in table.days_off} == {("medium", "do máy đề xuất (gói holidays)")}


def test_a_year_that_nobody_plans_for_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["holidays", "1999"]) == 1
    assert "2026" in capsys.readouterr().err
