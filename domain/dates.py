"""Dates as people say them, by either calendar: "mồng 3 tháng 2 năm 1990", "rằm tháng bảy năm ngoái", "hôm qua"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from domain.calendars import OLDEST, Said, offered, read_day, tet_days
from domain.lunar import FIRST_YEAR, Lunar, lunar_of, solar_of, year_name
from domain.numbers import spoken
from domain.values import Reading, Wrong, clean, fold

# Patterns are compiled when first used: the program starts without them.
_DIGIT: Final = "khong|mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin|moi|muoi|ham"
_SAID: Final = rf"(?:{_DIGIT})(?: (?:{_DIGIT})){{0,2}}?"
_STEM: Final = "giap|at|binh|dinh|mau|ky|canh|tan|nham|quy"
_BRANCH: Final = "ti|ty|suu|dan|mao|meo|thin|ngo|mui|than|dau|tuat|hoi"
_NAMED_YEAR: Final = rf"(?:{_STEM}) (?:{_BRANCH})"
_YEAR: Final = (
    rf"(?:(?:nam )?(?P<y>\d{{4}}|\d{{2}}|nay|ngoai|kia|{_NAMED_YEAR})"
    rf"|nam (?P<said>(?:{_DIGIT})(?: (?:{_DIGIT})){{1,4}}))"
)
_MONTH: Final = rf"(?:thang (?P<m>gieng|chap|\d{{1,2}}|{_SAID})|(?P<bare>gieng|chap|\d{{1,2}}))"
_FULL: Final = (
    rf"(?:ngay )?(?P<first>(?:mong|mung) )?(?P<d>ram|\d{{1,2}}|{_SAID}) "
    rf"(?:(?P<tet>tet)|thang (?P<that>nay|truoc|vua roi|vua qua)|{_MONTH})(?: {_YEAR})?"
)
_PART: Final = rf"{_MONTH} {_YEAR}"
_YEAR_ALONE: Final = _YEAR
_BY_MOON: Final = r"\b(?:am lich|lich am|am|al)\b"
_BY_SUN: Final = r"\b(?:duong lich|lich duong|duong|dl)\b"
_NAMED_BESIDE: Final = rf"(\d{{4}}) (?:nam )?{_NAMED_YEAR}$|{_NAMED_YEAR} (\d{{4}})$"
_FORGOTTEN: Final = r"\b(?:khong|ko|k|chang|chua) (?:con )?(?:nho|biet|ro|chac)\b|\bquen\b|\bchiu\b"
_AROUND: Final = (
    r"^(?:(?:da|vang|thua|em|toi|tui|chau|con|sinh|mat|chet|vao|khoang|la|luc|hom|ngay sinh|sinh ngay) )+"
    r"|(?: (?:a|nhe|nha|thoi|do|ay))+$"
)
_NEAR: Final = {
    "hom nay": 0, "nay": 0, "sang nay": 0, "trua nay": 0, "chieu nay": 0, "hom qua": 1, "qua": 1, "toi qua": 1,
    "dem qua": 1, "hom kia": 2, "kia": 2, "hom kia kia": 3,
}  # fmt: skip
_AGO: Final = rf"(?:cach day )?(?P<n>\d{{1,2}}|{_SAID}) (?:ngay|hom)(?: truoc| roi)?"
_WEEKDAY: Final = (
    r"(?:ngay )?(?:thu (?P<n>2|3|4|5|6|7|hai|ba|tu|nam|sau|bay)|chu nhat|cn) "
    r"(?P<which>vua roi|vua qua|roi|truoc|tuan truoc|tuan nay)"
)
_WEEKDAYS: Final = ("hai", "ba", "tu", "nam", "sau", "bay")
_YEAR_WORDS: Final = {"nay": 0, "ngoai": 1, "kia": 2}


def read_date(typed: str, today: date, *, partial: bool, past: bool, both: bool) -> Reading | Wrong:
    text = _plain(typed)
    if re.search(_FORGOTTEN, text):
        return _forgotten(text, today, partial=partial, past=past)
    near = _near(text, today)
    if near is not None:
        return offered([(f"{near:%d/%m/%Y}", "")], today, past=past)
    said = _full(text, today)
    if isinstance(said, Wrong):
        return said
    if said is not None:
        return read_day(said, today, past=past, both=both)
    part = _part(text, today, past=past)
    if partial or isinstance(part, Wrong):
        return part if partial else Wrong("date")
    return Wrong("date-forgotten")  # a year alone, where the whole day is wanted


def _plain(typed: str) -> str:
    text = re.sub(r"[/.\-,;:()\n|]", " ", fold(clean(typed)))
    text = " ".join(re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " ", text).split())
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:2]} {text[2:4]} {text[4:]}"
    text = re.sub(r"^(\d{4}) (\d{1,2}) (\d{1,2})$", r"\3 \2 \1", text)
    bare = re.sub(_AROUND, "", text)
    return text if text in _NEAR else bare


def _near(text: str, today: date) -> date | None:
    """A day told from today."""
    if text in _NEAR:
        return today - timedelta(days=_NEAR[text])
    if (found := re.fullmatch(_AGO, text)) and ("truoc" in text or "cach day" in text or text.endswith("roi")):
        days = spoken(found["n"].split())
        return None if days is None else today - timedelta(days=days)
    found = re.fullmatch(_WEEKDAY, text)
    if found is None:
        return None
    wanted = 6 if found["n"] is None else int(found["n"]) - 2 if found["n"].isdecimal() else _WEEKDAYS.index(found["n"])
    monday = today - timedelta(days=today.weekday())
    if found["which"] in ("truoc", "tuan truoc"):
        return monday + timedelta(days=wanted - 7)
    if found["which"] == "tuan nay":
        return monday + timedelta(days=wanted)
    return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)


def _full(text: str, today: date) -> Said | Wrong | None:
    """Day and month, or None."""
    moon, sun = bool(re.search(_BY_MOON, text)), bool(re.search(_BY_SUN, text))
    leap = bool(re.search(r"\bnhuan\b", text))
    text = re.sub(r"\bnhuan\b", "", re.sub(_BY_SUN, "", re.sub(_BY_MOON, "", text)))
    text = " ".join(text.split())
    text = re.sub(_NAMED_BESIDE, lambda m: m[1] or m[2], text)
    found = re.fullmatch(_FULL, text)
    if found is None:
        return None
    day = 15 if found["d"] == "ram" else spoken(found["d"].split())
    tet = bool(found["tet"])
    named = (found["m"] or found["bare"]) in ("gieng", "chap")
    old = bool(found["first"] or found["d"] == "ram" or named or tet or leap)
    month = _month(found, tet=tet, day=day or 0)
    if day is None or month is None:
        return None
    years = _years(found, today)
    by_moon = None
    if found["that"]:
        month, year = _that_month(found["that"], today.month, today.year)
        here = lunar_of(today)
        by_moon, years = _that_month(found["that"], here.month, here.year), (year,)
    if not years:
        if not tet:
            return Wrong("date-unreal" if found["y"] or found["said"] else "date-year")
        years = (_last_tet(day, today),)
    only = moon or tet or leap or found["d"] == "ram"
    return Said(day, month, years, old=old, moon=only and not sun, sun=sun, leap=leap, tet=tet, by_moon=by_moon)


def _last_tet(day: int, today: date) -> int:
    """The year of the latest Tết whose day this is past."""
    return today.year if any(found <= today for found in tet_days(day, today.year)) else today.year - 1


def _month(found: re.Match[str], *, tet: bool, day: int) -> int | None:
    if tet:
        return 12 if day > 20 else 1
    if found["that"]:
        return 0
    return _month_said(found["m"] or found["bare"])


def _month_said(said: str) -> int | None:
    return {"gieng": 1, "chap": 12}.get(said) or spoken(said.split())


def _that_month(which: str, month: int, year: int) -> tuple[int, int]:
    """This month, or the one before."""
    if which == "nay":
        return month, year
    return (12, year - 1) if month == 1 else (month - 1, year)


def _years(found: re.Match[str], today: date) -> tuple[int, ...]:
    """The years that may be meant, the latest first."""
    said = found["y"] or _figures(found["said"] or "")
    if not said:
        return ()
    if said in _YEAR_WORDS:
        return (today.year - _YEAR_WORDS[said],)
    if said.isdecimal():
        year = int(said)
        if len(said) == 2:
            year += 2000 if 2000 + year <= today.year else 1900
        return (year,) if FIRST_YEAR <= year <= 2100 else ()
    return tuple(y for y in range(today.year, today.year - OLDEST, -1) if _same_name(said, fold(year_name(y))))[:2]


def _figures(said: str) -> str:
    """A year in words as it is written: "chin tu" 94, "mot chin chin muoi" 1990."""
    words = said.split()
    short = spoken(words)
    if short is not None:
        return f"{short:02d}" if 9 < short < 100 else ""
    head, tail = [spoken([word]) for word in words[:2]], spoken(words[2:])
    if tail is None or tail > 99 or None in head:
        return ""
    return f"{head[0]}{head[1]}{tail:02d}" if len(words) < 5 else ""


def _same_name(said: str, name: str) -> bool:
    """Whether a year's name is meant; Tý and Tỵ, both "ty", never share a stem."""
    return said.replace("ti", "ty").replace("meo", "mao") == name


def _part(text: str, today: date, *, past: bool) -> Reading | Wrong:
    """A month or a year alone."""
    moon = bool(re.search(_BY_MOON, text))
    text = " ".join(re.sub(_BY_SUN, "", re.sub(_BY_MOON, "", text)).split())
    text = re.sub(_NAMED_BESIDE, lambda m: m[1] or m[2], text)
    if (found := re.fullmatch(_YEAR_ALONE, text)) and (text.startswith("nam ") or len(text) != 2):
        named = [(str(year), f"{year_name(year)} ({year})") for year in _years(found, today)]
        return offered(named, today, past=past, why="calendar" if len(named) > 1 else "")
    found = re.fullmatch(_PART, text)
    month = None if found is None else _month_said(found["m"] or found["bare"])
    if found is None or month is None:
        return Wrong("date")
    years = _years(found, today)
    if not 1 <= month <= 12 or not years:
        return Wrong("date-unreal")
    solar = [(f"{month:02d}/{year}", f"Dương lịch ({month:02d}/{year})") for year in years]
    if not moon and found["m"] not in ("gieng", "chap") and found["bare"] not in ("gieng", "chap"):
        return offered(solar, today, past=past, why="calendar" if len(years) > 1 else "")
    middles = [day for year in years if (day := solar_of(Lunar(15, month, year)))]
    lunar = [(f"{day:%m/%Y}", f"Âm lịch (khoảng {day:%m/%Y})") for day in middles]
    return offered(lunar if moon else lunar + solar, today, past=past, why="calendar")


def _forgotten(text: str, today: date, *, partial: bool, past: bool) -> Reading | Wrong:
    """What is remembered all the same."""
    year = re.search(r"\b(\d{4})\b", text)
    if not partial:
        return Wrong("date-forgotten")
    if year is None:
        return Wrong("date-part")
    month = re.search(rf"thang (\d{{1,2}}) (?:nam )?{year[1]}", text)
    return _part(f"{month[1]} {year[1]}" if month else year[1], today, past=past)
