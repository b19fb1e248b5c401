"""What stands on a form: labels, values, conditions, marks; nothing here is drawn."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from catalogue.load import load
from catalogue.model import Catalogue, Office, Procedure
from documents import sheet
from documents.bundle import problem_words, remarks
from documents.dates_in_words import date_in_words
from documents.sheet import Sheet
from documents.sheet_lines import Line, Row, Table, shown
from documents.sheet_signers import Signer

TODAY = date(2026, 11, 22)
BIRTH = "khai-sinh"
POOR = "cong-nhan-ho-ngheo"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture(scope="module")
def office(catalogue: Catalogue) -> Office:
    return catalogue.offices["son-tien"]


@pytest.fixture(scope="module")
def birth(catalogue: Catalogue) -> Procedure:
    return catalogue.procedures[BIRTH]


def examples(procedure: Procedure, **changes: str) -> dict[str, str]:
    return {q.key: q.example for q in procedure.questions if q.example} | changes


def lines(made: Sheet) -> dict[str, Line]:
    """By section and label."""
    return {
        f"{section.title}/{line.label}": line
        for section in made.sections
        for part in section.parts
        if isinstance(part, Row)
        for line in part.lines
    }


def test_a_birth_is_declared_with_names_in_capitals_and_the_day_in_words_too(birth: Procedure, office: Office) -> None:
    made = sheet.filled(birth, examples(birth, father_name="Nguyễn Văn Đức"), {}, office, TODAY, code="7K3M-9XQ2")
    found = lines(made)
    assert found["Người cha/Họ, chữ đệm, tên người cha"].value == "NGUYỄN VĂN ĐỨC"
    assert found["Trẻ được khai sinh/Ngày, tháng, năm sinh của trẻ"].value == "03/10/2026"
    words = found["Trẻ được khai sinh/Ghi bằng chữ"].value
    assert words == "ngày ba tháng mười năm hai nghìn không trăm hai mươi sáu"
    assert made.title == "Tờ khai đăng ký khai sinh"
    assert made.about == ""
    assert made.forms == ("Phụ lục 5 Thông tư 04/2024/TT-BTP – Tờ khai đăng ký khai sinh",)
    assert made.addressee == "Ủy ban nhân dân xã Sơn Tiến, tỉnh Hà Tĩnh"
    assert (made.place, made.day, made.code) == ("xã Sơn Tiến", "22/11/2026", "7K3M-9XQ2")
    assert made.pledge == sheet.PLEDGED
    assert made.signers == (Signer("Người yêu cầu", "(Ký, ghi rõ họ, chữ đệm, tên)", "NGUYỄN THỊ HOA"),)


def test_short_lines_share_a_row(birth: Procedure, office: Office) -> None:
    child = sheet.filled(birth, examples(birth), {}, office, TODAY).sections[1]
    together = [[line.label for line in part.lines] for part in child.parts if isinstance(part, Row)]
    assert together[3] == ["Giới tính", "Dân tộc", "Quốc tịch"]


def test_what_is_not_asked_is_not_printed(birth: Procedure, office: Office) -> None:
    alone = examples(birth, birth_case="Mẹ chưa đăng ký kết hôn (khai theo mẹ, để trống phần cha)")
    assert [s.title for s in sheet.filled(birth, alone, {}, office, TODAY).sections] == [
        "Người yêu cầu",
        "Trẻ được khai sinh",
        "Người mẹ",
        "Nhận kết quả",
    ]


def test_a_blank_form_holds_every_question_and_says_when_a_part_matters(birth: Procedure, office: Office) -> None:
    made = sheet.blank(birth, office)
    assert [(s.title, s.hint) for s in made.sections] == [
        ("Người yêu cầu", ""),
        ("Trẻ được khai sinh", ""),
        ("Người mẹ", "không phải trẻ bị bỏ rơi"),
        ("Người cha", "cha mẹ có đăng ký kết hôn"),
        ("Nhận kết quả", ""),
    ]
    found = lines(made)
    assert found["Trẻ được khai sinh/Giới tính"].choices == ("Nam", "Nữ")
    assert found["Người yêu cầu/Nơi cư trú"].hint == (
        "(ghi khi: không cung cấp được số định danh, hoặc dữ liệu dân cư không khớp)"
    )
    assert {line.value for line in found.values()} == {""}
    assert (made.day, made.signers[0].name) == ("", "")


def test_an_officers_answer_is_left_to_the_officer(birth: Procedure, office: Office) -> None:
    typed = examples(birth, mother_name="tran thi lan", requester_name="nguyen thi hoa")
    marks = {"mother_name": "desk", "requester_name": "desk", "father_name": "card"}
    made = sheet.filled(birth, typed, marks, office, TODAY)
    mother = lines(made)["Người mẹ/Họ, chữ đệm, tên người mẹ"]
    assert (mother.desk, mother.value, mother.typed) == (True, "", "tran thi lan")
    assert lines(made)["Người cha/Họ, chữ đệm, tên người cha"].desk is False
    assert made.signers[0].name == ""


def test_members_of_a_household_are_rows(catalogue: Catalogue, office: Office) -> None:
    poor = catalogue.procedures[POOR]
    keys = ("member_name", "member_gender", "member_dob", "member_relation", "member_status")
    second = ("nguyen van c", "Nam", "1945", "Cha/mẹ", "Không có việc làm")
    answers = examples(poor) | {f"{key}.2": value for key, value in zip(keys, second, strict=True)}
    made = sheet.filled(poor, answers, {"member_name.2": "desk"}, office, TODAY)
    tables = [part for section in made.sections for part in section.parts if isinstance(part, Table)]
    assert [table.heads for table in tables] == [
        ("Họ và tên", "Giới tính", "Ngày sinh", "Quan hệ với chủ hộ", "Tình trạng")
    ]
    assert tables[0].rows == (
        ("NGUYỄN VĂN TÚ", "Nam", "01/01/2010", "Con", "Đang đi học"),
        ("(cán bộ ghi)", "Nam", "1945", "Cha/mẹ", "Không có việc làm"),
    )
    assert made.about == "Công nhận hộ nghèo, hộ cận nghèo phát sinh trong năm"
    empty = [
        part for section in sheet.blank(poor, office).sections for part in section.parts if isinstance(part, Table)
    ]
    assert empty[0].rows == (("",) * 5,) * 4


def test_a_couple_signs_together(catalogue: Catalogue, office: Office) -> None:
    made = sheet.sample(catalogue.procedures["dang-ky-lai-ket-hon"], office, TODAY)
    assert [(one.title, one.name) for one in made.signers] == [
        ("Người chồng", "NGUYỄN VĂN A"),
        ("Người vợ", "TRẦN THỊ B"),
    ]


def test_a_collectives_paper_is_signed_for_it_and_pledges_nothing(catalogue: Catalogue, office: Office) -> None:
    made = sheet.filled(catalogue.procedures["giay-khen-gia-dinh"], {}, {}, office, TODAY)
    assert made.title == "Tờ trình và báo cáo thành tích"
    assert made.pledge == ""
    assert made.signers[0].title == "Đại diện đơn vị đề nghị"


def test_a_procedure_without_a_form_has_a_plain_request(catalogue: Catalogue, office: Office) -> None:
    made = sheet.blank(catalogue.procedures["ban-sao-tu-so-goc"], office)
    assert (made.title, made.about, made.forms) == ("Phiếu yêu cầu", "Cấp bản sao từ sổ gốc", ())


def test_every_form_prints_each_of_its_questions(catalogue: Catalogue, office: Office) -> None:
    for procedure in catalogue.procedures.values():
        wanted = [q for q in procedure.questions if q.on_form and q.key != sheet.PLEDGE]
        made = sheet.blank(procedure, office)
        parts = [part for section in made.sections for part in section.parts]
        printed = sum(len(part.lines) if isinstance(part, Row) else len(part.heads) for part in parts)
        in_words = sum("bằng chữ" in (q.note or "") for q in wanted)
        assert printed == len(wanted) + in_words, procedure.id


def test_no_form_shows_a_citizen_the_key_of_a_question(catalogue: Catalogue, office: Office) -> None:
    for procedure in catalogue.procedures.values():
        for section in sheet.blank(procedure, office).sections:
            hints = [line.hint for part in section.parts if isinstance(part, Row) for line in part.lines]
            assert not any("_" in hint for hint in (*hints, section.hint)), procedure.id


def test_what_has_no_place_on_the_form_is_told_beside_it(birth: Procedure) -> None:
    answers = {"requester_phone": "+84984123456", "copies_count": "2", "result_delivery": "Nhận qua bưu chính"}
    assert sheet.beside(birth, answers, TODAY) == (
        ("Số điện thoại liên hệ", "0984 123 456"),
        ("Cách nhận kết quả", "Nhận qua bưu chính"),
    )


def test_an_officer_is_told_what_to_look_at(birth: Procedure) -> None:
    answers = examples(birth, mother_name="tran thi lan", requester_id="042194001234")
    marks = {"mother_name": "desk", "requester_id": "odd", "child_name": "card"}
    label = "Số định danh cá nhân/số căn cước (hoặc giấy tờ tùy thân khác: loại, số, nơi cấp, ngày cấp)"
    assert remarks(birth, answers, marks, TODAY) == (
        f"{label}: “042194001234” – người dân giữ nguyên dù được nhắc xem lại.",
        "Họ, chữ đệm, tên người mẹ: cán bộ ghi giúp; người dân gõ “tran thi lan”.",
    )


def test_problems_have_words() -> None:
    assert problem_words(("blurred", "glare", "blurred")) == "mờ, lóa"
    assert problem_words(("something-new",)) == "chưa đạt"
    assert problem_words(()) == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("15/08/1994", "ngày mười lăm tháng tám năm một nghìn chín trăm chín mươi tư"),
        ("04/04/2005", "ngày bốn tháng tư năm hai nghìn không trăm linh năm"),
        ("31/12/2021", "ngày ba mươi mốt tháng mười hai năm hai nghìn không trăm hai mươi mốt"),
        ("14/11/2010", "ngày mười bốn tháng mười một năm hai nghìn không trăm mười"),
        ("25/01/2000", "ngày hai mươi lăm tháng một năm hai nghìn"),
        ("03/1990", "tháng ba năm một nghìn chín trăm chín mươi"),
        ("1900", "năm một nghìn chín trăm"),
        ("hôm qua", ""),
    ],
)
def test_a_day_in_words(value: str, words: str) -> None:
    assert date_in_words(value) == words


def test_letters_that_our_type_lacks_become_boxes() -> None:
    assert shown("Lê Thị Hoà 😀 漢字 ₫ ½\x00\ud800") == "Lê Thị Hoà □ □□ ₫ ½"
    assert shown("dài" * 20).replace("\u200b", "") == "dài" * 20
    assert shown("Thôn 1, xã Sơn Tiến") == "Thôn 1, xã Sơn Tiến"


def test_a_sheet_is_made_without_typst_or_pictures() -> None:
    heavy = "typst", "cv2", "numpy", "pypdfium2", "PIL"
    told = "import sys, documents.sheet, documents.bundle, documents.render_pdf; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert set(heavy) & set(done.stdout.split()) == set()
