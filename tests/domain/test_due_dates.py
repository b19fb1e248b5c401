"""A table of due dates reckoned without the code under test: none may be wrong."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import pytest

from domain.clock import Pause, Policy, Term, due_at, resumed
from domain.deadlines import Calendar, Period, Season
from domain.reckoning import reckon
from domain.values import VIETNAM
from tests.domain import by_list
from tests.domain.by_list import OFF, ROW, SATURDAYS

WEEK: Final = frozenset(range(1, 6))
MORNING: Final = Period(time(7, 30), time(11, 30))
SUMMER: Final = Season((4, 16), WEEK, (Period(time(7), time(11, 30)), Period(time(13, 30), time(17))))
WINTER: Final = Season((10, 16), WEEK, (MORNING, Period(time(13, 30), time(17, 30))))
DESK: Final = Calendar(
    (SUMMER, WINTER), frozenset(map(date.fromisoformat, OFF)), frozenset(map(date.fromisoformat, SATURDAYS))
)
TABLE: Final = [
    line
    for line in (Path(__file__).parent / "due_dates.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def moment(words: str) -> datetime:
    return by_list.moment(words).replace(tzinfo=VIETNAM)


def cells(row: str) -> tuple[str, str, str, str, str, str]:
    """Received, term, policy, since, until, due."""
    found = ROW.fullmatch(row)
    assert found is not None, row
    received, term, policy, since, until, due = (cell or "" for cell in found.groups())
    return received, term, policy, since, until, due


def term_of(words: str, policy: str) -> Term:
    given: Policy = "pause" if policy == "pause" else "restart"
    if words == "same":
        return Term(same_day=True, policy=given)
    days = int(words[:-1])
    return Term(working_days=days, policy=given) if words.endswith("w") else Term(calendar_days=days, policy=given)


def test_the_table_is_long_enough_and_reaches_every_trap() -> None:
    assert len(TABLE) == len(set(TABLE)) >= 200
    assert sum("#" in row for row in TABLE) >= 40  # reckoned by hand, step by step
    told = "\n".join(TABLE)
    traps = (
        "2026-02-1",
        "2027-02-0",
        "2026-01-10",
        "2026-08-22",
        "2026-09-01",
        "2026-11-24",
        "2027-04-1",
        "same",
        "c |",
    )
    assert [trap for trap in traps if trap not in told] == []


@pytest.mark.parametrize("row", TABLE)
def test_no_due_date_is_wrong(row: str) -> None:
    received, words, policy, since, until, due = cells(row)
    term = term_of(words, policy)
    pause = Pause(moment(since), moment(until)) if policy else None
    reckoned = reckon(DESK, moment(received), term, pause=pause)
    assert reckoned.due_at == moment(due)
    assert reckoned.steps[-1].day == moment(due).date()
    plain = due_at(DESK, moment(received), term)
    assert plain is not None
    assert (plain if pause is None else resumed(DESK, plain, term, pause)) == moment(due)


@pytest.mark.parametrize("row", TABLE)
def test_the_table_agrees_with_a_list_of_working_days(row: str) -> None:
    *given, due = cells(row)
    assert by_list.due(*given) == due
