"""Engines and run(): the only place where the database and asyncio meet.

`run(function)` plays a plain function of a `Work` in one transaction and gives its result once that is durable. The
function may be played more than once (a conflict, or a neighbour in the same commit failed), so it must have no effect
but through its Work.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.util import greenlet_spawn

from storage.away import Away
from storage.conflict import Conflict
from storage.measures import measures
from storage.wakes import Wakes
from storage.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
    from sqlalchemy.pool import ConnectionPoolEntry

log = logging.getLogger(__name__)
T = TypeVar("T")

_BATCH: Final = 64  # turns in one commit at most
_LOOK_EVERY: Final = 0.25  # seconds between looks whether another process has written (SQLite)
_REPLAYS: Final = 8
# Serialization failure, deadlock, and a unique row that another transaction made first: PostgreSQL, appendix A.
_REPLAYABLE: Final = {"40001", "40P01", "23505"}
_WAL_TRIES: Final = 100  # of 50 ms each


class Closed(Away):
    """The database has been closed; nothing runs on it any more."""


class Database(Protocol):
    """What both databases can do."""

    async def run(self, function: Callable[[Work], T]) -> T:
        """The function's result, durable."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go."""
        ...

    @property
    def busy(self) -> int:
        """How many functions wait or are under way."""
        ...


def connect(url: str, changed: Callable[[frozenset[str]], None]) -> Database:
    """Open a database by its SQLAlchemy URL (`sqlite:///…` or `postgresql+asyncpg://…`); call inside a running loop.

    `changed` is called in the loop after each commit with what was touched (see Work.touch), and with an empty set
    when another process may have written anything.
    """
    return _Sqlite(url, changed) if url.startswith("sqlite") else _Postgres(url, changed)


def sqlite_engine(url: str) -> Engine:
    """An engine as this program wants SQLite: WAL, durable at each commit, transactions that begin as writers."""
    # hide_parameters: an error's words reach the log, and must not hold what people wrote
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False})

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        _to_wal(cursor)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.cursor().execute("BEGIN IMMEDIATE")  # by the driver: it is in every turn's way

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _to_wal(cursor: DBAPICursor) -> None:
    """Turn a new file to WAL; of two processes that start together one does it, while the other must wait.

    SQLite doesn't wait by itself here: changing the mode ignores the busy time-out (sqlite.org/wal.html, section 8).
    """
    for wait in (0.0, *(0.05 for _ in range(_WAL_TRIES))):
        time.sleep(wait)
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


class _Task:
    """One function waiting for the writer, and where its result goes."""

    __slots__ = ("afterwards", "error", "function", "future", "result", "touched")

    def __init__(self, function: Callable[[Work], Any], future: asyncio.Future[Any]) -> None:
        self.function = function
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None
        self.touched: set[str] = set()
        self.afterwards: list[Callable[[], object]] = []


class _Sqlite:
    """One writer thread that puts all waiting functions into one commit."""

    def __init__(self, url: str, changed: Callable[[frozenset[str]], None]) -> None:
        self._engine = sqlite_engine(url)
        self._connection = self._engine.connect()  # here, so that a failure is the caller's
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._changed = changed
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="sqlite-writer", daemon=True)
        self._thread.start()

    async def run(self, function: Callable[[Work], T]) -> T:
        if self._closed:
            raise Closed
        future: asyncio.Future[T] = self._loop.create_future()
        self._tasks.put(_Task(function, future))
        return await future

    @property
    def busy(self) -> int:
        return self._tasks.qsize()

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._tasks.put(None)
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    def _write(self) -> None:
        with self._connection as connection:
            seen = self._version(connection)
            looked = time.monotonic()
            while True:
                try:
                    task = self._tasks.get(timeout=_LOOK_EVERY)
                except queue.Empty:
                    task = None
                else:
                    if task is None:
                        return
                    self._commit(connection, self._with_all_waiting(task))
                if task is None or time.monotonic() - looked > _LOOK_EVERY:
                    looked = time.monotonic()
                    with contextlib.suppress(sqlite3.Error):  # who asks is told of it; this thread goes on
                        if (version := self._version(connection)) != seen:
                            seen = version
                            self._tell(lambda: self._changed(frozenset()))

    @staticmethod
    def _version(connection: Connection) -> int:
        """A number that changes when another connection has committed (sqlite.org/pragma.html#pragma_data_version)."""
        raw = connection.connection.dbapi_connection
        assert raw is not None
        cursor = raw.cursor()
        cursor.execute("PRAGMA data_version")
        row = cursor.fetchone()
        cursor.close()
        return int(row[0]) if row else 0

    def _with_all_waiting(self, first: _Task) -> list[_Task]:
        tasks = [first]
        while len(tasks) < _BATCH:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                break
            if task is None:  # closing: finish these first
                self._tasks.put(None)
                break
            tasks.append(task)
        return tasks

    def _commit(self, connection: Connection, tasks: list[_Task]) -> None:
        began = time.monotonic()
        if self._try(connection, tasks):
            self._tell(lambda: self._settle(tasks))
            measures.took(time.monotonic() - began, "transaction")
            return
        for task in tasks:  # one of them failed and took the others along: each on its own
            for _ in range(_REPLAYS):
                if len(tasks) == 1 and not isinstance(task.error, Conflict):
                    break
                measures.count("replay")
                if self._try(connection, [task]) or not isinstance(task.error, Conflict):
                    break
        self._tell(lambda: self._settle(tasks))
        measures.took(time.monotonic() - began, "transaction")

    @staticmethod
    def _try(connection: Connection, tasks: list[_Task]) -> bool:
        task = tasks[0]
        try:
            with connection.begin():
                for task in tasks:
                    task.error = None
                    work = Work(connection)
                    task.result = task.function(work)
                    task.touched = work.touched
                    task.afterwards = work.afterwards
        except Exception as error:  # noqa: BLE001 - it belongs to whoever asked
            for other in tasks:
                other.error = error
            return False
        return True

    def _settle(self, tasks: list[_Task]) -> None:
        touched: set[str] = set()
        for task in tasks:
            if task.error is None:
                touched |= task.touched
                for call in task.afterwards:
                    call()
            if task.future.cancelled():
                continue
            if task.error is None:
                task.future.set_result(task.result)
            else:
                task.future.set_exception(task.error)
        if touched:
            self._changed(frozenset(touched))

    def _tell(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:  # the loop has closed; what was committed stays committed
            log.debug("loop closed before a commit was announced")


class _Postgres:
    """Each function in its own transaction on a pooled connection; other processes are woken by NOTIFY."""

    def __init__(self, url: str, changed: Callable[[frozenset[str]], None]) -> None:
        from storage.postgres_engine import postgres_engine  # noqa: PLC0415 - brings the whole ORM along

        self._engine = postgres_engine(url)
        self._changed = changed
        self._loop = asyncio.get_running_loop()
        self._running = 0
        self._closed = False
        self._wakes = Wakes(url, changed)

    async def run(self, function: Callable[[Work], T]) -> T:
        if self._closed:
            raise Closed
        self._running += 1
        try:
            return await self._replayed(function)
        finally:
            self._running -= 1

    async def _replayed(self, function: Callable[[Work], T]) -> T:
        for replay in range(_REPLAYS):
            began = time.monotonic()
            try:
                result: T
                result, work = await greenlet_spawn(self._play, function)
            except Exception as error:
                if not _replayable(error) or replay == _REPLAYS - 1:
                    raise
            else:
                measures.took(time.monotonic() - began, "transaction")
                for call in work.afterwards:
                    call()
                if work.touched:
                    self._changed(frozenset(work.touched))
                    self._wakes.tell(work.touched)
                return result
            measures.count("replay")
            await asyncio.sleep(0.005 * (replay + 1))
        raise Conflict

    @property
    def busy(self) -> int:
        return self._running

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        while self._running:  # noqa: ASYNC110 - once in a process's life
            await asyncio.sleep(0.005)
        await self._wakes.close()
        await self._engine.dispose()

    def _play(self, function: Callable[[Work], T]) -> tuple[T, Work]:
        with self._engine.sync_engine.begin() as connection:
            work = Work(connection)
            return function(work), work


def _replayable(error: Exception) -> bool:
    """Whether something else got in between; errors of prepared statements are the driver's own."""
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return isinstance(error, Conflict) or state in _REPLAYABLE
