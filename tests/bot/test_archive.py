"""The bundle for the National Portal, from the press to the ZIP in the officer's own chat."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import msgspec
import pypdfium2
import pytest
from sqlalchemy import update

from bot import archive
from bot.orders import Order
from bot.scene import present
from bot.views import code_of
from catalogue.load import load
from catalogue.model import Procedure
from conversations.messages import Shown
from conversations.render import text
from storage import tables as t
from storage.work import Work
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import START, Actor, Whole
from tests.documents.test_portal_archive import answers
from tests.storage import make

CATALOGUE = load()
PROCEDURE = "xac-nhan-tinh-trang-hon-nhan"


def archives(actor: Actor) -> list[Shown]:
    """What this person was given as ZIP, the oldest first."""
    return [s for s in actor.shown.values() if any(f.media_type == "application/zip" for f in s.message.files)]


async def opened(actor: Actor, shown: Shown) -> dict[str, bytes]:
    (file,) = shown.message.files
    found = await actor.whole.app.live.fetch(actor.reader, file.ref)
    assert found is not None
    with zipfile.ZipFile(io.BytesIO(found[1])) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


async def test_it_goes_to_the_officer_alone_and_is_read_back(whole: Whole) -> None:
    citizen, officer, colleague = await greeted(whole), await whole.officer("Thu"), await whole.officer("Minh")
    record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await officer.press(f"d:claim:{record.id}")
    await officer.press(f"d:accept:{record.id}")
    await officer.press(f"d:now:{record.id}")
    await officer.press(f"d:portal:{record.id}")
    await officer.press_label(text("staff-button.archive"))
    (shown,) = archives(officer)
    assert shown.private
    (record,) = await records(whole)
    assert shown.message.files[0].name == f"goi-nop-{code_of(record)}.zip"
    looks = await whole.run(lambda work: work.history.looks(record.id))
    assert [who for who, what, _ in looks if what == "archive"] == [officer.officer]
    for one in (citizen, colleague):
        await one.news()
        assert archives(one) == []

    files = await opened(officer, shown)
    assert all(re.fullmatch(r"[A-Za-z0-9-]+(/[a-z0-9-]+)?\.(txt|html|pdf|json)", name) for name in files)
    assert "NGUYỄN THỊ HOA" in words(files["02-to-khai.pdf"]).upper()
    data = msgspec.json.decode(files["ho-so.json"])
    assert data["codes"]["official"] == record.official_code
    assert data["procedure"]["national_code"] == "1.004873"
    assert data["status"]["number"] == 2
    assert [state["number"] for state in data["history"]] == [1, 2]
    assert data["fields_left_to_type"] == 0
    told = await whole.run(lambda work: work.drafts.answers(record.id))
    assert {key: one["value"] for key, one in data["answers"].items() if one["value"]} == {
        key: value for key, value in told.items() if value
    }
    papers = [paper["file"] for paper in data["papers"]]
    assert papers
    assert papers == [name for name in files if name.startswith("giay-to/")]
    for paper in data["papers"]:
        assert hashlib.sha256(files[paper["file"]]).hexdigest() == paper["sha256"]
        with pypdfium2.PdfDocument(files[paper["file"]]) as document:
            assert len(document) >= 1
    checks = files["kiem-tra.txt"].decode("utf-8-sig")
    assert record.official_code is not None
    assert record.official_code in checks
    assert "mã tạm" in checks  # the office has told nobody its true id yet


async def test_hints_for_officers_stay_out_of_the_papers(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    other = await greeted(whole, "nguoi-khac")
    await hand_in(other, whole.world.catalogue.procedures[PROCEDURE])  # the same pictures once more
    await officer.press(f"d:claim:{record.id}")
    await officer.press(f"d:archive:{record.id}")
    (shown,) = archives(officer)
    files = await opened(officer, shown)
    hint = "ảnh"
    assert hint in files["kiem-tra.txt"].decode("utf-8-sig").lower()
    for name, data in files.items():
        if name.startswith("giay-to/"):
            assert "Lưu ý" not in words(data)


async def test_a_file_without_a_copy_is_left_out_and_told(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await whole.run(lambda work: work.connection.execute(update(t.documents).values(copies="")))
    await officer.press(f"d:claim:{record.id}")
    await officer.press(f"d:archive:{record.id}")
    files = await opened(officer, archives(officer)[0])
    assert not [name for name in files if name.startswith("giay-to/")]
    assert "chưa có bản sạch nên không nằm trong gói" in files["kiem-tra.txt"].decode("utf-8-sig")
    assert text("portal-archive.read-no-papers") in files["DOC-TRUOC.txt"].decode("utf-8-sig")


async def test_nobody_orders_it_who_does_not_work_on_it(whole: Whole) -> None:
    citizen, officer, colleague = await greeted(whole), await whole.officer("Thu"), await whole.officer("Minh")
    record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await officer.press(f"d:archive:{record.id}")
    await officer.press(f"d:claim:{record.id}")
    await colleague.press(f"d:archive:{record.id}")
    assert archives(officer) == archives(colleague) == []
    assert await whole.run(lambda work: [w for _, w, _ in work.history.looks(record.id) if w == "archive"]) == []


@pytest.mark.parametrize("procedure", list(CATALOGUE.procedures.values()), ids=lambda p: p.id)
async def test_it_is_complete_for_every_procedure(procedure: Procedure, whole: Whole) -> None:
    """Gathered from the database: every answer once, and nothing left to type but what nobody knows."""
    told = answers(procedure)

    def gathered(work: Work) -> archive.Gathered | None:
        chat = work.chats.open_citizen("web", "0912345678", START)
        version = whole.world.catalogue.hashes[procedure.id]
        made = make.record(
            chat, office="son-tien", procedure=procedure.id, catalogue_version=version, submitted_at=START
        )
        work.dossiers.add(made)
        work.drafts.save_answers(made.id, {}, told)
        work.history.add(made.id, START, "citizen", "submit", ("submitted", "submitted"), {"type": "submit"})
        return archive.of(present(work, whole.world), Order(archive.KIND, made.id, officer="x"))

    found = await whole.run(gathered)
    assert found is not None
    assert {field.key: field.stored for field in found.package.fields} == told
    assert len(found.package.fields) == len(told)
    assert found.package.left == 0
    needed = [p for p in procedure.papers if p.required and p.required_when is None and p.min_photos]
    missing = [check for check in found.package.checks if check.startswith("Thiếu giấy tờ bắt buộc")]
    assert bool(missing) or not [p for p in needed if not p.replaceable_by_data]
    assert re.fullmatch(r"\d\.\d{6}", found.package.national_code) or not procedure.known("code")
