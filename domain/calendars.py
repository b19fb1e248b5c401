"""What a day named in words may mean in the solar and in the lunar calendar."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from domain.lunar import Lunar, lunar_of, month_name, solar_of, year_name
from domain.values import Reading, Wrong

OLDEST: Final = 120  # years


class Said(NamedTuple):
    """What a text names; `moon` and `sun` where it says so itself, `old` for words of the lunar calendar.

    `by_moon`: the lunar month and year, where "this month" told another one than in the solar calendar.
    """

    day: int
    month: int
    years: tuple[int, ...]
    old: bool = False
    moon: bool = False
    sun: bool = False
    leap: bool = False
    tet: bool = False
    by_moon: tuple[int, int] | None = None


def both_calendars(value: str, today: date = date.max) -> Reading | None:
    """A stored date with the same numbers read by the moon offered beside it; None for a month or a year alone.

    With `today` nothing later is offered.
    """
    if len(value) != 10:
        return None
    said = Said(int(value[:2]), int(value[3:5]), (int(value[6:]),))
    found = read_day(said, today, past=True, both=True)
    return None if isinstance(found, Wrong) else found


def calendar_of(value: str) -> str:
    """A full date in both calendars: 03/02/1990 (dương lịch), tức mồng 8 tháng Giêng năm Canh Ngọ."""
    if len(value) != 10:
        return value
    try:
        moon = lunar_of(date(int(value[6:]), int(value[3:5]), int(value[:2])))
    except ValueError:
        return value
    day = "rằm" if moon.day == 15 else f"mồng {moon.day}" if moon.day <= 10 else f"ngày {moon.day}"
    month = month_name(moon.month) + (" nhuận" if moon.leap else "")
    return f"{value} (dương lịch), tức {day} tháng {month} năm {year_name(moon.year)}"


def tet_days(day: int, year: int) -> list[date]:
    """Days around the Tết that begins a year: the last of the year before, or the first of its own."""
    if day > 20:
        found = solar_of(Lunar(day, 12, year - 1)) or (solar_of(Lunar(29, 12, year - 1)) if day == 30 else None)
    else:
        found = solar_of(Lunar(day, 1, year))
    return [found] if found else []


def _by_moon(said: Said) -> list[tuple[date, bool]]:
    """The days meant if the words are of the lunar calendar, and whether each lies in a leap month."""
    if said.tet:
        around = (0, 1) if said.month == 12 else (0,)
        return [(day, False) for year in said.years for more in around for day in tet_days(said.day, year + more)]
    months = [said.by_moon] if said.by_moon else [(said.month, year) for year in said.years]
    found: list[tuple[date, bool]] = []
    for month, year in months:
        for leap in (True,) if said.leap else (False, True):
            day = solar_of(Lunar(said.day, month, year, leap))
            if day is not None:
                found.append((day, leap))
    return found


def _by_sun(said: Said) -> list[date]:
    found = []
    for year in said.years:
        try:
            found.append(date(year, said.month, said.day))
        except ValueError:
            continue
    return found


def read_day(said: Said, today: date, *, past: bool, both: bool) -> Reading | Wrong:
    by_sun = [] if said.moon else [f"{day:%d/%m/%Y}" for day in _by_sun(said)]
    solar = [(value, f"Dương lịch ({value})") for value in by_sun]
    if said.sun or not (said.old or said.moon or both):
        return offered(solar, today, past=past, why="calendar" if len(solar) > 1 else "")
    lunar = [
        (f"{day:%d/%m/%Y}", f"Âm lịch{', tháng nhuận' if leap else ''} ({day:%d/%m/%Y})")
        for day, leap in _by_moon(said)
    ]
    return offered(lunar + solar if said.old or said.moon else solar + lunar, today, past=past, why="calendar")


def offered(found: list[tuple[str, str]], today: date, *, past: bool, why: str = "") -> Reading | Wrong:
    """None in the future where none can be, none said twice, and a doubt about what nobody living remembers."""
    known = dict(found)
    if not known:
        return Wrong("date-unreal")
    if past:
        known = {value: label for value, label in known.items() if _begins(value) <= today}
        if not known:
            return Wrong("date-future")
    values = tuple(known)
    oldest = min(map(_begins, values))
    doubts = ("age-120",) if today != date.max and oldest.year < today.year - OLDEST else ()
    if not why:
        return Reading(values[0], doubts=doubts)
    plain = [value for value, label in known.items() if label.startswith("Dương")]
    return Reading(plain[0] if plain else "", values, tuple(known.values()), why, doubts)


def _begins(value: str) -> date:
    return date(int(value[-4:]), int(value[-7:-5] or 1), int(value[-10:-8] or 1))
