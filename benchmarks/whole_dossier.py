"""One citizen, a whole dossier of two photos, from the first word to the code: CPU of every process, on both databases.

The picture worker ends when it is idle; so the first dossier after a quiet minute also pays for its start.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import aiohttp

from benchmarks import installation
from benchmarks.card_photos import sides
from benchmarks.citizens import Citizen, Times, someone
from benchmarks.citizens_web import Page
from benchmarks.installation import Installation
from benchmarks.table import Row
from storage.migrate import migrate

TARGET: Final = 1.0
_WARM: Final = 5


async def _cost(made: Installation, http: aiohttp.ClientSession, number: int) -> Mapping[str, float]:
    """CPU seconds by process of one citizen's dossier."""
    who = someone(number)
    photos = sides(who)
    before = made.cpu()
    citizen = Citizen(who, Page(http, made.home, number), iter(photos), Times(), lambda: 0.0)
    await citizen.hand_in()
    await citizen.chat.end()
    await asyncio.sleep(1)  # what it leads to afterwards, such as the card, is part of it
    return {name: used - before[name] for name, used in made.cpu().items()}


async def _measure(database: str) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="motcua-dossier-") as folder, ExitStack() as stack:
        more: dict[str, str] = {}
        beside: dict[str, int] = {}
        if database == "PostgreSQL":
            more["MOTCUA_DATABASE"], beside["PostgreSQL"] = stack.enter_context(installation.postgres())

        async def prepare(url: str) -> None:
            await asyncio.to_thread(migrate, more.get("MOTCUA_DATABASE", url))

        async with installation.one(Path(folder), prepare, more) as made, aiohttp.ClientSession() as http:
            made.beside = beside
            await asyncio.sleep(1)
            costs = [await _cost(made, http, number) for number in range(_WARM + 1)]
    cold, warm = costs[0], sorted(costs[1:], key=lambda cost: sum(cost.values()))[_WARM // 2]
    return [
        Row(f"a whole dossier, {database}", _told(warm), sum(warm.values()), TARGET, "s"),
        Row(f"the first one, {database}", _told(cold), sum(cold.values()), TARGET, "s"),
    ]


def _told(cost: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {used:.2f}" for name, used in cost.items())


def measure() -> Iterator[Row]:
    """SQLite, then PostgreSQL."""
    for database in ("SQLite", "PostgreSQL"):
        yield from asyncio.run(_measure(database))
