"""The morning's list: what stands under what, in which order, and nothing personal."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec.structs import replace

from conversations import digest
from conversations.cards import MOST
from conversations.digest import Digest
from conversations.staff_state import DossierFile
from domain.values import VIETNAM
from tests.conversations.desk_world import BINH, HOA, dossier

TODAY = date(2026, 11, 25)
MORNING = datetime(2026, 11, 25, 7, 30, tzinfo=VIETNAM)
NEXT_DAY = date(2026, 11, 26)
NOON = MORNING.replace(hour=12, minute=0)


def file(number: int, **values: object) -> DossierFile:
    return replace(dossier(), id=f"dossier{number:09}", official_code=f"H27-{number}", **values)


SUBMITTED = file(1, status="submitted", answer_by=NOON)
DUE = file(2, status="accepted", due_at=NOON, owner=HOA)
LATE = file(3, status="processing", due_at=NOON - timedelta(days=2), owner=BINH)
UNANSWERED = file(4, status="submitted", answer_by=MORNING - timedelta(days=1), owner=HOA)
VISIT = file(5, status="done", appointment_at=NOON + timedelta(hours=2), owner=HOA, due_at=NOON - timedelta(days=3))
INVITED = file(6, status="invited", appointment_at=NOON, owner=BINH)
MISSED = file(7, status="done", appointment_at=NOON - timedelta(days=1))
TOMORROW = file(8, status="accepted", due_at=NOON + timedelta(days=1))
AFTER = file(10, status="accepted", due_at=NOON + timedelta(days=2))
NEXT = file(9, status="submitted", answer_by=NOON + timedelta(days=1))


def test_each_stands_under_what_it_wants_today() -> None:
    files = [SUBMITTED, DUE, LATE, UNANSWERED, VISIT, INVITED, MISSED, TOMORROW, AFTER, NEXT]
    assert digest.sorted_out(files, MORNING, NEXT_DAY) == Digest(
        (LATE, UNANSWERED), (SUBMITTED,), (DUE,), (INVITED, VISIT), (TOMORROW,)
    )


def test_a_morning_without_anything_has_no_list() -> None:
    assert digest.sorted_out([MISSED, AFTER, NEXT], MORNING, NEXT_DAY).files == ()


def test_the_group_reads_codes_and_hours_and_opens_each() -> None:
    said = digest.for_group(digest.sorted_out([SUBMITTED, DUE, LATE, VISIT, TOMORROW], MORNING, NEXT_DAY), TODAY)
    assert said.text.splitlines() == [
        "Việc hôm nay, Thứ Tư 25/11/2026",
        "Đã quá hạn: 1",
        "1. H27-3 · Xác nhận tình trạng hôn nhân · 23/11 · Trần Văn Bình",
        "Phải trả lời hôm nay: 1",
        "2. H27-1 · Xác nhận tình trạng hôn nhân · 12:00 · chưa ai nhận",
        "Hẹn trả hôm nay: 1",
        "3. H27-2 · Xác nhận tình trạng hôn nhân · 12:00 · Lê Thị Hoa",
        "Người dân đến hôm nay: 1",
        "4. H27-5 · Xác nhận tình trạng hôn nhân · 14:00 · Lê Thị Hoa",
        "Hẹn trả ngày làm việc tới: 1",
        "5. H27-8 · Xác nhận tình trạng hôn nhân · 26/11 · chưa ai nhận",
    ]
    assert [(b.label, b.value) for b in said.buttons] == [
        ("1. H27-3", f"d:open:{LATE.id}"),
        ("2. H27-1", f"d:open:{SUBMITTED.id}"),
        ("3. H27-2", f"d:open:{DUE.id}"),
        ("4. H27-5", f"d:open:{VISIT.id}"),
        ("5. H27-8", f"d:open:{TOMORROW.id}"),
    ]


def test_nothing_personal_is_in_it() -> None:
    private = replace(DUE, applicant="Nguyễn Thị Hoa", answers={"name": "Nguyễn Thị Hoa", "phone": "+84984123456"})
    said = digest.for_group(digest.sorted_out([private], MORNING, NEXT_DAY), TODAY).text
    assert "Nguyễn" not in said
    assert "984" not in said


def test_a_long_list_is_cut_and_its_numbers_go_on() -> None:
    late = [replace(LATE, id=f"late{number:012}") for number in range(MOST + 3)]
    lines = digest.for_group(digest.sorted_out([*late, SUBMITTED], MORNING, NEXT_DAY), TODAY).text.splitlines()
    assert lines[1] == f"Đã quá hạn: {MOST + 3}"
    assert lines[MOST + 2].startswith("…và 3 hồ sơ nữa")
    assert lines[-1].startswith(f"{MOST + 4}. H27-1")


def test_the_head_reads_how_much_and_with_whom() -> None:
    said = digest.for_head(digest.sorted_out([SUBMITTED, DUE, LATE, VISIT], MORNING, NEXT_DAY), TODAY)
    assert said.text.splitlines() == [
        "Thứ Tư 25/11/2026: quá hạn 1, phải trả lời 1, hẹn trả 1, lượt hẹn 1.",
        "- Lê Thị Hoa: 2",
        "- Trần Văn Bình: 1, quá hạn 1",
        "- chưa ai nhận: 1",
    ]
    assert said.buttons == ()


def test_the_head_reads_that_somebody_was_held_back() -> None:
    said = digest.for_head(digest.sorted_out([], MORNING, NEXT_DAY), TODAY, guesses=2)
    assert said.text.splitlines()[-1] == "- Có người dò tìm hồ sơ, máy chủ đã chặn 2 lần. Gõ /tracuunhatky để xem."
