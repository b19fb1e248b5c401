"""The menu behind [Việc khác…]: short, in a fixed order, and nothing is out of reach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from conversations.cards import dossier_card
from conversations.staff_buttons import other_actions
from conversations.staff_menu import GROUPS
from domain.dossier import FINAL, Status
from tests.conversations.desk_world import HEAD, HOA, ID, NOW, SHOWN, Desk, dossier, labels, values

MORNING = NOW.replace(hour=7, minute=30) + timedelta(days=2)
MINE = dossier(owner=HOA)
NO = "Thôi"
_MOST = 11  # buttons that a phone shows without scrolling, two in a row


@pytest.mark.parametrize("status", sorted(set(Status) - FINAL))
@pytest.mark.parametrize("officer", [HOA, HEAD], ids=["owner", "head"])
def test_everything_is_two_presses_away_at_most(status: Status, officer: object) -> None:
    desk = Desk(replace(MINE, status=status, appointment_at=NOW, call_open=True))
    shown = values(desk.press(officer, "menu"))  # type: ignore[arg-type]
    assert len(shown) <= _MOST
    reached = {value.split(":")[1] for value in shown}
    for group in GROUPS:
        if f"d:menu:{ID}:{group}" in shown:
            inside = values(desk.press(officer, "menu", group))  # type: ignore[arg-type]
            reached |= {value.split(":")[1] for value in inside}
    assert set(other_actions(desk.file, desk.procedure.intake, officer)) <= reached  # type: ignore[arg-type]


def test_a_group_leads_back_and_can_be_left() -> None:
    desk = Desk(replace(MINE, status="accepted"))
    assert labels(desk.press(HOA, "menu", "ends")) == ["Từ chối", "Dừng", "Chuyển cơ quan", "Quay lại", NO]
    assert labels(desk.type(HOA, "quay lại")) == labels(desk.press(HOA, "menu"))


def test_what_ends_a_dossier_is_never_the_first_to_be_pressed() -> None:
    for status in set(Status) - FINAL:
        shown = labels(Desk(replace(MINE, status=status)).press(HOA, "menu"))
        assert shown[0] not in ("Từ chối", "Dừng"), status


def test_an_unknown_group_of_an_old_button_is_the_menu() -> None:
    desk = Desk(replace(MINE, status="accepted"))
    assert labels(desk.press(HOA, "menu", "gone")) == labels(desk.press(HOA, "menu"))


def test_another_hour_for_a_result_is_called_what_it_is() -> None:
    """Not a second result; the hour that stands is named, and not offered again."""
    desk = Desk(replace(MINE, status="done", appointment_at=MORNING))
    [asked] = desk.press(HOA, "redate")
    assert asked.text.startswith(f"Đổi giờ hẹn hồ sơ {SHOWN} (đang hẹn 7 giờ 30, Thứ Tư 25/11/2026)")
    assert f"d:done:{ID}:202611250730" not in values([asked])
    desk.press(HOA, "done", "202611250800")
    assert "⏳ «Đổi giờ hẹn»" in dossier_card(desk.file, desk.procedure, NOW).text
