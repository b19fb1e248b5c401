"""CPU of a durable turn where 1, 2, 4 and 8 processes serve on one PostgreSQL, and what a process costs that idles."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from benchmarks.load import Turn, person, together
from benchmarks.postgres import Postgres, postgres
from benchmarks.table import Row
from benchmarks.turns import TEXT, Server, free_port, server, until_open

COUNTS: Final = (1, 2, 4, 8)
PEOPLE: Final = 32  # all of them with an open page, spread over the processes
TIMES: Final = 15
ROUNDS: Final = 3
IDLE: Final = 20.0  # seconds
TARGET: Final = 1.2
IDLE_TARGET: Final = 1.0  # % of a core


def _cpu(servers: Sequence[Server]) -> float:
    return sum(one.ask()[0] for one in servers)


async def _round(servers: Sequence[Server], turns: list[Turn], database: Postgres) -> tuple[float, float]:
    """CPU seconds a turn: of all the processes together, and of PostgreSQL."""
    before, there = _cpu(servers), database.seconds()
    await together(turns, TIMES)
    count = len(turns) * TIMES
    return (_cpu(servers) - before) / count, (database.seconds() - there) / count


async def _cost(servers: Sequence[Server], database: Postgres) -> tuple[float, float]:
    people = [await person(servers[number % len(servers)].port, TEXT) for number in range(PEOPLE)]
    turns = [turn for turn, _ in people]
    await together(turns, 2)
    rounds = [await _round(servers, turns, database) for _ in range(ROUNDS)]
    return min(us for us, _ in rounds) * 1e6, min(us for _, us in rounds) * 1e6


async def _idle(servers: Sequence[Server], database: Postgres) -> tuple[float, float]:
    """Percent of a core for each process, and for PostgreSQL in all."""
    before, there = _cpu(servers), database.seconds()
    await asyncio.sleep(IDLE)
    return (_cpu(servers) - before) / IDLE / len(servers) * 100, (database.seconds() - there) / IDLE * 100


async def _measure() -> list[Row]:
    rows, first = [], 0.0
    with ExitStack() as stack:
        database = stack.enter_context(postgres())
        url = database.database("turns")
        folder = stack.enter_context(tempfile.TemporaryDirectory())

        async def started(kind: str) -> Server:
            port = free_port()
            settings = {"MOTCUA_DATABASE": url, "MOTCUA_TRIAL": "0", "MOTCUA_PORT": str(port)}
            made = stack.enter_context(server(kind, folder, **settings))
            if kind != "work":
                await until_open(port)
            return made

        serving = [await started("serve")]
        working = await started("work")
        for count in COUNTS:
            while len(serving) < count:
                serving.append(await started("serve"))
            us, there = await _cost(serving, database)
            first = first or us
            detail = f"{us:.0f} µs, PostgreSQL's own {there:.0f} µs"
            rows.append(Row(f"a turn, {count} processes", detail, us / first, TARGET, "×"))
        await asyncio.sleep(3)  # pages have gone, and whatever was left to do is done
        for name, some in ((f"{len(serving)} serve", serving), ("1 work", [working])):
            percent, there = await _idle(some, database)
            detail = f"each; PostgreSQL beside all of them {there:.2f} %"
            rows.append(Row(f"idle: {name}", detail, percent, IDLE_TARGET, "%"))
    return rows


def measure() -> list[Row]:
    """More and more of them, then at rest."""
    return asyncio.run(_measure())
