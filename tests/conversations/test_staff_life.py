"""What officers do between acceptance and handing over: inner steps, drafts, results, an extension, refusals."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from conversations.messages import File, FileSent, Pressed
from conversations.staff_buttons import main_actions, other_actions
from conversations.staff_state import Answer, Decide, KeepPaper, SignedAtDesk
from conversations.state import CoSigner
from domain.dossier import (
    AnswerDraft,
    AskMore,
    Decision,
    Extend,
    Present,
    Process,
    Refuse,
    ReturnUnsigned,
    Status,
    Stop,
)
from domain.values import VIETNAM
from tests.conversations.desk_world import BINH, HEAD, HOA, ID, NOW, PHOTO, Desk, dossier, labels, values

DUE = datetime(2026, 11, 27, 17, 30, tzinfo=VIETNAM)
PDF = File("ref-pdf", "application/pdf", 5000, "giay-xac-nhan.pdf")
SECOND = File("ref-two", "application/pdf", 5000, "trang-2.pdf")
MINE = dossier(owner=HOA, status="accepted", official_code="H27.XX.YY-261123-0001", due_at=DUE)


def desk(**changes: object) -> Desk:
    return Desk(replace(MINE, **changes))


def decided(at: Desk) -> Decision | None:
    made = [effect.decision for effect in at.effects if isinstance(effect, Decide)]
    return made[-1] if made else None


def reply(at: Desk, *files: File, album: str = "", caption: str = "") -> list[str]:
    said: list[str] = []
    for file in files:
        said += [m.text for m in at.says(HOA, FileSent(file, caption, album, "message-1"))]
    return said


# inner steps


@pytest.mark.parametrize(
    ("status", "action", "decision"),
    [
        ("accepted", "process", Process()),
        ("accepted", "sign", Present()),
        ("processing", "sign", Present()),
    ],
)
def test_steps_inside_the_office_are_one_press(status: str, action: str, decision: Decision) -> None:
    at = desk(status=status)
    at.press(HOA, action)
    assert decided(at) == decision


def test_what_is_not_signed_comes_back_with_the_reason() -> None:
    at = desk(status="signing")
    assert "Cần xác minh thêm" in labels(at.press(HOA, "unsigned"))
    at.type(HOA, "Sai ngày sinh")
    assert decided(at) == ReturnUnsigned("Sai ngày sinh")


def test_from_every_step_the_result_is_one_press_away() -> None:
    for status in ("accepted", "processing", "signing"):
        assert main_actions(replace(MINE, status=status), "full")[0] == "done"
    assert "done" in other_actions(replace(MINE, status="drafted"), "full", HOA)


# a file in reply to the card


@pytest.mark.parametrize("status", ["accepted", "processing", "drafted"])
def test_it_is_asked_what_a_file_is(status: str) -> None:
    at = desk(status=status)
    said = at.says(HOA, FileSent(PDF, "", "", "message-1"))
    assert labels(said) == ["Bản nháp cho dân xem", "Kết quả đã ký", "Chỉ gửi trong trò chuyện", "Thôi"]
    assert at.effects == []


def test_what_comes_back_from_the_signer_is_signed() -> None:
    said = desk(status="signing").says(HOA, FileSent(PDF, "", "", "message-1"))
    assert labels(said)[:2] == ["Kết quả đã ký", "Bản nháp cho dân xem"]


def test_with_the_result_there_nothing_is_a_draft() -> None:
    said = desk(status="done").says(HOA, FileSent(PDF, "", "", "message-1"))
    assert labels(said) == ["Kết quả đã ký", "Chỉ gửi trong trò chuyện", "Thôi"]


@pytest.mark.parametrize("status", ["submitted", "pending", "handed-over"])
def test_before_and_after_a_file_is_only_a_file(status: str) -> None:
    at = desk(status=status)
    reply(at, PHOTO)
    assert at.effects == [Answer(dossier=ID, file=PHOTO)]


@pytest.mark.parametrize("kind", ["draft", "result"])
def test_what_it_is_said_to_be_is_kept(kind: str) -> None:
    at = desk(status="processing")
    reply(at, PDF)
    at.press(HOA, "sort", kind)
    assert at.effects == [KeepPaper(ID, kind, PDF)]
    assert not at.talks[HOA.id].screen


def test_a_number_or_a_label_chooses_too() -> None:
    at = desk(status="processing")
    reply(at, PDF)
    at.type(HOA, "2")
    reply(at, PDF)
    at.type(HOA, "bản nháp cho dân xem")
    assert at.effects == [KeepPaper(ID, "result", PDF), KeepPaper(ID, "draft", PDF)]


def test_an_album_is_asked_about_once_and_goes_out_together() -> None:
    at = desk()
    assert len(reply(at, PDF, SECOND, album="a1", caption="Gửi chị")) == 1
    at.press(HOA, "sort", "talk")
    assert at.effects == [Answer(dossier=ID, text="Gửi chị", file=PDF), Answer(dossier=ID, file=SECOND)]


def test_a_draft_is_one_file() -> None:
    at = desk()
    reply(at, PDF, SECOND, album="a1")
    said = at.press(HOA, "sort", "draft")
    assert at.effects == []
    assert "một tệp PDF" in said[0].text
    at.type(HOA, "1")
    assert len(at.effects) == 2


def test_words_beside_a_draft_are_said_to_stay_here() -> None:
    assert "«Xem giúp»" in reply(desk(), PDF, caption="Xem giúp")[0]


def test_an_old_choice_does_nothing() -> None:
    at = desk()
    reply(at, PDF)
    at.press(HOA, "no")
    said = at.press(HOA, "sort", "draft")
    assert at.effects == []
    assert "không còn chờ" in said[0].text


def test_somebody_elses_dossier_is_not_asked_about() -> None:
    at = desk(owner=BINH)
    said = at.says(HOA, FileSent(PDF, "", "", "message-1"))
    assert "do Trần Văn Bình giữ" in said[0].text


# silence about a draft, and the telephone


def drafted(**changes: object) -> Desk:
    shown = NOW - timedelta(days=1, hours=1)
    facts = {"status": "drafted", "shown_at": shown, "delivered": True, "reminded_at": NOW - timedelta(hours=2)}
    return desk(**{**facts, **changes})


def test_silence_is_agreement_where_it_is_proven() -> None:
    at = drafted()
    at.press(HOA, "silent")
    assert decided(at) == AnswerDraft(agreed=True, how="silence")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"shown_at": NOW - timedelta(hours=23)}, "có một ngày để xem"),
        ({"delivered": False}, "đã tới người dân"),
        ({"reminded_at": None}, "chưa được nhắc"),
    ],
)
def test_without_proof_the_clerk_telephones(changes: dict[str, object], why: str) -> None:
    at = drafted(**changes)
    said = at.press(HOA, "silent")
    assert decided(at) is None
    assert why in said[0].text
    assert labels(said) == ["Đã gọi điện: đồng ý", "Đã gọi điện: cần sửa"]
    at.says(HOA, Pressed(values(said)[0]))
    assert decided(at) == AnswerDraft(agreed=True, how="phone")


def test_what_was_heard_on_the_telephone_is_written_down() -> None:
    at = drafted()
    assert "Gõ lại lời họ" in at.press(HOA, "phoned", "no")[0].text
    at.type(HOA, "2 chữ sai trong tên mẹ")
    assert decided(at) == AnswerDraft(agreed=False, remark="2 chữ sai trong tên mẹ", how="phone")


# a second request


def test_a_second_request_goes_to_the_head_or_says_what_is_new() -> None:
    at = desk(rounds=1)
    said = at.press(HOA, "more")
    assert labels(said) == ["Chuyển cho…", "Mới phát sinh…"]
    assert "Kết quả xác minh cho thấy điều mới" in labels(at.press(HOA, "newly"))
    at.press(HOA, "newly", "1")
    at.press(HOA, "tick", "p1")
    at.type(HOA, "Bản án thiếu trang 3")
    preview = at.press(HOA, "review")[0].text
    assert "Vì sao lần trước chưa yêu cầu: Kết quả xác minh cho thấy điều mới" in preview
    at.press(HOA, "send")
    made = decided(at)
    assert isinstance(made, AskMore)
    assert made.newly == "Kết quả xác minh cho thấy điều mới"


def test_what_is_new_may_be_said_in_own_words() -> None:
    at = desk(rounds=1)
    at.press(HOA, "newly")
    said = at.type(HOA, "Tòa án vừa gửi công văn")
    assert at.talks[HOA.id].newly == "Tòa án vừa gửi công văn"
    assert "Chọn tất cả" in said[0].text


def test_the_head_needs_no_reason() -> None:
    at = desk(rounds=1)
    assert "Chọn tất cả" in at.press(HEAD, "more")[0].text


# refusing: where to go instead


def test_what_is_not_ours_is_asked_where_else() -> None:
    at = desk(status="submitted")
    said = at.press(HOA, "because", "refuse-1")
    assert labels(said) == ["Công an xã", "Văn phòng đăng ký đất đai", "Không có nơi khác", "Thôi"]
    preview = at.says(HOA, Pressed(values(said)[0]))
    assert "Nơi nộp đúng: Công an xã" in preview[0].text
    at.press(HOA, "send")
    made = decided(at)
    assert isinstance(made, Refuse)
    assert made.instead == "Công an xã"


def test_another_place_may_be_typed_or_be_none() -> None:
    at = desk(status="submitted")
    at.press(HOA, "because", "refuse-1")
    assert "Nơi nộp đúng: Phòng công chứng số 1" in at.type(HOA, "Phòng công chứng số 1")[0].text
    at.press(HOA, "because", "refuse-1")
    said = at.type(HOA, "không có nơi khác")
    assert "Nơi nộp đúng" not in said[0].text
    assert "Gửi cho người dân" in labels(said)


def test_other_refusals_may_name_a_place() -> None:
    at = desk(status="submitted")
    said = at.press(HOA, "because", "refuse-2")
    assert labels(said) == ["Gửi cho người dân", "Nộp ở đâu…", "Đổi lý do", "Thôi"]
    at.press(HOA, "instead")
    assert "Nơi nộp đúng: Văn phòng đăng ký đất đai" in at.press(HOA, "place", "1")[0].text


def test_whoever_decides_by_law_comes_first() -> None:
    at = Desk(replace(MINE, status="submitted"), commune_role="receives-and-forwards", authority="Sở Nội vụ")
    assert labels(at.press(HOA, "because", "refuse-1"))[0] == "Sở Nội vụ"


# stopping what waits


def test_who_was_not_waited_for_is_not_stopped() -> None:
    waits = {"status": "incomplete", "wait_until": NOW + timedelta(days=3), "reminded_at": NOW - timedelta(days=1)}
    at = desk(**waits)
    said = at.press(HOA, "because", "stop-1")
    assert "còn được bổ sung đến 9 giờ, Thứ Năm 26/11/2026" in said[0].text
    assert "chưa được nhắc" in desk(**{**waits, "reminded_at": None}).press(HOA, "because", "stop-1")[0].text
    at = desk(**{**waits, "wait_until": NOW})
    at.press(HOA, "because", "stop-1")
    at.press(HOA, "send")
    assert decided(at) == Stop("Quá hạn bổ sung mà chưa nhận được giấy tờ")


def test_who_asks_to_stop_is_stopped_at_once() -> None:
    at = desk(status="incomplete", wait_until=NOW + timedelta(days=3))
    at.press(HOA, "because", "stop-2")
    at.press(HOA, "send")
    assert decided(at) == Stop("Người nộp đề nghị dừng", "asked")


# an extension


def test_an_extension_shows_the_apology_before_it_goes_out() -> None:
    at = desk()
    at.press(HOA, "extend")
    days = at.press(HOA, "extend", "1")
    assert labels(days)[:2] == ["Thêm 1 ngày: Thứ Hai 30/11/2026", "Thêm 2 ngày: Thứ Ba 01/12/2026"]
    words = at.says(HOA, Pressed(values(days)[1]))
    assert "xin lỗi" in words[0].text
    assert "Ngày hẹn cũ: Thứ Sáu 27/11/2026" in words[0].text
    assert "Ngày hẹn mới: Thứ Ba 01/12/2026" in words[0].text
    assert decided(at) is None
    at.press(HOA, "send")
    assert decided(at) == Extend(datetime(2026, 12, 1, 17, 30, tzinfo=VIETNAM), "Phải xác minh thêm ở cơ quan khác")


@pytest.mark.parametrize(
    ("typed", "day"), [("4", 3), ("3 ngày", 2), ("15/12", 15), ("15/12/2026", 15), ("15-12", 15), ("ngày mai", 0)]
)
def test_the_new_day_may_be_typed(typed: str, day: int) -> None:
    at = desk()
    at.press(HOA, "extend")
    at.type(HOA, "Chờ công an trả lời")
    said = at.type(HOA, typed)
    assert (f"{day:02}/12/2026" in said[0].text) is bool(day)
    assert ("Ngày mới phải là" in said[0].text) is not day


@pytest.mark.parametrize("typed", ["27/11", "26/11/2026", "29/11", "31/2", "0", "99"])
def test_a_day_that_cannot_be_is_asked_again(typed: str) -> None:
    at = desk()
    at.press(HOA, "extend", "1")
    said = at.type(HOA, typed)
    assert "Ngày mới phải là ngày làm việc" in said[0].text
    assert labels(said)[0].startswith("Thêm 1 ngày")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"due_at": NOW.replace(hour=17)}, "không còn kịp"),
        ({"due_at": NOW + timedelta(days=2)}, ""),
        ({"extended_from": NOW}, "đã gia hạn một lần"),
        ({"due_at": None}, "chưa có ngày hẹn"),
        ({"status": "submitted"}, "không còn làm «Gia hạn…» được"),
    ],
)
def test_too_late_or_twice_is_refused(changes: dict[str, object], why: str) -> None:
    at = desk(**changes)
    said = at.press(HOA, "extend")
    assert why in said[0].text
    assert bool(at.talks[HOA.id].screen) is not bool(why)


def test_a_button_whose_reason_is_forgotten_begins_again() -> None:
    at = desk()
    assert "Vì sao chậm" in at.press(HOA, "extendto", "2")[0].text


# the second person


def test_accepting_without_the_second_signature_warns() -> None:
    signer = CoSigner("vợ hoặc chồng cùng nhận con nuôi")
    at = desk(status="submitted", cosigner=signer)
    said = at.press(HOA, "accept")
    assert labels(said) == ["Vẫn tiếp nhận", "Đã ký tại bàn", "Thôi"]
    assert decided(at) is None
    at.says(HOA, Pressed(values(said)[0]))
    assert decided(at) is not None


@pytest.mark.parametrize("status", ["signed", "desk"])
def test_with_it_nobody_is_warned(status: str) -> None:
    at = desk(status="submitted", cosigner=CoSigner("vợ", status=status))
    at.press(HOA, "accept")
    assert decided(at) is not None
    assert "không còn chờ ai ký" in at.press(HOA, "signed")[0].text


def test_a_signature_at_the_desk_is_ticked() -> None:
    at = desk(cosigner=CoSigner("vợ"))
    assert "signed" in other_actions(at.file, "full", HOA)
    at.press(HOA, "signed")
    assert at.effects == [SignedAtDesk(ID)]


def test_every_open_status_has_its_buttons() -> None:
    for status in Status:
        actions = main_actions(replace(MINE, status=status), "full")
        assert len(actions) <= 6
