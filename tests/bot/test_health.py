"""Health, readiness and figures: what strangers learn, who may see the rest, and that every figure is there."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot import health
from bot.app import App, opened
from bot.lease import this_process
from bot.settings import Settings
from bot.world import fresh
from conversations.messages import Inbound, Started
from storage.measures import Spread, measures
from storage.sealed import Keys
from storage.work import Work

ROOT = Path(__file__).parents[2]
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def app(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[App]:
    settings = Settings(data=tmp_path, database=database_url, key_file=tmp_path / "keys" / "master.key")
    async with opened(settings) as made:
        yield made


async def client_of(app: App) -> Client:
    page = web.Application()
    page.add_routes(health.routes(app))
    client = TestClient(TestServer(page))
    await client.start_server()
    return client


async def test_a_process_that_lives_and_is_ready_says_so_and_nothing_else(app: App) -> None:
    client = await client_of(app)
    async with client.get(health.ALIVE) as alive, client.get(health.READY) as ready:
        assert (alive.status, await alive.text()) == (200, "song\n")
        assert (ready.status, await ready.text()) == (200, "san-sang\n")
    app.draining = True
    async with client.get(health.READY) as ready, client.get(health.ALIVE) as alive:
        assert (ready.status, await ready.text(), alive.status) == (503, "chua\n", 200)
    await client.close()


@pytest.mark.parametrize(("version", "status"), [("0001", 503), ("9999", 200)])
async def test_a_database_that_is_behind_is_not_ready_and_one_ahead_is(app: App, version: str, status: int) -> None:
    def put(work: Work) -> None:
        work.connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})

    await app.database.run(put)
    client = await client_of(app)
    async with client.get(health.READY) as ready:
        assert ready.status == status
    await client.close()


async def test_a_database_that_is_gone_is_not_ready(app: App) -> None:
    client = await client_of(app)
    await app.database.close()
    async with client.get(health.READY) as ready, client.get(health.ALIVE) as alive:
        assert (ready.status, alive.status) == (503, 200)
    await client.close()


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("", {}, 200),
        ("", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("", {"Forwarded": "for=203.0.113.9"}, 404),
        ("", {"Host": "evil.example"}, 404),  # whose name leads to this machine, in a browser on it
        ("bí mật", {}, 404),
        ("bí mật", {"Authorization": "Bearer wrong"}, 404),
        ("bí mật", {"Authorization": "Bearer bí mật", "X-Forwarded-For": "203.0.113.9"}, 200),
    ],
)
async def test_figures_are_for_this_machine_or_for_whoever_has_the_token(
    app: App, token: str, headers: dict[str, str], status: int
) -> None:
    app.settings = replace(app.settings, metrics_token=token)
    client = await client_of(app)
    async with client.get(health.FIGURES, headers=headers) as answer:
        assert answer.status == status
    await client.close()


async def figures(app: App) -> dict[str, dict[tuple[str, ...], float]]:
    client = await client_of(app)
    async with client.get(health.FIGURES) as answer:
        body = await answer.text()
    await client.close()
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(body):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


async def test_what_happens_is_counted(app: App) -> None:
    before = await figures(app)
    inbound = Inbound("web", fresh(), "start", Started(""), app.world.now())
    await app.receiver.receive(inbound)
    measures.count("photo", "blurred")

    def leave(work: Work) -> None:
        work.inbox.aside("zalo", "x1", b"?")
        work.jobs.add("print", "d1", due=0.0)
        work.leases.take("zalo", this_process(), 60.0)
        work.leases.take("sms", "elsewhere 1 2", 60.0)

    await app.database.run(leave)
    after = await figures(app)

    def more(name: str, *labels: str) -> float:
        return after[name][labels] - before.get(name, {}).get(labels, 0.0)

    assert more("motcua_turn_seconds_count", "web") == 1
    assert more("motcua_transaction_seconds_count") >= 2
    assert more("motcua_photos_total", "blurred") == 1
    assert after["motcua_events_aside"] == {("zalo",): 1}
    assert after["motcua_jobs_ripe"][("print",)] == 1
    assert after["motcua_lease"] == {("sms",): 0, ("zalo",): 1}
    assert "motcua_dossiers" not in after
    assert "motcua_backup_seconds" not in after


async def test_dossiers_are_counted_by_office_without_practice(app: App) -> None:
    metrics = health.Health(app)._metrics  # noqa: SLF001 - what it would say of an installation with dossiers
    counts = {("son-tien", "submitted"): 3, ("thuc-hanh", "submitted"): 5, ("former", "done"): 1}
    await metrics.text()
    metrics._count = (float("inf"), counts, 7)  # noqa: SLF001
    lines = (await metrics.text()).decode().splitlines()
    assert 'motcua_dossiers{office="son-tien",status="submitted"} 3.0' in lines
    assert 'motcua_dossiers{office="former",status="done"} 1.0' in lines
    assert not [line for line in lines if "thuc-hanh" in line]


def test_a_spread_knows_its_buckets() -> None:
    spread = Spread()
    for seconds in (0.0005, 0.001, 0.3, 100.0):
        spread.add(seconds)
    assert (spread.buckets[0], spread.buckets[-1], spread.count) == (2, 1, 4)
    assert spread.total == pytest.approx(100.3015)


async def test_the_dashboard_and_the_alerts_ask_for_figures_that_there_are(app: App) -> None:
    client = await client_of(app)
    async with client.get(health.FIGURES) as answer:
        body = await answer.text()
    await client.close()
    known = {name for family in text_string_to_metric_families(body) for name in _names(family.name, family.type)}
    assert {"motcua_turn_seconds_bucket", "motcua_sends_total", "motcua_outbox_rows"} <= known
    known |= {"motcua_backup_seconds", "process_resident_memory_bytes"}
    for name in ("grafana-dashboard.json", "alerts.yaml"):
        words = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        asked = set(re.findall(r"\b(?:motcua|process)_[a-z_]+", words))
        assert asked, name
        assert sorted(asked - known) == [], name


def test_the_dashboard_is_one() -> None:
    board = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
    assert all(panel["title"] and panel["targets"] for panel in board["panels"])


def _names(family: str, kind: str) -> list[str]:
    match kind:
        case "counter":
            return [f"{family}_total"]
        case "histogram":
            return [f"{family}_bucket", f"{family}_sum", f"{family}_count"]
        case _:
            return [family]
