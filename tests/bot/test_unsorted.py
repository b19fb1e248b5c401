"""A photo that was put with no paper leaves nothing behind when the dossier is handed in."""

from __future__ import annotations

from sqlalchemy import select

from catalogue.load import load
from storage import tables as t
from storage.work import Work
from tests.bot.walk import greeted, records, to_review
from tests.bot.whole import Whole, jpeg, pdf

PROCEDURE = load().procedures["ban-sao-trich-luc-ho-tich"]


def _files(work: Work) -> set[str]:
    return set(work.connection.scalars(select(t.files.c.media_type)))


async def test_its_file_is_deleted_at_the_handing_in(whole: Whole) -> None:
    citizen = await greeted(whole)
    await citizen.press(f"start:{PROCEDURE.id}")
    for label in ("Cho tôi", "Đồng ý", "Không đồng ý"):
        await citizen.press_label(label)
    await citizen.sends(pdf(), "application/pdf")
    await citizen.sends(jpeg())
    await to_review(citizen, PROCEDURE)
    assert await whole.run(_files) == {"application/pdf", "image/jpeg"}
    await citizen.press(next(value for value in citizen.buttons if value.startswith("submit:")))
    (record,) = await records(whole)
    documents = await whole.run(lambda work: work.drafts.documents(record.id))
    assert documents
    assert all(document.paper for document in documents)
    refs = await whole.run(lambda work: set(work.connection.scalars(select(t.files.c.id))))
    assert refs == {document.ref for document in documents}
