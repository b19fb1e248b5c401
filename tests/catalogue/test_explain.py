"""Why the search answered as it did, and a second catalogue beside our own."""

from __future__ import annotations

import pytest

from catalogue.model import Catalogue
from catalogue.national import NationalRow, without_twins
from catalogue.search import Search


def test_it_says_how_the_message_was_read(search: Search) -> None:
    told = search.explain("cho em hỏi gxn ddoocj thaan làm ở mô")
    assert {(step.typed, step.by) for step in told.steps} >= {
        ("cho em hoi", "filler"),
        ("gxn", "abbreviation"),
        ("ddoocj", "keystrokes"),
        ("o mo", "dialect"),
    }
    assert told.words == ("giay", "xac", "nhan", "doc", "than")
    assert "docthan" in told.ideas


def test_a_slip_of_the_key_is_named(search: Search) -> None:
    assert ("xinhh", "xinh", "guess") not in [(s.typed, s.read, s.by) for s in search.explain("khai xinhh").steps]
    assert [(s.typed, s.by) for s in search.explain("mai tasng phí").steps] == [("tasng", "keystrokes")]
    assert ("khuyeet", "khuyet", "keystrokes") in [(s.typed, s.read, s.by) for s in search.explain("khuyeet tật").steps]


def test_the_parts_add_up(search: Search) -> None:
    told = search.explain("tách thửa đất cho con")
    assert told.considered[0].entry == "tach-hop-thua-dat"
    for one in told.considered:
        assert sum(one.parts) == pytest.approx(one.score)


@pytest.mark.parametrize("text", ["khai tử", "tách thửa đất cho con", "khen", "asdf qwer", "", "giấy độc thân"])
def test_the_same_answer_with_its_reasons(search: Search, text: str) -> None:
    told = search.explain(text)
    assert told.found == search.find(text)
    if told.found.confident:
        assert all(check.passed for check in told.checks)
    elif not told.overruled:
        assert not all(check.passed for check in told.checks)


@pytest.mark.parametrize(
    ("text", "overruled"),
    [("1.001193", "code"), ("xã Sơn Tiến", "place"), ("cháy nhà rồi", "emergency"), ("giấy độc thân", "routing")],
)
def test_what_overrules_the_checks(search: Search, text: str, overruled: str) -> None:
    assert search.explain(text).overruled == overruled


def test_our_own_come_before_a_second_catalogue(loaded: Catalogue) -> None:
    rows = [NationalRow("N.1", "Cấp giấy phép kinh doanh vàng miếng"), NationalRow("N.2", "Đăng ký giám hộ cử")]
    both = Search(loaded, rows)
    assert both.find("giấy phép kinh doanh vàng miếng").ranked[0].id == "N.1"
    assert both.find("đăng ký giám hộ").ranked[0].id == "giam-ho"


def test_near_twins_of_ours_are_left_out() -> None:
    rows = [NationalRow("N.1", "Thủ tục đăng ký khai tử"), NationalRow("N.2", "Cấp hộ chiếu")]
    assert [row.id for row in without_twins(rows, ["Thủ tục đăng ký  Khai tử"])] == ["N.2"]
