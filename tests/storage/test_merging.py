"""Everything of one person becomes another's, and can go back; nothing is forgotten, whatever tables there are."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Column, insert, select, text

from conversations.state import Draft, Known
from domain.rights import Proof
from storage import tables as t
from storage.calls import Call, new_call_id
from storage.chats import Chat
from storage.merging import OWNED
from storage.sealed import Keys
from storage.unit_of_work import Database, connect
from storage.work import Work
from tests.storage.make import NOW, OFFICE, VERSION, person_of, record, says, version

# Columns that hold a person's id and are no possession: who somebody became.
NOT_OWNED = {t.persons.c.merged}
NAMES = {"person", "helper"}


def test_every_column_that_says_whose_something_is_moves() -> None:
    """A new table can't be forgotten: by its foreign key, or by what the column is called."""
    found: set[Column[Any]] = set()
    for table in t.metadata.tables.values():
        for column in table.columns:
            refers = any(key.column is t.persons.c.id for key in column.foreign_keys)
            if (refers or column.name in NAMES) and column not in NOT_OWNED:
                found.add(column)
    assert found == set(OWNED)


def someone(work: Work, dice: random.Random, address: str) -> str:
    """A person with a bit of everything, as chance has it."""
    chats = [work.chats.open_citizen(dice.choice(("web", "telegram", "zalo")), f"{address}-0", NOW)]
    person = person_of(chats[0])
    for number in range(1, dice.randint(1, 3)):
        other = work.chats.open_citizen("telegram", f"{address}-{number}", NOW)
        work.connection.execute(t.chats.update().where(t.chats.c.id == other.id).values(person=person))
        chats.append(other)
    for _ in range(dice.randint(0, 3)):
        draft = Draft(secrets.token_hex(8), "khai-sinh", version(work), {"name": "A"}, applicant="self")
        work.drafts.save(None, draft, person, NOW)
    for _ in range(dice.randint(0, 3)):
        _dossier(work, dice.choice(chats), person)
    for number in range(dice.randint(0, 2)):
        work.remembered.keep(person, Known(secrets.token_hex(8), {"name": f"B{number}"}, own=number == 0), NOW)
    for number in range(dice.randint(0, 2)):
        work.proofs.add(person, Proof("phone", f"+8491234567{number}", "sms", NOW))
    opened = dice.random() < 0.5
    for number in range(dice.randint(0, 2)):
        call = Call(new_call_id(), person, chats[0].id, OFFICE, None, "…", opened and number == 0, None, NOW, None)
        work.calls.start(call)
    for _ in range(dice.randint(0, 2)):
        row = {"person": person, "purpose": "handle", "given": True, "channel": "web", "at": NOW}
        work.connection.execute(insert(t.consents).values(**row))
    for _ in range(dice.randint(0, 2)):
        notice = {"id": secrets.token_hex(8), "chat": chats[0].id, "body": b"{}", "check": secrets.token_hex(6)}
        work.connection.execute(insert(t.notices).values(person=person, status="told", made_at=NOW, **notice))
    for _ in range(dice.randint(0, 2)):
        mandate = {"id": secrets.token_hex(8), "owner": secrets.token_hex(8), "name": b"C", "how": "sms"}
        work.connection.execute(insert(t.mandates).values(helper=person, status="asked", asked_at=NOW, **mandate))
    return person


def _dossier(work: Work, chat: Chat, person: str) -> None:
    work.dossiers.add(record(chat, person=person, catalogue_version=version(work)))


def owned(work: Work, person: str) -> Counter[str]:
    return Counter(
        {
            column.table.name: len(work.connection.execute(select(column).where(column == person)).all())
            for column in OWNED
        }
    )


def rows(work: Work) -> Counter[str]:
    return Counter(
        {name: len(work.connection.execute(select(table)).all()) for name, table in t.metadata.tables.items()}
    )


@pytest.mark.parametrize("seed", range(12))
async def test_every_row_is_accounted_for(database: Database, seed: int) -> None:
    dice = random.Random(seed)

    def play(work: Work) -> None:
        keep, gone, other = (someone(work, dice, f"{who}") for who in range(3))
        if work.calls.open_of(keep) and (call := work.calls.open_of(gone)):
            work.calls.change(call.id, open=False)  # bot/merging.py sees to that
        before = owned(work, keep), owned(work, gone), owned(work, other), rows(work)
        moved = work.merging.move(gone, keep)
        assert owned(work, keep) == before[0] + before[1]
        assert not owned(work, gone).total()
        assert {name: len(keys) for name, keys in moved.items()} == dict(+before[1])
        assert owned(work, other) == before[2]
        assert rows(work) == before[3]
        work.merging.move(keep, gone, moved)
        assert (owned(work, keep), owned(work, gone), owned(work, other), rows(work)) == before

    await database.run(play)


async def test_the_same_matter_is_found_twice_after_a_merge(database: Database) -> None:
    def play(work: Work) -> str:
        version(work)
        one, other = (work.chats.open_citizen("web", address, NOW) for address in ("1", "2"))
        earlier, later = (record(chat, catalogue_version=VERSION) for chat in (one, other))
        work.dossiers.add(earlier)
        work.dossiers.add(later)
        assert not work.dossiers.twin_of(later)
        work.merging.move(person_of(one), person_of(other))
        return work.dossiers.twin_of(later) and earlier.tracking_code

    assert await database.run(play)


async def test_who_somebody_is_now(database: Database) -> None:
    def play(work: Work) -> list[str]:
        one, two, three = (person_of(work.chats.open_citizen("web", a, NOW)) for a in "123")
        work.merging.set(one, merged=two)
        work.merging.set(two, merged=three)
        return [three, *(work.merging.current(person) for person in (one, two, three))]

    assert len(set(await database.run(play))) == 1


async def test_a_chat_that_leaves_has_nothing_but_the_office(database: Database) -> None:
    def play(work: Work) -> None:
        chat = work.chats.open_citizen("web", "1", NOW)
        before = person_of(chat)
        work.merging.set(before, office=OFFICE, consents="handle")
        work.proofs.add(before, Proof("phone", "+84912345678", "sms", NOW))
        after = work.chats.leave(chat.id, NOW)
        found = work.chats.get(chat.id)
        assert found is not None
        assert (found.person, found.office, found.consents) == (after, OFFICE, "")
        assert not work.proofs.of(after)
        assert [other.id for other in work.chats.of_person(before)] == []

    await database.run(play)


def until_somebody_waits(work: Work) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")  # pg_stat_activity stands still in a transaction
    end = time.monotonic() + 60
    while not work.connection.scalar(waiting):
        work.connection.execute(text("SELECT pg_sleep(0.02)"))  # so that the loop goes on meanwhile
        assert time.monotonic() < end, "nobody waits"


async def test_a_turn_that_waited_for_a_merge_is_played_again(postgres_url: str, keys: Keys) -> None:
    """Its row was read when the chat was still another's, and would have nobody's office and consents."""
    database = connect(postgres_url, lambda _: None)
    chat = await database.run(lambda work: work.chats.open_citizen("web", "1", NOW))
    keep = await database.run(lambda work: person_of(work.chats.open_citizen("web", "2", NOW)))
    moved, tries = asyncio.Event(), list[int]()

    def merge(work: Work) -> None:
        work.merging.lock(keep, person_of(chat))
        work.merging.move(person_of(chat), keep)
        work.merging.set(keep, office=OFFICE)
        moved.set()
        until_somebody_waits(work)

    def turn(work: Work) -> tuple[str | None, str]:
        tries.append(1)
        found = work.chats.find("web", "1")
        assert found is not None
        return found.person, found.office

    merging = asyncio.create_task(database.run(merge))
    await moved.wait()
    assert await database.run(turn) == (keep, OFFICE)
    await merging
    await database.close()
    assert len(tries) == 2


async def test_two_chats_of_one_person_act_one_after_the_other(postgres_url: str, keys: Keys) -> None:
    """Else each would save the person as it was before the other agreed to something."""
    database = connect(postgres_url, lambda _: None)
    person = await database.run(lambda work: person_of(work.chats.open_citizen("web", "1", NOW)))
    gone = await database.run(lambda work: person_of(work.chats.open_citizen("telegram", "2", NOW)))
    await database.run(lambda work: work.merging.move(gone, person))
    held = asyncio.Event()

    def first(work: Work) -> None:
        chat = work.chats.find("web", "1")
        assert chat is not None
        work.chats.hold(chat)
        held.set()
        until_somebody_waits(work)
        work.merging.set(person, consents="handle")

    def second(work: Work) -> str:
        chat = work.chats.find("telegram", "2")
        assert chat is not None
        return work.chats.hold(chat).consents

    turn = asyncio.create_task(database.run(first))
    await held.wait()
    assert await database.run(second) == "handle"
    await turn
    await database.close()


async def test_what_waits_for_a_chat_that_left_is_not_sent_there(database: Database) -> None:
    """Of the dossiers that stayed; answers to what was typed there still go."""

    def play(work: Work) -> list[str]:
        chat = work.chats.open_citizen("telegram", "1", NOW)
        made = record(chat, catalogue_version=version(work))
        work.dossiers.add(made)
        other = work.chats.open_citizen("telegram", "2", NOW)
        own = record(other, catalogue_version=VERSION)
        work.dossiers.add(own)
        work.merging.move(person_of(other), person_of(chat))
        for subject in (f"dossier:{made.id}", f"dossier:{own.id}", "", "call:nobody's"):
            work.outbox.add(other.id, "telegram", says("…"), lane=1, subject=subject)
        work.merging.move(person_of(chat), person_of(other), {"dossiers": [[own.id]], "chats": [[other.id]]})
        work.merging.untold(other.id)
        o = t.outbox.c
        left = work.connection.scalars(select(o.subject).where(o.chat == other.id).order_by(o.id))
        return [subject.replace(own.id, "own") for subject in left]

    assert await database.run(play) == ["dossier:own", ""]
