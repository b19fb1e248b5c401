"""The desk's screen of slips, and the head's command for the ledger."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from conversations.messages import Pressed
from conversations.staff_state import SendLedger, SendSlip
from conversations.state import Step
from tests.conversations.desk_world import BINH, HEAD, HOA, ID, NOW, Desk, dossier, labels

CONTROL = ["Phiếu kiểm soát", "Phiếu kiểm soát (Excel)", "Thôi"]
STEPS = (
    Step(NOW - timedelta(days=3), "submit", "submitted"),
    Step(NOW - timedelta(days=2), "ask-more", "incomplete"),
    Step(NOW - timedelta(days=1), "supplement", "submitted"),
    Step(NOW, "accept", "accepted"),
)
MINE = dossier(owner=HOA, status="accepted", official_code="H27.XX.YY-261123-0001", steps=STEPS)


def test_each_slip_that_was_issued_can_be_had_again_by_label_or_number() -> None:
    desk = Desk(MINE)
    assert labels(desk.press(HOA, "slips")) == ["Phiếu bổ sung, 21/11", "Giấy tiếp nhận, 23/11", *CONTROL]
    desk.type(HOA, "2")
    assert desk.effects == [SendSlip(ID, "2")]
    desk.press(HOA, "slips")
    desk.type(HOA, "phiếu kiểm soát")
    assert desk.effects[1:] == [SendSlip(ID, "control")]


def test_where_none_was_issued_the_control_slip_can_be_made() -> None:
    shown = Desk(dossier(owner=HOA)).press(HOA, "slips")
    assert labels(shown) == CONTROL
    assert "chưa có phiếu nào" in shown[0].text


def test_only_whoever_works_on_it_and_the_head() -> None:
    desk = Desk(MINE)
    assert "Lê Thị Hoa" in desk.press(BINH, "slips")[0].text
    desk.press(BINH, "slips", "1")
    assert desk.effects == []
    desk.press(HEAD, "slips", "1")
    assert desk.effects == [SendSlip(ID, "1")]


def test_a_long_story_shows_the_newest_slips() -> None:
    steps = tuple(Step(NOW + timedelta(days=n), "ask-more", "incomplete") for n in range(12))
    shown = labels(Desk(dossier(owner=HOA, status="incomplete", steps=steps)).press(HOA, "slips"))
    assert len(shown) == 8 + len(CONTROL)
    assert shown[7] == "Phiếu bổ sung, 04/12"


def test_a_closed_dossier_still_offers_its_slips() -> None:
    closed = dossier(owner=HOA, status="handed-over", official_code="H27.XX.YY-261123-0001", steps=STEPS)
    shown = Desk(closed).type(HOA, "/hoso H27.XX.YY-261123-0001")
    assert "Phiếu của hồ sơ" in labels(shown)
    assert "Phiếu của hồ sơ" not in labels(Desk(closed).type(BINH, "/hoso H27.XX.YY-261123-0001"))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("/so", date(2026, 11, 1), date(2026, 11, 30)),
        ("/so 11/2026", date(2026, 11, 1), date(2026, 11, 30)),
        ("/SỔ tháng 10", date(2026, 10, 1), date(2026, 10, 31)),
        ("/so 01/11-15/11", date(2026, 11, 1), date(2026, 11, 15)),
        ("/so từ 1/11 đến 15/11", date(2026, 11, 1), date(2026, 11, 15)),
        ("/so 2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_head_asks_for_the_ledger_of_a_period(typed: str, first: date, last: date) -> None:
    desk = Desk(MINE)
    desk.type(HEAD, typed)
    assert desk.effects == [SendLedger(first, last)]


def test_the_ledger_is_for_the_head_alone_and_only_with_a_slash() -> None:
    desk = Desk(MINE)
    assert desk.type(HOA, "/so")[0].text == "Việc này chỉ lãnh đạo làm được."
    desk.type(HEAD, "số 2026")
    assert desk.effects == []


def test_a_period_that_is_none_keeps_the_place() -> None:
    desk = Desk(MINE)
    desk.press(HEAD, "slips")
    assert "Chưa hiểu «tuần sau»" in desk.type(HEAD, "/so tuần sau")[0].text
    desk.says(HEAD, Pressed(f"d:slips:{ID}:control"))
    assert desk.effects == [SendSlip(ID, "control")]
