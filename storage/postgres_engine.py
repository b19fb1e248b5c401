"""An engine as this program wants PostgreSQL: we begin and end transactions ourselves, no journey is without a use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import await_only

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncEngine
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_POOL: Final = 8  # one process has no use for more, and PostgreSQL takes 100 of all of them by default
# Seconds after which a line or a server that answers nothing is given up, so that its work goes on over another line.
CONNECT: Final = 10.0
ANSWER: Final = 30.0  # one statement, waiting for a lock included
_PARTING: Final = 5.0
_STANDS: Final = 60_000  # milliseconds: who stands still within a transaction holds its locks no longer


class TakenBack(Exception):
    """Nothing of a transaction was kept, though its function seemed to end well."""


def postgres_engine(url: str) -> AsyncEngine:
    """Its `sync_engine` is used within a greenlet; statements may go past SQLAlchemy (storage/prepared.py).

    So that SQLAlchemy and the driver agree on what is in one transaction, BEGIN, COMMIT and ROLLBACK are said here and
    nowhere else. A connection that has ended says so by itself: to ask each time costs three journeys.
    """
    # hide_parameters: an error's words reach the log, and must not hold what people wrote
    engine = create_async_engine(
        url,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        pool_size=_POOL,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=ANSWER,
        connect_args={
            "timeout": CONNECT,
            "command_timeout": ANSWER,
            "server_settings": {"idle_in_transaction_session_timeout": str(_STANDS)},
        },
    )
    event.listen(engine.sync_engine, "checkout", _fit)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "commit", _commit)
    event.listen(engine.sync_engine, "rollback", _take_back)
    return engine


def driver(connection: Connection) -> Any:
    """The connection of asyncpg's own."""
    return connection.connection.driver_connection


def _fit(connection: DBAPIConnection, _: ConnectionPoolEntry, __: PoolProxiedConnection) -> None:
    asyncpg = connection.driver_connection
    if asyncpg.is_closed() or asyncpg.is_in_transaction():
        raise DisconnectionError


def say(connection: Connection, what: str) -> str:
    """One journey; gives what the server says it did."""
    return str(await_only(driver(connection).execute(what)))


def _begin(connection: Connection) -> None:
    """A line that was cut without a word takes its time to show it: the next transaction shall have another."""
    try:
        say(connection, "BEGIN")
    except BaseException:
        driver(connection).terminate()
        raise


def _commit(connection: Connection) -> None:
    """Where a statement has failed, and whoever ran it went on, the server takes all back and calls that no error."""
    if (did := say(connection, "COMMIT")) != "COMMIT":
        raise TakenBack(did)


def _take_back(connection: Connection) -> None:
    """Where even that fails, the connection ends, and with it what it has begun."""
    if connection.invalidated:  # it has ended: somebody was cancelled in the middle of a statement
        return
    asyncpg = driver(connection)
    if asyncpg.is_closed():
        return
    try:
        await_only(asyncpg.execute("ROLLBACK", timeout=_PARTING))
    except BaseException:
        asyncpg.terminate()
        raise
