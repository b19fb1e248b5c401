"""Naming who collects: one question at a time, checked; what the law wants; code, change and revocation."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from conversations.effects import DropCollector, NameCollector, RenewCode
from conversations.messages import ContactShared, Pressed
from conversations.state import Collector
from tests.conversations.test_appointment import BOOK, ID, waiting
from tests.conversations.world import World

MAI = Collector("Trần Thị Mai", "+84984123456", "1234", "hashed")


def asked(**changes: object) -> World:
    world, _ = waiting(**changes)
    world.says(Pressed(f"collect:{ID}"))
    return world


def test_name_phone_and_the_end_of_the_card() -> None:
    world = asked()
    assert world.keys == ("collector.ask-name",)
    assert "mang theo giấy ủy quyền" in world.text
    assert world.says("trần thị mai") == ("collector.ask-phone",)
    assert world.says("0984 123 456") == ("collector.ask-last4",)
    assert world.says("1234") == ("collector.confirm",)
    assert "Người đến nhận: Trần Thị Mai\nĐiện thoại: 0984 123 456\nBốn số cuối thẻ: 1234" in world.text
    world.says("[Đúng, lấy mã nhận]")
    assert world.effects == [NameCollector(ID, "Trần Thị Mai", "+84984123456", "1234")]


def test_what_is_wrong_is_said_and_asked_again() -> None:
    world = asked()
    assert world.says("123") == ("wrong.name", "collector.ask-name")
    world.says("Trần Thị Mai")
    assert world.says("12") == ("wrong.phone", "collector.ask-phone")
    assert world.says(ContactShared("0984123456", own=False)) == ("collector.ask-last4",)
    assert world.says("12345") == ("collector.wrong-last4", "collector.ask-last4")
    assert world.says("042 194 001 234") == ("collector.confirm",)
    assert world.says("sao nữa") == ("common.choose",)
    assert world.says("[Nhập lại]") == ("collector.ask-name",)
    assert world.says("[Thôi]") == ("track.dossier",)
    assert world.effects == []


def test_an_old_button_confirms_nothing() -> None:
    world, _ = waiting()
    assert world.says(Pressed(f"collect:{ID}:ok")) == ("collector.ask-name",)
    assert world.effects == []


def test_who_was_named_can_be_changed_revoked_or_get_another_code() -> None:
    world = asked(collector=MAI)
    assert world.keys == ("collector.named",)
    assert world.labels == ["Lấy mã mới", "Đổi người nhận", "Thôi nhờ, tôi tự nhận", "Xem hồ sơ"]
    assert world.says("ừ") == ("common.choose",)
    world.says("[Đổi người nhận]")
    assert world.keys == ("collector.ask-name",)
    world.says("Lê Văn Ba")
    assert world.keys == ("collector.ask-phone",)
    world.says(Pressed(f"collect:{ID}:code"))
    assert world.effects == [RenewCode(ID)]
    world.says(Pressed(f"collect:{ID}:drop"))
    assert world.effects == [DropCollector(ID)]
    assert world.says(Pressed(f"collect:{ID}:drop"))[0] == "collector.gone"
    assert world.effects == []


def test_the_dossier_s_page_names_the_collector() -> None:
    world, _ = waiting(collector=MAI)
    world.says(Pressed(f"d:{ID}"))
    assert "Người nhận thay: Trần Thị Mai, thẻ ****1234" in world.text
    assert "Nhờ người khác nhận" in world.labels


@pytest.mark.parametrize(
    ("collection", "words"),
    [
        ("authorised", "mang theo giấy ủy quyền của bạn"),
        ("anyone", "Không cần giấy ủy quyền"),
        (None, "cán bộ xác nhận"),
    ],
)
def test_what_the_law_wants(collection: str | None, words: str) -> None:
    world, dossier = waiting()
    known = world.catalogue.procedures
    changed = replace(known[BOOK], collection=collection)
    world.catalogue = dataclasses.replace(world.catalogue, procedures={**known, BOOK: changed})
    world.says(Pressed(f"collect:{dossier.id}"))
    assert words in world.text


def test_where_the_law_wants_the_applicant_nobody_else_can_be_named() -> None:
    world, _ = waiting(procedure="giam-ho")
    world.says(Pressed(f"d:{ID}"))
    assert "Nhờ người khác nhận" not in world.labels
    assert world.says(Pressed(f"collect:{ID}")) == ("collector.in-person",)
    assert world.labels == ["Đổi giờ hẹn"]


@pytest.mark.parametrize("status", ["accepted", "invited", "posted", "handed-over"])
def test_only_a_result_that_waits_can_be_collected(status: str) -> None:
    world, _ = waiting(status=status)
    assert world.says(Pressed(f"collect:{ID}"))[0] == "collector.not-now"
