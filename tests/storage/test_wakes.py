"""Processes on one PostgreSQL: who waits for what was touched is woken, nobody else; a cut line loses no wake-up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from storage import wakes
from storage.sealed import Keys
from storage.unit_of_work import Database, connect
from storage.work import Work
from tests.storage.make import until

Heard = list[frozenset[str]]


def touch(*names: str) -> Callable[[Work], None]:
    return lambda work: work.touched.update(names)


@pytest.fixture
async def two(postgres_url: str, keys: Keys) -> AsyncIterator[tuple[Database, Database, Heard, Heard]]:
    """Two processes' databases, and what each of them heard since both listen."""
    heard: tuple[Heard, Heard] = ([], [])
    here, there = (connect(postgres_url, one.append) for one in heard)
    await until(lambda: all(frozenset() in one for one in heard))
    for one in heard:
        one.clear()
    yield here, there, *heard
    await here.close()
    await there.close()


async def test_the_other_hears_what_was_touched_and_nothing_twice(
    two: tuple[Database, Database, Heard, Heard],
) -> None:
    here, there, mine, others = two
    await here.run(touch("chat:1", "jobs"))
    await until(lambda: bool(others))
    assert others == [{"chat:1", "jobs"}]
    await there.run(touch("outbox"))
    await until(lambda: len(mine) > 1)
    assert mine == [{"chat:1", "jobs"}, {"outbox"}]
    await here.run(touch("end"))
    await until(lambda: frozenset({"end"}) in others)
    assert others == [{"chat:1", "jobs"}, {"outbox"}, {"end"}]


async def test_many_commits_are_few_messages(two: tuple[Database, Database, Heard, Heard]) -> None:
    here, _, _, others = two
    names = {f"chat:{number}" for number in range(60)}
    await asyncio.gather(*(here.run(touch(name)) for name in names))
    await until(lambda: frozenset().union(*others) == names)
    assert len(others) < 20


async def test_too_much_for_one_message_may_be_anything(two: tuple[Database, Database, Heard, Heard]) -> None:
    here, _, _, others = two
    await here.run(touch(*(f"chat:{number:032}" for number in range(wakes.ROOM // 30))))
    await until(lambda: bool(others))
    assert others == [frozenset()]
    await here.run(touch("chat:1"))
    await until(lambda: len(others) > 1)
    assert others[1] == {"chat:1"}


async def test_a_line_that_was_cut_loses_nothing(
    two: tuple[Database, Database, Heard, Heard], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever had none looks anew at everything as soon as there is one, and tells what was touched meanwhile."""
    here, there, mine, others = two
    monkeypatch.setattr(wakes, "_PAUSE", 0.2)

    def cut(work: Work) -> None:
        work.connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND (query LIKE 'LISTEN%%' OR query LIKE '%%pg_notify%%') AND pid <> pg_backend_pid()"
        )

    await there.run(cut)
    await here.run(touch("chat:1"))
    await until(lambda: frozenset() in mine and frozenset() in others)
    await here.run(touch("chat:2"))
    await until(lambda: any("chat:2" in one for one in others))


async def test_the_last_words_are_told(postgres_url: str, keys: Keys) -> None:
    heard: Heard = []
    there = connect(postgres_url, heard.append)
    await until(lambda: frozenset() in heard)
    here = connect(postgres_url, lambda _: None)
    await here.run(touch("token"))
    await here.close()
    await until(lambda: frozenset({"token"}) in heard)
    await there.close()
