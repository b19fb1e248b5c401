"""The same reckoning by another way: all working days of the years in one list, and places in it. Shares no code."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from typing import Final

FIRST, LAST = date(2025, 11, 1), date(2028, 1, 31)
OFF: Final = [
    *("2026-01-01", "2026-01-02"),
    *("2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"),
    *("2026-04-27", "2026-04-30", "2026-05-01"),
    *("2026-08-31", "2026-09-01", "2026-09-02"),
    "2026-11-24",
    "2027-01-01",
    *("2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11"),
    *("2027-04-16", "2027-04-30", "2027-05-03"),
    *("2027-09-02", "2027-09-03"),
    "2027-11-24",
]
SATURDAYS: Final = ["2026-01-10", "2026-08-22"]  # worked instead of 02/01 and 31/08
ROW: Final = re.compile(
    r"(\S+ \S+) \| (same|\d+[wc])(?: (pause|restart) (\S+ \S+)\.\.(\S+ \S+))? \| (\S+ \S+)(?: # .+)?"
)


def _working() -> list[date]:
    days = [FIRST + timedelta(number) for number in range((LAST - FIRST).days)]
    return [d for d in days if str(d) in SATURDAYS or (d.strftime("%a") not in ("Sat", "Sun") and str(d) not in OFF)]


WORKING: Final = _working()


def place(at: str) -> int:
    """Of the working day as which this moment counts."""
    day, hour = at.split()
    return bisect_left(WORKING, date.fromisoformat(day) + timedelta(1 if hour > "15:00" else 0))


def due(received: str, term: str, policy: str = "", since: str = "", until: str = "") -> str:
    """The due moment as the table writes it."""
    if policy == "restart":
        return due(until, term)
    start = place(received)
    waited = place(until) - place(since) if policy else 0
    if term == "same":
        end = start + waited
    elif term.endswith("w"):
        end = start + int(term[:-1]) + waited
    else:
        end = bisect_left(WORKING, WORKING[start] + timedelta(int(term[:-1])))
        if policy:
            begun = date.fromisoformat(since[:10]) + timedelta(1 if since[11:] > "15:00" else 0)
            end = bisect_left(WORKING, WORKING[end] + (WORKING[place(until)] - begun))
    day = WORKING[end]
    summer = "04-16" <= f"{day:%m-%d}" < "10-16"
    return f"{day} {'17:00' if summer else '17:30'}"


def moment(words: str) -> datetime:
    """A moment of the table, without its zone."""
    day, hour = words.split()
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour))
