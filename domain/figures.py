"""What an office publishes of its work: figures of a time, reckoned from a few plain facts of each dossier.

The law asks for what was received, finished in time and late, and what waits (Nghị định 118/2025; Quyết định 766 scores
the same). What each figure counts is told by `counted_as`: the list of dossiers behind a number is made by the rule
that made the number.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Final

from msgspec import Struct

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
        """In UTC as all that it is compared with: moments of one zone are compared several times as fast."""
        return datetime(self.year, self.number, 1, tzinfo=VIETNAM).astimezone(UTC)

    def plus(self, months: int) -> Month:
        years, rest = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, rest + 1)

    def seen(self, at: datetime) -> Period:
        return Period(self.starts, self.plus(1).starts, at.astimezone(UTC))

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


FIGURES: Final = (
    "received",
    "answered-in-time",
    "answered-late",
    "unanswered",
    "returned",
    "accepted",
    "solved",
    "on-time",
    "extended",
    "late",
    "undated",
    "refused",
    "stopped",
    "withdrawn",
    "waiting",
    "overdue",
    "rated",
    "dissatisfied",
)
_WITHOUT_RESULT: Final = frozenset({Status.REFUSED, Status.STOPPED, Status.WITHDRAWN})
_ANSWERED: Final = {None: "unanswered", False: "answered-in-time", True: "answered-late"}


def counted_as(facts: Facts, period: Period) -> list[str]:
    """The figures that count this dossier, by their names: numbers and lists come from here alone."""
    starts, ends = period.starts, period.ends
    found = []
    if starts <= facts.submitted_at < ends:
        found += ["received", _ANSWERED[facts.answered_late]]
        if facts.rounds:
            found.append("returned")
    if facts.accepted_at is not None and starts <= facts.accepted_at < ends:
        found.append("accepted")
    if facts.done_at is not None and starts <= facts.done_at < ends:
        found += ["solved", _kept(facts.done_at, facts)]
    if facts.closed_at is not None and starts <= facts.closed_at < ends:
        if facts.status in _WITHOUT_RESULT:
            found.append(facts.status)
        if facts.stars:
            found += ["rated", "dissatisfied"] if facts.stars <= LOW else ["rated"]
    ended, until = facts.ended_at, period.until
    if facts.submitted_at < until and (ended is None or ended >= until):
        found.append("waiting")
        if period.running and _overdue(facts, period.seen_at):
            found.append("overdue")
    return found


def _kept(done_at: datetime, facts: Facts) -> str:
    """Whether the promise of a day was kept."""
    if facts.due_at is None:
        return "undated"
    if done_at > facts.due_at:
        return "late"
    return "extended" if facts.extended else "on-time"


def _overdue(facts: Facts, now: datetime) -> bool:
    """Only of now: the ball was perhaps elsewhere at the end of a month that is over."""
    if facts.status in BALL_WITH_CITIZEN:
        return False
    limit = facts.answer_by if facts.status == Status.SUBMITTED else facts.due_at
    return limit is not None and limit < now


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


class _Tally:
    """Counts that can be put together."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(FIGURES, 0)
        self.rounds = 0
        self.stars = 0
        self.took: list[int] = []

    def add(self, facts: Facts, period: Period, days: WorkingDays) -> None:
        names = counted_as(facts, period)
        for name in names:
            self.counts[name] += 1
        if "received" in names:
            self.rounds += facts.rounds
        if "rated" in names:
            self.stars += facts.stars
        if "solved" in names and facts.accepted_at is not None and facts.done_at is not None:
            self.took.append(days.between(facts.accepted_at, facts.done_at))

    def join(self, other: _Tally) -> None:
        for name, count in other.counts.items():
            self.counts[name] += count
        self.rounds += other.rounds
        self.stars += other.stars
        self.took += other.took

    def made(self) -> Figures:
        took, rated = sorted(self.took), self.counts["rated"]
        return Figures(
            self.counts,
            self.rounds,
            len(took),
            float(median(took)) if took else None,
            took[math.ceil(_NINETIETH * len(took)) - 1] if took else None,
            self.stars / rated if rated else None,
        )


def figures(dossiers: Iterable[Facts], period: Period, days: WorkingDays) -> Figures:
    """All figures of these dossiers."""
    tally = _Tally()
    for facts in dossiers:
        tally.add(facts, period, days)
    return tally.made()


def month_figures(
    dossiers: Iterable[Facts], sector_of: Callable[[str], str], month: Month, seen_at: datetime, days: WorkingDays
) -> MonthFigures:
    """The figures of a month, and of each sector in which anything is counted."""
    period, sectors, whole = month.seen(seen_at), dict[str, _Tally](), _Tally()
    for facts in dossiers:
        sector = sector_of(facts.procedure)
        if sector not in sectors:
            sectors[sector] = _Tally()
        sectors[sector].add(facts, period, days)
    for tally in sectors.values():
        whole.join(tally)
    some = {sector: tally.made() for sector, tally in sectors.items() if any(tally.counts.values())}
    return MonthFigures(month, whole.made(), some)


def by_month(
    dossiers: Sequence[Facts], months: Sequence[Month], seen_at: datetime, days: WorkingDays
) -> dict[Month, Figures]:
    """The figures of each of these months, which follow each other; a dossier is weighed where something happened."""
    periods = [month.seen(seen_at) for month in months]
    starts, ends = [period.starts for period in periods], periods[-1].ends
    tallies = [_Tally() for _ in months]
    for facts in dossiers:
        moments = (facts.submitted_at, facts.accepted_at, facts.done_at, facts.closed_at)
        places = {bisect_right(starts, at) - 1 for at in moments if at is not None and at < ends}
        for place in places - {-1}:
            tallies[place].add(facts, periods[place], days)
        # What waits, or is overdue now, was perhaps not touched in the month.
        first = max(0, bisect_right(starts, facts.submitted_at) - 1)
        last = len(months) if facts.ended_at is None else bisect_right(starts, facts.ended_at)
        for place in range(first, last):
            names = [] if place in places else counted_as(facts, periods[place])
            for name in names:
                tallies[place].counts[name] += 1
    return {month: tally.made() for month, tally in zip(months, tallies, strict=True)}


def chosen(dossiers: Iterable[Facts], name: str, period: Period) -> list[Facts]:
    """The dossiers that a figure counts, the oldest first."""
    found = (facts for facts in dossiers if name in counted_as(facts, period))
    return sorted(found, key=lambda facts: facts.submitted_at)
