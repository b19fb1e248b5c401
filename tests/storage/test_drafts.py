"""Drafts are rows from the first answer on, kept by difference, and become dossiers without moving."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from conversations.state import Document, Draft, DraftLine, Want
from storage import tables as t
from storage.conflict import Conflict
from storage.unit_of_work import Database
from storage.work import Work
from tests.storage.make import HOUR, NOW, VERSION, citizen, dossier, person_of, version


def photo(name: str, paper: str = "giay-chung-sinh", verdict: str = "checking") -> Document:
    return Document(name, paper, "f" + name, "image/jpeg", 1000, verdict)


A, B, C, D = (photo(name) for name in "abcd")
NEW = Draft(
    "d" * 16,
    "khai-sinh",
    VERSION,
    {"ho-ten": "Nguyễn Văn Ấm", "ngay-sinh": "01/02/2026"},
    (A, B, C),
    skipped=("to-khai",),
    finished=("giay-chung-sinh",),
    applicant="Bà Tư",
)


@pytest.fixture
async def person(database: Database) -> str:
    """Somebody, and the catalogue version that the drafts refer to."""

    def make(work: Work) -> str:
        version(work)
        return person_of(citizen(work))

    return await database.run(make)


async def after(database: Database, person: str, *drafts: Draft) -> Draft | None:
    """What is read when these values of one draft were saved one after the other."""
    before: Draft | None = None
    for draft in drafts:
        await database.run(lambda work, b=before, d=draft: work.drafts.save(b, d, person, NOW))  # type: ignore[misc]
        before = draft
    return await database.run(lambda work: work.drafts.get(NEW.id, person))


async def test_round_trip(database: Database, person: str) -> None:
    assert await after(database, person, NEW) == NEW
    assert await database.run(lambda work: work.drafts.get(NEW.id, "somebody else")) is None


async def test_what_changed_is_kept_and_what_is_gone_is_gone(database: Database, person: str) -> None:
    changed = replace(
        NEW,
        answers={"ho-ten": "Nguyễn Văn Âm", "noi-sinh": "Hà Tĩnh"},
        documents=(A, photo("b", "to-khai", "blurred"), D),
        skipped=(),
        applicant="self",
        wants=(Want("to-khai", "mờ"),),
    )
    assert await after(database, person, NEW, changed) == changed


@pytest.mark.parametrize(
    "steps",
    [
        [(B, C), (B, C, D)],  # the first is removed, another is sent
        [(A, D, C)],  # one is replaced in its place
        [(C, A, B)],
        [(), (D,), (D, A)],
        [(D, A, B, C), (A, B), (A, C, B)],
    ],
)
async def test_documents_keep_their_order(database: Database, person: str, steps: list[tuple[Document, ...]]) -> None:
    drafts = [NEW, *(replace(NEW, documents=documents) for documents in steps)]
    found = await after(database, person, *drafts)
    assert found is not None
    assert found.documents == steps[-1]


async def test_saving_what_is_gone_is_a_conflict(database: Database, person: str) -> None:
    with pytest.raises(Conflict):
        await database.run(lambda work: work.drafts.save(NEW, replace(NEW, applicant="x"), person, NOW))


async def test_lines_latest_first(database: Database, person: str) -> None:
    other = replace(NEW, id="e" * 16, documents=(), applicant="self")
    await database.run(lambda work: work.drafts.save(None, NEW, person, NOW))
    await database.run(lambda work: work.drafts.save(None, other, person, NOW + HOUR))
    lines = [
        DraftLine(other.id, "khai-sinh", "self", NOW + HOUR),
        DraftLine(NEW.id, "khai-sinh", "Bà Tư", NOW),
    ]
    assert await database.run(lambda work: work.drafts.lines(person)) == lines
    again = replace(NEW, skipped=())
    await database.run(lambda work: work.drafts.save(NEW, again, person, NOW + 2 * HOUR))
    found = await database.run(lambda work: [line.id for line in work.drafts.lines(person)])
    assert found == [NEW.id, other.id]


async def test_a_verdict_finds_its_document(database: Database, person: str) -> None:
    await after(database, person, NEW)
    await database.run(lambda work: work.drafts.found("b", "ok", None))
    found = await database.run(lambda work: work.drafts.documents(NEW.id))
    assert found == (A, photo("b", verdict="ok"), C)


async def test_bytes_that_arrive_tell_what_a_document_is(database: Database, person: str) -> None:
    await after(database, person, NEW)
    await database.run(lambda work: work.drafts.arrived("b", "application/pdf", 77))
    found = await database.run(lambda work: work.drafts.documents(NEW.id))
    assert found == (A, replace(photo("b"), media_type="application/pdf", size=77), C)


async def test_closing_keeps_what_the_dossier_needs(database: Database, person: str) -> None:
    await after(database, person, NEW)
    await database.run(lambda work: work.drafts.close(NEW.id))
    assert await database.run(lambda work: work.drafts.get(NEW.id, person)) is None
    assert await database.run(lambda work: work.drafts.answers(NEW.id)) == NEW.answers
    assert await database.run(lambda work: work.drafts.documents(NEW.id)) == NEW.documents


async def test_discarding_leaves_nothing_and_names_the_files(database: Database, person: str) -> None:
    await after(database, person, NEW)
    assert sorted(await database.run(lambda work: work.drafts.discard(NEW.id))) == ["fa", "fb", "fc"]

    def left(work: Work) -> list[int | None]:
        tables = (t.drafts, t.answers, t.documents)
        return [work.connection.scalar(select(func.count()).select_from(table)) for table in tables]

    assert await database.run(left) == [0, 0, 0]


async def test_a_supplement_replaces_the_papers_that_were_wanted(database: Database) -> None:
    def play(work: Work) -> tuple[tuple[Document, ...], int | None]:
        chat = citizen(work)
        made = dossier(work, chat)
        first = replace(NEW, id=made.id, documents=(A, photo("b", "to-khai")))
        work.drafts.save(None, first, person_of(chat), NOW)
        work.drafts.close(first.id)
        more = Draft("e" * 16, "khai-sinh", VERSION, documents=(C, D), dossier=made.id)
        work.drafts.save(None, more, person_of(chat), NOW)
        found = work.drafts.get(more.id, person_of(chat))
        assert found == more
        work.drafts.move_documents(more.id, made.id, ["giay-chung-sinh"])
        replaced = select(func.count()).select_from(t.documents).where(t.documents.c.replaced)
        return work.drafts.documents(made.id), work.connection.scalar(replaced)

    documents, replaced = await database.run(play)
    assert [d.id for d in documents if d.paper == "giay-chung-sinh"] == ["c", "d"]
    assert [d.id for d in documents if d.paper == "to-khai"] == ["b"]
    assert replaced == 1


async def test_a_draft_moves_to_the_procedure_that_stands_in_for_its_own(database: Database, person: str) -> None:
    moved = replace(NEW, procedure="khai-tu")
    assert await after(database, person, NEW, moved) == moved
