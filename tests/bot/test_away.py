"""While the database or the disk is away nothing is counted against anybody: it is done once they are back."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select

from bot.receive import Receiver
from conversations.messages import Inbound, TextSent
from storage import tables as t
from storage.sealed import Keys
from storage.unit_of_work import Database
from storage.work import Work
from tests.bot.whole import Whole, running

T = TypeVar("T")


@pytest.fixture
async def whole(database_url: str, tmp_path: Path, keys: Keys) -> AsyncIterator[Whole]:
    async with running(database_url, tmp_path) as made:
        yield made


def full() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


class Away:
    """A database that is away for so many transactions."""

    def __init__(self, database: Database, times: int) -> None:
        self._database = database
        self.times = times

    async def run(self, function: Callable[[Work], T]) -> T:
        if self.times:
            self.times -= 1
            raise full()
        return await self._database.run(function)

    @property
    def busy(self) -> int:
        return 0

    async def close(self) -> None:
        """The real one stays open."""


async def test_an_event_is_not_counted_as_failed(whole: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever brought it is told to bring it again, and then it is done, once."""
    monkeypatch.setattr("bot.receive._PAUSE", 0.0)
    broken = Away(whole.app.database, 6)
    receiver = Receiver(broken, whole.world)
    inbound = Inbound("web", "someone", "e1", TextSent("menu"), whole.world.now())
    for _ in range(3):  # a line that is there again at once is tried once more by ourselves
        with pytest.raises(sqlite3.OperationalError):
            await receiver.receive(inbound)
    assert broken.times == 0
    await receiver.receive(inbound)
    await receiver.receive(inbound)
    i = t.inbox.c
    rows = select(i.status, i.attempts).where(i.event_id == "e1")
    assert await whole.run(lambda work: work.connection.execute(rows).all()) == [("done", 0)]


class NoRoom:
    """A database that reads, and writes nothing any more: the disk is full."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked = 0

    async def run(self, function: Callable[[Work], T]) -> T:
        self.asked += 1
        assert self.asked < 50, "asked without end"
        return await self._database.run(lambda work: self._read(work, function))

    def _read(self, work: Work, function: Callable[[Work], T]) -> T:
        found = function(work)
        if work.touched or not found:
            raise full()
        return found

    @property
    def busy(self) -> int:
        return 0

    async def close(self) -> None:
        """The real one stays open."""


async def test_what_waits_for_an_earlier_event_does_not_ask_without_end(
    whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another process kept for the same address comes first, also while the disk is full."""
    monkeypatch.setattr("bot.receive._PAUSE", 0.0)
    first, second = (Inbound("web", "someone", f"e{n}", TextSent("menu"), whole.world.now()) for n in (1, 2))
    assert await whole.run(lambda work: [work.inbox.keep(one) for one in (first, second)]) == [True, True]
    broken = NoRoom(whole.app.database)
    await Receiver(broken, whole.world).play(second)
    assert broken.asked < 10
    await whole.app.receiver.play(second)
    i = t.inbox.c
    rows = select(i.event_id, i.status, i.attempts).where(i.address_key != "").order_by(i.event_id)
    kept = [("e1", "done", 0), ("e2", "done", 0)]
    assert await whole.run(lambda work: [tuple(row) for row in work.connection.execute(rows)]) == kept


async def test_a_job_that_is_put_off_is_not_counted(
    whole: Whole, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that could not be deleted for an hour is deleted in the end."""
    monkeypatch.setattr("bot.work._WAIT", -1.0)
    worker, left = whole.app.worker, 5
    deleted: list[str] = []

    def delete(name: str) -> None:
        nonlocal left
        if left:
            left -= 1
            raise OSError(5, "Input/output error")
        deleted.append(name)

    monkeypatch.setattr(worker._store, "delete", delete)  # noqa: SLF001 - the one that the app opened
    await whole.run(lambda work: work.jobs.add("drop-file", "abcd"))
    await whole.app.idle()
    caplog.clear()  # that it failed is logged, and meant here
    assert deleted == ["abcd"]
    kept = select(t.jobs.c.status).where(t.jobs.c.kind == "drop-file")
    assert await whole.run(lambda work: work.connection.execute(kept).all()) == []
