"""Each step of a reckoning by name, and what must hold of a wait under any calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.clock import Pause, Term, due_at, resumed, shifted
from domain.deadlines import Calendar
from domain.reckoning import Reckoning, Step, reckon
from domain.values import VIETNAM
from tests.domain.test_deadlines import CALENDAR, MOMENTS, OFF, at

NAMES = {date(2026, 11, 24): "Ngày Văn hóa Việt Nam", date(2026, 11, 28): "Làm bù"}
SWAPPED = replace(CALENDAR, worked=frozenset({date(2026, 11, 28)}))


def told(reckoning: Reckoning) -> list[str]:
    return [f"{s.day:%d} {s.what}" + (f" {s.number}" if s.number else "") for s in reckoning.steps]


def test_every_day_has_its_name() -> None:
    reckoning = reckon(CALENDAR, at(23, 10), Term(working_days=3), names=NAMES)
    assert reckoning.due_at == at(27, 17, 30)
    assert reckoning.steps == (
        Step(date(2026, 11, 23), "received"),
        Step(date(2026, 11, 24), "holiday", 0, "Ngày Văn hóa Việt Nam"),
        Step(date(2026, 11, 25), "working-day", 1),
        Step(date(2026, 11, 26), "working-day", 2),
        Step(date(2026, 11, 27), "working-day", 3),
        Step(date(2026, 11, 27), "due"),
    )


def test_what_comes_late_counts_as_the_next_working_days() -> None:
    assert told(reckon(CALENDAR, at(23, 15, 20), Term(working_days=3))) == [
        "23 received",
        "24 holiday",
        "25 late",
        "26 working-day 1",
        "27 working-day 2",
        "28 weekend",
        "29 weekend",
        "30 working-day 3",
        "30 due",
    ]


def test_what_comes_on_a_day_off_counts_as_the_next_working_days() -> None:
    assert told(reckon(CALENDAR, at(21, 16), Term(same_day=True))) == [
        "21 received",
        "21 weekend",
        "22 weekend",
        "23 closed",
        "23 due",
    ]


def test_a_saturday_that_is_worked_is_said_to_be() -> None:
    reckoning = reckon(SWAPPED, at(26, 10), Term(working_days=2), names=NAMES)
    assert told(reckoning) == ["26 received", "27 working-day 1", "28 worked 2", "28 due"]
    assert reckoning.steps[2].name == "Làm bù"


def test_calendar_days_end_on_a_working_day() -> None:
    assert told(reckon(CALENDAR, at(25, 10), Term(calendar_days=3))) == [
        "25 received",
        "26 calendar-day 1",
        "27 calendar-day 2",
        "28 calendar-day 3",
        "28 weekend",
        "29 weekend",
        "30 moved",
        "30 due",
    ]


def test_an_unknown_time_has_no_steps() -> None:
    assert reckon(CALENDAR, at(23, 10), Term()) == Reckoning()


def test_a_pause_leaves_out_the_days_of_the_wait() -> None:
    wait = Pause(at(25, 10), at(27, 10))
    assert told(reckon(CALENDAR, at(23, 10), Term(working_days=2, policy="pause"), pause=wait)) == [
        "23 received",
        "24 holiday",
        "25 working-day 1",
        "25 paused",
        "26 waiting",
        "27 waiting",
        "27 resumed",
        "28 weekend",
        "29 weekend",
        "30 working-day 2",
        "30 due",
    ]


def test_a_restart_counts_anew() -> None:
    wait = Pause(at(26, 10), at(27, 10))
    assert told(reckon(CALENDAR, at(23, 10), Term(working_days=2), pause=wait)) == [
        "23 received",
        "24 holiday",
        "25 working-day 1",
        "26 paused",
        "27 resumed",
        "28 weekend",
        "29 weekend",
        "30 working-day 1",
        "01 working-day 2",
        "01 due",
    ]


def test_where_every_day_counts_the_end_moves_by_the_days_of_the_wait() -> None:
    wait = Pause(at(26, 10), at(27, 10))
    assert told(reckon(CALENDAR, at(25, 10), Term(calendar_days=1, policy="pause"), pause=wait)) == [
        "25 received",
        "26 calendar-day 1",
        "26 paused",
        "27 resumed",
        "27 shifted 1",
        "27 due",
    ]


def test_a_wait_that_begins_after_the_due_moment_is_left_out() -> None:
    wait = Pause(at(26, 10), at(27, 10))
    assert reckon(CALENDAR, at(23, 10), Term(same_day=True), pause=wait).due_at == at(23, 17, 30)


def test_what_was_late_before_the_wait_is_as_late_after_it() -> None:
    wait = Pause(at(26, 10), at(27, 10))
    assert shifted(CALENDAR, at(25, 17, 30), wait) == at(26, 17, 30)


def test_a_promise_of_the_officers_own_is_only_shifted() -> None:
    wait = Pause(at(25, 10), at(26, 10))
    assert resumed(CALENDAR, at(27, 17, 30), Term(), wait) == at(30, 17, 30)


def test_an_extension_is_not_lost_by_counting_anew() -> None:
    wait = Pause(at(25, 10), at(26, 10))
    assert resumed(CALENDAR, at(30, 17, 30), Term(working_days=1), wait) == at(30, 17, 30)


TERMS = st.builds(
    lambda days, kind, policy: Term(
        days if kind == "w" else None, days if kind == "c" else None, same_day=kind == "s", policy=policy
    ),
    st.integers(1, 60),
    st.sampled_from("wcs"),
    st.sampled_from(("restart", "pause")),
)
WAITS = st.timedeltas(timedelta(), timedelta(days=40))


def paused(calendar: Calendar, received: datetime, term: Term, begins: timedelta, lasts: timedelta) -> Pause:
    """A wait that begins before the due moment."""
    due = due_at(calendar, received, term)
    assert due is not None
    assume(received + begins <= due)
    return Pause(received + begins, received + begins + lasts)


@given(MOMENTS, TERMS, WAITS, WAITS, OFF)
def test_steps_and_shift_agree_and_no_wait_shortens(
    received: datetime, term: Term, begins: timedelta, lasts: timedelta, off: frozenset[date]
) -> None:
    calendar = replace(SWAPPED, days_off=off - SWAPPED.worked)
    pause = paused(calendar, received, term, begins, lasts)
    plain = due_at(calendar, received, term)
    assert plain is not None
    due = reckon(calendar, received, term, pause=pause).due_at
    assert due == resumed(calendar, plain, term, pause)
    assert due >= plain
    assert calendar.closing(due.date()) == due


@given(MOMENTS, TERMS, WAITS, WAITS, OFF, st.dates(date(2026, 1, 1), date(2029, 6, 30)))
def test_a_holiday_more_never_brings_a_date_forward_whatever_the_wait(
    received: datetime, term: Term, begins: timedelta, lasts: timedelta, off: frozenset[date], more: date
) -> None:
    before, after = replace(CALENDAR, days_off=off), replace(CALENDAR, days_off=off | {more})
    pause = paused(before, received, term, begins, lasts)
    first, second = (reckon(calendar, received, term, pause=pause).due_at for calendar in (before, after))
    assert first is not None
    assert second is not None
    assert first <= second


@given(MOMENTS, TERMS, WAITS, WAITS, WAITS)
def test_a_longer_wait_is_never_due_earlier(
    received: datetime, term: Term, begins: timedelta, lasts: timedelta, more: timedelta
) -> None:
    pause = paused(CALENDAR, received, term, begins, lasts)
    longer = Pause(pause.since, pause.until + more)
    first, second = (reckon(CALENDAR, received, term, pause=one).due_at for one in (pause, longer))
    assert first is not None
    assert second is not None
    assert first <= second


@given(MOMENTS, TERMS, OFF)
def test_steps_go_forward_and_number_every_day_once(received: datetime, term: Term, off: frozenset[date]) -> None:
    calendar = replace(CALENDAR, days_off=off)
    steps = reckon(calendar, received, term).steps
    assert steps[0] == Step(received.date(), "received")
    assert [s.day for s in steps if s.what != "weekend"] == sorted(s.day for s in steps if s.what != "weekend")
    numbers = [s.number for s in steps if s.number]
    wanted = 0 if term.same_day else term.working_days or term.calendar_days or 0
    assert numbers == list(range(1, wanted + 1))
    assert [s for s in steps if s.what == "working-day" and not calendar.is_working_day(s.day)] == []


@pytest.mark.parametrize(
    ("until", "hours", "since"),
    [
        (at(25, 10), 3.5, at(23, 16, 30)),  # the last hour of Monday, and 2 h 30 of Wednesday
        (at(25, 9), 4, at(23, 15)),
        (at(23, 15), 2, at(23, 11)),  # the break at noon does not count
        (at(23, 15, 30), 2, at(23, 13, 30)),
        (at(25, 7, 30), 2, at(23, 15, 30)),
        (at(24, 12), 2, at(23, 15, 30)),
    ],
)
def test_working_hours_can_be_gone_back(until: datetime, hours: float, since: datetime) -> None:
    assert CALENDAR.back_working_hours(until, hours) == since


@given(MOMENTS, st.floats(0.1, 30))
def test_forward_from_where_one_came_back_to_is_the_same_moment(moment: datetime, hours: float) -> None:
    there = CALENDAR.add_working_hours(moment, hours)
    again = CALENDAR.add_working_hours(CALENDAR.back_working_hours(there, hours), hours)
    assert abs(again - there) < timedelta(milliseconds=1)


def test_a_calendar_without_working_days_behind_it_is_a_mistake() -> None:
    closed = replace(CALENDAR, days_off=frozenset(date(2020, 1, 1) + timedelta(n) for n in range(3000)))
    with pytest.raises(ValueError, match="no working days"):
        closed.back_working_hours(datetime.combine(date(2026, 11, 23), time(9), VIETNAM), 1)
