"""When an unfinished draft is spoken of: the next morning, before the law's deadline, and before it is deleted.

The days until a deadline are the law's, by procedure. That drafts are kept for a short time, told to their person, is
asked by Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; how many days, and the hour, are house rules.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

from domain.values import VIETNAM

MORNING: Final = time(8)  # between the beginning of work and nine: after the children have left for school
EVENING: Final = time(20)
AHEAD: Final = 3  # days before the deadline
NIGHT: Final = timedelta(hours=5)  # whoever sits up until two begins the next day in the morning
_STALE: Final = timedelta(days=3)  # after which "yesterday's" draft is not spoken of for that alone
_DAY: Final = timedelta(days=1)


class Step(StrEnum):
    """What is due with a draft."""

    MORNING = "morning"
    DEADLINE = "deadline"
    ANNOUNCE = "announce"  # that it will be deleted
    DELETE = "delete"


# In the column `reminded`, one bit for each that is said once in a draft's life.
SAID: Final = {Step.MORNING: 1, Step.DEADLINE: 2}


class Facts(Struct, frozen=True):
    """A draft's row. `reminded`: see SAID; `announced_at`: when its deletion was announced; `deadline`: the last day.

    `welcome`: whether its person agreed to be reminded. The deletion is announced all the same: it is no reminder.
    """

    touched_at: datetime
    reminded: int = 0
    announced_at: datetime | None = None
    deadline: date | None = None
    welcome: bool = True


class Keeping(Struct, frozen=True):
    """For how many untouched days an office keeps a draft, and after how many of them it says so."""

    announce_after: int = 23
    delete_after: int = 30


def deadline_of(event: date, days: int) -> date:
    """The last of `days` days after the event; the day of the event does not count (Bộ luật Dân sự, Điều 147)."""
    return event + days * _DAY


def deadline_in_year(month: int, day: int, today: date) -> date:
    """The next such day of the year, today among them."""
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def next_step(facts: Facts, keeping: Keeping, now: datetime) -> tuple[datetime, Step]:
    """What comes next, and when; a moment that is over means: now. Nobody is written to at night."""
    return min(_steps(facts, keeping, now), key=lambda one: one[0])


def _steps(facts: Facts, keeping: Keeping, now: datetime) -> list[tuple[datetime, Step]]:
    found: list[tuple[datetime, Step]] = []
    eve = _eve(facts)
    if facts.welcome and eve is not None and not facts.reminded & SAID[Step.DEADLINE] and now < eve + _DAY:
        found.append((_civil(eve, now), Step.DEADLINE))
    morning = next_morning(facts.touched_at)
    both = eve == morning  # then the deadline is spoken of alone
    if facts.welcome and not facts.reminded & SAID[Step.MORNING] and not both and now < morning + _STALE:
        found.append((_civil(morning, now), Step.MORNING))
    announced = facts.announced_at
    if announced is None or announced < facts.touched_at:  # what was announced before is no longer true
        found.append((_civil(_at(facts.touched_at, keeping.announce_after), now), Step.ANNOUNCE))
    else:
        found.append((deleted_at(facts, keeping, announced), Step.DELETE))
    return found


def deleted_at(facts: Facts, keeping: Keeping, announced: datetime) -> datetime:
    """The midnight that ends the last day on which it is kept: as many days after the announcement as were promised."""
    notice = keeping.delete_after - keeping.announce_after
    last = max(_local(facts.touched_at).date() + keeping.delete_after * _DAY, _local(announced).date() + notice * _DAY)
    return datetime.combine(last + _DAY, time(), VIETNAM)


def last_day(facts: Facts, keeping: Keeping, now: datetime) -> date:
    """Until when, the day included, it is kept if nothing is done, when that is announced now."""
    return deleted_at(facts, keeping, now).date() - _DAY


def next_morning(touched_at: datetime) -> datetime:
    """Of the day after the one on which it was left."""
    return datetime.combine(_local(touched_at - NIGHT).date() + _DAY, MORNING, VIETNAM)


def _eve(facts: Facts) -> datetime | None:
    """The morning three days before the deadline; None where that was over when the draft was left."""
    if facts.deadline is None:
        return None
    eve = datetime.combine(facts.deadline - AHEAD * _DAY, MORNING, VIETNAM)
    return eve if eve > facts.touched_at else None


def _at(touched_at: datetime, days: int) -> datetime:
    return datetime.combine(_local(touched_at).date() + days * _DAY, MORNING, VIETNAM)


def _civil(at: datetime, now: datetime) -> datetime:
    """That moment; where it is over, now, or the next morning when it is night."""
    if at > now:
        return at
    local = _local(now)
    if local.time() < MORNING:
        return datetime.combine(local.date(), MORNING, VIETNAM)
    if local.time() > EVENING:
        return datetime.combine(local.date() + _DAY, MORNING, VIETNAM)
    return local


def _local(at: datetime) -> datetime:
    return at.astimezone(VIETNAM)
