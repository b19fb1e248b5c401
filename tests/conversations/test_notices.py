"""The words a citizen reads for each decision, in each way of intake, and at a death."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from catalogue.load import load
from catalogue.model import Procedure
from conversations import notices
from conversations.messages import Button
from conversations.satisfaction import star_buttons
from conversations.state import DossierView, Step, Want
from domain.dossier import (
    Accept,
    AskMore,
    Decision,
    Done,
    Fault,
    Forward,
    HandOver,
    Invite,
    Refuse,
    SendBack,
    Stop,
    Submit,
    Supplement,
    Withdraw,
)
from tests.conversations.desk_world import ID, NOW, OFFICE, PHOTO, SHOWN, dossier, procedure

OFFICIAL = "H27.XX.YY-261123-0001"
VIEW = notices.view_of(dossier(), procedure())
ACCEPTED = replace(VIEW, status="accepted", official_code=OFFICIAL, due_at=NOW + timedelta(days=4))
SOON = NOW + timedelta(days=2)
DESK = "Trung tâm Phục vụ hành chính công xã Sơn Tiến"
PLACE = f"{DESK}, xã Sơn Tiến, tỉnh Hà Tĩnh"
TITLE = "Xác nhận tình trạng hôn nhân (Nguyễn Văn An)"
BRING = "Mang theo bản chính để đối chiếu:\n- Căn cước\n- Bản án ly hôn"
OPEN = Button("Xem hồ sơ", f"d:{ID}")
ASKED = "\n\nBạn thấy việc phục vụ lần này thế nào? Bấm một mức giúp chúng tôi (không bắt buộc)."
STARS = star_buttons(ID)
AGAIN = Button("Nộp lại", f"again:{ID}")
CALL = Button("Gặp cán bộ", f"call:{ID}")
MOVE = Button("Đổi giờ hẹn", f"move:{ID}")
COLLECT = Button("Nhờ người khác nhận", f"collect:{ID}")
SUBMITTED = (
    "Hồ sơ đã tới bộ phận một cửa lúc 8 giờ, Thứ Hai 23/11/2026, chưa được tiếp nhận chính thức.\n\n"
    f"Thủ tục: {TITLE}\nMã theo dõi: {SHOWN}\n{DESK} trả lời chậm nhất 8 giờ, Thứ Tư 25/11/2026.\n\n"
)


@pytest.mark.parametrize(
    ("decision", "view", "words", "buttons"),
    [
        (
            Submit(),
            VIEW,
            SUBMITTED + "Giữ mã theo dõi để xem hồ sơ ở bất cứ đâu. Có tin mới, bạn được báo ngay tại đây.",
            (OPEN,),
        ),
        (
            Supplement(("ly-hon",)),
            VIEW,
            f"Đã nhận phần bổ sung của hồ sơ {TITLE}, mã {SHOWN}.\n{DESK} trả lời chậm nhất 8 giờ, Thứ Tư 25/11/2026.",
            (OPEN,),
        ),
        (
            Supplement(("ly-hon",)),
            ACCEPTED,
            (
                f"Đã nhận phần bổ sung của hồ sơ {TITLE}, mã {OFFICIAL}.\n"
                "Cán bộ xử lý tiếp. Ngày hẹn trả: Thứ Sáu 27/11/2026."
            ),
            (OPEN,),
        ),
        (
            Withdraw(),
            VIEW,
            (
                f"Đã rút hồ sơ {TITLE}, mã {SHOWN}. Cán bộ không xử lý hồ sơ này nữa.\n"
                "Cần làm lại, bạn nộp hồ sơ mới bất cứ lúc nào."
            ),
            (OPEN, AGAIN, Button("Về đầu", "menu")),
        ),
        (
            Accept(),
            ACCEPTED,
            (
                f"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ\n\nThủ tục: {TITLE}\nSố hồ sơ: {OFFICIAL}\n"
                f"Nơi tiếp nhận: {DESK}\nCán bộ tiếp nhận: Lê Thị Hoa\nNgày hẹn trả: Thứ Sáu 27/11/2026\n"
                f"Lệ phí: 10.000 đồng, cán bộ xác nhận\n\nKhi đến nhận kết quả:\n{BRING}"
            ),
            (OPEN,),
        ),
        (
            AskMore((Fault("ly-hon", "Ảnh mờ, khó đọc"), Fault("spouse-sex", "Khai chưa đầy đủ"))),
            VIEW,
            (
                f"Hồ sơ {TITLE}, mã {SHOWN}, cần bổ sung 2 mục:\n\n1. Bản án ly hôn\n   Lý do: Ảnh mờ, khó đọc\n"
                "2. Giới tính (Người dự định kết hôn)\n   Lý do: Khai chưa đầy đủ\n\n"
                "Bạn chỉ gửi lại đúng những mục này, phần khác giữ nguyên.\nCán bộ: Lê Thị Hoa"
            ),
            (Button("Bổ sung ngay", f"fix:{ID}"), CALL),
        ),
        (
            Refuse("Nộp tại nơi thường trú {xã}"),
            VIEW,
            (
                f"Hồ sơ {TITLE}, mã {SHOWN}, không được tiếp nhận giải quyết.\n\n"
                "Lý do: Nộp tại nơi thường trú {xã}\n\n"
                f"Chưa rõ hoặc không đồng ý, bạn bấm «Gặp cán bộ» hoặc đến {PLACE}.\nCán bộ: Lê Thị Hoa"
            ),
            (CALL, AGAIN),
        ),
        (
            Refuse("Nộp ở nơi khác", "Công an xã"),
            VIEW,
            (
                f"Hồ sơ {TITLE}, mã {SHOWN}, không được tiếp nhận giải quyết.\n\n"
                "Lý do: Nộp ở nơi khác\nNơi nộp đúng: Công an xã\n\n"
                f"Chưa rõ hoặc không đồng ý, bạn bấm «Gặp cán bộ» hoặc đến {PLACE}.\nCán bộ: Lê Thị Hoa"
            ),
            (CALL, AGAIN),
        ),
        (
            Invite(SOON),
            VIEW,
            (
                f"Mời bạn đến gặp cán bộ Lê Thị Hoa về hồ sơ {TITLE}, mã {SHOWN}.\n\n"
                f"Thời gian: 9 giờ, Thứ Tư 25/11/2026\nĐịa điểm: {PLACE}\n\n{BRING}"
            ),
            (OPEN, MOVE, CALL),
        ),
        (
            Forward("Sở Nội vụ"),
            ACCEPTED,
            (
                f"Hồ sơ {TITLE}, mã {OFFICIAL}, đã được chuyển tới: Sở Nội vụ.\n\n"
                "Nơi đó xem xét và quyết định; xã không hứa trước kết quả. Có trả lời, bạn được báo ngay tại đây."
            ),
            (OPEN,),
        ),
        (
            Done(SOON),
            ACCEPTED,
            (
                f"Hồ sơ {TITLE}, mã {OFFICIAL}, đã có kết quả.\n\nMời bạn đến nhận: từ 9 giờ, Thứ Tư 25/11/2026\n"
                f"Địa điểm: {PLACE}\nLệ phí: 10.000 đồng, cán bộ xác nhận\n\n{BRING}"
            ),
            (OPEN, MOVE, COLLECT, CALL),
        ),
        (
            HandOver(("Căn cước",)),
            ACCEPTED,
            f"Đã trả kết quả hồ sơ {TITLE}, mã {OFFICIAL}. Cảm ơn bạn! Cần làm thủ tục khác, bạn cứ nhắn ở đây.{ASKED}",
            STARS,
        ),
        (
            SendBack("Bản chính không khớp"),
            ACCEPTED,
            (
                f"Hồ sơ {TITLE}, mã {OFFICIAL}, chưa trả được kết quả.\n\nLý do: Bản chính không khớp\n\n"
                "Cán bộ xử lý tiếp và sẽ hẹn lại bạn tại đây."
            ),
            (OPEN, CALL),
        ),
        (
            Stop("Quá hạn bổ sung"),
            ACCEPTED,
            (
                f"Hồ sơ {TITLE}, mã {OFFICIAL}, dừng giải quyết.\n\nLý do: Quá hạn bổ sung\n\n"
                f"Chưa rõ hoặc không đồng ý, bạn bấm «Gặp cán bộ» hoặc đến {PLACE}.\nCán bộ: Lê Thị Hoa"
            ),
            (Button("Làm lại từ hồ sơ này", f"again:{ID}"), CALL),
        ),
    ],
    ids=lambda value: type(value).__name__ if type(value).__module__ == "domain.dossier" else "",
)
def test_every_decision(decision: Decision, view: DossierView, words: str, buttons: tuple[Button, ...]) -> None:
    said = notices.notice(decision, view, OFFICE, procedure(), "Lê Thị Hoa")
    assert (said.text, said.buttons) == (words, buttons)


@pytest.mark.parametrize(
    ("intake", "words"),
    [
        (
            "collect-then-appointment",
            "Việc này cần người nộp có mặt: cán bộ xem giấy tờ trước rồi hẹn ngày giờ đến gặp.",
        ),
        (
            "collect-and-forward",
            "Xã nhận hồ sơ rồi chuyển tới nơi có thẩm quyền: Sở Nội vụ. Nơi đó quyết định, xã không hứa trước kết quả.",
        ),
        (
            "collective-intake",
            "Hồ sơ này do thôn, đoàn thể hoặc đơn vị đứng ra nộp. Cán bộ sẽ trao đổi với người đại diện tại đây.",
        ),
        (
            "info",
            "Việc này không làm trọn qua trò chuyện được: cán bộ sẽ hẹn ngày giờ đến gặp để hướng dẫn.",
        ),
    ],
)
def test_each_way_of_intake_says_what_comes_next(intake: str, words: str) -> None:
    said = notices.notice(Submit(), VIEW, OFFICE, procedure(intake=intake, authority="Sở Nội vụ"))
    assert said.text == SUBMITTED + words


@pytest.mark.parametrize(
    ("counts_from", "words"),
    [
        (VIEW.submitted_at, f"{DESK} trả lời chậm nhất 8 giờ, Thứ Tư 25/11/2026."),
        (
            SOON,
            (
                f"{DESK} trả lời chậm nhất 8 giờ, Thứ Tư 25/11/2026."
                " Bạn nộp ngoài giờ làm việc nên tính từ 9 giờ, Thứ Tư 25/11/2026."
            ),
        ),
    ],
)
def test_outside_working_hours_the_citizen_reads_when_the_clock_starts(counts_from: datetime, words: str) -> None:
    said = notices.notice(Submit(), VIEW, OFFICE, procedure(), counts_from=counts_from)
    assert said.text.splitlines()[4] == words


def test_what_another_authority_decides_is_promised_on_no_day() -> None:
    forwarded = procedure(intake="collect-and-forward", authority="Sở Nội vụ", fee={"amount_vnd": 0, "note": ""})
    said = notices.notice(Accept(), ACCEPTED, OFFICE, forwarded, "Lê Thị Hoa")
    assert said.text.splitlines()[6:9] == [
        "Xã chuyển hồ sơ tới: Sở Nội vụ",
        "Thời hạn theo quy định: 3 ngày làm việc. Nơi đó quyết định, xã không hứa trước kết quả.",
        "Lệ phí: không thu",
    ]
    done = notices.notice(Done(SOON), ACCEPTED, OFFICE, forwarded, "Lê Thị Hoa")
    assert done.text.splitlines()[0] == f"Đã có trả lời về hồ sơ {TITLE}, mã {OFFICIAL}, từ: Sở Nội vụ."


def test_what_is_not_known_is_left_to_the_officer() -> None:
    vague = procedure(unknown=["fee", "processing"], originals=[])
    said = notices.notice(Accept(), replace(ACCEPTED, due_at=None), OFFICE, vague, "")
    assert said.text.splitlines()[5:] == [
        f"Cán bộ tiếp nhận: {DESK}",
        "Ngày hẹn trả: cán bộ sẽ báo",
        "Lệ phí: cán bộ sẽ xác nhận",
        "",
        "Khi đến nhận kết quả:",
        "Mang theo giấy tờ tùy thân.",
    ]


def test_the_clerks_own_promise_is_called_so() -> None:
    said = notices.notice(Accept(4), ACCEPTED, OFFICE, procedure(unknown=["processing"]), "Lê Thị Hoa")
    assert said.text.splitlines()[6] == "Ngày hẹn trả: Thứ Sáu 27/11/2026 (do cán bộ hẹn)"


@pytest.mark.parametrize("intake", ["full", "collect-and-forward"])
def test_moving_the_hour_tells_old_and_new(intake: str) -> None:
    done, invited = (
        notices.notice(decision, ACCEPTED, OFFICE, procedure(intake=intake), "Lê Thị Hoa", before=NOW).text
        for decision in (Done(SOON), Invite(SOON))
    )
    assert done == (
        f"Giờ đến nhận kết quả hồ sơ {TITLE}, mã {OFFICIAL}, đã đổi.\n\n"
        "Giờ cũ: từ 9 giờ, Thứ Hai 23/11/2026\nGiờ mới: từ 9 giờ, Thứ Tư 25/11/2026\n"
        f"Địa điểm: {PLACE}\nLệ phí: 10.000 đồng, cán bộ xác nhận\n\n{BRING}"
    )
    assert invited == (
        f"Giờ hẹn gặp cán bộ Lê Thị Hoa về hồ sơ {TITLE}, mã {OFFICIAL}, đã đổi.\n\n"
        "Giờ cũ: 9 giờ, Thứ Hai 23/11/2026\nGiờ mới: 9 giờ, Thứ Tư 25/11/2026\n"
        f"Địa điểm: {PLACE}\n\n{BRING}"
    )


def test_the_same_hour_again_is_no_change() -> None:
    said = notices.notice(Done(SOON), ACCEPTED, OFFICE, procedure(), before=SOON)
    assert said.text.splitlines()[0] == f"Hồ sơ {TITLE}, mã {OFFICIAL}, đã có kết quả."


@pytest.mark.parametrize(
    ("fee", "confidence", "words"),
    [
        ({"amount_vnd": 8000, "note": ""}, "high", "8.000 đồng, cán bộ xác nhận"),
        ({"amount_vnd": 8000, "note": "", "per": "copies"}, "high", "8.000 đồng mỗi bản, cán bộ xác nhận"),
        ({"amount_vnd": 0, "note": ""}, "high", "không thu"),
        (
            {"amount_vnd": 10000, "note": ""},
            "medium",
            "10.000 đồng (theo nghị quyết của HĐND tỉnh, cán bộ xác nhận)",
        ),
        ({"amount_vnd": 10000, "note": ""}, "low", "cán bộ sẽ xác nhận"),
        ({"note": ""}, "high", "cán bộ sẽ xác nhận"),
        (
            {"note": "", "items": [{"case": "Dưới 14 tuổi", "amount_vnd": 10000}]},
            "high",
            "tùy trường hợp, cán bộ xác nhận",
        ),
    ],
)
def test_fees_are_quoted_as_far_as_they_are_sure(fee: object, confidence: str, words: str) -> None:
    sure = dict.fromkeys(("status", "code", "papers", "processing", "questions"), "high")
    assert notices.fee_words(procedure(fee=fee, confidence={**sure, "fee": confidence})) == words


def test_the_time_for_a_supplement_is_told_where_it_is_known() -> None:
    limited = procedure(processing={"text": "", "same_day": False, "working_days": 3, "supplement_working_days": 7})
    said = notices.notice(AskMore((Fault("ly-hon", "mờ"),)), VIEW, OFFICE, limited, "Lê Thị Hoa")
    assert said.text.splitlines()[-2:] == ["Hạn bổ sung: 7 ngày làm việc.", "Cán bộ: Lê Thị Hoa"]


def test_at_a_death_nothing_sounds_cheerful() -> None:
    death = procedure(id="dang-ky-lai-khai-tu")
    assert notices.notice(HandOver(()), VIEW, OFFICE, death).text == (
        f"Đã trả kết quả hồ sơ {TITLE}, mã {SHOWN}. Gia đình cần thêm giấy tờ nào, cứ nhắn ở đây."
        "\n\nKhi nào tiện, gia đình cho biết việc phục vụ lần này ra sao (không bắt buộc)."
    )


PROCEDURES = tuple(load().procedures.values())


@pytest.mark.parametrize("real", PROCEDURES, ids=lambda p: p.id)
def test_every_procedure_has_words_for_every_decision(real: Procedure) -> None:
    all_faults = AskMore(tuple(Fault(key, "mờ") for key in [p.key for p in real.papers]))
    decisions: tuple[Decision, ...] = (
        Submit(),
        Accept(),
        all_faults,
        Invite(SOON),
        Forward(real.authority),
        Done(SOON),
        HandOver(real.originals),
    )
    said = [notices.notice(decision, ACCEPTED, OFFICE, real, "Lê Thị Hoa") for decision in decisions]
    text = "\n".join(message.text for message in said)
    assert [sign for sign in ("None", "{", "🎉", "😊") if sign in text] == []
    assert notices.grieving(real.id) is ("khai-tu" in real.id or "mai-tang" in real.id)
    assert ("Cảm ơn" in text) is not notices.grieving(real.id)


def test_one_who_asks_for_themselves_is_not_named() -> None:
    assert notices.title(replace(VIEW, applicant="self")) == "Xác nhận tình trạng hôn nhân"


def test_a_correction_shows_old_and_new() -> None:
    view = replace(VIEW, correction=Want("name", "Nguyễn Văn Ân"), correction_old="Nguyễn Văn An")
    said = notices.correction(view, procedure(), "Lê Thị Hoa")
    assert said.text == (
        f"Cán bộ Lê Thị Hoa đề nghị sửa một mục trong hồ sơ {TITLE}, mã {SHOWN}:\n\n"
        "Họ và tên\nBạn đã khai: Nguyễn Văn An\nSửa thành: Nguyễn Văn Ân\n\nChỉ sửa khi bạn đồng ý."
    )
    assert said.buttons == (Button("Đồng ý", f"fixok:{ID}"), Button("Không đồng ý", f"fixno:{ID}"))
    unsaid = notices.correction(replace(view, correction_old=""), procedure(), "Lê Thị Hoa")
    assert unsaid.text.splitlines()[3] == "Bạn đã khai: (chưa khai)"


def test_a_talk_is_opened_held_and_closed_under_the_officers_name() -> None:
    opened, said, sent, closed = (
        notices.talk_opened("Lê Thị Hoa"),
        notices.answered("Lê Thị Hoa", "Chào bạn"),
        notices.answered("Lê Thị Hoa", "", PHOTO),
        notices.talk_closed(),
    )
    assert opened.text == (
        "Cán bộ Lê Thị Hoa đã vào trao đổi với bạn. Bạn cứ nhắn, gửi ảnh hoặc ghi âm tại đây; "
        "xong thì bấm «Kết thúc trao đổi»."
    )
    assert opened.buttons == (Button("Kết thúc trao đổi", "endcall"),)
    assert (said.text, said.speaker, said.files) == ("Chào bạn", "Lê Thị Hoa", ())
    assert (sent.text, sent.speaker, sent.files) == ("(gửi kèm tệp)", "Lê Thị Hoa", (PHOTO,))
    assert closed.text == "Cuộc trao đổi với cán bộ đã kết thúc. Cần gì thêm, bạn cứ gõ vào đây."
    assert closed.buttons == (Button("Về đầu", "menu"),)


def test_the_timeline_tells_what_happened_and_what_comes() -> None:
    steps = (
        Step(NOW - timedelta(hours=1), "submit", "submitted"),
        Step(NOW, "claim", "submitted"),
        Step(NOW, "refuse", "refused", "Nộp tại nơi thường trú"),
    )
    assert notices.timeline(replace(VIEW, steps=steps, status="refused")) == (
        "8 giờ, Thứ Hai 23/11/2026\nĐã nộp tới bộ phận một cửa\n"
        "9 giờ, Thứ Hai 23/11/2026\nKhông được tiếp nhận: Nộp tại nơi thường trú\n"
        "Hồ sơ đã khép lại."
    )


def test_the_timeline_calls_a_moved_hour_so() -> None:
    steps = tuple(Step(NOW, decision, to) for decision, to in (("done", "done"), ("done", "done")))
    words = notices.timeline(replace(ACCEPTED, steps=steps, status="done", appointment_at=SOON)).splitlines()
    assert words[1:4:2] == ["Đã có kết quả", "Đổi giờ hẹn"]


@pytest.mark.parametrize(
    ("view", "forwards", "words"),
    [
        (
            VIEW,
            False,
            "Hiện nay: chưa được tiếp nhận chính thức, cán bộ trả lời chậm nhất 8 giờ, Thứ Tư 25/11/2026.",
        ),
        (replace(VIEW, status="incomplete"), False, "Hiện nay: chờ bạn bổ sung."),
        (replace(VIEW, status="pending"), False, "Hiện nay: chờ bạn bổ sung."),
        (ACCEPTED, False, "Hiện nay: đang xử lý, hẹn trả Thứ Sáu 27/11/2026."),
        (
            replace(ACCEPTED, due_at=None),
            False,
            "Hiện nay: đang xử lý, cán bộ sẽ báo ngày trả.",
        ),
        (ACCEPTED, True, "Hiện nay: đang chuẩn bị chuyển nơi có thẩm quyền."),
        (
            replace(VIEW, status="invited", appointment_at=SOON),
            False,
            "Hiện nay: chờ bạn đến gặp lúc 9 giờ, Thứ Tư 25/11/2026.",
        ),
        (replace(VIEW, status="forwarded"), True, "Hiện nay: nơi có thẩm quyền đang xem xét."),
        (
            replace(VIEW, status="done", appointment_at=SOON),
            False,
            "Hiện nay: chờ bạn đến nhận từ 9 giờ, Thứ Tư 25/11/2026.",
        ),
        (replace(VIEW, status="handed-over"), False, "Hồ sơ đã xong."),
        (replace(VIEW, status="withdrawn"), False, "Hồ sơ đã khép lại."),
    ],
)
def test_where_a_dossier_stands(view: DossierView, forwards: bool, words: str) -> None:  # noqa: FBT001 - a table
    assert notices.standing_words(view, forwards=forwards) == words
