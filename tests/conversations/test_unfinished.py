"""What is said of an unfinished draft, and the deadline that its answers tell of."""

from __future__ import annotations

from datetime import date

import pytest

from catalogue.model import Catalogue
from conversations import unfinished
from conversations.state import Draft
from domain.draft_times import Step
from tests.conversations.desk_world import loaded

TODAY = date(2026, 11, 23)


@pytest.fixture
def catalogue() -> Catalogue:
    return loaded()


@pytest.mark.parametrize(
    ("procedure", "answers", "last"),
    [
        ("khai-sinh", {"child_dob": "03/10/2026"}, date(2026, 12, 2)),
        ("khai-tu", {"death_date": "20/11/2026"}, date(2026, 12, 5)),
        ("khoi-phuc-san-xuat-dich-benh", {"destroy_date": "01/11/2026"}, date(2026, 12, 1)),
        ("cong-nhan-to-truong-to-hoa-giai", {"election_date": "22/11/2026"}, date(2026, 11, 27)),
        ("ke-hoach-khuyen-nong", {}, date(2027, 9, 30)),
        ("khai-sinh", {}, None),
        ("khai-sinh", {"child_dob": "10/2026"}, None),
        ("xac-nhan-tinh-trang-hon-nhan", {}, None),
    ],
)
def test_a_deadline_is_known_where_the_answers_hold_its_day(
    catalogue: Catalogue, procedure: str, answers: dict[str, str], last: date | None
) -> None:
    assert unfinished.deadline(catalogue.procedures[procedure], answers, TODAY) == last


def test_every_deadline_in_days_is_counted_from_a_question(catalogue: Catalogue) -> None:
    counted = [p for p in catalogue.procedures.values() if p.deadline_days]
    assert len(counted) == 7
    assert [p.id for p in counted if p.deadline_from is None] == []


def test_it_is_said_for_whom_and_how_long_is_left(catalogue: Catalogue) -> None:
    birth = catalogue.procedures["khai-sinh"]
    draft = Draft("d" * 16, "khai-sinh", "v", applicant="Lê Thị Mai")
    last = date(2026, 12, 2)
    said = unfinished.words(Step.DEADLINE, draft, birth, last, date(2026, 11, 29))
    assert said.text.startswith("Hồ sơ Đăng ký khai sinh cho Lê Thị Mai còn làm dở")
    assert "hết Thứ Tư 02/12/2026, còn 3 ngày" in said.text
    assert [b.value for b in said.buttons] == [f"resume:{draft.id}", "no:notify"]


@pytest.mark.parametrize("last", [None, date(2026, 11, 20), date(2027, 9, 30)])
def test_a_deadline_that_is_over_or_far_is_not_spoken_of(catalogue: Catalogue, last: date | None) -> None:
    draft = Draft("d" * 16, "khai-sinh", "v")
    said = unfinished.words(Step.MORNING, draft, catalogue.procedures["khai-sinh"], last, TODAY)
    assert "Hạn nộp" not in said.text
