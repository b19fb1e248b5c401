"""The officers' side, played out: from the card to the hand-over, and everything that gets in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations.messages import FileSent, Pressed
from conversations.staff_state import (
    Answer,
    CallFile,
    Claim,
    CloseCall,
    Decide,
    GiveBack,
    MarkAbsent,
    PassTo,
    ProposeCorrection,
    StaffTalk,
    TakeBack,
    TakeOver,
    TellNow,
)
from domain.dossier import Accept, AskMore, Done, Fault, Forward, HandOver, Invite, Refuse, SendBack, Stop
from domain.fees import Charge
from tests.conversations.desk_world import (
    BINH,
    HEAD,
    HOA,
    ID,
    NOW,
    PHOTO,
    SHOWN,
    Desk,
    dossier,
    labels,
    procedure,
)

MORNING = NOW.replace(hour=7, minute=30) + timedelta(days=2)
NO = "Thôi"
MINE = dossier(owner=HOA)
PAID = Charge(10_000, "MC7K39XTM4", "paid", 10_000, "desk")
DONE = dossier(owner=HOA, status="done", official_code="H27.XX.YY-261123-0001", appointment_at=MORNING)


def test_six_presses_for_a_dossier_in_order() -> None:
    desk = Desk()
    for action in ("claim", "accept", "done"):
        desk.press(HOA, action)
    desk.press(HOA, "done", "202611250730")
    desk.press(HOA, "hand")
    desk.press(HOA, "send")
    assert desk.effects == [
        Claim(ID),
        Decide(ID, 2, Accept()),
        Decide(ID, 3, Done(MORNING)),
        Decide(ID, 5, HandOver(("Căn cước", "Bản án ly hôn"))),
    ]
    desk.press(HOA, "now")
    assert (desk.file.status, desk.talks[HOA.id]) == ("handed-over", StaffTalk())


def test_one_request_for_everything_that_is_wrong() -> None:
    desk = Desk(MINE)
    [listing] = desk.press(HOA, "more")
    assert listing.text == (
        f"Chọn tất cả giấy tờ phải gửi lại của hồ sơ {SHOWN}, mỗi mục một lý do. Người dân chỉ được yêu cầu một lần."
    )
    assert labels([listing]) == [
        "☐ Căn cước của người yêu cầu",
        "☐ Bản án ly hôn",
        "☐ Giấy ủy quyền",
        "☐ Trích lục khai tử của vợ",
        "Mục đã khai…",
        NO,
    ]
    [asking] = desk.press(HOA, "tick", "p1")
    assert asking.text == "Bản án ly hôn\n\nVì sao phải gửi lại? Chọn hoặc gõ lý do."
    desk.press(HOA, "why", "paper-2")
    [answers] = desk.press(HOA, "answers", "0")
    assert labels([answers]) == [
        "☐ Họ và tên",
        "☐ Số điện thoại",
        "☐ Giới tính (Người yêu cầu)",
        "☐ Mục đích",
        "Giấy tờ…",
        NO,
    ]
    desk.press(HOA, "tick", "q4")
    desk.type(HOA, "Ghi rõ kết hôn với ai")
    [again] = desk.press(HOA, "tick", "p0")
    assert labels([again])[0] == "Ảnh mờ, khó đọc"
    [ticked] = desk.press(HOA, "why", "paper-1")
    assert ticked.text.split("\n\n")[1] == (
        "Đã chọn:\n☑ Bản án ly hôn: Chụp thiếu trang hoặc thiếu mặt\n"
        "☑ Mục đích: Ghi rõ kết hôn với ai\n☑ Căn cước của người yêu cầu: Ảnh mờ, khó đọc"
    )
    assert labels([ticked])[:3] == ["☑ Căn cước của người yêu cầu", "☑ Bản án ly hôn", "☐ Giấy ủy quyền"]
    [preview] = desk.press(HOA, "review")
    assert preview.text == (
        "Người dân sẽ nhận được:\n\n"
        f"Hồ sơ Xác nhận tình trạng hôn nhân (Nguyễn Văn An), mã {SHOWN}, cần bổ sung 3 mục:\n\n"
        "1. Căn cước của người yêu cầu\n   Lý do: Ảnh mờ, khó đọc\n"
        "2. Bản án ly hôn\n   Lý do: Chụp thiếu trang hoặc thiếu mặt\n"
        "3. Mục đích\n   Lý do: Ghi rõ kết hôn với ai\n\n"
        "Bạn chỉ gửi lại đúng những mục này, phần khác giữ nguyên.\nCán bộ: Lê Thị Hoa\n\nGửi chứ?"
    )
    assert labels([preview]) == ["Gửi yêu cầu", "Sửa tiếp", NO]
    desk.press(HOA, "send")
    faults = (
        Fault("can-cuoc", "Ảnh mờ, khó đọc"),
        Fault("ly-hon", "Chụp thiếu trang hoặc thiếu mặt"),
        Fault("purpose", "Ghi rõ kết hôn với ai"),
    )
    assert desk.effects == [Decide(ID, 1, AskMore(faults))]


def test_ticking_again_takes_the_fault_out() -> None:
    desk = Desk(MINE)
    for action, argument in (("more", ""), ("tick", "p1"), ("why", "paper-1"), ("tick", "p1")):
        desk.press(HOA, action, argument)
    [empty] = desk.press(HOA, "review")
    assert (empty.text, labels([empty])) == (
        "Chưa chọn mục nào. Bấm vào mục phải gửi lại.",
        ["Giấy tờ…", NO],
    )


def test_after_the_preview_one_can_go_on_ticking() -> None:
    desk = Desk(MINE)
    for action, argument in (("tick", "p1"), ("why", "paper-1"), ("review", ""), ("listed", "")):
        desk.press(HOA, action, argument)
    assert [want.key for want in desk.talks[HOA.id].ticked] == ["ly-hon"]


def test_a_second_request_needs_the_head() -> None:
    again = replace(MINE, rounds=1)
    [refused] = Desk(again).press(HOA, "more")
    assert (refused.text, labels([refused])) == (
        (
            "Hồ sơ này đã được yêu cầu bổ sung một lần. Muốn yêu cầu lần nữa cần lãnh đạo: "
            "chuyển cho lãnh đạo, hoặc nếu là điều lần đầu chưa thể thấy, bấm «Mới phát sinh…» và ghi lý do."
        ),
        ["Chuyển cho…", "Mới phát sinh…"],
    )
    [listing] = Desk(again).press(HEAD, "more")
    assert (listing.text, labels([listing])[-1]) == (
        f"Hồ sơ {SHOWN} đã được yêu cầu bổ sung 1 lần. Chọn tất cả giấy tờ còn phải gửi lại, mỗi mục một lý do.",
        NO,
    )


@pytest.mark.parametrize(
    ("action", "status", "decision", "preview"),
    [
        (
            "refuse",
            "submitted",
            Refuse("Đã có giấy này còn hạn"),
            f"Hồ sơ Xác nhận tình trạng hôn nhân (Nguyễn Văn An), mã {SHOWN}, không được tiếp nhận giải quyết.",
        ),
        (
            "stop",
            "accepted",
            Stop("Đã có giấy này còn hạn"),
            f"Hồ sơ Xác nhận tình trạng hôn nhân (Nguyễn Văn An), mã {SHOWN}, dừng giải quyết.",
        ),
    ],
)
def test_refusing_and_stopping_show_the_words_first(
    action: str, status: str, decision: Refuse | Stop, preview: str
) -> None:
    desk = Desk(replace(MINE, status=status))
    desk.press(HOA, action)
    [shown] = desk.type(HOA, "Đã có giấy này còn hạn")
    assert shown.text == (
        f"Người dân sẽ nhận được:\n\n{preview}\n\nLý do: Đã có giấy này còn hạn\n\n"
        "Chưa rõ hoặc không đồng ý, bạn bấm «Gặp cán bộ» hoặc đến "
        "Trung tâm Phục vụ hành chính công xã Sơn Tiến, xã Sơn Tiến, tỉnh Hà Tĩnh.\n"
        "Cán bộ: Lê Thị Hoa\n\nGửi chứ?"
    )
    where = ["Nộp ở đâu…"] if action == "refuse" else []
    assert (labels([shown]), desk.effects) == (["Gửi cho người dân", *where, "Đổi lý do", NO], [])
    desk.type(HOA, "Gửi cho người dân")  # a label typed is a label pressed
    assert desk.effects == [Decide(ID, 1, decision)]


def test_a_ready_reason_is_one_press() -> None:
    desk = Desk(MINE)
    assert labels(desk.press(HOA, "refuse")) == [
        "Không thuộc thẩm quyền giải quyết của xã",
        "Không đủ điều kiện theo quy định của thủ tục",
        "Trùng với hồ sơ đã nộp trước",
        "Giấy tờ bị tẩy xóa, cắt ghép",
        NO,
    ]
    desk.type(HOA, "3")
    desk.press(HOA, "send")
    assert desk.effects == [Decide(ID, 1, Refuse("Trùng với hồ sơ đã nộp trước"))]


def test_handing_over_shows_originals_and_words() -> None:
    [shown] = Desk(replace(DONE, charge=PAID)).press(HOA, "hand")
    assert shown.text == (
        "Đối chiếu bản chính với ảnh đã nộp:\n☐ Căn cước\n☐ Bản án ly hôn\n\nNgười dân sẽ nhận được:\n\n"
        "Đã trả kết quả hồ sơ Xác nhận tình trạng hôn nhân (Nguyễn Văn An), mã H27.XX.YY-261123-0001. "
        "Cảm ơn bạn! Cần làm thủ tục khác, bạn cứ nhắn ở đây."
        "\n\nBạn thấy việc phục vụ lần này thế nào? Bấm một mức giúp chúng tôi (không bắt buộc)."
    )
    assert labels([shown]) == ["Đã đối chiếu bản chính, trả kết quả", "Trả lại xử lý", NO]


def test_nothing_to_compare_is_said() -> None:
    [shown] = Desk(replace(DONE, charge=PAID), originals=[]).press(HOA, "hand")
    assert shown.text.split("\n\n")[0] == "Thủ tục này không phải đối chiếu bản chính."
    assert labels([shown])[0] == "Trả kết quả"


def test_sending_back_is_done_once_the_reason_is_given() -> None:
    desk = Desk(DONE)
    desk.press(HOA, "back")
    desk.press(HOA, "because", "back-1")
    assert desk.effects == [Decide(ID, 1, SendBack("Bản chính không khớp với ảnh đã nộp"))]


def test_slots_are_a_few_a_day_and_one_press() -> None:
    desk = Desk(MINE, intake="collect-then-appointment")
    [shown] = desk.press(HOA, "invite")
    assert labels([shown]) == [
        "7 giờ 30, Thứ Tư 25/11/2026",
        "8 giờ 30, Thứ Tư 25/11/2026",
        "9 giờ 30, Thứ Tư 25/11/2026",
        "11 giờ, Thứ Tư 25/11/2026",
        "7 giờ 30, Thứ Năm 26/11/2026",
        "8 giờ 30, Thứ Năm 26/11/2026",
        "9 giờ 30, Thứ Năm 26/11/2026",
        "11 giờ, Thứ Năm 26/11/2026",
        "Xem thêm ▸",
        NO,
    ]
    assert labels(desk.press(HOA, "invite", "p1"))[0] == "7 giờ 30, Thứ Sáu 27/11/2026"
    desk.press(HOA, "invite", "202611250730")
    assert desk.effects == [Decide(ID, 1, Invite(MORNING))]


def test_words_where_a_slot_is_to_be_chosen_do_not_shift_the_numbers() -> None:
    desk = Desk(dossier(owner=HOA, status="accepted"))
    offered = labels(desk.press(HOA, "done"))
    assert labels(desk.type(HOA, "sáng thứ năm")) == offered
    desk.type(HOA, "1")
    assert [type(effect) for effect in desk.effects] == [Decide]


def test_a_slot_that_is_gone_is_offered_no_more() -> None:
    desk = Desk(MINE)
    [shown] = desk.press(HOA, "invite", "202611230730")
    assert (shown.text, desk.effects) == ("Giờ đó đã qua hoặc không còn trống. Chọn giờ khác.", [])


def test_a_result_may_be_had_at_once_while_the_desk_is_open() -> None:
    desk = Desk(replace(MINE, status="accepted"))
    desk.now = NOW.replace(second=42)
    first, second, *_ = labels(desk.press(HOA, "done"))
    assert (first, second) == ("Nhận ngay từ bây giờ", "7 giờ 30, Thứ Tư 25/11/2026")
    assert labels(desk.press(HOA, "done", "p1"))[0] == "7 giờ 30, Thứ Sáu 27/11/2026"
    desk.press(HOA, "done", "now")
    assert desk.effects == [Decide(ID, 1, Done(NOW))]


def test_at_once_is_not_offered_behind_a_closed_door() -> None:
    desk = Desk(replace(MINE, status="accepted"))
    desk.open = False
    assert labels(desk.press(HOA, "done"))[0] == "7 giờ 30, Thứ Tư 25/11/2026"
    [gone] = desk.press(HOA, "done", "now")
    assert (gone.text, desk.effects) == ("Giờ đó đã qua hoặc không còn trống. Chọn giờ khác.", [])
    [invited] = Desk(MINE).press(HOA, "invite", "now")
    assert invited.text == gone.text


@pytest.mark.parametrize("changes", [{"unknown": ["processing"]}, {"processing": {"text": "", "same_day": False}}])
def test_where_nobody_knows_how_long_it_takes_the_clerk_says_when(changes: dict[str, object]) -> None:
    desk = Desk(MINE)
    desk.procedure = procedure(**changes)
    [asking] = desk.press(HOA, "accept")
    assert (asking.text, desk.effects) == (
        (
            f"Thủ tục này chưa rõ thời hạn. Hẹn trả hồ sơ {SHOWN} sau bao nhiêu ngày làm việc? "
            "Chọn hoặc gõ số ngày, như 12."
        ),
        [],
    )
    days = [f"{number} ngày làm việc" for number in (3, 5, 7, 10, 15, 30)]
    assert labels([asking]) == [*days, "Chưa hẹn được", NO]
    desk.says(HOA, Pressed(asking.buttons[1].value))
    assert (desk.effects, desk.talks[HOA.id]) == ([Decide(ID, 1, Accept(5))], StaffTalk())


@pytest.mark.parametrize(
    ("typed", "days"),
    [("7", 7), ("12", 12), ("12 ngày", 12), ("12 NGAY LAM VIEC.", 12), ("3 ngày làm việc", 3), ("Chưa hẹn được", None)],
)
def test_the_days_may_be_typed(typed: str, days: int | None) -> None:
    desk = Desk(MINE, unknown=["processing"])
    desk.press(HOA, "accept")
    desk.type(HOA, typed)
    assert desk.effects == [Decide(ID, 1, Accept(days))]


@pytest.mark.parametrize("typed", ["0", "251", "-3", "30/11/2026", "tuần sau", "12 tháng", "²"])
def test_days_that_cannot_be_promised_are_asked_again(typed: str) -> None:
    desk = Desk(MINE, unknown=["processing"])
    desk.press(HOA, "accept")
    [again] = desk.type(HOA, typed)
    assert (again.text, desk.effects, desk.talks[HOA.id].screen) == (
        "Gõ số ngày làm việc từ 1 đến 250, như 12 hoặc 12 ngày; hoặc bấm một nút.",
        [],
        "due",
    )
    assert labels([again])[-2:] == ["Chưa hẹn được", NO]


@pytest.mark.parametrize(("unknown", "intake"), [([], "full"), (["processing"], "collect-and-forward")])
def test_no_days_are_asked_where_they_are_known_or_another_decides(unknown: list[str], intake: str) -> None:
    desk = Desk(MINE, unknown=unknown, intake=intake)
    desk.press(HOA, "accept", "5")  # a button of another day
    assert desk.effects == [Decide(ID, 1, Accept())]


def test_whoever_may_not_accept_is_asked_for_no_days() -> None:
    [refused] = Desk(MINE, unknown=["processing"]).press(BINH, "accept")
    assert refused.text.startswith("Hồ sơ này do Lê Thị Hoa giữ.")


def test_forwarding_goes_where_the_catalogue_says_or_where_the_officer_types() -> None:
    accepted = replace(MINE, status="accepted")
    known = Desk(accepted, intake="collect-and-forward", authority="Sở Nội vụ")
    known.press(HOA, "forward")
    assert known.effects == [Decide(ID, 1, Forward("Sở Nội vụ"))]
    typed = Desk(accepted)
    [asking] = typed.press(HOA, "forward")
    assert asking.text == f"Chuyển hồ sơ {SHOWN} tới cơ quan nào? Gõ tên cơ quan."
    typed.type(HOA, "Văn phòng đăng ký đất đai")
    assert typed.effects == [Decide(ID, 1, Forward("Văn phòng đăng ký đất đai"))]


def test_a_correction_is_shown_before_it_is_proposed() -> None:
    desk = Desk(MINE)
    desk.press(HOA, "fix")
    [asking] = desk.press(HOA, "which", "q0")
    assert asking.text == "Họ và tên\nĐã khai: Nguyễn Văn An\n\nGõ giá trị đúng."
    wrong = desk.type(HOA, "Nguyễn 2")
    assert [m.text for m in wrong] == ["Họ tên chỉ gồm chữ, như Nguyễn Thị Hoa.", asking.text]
    [same] = desk.type(HOA, "Nguyễn Văn An")
    assert same.text == "Giá trị này giống điều người dân đã khai. Gõ giá trị khác, hoặc bấm «Thôi»."
    [shown] = desk.type(HOA, "nguyễn văn ân")
    assert shown.text == (
        "Người dân sẽ nhận được:\n\n"
        f"Cán bộ Lê Thị Hoa đề nghị sửa một mục trong hồ sơ Xác nhận tình trạng hôn nhân (Nguyễn Văn An), mã {SHOWN}:"
        "\n\nHọ và tên\nBạn đã khai: Nguyễn Văn An\nSửa thành: Nguyễn Văn Ân\n\nChỉ sửa khi bạn đồng ý.\n\nGửi chứ?"
    )
    desk.press(HOA, "send")
    assert desk.effects == [ProposeCorrection(ID, "name", "Nguyễn Văn Ân")]
    [open_one] = desk.press(HOA, "fix")
    assert open_one.text == f"Hồ sơ {SHOWN} đang có một đề nghị sửa chờ người dân trả lời."


def test_phone_numbers_are_shown_as_people_write_them() -> None:
    desk = Desk(MINE)
    [asking] = desk.press(HOA, "which", "q1")
    assert asking.text == "Số điện thoại\nĐã khai: 0984 123 456\n\nGõ giá trị đúng."
    [shown] = desk.type(HOA, "0912.345.678")
    assert shown.text.splitlines()[5:7] == ["Bạn đã khai: 0984 123 456", "Sửa thành: 0912 345 678"]
    desk.press(HOA, "send")
    assert desk.effects == [ProposeCorrection(ID, "phone", "+84912345678")]


def test_a_choice_is_corrected_by_a_press() -> None:
    desk = Desk(MINE)
    assert labels(desk.press(HOA, "which", "q2")) == ["Nam", "Nữ", NO]
    desk.press(HOA, "value", "2")
    desk.press(HOA, "send")
    assert desk.effects == [ProposeCorrection(ID, "sex", "Nữ")]


@pytest.mark.parametrize(
    "action",
    ["accept", "more", "refuse", "invite", "papers", "fix", "tick", "listed", "answers", "review"],
)
def test_nobody_works_on_a_colleagues_dossier(action: str) -> None:
    desk = Desk(MINE)
    [refused] = desk.press(BINH, action)
    assert refused.text == ("Hồ sơ này do Lê Thị Hoa giữ. Nhờ Lê Thị Hoa làm, hoặc nhờ lãnh đạo nhận thay.")
    assert desk.effects == []


@pytest.mark.parametrize("action", ["claim", "answer", "undo", "now", "pass"])
def test_nobody_takes_or_answers_what_a_colleague_has(action: str) -> None:
    desk = Desk(replace(MINE, held=Accept()))
    [refused] = desk.press(BINH, action)
    assert (refused.text, desk.effects) == (
        "Hồ sơ này do Lê Thị Hoa giữ. Nhờ Lê Thị Hoa làm, hoặc nhờ lãnh đạo nhận thay.",
        [],
    )


def test_the_head_may_do_what_the_owner_may() -> None:
    desk = Desk(MINE)
    desk.press(HEAD, "accept")
    assert desk.effects == [Decide(ID, 1, Accept())]


@pytest.mark.parametrize("action", ["accept", "more", "papers", "refuse"])
def test_first_it_has_to_be_claimed(action: str) -> None:
    [refused] = Desk().press(HOA, action)
    assert (refused.text, labels([refused])) == (
        "Hồ sơ này chưa ai nhận. Bấm «Nhận việc» trước đã.",
        ["Nhận việc"],
    )


def test_an_absent_officer_says_first_that_they_are_back() -> None:
    away = replace(HOA, absent=True)
    desk = Desk(replace(MINE, owner=None))
    [refused] = desk.press(away, "claim")
    assert (refused.text, labels([refused])) == (
        "Bạn đang được ghi là vắng. Bấm «Tôi đã về» rồi làm tiếp.",
        ["Tôi đã về"],
    )
    desk.says(away, Pressed(refused.buttons[0].value))
    assert desk.effects == [MarkAbsent(HOA.id, False)]


@pytest.mark.parametrize(
    ("status", "action", "words"),
    [
        ("accepted", "accept", "Hồ sơ này hiện ở bước «Đã tiếp nhận, đang xử lý», không còn làm «Tiếp nhận» được."),
        (
            "incomplete",
            "hand",
            "Hồ sơ này hiện ở bước «Chờ bổ sung (chưa tiếp nhận)», không còn làm «Trả kết quả» được.",
        ),
        ("withdrawn", "accept", "Hồ sơ này đã khép lại (Người dân đã rút), không làm thêm được."),
        ("handed-over", "claim", "Hồ sơ này đã khép lại (Đã trả kết quả), không làm thêm được."),
    ],
)
def test_a_late_press_is_told_where_the_dossier_is(status: str, action: str, words: str) -> None:
    desk = Desk(replace(MINE, status=status))
    [refused] = desk.press(HOA, action)
    assert (refused.text, desk.effects) == (words, [])


def test_pressing_twice_is_told_that_it_is_noted() -> None:
    desk = Desk(MINE)
    assert desk.press(HOA, "accept") == ()
    [noted] = desk.press(HOA, "accept")
    assert (noted.text, labels([noted])) == (
        "Đã ghi «Tiếp nhận» cho hồ sơ này. Muốn đổi, bấm «Hoàn tác» trước; muốn báo luôn, bấm «Báo ngay».",
        ["Hoàn tác", "Báo ngay"],
    )
    desk.press(HOA, "undo")
    desk.press(HOA, "accept")
    desk.press(HOA, "now")
    assert desk.effects == [Decide(ID, 1, Accept()), TakeBack(ID), Decide(ID, 3, Accept()), TellNow(ID)]


def test_a_dossier_is_given_back_passed_on_and_taken_over() -> None:
    desk = Desk(MINE)
    [asking] = desk.press(HOA, "pass")
    assert labels([asking]) == ["Trần Văn Bình", "Phạm Thị Lan", NO]
    desk.press(HOA, "pass", BINH.id)
    desk.press(HEAD, "take")
    [refused] = desk.press(HOA, "give")
    assert refused.text == f"Hồ sơ {SHOWN} không do bạn giữ nên không trả lại được."
    desk.press(HEAD, "give")
    assert desk.effects == [PassTo(ID, BINH.id), TakeOver(ID), GiveBack(ID)]
    [not_head] = desk.press(BINH, "take")
    assert not_head.text == "Việc này chỉ lãnh đạo làm được."


@pytest.mark.parametrize(
    ("file", "officer", "offered"),
    [
        (
            MINE,
            "hoa",
            [
                "Nhắn người dân",
                "Mời đến gặp",
                "Đề nghị sửa",
                "Hồ sơ PDF",
                "Phiếu của hồ sơ",
                "Cổng DVC…",
                "Trả lại việc",
                "Chuyển cho…",
                NO,
            ],
        ),
        (MINE, "binh", []),  # it is somebody else's: a sentence instead of an empty menu
        (
            MINE,
            "head",
            [
                "Nhắn người dân",
                "Mời đến gặp",
                "Đề nghị sửa",
                "Hồ sơ PDF",
                "Phiếu của hồ sơ",
                "Cổng DVC…",
                "Chuyển cho…",
                "Nhận thay",
                NO,
            ],
        ),
        (
            DONE,
            "hoa",
            [
                "Xác nhận lệ phí",
                "Nhắn người dân",
                "Không đến",
                "Hồ sơ PDF",
                "Phiếu của hồ sơ",
                "Cổng DVC…",
                "Trả lại việc",
                "Chuyển cho…",
                NO,
            ],
        ),
        (
            replace(MINE, status="accepted", call_open=True),
            "hoa",
            [
                "Xác nhận lệ phí",
                "Nhắn người dân",
                "Kết thúc trao đổi",
                "Trình ký",
                "Gửi bản nháp…",
                "Gia hạn…",
                "Đề nghị sửa",
                "Phiếu, PDF, Cổng…",
                "Đổi người giữ…",
                "Từ chối, dừng…",
                NO,
            ],
        ),
    ],
)
def test_the_menu_offers_what_this_officer_may_do(file: object, officer: str, offered: list[str]) -> None:
    who = {"hoa": HOA, "binh": BINH, "head": HEAD}[officer]
    assert labels(Desk(file).press(who, "menu")) == offered  # type: ignore[arg-type]


def test_a_reply_to_a_card_goes_to_the_citizen_and_leaves_the_screen_open() -> None:
    desk = Desk(MINE)
    desk.press(HOA, "refuse")
    desk.type(HOA, "Chào bạn, bạn gọi lại nhé", reply_to="message-1")
    desk.says(HOA, FileSent(PHOTO, "mẫu đây", reply_to="message-1"))
    assert desk.effects == [
        Answer(dossier=ID, text="Chào bạn, bạn gọi lại nhé"),
        Answer(dossier=ID, text="mẫu đây", file=PHOTO),
    ]
    assert desk.talks[HOA.id].screen == "why"


def test_without_replying_a_screen_takes_words_and_a_whole_album() -> None:
    desk = Desk(MINE)
    desk.press(HOA, "answer")
    for _ in range(2):
        desk.says(HOA, FileSent(PHOTO, album="album-1"))
    assert desk.effects == [Answer(dossier=ID, file=PHOTO)] * 2
    [afterwards] = desk.type(HOA, "trưa nay ăn gì")
    assert afterwards.text[:21] == "Bot chưa hiểu tin này"
    assert len(desk.effects) == 2


def test_a_call_is_answered_and_ended() -> None:
    call = CallFile("call0call0call0c", "Hỏi lệ phí", NOW, "son-tien")
    desk = Desk(MINE, calls=[call])
    desk.type(HOA, "Chào bạn", reply_to="message-2")
    [asking] = desk.says(HOA, Pressed("c:answer:call0call0call0c"))
    assert asking.text == "Gõ lời nhắn hoặc gửi tệp cho người dân (cuộc gặp cán bộ)."
    desk.type(HOA, "1")
    desk.says(HOA, Pressed("c:end:call0call0call0c"))
    assert desk.effects == [
        Answer(call=call.id, text="Chào bạn"),
        Answer(call=call.id, text="1"),
        CloseCall(call=call.id),
    ]
