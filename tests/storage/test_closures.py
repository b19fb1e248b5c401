"""Closures: announced once, found while they last, ended early once; and whom they concern."""

from __future__ import annotations

from datetime import datetime

from conversations.closure import OFFICE, ClosureView
from conversations.state import Draft, Person
from domain.dossier import Status
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage import make
from tests.storage.make import DAY, HOUR, NOW, citizen, dossier, person_of

FLOOD = ClosureView("flood00000000000", OFFICE, NOW, NOW + DAY, "mưa lũ")
ONE = ClosureView("one0000000000000", "khai-sinh", NOW + HOUR, NOW + 2 * HOUR, "mất điện")


def _announced(work: Work, *closures: ClosureView) -> list[bool]:
    head = work.officers.named("Hà", make.OFFICE) or work.officers.add(make.OFFICE, "Hà", "head")
    return [work.closures.add(make.OFFICE, closure, head.id, NOW) for closure in closures]


def _of(work: Work, at: datetime) -> list[str]:
    return [closure.id for closure in work.closures.of(make.OFFICE, at)]


async def test_they_are_found_until_they_end_and_announced_once(database: Database) -> None:
    assert await database.run(lambda work: _announced(work, ONE, FLOOD)) == [True, True]
    again = ClosureView("again00000000000", OFFICE, FLOOD.starts_at, FLOOD.ends_at, "mưa to")
    assert await database.run(lambda work: _announced(work, again)) == [False]
    assert await database.run(lambda work: _of(work, NOW)) == [FLOOD.id, ONE.id]
    assert await database.run(lambda work: _of(work, NOW + 2 * HOUR)) == [FLOOD.id]
    assert await database.run(lambda work: _of(work, FLOOD.ends_at)) == []
    assert await database.run(lambda work: list(work.closures.of("another", NOW))) == []
    assert await database.run(lambda work: work.closures.get(ONE.id)) == (make.OFFICE, ONE)


async def test_one_is_ended_early_once_and_by_its_own_office(database: Database) -> None:
    await database.run(lambda work: _announced(work, FLOOD))
    assert not await database.run(lambda work: work.closures.end("another", FLOOD.id, NOW + HOUR))
    assert await database.run(lambda work: work.closures.end(make.OFFICE, FLOOD.id, NOW + HOUR))
    assert not await database.run(lambda work: work.closures.end(make.OFFICE, FLOOD.id, NOW + HOUR))
    assert await database.run(lambda work: _of(work, NOW + HOUR)) == []
    _, ended = await database.run(lambda work: work.closures.get(FLOOD.id))
    assert ended.ends_at == NOW + HOUR


async def test_whom_one_concerns(database: Database) -> None:
    def put(work: Work) -> list[str]:
        kept = [dossier(work, citizen(work, f"{number}"), procedure=name) for number, name in enumerate(("a", "b"))]
        dossier(work, citizen(work, "closed"), procedure="a", status=Status.REFUSED)
        dossier(work, citizen(work, "elsewhere"), procedure="a", office="another")
        return [one.id for one in kept]

    ids = await database.run(put)
    assert await database.run(lambda work: [r.id for r in work.dossiers.concerned(make.OFFICE, "")]) == ids
    assert await database.run(lambda work: [r.id for r in work.dossiers.concerned(make.OFFICE, "b")]) == ids[1:]


async def test_who_has_begun_something_with_an_office(database: Database) -> None:
    def put(work: Work) -> dict[str, str]:
        version = make.version(work)
        begun: dict[str, str] = {}
        for number, office in enumerate((make.OFFICE, make.OFFICE, "another")):
            chat = citizen(work, f"{number}")
            person = person_of(chat)
            work.persons.save(Person(person), Person(person, office), "web", NOW)
            work.drafts.save(None, Draft(f"draft{number:011d}", f"p{number}", version), person, NOW)
            begun[person] = chat.id
        return begun

    begun = await database.run(put)
    ours = dict(list(begun.items())[:2])
    assert await database.run(lambda work: work.drafts.begun_in(make.OFFICE, "")) == ours
    assert await database.run(lambda work: work.drafts.begun_in(make.OFFICE, "p1")) == dict(list(ours.items())[1:])
