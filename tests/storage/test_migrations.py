"""Migrations and tables agree, on both databases; starting is cheap, safe for two at once, and never goes back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.migrate import HEAD, NewerDatabase, config, migrate, version
from storage.tables import metadata
from storage.unit_of_work import sqlite_engine
from tests.conftest import Postgres, asyncpg_url

ROOT = Path(__file__).parents[2]
START = "import sys; from storage.migrate import migrate; migrate(sys.argv[1]); print('alembic' in sys.modules)"


def on(url: str, function: Callable[[Connection], Any]) -> Any:
    """The function's result in a transaction of its own."""

    async def play() -> Any:
        engine = create_async_engine(url, poolclass=NullPool)
        async with engine.begin() as connection:
            return await connection.run_sync(function)

    if not url.startswith("sqlite"):
        return asyncio.run(play())
    engine = sqlite_engine(url)
    try:
        with engine.begin() as connection:
            return function(connection)
    finally:
        engine.dispose()


def differences(connection: Connection) -> list[Any]:
    # Alembic takes SQLite's '' for another default than ''; `columns` compares those
    options = {"compare_type": True, "compare_server_default": connection.dialect.name != "sqlite"}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def columns(connection: Connection) -> dict[str, list[Any]]:
    """SQLite's own account of every column: name, type, not null, default, place in the primary key."""
    return {
        table: sorted(tuple(row)[1:] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})"))
        for table in metadata.tables
    }


def predicates(connection: Connection) -> dict[str, str]:
    """Partial indexes and their conditions, which Alembic does not compare on SQLite."""
    found = {}
    for table in metadata.tables:
        for index in inspect(connection).get_indexes(table):
            where = index.get("dialect_options", {}).get(f"{connection.dialect.name}_where")
            if where is not None:
                found[str(index["name"])] = str(where)
    return found


def start(url: str) -> subprocess.Popen[str]:
    """A process that migrates, and prints whether it needed Alembic."""
    return subprocess.Popen([sys.executable, "-c", START, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database in which nothing has been made yet; on SQLite its folder is missing too."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/not/there/yet%20 é.sqlite3"
    server: Postgres = request.getfixturevalue("postgres")
    name = f"empty_{abs(hash(request.node.nodeid)):x}"
    server.psql(f"CREATE DATABASE {name}")
    return asyncpg_url(server, name)


def test_migrations_and_tables_agree(database_url: str) -> None:
    assert on(database_url, differences) == []


def test_migrated_columns_are_those_that_the_tables_would_make(sqlite_url: str, tmp_path: Path) -> None:
    made = f"sqlite:///{tmp_path}/made.sqlite3"
    on(made, metadata.create_all)
    assert on(sqlite_url, columns) == on(made, columns)


def test_every_partial_index_has_its_condition(database_url: str) -> None:
    names = {
        str(index.name)
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
    }
    assert set(on(database_url, predicates)) == names


def test_head_is_the_newest_script() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]


def test_a_new_database_comes_to_head_and_a_second_start_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)
    assert on(empty_url, version) == HEAD
    assert set(on(empty_url, lambda c: inspect(c).get_table_names())) == {*metadata.tables, "alembic_version"}


def test_processes_that_start_together_do_not_collide_and_later_ones_need_no_alembic(empty_url: str) -> None:
    together = [start(empty_url) for _ in range(2)]
    said = [process.communicate()[0].strip() for process in together]
    assert [process.returncode for process in together] == [0, 0]
    assert "True" in said
    later = start(empty_url)
    assert later.communicate()[0].strip() == "False"


def test_a_database_of_a_newer_program_is_left_alone(database_url: str) -> None:
    on(database_url, lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(NewerDatabase, match=r"migration 9999.*" + HEAD):
        migrate(database_url)
    assert on(database_url, version) == "9999"


def test_nothing_goes_back(sqlite_url: str) -> None:
    def back(connection: Connection) -> None:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")

    with pytest.raises(NotImplementedError, match="forward only"):
        on(sqlite_url, back)
    assert on(sqlite_url, version) == HEAD
