"""Dossiers are found by the portal's code, and those whose status has moved since a moment."""

from __future__ import annotations

from datetime import datetime

from conversations.state import Portal
from domain.dossier import Status
from storage.dossiers import Body
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import DAY, HOUR, NOW, OFFICE, citizen, dossier

CODE = "H27.12.33-261123-0007"


async def test_by_the_portals_code_or_by_our_own(database: Database) -> None:
    def make(work: Work) -> tuple[str, str]:
        chat = citizen(work)
        noted = dossier(work, chat, official_code="H27.00.00-261123-0001")
        work.dossiers.change(noted, body=Body(portal=Portal(CODE, 2, NOW)), portal_code=CODE)
        return noted.id, noted.tracking_code

    found, tracking = await database.run(make)
    codes = (CODE, "H27.00.00-261123-0001", tracking, "H27.00.00-261123-0002")
    assert await database.run(lambda work: [work.portals.by_any_code(code) for code in codes]) == [found] * 3 + [None]
    assert await database.run(lambda work: [work.portals.holder(code) for code in codes[:2]]) == [found, None]
    by_code = await database.run(lambda work: [work.dossiers.by_code(code) for code in codes])
    assert [one.id if one else None for one in by_code] == [found] * 3 + [None]
    read = await database.run(lambda work: work.dossiers.get(found))
    assert read is not None
    assert read.body.portal == Portal(CODE, 2, NOW)


async def test_what_moved_since_a_moment_comes_with_its_last_change(database: Database) -> None:
    def make(work: Work) -> list[str]:
        chat = citizen(work)
        made = [dossier(work, chat) for _ in range(4)]
        for one in made:
            work.history.add(one.id, NOW, "citizen", "submit", ("submitted", "submitted"), {"type": "submit"})
        moved, noted, elsewhere, _ = made
        work.history.add(moved.id, NOW + DAY, "x", "accept", ("submitted", "accepted"), {"type": "accept"})
        work.history.add(moved.id, NOW + DAY + HOUR, "x", "portal", ("accepted", "accepted"), {})
        work.history.add(noted.id, NOW + DAY, "x", "portal", ("submitted", "submitted"), {})
        work.history.add(elsewhere.id, NOW + DAY, "x", "accept", ("submitted", "accepted"), {"type": "accept"})
        work.dossiers.change(elsewhere, office="elsewhere", status=Status.ACCEPTED)
        return [one.id for one in made]

    ids = await database.run(make)

    async def since(moment: datetime) -> dict[str, datetime]:
        return await database.run(lambda work: {r.id: at for r, at in work.portals.moved(moment, [OFFICE])})

    assert await since(NOW + HOUR) == {ids[0]: NOW + DAY}
    assert await since(NOW) == {ids[0]: NOW + DAY, ids[1]: NOW, ids[3]: NOW}
    assert await since(NOW + 2 * DAY) == {}
