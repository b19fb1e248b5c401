"""Charges and transfers: one charge a dossier, each transfer once, and what people write into them is sealed."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.fees import Charge
from storage import tables as t
from storage.charges import FOREIGN, NEW, RETURNED, UNKNOWN, Transfer
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import HOUR, NOW, OFFICE, citizen, dossier

MEMO = "MC7K39XTM4"


async def stored(database: Database) -> str:
    return await database.run(lambda work: dossier(work, citizen(work)).id)


async def test_a_charge_comes_back_as_it_was_put(database: Database) -> None:
    made = await stored(database)
    waived = Charge(0, MEMO, "waived", 0, "", "Người thuộc hộ nghèo")

    def play(work: Work) -> list[Charge | None]:
        charges = work.charges
        before = charges.get(made)
        charges.put(made, Charge(8000, MEMO), NOW, "lan")
        due = charges.get(made)
        charges.put(made, Charge(8000, MEMO, "paid", 8000, "desk"), NOW + HOUR)
        paid = charges.get(made)
        charges.put(made, waived, NOW + HOUR)
        return [before, due, paid, charges.get(made)]

    assert await database.run(play) == [
        None,
        Charge(8000, MEMO),
        Charge(8000, MEMO, "paid", 8000, "desk"),
        waived,
    ]

    def raw(work: Work) -> tuple[object, ...]:
        c = t.charges.c
        return tuple(work.connection.execute(select(c.confirmed_by, c.settled_at)).one())

    assert await database.run(raw) == ("lan", NOW + HOUR)
    assert await database.run(lambda work: work.charges.with_memo([MEMO, "MCXXXXXXXX"])) == [made]
    assert await database.run(lambda work: work.charges.with_memo([])) == []


async def test_no_two_charges_share_a_memo(database: Database) -> None:
    first, second = await stored(database), await stored_elsewhere(database)
    await database.run(lambda work: work.charges.put(first, Charge(8000, MEMO), NOW))
    with pytest.raises(IntegrityError):
        await database.run(lambda work: work.charges.put(second, Charge(8000, MEMO), NOW))


async def stored_elsewhere(database: Database) -> str:
    return await database.run(lambda work: dossier(work, citizen(work, "0999")).id)


def transfer(reference: str, office: str = OFFICE, outcome: str = NEW) -> Transfer:
    return Transfer(0, office, "sepay", reference, 8000, f"Nguyễn Thị Hoa {MEMO}", NOW, outcome=outcome)


async def test_a_transfer_told_a_hundred_times_at_once_is_one(database: Database) -> None:
    tasks = (database.run(lambda work: work.transfers.add(transfer("92704"))) for _ in range(100))
    numbers = [number for number in await asyncio.gather(*tasks) if number is not None]
    assert len(numbers) == 1
    found = await database.run(lambda work: work.transfers.get(numbers[0], lock=True))
    assert found is not None
    assert (found.reference, found.memo, found.at) == ("92704", f"Nguyễn Thị Hoa {MEMO}", NOW)


async def test_open_are_those_of_which_nobody_knows_whose_they_are(database: Database) -> None:
    made = await stored(database)

    def play(work: Work) -> list[list[str]]:
        one = work.transfers.add(transfer("1"))
        work.transfers.add(transfer("2", outcome=UNKNOWN))
        work.transfers.add(transfer("3", "cam-binh"))
        work.transfers.add(transfer("4", "", FOREIGN))
        gone = work.transfers.add(transfer("5"))
        assert one is not None
        assert gone is not None
        before = [each.reference for each in work.transfers.open(OFFICE)]
        work.transfers.became(one, "settled", made)
        work.transfers.became(gone, RETURNED)
        after = [each.reference for each in work.transfers.open(OFFICE)]
        return [before, after, [each.reference for each in work.transfers.of(made)]]

    assert await database.run(play) == [["1", "2", "5"], ["2"], ["1"]]


async def test_what_people_write_is_sealed(database: Database) -> None:
    made = await stored(database)

    def play(work: Work) -> bytes:
        work.transfers.add(transfer("1"))
        work.charges.put(made, Charge(0, MEMO, "waived", 0, "", "Người thuộc hộ nghèo"), NOW)
        return b"".join(
            bytes(value)
            for table, column in (("transfers", "memo"), ("charges", "reason"))
            for value in work.connection.exec_driver_sql(f"SELECT {column} FROM {table}").scalars()  # noqa: S608 - ours
        )

    kept = await database.run(play)
    assert kept
    assert b"Hoa" not in kept
    assert "nghèo".encode() not in kept
