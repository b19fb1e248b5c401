"""The lunar calendar as it is kept in Vietnam, which is not everywhere that of China."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lunar import Lunar, lunar_of, month_name, solar_of, year_name

# From the official calendars; in 1968, 1985, 2007 and 2030 China's new year was another day.
TET = {
    1945: date(1945, 2, 13),
    1960: date(1960, 1, 28),
    1968: date(1968, 1, 29),
    1969: date(1969, 2, 16),
    1975: date(1975, 2, 11),
    1976: date(1976, 1, 31),
    1985: date(1985, 1, 21),
    1990: date(1990, 1, 27),
    2000: date(2000, 2, 5),
    2007: date(2007, 2, 17),
    2020: date(2020, 1, 25),
    2021: date(2021, 2, 12),
    2022: date(2022, 2, 1),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 2),
}
# In 1984 China had its 10th month twice, and Vietnam none; in 1985 Vietnam its 2nd.
LEAP = {
    1984: 0, 1985: 2, 1987: 7, 1990: 5, 1993: 3, 1995: 8, 1998: 5, 2001: 4, 2004: 2, 2006: 7, 2009: 5, 2012: 4, 2014: 9,
    2017: 6, 2020: 4, 2023: 2, 2025: 6, 2026: 0, 2027: 0, 2028: 5, 2031: 3, 2033: 11,
}  # fmt: skip


@pytest.mark.parametrize("year", TET)
def test_tet(year: int) -> None:
    assert (solar_of(Lunar(1, 1, year)), lunar_of(TET[year])) == (TET[year], Lunar(1, 1, year))


def test_leap_months() -> None:
    twice = {year: [m for m in range(1, 13) if solar_of(Lunar(1, m, year, leap=True)) is not None] for year in LEAP}
    assert twice == {year: [month] if month else [] for year, month in LEAP.items()}


@pytest.mark.parametrize(
    ("day", "lunar"),
    [
        (date(1990, 2, 3), Lunar(8, 1, 1990)),
        (date(2025, 7, 25), Lunar(1, 6, 2025, leap=True)),
        (date(2025, 1, 28), Lunar(29, 12, 2024)),
        (date(2026, 4, 26), Lunar(10, 3, 2026)),  # the Hùng kings' day
        (date(2026, 9, 25), Lunar(15, 8, 2026)),  # mid-autumn
        (date(1969, 9, 2), Lunar(21, 7, 1969)),
    ],
)
def test_days(day: date, lunar: Lunar) -> None:
    assert (lunar_of(day), solar_of(lunar)) == (lunar, day)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_there_and_back(day: date) -> None:
    assert solar_of(lunar_of(day)) == day


@given(st.integers(1, 30), st.integers(1, 12), st.integers(1900, 2099), st.booleans())
def test_back_and_there(day: int, month: int, year: int, leap: bool) -> None:  # noqa: FBT001
    lunar = Lunar(day, month, year, leap)
    found = solar_of(lunar)
    assert found is None or lunar_of(found) == lunar


def test_years_have_twelve_or_thirteen_months_of_29_or_30_days() -> None:
    for year in range(1900, 2100):
        firsts = [
            first
            for month in range(1, 13)
            for leap in (False, True)
            if (first := solar_of(Lunar(1, month, year, leap))) is not None
        ]
        following = solar_of(Lunar(1, 1, year + 1))
        assert following is not None
        lengths = {(b - a).days for a, b in zip(firsts, [*firsts[1:], following], strict=True)}
        leaps = [m for m in range(1, 13) if solar_of(Lunar(1, m, year, leap=True)) is not None]
        assert (len(firsts), lengths) == (12 + len(leaps), {29, 30})
        assert len(leaps) <= 1


@pytest.mark.parametrize(
    "lunar", [Lunar(30, 12, 2024), Lunar(1, 5, 2025, leap=True), Lunar(31, 1, 2025), Lunar(1, 1, 1600)]
)
def test_what_was_in_no_calendar(lunar: Lunar) -> None:
    assert solar_of(lunar) is None


def test_names() -> None:
    assert [year_name(year) for year in (1984, 1990, 2025, 2026)] == ["Giáp Tý", "Canh Ngọ", "Ất Tỵ", "Bính Ngọ"]
    assert [month_name(month) for month in (1, 7, 12)] == ["Giêng", "Bảy", "Chạp"]
