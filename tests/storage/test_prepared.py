"""What the hot path runs past SQLAlchemy is the same as what SQLAlchemy would have run."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage import tables as t
from storage.prepared import Prepared
from storage.sealed import keys
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import HOUR, NOW, citizen

_m = t.messages.c
_ADD = insert(t.messages).values(
    chat=bindparam("chat"),
    number=bindparam("number"),
    revision=7,
    only=None,
    body=bindparam("body"),
    at=bindparam("at"),
)
_CHANGE = (
    update(t.messages)
    .where(_m.number == bindparam("which"))
    .values(body=bindparam("body"), revision=_m.revision + bindparam("count"))
    .returning(_m.revision, _m.body, _m.at)
)
_READ = select(_m.number, _m.revision, _m.author, _m.only, _m.body, _m.at).order_by(_m.number)


async def test_values_pass_the_same_types_both_ways(database: Database) -> None:
    def play(work: Work) -> list[list[Any]]:
        c, chat = work.connection, citizen(work).id
        Prepared(_ADD).many(c, [{"chat": chat, "number": n, "body": b"%d" % n, "at": NOW + n * HOUR} for n in (1, 2)])
        c.execute(_ADD, {"chat": chat, "number": 3, "body": b"3", "at": NOW + 3 * HOUR})
        changed = Prepared(_CHANGE).first(c, {"which": 2, "body": b"two", "count": 5})
        nothing = Prepared(_CHANGE).first(c, {"which": 9, "body": b"", "count": 0})
        prepared = [list(row) for row in Prepared(_READ).rows(c, {})]
        plain = [list(row) for row in c.execute(_READ)]
        return [list(changed), [nothing], *prepared, *plain]

    read = [
        [1, 7, "", None, b"1", NOW + HOUR],
        [2, 12, "", None, b"two", NOW + 2 * HOUR],
        [3, 7, "", None, b"3", NOW + 3 * HOUR],
    ]
    assert await database.run(play) == [[12, b"two", NOW + 2 * HOUR], [None], *read, *read]


async def test_what_is_sealed_is_sealed(database: Database) -> None:
    def play(work: Work) -> bytes:
        chat = citizen(work).id
        Prepared(_ADD).many(work.connection, [{"chat": chat, "number": 1, "body": b"0912345678", "at": NOW}])
        return bytes(work.connection.exec_driver_sql("SELECT body FROM messages").scalar_one())

    kept = await database.run(play)
    assert b"0912345678" not in kept
    assert keys().columns.open(kept) == b"0912345678"
