"""PDFs: the right content reaches the right person, once."""

from __future__ import annotations

import asyncio
import os
import signal

import pypdfium2
import pytest
from sqlalchemy import func, select, update

from bot.views import code_of
from bot.workshop import Broken, Workshop
from conversations.messages import Pressed, Shown, Started
from conversations.render import text
from documents import worker
from storage import tables as t
from tests.bot.walk import greeted, hand_in, to_review
from tests.bot.whole import Actor, Whole

PROCEDURE = "xac-nhan-tinh-trang-hon-nhan"


def printed(actor: Actor) -> list[Shown]:
    """What this person was given as PDF, the oldest first."""
    return [
        s for s in actor.shown.values() if not s.own and any(f.media_type == "application/pdf" for f in s.message.files)
    ]


async def words(actor: Actor, shown: Shown) -> str:
    """The text of the PDF, as this person may read it."""
    (file,) = shown.message.files
    found = await actor.whole.app.live.fetch(actor.reader, file.ref)
    assert found is not None
    with pypdfium2.PdfDocument(found[1]) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize(
    ("label", "named", "filled"), [("form-blank", "mau-trong", False), ("form-sample", "mau-dien-san", True)]
)
async def test_a_form_is_sent_without_starting_a_dossier(whole: Whole, label: str, named: str, filled: bool) -> None:  # noqa: FBT001
    citizen = await greeted(whole)
    await citizen.send(Started(PROCEDURE))
    await citizen.press_label(text("button.form"))
    await citizen.press_label(text(f"button.{label}"))
    (shown,) = printed(citizen)
    assert [file.name for file in shown.message.files] == [f"{PROCEDURE}-{named}.pdf"]
    read = await words(citizen, shown)
    assert "XÁC NHẬN TÌNH TRẠNG HÔN NHÂN" in read.upper()
    assert ("NGUYỄN THỊ HOA" in read.upper()) == filled
    assert await whole.run(lambda work: work.connection.scalar(select(func.count()).select_from(t.drafts))) == 0


async def test_the_filled_form_has_what_was_told(whole: Whole) -> None:
    citizen, other = await greeted(whole), await greeted(whole, "nguoi-la")
    await citizen.press(f"start:{PROCEDURE}")
    await to_review(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await citizen.press_label(text("button.filled"))
    (shown,) = printed(citizen)
    read = await words(citizen, shown)
    assert "NGUYỄN THỊ HOA" in read.upper()
    assert "042194001234" in read.replace(" ", "")
    await other.news()
    assert printed(other) == []
    assert await whole.app.live.fetch(other.reader, shown.message.files[0].ref) is None


async def test_the_bundle_goes_to_the_officer_who_asks_and_the_look_is_recorded(whole: Whole) -> None:
    citizen, officer, colleague = await greeted(whole), await whole.officer("Thu"), await whole.officer("Minh")
    record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await officer.news()
    await officer.press_label(text("staff-button.claim"))
    await officer.press_label(text("staff-button.bundle"))
    (shown,) = printed(officer)
    assert shown.private
    read = await words(officer, shown)
    assert code_of(record) in read
    assert "NGUYỄN THỊ HOA" in read.upper()
    looks = await whole.run(lambda work: work.history.looks(record.id))
    assert [(who, what) for who, what, _ in looks if what == "bundle"] == [(officer.officer, "bundle")]
    for one in (citizen, colleague):
        await one.news()
        assert printed(one) == []


async def test_one_paper_is_a_pdf_of_its_own(whole: Whole) -> None:
    citizen, thu = await greeted(whole), await whole.officer("Thu")
    await hand_in(citizen, whole.world.catalogue.procedures["mai-tang-bao-tro-xa-hoi"])
    await thu.news()
    await thu.press_label(text("staff-button.claim"))
    await thu.press_label(text("staff-button.paper-pdf"))
    (shown,) = printed(thu)
    (file,) = shown.message.files
    assert file.name.endswith(".pdf")
    assert shown.private
    found = await whole.app.live.fetch(thu.reader, file.ref)
    assert found is not None
    with pypdfium2.PdfDocument(found[1]) as document:
        assert len(document) == 1


async def test_asked_twice_while_it_waits_it_is_printed_once(whole: Whole) -> None:
    citizen = await greeted(whole)
    await citizen.press(f"start:{PROCEDURE}")
    await to_review(citizen, whole.world.catalogue.procedures[PROCEDURE])
    shown, value = citizen.button(text("button.filled"))
    live = whole.app.live
    for number in range(2):  # no idling in between: the order still waits
        await live.receive(citizen.reader, f"twice-{number}", Pressed(value, shown.id))
    await whole.app.idle()
    await citizen.news()
    assert len(printed(citizen)) == 1


async def test_a_killed_worker_is_followed_by_another() -> None:
    shop = Workshop()
    try:
        first = await shop.run(os.getpid)
        with pytest.raises(Broken):
            await asyncio.gather(shop.run(signal.pause), _kill(first))
        second = await shop.run(os.getpid)
        assert second not in (first, os.getpid())
        assert (await shop.run(worker.examined, b"", "", False)).finding.verdict == "empty"
    finally:
        shop.close()


async def _kill(process: int) -> None:
    await asyncio.sleep(0.2)
    os.kill(process, signal.SIGKILL)


async def test_a_file_without_a_copy_is_named_on_the_cover(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await whole.run(lambda work: work.connection.execute(update(t.documents).values(copies="")))
    await officer.press(f"d:claim:{record.id}")
    await officer.press(f"d:bundle:{record.id}")
    (shown,) = printed(officer)
    assert text("printing.left-out", {"number": 1}) in " ".join((await words(officer, shown)).split())
