"""A dialog of three steps over Telegram's webhook, beside a bare aiogram bot: CPU of the bots per update, and p99."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AbstractContextManager
from typing import Final

from benchmarks.table import Row
from benchmarks.telegram_api import Person, TelegramLoad
from benchmarks.turns import Server, free_port, process, server, until_open

STEPS: Final = ("menu", "Theo lĩnh vực", "2")
PEOPLE: Final = 32
TIMES: Final = 10  # dialogs each in a round
ROUNDS: Final = 5
TARGET: Final = 1.6
START_TARGET: Final = 1.25


def bare(api: str) -> AbstractContextManager[Server]:
    """The bare bot's process."""
    port = free_port()
    return process("benchmarks.telegram_bare", str(port), api, port=port)


def ours(api: str, folder: str, port: int) -> AbstractContextManager[Server]:
    """`motcua run` with a token, but for the pace at which Telegram may be called."""
    settings = {
        "MOTCUA_PORT": str(port),
        "MOTCUA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MOTCUA_TELEGRAM_TOKEN": "1:ours",
        "MOTCUA_TELEGRAM_WEBHOOK": "1",
        "MOTCUA_TELEGRAM_API": api,
        "MOTCUA_TRIAL": "0",
    }
    return server("unpaced", folder, **settings)


async def _round(load: TelegramLoad, people: list[Person], measured: Server, times: int) -> tuple[float, list[float]]:
    """CPU seconds per update, and how long each answer took."""
    load.latencies.clear()
    before, _ = measured.ask()
    await asyncio.gather(*(person.dialogs(STEPS, times) for person in people))
    after, _ = measured.ask()
    return (after - before) / (len(people) * times * len(STEPS)), sorted(load.latencies)


async def _measure() -> list[Row]:
    load, plain_load = TelegramLoad(), TelegramLoad()
    await load.open()
    await plain_load.open()
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, ours(load.url, folder, port) as real, bare(plain_load.url) as plain:
        await until_open(plain.port)
        await until_open(real.port)
        await load.hooked.wait()
        people = [await load.person(real.port, 1000 + n) for n in range(PEOPLE)]
        others = [await plain_load.person(plain.port, 1000 + n) for n in range(PEOPLE)]
        await asyncio.gather(*(person.say("/start") for person in people))
        await _round(load, people, real, 2)
        await _round(plain_load, others, plain, 2)
        costs, bare_costs, late, bare_late = [], [], [], []
        for _ in range(ROUNDS):
            cost, latencies = await _round(load, people, real, TIMES)
            costs.append(cost)
            late.append(latencies[len(latencies) * 99 // 100])
            cost, latencies = await _round(plain_load, others, plain, TIMES)
            bare_costs.append(cost)
            bare_late.append(latencies[len(latencies) * 99 // 100])
    us, them = min(costs) * 1e6, min(bare_costs) * 1e6
    slow, bare_slow = sorted(late)[ROUNDS // 2] * 1e3, sorted(bare_late)[ROUNDS // 2] * 1e3
    return [
        Row("Telegram: an update, durable", f"{us:.0f} µs, bare aiogram {them:.0f} µs", us / them, TARGET, "×"),
        Row(
            f"Telegram: p99, {PEOPLE} people at once",
            f"{slow:.0f} ms, bare {bare_slow:.0f} ms",
            slow / bare_slow,
            1.0,
            "×",
        ),
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
    """Turns, then starts."""
    return [*asyncio.run(_measure()), *asyncio.run(_start())]
