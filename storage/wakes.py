"""What one process touched, told to the others by PostgreSQL's NOTIFY: a hint, for the tables are the truth.

On a connection of its own, outside of all transactions: NOTIFY within one serialises all commits. A message names what
was touched in the last 50 ms, so that only those wake up who wait for it; one without names means anything.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from asyncpg import Connection

log = logging.getLogger(__name__)

CHANNEL: Final = "motcua"
ROOM: Final = 7_900  # bytes; PostgreSQL takes less than 8000 in a message
_EVERY: Final = 0.05  # seconds between two messages of one process
_LOOK: Final = 5.0  # seconds of silence after which the line is tried: one that was cut somewhere tells nobody
_ANSWER: Final = 5.0  # seconds in which it has to answer then
_PAUSE: Final = 1.0  # seconds before another line is asked for
_PARTING: Final = 2.0  # seconds for which the last message is waited for


class Wakes:
    """One process's line to the others.

    `changed` is called with what they touched, and with an empty set when that may be anything: also whenever there is
    a new line, for nobody knows what was said while there was none.
    """

    def __init__(self, url: str, changed: Callable[[frozenset[str]], None]) -> None:
        self._dsn = url.replace("postgresql+asyncpg", "postgresql")
        self._changed = changed
        self._touched: set[str] = set()
        self._length = 0  # of the message with these names
        self._news = asyncio.Event()  # there is something to tell, or the line is gone
        self._told = asyncio.Event()  # nothing is left to tell
        self._told.set()
        self._task = asyncio.create_task(self._keep())

    def tell(self, touched: set[str]) -> None:
        """To be told to all other processes."""
        for name in touched - self._touched:
            if self._length <= ROOM:  # else the message says "anything" already
                self._touched.add(name)
                self._length += len(name.encode()) + 1
        self._told.clear()
        self._news.set()

    async def close(self) -> None:
        """Tell the last of it, if there is a line."""
        try:
            await asyncio.wait_for(self._told.wait(), _PARTING)
        except TimeoutError:
            log.warning("could not wake the other processes; they look by themselves every two seconds")
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _keep(self) -> None:
        import asyncpg  # noqa: PLC0415 - only where PostgreSQL is used

        while True:
            try:
                connection = await asyncpg.connect(self._dsn, timeout=_ANSWER)
                try:
                    await self._talk(connection)
                finally:
                    connection.terminate()
            except Exception as error:  # noqa: BLE001 - whatever it is: without a line nobody would hear of anything
                log.warning("no line to the other processes (%s); trying again", type(error).__name__)
            await asyncio.sleep(_PAUSE)

    async def _talk(self, connection: Connection) -> None:
        me = connection.get_server_pid()

        def hear(_: object, sender: int, _channel: str, names: str) -> None:
            if sender != me:
                self._changed(frozenset(names.split("\n")) if names else frozenset())

        connection.add_termination_listener(lambda _: self._news.set())
        await connection.add_listener(CHANNEL, hear)
        self._changed(frozenset())
        while not connection.is_closed():
            try:
                async with asyncio.timeout(_LOOK):  # no wait_for: it may swallow a cancellation
                    await self._news.wait()
            except TimeoutError:
                await connection.execute("SELECT 1", timeout=_ANSWER)
                continue
            self._news.clear()
            if self._touched and not connection.is_closed():
                await self._say(connection)
                await asyncio.sleep(_EVERY)

    async def _say(self, connection: Connection) -> None:
        touched, length = self._touched, self._length
        self._touched, self._length = set(), 0
        names = "\n".join(sorted(touched)) if length <= ROOM else ""
        try:
            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, names, timeout=_ANSWER)
        except BaseException:
            self.tell(touched)  # by the next line
            raise
        if not self._touched:
            self._told.set()
