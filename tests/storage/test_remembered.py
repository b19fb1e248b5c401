"""Persons of earlier forms are their own citizen's alone, and gone when forgotten; findings stay with documents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations.messages import Card, Finding
from conversations.state import Document, Draft, Known, Pending, ReadCard
from storage.chats import Chat
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import HOUR, NOW, OFFICE, VERSION, citizen, dossier, person_of, version

HOA = Known("1" * 16, {"name": "Nguyễn Thị Hoa", "number": "042194001234"}, own=True)
NAM = Known("2" * 16, {"name": "Nguyễn Văn Nam"})
CARD = Card("042194001234", "184123456", "Nguyễn Thị Hoa", "15/08/1994", "Nữ", "Thôn 1, Sơn Hòa", "12/05/2021")
LOOK = "0" * 63 + "f"
FOUND = Finding("ok", ("glare",), ("glare",), CARD, "front", sha256="a" * 64, look=LOOK)
DOCUMENT = Document("d1", "giay-to-tuy-than", "f1", "image/jpeg", 1000)


@pytest.fixture
async def people(database: Database) -> tuple[str, str]:
    """Two citizens who know nothing of each other."""

    def make(work: Work) -> tuple[str, str]:
        version(work)
        return person_of(citizen(work)), person_of(citizen(work, "0987654321"))

    return await database.run(make)


async def test_the_speaker_comes_first_and_nobody_else_sees_them(database: Database, people: tuple[str, str]) -> None:
    one, other = people
    await database.run(lambda work: work.remembered.keep(one, HOA, NOW))
    await database.run(lambda work: work.remembered.keep(one, NAM, NOW + HOUR))
    assert await database.run(lambda work: work.remembered.of(one)) == [HOA, NAM]
    assert await database.run(lambda work: work.remembered.of(other)) == []


async def test_kept_again_takes_the_place_of_what_was_kept(database: Database, people: tuple[str, str]) -> None:
    one, _ = people
    grown = Known(NAM.id, {**NAM.fields, "born": "1990"})
    for known in (NAM, grown):
        await database.run(lambda work, k=known: work.remembered.keep(one, k, NOW))  # type: ignore[misc]
    assert await database.run(lambda work: work.remembered.of(one)) == [grown]


async def test_forgotten_are_these_or_all_of_one_citizen(database: Database, people: tuple[str, str]) -> None:
    one, other = people
    for person in people:
        for known in (HOA, NAM):
            await database.run(lambda work, p=person, k=known: work.remembered.keep(p, k, NOW))  # type: ignore[misc]
    await database.run(lambda work: work.remembered.forget(one, [NAM.id]))
    assert await database.run(lambda work: work.remembered.of(one)) == [HOA]
    await database.run(lambda work: work.remembered.forget(one))
    assert await database.run(lambda work: work.remembered.of(one)) == []
    assert await database.run(lambda work: work.remembered.of(other)) == [HOA, NAM]


async def test_a_draft_keeps_how_its_form_is_being_filled(database: Database, people: tuple[str, str]) -> None:
    draft = Draft(
        "e" * 16,
        "khai-sinh",
        VERSION,
        {"child_name": "Nguyen Gia Bao"},
        (DOCUMENT,),
        marks={"child_name": "desk"},
        flags=("rows-done:Thành viên",),
        tries={"giay-chung-sinh": 1},
        card=ReadCard(CARD, "Người mẹ", "d1"),
        pending=Pending("mother_name", "tran thi lan", ("Trần Thị Lan",), (), "spelling"),
    )
    await database.run(lambda work: work.drafts.save(None, draft, people[0], NOW))
    assert await database.run(lambda work: work.drafts.get(draft.id, people[0])) == draft


async def test_what_the_worker_finds_stays_with_the_document(database: Database, people: tuple[str, str]) -> None:
    draft = Draft("e" * 16, "khai-sinh", VERSION, {}, (replace(DOCUMENT, by="Bà Tư"),))
    await database.run(lambda work: work.drafts.save(None, draft, people[0], NOW))
    noted = await database.run(lambda work: work.drafts.found("d1", "poor", FOUND, ("c1", "c2"), "m1"))
    (kept,) = await database.run(lambda work: work.drafts.documents(draft.id))
    expected = Document(
        "d1", "giay-to-tuy-than", "f1", "image/jpeg", 1000, "poor", FOUND, ("c1", "c2"), "m1", by="Bà Tư"
    )
    assert (noted, kept) == (True, expected)
    assert await database.run(lambda work: work.drafts.discard(draft.id)) == ["f1", "c1", "c2", "m1"]
    assert await database.run(lambda work: work.drafts.found("d1", "ok", FOUND)) is False


async def test_pictures_are_looked_up_within_one_office(database: Database, people: tuple[str, str]) -> None:
    def make(work: Work) -> str:
        chat = citizen(work, "0911111111")
        records = [submitted(work, chat, n, office) for n, office in enumerate((OFFICE, OFFICE, "elsewhere"))]
        for n, record in enumerate(records):
            document = replace(DOCUMENT, id=f"d{n}", finding=replace(FOUND, look=f"{n:064x}"))
            work.drafts.save(None, Draft(record, "khai-sinh", VERSION, {}, (document,)), people[0], NOW)
        return records[1]

    await database.run(make)
    found = await database.run(lambda work: work.drafts.looks(OFFICE, 10))
    assert [(document, look[-1]) for document, _, look in found] == [("d1", "1"), ("d0", "0")]
    assert len(await database.run(lambda work: work.drafts.looks(OFFICE, 1))) == 1


def submitted(work: Work, chat: Chat, number: int, office: str) -> str:
    """A dossier of an office, the higher numbers newer."""
    at = NOW + timedelta(hours=number)
    made = dossier(work, chat, id=f"{number:016x}", tracking_code=f"code-{number}", office=office, submitted_at=at)
    return made.id
