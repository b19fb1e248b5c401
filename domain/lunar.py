"""The Vietnamese lunar calendar: months begin with the new moon as it falls in Vietnam, UTC+7, from Tết 1968 on.

Before that the country followed the Chinese calendar (UTC+8), and papers of those years do. Written here because the
libraries don't fit: lunardate and holidays are Chinese or know Tết alone; vnlunar warns against commercial use of the
tables it carries. Positions after Jean Meeus, Astronomical Algorithms, chapters 25 and 49, to within a minute.
Almanacs of those days differ by one day in four months from 1906 to 1920.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache
from math import floor, radians, sin
from typing import Final, NamedTuple

FIRST_YEAR: Final = 1870
LAST_YEAR: Final = 2101

_EPOCH: Final = 1721424.5  # the Julian day on which day 0 of `date.toordinal` begins
_J2000: Final = 2451545.0
_STEMS: Final = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
_BRANCHES: Final = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")
_MONTHS: Final = ("Giêng", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Chạp")

# Days, and how often the anomalies of sun and moon and the moon's latitude count in: M, M', F.
_TERMS: Final = (
    (-0.40720, 0, 1, 0), (0.17241, 1, 0, 0), (0.01608, 0, 2, 0), (0.01039, 0, 0, 2), (0.00739, -1, 1, 0),
    (-0.00514, 1, 1, 0), (0.00208, 2, 0, 0), (-0.00111, 0, 1, -2), (-0.00057, 0, 1, 2), (0.00056, 1, 2, 0),
    (-0.00042, 0, 3, 0), (0.00042, 1, 0, 2), (0.00038, 1, 0, -2), (-0.00024, -1, 2, 0), (-0.00007, 2, 1, 0),
    (0.00004, 0, 2, -2), (0.00004, 3, 0, 0), (0.00003, 1, 1, -2), (0.00003, 0, 2, 2), (-0.00003, 1, 1, 2),
    (0.00003, -1, 1, 2), (-0.00002, -1, 1, -2), (-0.00002, 1, 3, 0), (0.00002, 0, 4, 0),
)  # fmt: skip
_PLANETS: Final = (
    (0.000325, 299.77, 0.107408), (0.000165, 251.88, 0.016321), (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478), (0.000110, 84.66, 18.206239), (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732), (0.000056, 154.84, 7.306860), (0.000047, 34.52, 27.261239),
    (0.000042, 207.19, 0.121824), (0.000040, 291.34, 1.844379), (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099), (0.000023, 331.55, 3.592518),
)  # fmt: skip


class Lunar(NamedTuple):
    """A day of the lunar calendar; `year` is the solar year in which the lunar one begins."""

    day: int
    month: int
    year: int
    leap: bool = False


def lunar_of(day: date) -> Lunar:
    """The lunar name of a day; of years outside 1870 to 2101 a ValueError."""
    year = day.year if day >= _first_day(day.year) else day.year - 1
    months = _year(year)
    first, number, leap = months[bisect_right(months, day.toordinal(), key=lambda m: m[0]) - 1]
    return Lunar(day.toordinal() - first + 1, number, year, leap)


def solar_of(lunar: Lunar) -> date | None:
    """The day meant; None where that month, leap month or 30th was not in that year."""
    if not FIRST_YEAR <= lunar.year < LAST_YEAR:
        return None
    months = _year(lunar.year)
    ends = [first for first, _, _ in months[1:]] + [_first_day(lunar.year + 1).toordinal()]
    for (first, number, leap), end in zip(months, ends, strict=True):
        if (number, leap) == (lunar.month, lunar.leap) and 1 <= lunar.day <= end - first:
            return date.fromordinal(first) + timedelta(days=lunar.day - 1)
    return None


def year_name(year: int) -> str:
    """Canh Ngọ, of 1990."""
    return f"{_STEMS[(year + 6) % 10]} {_BRANCHES[(year + 8) % 12]}"


def month_name(month: int) -> str:
    """Giêng, Chạp."""
    return _MONTHS[month - 1]


@lru_cache(maxsize=256)
def _year(year: int) -> tuple[tuple[int, int, bool], ...]:
    """First day, number and leap of each month of one lunar year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no lunar year {year} here")
    zone = 8 if year < 1968 else 7
    before, after = _between_solstices(year, zone), _between_solstices(year + 1, zone)
    begun = [m for m in before if m[1] < 11] + [m for m in after if m[1] > 10]
    return tuple(m for m in begun if year != 1967 or m[0] < _first_day(1968).toordinal())


def _first_day(year: int) -> date:
    return date.fromordinal(_year(year)[0][0])


@lru_cache(maxsize=512)
def _between_solstices(year: int, zone: int) -> tuple[tuple[int, int, bool], ...]:
    """The months from the 11th of the year before up to the 11th of this year."""
    begin, end = _eleventh(year - 1, zone), _eleventh(year, zone)
    starts = [_new_moon(k, zone) for k in range(begin, end + 1)]
    signs = [_sign(start, zone) for start in starts]
    spare = len(starts) - 1 == 13
    months: list[tuple[int, int, bool]] = []
    number = 10
    for start, now, then in zip(starts, signs, signs[1:], strict=False):
        leap = spare and now == then  # the sun enters no new sign in it
        spare = spare and not leap
        number += not leap
        months.append((start, (number - 1) % 12 + 1, leap))
    return tuple(months)


def _eleventh(year: int, zone: int) -> int:
    """Which new moon, counted from that of 6 January 2000, begins the month with this year's winter solstice."""
    k = floor((date(year, 12, 31).toordinal() + _EPOCH - 2451550.1) / 29.530588861)
    while _new_moon(k, zone) > date(year, 12, 31).toordinal():
        k -= 1
    return k - 1 if _sign(_new_moon(k, zone), zone) in (9, 10) else k


def _new_moon(k: int, zone: int) -> int:
    """The day, as an ordinal, on which the new moon falls."""
    t = k / 1236.85
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t**2
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3
    latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t**2 - 0.00000227 * t**3
    rounder = 1 - 0.002516 * t - 0.0000074 * t**2  # the earth's orbit, century by century
    at = 2451550.09766 + 29.530588861 * k + 0.00015437 * t**2 - 0.00000015 * t**3
    at += sum(
        size * rounder ** abs(m) * sin(radians(m * sun + n * moon + f * latitude)) for size, m, n, f in _TERMS
    ) - 0.00017 * sin(radians(124.7746 - 1.56375588 * k))
    at += sum(size * sin(radians(start + speed * k)) for size, start, speed in _PLANETS)
    return floor(at - _slow(t) + zone / 24 - _EPOCH)


def _sign(day: int, zone: int) -> int:
    """In which twelfth of its way the sun stands as this day begins; the ninth begins with the winter solstice."""
    at = day + _EPOCH - zone / 24
    t = (at + _slow((at - _J2000) / 36525) - _J2000) / 36525
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    longitude = 280.46646 + 36000.76983 * t + 0.0003032 * t**2 - 0.00569
    longitude += (1.914602 - 0.004817 * t) * sin(anomaly) + 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    return floor((longitude - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360 / 30)


def _slow(t: float) -> float:
    """By how many days clocks run behind the even time of the planets, `t` centuries after 2000."""
    return (64 + 60 * t) / 86400
