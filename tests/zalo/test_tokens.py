"""A refresh token is shown to Zalo once, and the pair that comes of it is never lost, whoever dies meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from bot import zalo_refresh, zalo_tokens
from bot.settings import BadSetting, Settings
from bot.zalo_journal import Carried, Journal
from bot.zalo_refresh import LOST, REFUSED, Orders, carried_out, settled
from bot.zalo_tokens import AWAY, Tokens
from conversations.messages import Refused, TryLater
from handlers.zalo_door import Choices
from handlers.zalo_oauth import Client, challenge, exchanged, permission_url, verifier
from storage import tables as t
from storage.unit_of_work import Database
from storage.work import Work
from storage.zalo import Held
from tests.conftest import MASTER
from tests.zalo.fake import FakeZalo

OA = FakeZalo.OA_ID
ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(zalo: FakeZalo, database_url: str, tmp_path: Path) -> Settings:
    key = tmp_path / "master.key"
    key.write_text(MASTER.hex(), encoding="ascii")
    return Settings(
        data=tmp_path / "data",
        database=database_url,
        key_file=key,
        zalo_app_id=zalo.APP_ID,
        zalo_app_secret=zalo.APP_SECRET,
        zalo_oa_id=OA,
        zalo_oauth_base=zalo.base,
    )


@pytest.fixture
async def tokens(database: Database, settings: Settings) -> AsyncIterator[Tokens]:
    made = Tokens(database, settings)
    yield made
    await made.close()


def orders(settings: Settings, turn: int = 0) -> Orders:
    client = Client(settings.zalo_app_id, settings.zalo_app_secret, settings.zalo_oauth_base)
    return Orders(settings.database_url, str(settings.key_file), str(settings.data), OA, turn, client)


async def held(database: Database) -> Held:
    found = await database.run(lambda work: work.zalo.get(OA))
    assert found is not None
    return found


async def seed(zalo: FakeZalo, database: Database, seconds: float = 90_000) -> str:
    access, refresh = zalo.pair()
    await database.run(lambda work: work.zalo.seed(OA, refresh, access, seconds))
    return access


def age(life: float) -> Any:
    """The pair was given so much of its life ago."""

    def older(work: Work) -> None:
        column, seconds = t.zalo.c, life * 90_000
        work.connection.execute(
            update(t.zalo).values(updated=column.updated - seconds, expires=column.expires - seconds)
        )

    return older


# who gets which token


async def test_a_young_token_is_given_as_it_is(zalo: FakeZalo, database: Database, tokens: Tokens) -> None:
    access = await seed(zalo, database)
    assert await tokens.access() == access
    assert zalo.state.refreshes == []


async def test_nobody_has_let_us_in(tokens: Tokens) -> None:
    with pytest.raises(TryLater):
        await tokens.access()


async def test_at_four_fifths_of_its_life_it_is_refreshed_and_meanwhile_given(
    zalo: FakeZalo, database: Database, tokens: Tokens
) -> None:
    access = await seed(zalo, database)
    await database.run(age(0.79))
    await tokens.access()
    assert (await held(database)).shown is False
    await database.run(age(0.02))
    assert await tokens.access() == access
    await tokens.close()
    new = await held(database)
    assert (new.access, new.refresh) == (zalo.state.pairs[-1].access, zalo.state.pairs[-1].refresh)
    assert (new.turn, new.shown, new.busy) == (1, False, False)
    assert await tokens.access() == new.access
    assert len(zalo.state.refreshes) == 1


async def test_many_who_find_it_worn_out_wait_for_one_refresh(
    zalo: FakeZalo, database: Database, settings: Settings
) -> None:
    old = await seed(zalo, database)
    await database.run(age(1.1))
    every = [Tokens(database, settings) for _ in range(3)]
    asked = [one.access() for one in every for _ in range(3)] + [one.renewed(old) for one in every]
    assert set(await asyncio.gather(*asked)) == {zalo.state.pairs[-1].access}
    assert len(zalo.state.refreshes) == 1
    for one in every:
        await one.close()


async def test_who_was_refused_an_old_token_gets_the_one_that_is_there(
    zalo: FakeZalo, database: Database, tokens: Tokens
) -> None:
    access = await seed(zalo, database)
    assert await tokens.renewed("an older one") == access
    assert zalo.state.refreshes == []


async def test_a_token_refused_at_once_is_not_followed_again_and_again(
    zalo: FakeZalo, database: Database, tokens: Tokens
) -> None:
    access = await seed(zalo, database)
    with pytest.raises(TryLater):
        await tokens.renewed(access)
    assert zalo.state.refreshes == []


async def test_it_is_refreshed_by_itself_too(zalo: FakeZalo, database: Database, tokens: Tokens) -> None:
    await seed(zalo, database)
    await database.run(age(0.9))
    await tokens.look()
    await tokens.close()
    assert (await held(database)).turn == 1


# what can go wrong


async def test_two_who_begin_at_once_show_it_once(zalo: FakeZalo, database: Database, settings: Settings) -> None:
    await seed(zalo, database)
    zalo.state.think = 0.1
    await asyncio.gather(*(carried_out(orders(settings), database) for _ in range(5)))
    assert [use.taken for use in zalo.state.refreshes] == [True]
    assert (await held(database)).turn == 1


async def test_no_answer_is_never_followed_by_another_try(
    zalo: FakeZalo, database: Database, settings: Settings, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = await seed(zalo, database)
    monkeypatch.setattr(zalo_refresh, "_LONGEST", 0.2)
    zalo.faults.next("late", "access_token")
    assert await carried_out(orders(settings), database) == LOST
    assert await carried_out(orders(settings), database) == ""
    assert await tokens.access() == access  # while it lives
    await tokens.look()
    with pytest.raises(TryLater):
        await tokens.renewed(access)
    assert len(zalo.state.refreshes) == 1
    assert (await held(database)).trouble == LOST


@pytest.mark.parametrize("wrong", ["html", "garbage", "reset"])
async def test_an_answer_that_cannot_be_read_is_no_answer(
    zalo: FakeZalo, database: Database, settings: Settings, wrong: str
) -> None:
    await seed(zalo, database)
    zalo.faults.next(wrong, "access_token")
    assert await carried_out(orders(settings), database) == LOST


async def test_a_no_is_a_persons_business(zalo: FakeZalo, database: Database, settings: Settings) -> None:
    await seed(zalo, database)
    zalo.pair()  # somebody else has refreshed it, or it is three months old
    assert await carried_out(orders(settings), database) == REFUSED
    assert (await held(database)).trouble == REFUSED


async def test_where_nobody_is_reached_it_is_not_used_up(
    zalo: FakeZalo, database: Database, settings: Settings
) -> None:
    await seed(zalo, database)
    away = replace(settings, zalo_oauth_base="http://127.0.0.1:9")
    assert await carried_out(orders(away), database)
    assert (await held(database)).shown is False
    assert await carried_out(orders(settings), database) == ""
    assert (await held(database)).turn == 1


async def test_a_call_does_not_wait_long_where_nobody_is_reached(
    zalo: FakeZalo, database: Database, settings: Settings
) -> None:
    await seed(zalo, database)
    await database.run(age(1.1))
    tokens = Tokens(database, replace(settings, zalo_oauth_base="http://127.0.0.1:9"))
    began = time.monotonic()
    with pytest.raises(TryLater):
        await tokens.access()
    assert time.monotonic() - began < 30
    with pytest.raises(TryLater):
        await tokens.access()  # not asked again at once
    await tokens.close()


async def test_people_hear_of_it_where_nobody_is_reached_for_long(
    zalo: FakeZalo, database: Database, settings: Settings
) -> None:
    await seed(zalo, database)
    away = Tokens(database, replace(settings, zalo_oauth_base="http://127.0.0.1:9"))
    await database.run(age(1.01))
    await away.look()
    assert (await held(database)).trouble == ""
    await database.run(age(0.02))
    await away.look()
    assert (await held(database)).trouble == AWAY
    await away.close()
    assert await carried_out(orders(settings), database) == ""
    assert (await held(database)).trouble == ""


async def test_who_shows_it_and_dies_is_noticed_when_its_time_is_over(
    zalo: FakeZalo, database: Database, tokens: Tokens
) -> None:
    await seed(zalo, database)
    await database.run(lambda work: work.zalo.begin(OA, 0, "dead", 30))
    await tokens.look()
    assert (await held(database)).trouble == ""
    await database.run(lambda work: work.connection.exec_driver_sql("UPDATE zalo SET busy_until = 1"))
    await tokens.look()
    assert (await held(database)).trouble == LOST


async def test_a_pair_left_in_the_file_is_brought_home(
    zalo: FakeZalo, database: Database, settings: Settings, tokens: Tokens
) -> None:
    await seed(zalo, database)
    await database.run(lambda work: work.zalo.begin(OA, 0, "dead", -1))
    journal = Journal(settings.data)
    journal.ready()
    journal.write(Carried(OA, 0, "new access", "new refresh", 100.0, time.time() - 40))
    assert b"new refresh" not in next(settings.data.glob("*.zalo-pair")).read_bytes()
    await tokens.look()
    now = await held(database)
    assert (now.access, now.refresh, now.turn, now.trouble) == ("new access", "new refresh", 1, "")
    assert 50 < now.expires - now.since < 61
    assert list(settings.data.glob("*.zalo-pair")) == []
    assert await settled(OA, 0, journal, database) is False


async def test_a_file_of_another_account_turn_or_key_is_none(settings: Settings, database: Database) -> None:
    journal = Journal(settings.data)
    journal.ready()
    journal.write(Carried(OA, 3, "a", "r", 1.0, 0.0))
    assert journal.read(OA, 3) is not None
    assert journal.read(OA, 2) is None
    (settings.data / f"{OA}-2.zalo-pair").write_bytes((settings.data / f"{OA}-3.zalo-pair").read_bytes())
    assert journal.read(OA, 2) is None
    (settings.data / f"{OA}-3.zalo-pair").write_bytes(b"\x01" + b"x" * 40)
    assert journal.read(OA, 3) is None


async def test_the_database_may_be_away_for_a_while(
    zalo: FakeZalo, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seed(zalo, database)
    monkeypatch.setattr(zalo_refresh, "_PAUSE", 0.01)
    runs = iter([None, OSError("away"), OSError("away"), None])

    class Shaky:
        busy = 0

        async def run(self, function: Any) -> Any:
            error = next(runs)
            if error is not None:
                assert list(settings.data.glob("*.zalo-pair"))
                raise error
            return await database.run(function)

        async def close(self) -> None: ...

    assert await carried_out(orders(settings), Shaky()) == ""
    assert (await held(database)).refresh == zalo.state.pairs[-1].refresh


async def test_without_room_for_the_file_nothing_is_begun(
    zalo: FakeZalo, database: Database, settings: Settings, tmp_path: Path
) -> None:
    await seed(zalo, database)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        await carried_out(orders(replace(settings, data=tmp_path / "file")), database)
    assert (await held(database)).shown is False
    assert zalo.state.refreshes == []


async def test_whoever_stops_the_program_does_not_stop_a_refresh(
    zalo: FakeZalo, database: Database, settings: Settings
) -> None:
    await seed(zalo, database)
    zalo.state.think = 0.5
    helper = zalo_refresh.begun(orders(settings))
    assert os.getsid(helper.pid) != os.getsid(0)  # a closed terminal does not reach it
    while not zalo.state.refreshes:  # noqa: ASYNC110 - the fake has no event for it
        await asyncio.sleep(0.01)
    for stopped in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        helper.send_signal(stopped)
    assert await asyncio.to_thread(helper.wait) == 0
    assert (await held(database)).refresh == zalo.state.pairs[-1].refresh


async def test_orders_that_were_cut_off_are_none(settings: Settings) -> None:
    whole = msgspec.json.encode(orders(settings))
    for given in (b"", whole[:-1]):
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "bot.zalo_refresh"], input=given, cwd=ROOT, check=False
        )
        assert done.returncode == 1


# what persons do


async def test_a_pair_that_a_person_brings_ends_the_trouble(
    zalo: FakeZalo, database: Database, settings: Settings
) -> None:
    await seed(zalo, database)
    zalo.pair()
    await carried_out(orders(settings), database)
    access = await seed(zalo, database)
    now = await held(database)
    assert (now.turn, now.trouble, now.shown, now.access) == (1, "", False, access)
    kept = await database.run(lambda work: work.zalo.keep(OA, 0, "late", "late", 1))
    assert kept is False


async def test_a_person_may_have_it_shown_once_more(zalo: FakeZalo, database: Database, settings: Settings) -> None:
    await seed(zalo, database)
    zalo.faults.next("html", "access_token")
    await carried_out(orders(settings), database)
    assert await database.run(lambda work: work.zalo.again(OA)) == 0
    assert await carried_out(orders(settings), database) == ""
    assert (await held(database)).trouble == ""


async def test_an_administrator_lets_us_in(zalo: FakeZalo, settings: Settings) -> None:
    secret = verifier()
    assert len(secret) == 43
    client = Client(zalo.APP_ID, zalo.APP_SECRET, zalo.base)
    assert permission_url(client, "https://motcua.test/zalo", secret, "s").startswith(f"{zalo.base}/v4/oa/permission?")
    code = zalo.code(challenge(secret))
    pair = await exchanged(client, code, secret)
    assert (pair.access, pair.seconds) == (zalo.state.pairs[-1].access, 90_000)
    with pytest.raises(Refused):
        await exchanged(client, code, secret)  # once


def test_the_challenge_is_as_the_vector_says() -> None:
    assert challenge("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ") == "RqIZl4LIgn8KxW9QO-nTnv7pf0CnNrksx9fF-CXP2FE"


# what is remembered


async def test_what_was_found_out_is_remembered_unless_a_setting_says_otherwise(
    zalo: FakeZalo, database: Database, settings: Settings, tokens: Tokens
) -> None:
    assert await tokens.choices() == Choices("v3", "on")
    await seed(zalo, database)
    await tokens.remember(send_api="v2")
    await tokens.remember(buttons="off")
    assert await tokens.choices() == Choices("v2", "off")
    told = Tokens(database, replace(settings, zalo_send_api="v3", zalo_buttons="on"))
    assert await told.choices() == Choices("v3", "on", fixed=True)
    with pytest.raises(BadSetting, match="MOTCUA_ZALO_BUTTONS: expected auto, on, off, got 'yes'"):
        Tokens(database, replace(settings, zalo_buttons="yes"))


async def test_trouble_at_zalos_is_kept_until_calls_are_taken_again(
    zalo: FakeZalo, database: Database, tokens: Tokens
) -> None:
    await seed(zalo, database)
    await tokens.trouble("api", -223)
    await tokens.trouble("zns", 0)
    assert (await held(database)).trouble == "api -223"
    await tokens.trouble("api", 0)
    assert (await held(database)).trouble == ""
    await database.run(lambda work: work.zalo.begin(OA, 0, "me", 30))
    await database.run(lambda work: work.zalo.lost(OA, 0, LOST))
    await tokens.trouble("api", -223)
    await tokens.trouble("api", 0)
    assert (await held(database)).trouble == LOST


async def test_it_looks_after_itself_until_it_is_told_to_end(
    zalo: FakeZalo, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zalo_tokens, "_LOOK", 0.01)
    looks: list[object] = []
    enough = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(work: Work) -> None:
        looks.append(work.zalo.get(OA))
        if len(looks) == 4:
            loop.call_soon_threadsafe(enough.set)
        if len(looks) == 2:
            raise RuntimeError("stumbles")

    keeping = asyncio.create_task(Tokens(database, settings, tell).keep())
    await enough.wait()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
