"""The worked examples of the facts notes, the edges around them, and what must hold for any calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.deadlines import Calendar, Period, Season
from domain.values import VIETNAM

WEEK = frozenset(range(1, 6))
SUMMER = Season((4, 16), WEEK, (Period(time(7), time(11, 30)), Period(time(13, 30), time(17))))
WINTER = Season((10, 16), WEEK, (Period(time(7, 30), time(11, 30)), Period(time(13, 30), time(17, 30))))
CALENDAR = Calendar((SUMMER, WINTER), frozenset({date(2026, 11, 24), date(2027, 1, 1)}))


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (at(23, 10), 3, date(2026, 11, 27)),  # 24/11 is a holiday
        (at(23, 15, 20), 3, date(2026, 11, 30)),  # after 15:00: counts as Wednesday's
        (at(23, 15), 3, date(2026, 11, 27)),  # 15:00 itself is in time
        (at(22, 9), 1, date(2026, 11, 25)),  # a Sunday: counts as Monday's
        (at(23, 5), 1, date(2026, 11, 25)),  # before opening: the same day
        (at(27, 16), 1, date(2026, 12, 1)),  # Friday late: counts as Monday's
    ],
)
def test_working_days(received: datetime, days: int, due: date) -> None:
    assert CALENDAR.due_on(received, working_days=days) == due


@pytest.mark.parametrize(
    ("received", "due"),
    [(at(23, 10), at(23, 17, 30)), (at(23, 15, 1), at(25, 17, 30)), (at(22, 10), at(23, 17, 30))],
)
def test_same_day_procedures_are_due_when_the_desk_closes(received: datetime, due: datetime) -> None:
    assert CALENDAR.due(received, working_days=1, same_day=True) == due


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        (at(10, 9), 15, date(2026, 11, 25)),
        (at(9, 9), 15, date(2026, 11, 25)),  # ends on the holiday: the next working day
        (at(13, 9), 15, date(2026, 11, 30)),  # ends on a Saturday
    ],
)
def test_calendar_days_ending_on_a_day_off_move_on(received: datetime, days: int, due: date) -> None:
    assert CALENDAR.due_on(received, calendar_days=days) == due


def test_an_unknown_time_promises_no_day() -> None:
    assert CALENDAR.due(at(23, 10)) is None


@pytest.mark.parametrize(
    ("submitted", "answer_by"),
    [
        (at(23, 7, 30), at(23, 17, 30)),
        (at(23, 10), at(25, 10)),
        (at(23, 12), at(25, 11, 30)),  # in the lunch break: from 13:30 on
        (at(23, 20), at(25, 17, 30)),  # in the evening: from Wednesday 07:30 on
        (at(22, 10), at(23, 17, 30)),
        (at(29, 8, month=9), at(30, 8, month=9)),
    ],
)
def test_the_desk_answers_within_eight_working_hours(submitted: datetime, answer_by: datetime) -> None:
    assert CALENDAR.answer_by(submitted) == answer_by


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(23, 9), at(23, 9)),
        (at(23, 11, 30), at(23, 13, 30)),
        (at(23, 17, 30), at(25, 7, 30)),
        (at(21, 9), at(23, 7, 30)),
        (at(15, 6, month=10), at(15, 7, month=10)),  # the last day of summer hours
        (at(16, 6, month=10), at(16, 7, 30, month=10)),
        (at(5, 6, month=1), at(5, 7, 30, month=1)),  # winter hours run on into the new year
    ],
)
def test_the_next_opening(moment: datetime, opens: datetime) -> None:
    assert CALENDAR.next_open(moment) == opens


def test_a_swapped_day_is_worked_like_any_other() -> None:
    swapped = replace(CALENDAR, worked=frozenset({date(2026, 11, 28)}))
    assert swapped.due_on(at(23, 15, 20), working_days=3) == date(2026, 11, 28)
    assert swapped.next_open(at(28, 6)) == at(28, 7, 30)


def test_slots_are_half_hours_with_the_days_last_left_free() -> None:
    assert CALENDAR.pickup_slots(at(23, 10, 40), 8) == (
        at(23, 11),
        at(23, 13, 30),
        at(23, 14),
        at(23, 14, 30),
        at(23, 15),
        at(23, 15, 30),
        at(23, 16),
        at(23, 16, 30),
    )
    assert CALENDAR.pickup_slots(at(23, 16, 30), 2) == (at(25, 7, 30), at(25, 8))


def test_a_calendar_that_never_opens_is_a_mistake() -> None:
    closed = Calendar((Season((1, 1), frozenset(), WINTER.periods),))
    with pytest.raises(ValueError, match="no working days"):
        closed.next_open(at(23, 9))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(lambda m: m.replace(tzinfo=VIETNAM))  # noqa: DTZ001
OFF = st.frozensets(st.dates(date(2026, 1, 1), date(2029, 6, 30)), max_size=30)


@given(MOMENTS, st.integers(0, 60), OFF, st.dates(date(2026, 1, 1), date(2029, 6, 30)))
def test_a_holiday_more_never_brings_a_date_forward(
    received: datetime, days: int, off: frozenset[date], more: date
) -> None:
    before, after = replace(CALENDAR, days_off=off), replace(CALENDAR, days_off=off | {more})
    for working, by_calendar in ((days, None), (None, days)):
        first = before.due(received, working_days=working, calendar_days=by_calendar)
        second = after.due(received, working_days=working, calendar_days=by_calendar)
        assert first is not None
        assert second is not None
        assert first <= second
    assert before.answer_by(received) <= after.answer_by(received)


@given(MOMENTS, MOMENTS, st.integers(0, 60), OFF)
def test_what_comes_earlier_is_never_due_later(one: datetime, other: datetime, days: int, off: frozenset[date]) -> None:
    calendar = replace(CALENDAR, days_off=off)
    early, late = sorted((one, other))
    first, second = calendar.due_on(early, working_days=days), calendar.due_on(late, working_days=days)
    assert first is not None
    assert second is not None
    assert first <= second
    assert calendar.answer_by(early) <= calendar.answer_by(late)


@given(MOMENTS, OFF)
def test_slots_lie_in_opening_hours_and_after_the_moment(after: datetime, off: frozenset[date]) -> None:
    calendar = replace(CALENDAR, days_off=off)
    slots = calendar.pickup_slots(after, 20)
    assert list(slots) == sorted(set(slots))
    assert [slot for slot in slots if slot <= after or calendar.next_open(slot) != slot] == []
    closing = [calendar.open_on(slot.date())[-1][1] for slot in slots]
    assert [c for s, c in zip(slots, closing, strict=True) if c - s < timedelta(hours=1)] == []


@given(MOMENTS, st.floats(0, 40), st.floats(0, 40))
def test_working_hours_add_up(moment: datetime, one: float, other: float) -> None:
    at_once = CALENDAR.add_working_hours(moment, one + other)
    in_steps = CALENDAR.add_working_hours(CALENDAR.add_working_hours(moment, one), other)
    gap = in_steps - at_once
    assert abs(gap) <= timedelta(milliseconds=1) or CALENDAR.next_open(at_once) - in_steps <= timedelta(0)
