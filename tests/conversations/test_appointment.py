"""Choosing when to come: days, times, a moment in words, a slot that is gone; and naming who collects."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from conversations.effects import BookSlot
from conversations.messages import Pressed
from conversations.state import DossierView, Draft
from domain.values import VIETNAM
from tests.conversations.world import World

BOOK = "ban-sao-trich-luc-ho-tich"
ID = "a" * 16
HELD = datetime(2026, 11, 25, 7, 30, tzinfo=VIETNAM)  # Wednesday; now is Monday 10:00


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


def half_hours(day: int) -> list[datetime]:
    morning = [at(day, 7, 30) + n * timedelta(minutes=30) for n in range(8)]
    return [*morning, *(at(day, 13, 30) + n * timedelta(minutes=30) for n in range(7))]


def waiting(**changes: object) -> tuple[World, DossierView]:
    """A result to be collected on Wednesday at 7:30."""
    world = World(consents=("handle", "no-notify"))
    dossier = world.view(Draft(ID, BOOK, "v", applicant="self"), status="done")
    dossier = replace(dossier, official_code="H27.1.2-261123-0001", appointment_at=HELD)
    world.dossiers.append(replace(dossier, **changes))
    world.slots = [*half_hours(25), *half_hours(26), *half_hours(27)]
    return world, world.dossiers[0]


def test_a_day_then_a_time() -> None:
    world, _ = waiting()
    world.says(Pressed(f"d:{ID}"))
    assert world.says("[Đổi giờ hẹn]") == ("appointment.days",)
    assert "Giờ hẹn đang giữ: 7 giờ 30, Thứ Tư 25/11/2026" in world.text
    assert world.labels == ["Thứ Tư 25/11/2026", "Thứ Năm 26/11/2026", "Thứ Sáu 27/11/2026", "Giữ giờ cũ"]
    assert world.says("2") == ("appointment.times",)
    assert world.labels[0] == "7 giờ 30"
    assert world.labels[-3:] == ["Xem thêm", "Ngày khác", "Giữ giờ cũ"]
    world.says("[Xem thêm]")
    assert world.labels[0] == "13 giờ 30"
    world.says("[14 giờ]")
    assert world.effects == [BookSlot(ID, at(26, 14))]
    assert world.dossiers[0].appointment_at == at(26, 14)
    assert world.state.talk.screen == "dossier"


def test_one_s_own_moment_is_not_offered() -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}:20261125"))
    assert world.labels[0] == "8 giờ"


@pytest.mark.parametrize(
    ("typed", "booked"),
    [
        ("thứ 5 lúc 2 giờ chiều", at(26, 14)),
        ("thu sau 8h30", at(27, 8, 30)),
        ("26/11 9 giờ", at(26, 9)),
        ("ngày kia 10 giờ", at(25, 10)),
    ],
)
def test_a_moment_in_words_is_booked(typed: str, booked: datetime) -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}"))
    world.says(typed)
    assert world.effects == [BookSlot(ID, booked)]


@pytest.mark.parametrize(
    ("typed", "key", "labels"),
    [
        ("thứ năm", "appointment.times", ["7 giờ 30", "8 giờ"]),
        ("chiều thứ sáu", "appointment.some", ["13 giờ 30, Thứ Sáu 27/11/2026", "14 giờ, Thứ Sáu 27/11/2026"]),
        ("9 giờ", "appointment.some", ["9 giờ, Thứ Tư 25/11/2026", "9 giờ, Thứ Năm 26/11/2026"]),
        ("sáng mai", "appointment.full", ["8 giờ, Thứ Tư 25/11/2026", "8 giờ 30, Thứ Tư 25/11/2026"]),
        ("thứ 5 lúc 12 giờ", "appointment.full", ["10 giờ, Thứ Năm 26/11/2026", "10 giờ 30, Thứ Năm 26/11/2026"]),
        ("chủ nhật", "appointment.full", ["8 giờ, Thứ Tư 25/11/2026", "8 giờ 30, Thứ Tư 25/11/2026"]),
    ],
)
def test_what_comes_nearest_is_shown(typed: str, key: str, labels: list[str]) -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}"))
    assert world.says(typed) == (key,)
    assert world.labels[:2] == labels
    assert world.effects == []
    assert world.state.talk.screen == "move"


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("lúc nào cũng được", ["8 giờ, Thứ Tư 25/11/2026", "8 giờ 30, Thứ Tư 25/11/2026"]),
        ("cang som cang tot", ["8 giờ, Thứ Tư 25/11/2026", "8 giờ 30, Thứ Tư 25/11/2026"]),
        ("cuoi tuan", ["7 giờ 30, Thứ Năm 26/11/2026", "7 giờ 30, Thứ Sáu 27/11/2026"]),
        ("chiều cuối tuần này", ["13 giờ 30, Thứ Năm 26/11/2026", "13 giờ 30, Thứ Sáu 27/11/2026"]),
        ("trong tuần này", ["8 giờ, Thứ Tư 25/11/2026", "7 giờ 30, Thứ Năm 26/11/2026"]),
        ("tuan sau", ["7 giờ 30, Thứ Hai 30/11/2026", "7 giờ 30, Thứ Ba 01/12/2026"]),
        ("đầu tuần sau", ["7 giờ 30, Thứ Hai 30/11/2026", "7 giờ 30, Thứ Ba 01/12/2026"]),
    ],
)
def test_any_time_and_a_week_without_a_day_are_offered(typed: str, labels: list[str]) -> None:
    world, _ = waiting()
    world.slots = [*world.slots, *half_hours(30), *(slot + timedelta(days=1) for slot in half_hours(30))]
    world.says(Pressed(f"move:{ID}"))
    assert world.says(typed) == ("appointment.some",)
    assert world.labels[:2] == labels
    assert world.effects == []


def test_a_week_that_is_full_says_so() -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}"))
    assert world.says("tuần sau") == ("appointment.full",)


def test_an_appointment_that_has_passed_is_not_held() -> None:
    world, _ = waiting(appointment_at=at(20, 9))
    world.says(Pressed(f"move:{ID}"))
    assert "Giờ hẹn cũ đã qua: 9 giờ, Thứ Sáu 20/11/2026." in world.text
    assert "Giữ giờ cũ" not in world.labels


def test_without_an_appointment_one_is_chosen() -> None:
    world, _ = waiting(appointment_at=None)
    world.says(Pressed(f"d:{ID}"))
    assert "Chọn giờ hẹn" in world.labels


def test_what_names_no_moment_keeps_the_place() -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}:20261126"))
    assert world.says("tôi chưa biết") == ("appointment.unclear", "appointment.times")
    assert world.says("quay lại") == ("track.dossier",)


def test_a_slot_that_is_gone_leads_to_the_next_free_ones() -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}:20261126"))
    gone = world.value("8 giờ 30")
    world.slots.remove(at(26, 8, 30))
    assert world.says(Pressed(gone)) == ("appointment.gone",)
    assert world.effects == []
    assert world.labels[:2] == ["9 giờ, Thứ Năm 26/11/2026", "9 giờ 30, Thứ Năm 26/11/2026"]
    assert world.state.talk.screen == "move"
    world.says("1")
    assert world.effects == [BookSlot(ID, at(26, 9))]


def test_pressing_twice_says_so() -> None:
    world, _ = waiting()
    assert world.says(Pressed(f"slot:{ID}:202611250730")) == ("appointment.same", "track.dossier")
    assert world.effects == []


def test_no_room_at_all() -> None:
    world, _ = waiting(appointment_at=None)
    world.slots = []
    assert world.says(Pressed(f"move:{ID}")) == ("appointment.none",)
    assert world.labels == ["Gặp cán bộ", "Xem hồ sơ"]
    assert world.says("thứ năm 8 giờ") == ("appointment.none",)


@pytest.mark.parametrize("value", [f"move:{ID}", f"slot:{ID}:202611260730", "move:none", "slot:none:1"])
def test_there_is_nothing_to_move_once_it_is_over(value: str) -> None:
    world, _ = waiting(status="handed-over")
    assert world.says(Pressed(value))[0] == "appointment.not-now"
    assert world.effects == []


@pytest.mark.parametrize("value", [f"slot:{ID}:", f"slot:{ID}:20261326", f"move:{ID}:99999999p4", f"move:{ID}:dx"])
def test_odd_values_lead_to_the_days(value: str) -> None:
    world, _ = waiting()
    assert world.says(Pressed(value)) == ("appointment.days",)


def test_a_moment_that_has_passed_is_not_somebody_else_s() -> None:
    world, _ = waiting()
    assert world.says(Pressed(f"slot:{ID}:202611200900")) == ("appointment.passed",)
    assert world.labels[0] == "8 giờ, Thứ Tư 25/11/2026"


def test_one_s_own_moment_in_words_is_kept() -> None:
    world, _ = waiting()
    world.says(Pressed(f"move:{ID}"))
    assert world.says("thứ tư 7 rưỡi") == ("appointment.same", "track.dossier")
    assert world.effects == []
