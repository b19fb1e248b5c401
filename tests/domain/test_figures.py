"""Figures of a month from plain facts, each rule by itself and all of them together."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.deadlines import Calendar, Period, Season
from domain.dossier import BALL_WITH_CITIZEN, FINAL, Status
from domain.figures import (
    FIGURES,
    Facts,
    Month,
    WorkingDays,
    by_month,
    chosen,
    figures,
    month_figures,
    month_in,
    month_of,
)
from domain.values import VIETNAM

HOURS = (Period(time(7, 30), time(11, 30)), Period(time(13, 30), time(17, 30)))
CALENDAR = Calendar((Season((1, 1), frozenset({1, 2, 3, 4, 5}), HOURS),), frozenset({datetime(2026, 11, 24).date()}))  # noqa: DTZ001
NOVEMBER = Month(2026, 11)
HOUR = timedelta(hours=1)


def at(day: int, hour: int = 9, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


NOW = at(27, 16)


def facts(**values: Any) -> Facts:
    made = Facts("a", "khai-sinh", Status.SUBMITTED, at(23), at(25))
    return replace(made, **values)


def counted(*dossiers: Facts, month: Month = NOVEMBER, now: datetime = NOW) -> dict[str, int]:
    made = figures(dossiers, month.seen(now), WorkingDays(CALENDAR))
    return {name: count for name, count in made.counts.items() if count}


def done(**values: Any) -> Facts:
    given = {"answered_at": at(23, 11), "answered_late": False, "accepted_at": at(23, 11), "due_at": at(27, 17)}
    return facts(**{"status": Status.DONE, "done_at": at(26), **given, **values})


def test_handed_in_and_not_yet_answered() -> None:
    assert counted(facts()) == {"received": 1, "unanswered": 1, "waiting": 1, "overdue": 1}
    assert counted(facts(), now=at(24)) == {"received": 1, "unanswered": 1, "waiting": 1}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, "on-time"),
        ({"done_at": at(27, 17)}, "on-time"),  # on the moment itself
        ({"done_at": at(27, 18)}, "late"),
        ({"extended": True}, "extended"),
        ({"extended": True, "done_at": at(27, 18)}, "late"),
        ({"due_at": None}, "undated"),
    ],
)
def test_what_is_done_is_one_of_four(values: dict[str, Any], kind: str) -> None:
    made = counted(done(**values), now=at(30))
    assert made == {"received": 1, "answered-in-time": 1, "accepted": 1, "solved": 1, kind: 1}


def test_each_month_has_its_own_part_of_a_long_life() -> None:
    long = done(
        status=Status.HANDED_OVER,
        submitted_at=at(30, month=9),
        accepted_at=at(1, month=10),
        done_at=at(2, month=11),
        closed_at=at(3, month=12),
        answered_late=True,
        rounds=2,
        stars=5,
    )
    now = at(20, month=12)
    september = {"received": 1, "answered-late": 1, "returned": 1, "waiting": 1}
    assert counted(long, month=Month(2026, 9), now=now) == september
    assert counted(long, month=Month(2026, 10), now=now) == {"accepted": 1, "waiting": 1}
    assert counted(long, month=NOVEMBER, now=now) == {"solved": 1, "on-time": 1}
    assert counted(long, month=Month(2026, 12), now=now) == {"rated": 1}


@pytest.mark.parametrize("status", [Status.REFUSED, Status.STOPPED, Status.WITHDRAWN])
def test_what_ends_without_a_result(status: Status) -> None:
    assert counted(facts(status=status, closed_at=at(24))) == {"received": 1, "unanswered": 1, status: 1}


def test_overdue_is_what_the_office_owes_now() -> None:
    late = done(status=Status.PROCESSING, done_at=None, due_at=at(26))
    assert "overdue" in counted(late)
    assert "overdue" not in counted(late, now=at(25))
    assert "overdue" not in counted(late, month=Month(2026, 10))
    for status in BALL_WITH_CITIZEN - {Status.DONE, Status.POSTED}:
        assert "overdue" not in counted(replace(late, status=status)), status


def test_a_month_begins_and_ends_at_vietnams_midnight() -> None:
    last = datetime(2026, 11, 30, 16, 59, tzinfo=VIETNAM.__class__(timedelta(0)))  # 23:59 at home, in UTC
    assert month_of(last) == NOVEMBER
    assert month_of(last + timedelta(minutes=1)) == Month(2026, 12)
    assert counted(facts(submitted_at=last), now=at(1, month=12))["received"] == 1


@pytest.mark.parametrize("words", ["11/2026", "2026-11", "tháng 11 năm 2026", "11-2026", "11.2026"])
def test_months_as_people_write_them(words: str) -> None:
    assert month_in(words) == NOVEMBER


@pytest.mark.parametrize(
    "words", ["", "11", "13/2026", "0/2026", "23/11/2026", "11/1", "tháng này", "11/99999", "٣/2026"]
)
def test_what_is_no_month(words: str) -> None:
    assert month_in(words) is None


def test_months_follow_each_other() -> None:
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert Month(2026, 11).plus(-11) == Month(2025, 12)


@pytest.mark.parametrize(
    ("accepted", "ready", "days"),
    [
        (at(23, 10), at(23, 16), 0),
        (at(23, 10), at(25, 9), 1),  # 24 November is off
        (at(23, 10), at(27, 9), 3),
        (at(23, 15) + HOUR / 3, at(30, 9), 3),  # after 15:00 it counts as the 25th
        (at(20, 10), at(23, 10), 1),
        (at(21, 10), at(23, 10), 0),  # a Saturday's counts as Monday's
    ],
)
def test_working_days_as_deadlines_count_them(accepted: datetime, ready: datetime, days: int) -> None:
    assert WorkingDays(CALENDAR).between(accepted, ready) == days


def test_the_middle_and_nine_of_ten() -> None:
    ready = [at(2, 10), *(at(day, 10) for day in (3, 4, 5, 6, 9, 10, 11, 12, 30))]
    dossiers = [done(submitted_at=at(2), accepted_at=at(2, 9), done_at=end) for end in ready]
    made = figures(dossiers, NOVEMBER.seen(at(30, 17)), WorkingDays(CALENDAR))
    assert (made.measured, made.median_days, made.ninetieth_days) == (10, 4.5, 8)


def test_stars_and_rounds() -> None:
    closed = {"status": Status.HANDED_OVER, "closed_at": at(26)}
    given = [done(**closed, stars=stars) for stars in (5, 4, 2, 0)] + [done(rounds=2), done(rounds=1)]
    made = figures(given, NOVEMBER.seen(NOW), WorkingDays(CALENDAR))
    assert (made["rated"], made["dissatisfied"], made.mean_stars) == (3, 1, 11 / 3)
    assert (made["returned"], made.rounds) == (2, 3)


def life(rng: random.Random) -> Facts:
    """Any facts that a dossier's life may leave behind."""
    begun = at(1, month=9) + timedelta(minutes=rng.randrange(90 * 24 * 60))
    steps = [begun + timedelta(hours=hours) for hours in sorted(rng.sample(range(1, 900), 4))]
    made = facts(procedure=rng.choice("abc"), submitted_at=begun, answer_by=begun + 24 * HOUR)
    kind = rng.randrange(5)
    if kind >= 1:
        made = replace(made, answered_at=steps[0], answered_late=steps[0] > made.answer_by, rounds=rng.randrange(3))
    if kind == 1:
        ending = rng.choice([Status.REFUSED, Status.STOPPED, Status.WITHDRAWN])
        return replace(made, status=ending, closed_at=steps[1])
    if kind >= 2:
        due = rng.choice([None, begun + rng.randrange(900) * HOUR])
        made = replace(made, status=Status.PROCESSING, accepted_at=steps[1], due_at=due, extended=rng.random() < 0.2)
    if kind >= 3:
        made = replace(made, status=Status.DONE, done_at=steps[2])
    if kind >= 4:
        made = replace(made, status=Status.HANDED_OVER, closed_at=steps[3], stars=rng.randrange(6))
    return made


@pytest.mark.parametrize("seed", range(20))
def test_the_numbers_add_up(seed: int) -> None:
    rng = random.Random(seed)
    dossiers = [life(rng) for _ in range(200)]
    months = [Month(2026, 9).plus(number) for number in range(5)]
    now = at(31, month=12) + timedelta(days=31)
    made = by_month(dossiers, months, now, WorkingDays(CALENDAR))
    waited = 0
    for month in months:
        whole = made[month]
        assert whole == figures(dossiers, month.seen(now), WorkingDays(CALENDAR))
        assert whole["received"] == whole["answered-in-time"] + whole["answered-late"] + whole["unanswered"]
        assert whole["solved"] == whole["on-time"] + whole["extended"] + whole["late"] + whole["undated"]
        ended = whole["solved"] + whole["refused"] + whole["stopped"] + whole["withdrawn"]
        assert waited + whole["received"] == ended + whole["waiting"]
        waited = whole["waiting"]
        found = month_figures(dossiers, str, month, now, WorkingDays(CALENDAR))
        assert found.whole == whole
        for name in FIGURES:
            assert sum(sector[name] for sector in found.sectors.values()) == whole[name]
            assert len(chosen(dossiers, name, month.seen(now))) == whole[name]
    assert sum(made[month]["received"] for month in months) == len(dossiers)


def test_every_ending_is_counted_somewhere() -> None:
    for status in FINAL - {Status.HANDED_OVER}:  # that one was solved
        assert counted(facts(status=status, closed_at=at(24)))[status] == 1
