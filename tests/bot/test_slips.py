"""Slips come into the chat as they fall due, can be made again from history alone, and reach nobody else."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select, update

from bot import decisions, ledgers, slip_prints
from bot.orders import PDF, XLSX
from bot.scene import Scene, present
from conversations.messages import Shown
from conversations.render import text
from documents.rows import facts_of
from documents.slip import Slip
from domain.dossier import Accept, AskMore, Decision, Extend, Fault, Refuse, Stop
from storage import tables as t
from storage.dossiers import Record
from storage.sealed import Keys
from storage.work import Work
from tests.bot.walk import finish, greeted, hand_in
from tests.bot.whole import Actor, Whole, running

EASY = "xac-nhan-tinh-trang-hon-nhan"


def files(actor: Actor, media_type: str = PDF) -> list[Shown]:
    """What came with a file of this kind, the oldest first."""
    return [s for s in actor.shown.values() if not s.own and any(f.media_type == media_type for f in s.message.files)]


async def content(actor: Actor, shown: Shown) -> bytes:
    (file,) = shown.message.files
    found = await actor.whole.app.live.fetch(actor.reader, file.ref)
    assert found is not None
    return found[1]


async def words(actor: Actor, shown: Shown) -> str:
    with pypdfium2.PdfDocument(await content(actor, shown)) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


async def handed_in(whole: Whole, name: str = "ban") -> tuple[Actor, Record]:
    citizen = await greeted(whole, name)
    return citizen, await hand_in(citizen, whole.world.catalogue.procedures[EASY])


async def decide(whole: Whole, dossier: str, officer: Actor, *taken: Decision) -> None:
    """One after another, each with what follows from it."""
    for decision in taken:

        def act(work: Work, wanted: Decision = decision) -> None:
            record = work.dossiers.get(dossier, lock=True)
            assert record is not None
            decisions.carry_out(present(work, whole.world), record, wanted, officer.officer)

        await whole.run(act)
        await whole.app.idle()


async def test_the_receipt_comes_behind_the_notice_and_its_qr_leads_to_the_check_page(whole_on_both: Whole) -> None:
    whole = whole_on_both
    citizen, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    await thu.press(f"d:claim:{record.id}")
    await thu.press(f"d:accept:{record.id}")
    news = await citizen.news()
    assert [bool(shown.message.files) for shown in news] == [False, True]
    read = await words(citizen, news[1])
    for expected in ("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "NGUYỄN THỊ HOA", "H27.XX.YY-261123-0001", "Mẫu số 01"):
        assert expected in read
    (issued,) = await whole.run(lambda work: work.slips.of(record.id))
    (file,) = news[1].message.files
    assert (issued.kind, issued.file, len(issued.digest)) == ("receipt", file.ref, 64)
    with pypdfium2.PdfDocument(await content(citizen, news[1])) as document:
        (seen,) = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())
    assert seen.text == f"{whole.world.settings.address}/xem/{issued.id}"
    other = await greeted(whole, "nguoi-la")
    assert await whole.app.live.fetch(other.reader, file.ref) is None


async def test_every_decision_that_the_law_gives_a_slip_has_one(whole: Whole) -> None:
    citizen, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    until = whole.world.now() + timedelta(days=9)
    await decide(
        whole, record.id, thu, Accept(), Extend(until, "Cần xác minh"), AskMore((Fault("x", "Mờ"),)), Stop("Quá hạn")
    )
    _, refused = await handed_in(whole, "hai")
    await decide(whole, refused.id, thu, Refuse("Không thuộc xã", "Công an xã"))
    await citizen.news()
    names = [shown.message.files[0].name for shown in files(citizen)]
    assert names == [
        "giay-tiep-nhan-H27.XX.YY-261123-0001.pdf",
        "van-ban-gia-han-H27.XX.YY-261123-0001.pdf",
        "phieu-bo-sung-H27.XX.YY-261123-0001.pdf",
        "thong-bao-dung-H27.XX.YY-261123-0001.pdf",
    ]
    read = [await words(citizen, shown) for shown in files(citizen)]
    assert all("H27.XX.YY-261123-0001" in one for one in read)
    assert "Cần xác minh" in read[1]
    kinds = await whole.run(lambda work: [(one.kind, one.number) for one in work.slips.of(record.id)])
    history = await whole.run(lambda work: {row.number: row.what for row in work.history.of(record.id)})
    assert [(kind, history[number]) for kind, number in kinds] == [
        ("receipt", "accept"),
        ("extension", "extend"),
        ("supplement", "ask-more"),
        ("stop", "stop"),
    ]


async def test_numbers_of_the_year_run_on(whole: Whole) -> None:
    thu = await whole.officer("Thu")
    for name in ("mot", "hai"):
        _, record = await handed_in(whole, name)
        await decide(whole, record.id, thu, Accept())
    rows = await whole.run(lambda work: [row for row in _rows(work) if facts_of(row)])
    assert [facts.number for row in rows if (facts := facts_of(row))] == [1, 2]


def _rows(work: Work) -> list:  # type: ignore[type-arg]  # rows of history
    ids = work.connection.scalars(select(t.dossiers.c.id).order_by(t.dossiers.c.official_code)).all()
    return [row for dossier in ids for row in work.history.of(dossier)]


async def slips_of(whole: Whole, dossier: str) -> list[Slip]:
    def look(work: Work) -> list[Slip]:
        scene = present(work, whole.world)
        record = work.dossiers.get(dossier)
        assert record is not None
        return [slip_prints.slip_of(scene, row) for row in work.history.of(dossier) if facts_of(row)]

    return await whole.run(look)


async def test_history_alone_gives_the_same_slip_years_later(whole: Whole) -> None:
    _, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    await decide(whole, record.id, thu, Accept(), Extend(whole.world.now() + timedelta(days=9), "Cần xác minh"))
    before = await slips_of(whole, record.id)

    def change(work: Work) -> None:
        """Everything but the history."""
        answers = work.drafts.answers(record.id)
        work.drafts.save_answers(record.id, answers, dict.fromkeys(answers, "khác"))
        work.connection.execute(update(t.documents).values(copies=""))
        work.officers.leave(thu.officer, whole.world.now())
        work.connection.execute(t.slips.delete())
        after = work.dossiers.get(record.id, lock=True)
        assert after is not None
        work.dossiers.change(after, due_at=None, accepted_at=None, official_code="X", rounds=9)

    await whole.run(change)
    await whole.pass_time(timedelta(days=800))
    assert await slips_of(whole, record.id) == before
    assert len(before) == 2


async def test_a_decision_taken_back_leaves_no_slip(sqlite_url: str, tmp_path: Path, keys: Keys) -> None:
    async with running(sqlite_url, tmp_path, undo=60) as whole:
        citizen, record = await handed_in(whole)
        thu = await whole.officer("Thu")
        for action in ("claim", "accept", "undo"):
            await thu.press(f"d:{action}:{record.id}")
        await whole.pass_time(timedelta(minutes=5))
        assert files(citizen) == []
        assert await whole.run(lambda work: work.slips.of(record.id)) == []
        assert await whole.run(lambda work: work.slips.next_number(record.office, "receipt", 2026)) == 1


async def test_an_officer_gets_any_slip_again_and_the_look_is_recorded(whole: Whole) -> None:
    citizen, record = await handed_in(whole)
    thu, minh = await whole.officer("Thu"), await whole.officer("Minh")
    await thu.press(f"d:claim:{record.id}")
    await thu.press(f"d:accept:{record.id}")
    await thu.press(f"d:menu:{record.id}:prints")
    await thu.press_label(text("staff-button.slips"))
    offered = [button.label for button in thu.last.message.buttons]
    assert offered == ["Giấy tiếp nhận, 23/11", "Phiếu kiểm soát", "Phiếu kiểm soát (Excel)", "Thôi"]
    await thu.press_label(offered[0])
    (slip,) = files(thu)
    assert slip.private
    await citizen.news()
    assert await content(thu, slip) == await content(citizen, files(citizen)[0])
    await thu.press(f"d:slips:{record.id}:control")
    await thu.press(f"d:slips:{record.id}:control-xlsx")
    read = await words(thu, files(thu)[1])
    for expected in ("PHIẾU KIỂM SOÁT", "Mẫu số 06", "Nhận việc", "Nhận: Thu", "Tiếp nhận, hẹn trả kết quả"):
        assert expected in read
    book = openpyxl.load_workbook(io.BytesIO(await content(thu, files(thu, XLSX)[0])))
    assert [row[1] for row in book.active.iter_rows(min_row=12, values_only=True)] == [
        "Nộp hồ sơ",
        "Nhận việc",
        "Tiếp nhận, hẹn trả kết quả",
    ]
    looks = await whole.run(lambda work: [(who, what) for who, what, _ in work.history.looks(record.id)])
    assert looks[-3:] == [(thu.officer, what) for what in ("slip", "control", "control-xlsx")]
    await minh.press(f"d:slips:{record.id}:control")
    assert files(minh) == []
    assert text("not-allowed.not-owner", {"owner": "Thu"}) in minh.last.message.text
    await citizen.news()
    assert len(files(citizen)) == 1


async def test_a_slip_that_is_not_there_is_said_so(whole: Whole) -> None:
    _, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    await thu.press(f"d:claim:{record.id}")
    for which in ("1", "0", "99", "x", "-1"):
        await thu.press(f"d:slips:{record.id}:{which}")
        assert thu.last.message.text == text("slips.none")


async def test_the_head_gets_the_ledger_and_nobody_else(whole: Whole) -> None:
    citizen, record = await handed_in(whole)
    thu, head = await whole.officer("Thu"), await whole.officer("Hà", "head")
    await finish(thu, forwards=False)
    await thu.says("/so")
    assert thu.last.message.text == text("not-allowed.head-only")
    await head.says("/so 11/2026")
    (pdf,), (sheet,) = files(head), files(head, XLSX)
    assert pdf.private
    assert sheet.private
    assert "NGUYỄN THỊ HOA" in await words(head, pdf)
    book = openpyxl.load_workbook(io.BytesIO(await content(head, sheet)))
    (row,) = book.active.iter_rows(min_row=8, values_only=True)
    assert row[1] == "H27.XX.YY-261123-0001"
    assert row[4] == "NGUYỄN THỊ HOA"
    assert row[9] is not None
    looks = await whole.run(lambda work: work.history.looks("261101-261130"))
    assert [(who, what) for who, what, _ in looks] == [(head.officer, "ledger")]
    for actor in (citizen, thu):
        await actor.news()
        assert [shown for shown in files(actor) if "so-theo-doi" in shown.message.files[0].name] == []
    assert record.office == "son-tien"


@pytest.mark.parametrize(("words_", "count"), [("/so 10/2026", 0), ("/so 23/11", 1), ("/so 24/11/2026-30/11/2026", 0)])
async def test_a_period_has_what_was_accepted_in_it(whole: Whole, words_: str, count: int) -> None:
    _, record = await handed_in(whole)
    head = await whole.officer("Hà", "head")
    await decide(whole, record.id, head, Accept())
    await head.says(words_)
    assert f": {count} hồ sơ" in files(head)[0].message.text


async def test_a_period_that_is_none_is_asked_for_again(whole: Whole) -> None:
    head = await whole.officer("Hà", "head")
    await head.says("/so tuần sau")
    assert head.last.message.text == text("staff.ledger-when", {"words": "tuần sau"})
    assert files(head) == []


async def test_offices_keep_ledgers_of_their_own(whole: Whole) -> None:
    _, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    await decide(whole, record.id, thu, Accept())
    offices = whole.world.catalogue.offices
    days = date(2026, 11, 1), date(2026, 11, 30)

    def lines(work: Work) -> list[int]:
        scene = Scene(work, whole.world, whole.world.now())
        return [len(ledgers.book(scene, offices[one], days).entries) for one in ("son-tien", "thuc-hanh")]

    assert await whole.run(lines) == [1, 0]


async def test_what_history_keeps_of_a_slip_is_sealed_and_in_no_other_column(whole: Whole) -> None:
    _, record = await handed_in(whole)
    thu = await whole.officer("Thu")
    await decide(whole, record.id, thu, Accept())
    rows = await whole.run(lambda work: [tuple(row) for row in work.connection.exec_driver_sql("SELECT * FROM slips")])
    assert not re.search("hoa|nguy", repr(rows).casefold())
    raw = await whole.run(lambda work: work.connection.exec_driver_sql("SELECT data FROM history").scalars().all())
    assert not any("Nguyễn".upper().encode() in bytes(one) for one in raw)
