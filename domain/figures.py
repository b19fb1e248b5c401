"""What an office publishes of its work: figures of a time, reckoned from a few plain facts of each dossier.

The law asks for what was received, finished in time and late, and what waits (Nghị định 118/2025; Quyết định 766 scores
the same). What exactly each figure counts stands beside it in FIGURES: a list of dossiers is made by the same rule as
the number above it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from domain.deadlines import Calendar
from domain.dossier import BALL_WITH_CITIZEN, Status
from domain.values import VIETNAM

LOW: Final = 2  # stars up to which a person answers
_NINETIETH: Final = 0.9
_DAY: Final = timedelta(days=1)


class Facts(Struct, frozen=True):
    """One dossier as the figures see it. `answered_late` is None while unanswered, and where nobody noted it."""

    dossier: str
    procedure: str
    status: str
    submitted_at: datetime
    answer_by: datetime
    channel: str = "online"
    answered_at: datetime | None = None
    answered_late: bool | None = None
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    extended: bool = False
    done_at: datetime | None = None
    closed_at: datetime | None = None
    rounds: int = 0
    stars: int = 0  # 0: not rated

    @property
    def ended_at(self) -> datetime | None:
        """When the office had nothing more to do: the result was ready, or it was closed without one."""
        return self.done_at or self.closed_at


class Period(Struct, frozen=True):
    """From one moment until just before another. `seen_at`: when it is looked at; what comes later is not known."""

    starts: datetime
    ends: datetime
    seen_at: datetime

    def has(self, at: datetime | None) -> bool:
        return at is not None and self.starts <= at < self.ends

    @property
    def running(self) -> bool:
        return self.starts <= self.seen_at < self.ends

    @property
    def until(self) -> datetime:
        """The moment at which what waits is counted."""
        return min(self.ends, self.seen_at)


class Month(Struct, frozen=True, order=True):
    """A month of Vietnam's calendar."""

    year: int
    number: int

    @property
    def starts(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=VIETNAM)

    def plus(self, months: int) -> Month:
        years, rest = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, rest + 1)

    def seen(self, at: datetime) -> Period:
        return Period(self.starts, self.plus(1).starts, at)

    @property
    def words(self) -> str:
        """11/2026."""
        return f"{self.number:02d}/{self.year}"


def month_of(at: datetime) -> Month:
    local = at.astimezone(VIETNAM)
    return Month(local.year, local.month)


def month_in(words: str) -> Month | None:
    """From "11/2026", "tháng 11 năm 2026", "2026-11" or what people make of them; None where it is no month."""
    digits = "".join(c if c.isdecimal() and c.isascii() else " " for c in words).split()
    if len(digits) != 2:
        return None
    year, number = sorted(map(int, digits), reverse=True)
    return Month(year, number) if 1 <= number <= 12 and 2000 <= year <= 2100 else None


def answers(before: str, after: str, *, withdrawn: bool) -> bool:
    """Whether a step answers what was handed in: an officer's first decision about it, whichever it is."""
    return before == Status.SUBMITTED and after != Status.SUBMITTED and not withdrawn


def _received(facts: Facts, period: Period) -> bool:
    return period.has(facts.submitted_at)


def _solved(facts: Facts, period: Period) -> bool:
    return period.has(facts.done_at)


def _in_time(facts: Facts, period: Period) -> bool:
    return _solved(facts, period) and facts.due_at is not None and _before(facts.done_at, facts.due_at)


def _before(at: datetime | None, limit: datetime) -> bool:
    return at is not None and at <= limit


def _closed(status: Status) -> Callable[[Facts, Period], bool]:
    return lambda facts, period: facts.status == status and period.has(facts.closed_at)


def _waiting(facts: Facts, period: Period) -> bool:
    ended = facts.ended_at
    return facts.submitted_at < period.until and (ended is None or ended >= period.until)


def _overdue(facts: Facts, period: Period) -> bool:
    """Only now: the ball was perhaps elsewhere at the end of a month that is over."""
    if not period.running or not _waiting(facts, period) or Status(facts.status) in BALL_WITH_CITIZEN:
        return False
    limit = facts.answer_by if facts.status == Status.SUBMITTED else facts.due_at
    return limit is not None and limit < period.seen_at


# Each figure counts the dossiers of which its rule is true.
FIGURES: Final[Mapping[str, Callable[[Facts, Period], bool]]] = {
    "received": _received,
    "answered-in-time": lambda f, p: _received(f, p) and f.answered_late is False,
    "answered-late": lambda f, p: _received(f, p) and f.answered_late is True,
    "unanswered": lambda f, p: _received(f, p) and f.answered_late is None,
    "returned": lambda f, p: _received(f, p) and f.rounds > 0,
    "accepted": lambda f, p: p.has(f.accepted_at),
    "solved": _solved,
    "on-time": lambda f, p: _in_time(f, p) and not f.extended,
    "extended": lambda f, p: _in_time(f, p) and f.extended,
    "late": lambda f, p: _solved(f, p) and f.due_at is not None and not _before(f.done_at, f.due_at),
    "undated": lambda f, p: _solved(f, p) and f.due_at is None,
    "refused": _closed(Status.REFUSED),
    "stopped": _closed(Status.STOPPED),
    "withdrawn": _closed(Status.WITHDRAWN),
    "waiting": _waiting,
    "overdue": _overdue,
    "rated": lambda f, p: f.stars > 0 and p.has(f.closed_at),
    "dissatisfied": lambda f, p: 0 < f.stars <= LOW and p.has(f.closed_at),
}
STATES: Final = ("waiting", "overdue")  # how it stands at a moment; the others say what happened meanwhile


class Figures(Struct, frozen=True):
    """`counts` by the names of FIGURES. Days are working days from acceptance to the result; stars are 1 to 5."""

    counts: Mapping[str, int]
    rounds: int = 0  # requests for more, of what was received
    measured: int = 0  # how many dossiers the days are of
    median_days: float | None = None
    ninetieth_days: int | None = None
    mean_stars: float | None = None

    def __getitem__(self, name: str) -> int:
        return self.counts[name]


class MonthFigures(Struct, frozen=True):
    """One month of one office; the sectors by their names."""

    month: Month
    whole: Figures
    sectors: Mapping[str, Figures]


class WorkingDays:
    """Counts working days between moments quickly: the calendar is asked once a day of it."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[date, bool] = {}
        self._counted: dict[tuple[date, date], int] = {}

    def between(self, accepted_at: datetime, done_at: datetime) -> int:
        """As deadlines are counted: the day that the acceptance counts as is day nought."""
        begun = self._calendar.counts_as(accepted_at)
        done = done_at.astimezone(VIETNAM).date()
        if (begun, done) not in self._counted:
            days = (begun + _DAY * n for n in range(1, (done - begun).days + 1))
            self._counted[begun, done] = sum(map(self._worked, days))
        return self._counted[begun, done]

    def _worked(self, day: date) -> bool:
        if day not in self._known:
            self._known[day] = self._calendar.is_working_day(day)
        return self._known[day]


def figures(dossiers: Iterable[Facts], period: Period, days: WorkingDays) -> Figures:
    """All figures of these dossiers."""
    counts = dict.fromkeys(FIGURES, 0)
    rounds, took, stars = 0, [], 0
    for facts in dossiers:
        for name, rule in FIGURES.items():
            if rule(facts, period):
                counts[name] += 1
        if _received(facts, period):
            rounds += facts.rounds
        if facts.done_at is not None and facts.accepted_at is not None and _solved(facts, period):
            took.append(days.between(facts.accepted_at, facts.done_at))
        if facts.stars and period.has(facts.closed_at):
            stars += facts.stars
    took.sort()
    return Figures(
        counts,
        rounds,
        len(took),
        float(median(took)) if took else None,
        took[math.ceil(_NINETIETH * len(took)) - 1] if took else None,
        stars / counts["rated"] if counts["rated"] else None,
    )


def grouped(
    dossiers: Iterable[Facts], sector_of: Callable[[str], str], period: Period, days: WorkingDays
) -> dict[str, Figures]:
    """The figures of each sector in which anything is counted."""
    sectors: dict[str, list[Facts]] = {}
    for facts in dossiers:
        sectors.setdefault(sector_of(facts.procedure), []).append(facts)
    made = {sector: figures(some, period, days) for sector, some in sectors.items()}
    return {sector: found for sector, found in made.items() if any(found.counts.values())}


def by_month(
    dossiers: Sequence[Facts], months: Sequence[Month], seen_at: datetime, days: WorkingDays
) -> dict[Month, Figures]:
    """The figures of each of these months, which follow each other; a dossier is weighed where something happened."""
    starts = [month.starts for month in months]
    touched: dict[Month, list[Facts]] = {month: [] for month in months}
    ends = months[-1].plus(1).starts
    for facts in dossiers:
        moments = (facts.submitted_at, facts.accepted_at, facts.done_at, facts.closed_at)
        places = {bisect_right(starts, at) - 1 for at in moments if at is not None and at < ends}
        for place in places - {-1}:
            touched[months[place]].append(facts)
    made = {}
    for month in months:
        period = month.seen(seen_at)
        found = figures(touched[month], period, days)
        # What waits was perhaps not touched in the month.
        states = {name: sum(FIGURES[name](facts, period) for facts in dossiers) for name in STATES}
        made[month] = replace(found, counts={**found.counts, **states})
    return made


def chosen(dossiers: Iterable[Facts], name: str, period: Period) -> list[Facts]:
    """The dossiers that a figure counts, the oldest first."""
    rule = FIGURES[name]
    return sorted((facts for facts in dossiers if rule(facts, period)), key=lambda facts: facts.submitted_at)
