"""Working time: when the desk is open, when an answer is owed, when a result is due, when to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from msgspec import Struct

from domain.values import VIETNAM

ANSWER_HOURS: Final = 8  # working hours in which the desk answers what was handed in
LATE: Final = time(15)  # what arrives later counts as the next working day's
SLOT: Final = timedelta(minutes=30)
_FAR: Final = 800  # days; a calendar without a working day in that time is a mistake


class Period(Struct, frozen=True):
    """A part of the day with the door open; `closes` no longer belongs to it."""

    opens: time
    closes: time


class Season(Struct, frozen=True):
    """Opening hours from one day of the year until the next season's."""

    starts: tuple[int, int]  # month, day
    weekdays: frozenset[int]  # as date.isoweekday(): Monday is 1
    periods: tuple[Period, ...]


class Calendar(Struct, frozen=True):
    """One desk's working time. `worked` are days off by the week that are worked instead of another."""

    seasons: tuple[Season, ...]
    days_off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def season(self, day: date) -> Season:
        """Before the year's first season the last one still runs."""
        begun = [s for s in self.seasons if s.starts <= (day.month, day.day)]
        return max(begun or self.seasons, key=lambda s: s.starts)

    def is_working_day(self, day: date) -> bool:
        if day in self.days_off:
            return False
        return day in self.worked or day.isoweekday() in self.season(day).weekdays

    def working_days_from(self, day: date) -> Iterator[date]:
        """Working days, `day` itself first if it is one."""
        idle = 0
        while idle < _FAR:
            if self.is_working_day(day):
                idle = 0
                yield day
            else:
                idle += 1
            day += timedelta(days=1)
        raise ValueError("the calendar has no working days")

    def working_days_back(self, day: date) -> Iterator[date]:
        """Working days backwards, `day` itself first if it is one."""
        idle = 0
        while idle < _FAR:
            if self.is_working_day(day):
                idle = 0
                yield day
            else:
                idle += 1
            day -= timedelta(days=1)
        raise ValueError("the calendar has no working days")

    def open_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The day's opening and closing moments; empty on a day off."""
        if not self.is_working_day(day):
            return ()
        return tuple(
            (datetime.combine(day, p.opens, VIETNAM), datetime.combine(day, p.closes, VIETNAM))
            for p in self.season(day).periods
        )

    def opening(self, day: date) -> datetime:
        """When the desk opens on a working day."""
        return self.open_on(day)[0][0]

    def closing(self, day: date) -> datetime:
        """When it closes for the day."""
        return self.open_on(day)[-1][1]

    def _openings(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open stretches from `at` on, the first one cut off at `at`."""
        for day in self.working_days_from(at.astimezone(VIETNAM).date()):
            for opens, closes in self.open_on(day):
                if at < closes:
                    yield max(opens, at.astimezone(VIETNAM)), closes

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when the desk is open, else the moment when it opens."""
        return next(self._openings(at))[0]

    def add_working_hours(self, at: datetime, hours: float) -> datetime:
        """The moment when the desk has been open for `hours` since `at`."""
        left = timedelta(hours=hours)
        for opens, closes in self._openings(at):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError

    def back_working_hours(self, at: datetime, hours: float) -> datetime:
        """The moment from which on the desk has been open for `hours` until `at`."""
        left = timedelta(hours=hours)
        for day in self.working_days_back(at.astimezone(VIETNAM).date()):
            for opens, closes in reversed(self.open_on(day)):
                open_for = min(closes, at) - opens
                if timedelta() < left <= open_for:
                    return min(closes, at) - left
                left -= max(open_for, timedelta())
        raise AssertionError

    def answer_by(self, submitted_at: datetime) -> datetime:
        return self.add_working_hours(submitted_at, ANSWER_HOURS)

    def counts_as(self, received_at: datetime) -> date:
        """The working day a receipt counts as: after 15:00, or on a day off, the next one."""
        local = received_at.astimezone(VIETNAM)
        late = local.time() > LATE
        return next(self.working_days_from(local.date() + timedelta(days=late)))

    def due_on(
        self,
        received_at: datetime,
        *,
        working_days: int | None = None,
        calendar_days: int | None = None,
        same_day: bool = False,
    ) -> date | None:
        """The day the result is due; None when nothing is known of the time it takes.

        The day of receipt does not count. An end on a day off moves to the next working day.
        """
        received_on = self.counts_as(received_at)
        if same_day:
            return received_on
        if working_days is not None:
            return next(islice(self.working_days_from(received_on), working_days, None))
        if calendar_days is not None:
            return next(self.working_days_from(received_on + timedelta(days=calendar_days)))
        return None

    def due(
        self,
        received_at: datetime,
        *,
        working_days: int | None = None,
        calendar_days: int | None = None,
        same_day: bool = False,
    ) -> datetime | None:
        """The hour at which the desk closes on the day of `due_on`."""
        day = self.due_on(received_at, working_days=working_days, calendar_days=calendar_days, same_day=same_day)
        return None if day is None else self.closing(day)

    def pickup_slots(self, after: datetime, count: int) -> tuple[datetime, ...]:
        """The next half-hours in which to come; the day's last half-hour stays free."""
        return tuple(islice(self._slots(after), count))

    def _slots(self, after: datetime) -> Iterator[datetime]:
        for day in self.working_days_from(after.astimezone(VIETNAM).date()):
            stretches = self.open_on(day)
            for opens, closes in stretches:
                last = closes - (2 * SLOT if closes == stretches[-1][1] else SLOT)
                slot = opens
                while slot <= last:
                    if slot > after:
                        yield slot
                    slot += SLOT
