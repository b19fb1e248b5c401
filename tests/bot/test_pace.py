"""The pace: no window is ever over its limit whatever comes when, hardly any of it is wasted, and people go first."""

from __future__ import annotations

import itertools
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pace import Limits, Pace, Ticket
from tests.bot.held_pace import HeldPace

WISHES = st.lists(
    st.tuples(
        st.floats(0, 90).map(lambda seconds: round(seconds, 2)),
        st.sampled_from(["anh", "chị", "nhóm", "nhóm hai", *(f"người {number}" for number in range(40))]),
        st.integers(0, 2),
        st.sampled_from([1, 1, 1, 2, 10]),
    ),
    min_size=1,
    max_size=150,
)
TRIPS = st.lists(st.floats(0, 9), max_size=15).map(lambda trips: [0.0, *trips])


def ticket(chat: str, rank: int = 0, *, cost: int = 1, reserve: int = 0) -> Ticket:
    return Ticket(chat, None, rank, group=chat.startswith("nhóm"), cost=cost, reserve=reserve)


def asked(held: HeldPace, tickets: list[tuple[float, Ticket]]) -> None:
    start = held.now
    held.run([(start + at, partial(held.pace.ask, each)) for at, each in tickets])


@settings(deadline=None)
@given(WISHES, TRIPS)
def test_no_window_is_ever_over_its_limit(wishes: list[tuple[float, str, int, int]], trips: list[float]) -> None:
    held = HeldPace(Pace(), trips)
    tickets = [(at, ticket(chat, rank, cost=cost)) for at, chat, rank, cost in wishes]
    asked(held, tickets)
    assert len(held.arrived) == len(tickets)  # and everybody's turn comes
    assert held.most(1.0) <= 30
    for chat in {each.chat for _, each in tickets}:
        if chat.startswith("nhóm"):
            assert held.most(60.0, chat) <= 20
        else:
            begun = sorted(at for at, each in held.arrived if each.chat == chat)
            assert all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(begun))


@pytest.mark.parametrize("rank", [0, 1, 2])
@pytest.mark.parametrize("trips", [(0.002, 0.003, 0.008), (0.1, 0.11, 0.14, 0.1), (0.3,)])
def test_hardly_any_of_the_pace_is_wasted(rank: int, trips: tuple[float, ...]) -> None:
    held = HeldPace(Pace(), trips)
    asked(held, [(0.0, ticket(f"người {number}", rank)) for number in range(3000)])
    arrived = [at for at, _ in held.arrived]
    assert held.most(1.0) <= 30
    assert 2999 / (arrived[-1] - arrived[0]) >= 0.95 * 30


def test_a_group_gets_its_twenty_in_a_burst_and_twenty_each_minute() -> None:
    held = HeldPace(Pace(), (0.1,))
    asked(held, [(0.0, ticket("nhóm")) for _ in range(100)])
    arrived = [at - 1000.0 for at, _ in held.arrived]
    assert arrived[19] < 1.0
    assert arrived[20] >= 60.0
    assert 240.0 <= arrived[-1] < 243.0
    assert held.most(60.0, "nhóm") == 20


def test_answers_go_before_notices_before_bulk() -> None:
    held = HeldPace(Pace())
    tickets = [(0.0, ticket(f"{rank} {number}", rank)) for number in range(60) for rank in (2, 1, 0)]
    asked(held, tickets)
    assert [each.rank for _, each in held.arrived] == [0] * 60 + [1] * 60 + [2] * 60
    assert [each.chat for _, each in held.arrived[60:120]] == [f"1 {number}" for number in range(60)]


def test_an_answer_never_waits_behind_bulk() -> None:
    held = HeldPace(Pace(), (0.05,))
    bulk = [(0.0, ticket(f"thư {number}", 2)) for number in range(600)]
    answers = [(2 + number * 0.37, ticket(f"người {number}")) for number in range(40)]
    begun = {each: at + 1000.0 for at, each in [*bulk, *answers]}
    asked(held, [*bulk, *answers])
    assert max(held.waits(begun)[0]) < 0.05 + 0.07  # the call itself, and the time between two of the thirty
    assert held.most(1.0) <= 30


def test_slow_bulk_leaves_room_for_others() -> None:
    pace = Pace(Limits(flying=(3, 2, 1)))
    for number, rank in enumerate((2, 2, 1, 1, 1, 0, 0)):
        pace.ask(ticket(str(number), rank))
    taken = [pace.take(now) for now in (1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6)]
    assert [each.rank if each else None for each in taken] == [0, 0, 1, 1, 2, None, None]
    assert pace.wake(1.6) is None  # only an answer to one of these makes room
    first = taken[4]
    assert first is not None
    pace.answered(first, 2.0)
    again = pace.take(2.0)
    assert again is not None
    assert again.rank == 2


def test_a_chat_told_to_wait_stops_alone() -> None:
    held = HeldPace(Pace())
    held.pace.stop("anh", 1010.0)
    held.pace.stop("anh", 1005.0)  # the later moment counts
    asked(held, [(0.0, ticket("anh")), (0.0, ticket("chị")), (0.0, ticket("anh", 2))])
    assert [(each.chat, at) for at, each in held.arrived] == [("chị", 1000.0), ("anh", 1010.0), ("anh", 1011.01)]
    assert held.pace.stopped("anh", 1012.0) == 0


def test_what_matters_less_leaves_a_groups_calls_to_what_matters_more() -> None:
    held = HeldPace(Pace())
    lines = [(0.0, ticket("nhóm", 1, reserve=12)) for _ in range(10)]
    presses = [(5.0, ticket("nhóm")) for _ in range(12)]
    begun = {each: at + 1000.0 for at, each in [*lines, *presses]}
    asked(held, [*lines, *presses])
    waits = held.waits(begun)
    assert max(waits[0]) < 0.5  # all twelve at once
    assert sorted(waits[1])[7] < 1
    assert sorted(waits[1])[8] > 60  # the other two when there is room again
    assert held.most(60.0, "nhóm") == 20


def test_calls_of_an_earlier_process_count() -> None:
    held = HeldPace(Pace())
    held.pace.assume("nhóm", [950.0 + number for number in range(20)], group=True)
    held.pace.assume("anh", [999.5])
    asked(held, [(0.0, ticket("nhóm")), (0.0, ticket("anh"))])
    assert [(each.chat, round(at, 2)) for at, each in held.arrived] == [("anh", 1000.51), ("nhóm", 1010.01)]


def test_a_turn_that_is_not_used_costs_nothing() -> None:
    pace = Pace()
    for _ in range(50):
        unused = ticket("nhóm")
        pace.ask(unused)
        assert pace.take(1.0) is unused
        pace.undo(unused, 1.0)
    assert pace.used("nhóm", 1.0) == 0


def test_who_does_not_want_any_more_is_passed_over() -> None:
    pace = Pace()
    gone, resting, here = ticket("anh"), ticket("anh"), ticket("chị")
    for each in (gone, resting, here):
        pace.ask(each)
    pace.drop(gone)
    assert pace.take(1.0) is resting
    assert pace.take(1.0) is here
    late = ticket("anh")
    pace.ask(late)
    assert pace.take(1.1) is None
    pace.drop(late)
    assert pace.take(5.0) is None
    assert pace.wake(5.0) is None


def test_lifted_limits_hold_nobody_up() -> None:
    pace = Pace(Limits(overall=0, private=0, group=0, flying=(10_000, 0, 0)))
    for number in range(1000):
        pace.ask(ticket("nhóm" if number % 2 else "anh"))
    assert sum(pace.take(1.0) is not None for _ in range(1000)) == 1000
