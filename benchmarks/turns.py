"""A durable turn over the web page's door, beside the same answer from a bare aiohttp handler: CPU of the servers."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.load import Turn, caller, person, together
from benchmarks.table import Row

TEXT: Final = "menu"
ROUNDS: Final = 5  # the servers take turns, so that a slow moment of the machine hits both
ALONE: Final = (1, 400)  # people, turns each
CROWD: Final = (32, 40)
TARGETS: Final = {ALONE: 6.0, CROWD: 3.0}


class Server:
    """A server process and how much it has cost."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self._process = process
        self.port = port

    def ask(self) -> tuple[float, int]:
        """CPU seconds so far, and resident bytes now."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        while True:
            seconds, _, resident = self._process.stdout.readline().partition(" ")
            try:
                return float(seconds), int(resident)
            except ValueError:  # a line of the program's own
                continue


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def process(module: str, *arguments: str, port: int, **environment: str) -> Iterator[Server]:
    """Run one of our modules, and end it afterwards."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    running = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", module, *arguments],
        env={**kept, **environment},
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Server(running, port)
    finally:
        running.terminate()
        running.communicate()


@contextmanager
def server(kind: str, folder: str, **environment: str) -> Iterator[Server]:
    """A server with its data in this folder."""
    port = int(environment.get("MOTCUA_PORT") or free_port())
    settings = {
        "MOTCUA_DATA": f"{folder}/data",
        "MOTCUA_KEY_FILE": f"{folder}/master.key",
        "MOTCUA_PACE": "0",
        "MOTCUA_PORT": str(port),
        "MOTCUA_LOG_LEVEL": "ERROR",
    }
    with process("benchmarks.server", kind, str(port), port=port, **{**settings, **environment}) as running:
        yield running


async def until_open(port: int) -> None:
    """The server listens."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return


async def cost(measured: Server, turns: list[Turn], times: int) -> float:
    """CPU seconds of the server per turn."""
    before, _ = measured.ask()
    await together(turns, times)
    after, _ = measured.ask()
    return (after - before) / (len(turns) * times)


async def _measure() -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder, server("durable", folder) as real:
        await until_open(real.port)
        people = [await person(real.port, TEXT) for _ in range(CROWD[0])]
        answer = people[0][1]
        with server("bare", folder, BENCH_ANSWER=json.dumps(answer)) as plain:
            await until_open(plain.port)
            callers = [await caller(plain.port, TEXT) for _ in people]
            for who, target in TARGETS.items():
                count, times = who
                await together([turn for turn, _ in people[:count]], 20)
                ours, theirs = [], []
                for _ in range(ROUNDS):
                    ours.append(await cost(real, [turn for turn, _ in people[:count]], times))
                    theirs.append(await cost(plain, callers[:count], times))
                us, bare = min(ours) * 1e6, min(theirs) * 1e6
                name = "durable turn, one at a time" if count == 1 else f"durable turn, {count} write at once"
                rows.append(Row(name, f"{us:.0f} µs, bare {bare:.0f} µs", us / bare, target, "×"))
    return rows


def measure() -> list[Row]:
    """Alone and in a crowd."""
    return asyncio.run(_measure())
