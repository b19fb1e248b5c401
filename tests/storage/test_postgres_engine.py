"""What a pooled connection brings along: no line that has ended, and nothing that somebody else has begun."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.postgres_engine import TakenBack, driver
from storage.sealed import Keys
from storage.unit_of_work import Database, connect
from storage.work import Work
from tests.storage.make import until


@pytest.fixture
async def pooled(postgres_url: str, keys: Keys) -> AsyncIterator[Database]:
    made = connect(postgres_url, lambda _: None)
    yield made
    await made.close()


def line(work: Work) -> Any:
    work.connection.execute(text("SELECT 1"))
    return driver(work.connection)


async def test_a_line_that_was_ended_is_replaced_unseen(pooled: Database, postgres_url: str) -> None:
    first = await pooled.run(line)
    assert await pooled.run(line) is first
    other = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    await other.execute("SELECT pg_terminate_backend($1)", first.get_server_pid())
    await other.close()
    await until(first.is_closed)
    assert await pooled.run(line) is not first


async def test_a_line_on_which_nothing_begins_is_nobodys_any_more(
    pooled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a router has forgotten it: whoever asks next must not wait for the same silence."""
    first = await pooled.run(line)

    async def silent(*_: object, **__: object) -> str:
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(asyncpg.Connection, "execute", silent)
        with pytest.raises(TimeoutError):
            await pooled.run(line)
    assert first.is_closed()
    assert await pooled.run(line) is not first


async def test_what_was_left_open_is_never_committed_by_another(pooled: Database) -> None:
    first = await pooled.run(line)
    await first.execute("BEGIN; INSERT INTO installation (key, value) VALUES ('left', 'open')")
    assert await pooled.run(line) is not first
    assert await pooled.run(lambda work: work.installation.get("left")) is None


async def test_what_fails_is_taken_back(pooled: Database) -> None:
    def fail(work: Work) -> None:
        work.installation.put("left", "open")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await pooled.run(fail)
    assert await pooled.run(lambda work: work.installation.get("left")) is None


async def test_nobody_is_told_that_something_was_kept_which_the_server_took_back(pooled: Database) -> None:
    """As it does at COMMIT, without an error, where a function went on after a statement that failed."""

    def careless(work: Work) -> str:
        work.installation.put("left", "open")
        with contextlib.suppress(DBAPIError):
            work.connection.execute(text("SELECT 1 / 0"))
        return "kept"

    with pytest.raises(TakenBack):
        await pooled.run(careless)
    assert await pooled.run(lambda work: work.installation.get("left")) is None


async def test_who_is_cancelled_in_the_middle_of_a_statement_ends_as_that(pooled: Database) -> None:
    first = await pooled.run(line)
    waiting = asyncio.create_task(pooled.run(lambda work: work.connection.execute(text("SELECT pg_sleep(30)")).all()))
    await asyncio.sleep(0.3)  # by now, or a moment later, the server sleeps
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await pooled.run(line) is not first
