"""/lienhe: what the officer is offered, what is taken, and how to get out."""

from __future__ import annotations

import pytest

from conversations.contact_state import AddZalo, AskContact, DropContact, OwnWay, ProveContact, TryContacts
from conversations.messages import Pressed, TextSent
from conversations.staff_state import StaffTurn
from tests.conversations.desk_world import HEAD, HOA, Desk


def desk(*channels: str, ways: tuple[OwnWay, ...] = ()) -> Desk:
    made = Desk()
    made.channels, made.ways = frozenset(channels), ways
    return made


def labels(turn: StaffTurn) -> list[str]:
    return [b.label for said in turn.says for b in said.buttons if not isinstance(b, str)]


def said(turn: StaffTurn) -> list[str]:
    return [one.key for one in turn.says]


def test_only_what_is_set_up_is_offered() -> None:
    assert labels(desk("sms", "zalo").turn(HOA, TextSent("/lienhe"))) == ["Thêm Zalo", "Thêm số điện thoại"]
    assert said(desk().turn(HOA, TextSent("/lienhe"))) == ["contact.nowhere"]


def test_the_help_names_it_where_it_leads_anywhere() -> None:
    for role in (HOA, HEAD):
        assert "/lienhe" in desk("sms").type(role, "/trogiup")[-1].text
        assert "/lienhe" not in desk().type(role, "/trogiup")[-1].text


def test_the_list_says_what_works_and_takes_each_back() -> None:
    ways = (OwnWay("chat1", "sms", "0984 … 456"), OwnWay("chat2", "email", "h…a@example.vn", well=False))
    turn = desk("sms", "email", ways=ways).turn(HOA, TextSent("/liên hệ".replace(" ", "")))
    assert turn.says[0].blanks["lines"] == "• SMS 0984 … 456\n• e-mail h…a@example.vn (không gửi được nữa)"
    assert labels(turn)[2:] == ["Gửi thử", "Bỏ SMS 0984 … 456", "Bỏ e-mail h…a@example.vn"]


@pytest.mark.parametrize(("typed", "value"), [("0984123456", "+84984123456"), ("+84 984.123.456", "+84984123456")])
def test_a_number_is_asked_to_be_proven(typed: str, value: str) -> None:
    here = desk("sms")
    here.turn(HOA, Pressed("s:cadd:me:phone"))
    here.turn(HOA, TextSent(typed))
    here.turn(HOA, TextSent("mã 123 456"))
    assert here.effects[-2:] == [AskContact("phone", value), ProveContact("123456")]


def test_words_that_are_neither_are_told_so_and_the_place_is_kept() -> None:
    here = desk("sms", "email")
    here.turn(HOA, Pressed("s:cadd:me:email"))
    assert said(here.turn(HOA, TextSent("hoa tại gmail"))) == ["contact.wrong-email"]
    here.turn(HOA, TextSent("Hoa@Example.VN"))
    assert here.effects[-1] == AskContact("email", "hoa@example.vn")
    assert said(here.turn(HOA, TextSent("chưa thấy"))) == ["contact.wrong-code"]
    assert said(here.turn(HOA, TextSent("Thôi"))) == ["contact.left"]
    assert here.talks[HOA.id].screen == ""


def test_a_channel_that_is_not_set_up_cannot_be_pressed_into_being() -> None:
    here = desk("email")
    for press in ("s:cadd:me:phone", "s:cadd:me:zalo", "s:cadd:me:fax"):
        assert said(here.turn(HOA, Pressed(press))) == ["contact.none"]
    assert here.effects == []


def test_presses_are_effects() -> None:
    here = desk("zalo")
    for press, effect in (
        ("s:cadd:me:zalo", AddZalo()),
        ("s:cdrop:me:chat1", DropContact("chat1")),
        ("s:ctry:me", TryContacts()),
    ):
        here.turn(HOA, Pressed(press))
        assert here.effects[-1] == effect
