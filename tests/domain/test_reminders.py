"""When what comes up: each status's own reminders, in office hours or at hours at which citizens may be written to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.dossier import FINAL, Status
from domain.reminders import Facts, Reminder, What, planned, ripe, upcoming
from tests.domain.test_deadlines import CALENDAR, MOMENTS, OFF, at

ANSWER = at(25, 10)
FACTS = Facts(Status.SUBMITTED, ANSWER)
QUIET = 3


def told(facts: Facts) -> list[tuple[str, datetime]]:
    return [(one.what.value, one.at) for one in planned(facts, CALENDAR, QUIET)]


def test_an_answer_is_asked_for_when_six_of_eight_hours_have_passed() -> None:
    assert told(FACTS) == [
        ("answer-soon", at(25, 8)),
        ("answer-late", ANSWER),
    ]


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.PROCESSING, Status.SIGNING, Status.FORWARDED])
def test_a_promise_is_remembered_the_working_day_before_that_day_and_at_its_end(status: Status) -> None:
    facts = Facts(status, ANSWER, due_at=at(30, 17, 30))
    assert told(facts) == [("due-soon", at(27, 7, 30)), ("due-today", at(30, 7, 30)), ("overdue", at(30, 17, 30))]


def test_nothing_is_promised_where_no_day_is_known() -> None:
    assert told(Facts(Status.ACCEPTED, ANSWER)) == []


@pytest.mark.parametrize("status", sorted(FINAL))
def test_what_is_closed_wants_nothing(status: Status) -> None:
    facts = Facts(status, ANSWER, at(30, 17), at(23, 9), at(25, 9), None, at(26, 9), at(23, 9), at(23, 9))
    assert told(facts) == []


@pytest.mark.parametrize("status", [Status.INCOMPLETE, Status.PENDING])
def test_a_supplement_is_reminded_of_when_half_of_the_time_is_over(status: Status) -> None:
    facts = Facts(status, ANSWER, due_at=at(25, 17), paused_at=at(23, 9), wait_until=at(27, 17))
    assert told(facts) == [("supplement", at(25, 13)), ("supplement-over", at(27, 17))]
    assert told(replace(facts, reminded_at=at(25, 13))) == [("supplement-over", at(27, 17))]


def test_nobody_is_reminded_at_night() -> None:
    late = Facts(Status.PENDING, ANSWER, paused_at=at(23, 20), wait_until=at(25, 23))  # half: 21:30 on the 24th
    assert told(late)[0] == ("supplement", at(25, 7))
    early = Facts(Status.PENDING, ANSWER, paused_at=at(23, 8), wait_until=at(27, 0))  # half: 04:00 on the 25th
    assert told(early)[0] == ("supplement", at(25, 7))


def test_a_wait_without_a_limit_is_reminded_of_after_the_offices_own_days() -> None:
    facts = Facts(Status.PENDING, ANSWER, paused_at=at(23, 9))
    assert told(facts) == [("supplement", at(27, 7, 30))]  # the 24th is off: 25, 26, 27


def test_money_is_reminded_of_like_papers() -> None:
    facts = Facts(Status.PAYING, ANSWER, paused_at=at(23, 9), wait_until=at(27, 17))
    assert told(facts) == [("money", at(25, 13)), ("money-over", at(27, 17))]
    assert told(replace(facts, wait_until=None)) == [("money", at(27, 7, 30))]


def test_a_draft_is_reminded_of_before_its_day_is_over_and_the_desk_hears_when_it_is() -> None:
    facts = Facts(Status.DRAFTED, ANSWER, shown_at=at(25, 9))
    assert told(facts) == [("draft", at(26, 7)), ("draft-over", at(26, 9))]
    friday = replace(facts, shown_at=at(27, 16))
    assert told(friday) == [("draft", at(28, 7)), ("draft-over", at(30, 7, 30))]
    assert told(replace(facts, reminded_at=at(26, 7))) == [("draft-over", at(26, 9))]
    shown_again = replace(facts, reminded_at=at(24, 7))
    assert told(shown_again)[0] == ("draft", at(26, 7))


@given(MOMENTS)
def test_a_draft_is_always_reminded_of_before_its_day_is_over(shown_at: datetime) -> None:
    draft, over = planned(Facts(Status.DRAFTED, ANSWER, shown_at=shown_at), CALENDAR, QUIET)
    assert draft.what == What.DRAFT
    assert shown_at < draft.at <= shown_at + timedelta(days=1) <= over.at


@pytest.mark.parametrize("status", [Status.DONE, Status.INVITED])
def test_an_appointment_the_day_before_two_hours_before_and_when_nobody_came(status: Status) -> None:
    facts = Facts(status, ANSWER, appointment_at=at(30, 14))
    assert told(facts) == [
        ("visit-eve", at(29, 17)),
        ("visit-soon", at(30, 12)),
        ("visit", at(30, 12)),
        ("visit-missed", at(30, 17, 30)),
    ]


def test_a_result_to_be_collected_from_now_on_is_no_appointment() -> None:
    facts = Facts(Status.DONE, ANSWER, appointment_at=at(25, 14), done_at=at(25, 14))
    assert told(facts) == []
    assert len(told(replace(facts, appointment_at=at(30, 14)))) == 4


def test_an_early_appointment_wakes_nobody() -> None:
    facts = Facts(Status.DONE, ANSWER, appointment_at=at(30, 7, 30))
    assert told(facts)[1:3] == [("visit-soon", at(30, 6)), ("visit", at(30, 7, 30))]


def test_an_appointment_on_what_became_a_day_off_is_not_missed() -> None:
    facts = Facts(Status.DONE, ANSWER, appointment_at=at(24, 9))
    assert [what for what, _ in told(facts)] == ["visit-eve", "visit-soon"]


def test_what_is_ripe_came_up_since_then_and_still_holds() -> None:
    facts = Facts(Status.ACCEPTED, ANSWER, due_at=at(30, 17, 30))
    all_of = planned(facts, CALENDAR, QUIET)
    assert ripe(all_of, at(26, 9), at(27, 7, 29)) == ()
    assert ripe(all_of, at(26, 9), at(27, 7, 30)) == (What.DUE_SOON,)
    assert ripe(all_of, at(27, 7, 30), at(27, 12)) == ()
    assert ripe(all_of, at(26, 9), at(30, 9)) == (What.DUE_TODAY,)  # "soon" is over
    assert ripe(all_of, at(26, 9), at(30, 18)) == (What.OVERDUE,)
    assert upcoming(all_of, at(27, 7, 30)) == at(30, 7, 30)
    assert upcoming(all_of, at(30, 17, 30)) is None


def test_reminders_of_an_appointment_are_dropped_once_it_is_past() -> None:
    all_of = planned(Facts(Status.DONE, ANSWER, appointment_at=at(30, 14)), CALENDAR, QUIET)
    assert ripe(all_of, at(27, 9), at(30, 18)) == (What.VISIT_MISSED,)


def test_a_reminder_of_papers_goes_out_however_late() -> None:
    all_of = planned(Facts(Status.PENDING, ANSWER, paused_at=at(23, 9), wait_until=at(27, 17)), CALENDAR, QUIET)
    assert ripe(all_of, at(23, 9), at(30, 9)) == (What.SUPPLEMENT, What.SUPPLEMENT_OVER)


@given(st.sampled_from(sorted(Status)), MOMENTS, st.lists(st.integers(1, 60 * 24 * 30), min_size=6, max_size=6), OFF)
def test_waking_often_or_seldom_says_each_thing_at_most_once(
    status: Status, start: datetime, later: list[int], off: frozenset[date]
) -> None:
    moments = [start + timedelta(minutes=m) for m in later]
    facts = Facts(status, moments[0], moments[1], start, moments[2], None, moments[3], start)
    all_of = planned(facts, replace(CALENDAR, days_off=off), QUIET)
    assert list(all_of) == sorted(all_of, key=lambda one: one.at)
    said: list[What] = []
    since = start
    while (now := upcoming(all_of, since)) is not None:
        said += ripe(all_of, since, now)
        since = now
    assert len(said) == len(set(said))
    assert set(said) == {one.what for one in all_of if start < one.at and _holds(one)}


def _holds(one: Reminder) -> bool:
    return one.until is None or one.at < one.until
