"""All rows of a database, out of one kind and into the same or the other; sealed values stay as they lie there.

The tables are those that the database has, not those that this version of the program knows: a back-up of an older
version goes into tables of that time, which are then brought to today's by the migrations.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, MetaData, Table, create_engine, insert, inspect, make_url, select, text
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import AddConstraint, DropConstraint

from storage.backup_stream import BadBackup
from storage.migrate import HEAD, config, version
from storage.unit_of_work import sqlite_engine

T = TypeVar("T")

VERSION: Final = "alembic_version"
_EMPTIED: Final = ("leases",)  # of processes that live elsewhere
_AT_ONCE: Final = 500  # rows


def reading(url: str, function: Callable[[Connection], T]) -> T:
    """Play a function in a transaction that sees one moment of the database, beside a running server.

    Call in a thread without a running event loop, as the others here.
    """
    if url.startswith("sqlite"):
        return _reading_sqlite(url, function)
    return asyncio.run(_in_postgres(url, function, isolation_level="REPEATABLE READ", postgresql_readonly=True))


def writing(url: str, function: Callable[[Connection], T]) -> T:
    """Play a function in one transaction; for a database that nobody uses yet."""
    if not url.startswith("sqlite"):
        return asyncio.run(_in_postgres(url, function))
    engine = sqlite_engine(url)
    try:
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.cursor().execute("PRAGMA foreign_keys=OFF")  # a table's rows may refer to each other
            with connection.begin():
                made = function(connection)
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise BadBackup("changed")
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return made
    finally:
        engine.dispose()


def dumped(connection: Connection) -> Iterator[tuple[str, list[str], Iterator[list[list[Any]]]]]:
    """Every table: its name, its columns, and its rows some at a time."""
    for table in _tables(connection):
        if table.name != VERSION and table.name not in _EMPTIED:
            yield str(table.name), [str(column.name) for column in table.columns], _rows(connection, table)


def migration(connection: Connection) -> str:
    """Which one the database is at."""
    return version(connection) or ""


def prepared(connection: Connection, migration: str) -> Loader:
    """Make the empty tables of a migration, to be filled; raises BadBackup where this program does not know it."""
    from alembic import command  # noqa: PLC0415 - only for a restore

    must_be_known(migration)
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, migration)
    return Loader(connection, lambda: command.upgrade(settings, HEAD))


def must_be_known(migration: str) -> None:
    """BadBackup, where a newer version of this program made these tables."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - only where a back-up is read

    if migration not in {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}:
        raise BadBackup("newer")


def empty(url: str) -> bool:
    """Whether there is no table yet."""
    if url.startswith("sqlite"):
        return not Path(str(make_url(url).database)).exists()
    return asyncio.run(_in_postgres(url, lambda connection: not inspect(connection).get_table_names()))


class Loader:
    """Fills the tables of one transaction."""

    def __init__(self, connection: Connection, upgrade: Callable[[], None]) -> None:
        self._c = connection
        self._upgrade = upgrade
        self._tables = {table.name: table for table in _tables(connection)}
        self._at_last = [] if connection.dialect.name == "sqlite" else self._without_references()

    def put(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Rows of a table."""
        table = self._tables.get(name)
        if table is None or {*columns} != {column.name for column in table.columns}:
            raise BadBackup("changed")
        naive = self._c.dialect.name == "sqlite"
        values = [{c: _into(v, naive=naive) for c, v in zip(columns, row, strict=True)} for row in rows]
        if values:
            self._c.execute(insert(table), values)

    def forget_files(self, refs: Sequence[str]) -> None:
        """Rows of files whose bytes were deleted while the back-up was made; they were on their way out."""
        gone = [{"gone": ref} for ref in refs]
        if gone:
            self._c.execute(text("DELETE FROM grants WHERE file = :gone"), gone)
            self._c.execute(text("DELETE FROM files WHERE id = :gone"), gone)

    def finish(self) -> None:
        """References are checked, counters go on after what is there, and the tables become today's."""
        for constraint in self._at_last:
            self._c.execute(AddConstraint(constraint))
        if self._c.dialect.name != "sqlite":
            for table in self._tables.values():
                self._count_on(table)
        self._upgrade()

    def _without_references(self) -> list[Any]:
        """PostgreSQL looks at them row by row, and a person may come before the one they were merged into."""
        keys = [key for table in self._tables.values() for key in table.foreign_key_constraints]
        for key in keys:
            self._c.execute(DropConstraint(key))
        return keys

    def _count_on(self, table: Table) -> None:
        own = [
            column for column in table.primary_key if column.autoincrement is True or column.server_default is not None
        ]
        if len(table.primary_key) == 1 and own:
            name = own[0].name
            last = select(text(f'coalesce(max("{name}"), 1), max("{name}") IS NOT NULL')).select_from(table)
            values = self._c.execute(last).one()
            sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last, :used)")
            given = {"table": f'"{table.name}"', "column": name, "last": values[0], "used": values[1]}
            self._c.execute(sequence, given)


def _tables(connection: Connection) -> list[Table]:
    """In an order in which what is referred to comes first; rounds are cut anywhere."""
    import warnings  # noqa: PLC0415 - only here

    metadata = MetaData()
    metadata.reflect(connection)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a round is no harm: references are checked at the end
        return metadata.sorted_tables


def _rows(connection: Connection, table: Table) -> Iterator[list[list[Any]]]:
    found = connection.execution_options(yield_per=_AT_ONCE).execute(select(table))
    for rows in found.partitions():
        yield [[_out(value) for value in row] for row in rows]


def _out(value: Any) -> Any:
    """SQLite's moments have no zone: they are UTC."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _into(value: Any, *, naive: bool) -> Any:
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC).replace(tzinfo=None) if naive else value


def _reading_sqlite(url: str, function: Callable[[Connection], T]) -> T:
    file = make_url(url).database

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(f"{Path(str(file)).resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
        connection.execute("PRAGMA query_only=ON")
        return connection

    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")  # in WAL a reader sees one moment, and keeps nobody from writing
            return function(connection)
    finally:
        engine.dispose()


async def _in_postgres(url: str, function: Callable[[Connection], T], **options: Any) -> T:
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - brings the whole ORM along

    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(**options)
            async with connection.begin():
                return await connection.run_sync(function)
    finally:
        await engine.dispose()
