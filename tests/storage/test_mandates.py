"""Mandates on both databases: the newest counts, phones are found by their hash, an end closes every door."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from conversations.messages import Message
from domain.helping import Standing, Way
from storage import outbox
from storage import tables as t
from storage.mandates import Mandate, Names
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import DAY, HOUR, NOW, citizen, dossier, person_of, version

MAN = Names("Lê Thị Mận", "Hồ Văn Nam", "village-head", "Cấp giấy")
PHONE = "+84912345678"


def asked(helper: str, owner: str = "d" * 16, id_: str = "m" * 16, **more: Any) -> Mandate:
    made = Mandate(id_, helper, owner, MAN, Way.CODE, Standing.ASKED, NOW, PHONE)
    return replace(made, **more)


async def test_kept_as_it_was_and_sealed(database: Database) -> None:
    def keep(work: Work) -> str:
        helper = person_of(citizen(work))
        work.mandates.add(asked(helper))
        return helper

    helper = await database.run(keep)
    assert await database.run(lambda work: work.mandates.of("d" * 16)) == asked(helper)

    def raw(work: Work) -> bytes:
        return b" ".join(
            bytes(value) for value in work.connection.exec_driver_sql("SELECT name, phone FROM mandates").one()
        )

    found = await database.run(raw)
    assert "Mận".encode() not in found
    assert b"912345678" not in found


async def test_the_newest_counts_and_what_was_not_answered_goes(database: Database) -> None:
    def keep(work: Work) -> None:
        helper = person_of(citizen(work))
        work.mandates.add(asked(helper, id_="1" * 16, given_at=NOW, ended_at=NOW + DAY, status=Standing.EXPIRED))
        work.mandates.add(asked(helper, id_="2" * 16, asked_at=NOW + DAY, evidence="f" * 32))

    await database.run(keep)
    newest = await database.run(lambda work: work.mandates.of("d" * 16))
    assert newest is not None
    assert newest.id == "2" * 16
    assert await database.run(lambda work: work.mandates.clear("d" * 16)) == ["f" * 32]
    left = await database.run(lambda work: work.mandates.all_of("d" * 16))
    assert [one.id for one in left] == ["1" * 16]


async def test_found_by_phone_and_by_helper(database: Database) -> None:
    def keep(work: Work) -> tuple[str, str]:
        one, other = (person_of(citizen(work, name)) for name in ("a", "b"))
        work.mandates.add(asked(one, id_="1" * 16))
        work.mandates.add(asked(other, "e" * 16, "2" * 16, asked_at=NOW + HOUR))
        work.mandates.add(asked(other, "f" * 16, "3" * 16, phone=""))
        return one, other

    one, other = await database.run(keep)
    found = await database.run(lambda work: [m.id for m in work.mandates.of_phone(PHONE)])
    assert found == ["2" * 16, "1" * 16]
    assert await database.run(lambda work: work.mandates.of_phone("+84987654321")) == []
    await database.run(lambda work: work.mandates.move(other, one))
    assert {m.id for m in await database.run(lambda work: work.mandates.of_helper(one))} == {d * 16 for d in "123"}
    assert await database.run(lambda work: work.mandates.of_helper(other)) == []


async def test_an_end_closes_the_helpers_doors_alone(database: Database) -> None:
    def keep(work: Work) -> tuple[str, str, str]:
        version(work)
        chat, other = citizen(work, "a"), citizen(work, "b")
        record = dossier(work, chat)
        work.mandates.add(asked(person_of(chat), record.id, evidence="e" * 32))
        for who in (chat, other):
            work.outbox.add(who.id, "telegram", Message("tin"), lane=outbox.NOTICE, subject=f"dossier:{record.id}")
        work.outbox.add(chat.id, "telegram", Message("tin"), lane=outbox.NOTICE, subject="dossier:another")
        work.mandates.close_doors(record.id, person_of(chat), NOW)
        return record.id, chat.id, other.id

    dossier_id, chat, other = await database.run(keep)

    def told(work: Work) -> set[tuple[str, str]]:
        return {(chat, about) for chat, about in work.connection.execute(select(t.outbox.c.chat, t.outbox.c.subject))}

    rows = await database.run(told)
    assert rows == {(other, f"dossier:{dossier_id}"), (chat, "dossier:another")}


async def test_with_a_draft_its_rows_go_and_its_files_are_named(database: Database) -> None:
    def keep(work: Work) -> None:
        helper = person_of(citizen(work))
        work.mandates.add(asked(helper, evidence="f" * 32, status=Standing.GIVEN, given_at=NOW))

    await database.run(keep)
    assert await database.run(lambda work: work.mandates.forget("d" * 16)) == ["f" * 32]
    assert await database.run(lambda work: work.mandates.of("d" * 16)) is None
