"""When a dossier wants somebody's attention, without anybody having done anything: one list for each status.

The eight working hours, the day before an extension is due and the half of a wait are the law's or the national
portal's; the hours at which citizens are written to, and how long an unlimited wait goes on quietly, are house rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Final

from msgspec import Struct

from domain.clock import here
from domain.deadlines import Calendar
from domain.dossier import Status
from domain.rules import DRAFT_DAY
from domain.values import VIETNAM

SOON_HOURS: Final = 2  # working hours left to answer: six of the eight have passed
EVE: Final = time(17)
VISIT_AHEAD: Final = timedelta(hours=2)
_FROM_NOW: Final = timedelta(minutes=10)  # a result to be collected from when it is ready is no appointment
EARLIEST_VISIT: Final = time(6)  # nobody is woken for an appointment at half past seven
_MORNING, _EVENING = time(7), time(20)  # between which citizens are written to
_DAY: Final = timedelta(days=1)
_S: Final = Status
_PROMISED: Final = frozenset({_S.ACCEPTED, _S.PROCESSING, _S.DRAFTED, _S.SIGNING, _S.FORWARDED})  # the clock runs


class What(StrEnum):
    """What is to be said; to whom, `bot/clock.py` knows."""

    ANSWER_SOON = "answer-soon"
    ANSWER_LATE = "answer-late"
    DUE_SOON = "due-soon"
    DUE_TODAY = "due-today"
    OVERDUE = "overdue"
    SUPPLEMENT = "supplement"  # half of the wait for more papers is over
    SUPPLEMENT_OVER = "supplement-over"
    DRAFT = "draft"
    DRAFT_OVER = "draft-over"
    VISIT_EVE = "visit-eve"
    VISIT_SOON = "visit-soon"
    VISIT = "visit"  # the same, for the desk
    VISIT_MISSED = "visit-missed"
    MONEY = "money"
    MONEY_OVER = "money-over"


class Facts(Struct, frozen=True):
    """What a dossier's row and history say; the names are the row's own. `shown_at`: when the draft was shown last."""

    status: str
    answer_by: datetime
    due_at: datetime | None = None
    paused_at: datetime | None = None
    wait_until: datetime | None = None
    reminded_at: datetime | None = None
    appointment_at: datetime | None = None
    shown_at: datetime | None = None
    done_at: datetime | None = None


class Reminder(Struct, frozen=True):
    """`until`: from then on it is too late to say it."""

    at: datetime
    what: What
    until: datetime | None = None


def planned(facts: Facts, calendar: Calendar, quiet_days: int) -> tuple[Reminder, ...]:
    """All that this dossier will bring if nothing happens, the earliest first, past ones among them.

    `quiet_days`: working days after which the citizen is reminded where nobody knows how long the wait may be.
    """
    return tuple(sorted(_planned(facts, calendar, quiet_days), key=lambda one: one.at))


def ripe(all_of: tuple[Reminder, ...], since: datetime, now: datetime) -> tuple[What, ...]:
    """What has come up after `since` and still holds."""
    return tuple(one.what for one in all_of if since < one.at <= now and (one.until is None or now < one.until))


def upcoming(all_of: tuple[Reminder, ...], since: datetime) -> datetime | None:
    """The next moment of which something comes."""
    return next((one.at for one in all_of if one.at > since), None)


def _planned(facts: Facts, calendar: Calendar, quiet_days: int) -> Iterator[Reminder]:
    status = Status(facts.status)
    if status == _S.SUBMITTED:
        soon = calendar.back_working_hours(facts.answer_by, SOON_HOURS)
        yield Reminder(soon, What.ANSWER_SOON, facts.answer_by)
        yield Reminder(facts.answer_by, What.ANSWER_LATE)
    if status in _PROMISED and facts.due_at is not None:
        yield from _due(facts.due_at, calendar)
    if status == _S.DRAFTED and facts.shown_at is not None:
        yield from _draft(facts, facts.shown_at, calendar)
    if status in (_S.INCOMPLETE, _S.PENDING):
        yield from _wait(facts, calendar, quiet_days, What.SUPPLEMENT, What.SUPPLEMENT_OVER)
    if status == _S.PAYING:
        yield from _wait(facts, calendar, quiet_days, What.MONEY, What.MONEY_OVER)
    if status in (_S.INVITED, _S.DONE) and facts.appointment_at is not None and not _from_now(facts):
        yield from _visit(facts.appointment_at, calendar)


def _due(due: datetime, calendar: Calendar) -> Iterator[Reminder]:
    """The morning of the working day before, on which an extension is still possible; that morning; the end."""
    due_on = here(due)
    today = min(calendar.next_open(datetime.combine(due_on, time(), VIETNAM)), due)
    yield Reminder(calendar.opening(next(calendar.working_days_back(due_on - _DAY))), What.DUE_SOON, today)
    yield Reminder(today, What.DUE_TODAY, due)
    yield Reminder(due, What.OVERDUE)


def _draft(facts: Facts, shown_at: datetime, calendar: Calendar) -> Iterator[Reminder]:
    if facts.reminded_at is None or facts.reminded_at < shown_at:
        yield Reminder(_civil(shown_at + DRAFT_DAY / 2), What.DRAFT)
    yield Reminder(calendar.next_open(shown_at + DRAFT_DAY), What.DRAFT_OVER)


def _wait(facts: Facts, calendar: Calendar, quiet_days: int, half: What, over: What) -> Iterator[Reminder]:
    """Reminded once a wait, also where that comes late: nothing is stopped that was not reminded of."""
    since, until = facts.paused_at, facts.wait_until
    if since is not None and facts.reminded_at is None:
        if until is not None:
            yield Reminder(_civil(since + (until - since) / 2), half)
        else:
            day = next(islice(calendar.working_days_from(here(since) + _DAY), quiet_days - 1, None))
            yield Reminder(max(calendar.opening(day), datetime.combine(day, _MORNING, VIETNAM)), half)
    if until is not None:
        yield Reminder(until, over)


def _from_now(facts: Facts) -> bool:
    at, done = facts.appointment_at, facts.done_at
    return at is not None and done is not None and at <= done + _FROM_NOW


def _visit(at: datetime, calendar: Calendar) -> Iterator[Reminder]:
    day = here(at)
    ahead = max(at - VISIT_AHEAD, datetime.combine(day, EARLIEST_VISIT, VIETNAM))
    yield Reminder(datetime.combine(day - _DAY, EVE, VIETNAM), What.VISIT_EVE, ahead)
    yield Reminder(ahead, What.VISIT_SOON, at)
    if calendar.is_working_day(
        day
    ):  # else the desk is closed by now, and who would have come is told by whoever closed it
        yield Reminder(min(max(ahead, calendar.opening(day)), at), What.VISIT, at)
        yield Reminder(max(calendar.closing(day), at), What.VISIT_MISSED)


def _civil(at: datetime) -> datetime:
    """Not at night: the next morning."""
    local = at.astimezone(VIETNAM)
    if local.time() < _MORNING:
        return datetime.combine(local.date(), _MORNING, VIETNAM)
    if local.time() > _EVENING:
        return datetime.combine(local.date() + _DAY, _MORNING, VIETNAM)
    return local
