"""What this process tells Prometheus: what it has counted (storage/measures.py) and how things stand in the database.

Names and labels are words of this program; nothing of a person, an address or a code is among them. What stands in the
database every process tells alike: take the greatest of it, never the sum. The library is imported at the first look.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from bot.app import App
from bot.lease import this_process
from storage.measures import BOUNDS, measures
from storage.standing import Standing, counted, standing
from storage.work import Work

if TYPE_CHECKING:
    from prometheus_client import Metric

_FRESH: Final = 15.0  # seconds for which a look into the database is good
_SELDOM: Final = 300.0  # the same for counting all dossiers
_OFFICES: Final = 100  # from more offices on they are told together
LANES: Final = ("answers", "notices", "bulk")
# What storage/measures.py counts: key -> name, help, labels.
COUNTS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "turn-failed": ("motcua_turns_failed", "Turns that failed and are tried again or set aside", ("channel",)),
    "replay": ("motcua_transaction_replays", "Transactions played again after a conflict", ()),
    "send": ("motcua_sends", "Calls to messengers, mail and gateways, by what came of them", ("channel", "outcome")),
    "job-failed": ("motcua_jobs_failed", "Jobs that failed and are tried again or set aside", ("kind",)),
    "photo": ("motcua_photos", "Photos that were looked at, by what was found", ("verdict",)),
    "workshop-started": ("motcua_workshop_starts", "Starts of the process that opens pictures and prints", ()),
    "workshop-broken": ("motcua_workshop_deaths", "Ends of that process in the middle of its work", ()),
}
SPREADS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "turn": ("motcua_turn_seconds", "From an event at hand to its durable end", ("channel",)),
    "transaction": ("motcua_transaction_seconds", "One commit (SQLite: of all that waited; PostgreSQL: of one)", ()),
    "job": ("motcua_job_seconds", "Jobs that were done", ("kind",)),
}


class Metrics:
    """Of one process; a `Collector` as prometheus-client wants it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._stood: tuple[float, Standing] | None = None
        self._count: tuple[float, Mapping[tuple[str, str], int], int] | None = None
        self._backup: float | None = None

    async def text(self) -> bytes:
        """All of it, in the text format of Prometheus."""
        from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest  # noqa: PLC0415 - 50 ms

        await self._look()
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        ProcessCollector(registry=registry)
        return generate_latest(registry)

    async def _look(self) -> None:
        now = time.monotonic()
        if self._stood is None or now - self._stood[0] >= _FRESH:
            self._stood = now, await self._app.database.run(self._read)
        if self._count is None or now - self._count[0] >= _SELDOM:
            self._count = (now, *await self._app.database.run(counted))

    def _read(self, work: Work) -> Standing:
        at = work.installation.get("backup-at")
        self._backup = datetime.fromisoformat(at).timestamp() if at else None
        return standing(work, self._app.world.now())

    # by prometheus-client -----------------------------------------------------------------------------------------

    def collect(self) -> Iterator[Metric]:
        """Called within `text`."""
        yield from _counted()
        yield from _spread()
        yield from self._of_this_process()
        assert self._stood is not None
        yield from self._of_the_database(self._stood[1])
        yield from self._of_dossiers()

    def _of_this_process(self) -> Iterator[Metric]:
        app = self._app
        yield _gauge("motcua_streams", "Open live pages", app.bells.waiting("chat:"))
        yield _gauge("motcua_transactions_waiting", "Functions that wait for the database", app.database.busy)
        yield _gauge("motcua_draining", "1: this process ends and takes nothing new", int(app.draining))

    def _of_the_database(self, stood: Standing) -> Iterator[Metric]:
        from prometheus_client.metrics_core import GaugeMetricFamily as Gauge  # noqa: PLC0415

        yield _gauge("motcua_events_failed", "Events that wait to be tried again", stood.events_failed)
        yield _by("motcua_events_aside", "Events that were set aside", "channel", stood.events_aside)
        yield _by("motcua_jobs_ripe", "Jobs whose moment has come", "kind", stood.jobs_ripe)
        yield _by("motcua_jobs_aside", "Jobs that were set aside", "kind", stood.jobs_aside)
        rows = Gauge("motcua_outbox_rows", "Messages that wait to be sent", labels=("channel", "lane"))
        oldest = Gauge("motcua_outbox_oldest_seconds", "Age of the oldest of them", labels=("channel", "lane"))
        for lane in stood.lanes:
            rows.add_metric((lane.channel, LANES[lane.lane]), lane.rows)
            oldest.add_metric((lane.channel, LANES[lane.lane]), max(0.0, stood.now - lane.oldest))
        yield rows
        yield oldest
        held = Gauge("motcua_lease", "1: this process speaks there; 0: another one does", labels=("name",))
        own = this_process()
        for lease in stood.leases:
            held.add_metric((lease.name,), int(lease.holder == own))
        yield held
        yield _gauge("motcua_to_telephone", "News that only a telephone call can bring", stood.to_telephone)
        if self._backup is not None:
            yield _gauge("motcua_backup_seconds", "Age of the last back-up", time.time() - self._backup)

    def _of_dossiers(self) -> Iterator[Metric]:
        """Of practice nothing is told; of many offices only what they have together."""
        from prometheus_client.metrics_core import GaugeMetricFamily as Gauge  # noqa: PLC0415

        assert self._count is not None
        _, dossiers, drafts = self._count
        offices = self._app.world.catalogue.offices
        together = len(offices) > _OFFICES
        sums: dict[tuple[str, str], int] = {}
        for (office, status), count in dossiers.items():
            if office not in offices or not offices[office].practice:
                key = ("all" if together else office, status)
                sums[key] = sums.get(key, 0) + count
        shown = Gauge("motcua_dossiers", "Dossiers by status", labels=("office", "status"))
        for key, count in sorted(sums.items()):
            shown.add_metric(key, count)
        yield shown
        yield _gauge("motcua_drafts", "Drafts that are not handed in", drafts)


def _gauge(name: str, words: str, value: float) -> Metric:
    from prometheus_client.metrics_core import GaugeMetricFamily  # noqa: PLC0415

    return GaugeMetricFamily(name, words, value)


def _by(name: str, words: str, label: str, values: Mapping[str, int]) -> Metric:
    from prometheus_client.metrics_core import GaugeMetricFamily  # noqa: PLC0415

    found = GaugeMetricFamily(name, words, labels=(label,))
    for key, value in sorted(values.items()):
        found.add_metric((key,), value)
    return found


def _counted() -> Iterator[Metric]:
    from prometheus_client.metrics_core import CounterMetricFamily  # noqa: PLC0415

    counts = dict(measures.counts)
    for key, (name, words, labels) in COUNTS.items():
        found = CounterMetricFamily(name, words, labels=labels)
        mine = {what[1:]: count for what, count in counts.items() if what[0] == key}
        for values, count in sorted((mine or ({} if labels else {(): 0})).items()):
            found.add_metric(values, count)
        yield found


def _spread() -> Iterator[Metric]:
    from prometheus_client.metrics_core import HistogramMetricFamily  # noqa: PLC0415

    spreads = dict(measures.spreads)
    bounds = [*map(str, BOUNDS), "+Inf"]
    for key, (name, words, labels) in SPREADS.items():
        found = HistogramMetricFamily(name, words, labels=labels)
        for what, spread in sorted(spreads.items()):
            if what[0] == key:
                found.add_metric(what[1:], list(zip(bounds, accumulate(spread.buckets), strict=True)), spread.total)
        yield found
