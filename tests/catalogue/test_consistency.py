"""Answers that contradict each other raise one question each, and those of honest people none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from catalogue import consistency
from catalogue.load import load
from catalogue.model import Catalogue, Condition, Consistency, Procedure
from tests.catalogue import honest

TODAY = date(2026, 11, 23)
DOSSIERS = 60


def _raised(procedure: Procedure, answers: dict[str, str]) -> list[str]:
    return [consistency.words(rule.text, answers) for rule in consistency.failed(procedure, answers, TODAY)]


@pytest.mark.parametrize(
    ("procedure", "answers", "raised"),
    [
        ("khai-sinh", {"child_dob": "03/10/2026", "mother_dob": "05/06/1997"}, []),
        (
            "khai-sinh",
            {"child_dob": "03/10/2026", "mother_dob": "05/06/2027", "father_dob": "1995"},
            ["Bé sinh ngày 03/10/2026, còn mẹ sinh ngày 05/06/2027. Bạn xem lại giúp: hai ngày này đúng cả chứ?"],
        ),
        (
            "khai-sinh",
            {"child_dob": "23/09/2026"},
            [
                (
                    "Bé sinh ngày 23/09/2026, đã quá 60 ngày nên là khai sinh quá hạn. Bạn vẫn làm được; lệ phí "
                    "quá hạn "
                    "theo bảng của Hà Tĩnh là 10.000 đồng, cán bộ sẽ xác nhận."
                )
            ],
        ),
        ("khai-sinh", {"child_dob": "24/09/2026"}, []),
        (
            "khai-sinh",
            {"mother_id": "042197002345", "father_id": "042197002345"},
            ["Số giấy tờ của cha và của mẹ đang giống nhau: 042197002345. Bạn xem lại giúp: số nào là của ai?"],
        ),
        (
            "khai-sinh",
            {"requester_relation": "Mẹ", "birth_case": "Trẻ bị bỏ rơi"},
            [
                (
                    "Bạn chọn mình là “Mẹ” của bé, mà lại chọn trường hợp trẻ bị bỏ rơi. Bạn xem lại giúp: chọn "
                    "như vậy đúng không?"
                )
            ],
        ),
        (
            "khai-tu",
            {"death_date": "12/11/2026", "deceased_dob": "12/11/2026"},
            [
                (
                    "Bé sống từ 24 giờ trở lên thì cần đăng ký cả khai sinh và khai tử. Nếu bé chưa khai sinh, "
                    "cán bộ sẽ giúp "
                    "gia đình làm cùng."
                )
            ],
        ),
        (
            "khai-tu",
            {"death_date": "12/11/2025", "deceased_dob": "12/11/2026"},
            [
                (
                    "Ngày mất là 12/11/2025, sớm hơn ngày sinh 12/11/2026 của người đã mất. "
                    "Bạn xem lại giúp: hai ngày này đúng cả chứ?"
                )
            ],
        ),
        (
            "khai-tu",
            {"death_date": "12/11/2026", "deceased_dob": "10/10/1945", "death_notice_date": "11/11/2026"},
            [
                (
                    "Giấy báo tử cấp ngày 11/11/2026, sớm hơn ngày mất 12/11/2026. Bạn xem lại giúp: hai ngày này "
                    "đúng cả chứ?"
                )
            ],
        ),
        (
            "khai-tu",
            {"requester_relation": "Con", "requester_dob": "01/01/1940", "deceased_dob": "1965"},
            [
                (
                    "Bạn chọn mình là con của người đã mất, nhưng bạn sinh ngày 01/01/1940, còn người đã mất "
                    "sinh năm 1965. "
                    "Bạn xem lại giúp: bạn là gì của người đã mất?"
                )
            ],
        ),
        (
            "xac-nhan-tinh-trang-hon-nhan",
            {"purpose": "Để đăng ký kết hôn", "marital_status": "Đang có vợ/chồng"},
            [
                (
                    "Bạn chọn đang có vợ hoặc chồng, mà giấy lại để đăng ký kết hôn. "
                    "Bạn xem lại giúp: tình trạng hôn nhân đúng chưa?"
                )
            ],
        ),
        (
            "xac-nhan-tinh-trang-hon-nhan",
            {"partner_dob": "24/11/2008"},
            [
                (
                    "Nam đủ 20 tuổi, nữ đủ 18 tuổi mới được kết hôn. Người sắp kết hôn sinh ngày 24/11/2008. "
                    "Bạn xem lại giúp: ngày này đúng không?"
                )
            ],
        ),
        ("xac-nhan-tinh-trang-hon-nhan", {"partner_dob": "23/11/2008"}, []),
        ("xac-nhan-tinh-trang-hon-nhan", {"purpose": "Để đăng ký kết hôn", "cert_count": "1"}, []),
        (
            "xac-nhan-tinh-trang-hon-nhan",
            {"purpose": "Để đăng ký kết hôn", "cert_count": "2"},
            ["Bạn xin 2 bản, nhưng giấy để đăng ký kết hôn chỉ được cấp 1 bản. Bạn xem lại giúp: số bản là mấy?"],
        ),
        ("nuoi-con-nuoi-trong-nuoc", {"adopter1_dob": "01/01/2000", "child_dob": "01/01/2020"}, []),
        (
            "nuoi-con-nuoi-trong-nuoc",
            {"adopter1_dob": "02/01/2000", "child_dob": "01/01/2020"},
            [
                (
                    "Người nhận con nuôi thứ nhất sinh ngày 02/01/2000, còn trẻ sinh ngày 01/01/2020. Người "
                    "nhận phải hơn "
                    "trẻ từ 20 tuổi trở lên. Bạn xem lại giúp: hai ngày này đúng cả chứ?"
                )
            ],
        ),
        (
            "nuoi-con-nuoi-trong-nuoc",
            {"adopter1_dob": "02/01/2000", "child_dob": "01/01/2020", "child_situation": "Cháu ruột"},
            [],
        ),
        ("tro-cap-mot-lan-quan-nhan", {"enlist_date": "03/1978", "discharge_date": "04/1983"}, []),
        ("tro-cap-mot-lan-quan-nhan", {"enlist_date": "03/1978", "discharge_date": "1993"}, []),
        (
            "tro-cap-mot-lan-quan-nhan",
            {"enlist_date": "03/1978", "discharge_date": "1994"},
            [
                (
                    "Từ 03/1978 đến 1994 là từ đủ 15 năm. Đủ 15 đến dưới 20 năm thì làm thủ tục trợ cấp hằng tháng. "
                    "Bạn xem lại giúp: hai ngày này đúng cả chứ?"
                )
            ],
        ),
        (
            "tro-cap-hang-thang-quan-nhan",
            {"enlist_date": "06/1992", "discharge_date": "05/1976"},
            [
                (
                    "Nhập ngũ hoặc tham gia 06/1992, mà xuất ngũ hoặc thôi việc 05/1976: ngày đầu đang sau ngày cuối. "
                    "Bạn xem lại giúp: hai ngày này đúng cả chứ?"
                )
            ],
        ),
        ("thay-doi-cai-chinh-ho-tich", {"old_value": "Nguyễn Thị Hoà", "new_value": "Nguyễn Thị Hòa"}, []),
        ("ban-sao-trich-luc-ho-tich", {"subject_dob": "02/03/1990", "reg_date": "1990"}, []),
        ("ban-sao-trich-luc-ho-tich", {"subject_dob": "không nhớ", "reg_date": "1950"}, []),
    ],
)
def test_a_contradiction_raises_one_question(
    loaded: Catalogue, procedure: str, answers: dict[str, str], raised: list[str]
) -> None:
    assert _raised(loaded.procedures[procedure], answers) == raised


def _rules() -> Iterator[tuple[Procedure, Consistency]]:
    return ((procedure, rule) for procedure in load().procedures.values() for rule in procedure.consistency)


@pytest.mark.parametrize(
    ("procedure", "rule"), [pytest.param(p, r, id=f"{p.id}-{n}") for n, (p, r) in enumerate(_rules())]
)
def test_every_rule_can_fail_alone(procedure: Procedure, rule: Consistency) -> None:
    answers = _answers_for(procedure, rule.when) if rule.when else {}
    if rule.before is not None:
        first, second = rule.before
        answers |= {first: _start(rule), second: "20/11/2026"}
    if rule.differ is not None:
        choices = procedure.question(rule.differ[0]).choices
        answers |= dict.fromkeys(rule.differ, choices[0] if choices else "042197002345")
    if rule.field is not None:
        answers[rule.field] = "01/01/2026" if rule.age_from is not None else "01/01/1930"
    assert consistency.failed(procedure, answers, TODAY) == (rule,)


def _start(rule: Consistency) -> str:
    """A day that lies wrong before 20/11/2026: a day too late, or too few or too many years before."""
    if rule.below is None:
        return "21/11/2026"
    return "20/11/2016" if rule.years is not None else "20/11/2000"


def _answers_for(procedure: Procedure, when: Condition) -> dict[str, str]:
    """The simplest answers under which a condition holds."""
    if when.all is not None:
        return {key: value for part in when.all for key, value in _answers_for(procedure, part).items()}
    if when.any is not None:
        return _answers_for(procedure, when.any[0])
    assert when.field is not None
    if when.in_ is not None:
        return {when.field: when.in_[0]}
    if when.not_in is not None:
        return {when.field: next(c for c in procedure.question(when.field).choices if c not in when.not_in)}
    if when.age_lt is not None:
        return {when.field: "01/11/2026"}
    return {when.field: "2"}


@pytest.mark.parametrize("procedure", load().procedures.values(), ids=lambda it: it.id)
def test_nothing_is_raised_about_honest_people(procedure: Procedure) -> None:
    for seed in range(DOSSIERS):
        answers = honest.answers(procedure, seed, TODAY)
        assert _raised(procedure, answers) == [], answers


def test_blanks_are_filled_from_the_answers() -> None:
    assert consistency.words("{a} rồi {b}, {a}", {"a": "1", "b": " "}) == "1 rồi …, 1"


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("05/06/1997", "sinh ngày 05/06/1997."),
        ("06/1997", "sinh tháng 06/1997."),
        ("1997", "sinh năm 1997."),
        ("", "sinh ngày …."),
        ("đã lâu", "sinh ngày đã lâu."),
    ],
)
def test_a_day_a_month_or_a_year_is_called_what_it_is(answer: str, read: str) -> None:
    assert consistency.words("sinh ngày {a}.", {"a": answer}) == read


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        ("15/08/1994", (date(1994, 8, 15), date(1994, 8, 15))),
        ("02/2024", (date(2024, 2, 1), date(2024, 2, 29))),
        ("1994", (date(1994, 1, 1), date(1994, 12, 31))),
        ("31/02/1994", None),
        ("13/1994", None),
        ("đã mất", None),
        ("", None),
    ],
)
def test_what_days_a_date_may_mean(answer: str, days: tuple[date, date] | None) -> None:
    assert consistency.span(answer) == days


def test_where_the_answers_may_be_changed(loaded: Catalogue) -> None:
    birth = loaded.procedures["khai-sinh"]
    assert [consistency.fields(rule) for rule in birth.consistency] == [
        ("mother_dob", "child_dob"),
        ("father_dob", "child_dob"),
        ("mother_id", "father_id"),
        ("requester_dob", "child_dob"),
        ("birth_case", "requester_relation"),
        ("birth_case", "requester_relation"),
        ("child_dob",),
    ]
