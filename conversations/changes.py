"""Known changes of the law in words for officials: a line each, and when the head of an office is reminded of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from catalogue.changes import AHEAD, changes_ahead
from catalogue.model import Catalogue, Change
from conversations.messages import Message
from conversations.render import text

_WEEK: Final = 6  # days by which a weekly reminder may come early, so that the first is never late
_LAST: Final = 3  # days before a change on which every morning tells of it


def change_line(catalogue: Catalogue, change: Change) -> str:
    """From when, how sure, what, and how many procedures are to be looked at again."""
    return text(
        "linked.change-about" if change.about else "linked.change",
        {
            "on": f"{change.on:%d/%m/%Y}",
            "sure": text(f"linked.sure-{change.confidence}"),
            "what": change.what.removesuffix("."),
            "count": len([one for one in change.procedures if one in catalogue.procedures]),
        },
    )


def for_head(catalogue: Catalogue, today: date, is_working_day: Callable[[date], bool]) -> Message | None:
    """This morning's reminder: once a week from thirty days before, and each of the last days; None on other days."""
    monday = today - timedelta(days=today.weekday())
    weekly = not any(is_working_day(monday + timedelta(days=n)) for n in range(today.weekday()))
    near = [
        change
        for change in changes_ahead(catalogue, today, AHEAD + _WEEK)
        if weekly or change.on - today <= timedelta(days=_LAST)
    ]
    if not near:
        return None
    lines = "\n".join(f"- {change_line(catalogue, change)}" for change in near)
    return Message(text("linked.ahead", {"lines": lines}))
