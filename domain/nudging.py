"""When somebody is to hear, at their own address, of a new dossier that nobody has opened. House rules.

The law gives eight working hours for an answer (Nghị định 61/2018, and domain/deadlines.py): what has not been opened
after two of them is late soon.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.deadlines import Calendar

CLERKS_AFTER: Final = 2  # working hours
HEADS_AFTER: Final = 1  # more


def clerks_at(calendar: Calendar, since: datetime) -> datetime:
    """When the clerks hear of what came at `since`."""
    return calendar.add_working_hours(since, CLERKS_AFTER)


def heads_at(calendar: Calendar, told_at: datetime) -> datetime:
    """When the heads do, where the clerks heard at `told_at`."""
    return calendar.add_working_hours(told_at, HEADS_AFTER)
