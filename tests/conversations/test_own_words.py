"""Free words about one's own dossier lead to its screen; words about a procedure go where they always went."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations import own_answers
from conversations.closure import ClosureView
from conversations.effects import AnswerShown, BookSlot, NameCollector
from conversations.messages import File, FileSent, Pressed
from conversations.money_state import WishPost
from conversations.state import Collector, CoSigner, Draft, Want
from domain.fees import Charge
from tests.conversations.test_appointment import BOOK, ID, at, waiting
from tests.conversations.world import World, catalogue

DUE = Charge(16_000, "MC23456789")
PAID = replace(DUE, state="paid", paid_vnd=16_000)
PHOTO = FileSent(File("f", "image/jpeg", 9))


def under_way(status: str = "accepted", **changes: object) -> World:
    """Somebody with one dossier, nothing to be collected yet."""
    return waiting(status=status, appointment_at=None, **changes)[0]


def two() -> World:
    world, first = waiting()
    world.dossiers.append(replace(first, id="b" * 16, procedure_name="Đăng ký khai sinh"))
    return world


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("doi gio", "appointment.days"),
        ("toi muon doi gio hen", "appointment.days"),
        ("cho tôi dời lịch với", "appointment.days"),
        ("toi ban khong den duoc", "own.absent"),
        ("mai tôi bận rồi", "own.absent"),
        ("nho con trai di lay ho duoc khong", "collector.ask-name"),
        ("Nhờ người khác nhận", "collector.ask-name"),
        ("gui ve nha duoc khong", "post.address"),
        ("nhan qua buu dien", "post.address"),
        ("mang theo giay to gi", "own.bring"),
        ("den dau lay", "own.bring"),
        ("bao gio lay duoc", "own.ready"),
        ("khi mô xong rứa", "own.ready"),
        ("nop tien o dau", "own.fee-later"),
        ("da chuyen tien roi", "own.paid-nothing"),
        ("co that khong hay lua dao", "own.trust"),
        ("toi quen ma nhan", "track.mine"),
        ("toi khong di duoc dang de tang", "own.absent"),
        ("giấy ấy còn mất bao lâu nữa", "own.ready"),
        ("chieu mai 3h toi den duoc khong", "appointment.full"),
    ],
)
def test_where_a_result_waits_each_wish_has_its_screen(typed: str, key: str) -> None:
    world, _ = waiting()
    assert world.says(typed) == (key,)
    assert world.effects == []


@pytest.mark.parametrize("typed", ["doi gio", "toi ban khong den duoc", "nho nguoi khac nhan", "mang theo gi"])
def test_without_an_appointment_that_is_said(typed: str) -> None:
    assert under_way().says(typed) == ("own.no-visit",)


@pytest.mark.parametrize("typed", ["doi gio", "nop tien o dau", "da chuyen tien roi", "bao gio xong", "bo sung gi"])
def test_who_has_handed_in_nothing_is_not_told_of_a_dossier(typed: str) -> None:
    world = World(consents=("handle", "no-notify"))
    assert not any(key.startswith("own.") for key in world.says(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "xin giấy độc thân bao nhiêu tiền",
        "đăng ký kết hôn mất bao nhiêu tiền",
        "làm căn cước bao nhiêu tiền",
        "làm sổ đỏ bao nhiêu tiền",
        "lam ho chieu bao lau nua co",
    ],
)
def test_a_procedure_that_is_named_comes_first(typed: str) -> None:
    world, _ = waiting()
    assert not any(key.startswith("own.") for key in world.says(typed))


def test_the_new_moment_may_be_said_at_once() -> None:
    world, _ = waiting()
    world.says("doi gio sang thu 5 luc 2 gio chieu")
    assert world.effects == [BookSlot(ID, at(26, 14))]


def test_of_several_dossiers_it_is_asked_which() -> None:
    world = two()
    assert world.says("doi gio") == ("own.which",)
    assert world.labels[1] == "Đăng ký khai sinh"
    world.says("2")
    assert (world.state.talk.screen, world.state.talk.dossier) == ("move", "b" * 16)


@pytest.mark.parametrize(
    ("charge", "typed", "key", "shown"),
    [
        (DUE, "nộp tiền ở đâu", "own.pay-desk", "16.000 đồng, chưa nộp"),
        (DUE, "toi chuyen khoan roi", "own.paid-waits", "đừng chuyển lại"),
        (PAID, "nop tien o dau", "own.fee", "không phải nộp thêm"),
        (PAID, "da chuyen tien roi", "own.paid-came", "16.000 đồng"),
        (replace(PAID, paid_vnd=32_000), "hoan tien cho toi", "own.paid-excess", "thừa 16.000 đồng"),
    ],
)
def test_money_is_answered_by_how_it_stands(charge: Charge, typed: str, key: str, shown: str) -> None:
    world = under_way(charge=charge)
    assert world.says(typed) == (key,)
    assert shown in world.text


def test_what_is_to_be_added_is_shown_and_is_no_procedure() -> None:
    world = under_way("incomplete", wants=(Want("to-khai", "Ảnh mờ"),))
    assert world.says("bo sung cai gi") == ("track.dossier",)


def test_a_photo_that_nobody_asked_for_is_guessed_at() -> None:
    owing = under_way(charge=DUE)
    assert owing.says(PHOTO) == ("own.photo-paid",)
    wanted = under_way("incomplete")
    wanted.stored["c" * 16] = Draft("c" * 16, BOOK, "v", applicant="self", dossier=ID)
    assert wanted.says(PHOTO) == ("own.photo-fix",)
    assert wanted.value("Bổ sung: Cấp bản sao trích lục hộ tịch") == f"resume:{'c' * 16}"
    assert under_way().says(PHOTO)[0] == "misfit.file-nowhere"


# the label of a button under a notice, typed


def test_a_draft_of_the_result_is_answered_by_its_label() -> None:
    world = under_way("drafted")
    world.says("Đúng rồi")
    assert world.effects == [AnswerShown(ID, agreed=True)]
    assert under_way("drafted").says("sai rồi") == ("agree.remark",)


def test_of_two_drafts_none_is_agreed_to_by_choosing() -> None:
    world = under_way("drafted")
    world.dossiers.append(replace(world.dossiers[0], id="b" * 16))
    assert world.says("đúng rồi") == ("own.which",)
    assert world.says("1") == ("track.dossier",)
    assert world.effects == []


@pytest.mark.parametrize("typed", ["dung", "ok", "vâng", "đúng hết rồi"])
def test_what_may_mean_something_else_agrees_to_nothing(typed: str) -> None:
    world = under_way("drafted")
    assert world.says(typed) == ("own.draft",)
    assert world.labels == ["Đúng rồi", "Cần sửa"]
    assert world.effects == []


def test_the_ways_to_pay_may_be_typed() -> None:
    world = under_way(charge=DUE)
    assert world.says("tra khi den nhan") == ("money.at-desk",)
    assert under_way(charge=PAID).says("trả tại quầy") != ("money.at-desk",)


def test_a_dossier_that_ended_begins_again_by_its_label() -> None:
    assert under_way("stopped").says("lam lai tu ho so nay")[0].startswith("agree.again")


# on the screens that ask about one dossier


@pytest.mark.parametrize("typed", ["thôi", "khong", "tôi bấm nhầm", "hủy"])
@pytest.mark.parametrize("head", ["move", "collect", "post"])
def test_who_thinks_better_of_it_is_back_at_the_dossier(head: str, typed: str) -> None:
    world, _ = waiting()
    world.says(Pressed(f"{head}:{ID}"))
    assert world.says(typed) == ("track.dossier",)
    assert world.effects == []


def test_never_mind_is_no_fault_in_the_draft() -> None:
    world = under_way("drafted")
    world.says(Pressed(f"draftno:{ID}"))
    assert world.says("thôi") == ("track.dossier",)
    assert world.effects == []


@pytest.mark.parametrize(
    ("typed", "named"), [("khong", False), ("không đúng", False), ("dung roi", True), ("đúng ạ", True)]
)
def test_yes_and_no_answer_what_is_shown(typed: str, *, named: bool) -> None:
    world, _ = waiting()
    world.says(Pressed(f"collect:{ID}"))
    for given in ("Trần Thị Mai", "0984123456", "1234"):
        world.says(given)
    world.says(typed)
    assert world.effects == ([NameCollector(ID, "Trần Thị Mai", "+84984123456", "1234")] if named else [])
    assert ("collector.ask-name" in world.keys) is not named


def test_yes_to_the_address_and_no() -> None:
    world, _ = waiting()
    world.says(Pressed(f"post:{ID}"))
    for typed in ("Xóm 3, thôn Đông, xã Sơn Tiến", "Lê Thị Hoa", "0984123456"):
        world.says(typed)
    assert world.keys == ("post.confirm",)
    assert world.says("khong") == ("post.address",)
    for typed in ("Xóm 4, thôn Đông, xã Sơn Tiến", "Lê Thị Hoa", "0984123456"):
        world.says(typed)
    world.says("đúng")
    assert world.effects == [WishPost(ID, "Lê Thị Hoa", "+84984123456", "Xóm 4, thôn Đông, xã Sơn Tiến")]


def test_another_wish_is_no_answer_of_the_screen() -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}"))
    assert world.says("mai toi ban khong den duoc") == ("own.absent",)
    world.says(Pressed(f"collect:{ID}"))
    assert world.says("nho nguoi khac nhan") == ("collector.ask-name",)
    assert world.says("gui ve nha duoc khong") == ("post.address",)
    assert world.says("bao gio lay duoc") == ("own.ready",)


@pytest.mark.parametrize("typed", ["con gai toi", "cháu Huy", "tôi", "Mai"])
def test_a_collector_has_a_whole_name(typed: str) -> None:
    world, _ = waiting()
    world.says(Pressed(f"collect:{ID}"))
    assert world.says(typed) == ("wrong.name-missing", "collector.ask-name")


@pytest.mark.parametrize("typed", ["12345678901", "0984 123 456"])
def test_a_number_is_no_address(typed: str) -> None:
    world, _ = waiting()
    world.says(Pressed(f"post:{ID}"))
    assert world.says(typed) == ("post.address-wrong", "post.address")


def test_i_myself_receive_it() -> None:
    world, _ = waiting()
    world.says(Pressed(f"post:{ID}"))
    world.says("Xóm 3, thôn Đông, xã Sơn Tiến")
    assert world.says("tôi") == ("wrong.name-missing", "post.name")  # nothing is known of them yet


def test_a_call_from_a_dossier_s_screen_is_about_it() -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}"))
    assert world.says("gap can bo di") == ("call.opened",)


def test_every_wish_has_an_answer() -> None:
    asked = catalogue().asked.own
    assert set(own_answers.KINDS) == set(asked.__struct_fields__)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("thứ năm", "appointment.times"), ("sang mai nhe", "appointment.full"), ("tuần sau", "appointment.full")],
)
def test_a_moment_alone_is_for_the_one_appointment_there_is(typed: str, key: str) -> None:
    world, _ = waiting()
    assert world.says(typed) == (key,)
    assert not under_way().says(typed)[0].startswith("appointment.")


def test_who_cannot_come_may_name_another_moment_at_once() -> None:
    world, _ = waiting()
    world.says("mai tôi bận rồi")
    world.says("thứ 5 lúc 2 giờ chiều")
    assert world.effects == [BookSlot(ID, at(26, 14))]


def test_whether_the_office_is_open_is_no_appointment() -> None:
    world, _ = waiting()
    assert world.says("thứ bảy có làm không") == ("guide.hotline",)


@pytest.mark.parametrize(("status", "moment"), [("accepted", "due_at"), ("submitted", "answer_by")])
def test_a_promise_that_was_not_kept_is_owned_up_to(status: str, moment: str) -> None:
    late = under_way(status, **{moment: at(20, 17, 30)})
    late.says("bao gio xong")
    assert "xã xin lỗi bạn" in late.text
    assert "Gặp cán bộ" in late.labels
    late.says(Pressed(f"d:{ID}"))
    assert "xã xin lỗi bạn" in late.text
    in_time = under_way(status, **{moment: at(27, 17, 30)})
    in_time.says(Pressed(f"d:{ID}"))
    assert "xin lỗi" not in in_time.text


def test_no_post_after_all() -> None:
    world, _ = waiting()
    world.says(Pressed(f"post:{ID}"))
    assert world.says("toi khong muon gui buu dien nua") == ("track.dossier",)


def test_why_it_was_refused_stands_on_its_page() -> None:
    assert under_way("refused").says("tai sao tu choi") == ("track.dossier",)
    assert under_way().says("sao lại từ chối tôi") != ("track.dossier",)


def test_whether_the_second_person_has_agreed() -> None:
    world = under_way("submitted", cosigner=CoSigner("mẹ của con"))
    assert world.says("vợ tôi ký chưa") == ("track.dossier",)
    assert "Liên kết cho người cùng ký" in world.labels


def test_when_all_is_done_the_list_says_so() -> None:
    assert under_way("handed-over").says("bao giờ xong") == ("track.mine",)


def test_whether_the_office_is_open_while_it_is_closed() -> None:
    world = World(consents=("handle", "no-notify"))
    until = world.now + timedelta(days=2)
    world.closures = (ClosureView("c" * 16, "", world.now - timedelta(hours=1), until, "mưa lũ, đường ngập"),)
    world.says("mai xã có làm không")
    assert "đang tạm nghỉ đến" in world.text
    assert "mưa lũ, đường ngập" in world.text


@pytest.mark.parametrize("head", ["move", "collect", "post"])
def test_thanks_are_no_answer_either(head: str) -> None:
    world, _ = waiting()
    world.says(Pressed(f"{head}:{ID}"))
    assert world.says("cảm ơn cháu nhé") == ("common.thanks",)
    assert world.effects == []


def test_what_cannot_be_posted_says_so() -> None:
    world, dossier = waiting()
    procedures = world.catalogue.procedures
    there = replace(procedures[dossier.procedure], collection="in-person")
    world.catalogue = dataclasses.replace(world.catalogue, procedures={**procedures, there.id: there})
    assert "post.not-offered" in world.says("gửi về nhà được không")


def test_who_will_come_after_all_finds_whom_they_had_named() -> None:
    named, _ = waiting(collector=Collector("Trần Thị Mai", "+84984123456", "1234", "hashed"))
    assert named.says("toi tu di lay") == ("collector.named",)
    assert "Thôi nhờ, tôi tự nhận" in named.labels


@pytest.mark.parametrize(
    ("head", "typed", "key"),
    [("move", "doi gio", "appointment.days"), ("post", "nhận qua bưu điện", "post.address")],
)
def test_the_wish_said_again_is_no_answer(head: str, typed: str, key: str) -> None:
    world, _ = waiting()
    world.says(Pressed(f"{head}:{ID}"))
    assert world.says(typed) == (key,)


def test_an_address_may_name_the_post_office() -> None:
    world, _ = waiting()
    world.says(Pressed(f"post:{ID}"))
    assert world.says("cạnh bưu điện xã Sơn Tiến, tỉnh Hà Tĩnh") == ("post.name",)
