"""How a due moment is reckoned, step by step, so that anybody can check it on a wall calendar.

How days are counted: Bộ luật Dân sự, articles 147 and 148.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from domain.clock import DAY, Pause, Term, calendar_day, due_at, here
from domain.deadlines import Calendar
from domain.values import VIETNAM

What = Literal[
    "received",
    "late",  # counts as: it came after 15:00
    "closed",  # counts as: it came on a day off
    "working-day",
    "calendar-day",
    "holiday",
    "weekend",
    "worked",  # a working day that by the week would be off; it is worked instead of another
    "paused",
    "waiting",  # does not count: the ball is with the citizen
    "resumed",
    "moved",  # from a day off
    "shifted",  # by the `number` of days that a wait took, where every day counts
    "due",
]


class Step(Struct, frozen=True):
    """What one day is in a reckoning. `number`: the how manieth day it is; `name`: of a holiday or swap."""

    day: date
    what: What
    number: int = 0
    name: str = ""


class Reckoning(Struct, frozen=True):
    """Every step, the last one the due day; both empty where the time is unknown."""

    steps: tuple[Step, ...] = ()
    due_at: datetime | None = None


def reckon(
    calendar: Calendar,
    received_at: datetime,
    term: Term,
    *,
    pause: Pause | None = None,
    names: Mapping[date, str] | None = None,
) -> Reckoning:
    """The due moment and every step to it. `names` are those of holidays and swaps.

    A wait that began when the result was overdue already is left out: nothing was left to be counted.
    """
    if not term.known:
        return Reckoning()
    due = due_at(calendar, received_at, term)
    assert due is not None
    if pause is not None and pause.since > due:
        pause = None
    return _Reckoner(calendar, term, names or {}).reckoned(received_at, pause)


class _Reckoner:
    """One reckoning under way: the steps so far."""

    def __init__(self, calendar: Calendar, term: Term, names: Mapping[date, str]) -> None:
        self._calendar = calendar
        self._term = term
        self._names = names
        self._steps: list[Step] = []

    def reckoned(self, received_at: datetime, pause: Pause | None) -> Reckoning:
        start = self._start(received_at, "received")
        if pause is None:
            end = self._count(start)
        elif self._term.policy == "restart":
            self._count(start, stop=here(pause.since))
            end = self._count(self._wait(pause))
        elif self._term.by_calendar:
            end = self._shift(self._count(start), pause)
        else:
            end = self._count_around(start, pause)
        self._steps.append(Step(end, "due"))
        return Reckoning(tuple(self._steps), self._calendar.closing(end))

    def _start(self, at: datetime, what: What) -> date:
        """The working day it counts as."""
        local, day = at.astimezone(VIETNAM), self._calendar.counts_as(at)
        self._steps.append(Step(local.date(), what))
        if day > local.date():
            closed = not self._calendar.is_working_day(local.date())
            self._steps += [self._off(off) for off in _days(local.date() + (not closed) * DAY, day - DAY)]
            self._steps.append(Step(day, "closed" if closed else "late"))
        return day

    def _count(self, start: date, stop: date | None = None) -> date:
        """On from `start`, to the end of the time, or to the day before `stop`."""
        term = self._term
        if term.by_calendar:
            assert term.calendar_days is not None
            for number in range(1, term.calendar_days + 1):
                day = start + number * DAY
                if stop is not None and day >= stop:
                    break
                self._steps.append(Step(day, "calendar-day", number, self._names.get(day, "")))
            end = start + term.calendar_days * DAY
            return end if stop is not None else self._moved(end)
        number, day = 0, start
        while number < self._wanted and (stop is None or day + DAY < stop):
            day += DAY
            number = self._one(day, number)
        return day

    def _shift(self, end: date, pause: Pause) -> date:
        """The end, later by the days of the wait."""
        waited = self._wait(pause) - calendar_day(pause.since)
        self._steps.append(Step(end + waited, "shifted", waited.days))
        return self._moved(end + waited)

    def _count_around(self, start: date, pause: Pause) -> date:
        """Working days, but for those of the wait; a wait that begins on the last day moves the end to its own."""
        since, until = self._calendar.counts_as(pause.since), self._calendar.counts_as(pause.until)
        number, day = 0, start
        while number < self._wanted or since <= day < until:
            day += DAY
            if since < day <= until and self._calendar.is_working_day(day):
                self._steps.append(Step(day, "waiting"))
            else:
                number = self._one(day, number)
        self._steps += [Step(here(pause.since), "paused"), Step(here(pause.until), "resumed")]
        self._steps.sort(key=lambda step: step.day)
        return day

    @property
    def _wanted(self) -> int:
        return 0 if self._term.same_day else self._term.working_days or 0

    def _one(self, day: date, number: int) -> int:
        """One more day; gives how many working days there are with it."""
        if not self._calendar.is_working_day(day):
            self._steps.append(self._off(day))
            return number
        swapped = day in self._calendar.worked
        name = self._names.get(day, "") if swapped else ""
        self._steps.append(Step(day, "worked" if swapped else "working-day", number + 1, name))
        return number + 1

    def _off(self, day: date) -> Step:
        holiday = day in self._calendar.days_off
        return Step(day, "holiday" if holiday else "weekend", 0, self._names.get(day, "") if holiday else "")

    def _wait(self, pause: Pause) -> date:
        """The wait, and the working day on which its end counts."""
        self._steps.append(Step(here(pause.since), "paused"))
        return self._start(pause.until, "resumed")

    def _moved(self, end: date) -> date:
        """The end, moved on where it is a day off."""
        day = next(self._calendar.working_days_from(end))
        if day != end:
            self._steps += [self._off(off) for off in _days(end, day - DAY)]
            self._steps.append(Step(day, "moved"))
        return day


def _days(first: date, last: date) -> Iterator[date]:
    """Every day, both ends among them."""
    day = first
    while day <= last:
        yield day
        day += DAY
