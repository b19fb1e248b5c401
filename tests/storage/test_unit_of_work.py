"""run(): one commit for many, nobody taken along by a neighbour, conflicts played again, changes announced."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError

from storage import sealed
from storage import unit_of_work as unit
from storage.conflict import Conflict
from storage.sealed import Keys
from storage.unit_of_work import Closed, Database, connect
from storage.work import Work
from tests.storage.make import citizen, tell_everything, until


class Broken(Exception):
    """What a function raises in these tests."""


def count(work: Work, key: str = "n") -> int:
    """Read and write back: lost updates would show."""
    now = int(work.installation.get(key) or 0) + 1
    work.installation.put(key, str(now))
    return now


def count_of(number: int) -> Callable[[Work], int]:
    return lambda work: count(work, f"n{number}")


async def test_gives_the_function_s_result_and_keeps_what_it_wrote(database: Database) -> None:
    assert await database.run(count) == 1
    assert await database.run(lambda work: work.installation.get("n")) == "1"


async def test_an_error_reaches_whoever_asked_and_undoes_what_was_written(database: Database) -> None:
    def write_and_break(work: Work) -> None:
        work.installation.put("n", "7")
        raise Broken

    with pytest.raises(Broken):
        await database.run(write_and_break)
    assert await database.run(lambda work: work.installation.get("n")) is None


async def test_a_failing_neighbour_takes_nobody_along(database: Database) -> None:
    def break_off(work: Work) -> int:
        work.installation.put("bad", "1")
        raise Broken

    def doubled(work: Work) -> int:
        citizen(work, "twice")
        citizen(work, "twice")
        return 0

    results = await asyncio.gather(
        *(
            database.run(break_off if number % 10 == 3 else doubled if number % 10 == 7 else count_of(number))
            for number in range(40)
        ),
        return_exceptions=True,
    )
    assert [type(result) for result in results if isinstance(result, BaseException)] == [Broken, IntegrityError] * 4
    assert sorted(result for result in results if isinstance(result, int)) == [1] * 32
    kept = await database.run(lambda work: [work.installation.get(f"n{number}") for number in range(40)])
    assert kept == [None if number % 10 in {3, 7} else "1" for number in range(40)]
    assert await database.run(lambda work: work.installation.get("bad")) is None


async def test_many_at_once_lose_no_update(database: Database) -> None:
    def add(work: Work) -> int:
        chat = work.chats.find("web", "somebody")  # locks it, as every turn does
        assert chat is not None
        return work.chats.advance(chat.id, 1)

    await database.run(lambda work: citizen(work, "somebody"))
    results = await asyncio.gather(*(database.run(add) for _ in range(100)))
    assert sorted(results) == list(range(1, 101))


async def test_waiting_functions_share_a_commit(sqlite_url: str, keys: Keys) -> None:
    told: list[frozenset[str]] = []
    database = connect(sqlite_url, told.append)
    gate = threading.Event()

    def wait(work: Work) -> None:
        work.touch("first")
        gate.wait(5)

    def touch(number: int) -> Callable[[Work], None]:
        return lambda work: work.touch(str(number))

    first = asyncio.create_task(database.run(wait))
    await asyncio.sleep(0)
    others = [asyncio.create_task(database.run(touch(number))) for number in range(20)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(first, *others)
    # Each commit is announced once; the first function may have been joined by those that were quick enough.
    assert frozenset().union(*told) == {"first", *map(str, range(20))}
    assert len(told) <= 2
    await database.close()


async def test_a_conflict_plays_the_function_again(database: Database) -> None:
    plays: list[int] = []

    def third_time_lucky(work: Work) -> int:
        plays.append(count(work))
        if len(plays) < 3:
            raise Conflict
        return len(plays)

    assert await database.run(third_time_lucky) == 3
    assert plays == [1, 1, 1]  # what the failed plays wrote was undone


async def test_a_conflict_that_does_not_end_is_raised(database: Database) -> None:
    plays: list[int] = []

    def never(work: Work) -> None:
        plays.append(1)
        raise Conflict

    with pytest.raises(Conflict):
        await database.run(never)
    assert 3 <= len(plays) <= 10


async def test_two_that_make_the_same_row_both_succeed(database: Database) -> None:
    def found_or_made(work: Work) -> str:
        chat = work.chats.find("web", "newcomer")
        return chat.id if chat else citizen(work, "newcomer").id

    made = await asyncio.gather(*(database.run(found_or_made) for _ in range(12)))
    assert len(set(made)) == 1


async def test_a_deadlock_is_played_again(postgres_url: str, keys: Keys) -> None:
    database = connect(postgres_url, lambda _: None)
    ids = await database.run(lambda work: [citizen(work, "a").id, citizen(work, "b").id])

    def both(order: list[str]) -> Callable[[Work], None]:
        def lock(work: Work) -> None:
            work.connection.exec_driver_sql("SET LOCAL deadlock_timeout = '10ms'")
            work.chats.get(order[0])
            work.connection.exec_driver_sql("SELECT pg_sleep(0.05)")
            work.chats.get(order[1])

        return lock

    await asyncio.gather(database.run(both(ids)), database.run(both(ids[::-1])))
    await database.close()


async def test_changed_is_called_after_the_commit_with_what_was_touched(
    database: Database, changes: list[frozenset[str]]
) -> None:
    def touch(work: Work) -> None:
        work.touch("chat:1")
        work.touch("jobs")

    def touch_and_break(work: Work) -> None:
        work.touch("never")
        raise Broken

    await database.run(touch)
    with pytest.raises(Broken):
        await database.run(touch_and_break)
    await database.run(count)
    assert [change for change in changes if change] == [{"chat:1", "jobs"}]


def write(work: Work) -> None:
    count(work)
    work.touch("x")


async def test_another_connection_s_write_is_noticed(database_url: str, keys: Keys) -> None:
    here: list[frozenset[str]] = []
    mine = connect(database_url, here.append)
    other = connect(database_url, lambda _: None)
    await mine.run(count)
    if not database_url.startswith("sqlite"):
        await until(lambda: frozenset() in here)  # it is listening
    before = len(here)
    await other.run(write)
    await until(lambda: len(here) > before, 2)
    assert here[before] == (frozenset() if database_url.startswith("sqlite") else {"x"})
    await other.close()
    await mine.close()


async def test_own_writes_are_not_taken_for_another_s(sqlite_url: str, keys: Keys) -> None:
    here: list[frozenset[str]] = []
    database = connect(sqlite_url, here.append)
    await database.run(count)
    await asyncio.sleep(0.3)  # one look at the version
    assert here == []
    await database.close()


async def test_close_finishes_what_was_asked_and_then_takes_nothing(database_url: str, keys: Keys) -> None:
    database = connect(database_url, lambda _: None)
    asked = [asyncio.create_task(database.run(count_of(number))) for number in range(30)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*asked) == [1] * 30
    with pytest.raises(Closed):
        await database.run(count)
    await database.close()

    again = connect(database_url, lambda _: None)
    assert await again.run(lambda work: [work.installation.get(f"n{number}") for number in range(30)]) == ["1"] * 30
    await again.close()


async def test_one_who_stops_waiting_harms_nobody(database: Database) -> None:
    impatient = asyncio.create_task(database.run(count))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert await database.run(count_of(1)) == 1


async def test_a_database_that_can_t_be_opened_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="unable to open"):
        connect(f"sqlite:///{tmp_path}/missing/x.sqlite3", lambda _: None)


async def test_sqlite_is_durable_and_checks_references(sqlite_url: str) -> None:
    engine = unit.sqlite_engine(sqlite_url)
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}  # 2: FULL


def all_bytes(url: str) -> bytes:
    folder = Path(str(make_url(url).database)).parent
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_personal_words_are_nowhere_in_the_files_in_plain(sqlite_url: str, keys: Keys) -> None:
    name, phone = "Nguyễn Thị Đào", "0987654321"
    database = connect(sqlite_url, lambda _: None)
    await database.run(lambda work: tell_everything(work, name, phone))
    kept = all_bytes(sqlite_url)  # the database and its WAL
    await database.close()
    kept += all_bytes(sqlite_url)
    assert b"khai-sinh" in kept  # we are looking at the right bytes
    for form in (name, phone, "Đào"):
        assert form.encode() not in kept
        assert form.encode("utf-16-le") not in kept
        assert ascii(form)[1:-1].encode() not in kept


async def test_another_master_key_opens_nothing(database_url: str, keys: Keys) -> None:
    database = connect(database_url, lambda _: None)
    chat = await database.run(lambda work: citizen(work, "0987654321"))
    sealed.use(Keys(b"x" * 32))
    assert await database.run(lambda work: work.chats.find("web", "0987654321")) is None
    with pytest.raises(InvalidTag):
        await database.run(lambda work: work.chats.get(chat.id))
    await database.close()
