"""Moments to come as people say them: "sáng mai", "thứ 5 lúc 2 giờ chiều", "25/11 8h30"."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Final

from msgspec import Struct

from domain.numbers import spoken
from domain.values import clean, fold

_WORD: Final = "mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin|muoi|muoi mot|muoi hai"
_HOUR: Final = (
    rf"\b(?P<h4>\d{{1,2}}|{_WORD}) ruoi\b"
    rf"|\b(?P<h>\d{{1,2}}|{_WORD}) ?(?:h|g|gio)\b(?: ?(?:(?P<m>\d{{1,2}})(?: ?phut|p)?|(?P<half>ruoi)))?\b"
    r"|\b(?P<h2>\d{1,2}):(?P<m2>\d{2})\b|\b(?P<h3>\d{1,2})[hg](?P<m3>\d{2})\b"
)
_WEEKDAY: Final = r"\bthu (?P<n>[2-7]|hai|ba|tu|nam|sau|bay)\b|\b(?P<sunday>chu nhat|cn)\b"
_WEEKDAYS: Final = ("hai", "ba", "tu", "nam", "sau", "bay")
_DAY_MONTH: Final = r"\b(?P<d>\d{1,2}) ?(?:[/.\-]| thang ) ?(?P<m>\d{1,2})(?: ?(?:[/.\-]| nam ) ?(?P<y>\d{4}))?\b"
_DAY: Final = r"\bngay (?P<d>\d{1,2})\b"
_NEXT_WEEK: Final = r"\b(?:tuan (?:sau|toi)|sang tuan)\b"
_NEAR: Final = (
    (r"(?<!tuan )(?<!thang )\bnay\b", 0),
    (r"\b(?:ngay )?mai\b", 1),
    (r"\b(?:ngay (?:kia|mot)|mot|kia)\b", 2),
)
_EARLIEST: Final = 6  # who says "2 giờ" to an office means the afternoon


class Meant(Struct, frozen=True):
    """What was said of a moment: its day, its hour, or only which half of a day ("morning", "afternoon")."""

    day: date | None = None
    at: time | None = None
    part: str = ""


def read_moment(typed: str, today: date) -> Meant | None:
    """None where neither a day, nor an hour, nor a part of the day is said."""
    text = " ".join(fold(clean(typed)).replace(",", " ").split())
    text, at = _hour(text)
    next_week = re.search(_NEXT_WEEK, text) is not None
    text = re.sub(_NEXT_WEEK, " ", text)
    day = _day(text, today, next_week=next_week)
    part = "afternoon" if re.search(r"\bchieu\b", text) else "morning" if re.search(r"\bsang\b", text) else ""
    if at is not None and at.hour < 12 and (part == "afternoon" or (not part and at.hour < _EARLIEST)):
        at = at.replace(hour=at.hour + 12)
    meant = Meant(day, at, part)
    return meant if meant != Meant() else None


def _hour(text: str) -> tuple[str, time | None]:
    """The hour, and the text without it: its numbers are no day's."""
    found = re.search(_HOUR, text)
    if found is None or re.search(r"\bkem\b", text):
        return text, None
    said = found["h"] or found["h2"] or found["h3"] or found["h4"]
    hour = int(said) if said.isdecimal() else spoken(said.split())
    minute = 30 if found["half"] or found["h4"] else int(found["m"] or found["m2"] or found["m3"] or 0)
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return rest, time(hour, minute) if hour is not None and hour < 24 and minute < 60 else None


def _day(text: str, today: date, *, next_week: bool) -> date | None:
    if found := re.search(_DAY_MONTH, text):
        return _in_future(today, int(found["d"]), int(found["m"]), int(found["y"]) if found["y"] else None)
    if found := re.search(_WEEKDAY, text):
        said = found["n"]
        weekday = 6 if said is None else int(said) - 2 if said.isdecimal() else _WEEKDAYS.index(said)
        monday = today - timedelta(days=today.weekday())
        if next_week:
            return monday + timedelta(days=7 + weekday)
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if found := re.search(_DAY, text):
        here = _in_future(today, int(found["d"]), today.month, today.year)
        return here if here is not None and here >= today else _in_future(today, int(found["d"]), today.month % 12 + 1)
    return next((today + timedelta(days=days) for words, days in _NEAR if re.search(words, text)), None)


def _in_future(today: date, day: int, month: int, year: int | None = None) -> date | None:
    """Without a year the next such day."""
    try:
        named = date(year or today.year, month, day)
        return named if year or named >= today else date(today.year + 1, month, day)
    except ValueError:
        return None
