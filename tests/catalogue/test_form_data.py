"""What the data says for a form filled in a chat: how each question is put, of whom, and where an answer leads."""

from __future__ import annotations

import re
from datetime import date

import pytest

from catalogue.conditions import first_questions, holds
from catalogue.model import Catalogue, Procedure, Question

TODAY = date(2026, 11, 23)
DEATHS = ("khai-tu", "dang-ky-lai-khai-tu", "mai-tang-dot-xuat", "mai-tang-bao-tro-xa-hoi")
# What forms say and people do not.
FORM_SPEAK = re.compile(r"chữ đệm|người yêu cầu|số định danh cá nhân|/|\(nếu|người chết|đã chết", re.IGNORECASE)


def _asked(question: Question) -> str:
    return question.ask or question.label


def test_every_question_is_put_in_plain_words(loaded: Catalogue) -> None:
    for procedure in loaded.procedures.values():
        for question in procedure.questions:
            said = _asked(question).replace("“đã chết” như trên tờ khai", "").replace("họ, chữ đệm và tên", "")
            assert FORM_SPEAK.search(said) is None, (procedure.id, question.key, said)
            assert said.endswith(("?", ".")), (procedure.id, question.key, said)


@pytest.mark.parametrize("procedure", DEATHS)
def test_who_has_died_is_spoken_of_gently(loaded: Catalogue, procedure: str) -> None:
    for question in loaded.procedures[procedure].questions:
        assert "chết" not in _asked(question).lower(), question.key


def test_each_person_says_each_detail_once_of_a_kind_that_fits(loaded: Catalogue) -> None:
    """The check does it for each file; this is the sum over all of them."""
    details = [q for p in loaded.procedures.values() for q in p.questions if q.detail]
    assert len(details) > 400
    assert {q.key for q in details if q.person == "requester" and q.detail == "residence"} == {
        "requester_residence",
        "applicant_residence",
        "permanent_address",
        "user_address",
        "rep_residence",
    }


def test_ethnicity_and_nationality_have_their_usual_answer(loaded: Catalogue) -> None:
    for procedure in loaded.procedures.values():
        for question in procedure.questions:
            usual = {"ethnicity": "Kinh", "nationality": "Việt Nam"}.get(question.kind)
            foreign = {"ket-hon-yeu-to-nuoc-ngoai-bien-gioi", "nuoc-lang-gieng-nhan-con-nuoi"}
            if usual and procedure.id not in foreign:
                assert question.default == usual, (procedure.id, question.key)


def _details(procedure: Procedure, person: str) -> set[str]:
    return {q.detail for q in procedure.questions if q.person == person and q.detail}


def test_the_funeral_benefit_follows_a_death_with_the_same_people(loaded: Catalogue) -> None:
    death, benefit = loaded.procedures["khai-tu"], loaded.procedures["mai-tang-bao-tro-xa-hoi"]
    assert death.follow_up == benefit.id
    assert _details(benefit, "deceased") == _details(death, "deceased")
    assert _details(benefit, "requester") - _details(death, "requester") == {"sex"}


def test_what_is_left_of_the_funeral_benefit_is_little(loaded: Catalogue) -> None:
    """After a death was registered: neither its people, nor what has a usual answer, nor what may be left out."""
    death, benefit = loaded.procedures["khai-tu"], loaded.procedures["mai-tang-bao-tro-xa-hoi"]
    known = {(q.person, q.detail) for q in death.questions if q.detail}
    answers = {"organiser_type": "Cá nhân (gia đình)", "payment_method": "Chuyển khoản"}
    new = [
        q.key
        for q in benefit.questions
        if (q.person, q.detail) not in known
        and q.default is None
        and not q.optional
        and (q.ask_when is None or holds(q.ask_when, answers, TODAY))
    ]
    assert new == [
        "applicant_gender",
        "deceased_relation",
        "death_record",
        "deceased_benefit",
        "payment_method",
        "bank_account_name",
        "bank_account_no",
        "bank_name",
        "pledge",
    ]


@pytest.mark.parametrize(
    ("procedure", "keys"),
    [
        ("khai-sinh", ["birth_case", "child_dob"]),
        ("khai-tu", []),
        ("nhan-cha-me-con", ["child_dob", "other_parent_opinion", "child_opinion"]),
        ("mai-tang-bao-tro-xa-hoi", ["deceased_benefit"]),
        ("dang-ky-lai-khai-sinh", ["register_kept", "reg_date"]),
        ("xac-nhan-tinh-trang-hon-nhan", ["purpose"]),
    ],
)
def test_answers_that_lead_away_are_asked_first(loaded: Catalogue, procedure: str, keys: list[str]) -> None:
    assert [q.key for q in first_questions(loaded.procedures[procedure])] == keys


@pytest.mark.parametrize(
    ("procedure", "answers", "to"),
    [
        ("khai-sinh", {"birth_case": "Cha mẹ có đăng ký kết hôn", "child_dob": "03/10/2026"}, []),
        (
            "khai-sinh",
            {"birth_case": "Mẹ chưa đăng ký kết hôn (khai theo mẹ, để trống phần cha)"},
            ["khai-sinh-ket-hop-nhan-cha-me-con"],
        ),
        ("khai-sinh", {"child_dob": "03/10/1980"}, [None]),
        ("khai-sinh", {"mother_nationality": "Việt Nam", "father_nationality": "Lào"}, [None]),
        ("lien-thong-khai-sinh-bhyt", {"child_dob": "23/11/2020"}, ["khai-sinh"]),
        ("lien-thong-khai-sinh-bhyt", {"child_dob": "24/11/2020"}, []),
        ("mai-tang-bao-tro-xa-hoi", {"deceased_benefit": "Hưu trí xã hội (thủ tục khác)"}, [None]),
        (
            "mai-tang-dot-xuat",
            {"deceased_benefit": "Trợ cấp xã hội (khuyết tật, bảo trợ)"},
            ["mai-tang-bao-tro-xa-hoi"],
        ),
        ("dang-ky-lai-ket-hon", {"register_kept": "Còn hoặc chưa rõ"}, ["ban-sao-trich-luc-ho-tich"]),
        ("dang-ky-lai-ket-hon", {"register_kept": "Không còn", "reg_date": "20/05/1998"}, []),
        ("dang-ky-lai-ket-hon", {"register_kept": "Không còn", "reg_date": "2015"}, []),
        ("dang-ky-lai-ket-hon", {"register_kept": "Không còn", "reg_date": ""}, []),
        ("dang-ky-lai-ket-hon", {"register_kept": "Không còn", "reg_date": "2016"}, [None]),
        ("dang-ky-lai-ket-hon", {"register_kept": "Không còn", "reg_date": "20/05/2021"}, [None]),
        ("ban-sao-tu-so-goc", {"original_type": "Bản sao Giấy khai sinh của con"}, ["ban-sao-trich-luc-ho-tich"]),
        ("ban-sao-tu-so-goc", {"original_type": "Giấy xác nhận hộ nghèo"}, []),
        ("ban-sao-tu-so-goc", {}, []),
        ("nuoi-con-nuoi-trong-nuoc", {"child_dob": "01/01/2015", "child_situation": "Mồ côi"}, []),
        ("nuoi-con-nuoi-trong-nuoc", {"child_dob": "01/01/2010", "child_situation": "Mồ côi"}, [None]),
        ("nuoi-con-nuoi-trong-nuoc", {"child_dob": "01/01/2010", "child_situation": "Cháu ruột"}, []),
        ("nuoi-con-nuoi-trong-nuoc", {"child_dob": "01/01/2000", "child_situation": "Cháu ruột"}, [None]),
        ("ket-hon-yeu-to-nuoc-ngoai-bien-gioi", {"husband_nationality": "Việt Nam", "wife_nationality": "Lào"}, []),
        (
            "ket-hon-yeu-to-nuoc-ngoai-bien-gioi",
            {"husband_nationality": "Việt Nam", "wife_nationality": "Việt Nam"},
            [None],
        ),
        ("tro-cap-mot-lan-quan-nhan", {"enlist_date": "03/1978"}, []),
        ("tro-cap-mot-lan-quan-nhan", {"enlist_date": "1968"}, [None]),
        ("tro-cap-mot-lan-quan-nhan", {}, []),
        ("khoi-phuc-san-xuat-thien-tai", {"damage_cause": "Dịch tả lợn châu Phi"}, ["khoi-phuc-san-xuat-dich-benh"]),
        ("khoi-phuc-san-xuat-thien-tai", {"damage_cause": "Bão số 12, lũ"}, []),
        ("khoi-phuc-san-xuat-dich-benh", {"damage_cause": "bão"}, ["khoi-phuc-san-xuat-thien-tai"]),
        ("khoi-phuc-san-xuat-dich-benh", {"damage_cause": "dịch tả lợn"}, []),
    ],
)
def test_where_answers_lead(loaded: Catalogue, procedure: str, answers: dict[str, str], to: list[str | None]) -> None:
    detours = loaded.procedures[procedure].detours
    assert [detour.to for detour in detours if holds(detour.when, answers, TODAY)] == to


@pytest.mark.parametrize(
    ("procedure", "answers", "person"),
    [
        ("khai-sinh", {"requester_relation": "Mẹ"}, ["mother"]),
        ("khai-sinh", {"requester_relation": "Cha"}, ["father"]),
        ("khai-sinh", {"requester_relation": "Bà"}, []),
        ("khai-tu", {"requester_relation": "Vợ"}, []),
        ("giam-ho", {"requester_relation": "Người giám hộ"}, ["guardian"]),
        ("nhan-cha-me-con", {"requester_relation": "Bản thân", "recognition_type": "Cha nhận con"}, ["parent"]),
        ("nhan-cha-me-con", {"requester_relation": "Bản thân", "recognition_type": "Con nhận mẹ"}, ["child"]),
        ("nhan-cha-me-con", {"requester_relation": "Cha", "recognition_type": "Mẹ nhận con"}, []),
        ("dan-cong-hoa-tuyen", {"subject_is_applicant": "Chính người khai"}, ["subject"]),
    ],
)
def test_who_is_the_requester_too(
    loaded: Catalogue, procedure: str, answers: dict[str, str], person: list[str]
) -> None:
    same = loaded.procedures[procedure].same
    assert [one.person for one in same if one.is_ == "requester" and holds(one.when, answers, TODAY)] == person


@pytest.mark.parametrize(
    ("procedure", "key", "answers", "value"),
    [
        ("xac-nhan-tinh-trang-hon-nhan", "subject_same_as_requester", {"requester_relation": "Bản thân"}, ["Có"]),
        ("xac-nhan-tinh-trang-hon-nhan", "subject_same_as_requester", {"requester_relation": "Mẹ"}, ["Không"]),
        ("nhan-cha-me-con", "parent_gender", {"recognition_type": "Con nhận mẹ"}, ["Nữ"]),
        ("nhan-cha-me-con", "parent_gender", {}, []),
    ],
)
def test_what_other_answers_say_already(
    loaded: Catalogue, procedure: str, key: str, answers: dict[str, str], value: list[str]
) -> None:
    follows = loaded.procedures[procedure].question(key).follows
    assert [case.value for case in follows if holds(case.when, answers, TODAY)] == value
