"""A database is brought to this release while processes of the one before go on: nobody stops, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage import migrate as migrations
from storage.migrate import HEAD, BusyDatabase, config, migrate, version
from storage.sealed import Keys
from tests.conftest import asyncpg_url
from tests.storage.test_migrations import ROOT, empty_url, on

__all__ = ["empty_url"]

BEFORE = "0005"
MIGRATE = "import sys; from storage.migrate import migrate; print(migrate(sys.argv[1]))"
PATIENCE = 60.0  # seconds; only a test that fails waits so long


def to(revision: str) -> Callable[[Connection], None]:
    def upgrade(connection: Connection) -> None:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)

    return upgrade


@pytest.fixture
def old_url(empty_url: str, tmp_path: Path) -> str:
    """A database as the release before has left it."""
    (tmp_path / "not" / "there").mkdir(parents=True, exist_ok=True)
    on(empty_url, to(BEFORE))
    return empty_url


class Old:
    """A process of the release before; what it has committed is in a file."""

    def __init__(self, url: str, who: str, folder: Path) -> None:
        self.stop = folder / "stop"
        self.told = folder / f"{who}.txt"
        self._errors = folder / f"{who}.err"
        with self.told.open("wb") as out, self._errors.open("wb") as errors:
            self.process = self._start(url, who, out, errors)

    def _start(self, url: str, who: str, out: IO[bytes], errors: IO[bytes]) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-m", "tests.storage.old_process", url, who, str(self.stop)]
        return subprocess.Popen(arguments, cwd=ROOT, stdout=out, stderr=errors, env=dict(os.environ))

    @property
    def committed(self) -> list[str]:
        return self.told.read_text(encoding="ascii").split()

    def end(self) -> str:
        self.stop.touch()
        assert self.process.wait(PATIENCE) == 0, self._errors.read_text(encoding="utf-8")
        return self._errors.read_text(encoding="utf-8")


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not ready():  # noqa: ASYNC110 - what it looks at is another process's
            await asyncio.sleep(0.05)


async def more(old: list[Old], count: int = 20) -> None:
    """Each of them commits so many more."""
    before = [len(one.committed) for one in old]
    await until(lambda: all(len(one.committed) >= was + count for one, was in zip(old, before, strict=True)))


@contextmanager
def running(url: str, folder: Path) -> Iterator[list[Old]]:
    old = [Old(url, who, folder) for who in ("a", "b")]
    try:
        yield old
    finally:
        for one in old:
            one.process.kill()
            one.process.wait()


def migrating(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", MIGRATE, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kept(connection: Connection) -> tuple[set[str], set[str], set[str]]:
    events = connection.scalars(text("SELECT event_id FROM inbox"))
    jobs = connection.scalars(text("SELECT key FROM jobs WHERE claimed_by = '' AND attempts = 1"))
    noted = connection.scalars(text("SELECT subject FROM audit WHERE what = 'old'"))
    return set(events), set(jobs), set(noted)


async def test_processes_of_the_release_before_go_on_while_it_is_migrated(
    old_url: str, tmp_path: Path, keys: Keys
) -> None:
    with running(old_url, tmp_path) as old:
        await more(old)
        migration = migrating(old_url)
        await until(lambda: migration.poll() is not None)
        assert migration.communicate()[0].strip() == BEFORE
        await more(old)
        assert [one.end() for one in old] == ["", ""]
        committed = {name for one in old for name in one.committed}
    assert await asyncio.to_thread(on, old_url, version) == HEAD
    assert await asyncio.to_thread(on, old_url, kept) == (committed, committed, committed)


async def test_whoever_holds_a_table_for_long_holds_up_the_migration_and_nobody_else(
    postgres_old: str, tmp_path: Path, keys: Keys
) -> None:
    """PostgreSQL lets whoever comes after a waiting change wait behind it: so it waits in short moments."""
    engine = create_async_engine(postgres_old, poolclass=NullPool)
    with running(postgres_old, tmp_path) as old:
        await more(old)
        async with engine.begin() as holder:
            await holder.execute(text("SELECT count(*) FROM jobs"))
            migration = migrating(postgres_old)
            await waits(postgres_old)
            await more(old)
            await waits(postgres_old)
            await more(old)
            assert migration.poll() is None
        await until(lambda: migration.poll() is not None)
        assert migration.communicate()[0].strip() == BEFORE
        await more(old)
        assert [one.end() for one in old] == ["", ""]
        committed = {name for one in old for name in one.committed}
    assert (await asyncio.to_thread(on, postgres_old, kept))[0] == committed
    await engine.dispose()


async def test_a_table_that_is_never_free_is_left_as_it_is(postgres_old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_TRIES", 2)
    monkeypatch.setattr(migrations, "_MOMENT", "50ms")
    monkeypatch.setattr(migrations, "_PAUSE", 0.0)
    engine = create_async_engine(postgres_old, poolclass=NullPool)
    async with engine.begin() as holder:
        await holder.execute(text("SELECT count(*) FROM jobs"))
        with pytest.raises(BusyDatabase, match="motcua doctor"):
            await asyncio.to_thread(migrate, postgres_old)
    await engine.dispose()
    assert await asyncio.to_thread(on, postgres_old, version) == BEFORE


def test_copies_that_are_there_learn_of_which_file_they_were_made(old_url: str) -> None:
    def add(connection: Connection) -> None:
        file = text(
            "INSERT INTO files (id, key, media_type, size, name, source, created_at) "
            "VALUES (:name, '', 'image/jpeg', 1, '', :name, CURRENT_TIMESTAMP)"
        )
        connection.execute(file, [{"name": name} for name in ("one", "two", "small", "grey", "other")])
        document = text(
            "INSERT INTO documents (id, owner, paper, position, file, media_type, size, verdict, copies) "
            "VALUES (:name, 'a', 'p', 0, :name, 'image/jpeg', 1, '', :copies)"
        )
        connection.execute(document, [{"name": "one", "copies": "small grey"}, {"name": "two", "copies": ""}])

    on(old_url, add)
    migrate(old_url)
    made = text("SELECT id, original FROM files WHERE original IS NOT NULL ORDER BY id")
    found = on(old_url, lambda connection: [tuple(row) for row in connection.execute(made)])
    assert found == [("grey", "one"), ("small", "one")]


@pytest.fixture
def postgres_old(request: pytest.FixtureRequest) -> str:
    """The same on PostgreSQL alone."""
    server = request.getfixturevalue("postgres")
    name = f"old_{abs(hash(request.node.nodeid)):x}"
    server.psql(f"CREATE DATABASE {name}")
    url = asyncpg_url(server, name)
    on(url, to(BEFORE))
    return url


async def waits(url: str) -> None:
    """Until the migration stands before a lock."""
    engine = create_async_engine(url, poolclass=NullPool)
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
        "AND query ILIKE 'LOCK TABLE%'"
    )
    async with asyncio.timeout(PATIENCE):
        while True:
            async with engine.begin() as connection:
                if await connection.scalar(query):
                    break
            await asyncio.sleep(0.02)
    await engine.dispose()
