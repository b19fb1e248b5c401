"""A closure: what concerns whom and when it counts again; and the head's way to announce it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import closure, staff_closure
from conversations.closure import OFFICE, PORTAL, ClosureView, DeclareClosure, EndClosure
from conversations.messages import Pressed, TextSent
from tests.conversations.desk_world import HEAD, HOA, NOW, Desk, labels
from tests.conversations.world import World

HOUR = timedelta(hours=1)
FLOOD = ClosureView("flood", OFFICE, NOW, NOW + 5 * HOUR, "mưa lũ")
ONE = ClosureView("one", "khai-tu", NOW, NOW + 2 * HOUR, "mất điện")
DOWN = ClosureView("down", PORTAL, NOW, NOW + 9 * HOUR, "bảo trì")


def test_the_door_counts_before_the_portal_and_the_longer_before_the_shorter() -> None:
    assert closure.current((ONE, DOWN, FLOOD), "khai-tu", NOW) == FLOOD
    assert closure.current((ONE, DOWN), "khai-tu", NOW) == ONE
    assert closure.current((ONE, DOWN), "khai-sinh", NOW) == DOWN
    assert closure.current((ONE,), "khai-sinh", NOW) is None
    assert closure.current((FLOOD,), "khai-sinh", FLOOD.ends_at) is None


def test_what_is_handed_in_counts_from_the_reopening() -> None:
    after = ClosureView("after", OFFICE, NOW + 4 * HOUR, NOW + 8 * HOUR, "bão")
    assert closure.reopening((FLOOD, after), "khai-tu", NOW) == after.ends_at
    assert closure.reopening((DOWN,), "khai-tu", NOW) == NOW
    assert closure.reopening((ONE,), "khai-sinh", NOW) == NOW
    assert not closure.shut((DOWN,), "khai-tu", NOW)


def _announced(desk: Desk, *said: str) -> DeclareClosure:
    desk.effects.clear()
    desk.type(HEAD, "/dongcua")
    for words in said:
        desk.type(HEAD, words)
    (effect,) = desk.effects
    assert isinstance(effect, DeclareClosure)
    return effect


def test_five_presses_announce_the_whole_office() -> None:
    effect = _announced(Desk(), "1", "1", "2", "2", "Thông báo")
    assert (effect.procedure, effect.reason) == (OFFICE, "mất điện")
    assert effect.starts_at == NOW
    assert effect.ends_at > NOW + timedelta(hours=12)


def test_one_procedure_by_its_words_and_typed_moments() -> None:
    effect = _announced(Desk(), "khai tử", "sáng mai", "chiều mốt", "Sửa máy in.", "Thông báo")
    assert (effect.procedure, effect.reason) == ("khai-tu", "Sửa máy in")
    assert effect.starts_at.date() == NOW.date() + timedelta(days=1)
    assert effect.ends_at.date() == NOW.date() + timedelta(days=2)


@pytest.mark.parametrize(
    ("said", "key"),
    [("hôm nào đó", "closure.moment-wrong"), ("7h", "closure.moment-past"), ("xyz", "closure.moment-wrong")],
)
def test_a_moment_that_cannot_be_keeps_the_place(said: str, key: str) -> None:
    desk = Desk()
    for words in ("/dongcua", "Cổng dịch vụ công"):
        desk.type(HEAD, words)
    turn = desk.turn(HEAD, TextSent(said))
    assert turn.says[0].key == key
    assert desk.talks[HEAD.id].screen == staff_closure.FROM


def test_the_end_lies_behind_the_beginning() -> None:
    desk = Desk()
    for words in ("/dongcua", "Cả trung tâm", "sáng mai"):
        desk.type(HEAD, words)
    assert "phải sau lúc đóng" in desk.type(HEAD, "hôm nay 16h")[0].text


def test_only_the_head_closes_and_opens() -> None:
    desk = Desk()
    desk.closed = (FLOOD,)
    for words in ("/dongcua", "/mocua"):
        assert "lãnh đạo" in desk.type(HOA, words)[0].text
    for value in ("s:xsend:me", "s:xopen:me:flood"):
        assert "lãnh đạo" in desk.says(HOA, Pressed(value))[0].text
    assert desk.effects == []
    desk.type(HEAD, "/mocua")
    assert desk.effects == [EndClosure("flood")]


def test_of_several_the_head_says_which_one_ends() -> None:
    desk = Desk()
    assert "Không có đợt" in desk.type(HEAD, "/mocua")[0].text
    desk.closed = (FLOOD, ONE)
    said = desk.type(HEAD, "/mocua")
    assert len(labels(said)) == 3
    desk.says(HEAD, Pressed(said[0].buttons[1].value))
    assert desk.effects == [EndClosure("one")]


def test_who_asks_or_begins_meanwhile_reads_it_first() -> None:
    world = World()
    world.closures = (ClosureView("flood", OFFICE, world.now - HOUR, world.now + HOUR, "mưa lũ"),)
    world.says(Pressed("open:khai-tu"))
    assert world.text.startswith("Lưu ý: Trung tâm Phục vụ hành chính công xã Sơn Tiến đang tạm nghỉ đến")
    assert world.says(Pressed("start:khai-tu"))[0] == "apply.begin"
    other = World()
    other.closures = world.closures
    assert other.says(Pressed("start:khai-tu"))[0] == "closure.shown"
