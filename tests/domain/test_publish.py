"""No small count is published, none can be reckoned from what is, and nothing is hidden without need."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from domain.publish import LEAST, Hidden, Published, Sum, publish

PARTS = ("a", "b", "c")
TOTAL = (Sum("all", PARTS),)


def table(rng: random.Random, rows: int, largest: int) -> tuple[dict[str, int], list[Sum]]:
    """Sectors by figures, with the sums of both, as the public page has them."""
    columns = ("on-time", "late", "other")
    counts = {f"{row}/{column}": rng.choice((0, rng.randint(0, largest))) for row in range(rows) for column in columns}
    sums = [Sum(f"{row}/solved", tuple(f"{row}/{column}" for column in columns)) for row in range(rows)]
    sums += [Sum(f"all/{column}", tuple(f"{row}/{column}" for row in range(rows))) for column in (*columns, "solved")]
    sums.append(Sum("all/solved", tuple(f"all/{column}" for column in columns)))
    for each in sums:
        counts[each.total] = sum(counts[part] for part in each.parts)
    return counts, sums


def determined(counts: Mapping[str, int], shown: Published, sums: Sequence[Sum]) -> set[str]:
    """Hidden counts that follow from the shown ones by adding and subtracting: by linear algebra, not by our search."""
    hidden = [name for name, value in shown.items() if isinstance(value, Hidden)]
    place = {name: number for number, name in enumerate(hidden)}
    rows = np.zeros((len(sums), len(hidden)))
    for row, each in zip(rows, sums, strict=True):
        for name, sign in ((each.total, -1), *((part, 1) for part in each.parts)):
            if name in place:
                row[place[name]] += sign
    rank = np.linalg.matrix_rank(rows) if hidden else 0
    return {
        name
        for name, number in place.items()
        if np.linalg.matrix_rank(np.vstack([rows, np.eye(len(hidden))[number]])) == rank
    }


def possible(counts: Mapping[str, int], shown: Published, name: str, parts: Sequence[str], total: str) -> set[int]:
    """Every value of one part that fits one sum and all that is shown of it, tried one by one."""

    def ranges(cell: str) -> Sequence[int]:
        match shown[cell]:
            case Hidden.SMALL:
                return range(1, LEAST)
            case Hidden.LEFT_OUT:
                return range(LEAST, 40) if counts[cell] >= LEAST else range(40)
            case value:
                return (value,)

    found = set()
    for values in itertools.product(*map(ranges, parts)):
        if sum(values) in ranges(total):
            found.add(values[parts.index(name)])
    return found


@pytest.mark.parametrize("seed", range(150))
def test_no_small_count_of_a_whole_table_can_be_reckoned(seed: int) -> None:
    rng = random.Random(seed)
    counts, sums = table(rng, rng.randint(1, 6), rng.choice((3, 8, 30)))
    shown = publish(counts, sums)
    assert all(value == counts[name] for name, value in shown.items() if not isinstance(value, Hidden))
    assert [name for name, value in shown.items() if not isinstance(value, Hidden) and 0 < value < LEAST] == []
    small = {name for name, count in counts.items() if 0 < count < LEAST}
    assert small & determined(counts, shown, sums) == set()


@pytest.mark.parametrize("seed", range(150))
def test_nor_by_the_bounds_that_the_words_give(seed: int) -> None:
    rng = random.Random(seed)
    counts = {part: rng.choice((0, 1, 2, 4, 5, 6, rng.randint(0, 20))) for part in PARTS}
    counts["all"] = sum(counts.values())
    shown = publish(counts, TOTAL)
    for part in PARTS:
        if 0 < counts[part] < LEAST:
            assert len(possible(counts, shown, part, PARTS, "all")) > 1, (counts, shown)


def test_two_small_ones_that_fill_their_total_are_not_given_away() -> None:
    counts = {"a": 4, "b": 4, "c": 0, "all": 8}  # each at most four: eight would tell both
    assert publish(counts, TOTAL)["all"] is Hidden.LEFT_OUT


def test_four_times_one_below_five() -> None:
    counts = {"a": 1, "b": 1, "c": 1, "d": 1, "all": 4}
    shown = publish(counts, (Sum("all", ("a", "b", "c", "d")),))
    assert shown != dict.fromkeys(counts, Hidden.SMALL)  # each at least one, all at most four: they would be told


def test_a_small_one_takes_the_least_dear_with_it() -> None:
    counts = {"a": 2, "b": 30, "c": 12, "all": 44}
    assert publish(counts, TOTAL, dear=("all", "c")) == {"a": Hidden.SMALL, "b": Hidden.LEFT_OUT, "c": 12, "all": 44}


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    counts = {"a": 0, "b": 30, "c": 12, "all": 42}
    assert publish(counts, TOTAL) == counts
    assert publish({}, TOTAL) == {}
