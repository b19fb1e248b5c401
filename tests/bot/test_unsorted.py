"""A photo that was put with no paper leaves nothing behind when the dossier is handed in."""

from __future__ import annotations

from sqlalchemy import select

from catalogue.load import load
from storage import tables as t
from storage.work import Work
from tests.bot.walk import greeted, records, to_review
from tests.bot.whole import Whole, another, jpeg, pdf

PROCEDURE = load().procedures["ban-sao-trich-luc-ho-tich"]


def _files(work: Work) -> set[str]:
    return set(work.connection.scalars(select(t.files.c.id)))


async def test_its_file_is_deleted_at_the_handing_in(whole: Whole) -> None:
    citizen = await greeted(whole)
    await citizen.press(f"start:{PROCEDURE.id}")
    for label in ("Cho tôi", "Đồng ý", "Không đồng ý"):
        await citizen.press_label(label)
    await citizen.sends(pdf(), "application/pdf")
    await citizen.sends(another())
    await citizen.sends(jpeg())
    await to_review(citizen, PROCEDURE, "use:giay-to-tuy-than:")
    await citizen.press(next(value for value in citizen.buttons if value.startswith("use:giay-to-tuy-than:")))
    await to_review(citizen, PROCEDURE)
    before = await whole.run(_files)
    await citizen.press(next(value for value in citizen.buttons if value.startswith("submit:")))
    (record,) = await records(whole)
    documents = await whole.run(lambda work: work.drafts.documents(record.id))
    assert [document.media_type for document in documents] == ["application/pdf", "image/jpeg"]
    assert {document.paper for document in documents} == {"giay-to-tuy-than"}
    left = await whole.run(_files)
    assert left == {ref for document in documents for ref in document.refs}
    assert len(before - left) == 2  # the photo that belonged to nothing, and its copy
