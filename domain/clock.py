"""What is due when, also where the citizen was waited for: the calendar's days and a procedure's policy together.

`domain/deadlines.py` is the calendar, `domain/reckoning.py` names each step. What a supplement does to the time:
Nghị định 61/2018 has it counted anew; a procedure may say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, Literal

from msgspec import Struct

from domain.deadlines import LATE, Calendar
from domain.values import VIETNAM

Policy = Literal["restart", "pause"]
DAY: Final = timedelta(days=1)


class Term(Struct, frozen=True):
    """How long a result may take; unknown where none of the three is given. `policy`: what a supplement does to it."""

    working_days: int | None = None
    calendar_days: int | None = None
    same_day: bool = False
    policy: Policy = "restart"

    @property
    def known(self) -> bool:
        return self.same_day or self.working_days is not None or self.calendar_days is not None

    @property
    def by_calendar(self) -> bool:
        """Whether every day counts."""
        return not self.same_day and self.working_days is None and self.calendar_days is not None


class Pause(Struct, frozen=True):
    """A wait for the citizen."""

    since: datetime
    until: datetime


def here(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()


def due_at(calendar: Calendar, received_at: datetime, term: Term) -> datetime | None:
    """The due moment, or None where the time is unknown."""
    days = {"working_days": term.working_days, "calendar_days": term.calendar_days}
    return calendar.due(received_at, **days, same_day=term.same_day)


def resumed(calendar: Calendar, due: datetime, term: Term, pause: Pause) -> datetime:
    """The due moment after a wait for the citizen; `due` is what it was before, an extension included.

    "restart": the time is counted again from when the wait was over. "pause", or a time that is unknown: the due day
    moves by as many days as the wait took, working days or, where every day counts, days. Never earlier than before.
    """
    anew = due_at(calendar, pause.until, term) if term.policy == "restart" else None
    return max(due, anew or shifted(calendar, due, pause, by_calendar=term.by_calendar))


def shifted(calendar: Calendar, due: datetime, pause: Pause, *, by_calendar: bool = False) -> datetime:
    """The due day moved by the days of the wait, the day it began not counted, as with any time."""
    due_on = here(due)
    if by_calendar:
        end = due_on + (calendar.counts_as(pause.until) - calendar_day(pause.since))
        return calendar.closing(next(calendar.working_days_from(end)))
    since, until = calendar.counts_as(pause.since), calendar.counts_as(pause.until)
    waited = sum(1 for _ in _until(calendar.working_days_from(since + DAY), until))
    return calendar.closing(next(islice(calendar.working_days_from(due_on), waited, None))) if waited else due


def calendar_day(at: datetime) -> date:
    """The day it counts as where every day counts."""
    local = at.astimezone(VIETNAM)
    return local.date() + timedelta(days=local.time() > LATE)


def _until(days: Iterator[date], last: date) -> Iterator[date]:
    for day in days:
        if day > last:
            return
        yield day
