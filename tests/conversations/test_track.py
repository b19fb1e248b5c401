"""Drafts and dossiers: the list, one page, what a code shows to whom, taking back, giving more, correcting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations.effects import AnswerCorrection, SendSupplement, WithdrawDossier
from conversations.messages import Pressed, Started
from conversations.state import DossierView, Draft, Want
from domain.codes import show
from tests.conversations.world import NOW, World

BOOK = "ban-sao-trich-luc-ho-tich"


def handed_in(**changes: object) -> tuple[World, DossierView]:
    world = World(consents=("handle", "no-notify"))
    dossier = replace(world.view(Draft("a" * 16, BOOK, "v", applicant="self")), **changes)
    world.dossiers.append(dossier)
    return world, dossier


def wanted(*keys: str) -> World:
    """The office has asked for these again; storage has made the draft that answers."""
    world, dossier = handed_in(status="incomplete", wants=tuple(Want(key, "mờ, khó đọc") for key in keys))
    answers = {"requester_name": "Nguyễn Thị Hoa", "requester_phone": "+84984721482"}
    kept = {key: value for key, value in answers.items() if key not in keys}
    world.stored["s" * 16] = Draft(
        "s" * 16, BOOK, "v", answers=kept, applicant="self", dossier=dossier.id, wants=dossier.wants
    )
    return world


def test_nothing_yet() -> None:
    assert World().says("hồ sơ của tôi") == ("track.none",)


def test_grouped_by_applicant() -> None:
    world, _ = handed_in()
    world.dossiers.append(replace(world.view(Draft("b" * 16, BOOK, "v", applicant="Lê Văn Ba")), status="accepted"))
    world.stored["c" * 16] = Draft("c" * 16, "khai-tu", "v", applicant="Lê Văn Ba")
    assert world.says("hồ sơ của tôi") == ("track.mine",)
    mine, his = sorted(world.text.split("\n\n"), reverse=True, key=lambda group: group.startswith("Cho bạn"))
    assert mine.startswith("Cho bạn:\n- Cấp bản sao")
    assert his.startswith("Cho Lê Văn Ba:\n- Đăng ký khai tử: đang làm dở, chưa nộp\n- Cấp bản sao")


def test_many_are_paged() -> None:
    world = World()
    world.dossiers = [world.view(Draft(f"{n:016}", BOOK, "v", applicant="self")) for n in range(11)]
    world.says("hồ sơ của tôi")
    assert len(world.buttons) == 10
    world.says("[Xem thêm]")
    assert len([b for b in world.buttons if b.value.startswith("d:")]) == 3


def test_the_page_before_acceptance() -> None:
    world, dossier = handed_in()
    assert world.says(Pressed(f"d:{dossier.id}")) == ("track.dossier",)
    assert "chưa được tiếp nhận chính thức" in world.text
    assert show(dossier.tracking_code) in world.text
    assert world.labels == ["Gặp cán bộ", "Rút hồ sơ", "Hồ sơ của tôi", "Về đầu"]


def test_the_page_with_an_appointment() -> None:
    world, dossier = handed_in(
        status="done",
        official_code="H27.1.2-261123-0001",
        appointment_at=NOW + timedelta(days=1),
        originals=("Căn cước",),
    )
    world.says(Pressed(f"d:{dossier.id}"))
    assert "Số hồ sơ: H27.1.2-261123-0001" in world.text
    assert "Lịch hẹn: 10 giờ, Thứ Ba 24/11/2026" in world.text
    assert "Mang theo bản chính: Căn cước" in world.text
    assert "Rút hồ sơ" not in world.labels


def test_the_page_while_it_is_being_handled() -> None:
    world, dossier = handed_in(status="pending", due_at=NOW + timedelta(days=4))
    world.says(Pressed(f"d:{dossier.id}"))
    assert "Hẹn trả kết quả: Thứ Sáu 27/11/2026" in world.text
    assert "Bổ sung ngay" in world.labels


@pytest.mark.parametrize(
    "status", ["accepted", "forwarded", "refused", "stopped", "withdrawn", "handed-over", "invited"]
)
def test_every_status_has_its_words(status: str) -> None:
    world, dossier = handed_in(status=status)
    assert world.says(Pressed(f"d:{dossier.id}")) == ("track.dossier",)


def test_by_code_for_the_owner_and_for_others() -> None:
    world, dossier = handed_in()
    assert world.says(f"xem {show(dossier.tracking_code).lower()}") == ("track.dossier",)
    other = replace(
        world.view(Draft("b" * 16, BOOK, "v", applicant="Lê Văn Ba"), own=False), official_code="H27.1.2-261123-0009"
    )
    world.others.append(other)
    assert world.says(show(other.tracking_code))[0] == "track.bare"
    assert "Lê Văn Ba" not in world.last[0].text
    assert world.says("H27.1.2-261123-0009")[0] == "track.not-found"
    assert world.says(Pressed(f"d:{other.id}"))[0] == "track.not-found"
    assert world.says(Started(dossier.tracking_code)) == ("track.dossier",)


def test_by_official_code_for_the_owner() -> None:
    world, _ = handed_in(official_code="H27.1.2-261123-0001")
    assert world.says("H27.1.2-261123-0001") == ("track.dossier",)


def test_by_number_nothing_is_shown() -> None:
    world, _ = handed_in()
    assert world.says("0984721482") == ("look-up.stranger",)
    assert world.says("042194001234") == ("track.not-by-number", "track.mine")


def test_a_mistyped_code() -> None:
    world, dossier = handed_in()
    wrong = dossier.tracking_code[:-1] + ("4" if dossier.tracking_code[-1] != "4" else "6")
    assert world.says(show(wrong))[0] == "track.mistyped"


def test_taking_back_asks_first() -> None:
    world, dossier = handed_in()
    world.says(Pressed(f"d:{dossier.id}"))
    assert world.says("[Rút hồ sơ]") == ("track.withdraw",)
    assert world.says("[Không rút]") == ("track.dossier",)
    world.says("[Rút hồ sơ]")
    yes = world.value("Đúng, rút hồ sơ")
    assert world.says(Pressed(yes)) == ("track.mine",)
    assert world.effects == [WithdrawDossier(dossier.id)]
    assert world.says(Pressed(yes)) == ("track.no-withdraw", "track.mine")
    assert world.effects == []


def test_only_what_is_wanted_is_asked_again() -> None:
    world = wanted("giay-to-tuy-than", "requester_phone")
    dossier = world.dossiers[0]
    assert world.says(Pressed(f"d:{dossier.id}")) == ("track.dossier",)
    assert "Lý do: mờ, khó đọc" in world.text
    assert world.says("[Bổ sung ngay]") == ("apply.resumed", "apply.question-wanted")
    assert world.says("0911222333") == ("apply.noted", "papers.give-wanted")
    assert "mờ, khó đọc" in world.text
    assert "Bỏ qua" not in world.labels
    world.photo()
    assert world.photo() == ("papers.kept", "review.supplement", "review.pledge-supplement")
    world.says("[Gửi bổ sung]")
    assert world.effects == [SendSupplement("s" * 16)]
    assert world.says(Pressed(f"fix:{dossier.id}"))[0] == "track.nothing-to-fix"


def test_a_supplement_is_resumed_from_the_list() -> None:
    world = wanted("giay-to-tuy-than")
    world.says("hồ sơ của tôi")
    assert "cần bổ sung" in world.text
    world.says(Pressed("resume:" + "s" * 16))
    assert world.keys[-1] == "papers.give-wanted"


def test_a_correction_is_answered_once() -> None:
    world, dossier = handed_in(correction=Want("requester_name", "Nguyễn Thị Hòa"), correction_old="Nguyễn Thị Hoa")
    assert world.says(Pressed(f"d:{dossier.id}")) == ("track.dossier",)
    assert "từ «Nguyễn Thị Hoa» thành «Nguyễn Thị Hòa»" in world.text
    world.says("[Đồng ý]")
    assert world.effects == [AnswerCorrection(dossier.id, agreed=True)]
    assert world.says(Pressed(f"fixno:{dossier.id}"))[0] == "track.correction-gone"
    assert world.effects == []


def test_a_correction_is_answered_during_a_call() -> None:
    world, dossier = handed_in(correction=Want("requester_name", "Nguyễn Thị Hòa"))
    world.call_open = True
    assert world.says(Pressed(f"fixno:{dossier.id}")) == ("track.correction-declined",)
    assert world.effects == [AnswerCorrection(dossier.id, agreed=False)]
