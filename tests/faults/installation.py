"""One installation as real processes: who is to run, who has died, who stands still, and what their clocks say."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.crash.play import ROOT, free_port
from tests.faults.ledger import FELT, Ledger

_OPEN: Final = b"/canbo"  # in what it prints when it answers
PATIENCE: Final = 90.0  # seconds; two busy cores, and somebody has just been killed


async def until(ready: Callable[[], Any], what: Callable[[], str] | str, patience: float = PATIENCE) -> None:
    """Wait for something that must come about."""
    ends = time.monotonic() + patience
    while not ready():
        if time.monotonic() > ends:
            raise AssertionError(f"never happened: {what if isinstance(what, str) else what()}")
        await asyncio.sleep(0.02)


class Nursery:
    """The process that forks lives (see nursery.py)."""

    def __init__(self, folder: Path, *, hurried: bool) -> None:
        self._errors = (folder / "nursery.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("nursery.py")), *(["hurried"] if hurried else [])],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def ready(self) -> None:
        """It has loaded everything; takes some seconds."""
        self._line()

    def start(self, asked: dict[str, Any]) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def close(self) -> None:
        """Its lives end with it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery has ended; see nursery.log"
        return line


@dataclass
class Life:
    """One process of the installation, whichever number it has now."""

    name: str
    arguments: list[str]
    serves: bool
    clock: Path
    pid: int = 0
    port: int = 0  # another one in each life: somebody else may have taken the former one
    printed: int = 0  # bytes that former lives wrote into the log
    ready: bool = False  # it answers at its port
    deaths: int = 0
    wanted: bool = True  # whether it is to run

    def alive(self) -> bool:
        if not self.pid:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def send(self, number: signal.Signals) -> bool:
        """Whether there was somebody to hear it."""
        if not self.alive():
            return False
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
            return True
        return False

    def off(self) -> float:
        """How many seconds its clock is wrong."""
        return float(struct.unpack("d", self.clock.read_bytes())[0])

    def set_clock(self, off: float) -> None:
        with self.clock.open("r+b") as file:
            file.write(struct.pack("d", off))


@dataclass
class Installation:
    """Processes by name; `environment` is what all of them are told."""

    folder: Path
    nursery: Nursery
    ledger: Ledger
    url: str
    files: str
    environment: dict[str, str]
    lives: list[Life] = field(default_factory=list)
    answers: Callable[[int], bool] | None = None
    _commands: int = 0
    _keeping: asyncio.Task[None] | None = None

    def add(self, name: str, arguments: list[str], *, serves: bool) -> None:
        clock = self.folder / f"{name}.clock"
        clock.write_bytes(struct.pack("d", 0.0))
        self.lives.append(Life(name, arguments, serves, clock))

    @property
    def ports(self) -> list[int]:
        """Where pages and webhooks are answered."""
        return [life.port for life in self.lives if life.serves and self._ready(life)]

    def _ready(self, life: Life) -> bool:
        if not life.ready and life.pid and life.alive():
            with (self.folder / f"{life.name}.log").open("rb") as log:
                log.seek(life.printed)
                life.ready = _OPEN in log.read()
        return life.ready

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def keep(self) -> None:
        """From now on whoever dies is started again, as by systemd."""
        self._keeping = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Nobody is started again; as an operator stops them."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        for life in self.lives:
            life.wanted = False
            life.send(signal.SIGCONT)
            life.send(signal.SIGTERM)
        try:
            await until(lambda: not any(life.alive() for life in self.lives), "an end of all processes")
        except AssertionError as error:
            for life in self.lives:
                if life.send(signal.SIGUSR2):  # it tells what it waits for
                    await asyncio.sleep(1)
                    error.add_note(f"{life.name} does not end:\n{self.log(life.name)[-6000:]}")
            raise

    def abandon(self) -> None:
        """The test is over, one way or another."""
        if self._keeping is not None:
            self._keeping.cancel()
        self.nursery.close()

    async def _keep(self) -> None:
        while True:
            for life in self.lives:
                if life.wanted and not life.alive():
                    if life.pid:
                        life.deaths += 1
                        self.ledger.note(FELT, f"process started again ({life.arguments[0]})")
                    log = self.folder / f"{life.name}.log"
                    life.printed = log.stat().st_size if log.exists() else 0
                    life.ready, life.port = False, free_port() if life.serves else 0
                    life.pid = self._start(life.name, life.arguments, life.port, str(life.clock))
            await asyncio.sleep(0.05)

    async def command(self, *arguments: str) -> str:
        """Another `motcua` command on the same installation: what it printed."""
        self._commands += 1
        name = f"command-{self._commands}"
        pid = self._start(name, list(arguments), 0, str(self.lives[0].clock))
        life = Life(name, list(arguments), serves=False, clock=self.lives[0].clock, pid=pid)
        await until(lambda: not life.alive(), lambda: f"an end of {arguments}: {self.log(name)[-2000:]}")
        return self.log(name)

    async def login(self) -> str:
        """A login link's path for the officer Thu; asked for again while the database is away."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            said = await self.command("staff", "link", "Thu")
            if found := re.search(r"(/canbo/vao/\S+)", said):
                return found[1]
        raise AssertionError(f"no link: {self.log(f'command-{self._commands}')[-2000:]}")

    def _start(self, name: str, arguments: list[str], port: int, clock: str) -> int:
        environment = {**self.environment, **({"MOTCUA_PORT": str(port)} if port else {})}
        asked = {
            "arguments": arguments,
            "environment": environment,
            "folder": str(self.folder),
            "log": str(self.folder / f"{name}.log"),
            "clock": clock,
        }
        return self.nursery.start(asked)
