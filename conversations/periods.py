"""A period as officers type it: this month, a month, a year, or from one day to another."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

_DAY: Final = r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}))?"
_MONTH: Final = re.compile(r"(?:thang )?(\d{1,2})(?:[/.\- ]| nam )(\d{4})")
_ONE_MONTH: Final = re.compile(r"(?:thang )?(\d{1,2})")
_YEAR: Final = re.compile(r"(?:nam )?(\d{4})")
_DAYS: Final = re.compile(rf"(?:tu )?(?:ngay )?{_DAY}\s*(?:-|–|den)\s*(?:ngay )?{_DAY}")
_ONE_DAY: Final = re.compile(rf"(?:ngay )?{_DAY}")
_FIRST_YEAR: Final = 2000


def period(words: str, today: date) -> tuple[date, date] | None:
    """The first and the last day meant; None where the words are none, or end before they begin.

    `words` are without accents. What has no year is of this one, unless that would begin in the future.
    """
    if not words:
        return today.replace(day=1), _end(today.year, today.month)
    try:
        return _read(words, today)
    except ValueError:  # a day or month that there is not
        return None


def _read(words: str, today: date) -> tuple[date, date] | None:
    if found := _YEAR.fullmatch(words):
        year = int(found[1])
        return _sensible(date(year, 1, 1), date(year, 12, 31))
    if found := _MONTH.fullmatch(words):
        return _month(int(found[2]), int(found[1]))
    if found := _ONE_MONTH.fullmatch(words):
        month = int(found[1])
        return _month(today.year if month <= today.month else today.year - 1, month)
    if found := _DAYS.fullmatch(words):
        last_year = int(found[6] or today.year)
        last = date(last_year, int(found[5]), int(found[4]))
        if not found[6] and not found[3] and min(last, date(last_year, int(found[2]), int(found[1]))) > today:
            last = last.replace(year=last_year - 1)
        first = date(int(found[3] or last.year), int(found[2]), int(found[1]))
        if not found[3] and first > last:
            first = first.replace(year=last.year - 1)
        return _sensible(first, last)
    if found := _ONE_DAY.fullmatch(words):
        day = date(int(found[3] or today.year), int(found[2]), int(found[1]))
        return _sensible(day, day)
    return None


def _month(year: int, month: int) -> tuple[date, date] | None:
    return _sensible(date(year, month, 1), _end(year, month))


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _sensible(first: date, last: date) -> tuple[date, date] | None:
    return (first, last) if first <= last and first.year >= _FIRST_YEAR else None
