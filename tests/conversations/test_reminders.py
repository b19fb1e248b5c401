"""What citizens are reminded of, in words: short, with what to do next, and fit for papers about a death."""

from __future__ import annotations

from datetime import datetime

import pytest
from msgspec.structs import replace

from conversations import notices, reminders
from conversations.messages import Message
from conversations.state import DossierView, Want
from domain.fees import Charge
from domain.reminders import What
from domain.values import VIETNAM
from tests.conversations.desk_world import ID, OFFICE, dossier, procedure

AT = datetime(2026, 11, 27, 13, 30, tzinfo=VIETNAM)
CITIZEN = (What.SUPPLEMENT, What.DRAFT, What.VISIT_EVE, What.VISIT_SOON, What.MONEY)
VIEW = notices.view_of(
    replace(dossier(), applicant="", official_code="H27-1", appointment_at=AT, wants=(Want("so-ho-khau", "mờ"),)),
    procedure(),
)


def words(what: What, view: DossierView = VIEW, until: datetime | None = AT) -> Message:
    return reminders.words(what, view, OFFICE, procedure(originals=("Căn cước",)), until)


def test_of_papers_with_the_day_by_which_they_are_to_come() -> None:
    said = words(What.SUPPLEMENT)
    assert said.text.splitlines() == [
        "Nhắc bạn: hồ sơ Xác nhận tình trạng hôn nhân, mã H27-1, còn chờ bổ sung:",
        "- so-ho-khau",
        "Hạn bổ sung: 13 giờ 30, Thứ Sáu 27/11/2026. Quá hạn, cán bộ có thể dừng hồ sơ.",
        "",
        "Cần giúp, bạn bấm «Gặp cán bộ».",
    ]
    assert [button.value for button in said.buttons] == [f"fix:{ID}", f"call:{ID}"]


def test_where_no_limit_is_known_none_is_invented() -> None:
    assert "Hạn bổ sung" not in words(What.SUPPLEMENT, until=None).text
    assert "Hạn nộp" not in words(What.MONEY, until=None).text
    assert "trước" not in words(What.DRAFT, until=None).text


def test_of_money_with_the_amount_and_where() -> None:
    said = words(What.MONEY, replace(VIEW, status="paying", charge=Charge(10_000, "MC23456789")))
    assert "10.000 đồng, chưa nộp" in said.text
    assert f"Nộp tại {notices.place(OFFICE)}" in said.text


@pytest.mark.parametrize(
    ("status", "what", "begins"),
    [
        ("done", What.VISIT_EVE, "Nhắc bạn lịch hẹn nhận kết quả: 13 giờ 30, Thứ Sáu 27/11/2026."),
        ("done", What.VISIT_SOON, "Sắp đến giờ hẹn nhận kết quả: 13 giờ 30, Thứ Sáu 27/11/2026."),
        ("invited", What.VISIT_EVE, "Nhắc bạn lịch hẹn gặp cán bộ: 13 giờ 30, Thứ Sáu 27/11/2026."),
        ("invited", What.VISIT_SOON, "Sắp đến giờ hẹn gặp cán bộ: 13 giờ 30, Thứ Sáu 27/11/2026."),
    ],
)
def test_of_appointments_with_place_and_originals(status: str, what: What, begins: str) -> None:
    said = words(what, replace(VIEW, status=status)).text
    assert said.startswith(begins)
    assert OFFICE.desk in said
    assert "- Căn cước" in said
    assert "Đường đi" not in said


def test_and_the_way_where_the_office_has_a_map() -> None:
    office = replace(OFFICE, map_url="https://maps.example.vn/son-tien")
    said = reminders.words(What.VISIT_EVE, VIEW, office, procedure(), None).text
    assert "\nĐường đi: https://maps.example.vn/son-tien\n" in said


@pytest.mark.parametrize("what", [what for what in What if what not in CITIZEN])
def test_what_is_the_desks_is_not_said_to_citizens(what: What) -> None:
    with pytest.raises(ValueError, match=what.value):
        words(what)


@pytest.mark.parametrize("status", ["done", "invited"])
@pytest.mark.parametrize("what", CITIZEN)
def test_nothing_cheerful_is_said_for_somebody_may_have_died(what: What, status: str) -> None:
    said = words(what, replace(VIEW, status=status)).text
    assert [c for c in said if c == "!" or ord(c) > 0x2600] == []
    assert len(said) < 600


def test_the_desk_may_act_right_where_it_reads() -> None:
    file = replace(dossier(), official_code="H27-1")
    soon = reminders.for_desk(What.DUE_SOON, file, extended=False)
    assert soon.text == ("Cả nhóm: ngày làm việc tới là hẹn trả; cần gia hạn thì hôm nay là ngày cuối – H27-1")
    assert [b.value for b in soon.buttons] == [f"d:extend:{ID}"]
    again = reminders.for_desk(What.DUE_SOON, file, extended=True)
    assert again.text == "Cả nhóm: ngày làm việc tới là hẹn trả, đã gia hạn một lần – H27-1"
    assert again.buttons == ()
    over = reminders.for_desk(What.DRAFT_OVER, file, extended=False)
    assert [b.value for b in over.buttons] == [f"d:silent:{ID}", f"d:phoned:{ID}"]


@pytest.mark.parametrize("what", [what for what in What if what not in CITIZEN])
def test_the_desk_has_words_for_everything_that_is_its_own(what: What) -> None:
    assert "{" not in reminders.for_desk(what, dossier(), extended=False).text
