"""From exec to the first answer: CPU, and memory then. The second start counts: nothing to migrate."""

from __future__ import annotations

import asyncio
import tempfile

from benchmarks.load import Http
from benchmarks.table import Row
from benchmarks.turns import server, until_open

SECONDS = 1.5
MEGABYTES = 120


async def _first_answer(folder: str) -> tuple[float, int]:
    with server("durable", folder) as real:
        await until_open(real.port)
        door = await Http.open(real.port)
        await door.post("/api/hello", {})
        door.close()
        return real.ask()


def measure() -> list[Row]:
    """One start that makes the database, and those after it."""
    with tempfile.TemporaryDirectory() as folder:
        first, _ = asyncio.run(_first_answer(folder))
        seconds, resident = min(asyncio.run(_first_answer(folder)) for _ in range(3))
    return [
        Row("start to first answer", f"the very first, with its migration, {first:.2f} s", seconds, SECONDS, "s"),
        Row("memory then", "resident", resident / 1e6, MEGABYTES, "MB"),
    ]
