"""What officers pick and write of a dossier's answers: further rows, what was left to them, days of either calendar."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from conversations.staff_answers import answered, key_at, place, written
from conversations.staff_state import ProposeCorrection
from domain.values import Wrong
from tests.conversations.desk_world import HOA, ID, NOW, Desk, dossier, labels, procedure, question

GROUP = "Thành viên hộ"
QUESTIONS = [
    question("name", "Họ và tên", "person_name", "Người đề nghị"),
    question("member_name", "Họ và tên", "person_name", GROUP, repeatable=True),
    question("member_dob", "Ngày sinh", "date", GROUP, repeatable=True, partial_ok=True),
    question("died", "Ngày mất", "date", "Khi mất"),
]
ANSWERS = {"name": "Lê Thị Ba", "member_name": "Lê Thị Ba", "member_dob": "1950", "member_name.2": "Lê Văn Tư"}
FILE = dossier(owner=HOA, answers=ANSWERS, marks={"member_dob.2": "desk", "died": "desk"})
FORM = procedure(questions=QUESTIONS)
SECOND = "Ngày sinh (Thành viên hộ, người thứ 2)"


def desk() -> Desk:
    return Desk(FILE, questions=QUESTIONS)


def test_answers_are_picked_row_after_row_and_so_is_what_an_officer_is_to_write() -> None:
    keys = ["name", "member_name", "member_dob", "member_name.2", "member_dob.2", "died"]
    asked = answered(FILE, FORM)
    assert [q.key for q in asked] == keys
    assert [place(FORM, q) for q in asked] == ["q0", "q1", "q2", "q1.2", "q2.2", "q3"]
    assert [key_at(FORM, place(FORM, q)) for q in asked] == keys


@pytest.mark.parametrize(
    "argument", ["q0.2", "q1.٢", "q1.x", "q1.2.3", "q9", "p1.2", "p9", "q", "", "q1.²", "q1." + "9" * 5000]
)
def test_places_that_are_none(argument: str) -> None:
    assert key_at(FORM, argument) is None


def test_a_further_row_is_asked_for_again_in_the_order_of_the_form() -> None:
    here = desk()
    [offered] = here.press(HOA, "answers", "0")
    assert labels([offered])[3:5] == ["☐ Họ và tên (Thành viên hộ, người thứ 2)", f"☐ {SECOND}"]
    for argument in ("q2.2", "q1"):
        here.press(HOA, "tick", argument)
        here.press(HOA, "why", "answer-2")
    [preview] = here.press(HOA, "review")
    named = [line for line in preview.text.splitlines() if line[:3] in ("1. ", "2. ")]
    assert named == ["1. Họ và tên (Thành viên hộ, người thứ 1)", f"2. {SECOND}"]


def test_what_was_left_to_the_officer_is_written_by_proposing_it() -> None:
    here = desk()
    [asking] = here.press(HOA, "which", "q2.2")
    assert asking.text == f"{SECOND}\nĐã khai: (chưa khai)\n\nGõ giá trị đúng."
    here.type(HOA, "3/2/90")
    here.press(HOA, "send")
    assert here.effects == [ProposeCorrection(ID, "member_dob.2", "03/02/1990")]


def test_what_was_typed_may_be_said_to_be_right() -> None:
    here = Desk(replace(FILE, marks={"name": "desk"}), questions=QUESTIONS)
    here.press(HOA, "which", "q0")
    here.type(HOA, "Lê Thị Ba")
    here.press(HOA, "send")
    assert here.effects == [ProposeCorrection(ID, "name", "Lê Thị Ba")]


def test_a_day_by_either_calendar_is_chosen_by_a_press() -> None:
    here = desk()
    here.press(HOA, "which", "q3")
    [asking] = here.type(HOA, "mồng 3 tháng 10 năm 2026")
    assert asking.text == "Ngày này theo lịch nào?"
    assert labels([asking])[:2] == ["Âm lịch (11/11/2026)", "Dương lịch (03/10/2026)"]
    here.press(HOA, "value", "11/11/2026")
    here.press(HOA, "send")
    assert here.effects == [ProposeCorrection(ID, "died", "11/11/2026")]


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [
        ("died", "3/10/2026 âm lịch", "11/11/2026"),
        ("died", "15-8-94", "15/08/1994"),
        ("name", "NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("name", "nguyen van an", "Nguyen Van An"),
        ("member_dob", "1948", "1948"),
    ],
)
def test_officers_are_read_as_citizens_are(key: str, typed: str, value: str) -> None:
    read = written(FORM.question(key), typed, NOW.date())
    assert not isinstance(read, Wrong)
    assert (read.value, read.offers) == (value, ())


def test_a_passport_is_a_number_where_an_officer_says_so() -> None:
    asked = procedure(questions=[question("number", "Số định danh", "id_number", "Người yêu cầu")]).question("number")
    read = written(asked, "C1234567", NOW.date())
    assert not isinstance(read, Wrong)
    assert read.value == "C1234567"
