"""What the law asks before a decision that the dossier's status alone would allow; each raises NotAllowed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from domain.deadlines import Calendar
from domain.dossier import NotAllowed, Status
from domain.values import VIETNAM

DRAFT_DAY: Final = timedelta(days=1)  # in which the citizen looks at a draft of the result (facts, section 3)
_WAITING: Final = frozenset({Status.INCOMPLETE, Status.PENDING})
_FAR: Final = 60  # days in which there is a working day


def may_stop(
    status: str,
    cause: str,
    *,
    wait_until: datetime | None,
    reminded_at: datetime | None,
    now: datetime,
    head: bool = False,
) -> None:
    """What waits for more papers is stopped only when the wait is over and a reminder went out on the way.

    Not where the applicant asked for it, or the law no longer allows the matter (`cause`). Where nobody knows how long
    to wait, the head decides.
    """
    if status not in _WAITING or cause:
        return
    if reminded_at is None:
        raise NotAllowed("stop-unreminded")
    if wait_until is None:
        if not head:
            raise NotAllowed("stop-unlimited")
    elif now < wait_until:
        raise NotAllowed("stop-early")


def last_day_to_extend(due_at: datetime, calendar: Calendar) -> date:
    """The working day before the due day: the apology must go out by then (NĐ 118/2025, at least one day before)."""
    due_on = due_at.astimezone(VIETNAM).date()
    days = (due_on - timedelta(days=back) for back in range(1, _FAR))
    return next(day for day in days if calendar.is_working_day(day))


def may_extend(due_at: datetime | None, extended_from: datetime | None, *, now: datetime, calendar: Calendar) -> None:
    """Once, and in time; what has no due day has nothing to extend."""
    if due_at is None:
        raise NotAllowed("extend-no-day")
    if extended_from is not None:
        raise NotAllowed("extended")
    if now.astimezone(VIETNAM).date() > last_day_to_extend(due_at, calendar):
        raise NotAllowed("extend-late")


def may_extend_to(until: datetime, due_at: datetime, calendar: Calendar) -> None:
    """The new day lies after the old one, and the desk is open on it."""
    day = until.astimezone(VIETNAM).date()
    if day <= due_at.astimezone(VIETNAM).date() or not calendar.is_working_day(day):
        raise NotAllowed("extend-day")


def extended(due_at: datetime, working_days: int, calendar: Calendar) -> datetime:
    """The hour at which the desk closes so many working days after the due day, which itself does not count."""
    due_on = due_at.astimezone(VIETNAM).date()
    day = next(islice(calendar.working_days_from(due_on + timedelta(days=1)), working_days - 1, None))
    return calendar.open_on(day)[-1][1]


def closing(day: date, calendar: Calendar) -> datetime | None:
    """The hour at which the desk closes on a day; None when it is not open then."""
    stretches = calendar.open_on(day)
    return stretches[-1][1] if stretches else None


def silence_agrees(shown_at: datetime | None, reminded_at: datetime | None, *, delivered: bool, now: datetime) -> None:
    """Silence counts as agreement after a day, if the draft surely reached the citizen and a reminder went out."""
    if shown_at is None or now < shown_at + DRAFT_DAY:
        raise NotAllowed("silence-early")
    if not delivered:
        raise NotAllowed("silence-undelivered")
    if reminded_at is None or reminded_at < shown_at:
        raise NotAllowed("silence-unreminded")
