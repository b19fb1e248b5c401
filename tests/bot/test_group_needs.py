"""A busy group: 200 dossiers in an hour, ten officers at once, and nobody forgotten."""

from __future__ import annotations

import itertools

import pytest

from benchmarks import group_hour
from bot.group_needs import Group, Kind, Need
from bot.pace import Limits, Pace, Ticket


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_dossiers_in_an_hour_and_ten_officers_at_once(seed: int) -> None:
    """Each is handed in at a chance moment, has perhaps a line, and is claimed: by ten officers at the same time."""
    hour = group_hour.play(seed=seed, decide=False)
    assert hour.most() <= 20
    assert len(hour.waits[Kind.FIRST]) == 200
    assert len(hour.waits[Kind.PRESSED]) == 200
    assert max(hour.waits[Kind.PRESSED]) < 2
    assert max(hour.waits[Kind.FIRST]) < 60
    assert max(hour.waits[Kind.LINE]) < 120


@pytest.mark.parametrize("seed", range(4))
def test_more_than_a_group_can_take_forgets_nobody(seed: int) -> None:
    """Each is decided too and drawn once more a minute later: 13 calls a minute, and ten at once again and again."""
    hour = group_hour.play(seed=seed)
    assert hour.most() <= 20
    assert [len(hour.waits[kind]) for kind in (Kind.FIRST, Kind.EDIT)] == [200, 200]
    assert sum(wait < 2 for wait in hour.waits[Kind.PRESSED]) > 0.8 * 400
    assert max(max(waits) for waits in hour.waits.values() if waits) < 360


def test_many_cards_at_once_and_nobody_who_presses() -> None:
    """They take all that the group takes, and are spread: no gap is longer than half a minute."""
    hour = group_hour.at_once(200)
    assert hour.most() <= 20
    assert len(hour.calls) == 200
    assert 200 / max(hour.calls) * 60 >= 0.95 * 20
    assert max(later - earlier for earlier, later in itertools.pairwise(sorted(hour.calls))) < 31


def granted(group: Group, pace: Pace, now: float) -> Need | None:
    ticket = pace.take(now)
    return group.begin(ticket, pace, now) if ticket is not None else None


def test_new_messages_go_one_after_the_other_and_edits_together() -> None:
    pace, group = Pace(), Group("nhóm")
    needs = [Need(Kind.LINE), Need(Kind.FIRST, "a"), Need(Kind.FIRST, "b"), Need(Kind.EDIT, "c"), Need(Kind.EDIT, "d")]
    group.want(needs, pace, 1.0)
    begun = [granted(group, pace, 1.0 + step / 10) for step in range(5)]
    assert begun == [Need(Kind.FIRST, "a"), Need(Kind.EDIT, "c"), Need(Kind.EDIT, "d"), None, None]
    group.ended(Need(Kind.FIRST, "a"), pace, 2.0)
    assert granted(group, pace, 2.0) == Need(Kind.FIRST, "b")
    group.want([Need(Kind.PRESSED, "c")], pace, 2.1)  # its call is still under way
    assert granted(group, pace, 2.1) is None
    group.ended(Need(Kind.EDIT, "c"), pace, 2.2)
    assert granted(group, pace, 2.2) == Need(Kind.PRESSED, "c")


def test_what_becomes_urgent_does_not_wait_for_its_old_turn() -> None:
    pace, group = Pace(Limits(group=10)), Group("nhóm")
    pace.assume("nhóm", [0.5], group=True)
    group.want([Need(Kind.EDIT, "a")], pace, 1.0)
    assert granted(group, pace, 1.0) is None  # the ten others leave it none
    group.want([Need(Kind.PRESSED, "a")], pace, 1.5)
    assert granted(group, pace, 1.5) == Need(Kind.PRESSED, "a")


def test_a_card_that_fails_waits_longer_and_longer_while_others_go_on() -> None:
    pace, group = Pace(), Group("nhóm")
    bad, good = Need(Kind.FIRST, "a"), Need(Kind.FIRST, "b")
    now = 1.0
    for pause in (1, 5, 15):
        group.want([bad, good], pace, now)
        assert granted(group, pace, now) == bad
        assert group.failed(bad, pace, now, alone=True) == pause
        group.ended(bad, pace, now)
        assert granted(group, pace, now + 0.1) == good
        group.ended(good, pace, now + 0.2)
        group.want([bad], pace, now + pause - 0.1)
        assert granted(group, pace, now + pause - 0.1) is None
        now += pause
    group.want([bad], pace, now)
    assert granted(group, pace, now) == bad
    group.worked(bad)
    group.ended(bad, pace, now)
    assert group.failed(bad, pace, now, alone=False) == 1
    assert pace.stopped("nhóm", now) == 1


def test_a_turn_that_nobody_needs_any_more_is_given_back() -> None:
    pace, group = Pace(), Group("nhóm")
    group.want([Need(Kind.EDIT, "a")], pace, 1.0)
    taken = pace.take(1.0)
    assert isinstance(taken, Ticket)
    group.needs = []
    assert group.begin(taken, pace, 1.0) is None
    assert pace.used("nhóm", 1.0) == 0
