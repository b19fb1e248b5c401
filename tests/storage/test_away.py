"""Which errors say that something is away, and which that somebody did something wrong."""

from __future__ import annotations

import sqlite3

import asyncpg
import pytest
from sqlalchemy import exc, text

from storage.away import Away, away
from storage.unit_of_work import Closed, Database


def sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("some words")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        ConnectionRefusedError(),
        TimeoutError(),
        Away(),
        Closed(),
        exc.TimeoutError("the pool is empty"),
        sqlite(sqlite3.SQLITE_BUSY),
        sqlite(sqlite3.SQLITE_FULL),
        sqlite(sqlite3.SQLITE_IOERR_WRITE),
        exc.OperationalError("SELECT", {}, sqlite(sqlite3.SQLITE_CANTOPEN)),
        asyncpg.ConnectionDoesNotExistError(),
        asyncpg.DiskFullError(),
        asyncpg.TooManyConnectionsError(),
        asyncpg.AdminShutdownError(),
        asyncpg.QueryCanceledError(),
        asyncpg.InterfaceError("connection is closed"),
    ],
)
def test_away(error: Exception) -> None:
    assert away(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        FileNotFoundError(),
        sqlite(sqlite3.SQLITE_ERROR),
        sqlite3.IntegrityError("UNIQUE constraint failed"),
        exc.OperationalError("SELECT", {}, sqlite(sqlite3.SQLITE_ERROR)),
        asyncpg.UniqueViolationError(),
        asyncpg.UndefinedTableError(),
        asyncpg.DataError("invalid input"),
    ],
)
def test_not_away(error: Exception) -> None:
    assert not away(error)


async def test_a_wrong_statement_is_nobodys_absence(database: Database) -> None:
    with pytest.raises(exc.DBAPIError) as raised:
        await database.run(lambda work: work.connection.execute(text("SELECT nothing FROM nowhere")))
    assert not away(raised.value)
