"""Codes and statuses of the National Portal: noted by officers and by files, and never contradicted silently."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bot.portal import IMPORT
from bot.portal_sync import BadFile, Line, Report, batched, exported, note, read, told
from bot.scene import present
from conversations.render import text
from domain.dossier import Status
from domain.values import VIETNAM
from storage.dossiers import Record
from tests.bot.walk import greeted, hand_in, records
from tests.bot.whole import START, Actor, Whole

PROCEDURE = "xac-nhan-tinh-trang-hon-nhan"
CODE = "H27.12.33-261123-0007"
OTHER = "000.33.12.H27-261123-0008"


async def accepted(whole: Whole, officer: Actor, citizen: Actor) -> Record:
    record = await hand_in(citizen, whole.world.catalogue.procedures[PROCEDURE])
    await officer.press(f"d:claim:{record.id}")
    await officer.press(f"d:accept:{record.id}")
    await officer.press(f"d:now:{record.id}")
    return next(one for one in await records(whole) if one.id == record.id)


async def again(whole: Whole, record: Record) -> Record:
    found = await whole.run(lambda work: work.dossiers.get(record.id))
    assert found is not None
    return found


def newest(actor: Actor, part: str) -> str:
    """The newest text that this person reads with these words in it."""
    return next((s.message.text for s in reversed(actor.shown.values()) if part in s.message.text), "")


async def test_a_code_and_a_status_are_noted_and_a_difference_is_said_to_all(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await accepted(whole, officer, citizen)
    await officer.press(f"d:portal:{record.id}")
    await officer.press_label(text("staff-button.pcode"))
    await officer.says("H27.12-xin chào")
    assert officer.last.message.text == text("portal.code-shape")
    await officer.says(CODE.lower())
    assert CODE in newest(officer, text("portal.noted-code", {"portal": CODE, "code": record.official_code}))
    assert (await again(whole, record)).body.portal is not None
    await citizen.press(f"d:{record.id}")
    assert f"Mã trên Cổng Dịch vụ công: {CODE}" in citizen.last.message.text
    assert "Trên Cổng Dịch vụ công:" not in citizen.last.message.text

    await officer.press(f"d:pstate:{record.id}")
    await officer.press_label("Được tiếp nhận")
    await citizen.press(f"d:{record.id}")
    assert "Trên Cổng Dịch vụ công:" not in citizen.last.message.text
    assert "Trên Cổng ghi" not in newest(officer, "Người giữ việc: Thu")

    await officer.press(f"d:pstate:{record.id}")
    await officer.press_label("Yêu cầu bổ sung giấy tờ")
    assert "khác với ở đây" in newest(officer, "Đã ghi trạng thái").lower()
    await citizen.press(f"d:{record.id}")
    assert "Trên Cổng Dịch vụ công: Yêu cầu bổ sung giấy tờ (ghi lúc" in citizen.last.message.text
    assert "Ở đây: Được tiếp nhận." in citizen.last.message.text
    assert "Trên Cổng ghi «Yêu cầu bổ sung giấy tờ»" in newest(officer, "Người giữ việc: Thu")

    rows = await whole.run(lambda work: [e for e in work.history.of(record.id) if e.what == "portal"])
    assert [(row.data["status"], row.data["status_before"], row.actor) for row in rows] == [
        (0, 0, officer.officer),
        (2, 0, officer.officer),
        (5, 2, officer.officer),
    ]
    assert {row.data["code"] for row in rows} == {CODE}


async def test_our_own_step_makes_the_difference_and_is_said_too(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await accepted(whole, officer, citizen)
    await officer.press(f"d:pcode:{record.id}")
    await officer.says(CODE)
    await officer.press(f"d:pstate:{record.id}:2")
    await officer.press(f"d:stop:{record.id}")
    head = await whole.officer("Hà", role="head")
    await head.press(f"d:forward:{record.id}")
    if (await again(whole, record)).held is None:
        await officer.press(f"d:elsewhere:{record.id}")
        await officer.says("Sở Tư pháp")
    await officer.press(f"d:now:{record.id}")
    assert (await again(whole, record)).status == Status.FORWARDED
    assert "Trên Cổng ghi «Được tiếp nhận»" in newest(officer, "Người giữ việc: Thu")
    await citizen.press(f"d:{record.id}")
    assert "Ở đây: Đang xử lý." in citizen.last.message.text


async def test_a_closed_dossier_can_still_be_brought_to_the_same_end_there(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await accepted(whole, officer, citizen)
    await officer.press(f"d:pcode:{record.id}")
    await officer.says(CODE)
    await officer.press(f"d:pstate:{record.id}:2")
    await citizen.press(f"wdok:{record.id}")
    assert (await again(whole, record)).status == Status.WITHDRAWN
    await officer.news()
    await officer.press_label(text("staff-button.portal"), about="Trên Cổng ghi «Được tiếp nhận»")
    await officer.press_label(text("staff-button.pstate"))
    await officer.press_label("Công dân yêu cầu rút hồ sơ")
    await citizen.press(f"d:{record.id}")
    assert "Trên Cổng Dịch vụ công:" not in citizen.last.message.text


async def test_a_code_is_of_one_dossier_and_a_status_needs_a_code(whole: Whole) -> None:
    officer, first, second = await whole.officer("Thu"), await greeted(whole), await greeted(whole, "hai")
    one, two = await accepted(whole, officer, first), await accepted(whole, officer, second)
    await officer.press(f"d:pstate:{one.id}")
    assert "chưa ghi mã trên Cổng" in officer.last.message.text
    await officer.press(f"d:pcode:{one.id}")
    await officer.says(CODE)
    await officer.press(f"d:pcode:{two.id}")
    await officer.says(CODE)
    assert f"đang được ghi cho hồ sơ {one.official_code}" in officer.last.message.text
    assert (await again(whole, two)).body.portal is None
    await officer.press(f"d:pcode:{one.id}")
    await officer.says(CODE)
    assert "đã được ghi" in officer.last.message.text
    rows = await whole.run(lambda work: [e for e in work.history.of(one.id) if e.what == "portal"])
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("agency", "said"),
    [
        ("H27.12.33", ""),
        ("000.33.12.H27", ""),
        ("H27.12.34", "Lưu ý: mã này ghi cơ quan H27.12.33, khác mã của đơn vị (H27.12.34)."),
    ],
)
async def test_another_agency_is_told_and_noted_all_the_same(whole: Whole, agency: str, said: str) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await accepted(whole, officer, citizen)
    known = whole.world.catalogue
    told = msgspec.structs.replace(known.offices["son-tien"].agency_id, value=agency, provisional=False)
    office = msgspec.structs.replace(known.offices["son-tien"], agency_id=told)
    whole.world.catalogue = replace(known, offices={**known.offices, "son-tien": office})
    await officer.press(f"d:pcode:{record.id}")
    await officer.says(CODE)
    answer = newest(officer, text("portal.noted-code", {"portal": CODE, "code": record.official_code}))
    assert ("Lưu ý" in answer) is bool(said)
    assert said in answer
    noted = (await again(whole, record)).body.portal
    assert noted is not None
    assert noted.code == CODE


async def test_export_tells_what_has_moved_and_nothing_personal(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await accepted(whole, officer, citizen)
    await officer.press(f"d:pcode:{record.id}")
    await officer.says(CODE)
    await officer.press(f"d:pstate:{record.id}:4")

    async def lines_since(since: datetime) -> list[dict[str, object]]:
        lines = await whole.run(lambda work: list(exported(present(work, whole.world), since)))
        return [json.loads(line) for line in lines]

    (line,) = await lines_since(START)
    assert line["official_code"] == record.official_code
    assert line["portal_code"] == CODE
    assert (line["status"], line["status_name"], line["portal_status"], line["differs"]) == (
        2,
        "Được tiếp nhận",
        4,
        True,
    )
    assert line["procedure"] == "1.004873"
    assert set(line) == {
        "tracking_code",
        "official_code",
        "portal_code",
        "procedure",
        "office",
        "status",
        "status_name",
        "at",
        "portal_status",
        "differs",
    }
    assert await lines_since(whole.world.now() + timedelta(hours=1)) == []


async def test_import_notes_statuses_once_and_reports_what_it_does_not_know(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await accepted(whole, officer, citizen)
    file = f"code,status\n{record.official_code},Đang xử lý\nH27.99.99-261101-0001,9\n".encode()

    async def said(data: bytes) -> list[str]:
        lines = read(data)
        report = await whole.run(lambda work: note(present(work, whole.world), lines, Report()))
        return list(told(report, len(lines)))

    assert await said(file) == [
        "Đã đọc 2 dòng: ghi mới 1, không đổi 0.",
        "Khác trạng thái ở đây: 1",
        f"  {record.official_code}: Cổng Đang xử lý, ở đây Được tiếp nhận",
        "Không biết mã: 1",
        "  dòng 3: H27.99.99-261101-0001",
    ]
    assert (await said(file))[0] == "Đã đọc 2 dòng: ghi mới 0, không đổi 1."
    rows = await whole.run(lambda work: [e for e in work.history.of(record.id) if e.what == "portal"])
    assert [(row.actor, row.data["status"]) for row in rows] == [(IMPORT, 4)]
    older = f'{{"code": "{record.official_code}", "status": 1, "at": "2026-11-20T08:00"}}'.encode()
    assert (await said(older))[0].endswith("không đổi 1.")
    await citizen.press(f"d:{record.id}")
    assert "Trên Cổng Dịch vụ công: Đang xử lý" in citizen.last.message.text
    await officer.news()
    alerts = [s for s in officer.shown.values() if text("cards.alert-portal-differs") in s.message.text]
    assert len(alerts) == 1  # an edited card alerts nobody


async def test_import_by_the_portals_or_the_tracking_code(whole: Whole) -> None:
    citizen, officer = await greeted(whole), await whole.officer("Thu")
    record = await accepted(whole, officer, citizen)
    by_tracking = f'{{"code":"{record.tracking_code}","status":5}}\n'.encode()
    await whole.run(lambda work: note(present(work, whole.world), read(by_tracking), Report()))
    noted = (await again(whole, record)).body.portal
    assert noted is not None
    assert (noted.code, noted.status) == ("", 5)
    await officer.press(f"d:pcode:{record.id}")
    await officer.says(OTHER)
    by_portal = f'{{"code":"{OTHER}","status":6}}\n'.encode()
    await whole.run(lambda work: note(present(work, whole.world), read(by_portal), Report()))
    noted = (await again(whole, record)).body.portal
    assert noted is not None
    assert (noted.code, noted.status) == (OTHER, 6)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "Tệp không có dòng nào."),
        (b"code,status\n", "Tệp không có dòng nào."),
        (b"ma,trang thai\nH27.12.33-261123-0007,2\n", "Dòng 1: cần các cột code,status"),
        (b"code,status\nH27.12.33-261123-0007\n", "Dòng 2: số cột không khớp"),
        (b"code,status\nH27.12.33-261123-0007,11\n", "Dòng 2: status cần là số 1 đến 10"),
        (b"code,status\nH27.12.33-261123-0007,\n", "Dòng 2: status cần là số 1 đến 10"),
        (b"code,status\nxin chao,2\n", "Dòng 2: code không phải mã hồ sơ"),
        (b"code,status,at\nH27.12.33-261123-0007,2,hom qua\n", "Dòng 2: at cần là giờ ISO 8601"),
        (b"code,status,ten\nH27.12.33-261123-0007,2,Hoa\n", "Dòng 2: không có cột 'ten'"),
        (b"code,status\nH27.12.33-261123-0007,2\nh27.12.33-261123-0007,3\n", "Dòng 3: mã H27.12.33-261123-0007 đã có"),
        (b'{"code":"H27.12.33-261123-0007","status":2}\n{nope\n', "Dòng 2: không phải JSON."),
        (b'{"code":"H27.12.33-261123-0007","status":true}\n', "Dòng 1: status cần là"),
        (b"\xff\xfe\x00", "Tệp phải là UTF-8."),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_refused_whole(data: bytes, fault: str) -> None:
    with pytest.raises(BadFile, match=fault.replace("(", r"\(").replace(".", r"\.")):
        read(data)


def test_both_kinds_of_files_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Code, Status ,at\nH27.12.33-261123-0007,2,2026-11-23T10:00\n", encoding="utf-8-sig")
    (line,) = read(path.read_bytes())
    assert (line.code, line.status, line.at) == (
        "H27.12.33-261123-0007",
        2,
        datetime(2026, 11, 23, 10, 0, tzinfo=VIETNAM),
    )
    same = b'\n{"code": "H27.12.33-261123-0007", "status": "duoc tiep nhan", "at": "2026-11-23T03:00:00+00:00"}\n'
    (other,) = read(same)
    assert (other.code, other.status, other.at) == (line.code, line.status, line.at)


def test_a_long_file_is_noted_in_small_transactions() -> None:
    lines = [Line(n, f"H27.12.33-261123-{n:04d}", 2, None) for n in range(1, 251)]
    some = list(batched(lines))
    assert [len(one) for one in some] == [100, 100, 50]
    assert [line for one in some for line in one] == lines
