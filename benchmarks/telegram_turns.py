"""A dialog of three steps over Telegram's webhook, beside a bare aiogram bot: CPU of the bots per update, and p99."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AbstractContextManager
from typing import Final

from benchmarks.postgres import Postgres, postgres
from benchmarks.table import Row
from benchmarks.telegram_api import Person, TelegramLoad
from benchmarks.telegram_pace import acknowledged, witness
from benchmarks.turns import Server, free_port, process, server, until_open

SQLITE: Final = "SQLite"
POSTGRES: Final = "PostgreSQL"
STEPS: Final = ("menu", "Theo lĩnh vực", "2")
PEOPLE: Final = 32
TIMES: Final = 10  # dialogs each in a round
ROUNDS: Final = 5
TARGETS: Final = {SQLITE: 1.2, POSTGRES: 2.0}
START_TARGET: Final = 1.25


def bare(api: str) -> AbstractContextManager[Server]:
    """The bare bot's process."""
    port = free_port()
    return process("benchmarks.telegram_bare", str(port), api, port=port)


def ours(api: str, folder: str, port: int, database: str = "") -> AbstractContextManager[Server]:
    """`motcua run` with a token, but for the pace at which Telegram may be called."""
    settings = {
        "MOTCUA_PORT": str(port),
        "MOTCUA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MOTCUA_TELEGRAM_TOKEN": "1:ours",
        "MOTCUA_TELEGRAM_WEBHOOK": "1",
        "MOTCUA_TELEGRAM_API": api,
        "MOTCUA_TRIAL": "0",
        **({"MOTCUA_DATABASE": database} if database else {}),
    }
    return server("unpaced", folder, **settings)


async def _round(load: TelegramLoad, people: list[Person], measured: Server, times: int) -> tuple[float, list[float]]:
    """CPU seconds per update, and how long each answer took."""
    load.latencies.clear()
    before, _ = measured.ask()
    await asyncio.gather(*(person.dialogs(STEPS, times) for person in people))
    after, _ = measured.ask()
    return (after - before) / (len(people) * times * len(STEPS)), sorted(load.latencies)


async def _measure(name: str, database: str, server: Postgres | None) -> list[Row]:
    load, plain_load = TelegramLoad(), TelegramLoad()
    await load.open()
    await plain_load.open()
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        ours(load.url, folder, port, database) as real,
        bare(plain_load.url) as plain,
    ):
        await until_open(plain.port)
        await until_open(real.port)
        await load.hooked.wait()
        people = [await load.person(real.port, 1000 + n) for n in range(PEOPLE)]
        others = [await plain_load.person(plain.port, 1000 + n) for n in range(PEOPLE)]
        await asyncio.gather(*(person.say("/start") for person in people))
        await _round(load, people, real, 2)
        await _round(plain_load, others, plain, 2)
        costs, bare_costs, late, bare_late, served = [], [], [], [], []
        for _ in range(ROUNDS):
            before = server.seconds() if server else 0.0
            cost, latencies = await _round(load, people, real, TIMES)
            served.append((server.seconds() if server else 0.0) - before)
            costs.append(cost)
            late.append(latencies[len(latencies) * 99 // 100])
            cost, latencies = await _round(plain_load, others, plain, TIMES)
            bare_costs.append(cost)
            bare_late.append(latencies[len(latencies) * 99 // 100])
        async with witness(database, folder) as there:
            steady = await acknowledged(load, real.port, there, name)
    us, them = min(costs) * 1e6, min(bare_costs) * 1e6
    slow, bare_slow = sorted(late)[ROUNDS // 2] * 1e3, sorted(bare_late)[ROUNDS // 2] * 1e3
    own = f", and the server's own {min(served) / (PEOPLE * TIMES * len(STEPS)) * 1e6:.0f} µs" if server else ""
    return [
        Row(
            f"Telegram, {name}: an update, durable",
            f"{us:.0f} µs, bare aiogram {them:.0f} µs{own}",
            us / them,
            TARGETS[name],
            "×",
        ),
        Row(
            f"Telegram, {name}: p99, {PEOPLE} people at once",
            f"{slow:.0f} ms, bare {bare_slow:.0f} ms",
            slow / bare_slow,
            1.0,
            "×",
        ),
        steady,
    ]


async def _first(measured: Server, load: TelegramLoad) -> float:
    await until_open(measured.port)
    person = await load.person(measured.port, 1)
    await person.say("menu")
    return measured.ask()[0]


async def _start() -> list[Row]:
    """From exec to the first answer."""
    plain_load = TelegramLoad()
    await plain_load.open()
    with tempfile.TemporaryDirectory() as folder:
        costs, bare_costs = [], []
        for _ in range(4):  # the first makes the database
            load, port = TelegramLoad(), free_port()
            await load.open()
            with ours(load.url, folder, port) as real:
                await load.hooked.wait()
                costs.append(await _first(real, load))
            with bare(plain_load.url) as plain:
                bare_costs.append(await _first(plain, plain_load))
    us, them = min(costs[1:]), min(bare_costs)
    detail = f"{us:.2f} s, bare aiogram {them:.2f} s"
    return [Row("Telegram: start to first answer", detail, us / them, START_TARGET, "×")]


def measure() -> list[Row]:
    """Turns on both databases, then starts."""
    rows = asyncio.run(_measure(SQLITE, "", None))
    with postgres() as server:
        rows += asyncio.run(_measure(POSTGRES, server.database("turns"), server))
    return [*rows, *asyncio.run(_start())]
