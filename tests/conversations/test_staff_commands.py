"""What officers type and what leads nowhere: codes, lists, searching, absence, words out of place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations.messages import Edited, FileSent, Pressed, Started, TextSent, TimeCame, Unsupported
from conversations.render import text
from conversations.staff_state import (
    CallFile,
    InviteOfficer,
    LeaveGroup,
    MakeGroupCode,
    MarkAbsent,
    ShowPapers,
    StaffTalk,
)
from tests.conversations.desk_world import (
    BINH,
    CODE,
    HEAD,
    HOA,
    ID,
    NOW,
    PHOTO,
    SHOWN,
    Desk,
    dossier,
    labels,
    values,
)

MORNING = NOW.replace(hour=7, minute=30) + timedelta(days=2)
NO = "Thôi"
MINE = dossier(owner=HOA)
DONE = dossier(owner=HOA, status="done", official_code="H27.XX.YY-261123-0001", appointment_at=MORNING)


@pytest.mark.parametrize(
    "typed",
    ["/hoso 4ada-fp6r-ypa97", "hồ sơ 4ADA FP6R YPA97", "4ADA-FP6R-YPA97", "xem giúp 4ADAFP6RYPA97 với"],
)
def test_a_code_opens_its_dossier(typed: str) -> None:
    [card] = Desk(MINE).type(HOA, typed)
    assert card.text.splitlines()[:3] == [
        "🟢 Xác nhận tình trạng hôn nhân",
        f"Mã theo dõi {SHOWN}",
        "Chờ kiểm tra",
    ]
    assert labels([card]) == ["Tiếp nhận", "Yêu cầu bổ sung", "Từ chối", "Xem giấy tờ", "Việc khác…"]


ACCEPTED = replace(
    MINE,
    id="other0other0other",
    tracking_code="RP3YFP6RYPA44",
    status="accepted",
    official_code="H27.XX.YY-261123-0001",
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("/hoso 4ada", SHOWN),
        ("hồ sơ pa97", SHOWN),
        ("4ADA-FP6R", SHOWN),
        ("ypa 97", SHOWN),
        ("4ADAFP6RYPA9", SHOWN),  # the last one left out
        ("rp3y", ACCEPTED.official_code),
        ("/hoso 0001", ACCEPTED.official_code),
        ("261123-0001", ACCEPTED.official_code),
    ],
)
def test_the_beginning_or_the_end_of_a_code_opens_its_dossier(typed: str, code: str) -> None:
    desk = Desk(MINE, ACCEPTED)
    desk.type(HOA, "/tim hôn nhân")  # its two buttons are not meant by 0001
    [card] = desk.type(HOA, typed)
    assert code in card.text.splitlines()[1]


def test_a_part_that_fits_several_dossiers_lists_them() -> None:
    desk = Desk(MINE, replace(ACCEPTED, tracking_code="4ADAFP6RYPA44"))
    [shown] = desk.type(HOA, "4ada")
    assert shown.text.split("\n\n")[0] == "Mã bắt đầu hoặc kết thúc bằng «4ADA»: 2 hồ sơ"
    assert labels([shown]) == [f"1. {SHOWN}", f"2. {ACCEPTED.official_code}"]
    [card] = desk.type(HOA, "2")
    assert ACCEPTED.official_code in card.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/hoso 7777", "Không có hồ sơ nào của đơn vị bạn có mã bắt đầu hoặc kết thúc bằng «7777»."),
        ("/hoso FP6R", "Không có hồ sơ nào của đơn vị bạn có mã bắt đầu hoặc kết thúc bằng «FP6R»."),
        ("/hoso 97", "Không thấy hồ sơ này ở đơn vị của bạn."),
        ("7777", "Bot chưa hiểu tin này."),
        ("trang", "Bot chưa hiểu tin này."),
    ],
)
def test_a_part_of_no_code_gets_a_sentence(typed: str, words: str) -> None:
    [answer] = Desk(MINE, ACCEPTED).type(HOA, typed)
    assert answer.text.startswith(words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            "4ADA-FP6R-YPA96",
            "Mã chưa đúng, xem lại từng chữ giúp nhé. Mã theo dõi có 13 chữ và số, như K7P4-9XTM-3WHAC.",
        ),
        ("/hoso H27.XX.YY-261123-0009", "Không thấy hồ sơ này ở đơn vị của bạn. Xem lại mã, hoặc gõ /tim để tìm."),
        ("/hoso", "Mở hồ sơ nào? Gõ /hoso rồi mã hồ sơ."),
        ("/tim", "Tìm gì? Gõ /tim rồi tên người nộp, tên thủ tục hoặc mã."),
        ("/tim không ai cả", "Không thấy hồ sơ nào hợp với «không ai cả»."),
        ("quá hạn", "Không có hồ sơ nào quá hạn."),
        ("/thoi", "Không có việc nào đang làm dở."),
        ("/vang Tèo", "Không rõ là ai. Ghi họ tên như trong danh sách: Lê Thị Hoa, Trần Văn Bình, Phạm Thị Lan."),
        ("/vang Bình", "Việc này chỉ lãnh đạo làm được."),
        ("\u200b", "Tin này không có chữ nào. Gõ lời nhắn hoặc bấm một nút."),
        (
            "hôm nay trời đẹp",
            (
                "Bot chưa hiểu tin này. Muốn nhắn cho người dân, trả lời (reply) đúng thẻ hồ sơ. "
                "Muốn mở hồ sơ, gõ mã của hồ sơ."
            ),
        ),
    ],
)
def test_words_that_lead_nowhere_get_a_sentence(typed: str, words: str) -> None:
    desk = Desk(MINE)
    [answer] = desk.type(HOA, typed)
    assert (answer.text, desk.effects) == (words, [])


@pytest.mark.parametrize("typed", ["/homnay", "hôm nay", "HOM NAY", "/homnay@motcua_bot"])
def test_todays_list(typed: str) -> None:
    [shown] = Desk(MINE).type(HOA, typed)
    assert shown.text == (
        "Việc cần làm hôm nay: 1 hồ sơ\n\n"
        f"1. 🟢 {SHOWN} · Xác nhận tình trạng hôn nhân · "
        "Trả lời chậm nhất 8 giờ, Thứ Tư 25/11/2026 · Người giữ việc: Lê Thị Hoa"
    )
    assert (values([shown]), labels([shown])) == ([f"d:open:{ID}"], [f"1. {SHOWN}"])


UNHAPPY = CallFile(
    "call0call0call0c", "Đánh giá: Không hài lòng", NOW, "son-tien", dossier=ACCEPTED.tracking_code, rating=True
)


def test_who_was_not_satisfied_stands_first_on_the_heads_list() -> None:
    desk = Desk(MINE, ACCEPTED, calls=[UNHAPPY])
    [shown] = desk.type(HEAD, "/homnay")
    assert shown.text.startswith(
        "Việc cần làm hôm nay: 1 hồ sơ\nNgười dân chưa hài lòng, chờ bạn trả lời: 1\n\n"
        f"1. ☎ RP3Y-FP6R-YPA44 · Đánh giá: Không hài lòng\n\n2. 🟢 {SHOWN}"
    )
    assert values([shown]) == [f"c:open:{UNHAPPY.id}", f"d:open:{ID}"]
    [card] = desk.type(HEAD, "1")
    assert (card.text.splitlines()[0], labels([card])) == (
        "☎ Người dân chưa hài lòng, cần nhắn hoặc gọi lại",
        ["Nhắn người dân", "Đã gọi điện"],
    )
    assert "chưa hài lòng" not in desk.type(HOA, "/homnay")[0].text
    answered = Desk(ACCEPTED, calls=[replace(UNHAPPY, answered=True)])
    assert answered.type(HEAD, "/homnay")[0].text == "Hôm nay không có hồ sơ nào cần làm gấp."


def test_a_long_list_says_how_many_are_left_out() -> None:
    many = [replace(MINE, id=f"{n:016}", tracking_code=f"{CODE[:9]}{n:04}") for n in range(33)]
    [shown] = Desk(*many).type(HOA, "/cuatoi")
    assert shown.text.startswith("Việc bạn đang giữ: 33 hồ sơ")
    assert shown.text.endswith("…và 3 hồ sơ nữa. Làm bớt rồi xem lại, hoặc tìm bằng /tim.")
    assert shown.text.count(" · Chờ kiểm tra · ") == 30


def test_of_ones_own_what_waits_for_the_citizen_comes_last() -> None:
    waiting = replace(ACCEPTED, status="done", owner=HOA)
    [shown] = Desk(waiting, MINE).type(HOA, "/cuatoi")
    assert values([shown]) == [f"d:open:{ID}", f"d:open:{waiting.id}"]


@pytest.mark.parametrize("typed", ["/cuatoi", "việc của tôi"])
def test_ones_own_dossiers_are_listed(typed: str) -> None:
    desk = Desk(MINE)
    [shown] = desk.type(HOA, typed)
    assert shown.text == (
        f"Việc bạn đang giữ: 1 hồ sơ\n\n1. 🟢 {SHOWN} · Xác nhận tình trạng hôn nhân · "
        "Chờ kiểm tra · Trả lời chậm nhất 8 giờ, Thứ Tư 25/11/2026"
    )
    [nothing] = desk.says(BINH, Pressed("s:mine:me"))
    assert nothing.text == "Bạn không giữ hồ sơ nào đang làm. Xem việc chưa ai nhận: /homnay."


def test_somebody_elses_dossier_is_shown_without_buttons() -> None:
    desk = Desk(MINE)
    [shown] = desk.press(BINH, "open")
    assert (shown.text.splitlines()[-1], shown.buttons) == ("Người giữ việc: Lê Thị Hoa", ())
    assert desk.press(HEAD, "open")[0].buttons
    [menu] = desk.press(BINH, "menu")
    assert menu.text.startswith("Hồ sơ này do Lê Thị Hoa giữ.")


def test_a_mistyped_command_is_named_as_such() -> None:
    unknown, known = Desk(MINE).type(HOA, "/homay")
    assert (unknown.text, known.text.splitlines()[0]) == ("Không có lệnh này.", "Việc của bạn ở đây:")


@pytest.mark.parametrize(
    ("typed", "words"),
    [("/tim nguyen van", "nguyen van"), ("tìm Nguyễn Văn An", "Nguyễn Văn An"), ("/TIM hôn nhân", "hôn nhân")],
)
def test_searching(typed: str, words: str) -> None:
    [shown] = Desk(MINE).type(HOA, typed)
    assert shown.text == (
        f"Tìm «{words}»: 1 hồ sơ\n\n1. 🟢 {SHOWN} · Xác nhận tình trạng hôn nhân · Nguyễn Văn An · "
        "Chờ kiểm tra · Người giữ việc: Lê Thị Hoa"
    )


def test_absence_is_marked_for_oneself_or_by_the_head() -> None:
    desk = Desk(MINE)
    desk.type(HOA, "/vang")
    desk.type(HOA, "có mặt")
    desk.type(HEAD, "/vang binh")
    desk.type(HEAD, "/comat Trần Văn Bình")
    assert desk.effects == [
        MarkAbsent(HOA.id, True),
        MarkAbsent(HOA.id, False),
        MarkAbsent(BINH.id, True),
        MarkAbsent(BINH.id, False),
    ]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Unsupported("sticker"), "Bot không dùng được loại tin này. Bạn gõ chữ, gửi ảnh hoặc tệp PDF."),
        (Unsupported("empty-file"), "Tệp này trống. Bạn gửi lại tệp khác."),
        (Unsupported("too-large"), "Tệp này lớn quá. Bạn gửi tệp nhỏ hơn."),
        (FileSent(PHOTO), "Tệp này gửi cho ai? Bạn trả lời (reply) đúng thẻ hồ sơ khi gửi tệp."),
        (
            Edited("khác"),
            "Tin đã gửi thì người dân đã nhận, sửa lại không đổi được. Cần đính chính, bạn trả lời thẻ bằng tin mới.",
        ),
        (Pressed("accept:4711"), "Nút này không còn dùng được. Gõ /homnay để xem việc cần làm."),
        (Pressed(f"d:dance:{ID}"), "Nút này không còn dùng được. Gõ /homnay để xem việc cần làm."),
        (Pressed(f"d:tick:{ID}:p99"), "Nút này không còn dùng được. Gõ /homnay để xem việc cần làm."),
        (Pressed("c:end:unknown"), "Nút này không còn dùng được. Gõ /homnay để xem việc cần làm."),
        (Pressed("d:accept:elsewhere"), "Không thấy hồ sơ này ở đơn vị của bạn. Xem lại mã, hoặc gõ /tim để tìm."),
        (
            Pressed(f"d:send:{ID}"),
            f"Không có gì đang chờ gửi cho hồ sơ {SHOWN}. Làm lại từ thẻ hồ sơ.",
        ),
        (TextSent("x" * 4000, "message-1"), "Tin dài quá 3500 chữ. Bạn chia nhỏ rồi gửi lại."),
    ],
)
def test_what_cannot_be_used_gets_a_sentence(event: object, words: str) -> None:
    desk = Desk(MINE)
    [answer] = desk.says(HOA, event)  # type: ignore[arg-type]
    assert (answer.text, desk.effects) == (words, [])


def test_our_own_events_are_no_words_of_an_officer() -> None:
    assert Desk().says(HOA, TimeCame("held", ID)) == ()


def test_the_first_words_explain() -> None:
    [shown] = Desk().says(HOA, Started())
    assert (shown.text.splitlines()[0], labels([shown])) == (
        "Việc của bạn ở đây:",
        ["Hôm nay", "Việc của tôi", "Quá hạn", "Nhận hồ sơ tại bàn"],
    )


def test_a_screen_can_always_be_left() -> None:
    for action in ("more", "refuse", "invite", "menu", "pass", "fix", "answer"):
        desk = Desk(MINE)
        assert labels(desk.press(HOA, action))[-1] == NO
        [left] = desk.type(HOA, "thôi")
        assert (left.text, desk.talks[HOA.id]) == ("Đã thôi, hồ sơ giữ nguyên.", StaffTalk())


def test_a_very_long_reason_keeps_the_place() -> None:
    desk = Desk(MINE)
    desk.press(HOA, "refuse")
    [answer] = desk.type(HOA, "dài " * 2500)
    assert (answer.text, desk.talks[HOA.id].screen) == ("Tin dài quá 500 chữ. Bạn chia nhỏ rồi gửi lại.", "why")


def test_papers_are_shown_to_whoever_works_on_them() -> None:
    desk = Desk(MINE)
    desk.press(HOA, "papers")
    assert desk.effects == [ShowPapers(ID)]


def test_the_twin_opens_by_its_code() -> None:
    older = replace(MINE, id="older0older0older", tracking_code="3333333333333", owner=BINH)
    desk = Desk(replace(MINE, twin=CODE), older)
    [card] = desk.says(HOA, Pressed("d:open:3333333333333"))
    assert card.text.splitlines()[-1] == "Người giữ việc: Trần Văn Bình"


def test_invitations_and_groups_are_the_heads() -> None:
    desk = Desk()
    for words in ("/moi Lê Thị Hoa", "/moi", "/nhom", "/roinhom"):
        assert [message.text for message in desk.type(HOA, words)] == [text("not-allowed.head-only")]
    assert desk.effects == []
    for words in ("/moi binh", "/moi", "/Nhom", "/nhóm@motcua_bot", "/roinhom"):
        assert desk.type(HEAD, words) == ()
    invited = [InviteOfficer(BINH.id), InviteOfficer(HEAD.id)]
    assert desk.effects == [*invited, MakeGroupCode(), MakeGroupCode(), LeaveGroup()]
    assert "Lê Thị Hoa, Trần Văn Bình" in desk.type(HEAD, "/moi ai đó")[0].text
    assert "/nhom abc-DEF_1" in desk.type(HOA, "/nhom abc-DEF_1")[0].text
    assert "Bot chưa hiểu" in desk.type(HEAD, "nhóm")[0].text  # people begin sentences with such words


def test_the_head_is_told_of_the_heads_commands() -> None:
    assert "/moi" not in Desk().type(HOA, "/trogiup")[0].text
    assert "/moi" in Desk().type(HEAD, "/trogiup")[0].text
