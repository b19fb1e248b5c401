"""One process at a time: taken, followed at once when the holder was killed, given up when it can't be renewed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from bot import lease
from bot.lease import Lease, Lost, dead, this_process
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import until


async def settle() -> None:
    await asyncio.sleep(0.05)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "_WAIT", 0.02)
    monkeypatch.setattr(lease, "_RENEW", 0.05)


def other() -> str:
    """A holder on this machine that lives: whoever started us."""
    host, _, _ = this_process().split(" ")
    return f"{host} {os.getppid()} {lease._start(os.getppid())}"  # noqa: SLF001


async def test_the_second_waits_and_says_so_once(database: Database) -> None:
    said: list[str] = []
    order = []

    async def work(name: str, holder: str) -> None:
        async with Lease(database, "telegram", said.append, holder=holder).held():
            order.append(f"{name} begins")
            await asyncio.sleep(0.3)
            order.append(f"{name} ends")

    first = asyncio.create_task(work("first", other()))
    await settle()
    await asyncio.gather(first, work("second", this_process()))
    assert order == ["first begins", "first ends", "second begins", "second ends"]
    assert said == [f"Bot này đang chạy ở một tiến trình khác (số {os.getppid()}). Tôi chờ đến khi nó dừng."]
    assert await database.run(lambda work: work.leases.take("telegram", "anybody", 1)) == "anybody"


async def test_other_names_do_not_wait(database: Database) -> None:
    async with (
        Lease(database, "telegram", print, holder=other()).held(),
        Lease(database, "telegram-staff", print).held(),
    ):
        pass


async def test_a_holder_that_was_killed_is_followed_at_once(database: Database) -> None:
    asks = "from bot.lease import this_process; print(this_process())"
    gone = subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, text=True).stdout.strip()  # noqa: ASYNC221
    assert dead(gone)
    assert not dead(this_process())
    await database.run(lambda work: work.leases.take("telegram", gone, 30))
    async with asyncio.timeout(2), Lease(database, "telegram", print).held():
        pass


async def test_a_number_that_was_given_again_is_not_the_holder(database: Database) -> None:
    host, number, start = this_process().split(" ")
    assert dead(f"{host} {number} {start}9")
    assert not dead(f"another-host {number} {start}9")  # nobody can tell from here


async def test_on_another_machine_it_waits_until_the_lease_has_run_out(database: Database) -> None:
    said: list[str] = []
    await database.run(lambda work: work.leases.take("telegram", "may-khac/x 7 1.1", 0.4))
    began = asyncio.get_running_loop().time()
    async with Lease(database, "telegram", said.append).held():
        assert asyncio.get_running_loop().time() - began > 0.3
    assert said == ["Bot này đang chạy ở một tiến trình khác (số 7 trên máy may-khac). Tôi chờ đến khi nó dừng."]


async def test_who_has_lost_it_stops(database: Database) -> None:
    def rob(work: Work) -> None:
        work.leases.drop("telegram", this_process())
        work.leases.take("telegram", "may-khac/x 7 1.1", 30)

    async def body() -> None:
        async with Lease(database, "telegram", print).held():
            await database.run(rob)
            await asyncio.sleep(5)

    with pytest.raises(Lost):
        await asyncio.wait_for(body(), 2)
    assert await database.run(lambda work: work.leases.take("telegram", "x", 30)) == "may-khac/x 7 1.1"


async def test_who_can_not_renew_it_stops_before_it_has_run_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LIFE", 0.6)
    monkeypatch.setattr(lease, "_EARLY", 0.2)
    loop = asyncio.get_running_loop()

    class Away:
        """The database, until it is gone."""

        gone = False

        async def run(self, function: object) -> object:
            if self.gone:
                await asyncio.sleep(60)
            return await database.run(function)  # type: ignore[arg-type]

    away = Away()
    began = loop.time()

    async def body() -> None:
        async with Lease(away, "telegram", print).held():  # type: ignore[arg-type]
            away.gone = True
            try:
                await asyncio.sleep(5)
            finally:
                assert loop.time() - began < 0.6
                away.gone = False

    with pytest.raises(Lost):
        await asyncio.wait_for(body(), 2)


async def test_an_end_from_outside_stays_one(database: Database) -> None:
    async def body() -> None:
        async with Lease(database, "telegram", print).held():
            await asyncio.sleep(5)

    task = asyncio.create_task(body())
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await database.run(lambda work: work.leases.take("telegram", "x", 1)) == "x"


async def test_who_is_ended_while_the_database_is_away_ends_all_the_same(database: Database) -> None:
    """Else the process would go on, with another lease, and have to be killed."""

    class Away:
        """Takes a lease, and then nothing."""

        gone = False

        async def run(self, function: object) -> object:
            if self.gone:
                raise OSError("disk I/O error")
            return await database.run(function)  # type: ignore[arg-type]

    away = Away()

    async def body() -> None:
        async with Lease(away, "telegram", print).held():  # type: ignore[arg-type]
            away.gone = True
            await asyncio.sleep(60)

    task = asyncio.create_task(body())
    await until(lambda: away.gone)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
