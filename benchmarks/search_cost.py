"""What a search costs: run as its own process, it builds one, asks every message and prints the figures as JSON."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from statistics import quantiles
from typing import Final

import msgspec

from benchmarks import search_sets
from benchmarks.server import resident
from catalogue.load import load
from catalogue.national import NationalRow
from catalogue.search import Search

_ROUNDS: Final = 5  # the middle one of these is what a message costs


class Cost(msgspec.Struct, frozen=True):
    """CPU of one thread; cold: the first time a process hears a message."""

    build_seconds: float
    build_mb: float
    cold_ms: tuple[float, float]  # the middle one, and all but one in a hundred
    warm_ms: tuple[float, float]


def measure(messages: Sequence[str], national: Sequence[NationalRow]) -> Cost:
    catalogue = load()
    gc.collect()
    memory, before = resident(), time.process_time()
    search = Search(catalogue, national)
    seconds = time.process_time() - before
    gc.collect()
    megabytes = (resident() - memory) / 1e6
    rounds = [[_ms(search.find, text) for text in messages] for _ in range(1 + _ROUNDS)]
    warm = [sorted(times)[_ROUNDS // 2] for times in zip(*rounds[1:], strict=True)]
    return Cost(seconds, megabytes, _percentiles(rounds[0]), _percentiles(warm))


def _ms(find: Callable[[str], object], text: str) -> float:
    before = time.thread_time_ns()
    find(text)
    return (time.thread_time_ns() - before) / 1e6


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    cut = quantiles(times, n=100, method="inclusive")
    return cut[49], cut[98]


if __name__ == "__main__":
    texts = [row["q"] for row in map(json.loads, sys.stdin)]
    list_ = search_sets.national(load()) if sys.argv[1] == "national" else []
    sys.stdout.write(msgspec.json.encode(measure(texts, list_)).decode())
