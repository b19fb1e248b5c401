"""What the law asks beyond the status: stopping, extending, and silence about a draft."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from domain import rules
from domain.dossier import NotAllowed, Status
from tests.domain.test_deadlines import CALENDAR, at

SHOWN = at(23, 10)
DUE = at(27, 17, 30)  # a Friday


def refused(call: object, *args: object, **named: object) -> str:
    """The reason, or empty."""
    assert callable(call)
    try:
        call(*args, **named)
    except NotAllowed as error:
        return error.reason
    return ""


@pytest.mark.parametrize(
    ("status", "cause", "until", "reminded", "head", "reason"),
    [
        (Status.INCOMPLETE, "", at(20, 17), at(18, 9), False, ""),
        (Status.PENDING, "", at(20, 17), at(18, 9), False, ""),
        (Status.INCOMPLETE, "", at(27, 17), at(18, 9), False, "stop-early"),
        (Status.INCOMPLETE, "", at(27, 17), at(18, 9), True, "stop-early"),
        (Status.PENDING, "", at(20, 17), None, False, "stop-unreminded"),
        (Status.PENDING, "", None, None, True, "stop-unreminded"),
        (Status.PENDING, "", None, at(18, 9), False, "stop-unlimited"),
        (Status.PENDING, "", None, at(18, 9), True, ""),
        (Status.INCOMPLETE, "asked", at(27, 17), None, False, ""),
        (Status.PENDING, "law", at(27, 17), None, False, ""),
        (Status.ACCEPTED, "", None, None, False, ""),
        (Status.FORWARDED, "", None, None, False, ""),
    ],
)
def test_stopping(
    status: str, cause: str, until: datetime | None, reminded: datetime | None, *, head: bool, reason: str
) -> None:
    now = at(23, 10)
    assert refused(rules.may_stop, status, cause, wait_until=until, reminded_at=reminded, now=now, head=head) == reason


def test_a_wait_is_over_at_its_very_end() -> None:
    end = at(23, 17, 30)
    waits = {"wait_until": end, "reminded_at": at(18, 9)}
    assert refused(rules.may_stop, "pending", "", now=end - timedelta(seconds=1), **waits) == "stop-early"
    assert not refused(rules.may_stop, "pending", "", now=end, **waits)


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (at(27, 17, 30), date(2026, 11, 26)),
        (at(25, 17, 30), date(2026, 11, 23)),  # 24/11 is a holiday
        (at(30, 17, 30), date(2026, 11, 27)),  # over a weekend
    ],
)
def test_the_last_day_to_extend_is_the_working_day_before(due: datetime, last: date) -> None:
    assert rules.last_day_to_extend(due, CALENDAR) == last


@pytest.mark.parametrize(
    ("due", "before", "now", "reason"),
    [
        (DUE, None, at(26, 23, 59), ""),
        (DUE, None, at(27, 0), "extend-late"),
        (at(25, 17, 30), None, at(24, 9), "extend-late"),  # a holiday is no day to do it
        (DUE, at(20, 17, 30), at(23, 9), "extended"),
        (None, None, at(23, 9), "extend-no-day"),
    ],
)
def test_extending(due: datetime | None, before: datetime | None, now: datetime, reason: str) -> None:
    assert refused(rules.may_extend, due, before, now=now, calendar=CALENDAR) == reason


@pytest.mark.parametrize(
    ("days", "until"),
    [(1, at(30, 17, 30)), (2, at(1, 17, 30, month=12)), (5, at(4, 17, 30, month=12))],
)
def test_the_new_day_is_counted_from_the_day_after_the_old_one(days: int, until: datetime) -> None:
    assert rules.extended(DUE, days, CALENDAR) == until


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (at(30, 17, 30), ""),
        (at(27, 17, 30), "extend-day"),  # the old day
        (at(26, 17, 30), "extend-day"),
        (at(29, 17, 30), "extend-day"),  # a Sunday
    ],
)
def test_extending_to_a_day(until: datetime, reason: str) -> None:
    assert refused(rules.may_extend_to, until, DUE, CALENDAR) == reason


def test_the_desk_closes_on_working_days_only() -> None:
    assert rules.closing(date(2026, 11, 27), CALENDAR) == DUE
    assert rules.closing(date(2026, 11, 24), CALENDAR) is None


@pytest.mark.parametrize(
    ("now", "reminded", "delivered", "reason"),
    [
        (at(24, 10), at(24, 9), True, ""),
        (at(24, 9, 59), at(24, 9), True, "silence-early"),
        (at(25, 10), at(24, 9), False, "silence-undelivered"),
        (at(25, 10), None, True, "silence-unreminded"),
        (at(25, 10), at(22, 9), True, "silence-unreminded"),  # of another wait
    ],
)
def test_silence(now: datetime, reminded: datetime | None, *, delivered: bool, reason: str) -> None:
    assert refused(rules.silence_agrees, SHOWN, reminded, delivered=delivered, now=now) == reason


def test_nobody_is_silent_about_what_was_not_shown() -> None:
    assert refused(rules.silence_agrees, None, at(23, 9), delivered=True, now=at(27, 9)) == "silence-early"
