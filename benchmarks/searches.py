"""The search's figures beside other engines over the same names and aliases, in one run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import msgspec

from benchmarks import search_javascript, search_peers, search_sets, search_shown
from benchmarks.search_cost import Cost
from benchmarks.search_peers import Peer
from benchmarks.search_scores import Given, folds, outright, recall
from benchmarks.search_sets import Asked, Name
from benchmarks.table import Row, lines, loud
from catalogue.load import load
from catalogue.model import Catalogue
from catalogue.national import NationalRow
from catalogue.search import Search
from conversations.rehearsal.pretend import Pretend

_EVALUATED: Final = "search-eval"  # the set that the targets are for
_SMALL: Final = (92, 98, 94.5)  # recall@1, recall@3, MRR, all in percent
_LARGE: Final = (87, 96, None)
_MARGIN: Final = 12  # points of recall@1 before the best peer
_COLLOQUIAL: Final = ("colloquial", "dialect")
_COLLOQUIAL_THIRD: Final = 95


def report() -> Iterator[str]:
    """Line by line, as it is measured."""
    catalogue = load()
    sets, national = _sets(), search_sets.national(catalogue)
    if _EVALUATED not in sets or not national:
        yield from loud(f"NOT MEASURED: {search_sets.SHARED} IS MISSING OR NOT WHOLE")
    with ExitStack() as opened:
        folder = None
        try:
            folder = opened.enter_context(search_javascript.installed())
        except search_javascript.Missing as reason:
            yield from loud(f"NO JAVASCRIPT PEER IN THIS RUN: {reason}")
        search = Search(catalogue)
        for name, asked in sets.items():
            given = _given(search, asked, search_shown.nobody(catalogue, search))
            yield from _quality(len(catalogue.procedures), name, given, _SMALL)
            yield from _sureness(name, given)
            yield from _kinds(given)
            yield from _beside(name, given, _peers(catalogue, asked, [], folder))
        if national:
            search = Search(catalogue, national)
            for name, asked in sets.items():
                given = _given(search, asked)
                yield from _quality(len(catalogue.procedures) + len(national), name, given, _LARGE)
                yield from _beside(name, given, _peers(catalogue, asked, national, folder))
    texts = [one.q for asked in sets.values() for one in asked]
    for size in ("own", "national") if national else ("own",):
        yield from _cost(size, texts)


def _sets() -> dict[str, list[Asked]]:
    """Those that are there."""
    sets = {}
    parts = [search_sets.SHARED / name for name in ("queries-dev.jsonl", "negatives-dev.jsonl")]
    if all(part.exists() for part in parts):
        sets[_EVALUATED] = [one for part in parts for one in search_sets.messages(part)]
    if search_sets.OWN.exists():
        sets["our own messages"] = search_sets.messages(search_sets.OWN)
    return sets


def _given(search: Search, asked: Sequence[Asked], world: Pretend | None = None) -> list[Given]:
    """What our search gives, and in the whole conversation shows where it is not sure."""
    given = []
    for one in asked:
        found = search.find(one.q)
        unsure = world is not None and bool(one.ids) and not found.confident
        shown = search_shown.shown(one.q, world) if unsure and world is not None else frozenset()
        given.append(Given(one, [hit.id for hit in found.ranked], found.confident, shown))
    return given


def _peers(
    catalogue: Catalogue, asked: Sequence[Asked], national: Sequence[NationalRow], folder: Path | None
) -> list[tuple[Peer, list[Given]]]:
    """The other engines' rankings; only messages with an answer are asked."""
    answerable = [one for one in asked if one.ids]
    names = [*search_sets.our_names(catalogue), *(Name(row.id, row.name) for row in national)]
    own = frozenset(catalogue.procedures)
    peers = search_peers.measure(names, answerable, own)
    if folder is not None:
        peers += search_javascript.measure(folder, names, answerable, own)
    return [(peer, [Given(*pair) for pair in zip(answerable, peer.rankings, strict=True)]) for peer in peers]


def _quality(
    size: int, name: str, given: Sequence[Given], targets: tuple[float | None, float | None, float | None]
) -> Iterator[str]:
    answerable = sum(bool(one.asked.ids) for one in given)
    yield f"\n{size:,} procedures, {name}: {answerable} messages with an answer, {len(given) - answerable} without"
    found, parts = recall(given), folds(given)
    first, third, mrr = targets if name == _EVALUATED else (None, None, None)
    yield from lines(
        [
            Row("recall@1", _spread([part.first for part in parts]), found.first * 100, first, "%", least=True),
            Row("recall@3", _spread([part.third for part in parts]), found.third * 100, third, "%", least=True),
            Row("MRR × 100", _spread([part.mrr for part in parts]), found.mrr * 100, mrr, "", least=True),
        ]
    )


def _spread(parts: Sequence[float]) -> str:
    return "five folds: " + " ".join(f"{part * 100:.1f}" for part in parts)


def _sureness(name: str, given: Sequence[Given]) -> Iterator[str]:
    it = outright(given)
    rows = [
        Row("given outright", "of those with an answer", it.given * 100, 78, "%", least=True),
        Row("right of these", "", it.right * 100, 97, "%", least=True),
        Row("right among the buttons", "where it is unsure", it.buttons * 100, 97, "%", least=True),
        Row("reached", "the right page at once, or one press away", it.reached * 100, None, "%"),
    ]
    if any(not one.asked.ids for one in given):
        rows.insert(2, Row("others accepted", "of those without an answer", it.accepted * 100, 3, "%"))
    if name != _EVALUATED:
        rows = [Row(row.name, row.detail, row.value, None, row.unit) for row in rows]
    yield from lines(rows)


def _kinds(given: Sequence[Given]) -> Iterator[str]:
    """The figures of each kind of message."""
    kinds = Counter(one.asked.kind for one in given if one.asked.ids)
    yield f"  {'kind':18}{'messages':>9}{'recall@1':>10}{'recall@3':>10}{'MRR × 100':>10}{'outright':>10}{'right':>8}"
    for kind, count in kinds.most_common():
        those = [one for one in given if one.asked.kind == kind and one.asked.ids]
        found, it = recall(those), outright(those)
        figures = (found.first, found.third, found.mrr, it.given)
        met = kind not in _COLLOQUIAL or found.third * 100 >= _COLLOQUIAL_THIRD
        yield (
            f"  {kind:18}{count:9}"
            + "".join(f"{figure * 100:10.1f}" for figure in figures)
            + (f"{it.right * 100:8.1f}" if it.given else f"{'–':>8}")
            + ("" if met else f"  recall@3 target {_COLLOQUIAL_THIRD}: NOT MET")
        )


def _beside(name: str, given: Sequence[Given], peers: Sequence[tuple[Peer, list[Given]]]) -> Iterator[str]:
    """The same names and aliases, the same preference for the commune's own."""
    yield f"  {'beside peers':34}{'recall@1':>9}{'recall@3':>10}{'MRR × 100':>10}{'ms each':>9}"
    for peer, theirs in peers:
        found = recall(theirs)
        yield (
            f"  {peer.name:34}{found.first * 100:9.1f}{found.third * 100:10.1f}{found.mrr * 100:10.1f}{peer.ms:9.2f}"
        )
    best, theirs = max(peers, key=lambda pair: recall(pair[1]).first)
    margin = (recall(given).first - recall(theirs).first) * 100
    yield from lines(
        [Row("points ahead at 1", f"of {best.name}", margin, _MARGIN if name == _EVALUATED else None, "", least=True)]
    )


def _cost(size: str, texts: Sequence[str]) -> Iterator[str]:
    """Measured in a process of its own, where nothing has been searched before."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.search_cost", size],
        input="\n".join(json.dumps({"q": text}) for text in texts),
        cwd=search_sets.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    cost = msgspec.json.decode(done.stdout, type=Cost)
    large = size == "national"
    yield f"\nCPU and memory, {'with the national list' if large else 'our own procedures only'}"
    yield from lines(
        [
            Row("one search, warm, p50", "", cost.warm_ms[0], None, "ms"),
            Row("one search, warm, p99", "", cost.warm_ms[1], 1 if large else None, "ms"),
            Row("one search, cold, p50", "the first time it is heard", cost.cold_ms[0], None, "ms"),
            Row("one search, cold, p99", "the first time it is heard", cost.cold_ms[1], 4 if large else None, "ms"),
            Row("building the index", "", cost.build_seconds, 3 if large else None, "s"),
            Row("memory of the index", "", cost.build_mb, 80 if large else None, "MB"),
        ]
    )
