"""Tokens open one chat for one purpose until they expire; those that are spent open it once."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from storage import tables as t
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import citizen, clock


async def make(database: Database, purpose: str = "cookie", address: str = "0912") -> tuple[str, str]:
    """A chat and a token that opens it for a hundred seconds."""

    def play(work: Work) -> tuple[str, str]:
        chat = citizen(work, address).id
        return chat, work.tokens.make(purpose, chat, 100)

    return await database.run(play)


async def test_a_token_opens_its_chat_for_its_purpose(database: Database) -> None:
    chat, token = await make(database)
    assert await database.run(lambda work: work.tokens.chat(token, "cookie")) == chat
    assert await database.run(lambda work: work.tokens.chat(token, "return")) is None
    assert await database.run(lambda work: work.tokens.chat(token + "x", "cookie")) is None
    assert await database.run(lambda work: work.tokens.chat("", "cookie")) is None


async def test_it_expires(database: Database) -> None:
    chat, token = await make(database)

    def later(work: Work) -> list[str | None]:
        clock(work, 99)
        before = work.tokens.chat(token, "cookie")
        clock(work, 2)
        return [before, work.tokens.chat(token, "cookie"), work.tokens.spend(token, "cookie")]

    assert await database.run(later) == [chat, None, None]


async def test_one_for_a_subject_says_what_and_how_long_it_is_good_for(database: Database) -> None:
    def play(work: Work) -> list[object]:
        chat = citizen(work, "0912").id
        clock(work, 0)
        token = work.tokens.make("upload", chat, 100, "draft:paper")
        clock(work, 40)
        found = work.tokens.grant(token, "upload")
        others = [work.tokens.grant(token, "cookie"), work.tokens.grant("x", "upload")]
        clock(work, 61)
        assert found is not None
        return [found.chat == chat, found.subject, round(found.seconds), *others, work.tokens.grant(token, "upload")]

    assert await database.run(play) == [True, "draft:paper", 60, None, None, None]


async def test_of_many_who_spend_it_at_once_one_succeeds(database: Database) -> None:
    chat, token = await make(database, "return")
    assert await database.run(lambda work: work.tokens.spend(token, "login")) is None
    got = await asyncio.gather(*(database.run(lambda work: work.tokens.spend(token, "return")) for _ in range(10)))
    assert got.count(chat) == 1
    assert got.count(None) == 9
    assert await database.run(lambda work: work.tokens.chat(token, "return")) is None


async def test_only_the_hash_is_kept(database: Database) -> None:
    _, token = await make(database)
    kept = await database.run(lambda work: list(work.connection.scalars(select(t.tokens.c.hash))))
    assert len(kept) == 1
    assert token not in kept[0]


async def test_every_door_closes_when_somebody_leaves(database: Database) -> None:
    chat, token = await make(database)
    _, other = await make(database, address="0999")
    second = await database.run(lambda work: work.tokens.make("login", chat, 100))
    await database.run(lambda work: work.tokens.revoke(chat))
    doors = [(token, "cookie"), (second, "login"), (other, "cookie")]
    opened = await database.run(lambda work: [work.tokens.chat(*door) is not None for door in doors])
    assert opened == [False, False, True]


async def test_what_has_expired_is_dropped(database: Database) -> None:
    chat, token = await make(database)

    def forget(work: Work) -> list[str | None]:
        work.tokens.make("cookie", chat, -1)
        work.tokens.forget()
        return list(work.connection.scalars(select(t.tokens.c.chat)))

    assert await database.run(forget) == [chat]
    assert await database.run(lambda work: work.tokens.chat(token, "cookie")) == chat


async def test_one_door_is_closed_and_the_others_stay_open(database: Database) -> None:
    chat, token = await make(database)
    other = await database.run(lambda work: work.tokens.make("cookie", chat, 100))
    await database.run(lambda work: work.tokens.drop(token))
    assert await database.run(lambda work: (work.tokens.chat(token, "cookie"), work.tokens.chat(other, "cookie"))) == (
        None,
        chat,
    )


async def test_whatever_a_cookie_holds_it_opens_nothing(database: Database) -> None:
    assert await database.run(lambda work: work.tokens.chat("\udcff\0", "cookie")) is None
