"""Drafts that are left: when their person hears of them, and when they are deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.draft_times import (
    EVENING,
    MORNING,
    SAID,
    Facts,
    Keeping,
    Step,
    deadline_in_year,
    deadline_of,
    last_day,
    next_morning,
    next_step,
)
from domain.values import VIETNAM

KEEPING = Keeping()


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


LEFT = Facts(at(23, 10))


def life(facts: Facts, now: datetime, until: datetime) -> list[tuple[datetime, Step]]:
    """All that comes if nobody touches it, each done at its moment."""
    told: list[tuple[datetime, Step]] = []
    while True:
        when, step = next_step(facts, KEEPING, now)
        if when > until:
            return told
        now = max(now, when)
        told.append((now, step))
        if step == Step.DELETE:
            return told
        if step == Step.ANNOUNCE:
            facts = replace(facts, announced_at=now)
        else:
            facts = replace(facts, reminded=facts.reminded | SAID[step])


def test_a_draft_that_is_left_has_one_morning_one_announcement_and_an_end() -> None:
    assert life(LEFT, LEFT.touched_at, at(31, 0, month=12)) == [
        (at(24, 8), Step.MORNING),
        (at(16, 8, month=12), Step.ANNOUNCE),
        (at(24, 0, month=12), Step.DELETE),
    ]
    assert last_day(LEFT, KEEPING, at(16, 8, month=12)) == date(2026, 12, 23)


def test_three_days_before_the_deadline_comes_a_second_one() -> None:
    facts = replace(LEFT, deadline=deadline_of(date(2026, 11, 20), 15))
    assert facts.deadline == date(2026, 12, 5)
    assert life(facts, LEFT.touched_at, at(10, 0, month=12)) == [
        (at(24, 8), Step.MORNING),
        (at(2, 8, month=12), Step.DEADLINE),
    ]


def test_where_both_fall_on_one_morning_the_deadline_is_spoken_of_alone() -> None:
    facts = replace(LEFT, deadline=date(2026, 11, 27))
    assert life(facts, LEFT.touched_at, at(1, 0, month=12)) == [(at(24, 8), Step.DEADLINE)]


def test_a_deadline_that_was_near_or_over_when_it_was_left_has_only_the_morning() -> None:
    for deadline in (date(2026, 11, 25), date(2026, 11, 1)):
        facts = replace(LEFT, deadline=deadline)
        assert life(facts, LEFT.touched_at, at(1, 0, month=12)) == [(at(24, 8), Step.MORNING)]


def test_who_declined_reminders_hears_only_of_the_deletion() -> None:
    facts = replace(LEFT, welcome=False, deadline=date(2026, 12, 5))
    steps = [step for _, step in life(facts, LEFT.touched_at, at(31, 0, month=12))]
    assert steps == [Step.ANNOUNCE, Step.DELETE]


def test_who_sits_up_late_hears_the_same_morning() -> None:
    assert next_morning(at(24, 1, 30)) == at(24, 8)
    assert next_morning(at(24, 6)) == at(25, 8)


def test_touched_again_it_is_kept_anew_and_announced_anew() -> None:
    announced = at(16, 8, month=12)
    facts = Facts(at(20, 9, month=12), SAID[Step.MORNING], announced)
    when, step = next_step(facts, KEEPING, at(20, 9, month=12))
    assert (when, step) == (datetime(2027, 1, 12, 8, tzinfo=VIETNAM), Step.ANNOUNCE)


def test_what_was_slept_through_is_announced_first_and_deleted_a_week_later() -> None:
    late = datetime(2027, 2, 1, 22, tzinfo=VIETNAM)
    assert life(LEFT, late, datetime(2027, 3, 1, tzinfo=VIETNAM)) == [
        (datetime(2027, 2, 2, 8, tzinfo=VIETNAM), Step.ANNOUNCE),
        (datetime(2027, 2, 10, tzinfo=VIETNAM), Step.DELETE),
    ]


def test_a_yearly_deadline_is_the_next_one() -> None:
    assert deadline_in_year(9, 30, date(2026, 9, 30)) == date(2026, 9, 30)
    assert deadline_in_year(9, 30, date(2026, 10, 1)) == date(2027, 9, 30)


@given(
    st.timedeltas(timedelta(), timedelta(days=365)),
    st.timedeltas(timedelta(), timedelta(days=60)),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 6, 1))),
    st.booleans(),
)
def test_nobody_is_written_to_at_night_or_twice(
    into: timedelta,
    slept: timedelta,
    deadline: date | None,
    welcome: bool,  # noqa: FBT001
) -> None:
    facts = Facts(at(1, 0, month=1) + into, 0, None, deadline, welcome)
    told = life(facts, facts.touched_at + slept, facts.touched_at + timedelta(days=800))
    steps = [step for _, step in told]
    assert len(set(steps)) == len(steps)
    assert steps[-1] == Step.DELETE
    announced = next(when for when, step in told if step == Step.ANNOUNCE)
    assert told[-1][0] - announced >= timedelta(days=7)
    assert told[-1][0] - facts.touched_at >= timedelta(days=30)
    for when, step in told:
        if step != Step.DELETE:
            assert MORNING <= when.astimezone(VIETNAM).time() <= EVENING
