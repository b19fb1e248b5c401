"""Places in slots: a thousand press at once and one gets the last; nobody has two; who gets none keeps the old one."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from storage import sealed
from storage import tables as t
from storage.sealed import Keys
from storage.unit_of_work import Database, connect, sqlite_engine
from storage.work import Work
from tests.conftest import MASTER
from tests.storage.make import HOUR, NOW, OFFICE, citizen, dossier

ROOT: Final = Path(__file__).parents[2]
AT: Final = NOW + HOUR
LATER: Final = NOW + 2 * HOUR
MANY: Final = 1_000

# As another process does it: take the place for each of its share of dossiers, and print how many got it.
OTHER: Final = """
import asyncio, sys
from datetime import datetime
from storage import sealed
from storage.sealed import Keys
from storage.unit_of_work import connect
from tests.conftest import MASTER

async def main(url, office, at, first, last):
    sealed.use(Keys(MASTER))
    database = connect(url, lambda touched: None)
    print("ready", flush=True)
    sys.stdin.readline()
    at = datetime.fromisoformat(at)
    runs = (database.run(lambda work, n=n: work.places.take(office, at, 2, f"{n:016}")) for n in range(first, last))
    print(sum(await asyncio.gather(*runs)), flush=True)
    await database.close()

asyncio.run(main(*sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])))
"""


def dossiers(work: Work, many: int) -> None:
    """Dossiers that are called by their number."""
    chat = citizen(work)
    for number in range(many):
        dossier(work, chat, id=f"{number:016}")


def take(number: int, at: datetime = AT, capacity: int = 2) -> Callable[[Work], bool]:
    return lambda work: work.places.take(OFFICE, at, capacity, f"{number:016}")


def rows(work: Work) -> list[tuple[datetime, int, str]]:
    c = t.places.c
    return [(at, place, of) for at, place, of in work.connection.execute(select(c.at, c.place, c.dossier))]


def one_got_the_last(work: Work) -> None:
    assert sorted(place for _, place, _ in rows(work)) == [1, 2]


async def test_of_a_thousand_at_once_one_gets_the_last_place(database: Database) -> None:
    await database.run(lambda work: dossiers(work, MANY + 1))
    assert await database.run(take(MANY))
    got = await asyncio.gather(*(database.run(take(number)) for number in range(MANY)))
    assert Counter(got) == {True: 1, False: MANY - 1}
    await database.run(one_got_the_last)


async def test_of_a_thousand_over_several_connections_one_gets_the_last_place(database_url: str, keys: Keys) -> None:
    sealed.use(keys)
    several = [connect(database_url, lambda _: None) for _ in range(4)]
    await several[0].run(lambda work: dossiers(work, MANY + 1))
    assert await several[0].run(take(MANY))
    got = await asyncio.gather(*(several[number % 4].run(take(number)) for number in range(MANY)))
    assert Counter(got) == {True: 1, False: MANY - 1}
    await several[0].run(one_got_the_last)
    for database in several:
        await database.close()


async def test_of_a_thousand_in_two_processes_one_gets_the_last_place(database: Database, database_url: str) -> None:
    await database.run(lambda work: dossiers(work, MANY + 1))
    assert await database.run(take(MANY))
    started = [
        subprocess.Popen(  # noqa: ASYNC220 - they wait for a line
            [sys.executable, "-c", OTHER, database_url, OFFICE, AT.isoformat(), str(first), str(first + MANY // 2)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for first in (0, MANY // 2)
    ]
    for process in started:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
    said = await asyncio.gather(*(asyncio.to_thread(process.communicate, "go\n", 120) for process in started))
    assert sum(int(words) for words, _ in said) == 1
    assert [process.returncode for process in started] == [0, 0]
    await database.run(one_got_the_last)


async def test_a_new_place_frees_the_old_one(database: Database) -> None:
    def play(work: Work) -> None:
        dossiers(work, 3)
        assert take(0)(work)
        assert take(0)(work)  # again: nothing changes
        assert take(0, LATER)(work)
        assert work.places.of("0" * 16) == LATER
        assert work.places.free_in(OFFICE, (AT, LATER), 2) == {AT: 2, LATER: 1}
        work.places.free("0" * 16)
        assert rows(work) == []
        assert work.places.of("0" * 16) is None

    await database.run(play)


async def test_whoever_gets_none_keeps_the_old_one(database: Database) -> None:
    def play(work: Work) -> None:
        dossiers(work, 4)
        assert [take(number)(work) for number in (0, 1)] == [True, True]
        assert take(2, LATER)(work)
        assert not take(2)(work)
        assert work.places.of(f"{2:016}") == LATER
        assert work.places.free_in(OFFICE, (AT, LATER), 2) == {AT: 0, LATER: 1}
        assert work.places.free_in("another", (AT,), 2) == {AT: 2}
        assert work.places.free_in(OFFICE, (), 2) == {}

    await database.run(play)


async def test_what_was_promised_is_kept_above_what_fits(database: Database) -> None:
    def play(work: Work) -> None:
        dossiers(work, 4)
        assert take(0)(work)
        assert take(1)(work)
        work.places.keep(OFFICE, AT, f"{2:016}")
        work.places.keep(OFFICE, AT, f"{2:016}")
        assert sorted(place for _, place, _ in rows(work)) == [1, 2, 3]
        work.places.free(f"{0:016}")  # place 1 is free, but two are still expected
        assert work.places.free_in(OFFICE, (AT,), 2) == {AT: 0}
        assert not take(3)(work)

    await database.run(play)


async def test_two_who_change_places_with_each_other_both_come_through(database: Database) -> None:
    def begin(work: Work) -> None:
        dossiers(work, 2)
        assert take(0, AT, 1)(work)
        assert take(1, LATER, 1)(work)

    await database.run(begin)
    for _ in range(5):
        await asyncio.gather(database.run(take(0, LATER, 1)), database.run(take(1, AT, 1)))
        left = await database.run(rows)
        assert {of for _, _, of in left} == {f"{0:016}", f"{1:016}"}
        assert len({at for at, _, _ in left}) == 2


STEP: Final = st.tuples(
    st.sampled_from(("take", "free", "keep")), st.integers(0, 5), st.integers(0, 2), st.integers(1, 3)
)


@pytest.fixture(scope="module")
def plain(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a few dossiers; whatever is played in it is rolled back."""
    sealed.use(Keys(MASTER))
    file = tmp_path_factory.mktemp("places") / "places.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = sqlite_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        dossiers(Work(connection), 6)
    engine.dispose()
    return f"sqlite:///{file}"


@given(st.lists(STEP, max_size=40))
@settings(max_examples=60, deadline=None)
def test_never_two_in_a_place_and_never_two_places(plain: str, steps: list[tuple[str, int, int, int]]) -> None:
    engine = sqlite_engine(plain)
    with engine.connect() as connection, connection.begin() as transaction:
        work = Work(connection)
        expected: dict[str, datetime] = {}
        for kind, number, hours, capacity in steps:
            who, at = f"{number:016}", AT + hours * timedelta(hours=1)
            others = sum(moment == at for of, moment in expected.items() if of != who)
            if kind == "free":
                work.places.free(who)
                expected.pop(who, None)
            elif kind == "keep":
                work.places.keep(OFFICE, at, who)
                expected[who] = at
            else:
                fits = expected.get(who) == at or others < capacity
                assert work.places.take(OFFICE, at, capacity, who) is fits
                if fits:
                    expected[who] = at
            found = rows(work)
            assert {of: at for at, _, of in found} == expected
            assert len({(at, place) for at, place, _ in found}) == len(found) == len(expected)
        transaction.rollback()
    engine.dispose()
