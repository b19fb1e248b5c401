"""What counts as a code or a number, whatever keyboard it was typed on, and what leads where."""

from __future__ import annotations

import random

import pytest

from conversations import linking, looking_up
from conversations.linking import ALPHABET
from conversations.linking_effects import GiveCode, GiveNumber, OfferCode, Refuse, Unlink
from conversations.messages import Event, Pressed, Started, TextSent
from conversations.rehearsal.pretend import Pretend
from domain import codes
from tests.conversations.world import World


@pytest.mark.parametrize(
    ("words", "in_form", "code"),
    [
        ("4F7K-2M9P", True, "4F7K2M9P"),
        (" 4f7k – 2m9p. ", True, "4F7K2M9P"),
        ("4f7k 2m9p", True, "4F7K2M9P"),
        ("4F7K2M9P", False, "4F7K2M9P"),
        ("4F7K2M9P", True, ""),  # may be the answer
        ("22223333", False, ""),  # a number
        ("CHCHPHTH", False, ""),  # letters alone
        ("4F7K-2M9P nhé", False, ""),
        ("4F7K-2M9I", False, ""),  # no I
        ("K7P4-9XTM-3WHAC", False, ""),
        ("0984 7214", True, ""),
    ],
)
def test_a_code(words: str, code: str, *, in_form: bool) -> None:
    assert linking.given(TextSent(words), in_form=in_form) == code


@pytest.mark.parametrize("payload", ["noi-4F7K2M9P", "noi-4f7k-2m9p"])
def test_a_link(payload: str) -> None:
    assert linking.given(Started(payload), in_form=True) == "4F7K2M9P"


@pytest.mark.parametrize("event", [Started("noi-1"), Started("4F7K2M9P"), Started(), Pressed("4F7K-2M9P")])
def test_no_link(event: Event) -> None:
    assert not linking.given(event, in_form=False)


def test_no_keyboard_for_vietnamese_changes_a_code_and_no_two_letters_look_alike() -> None:
    """Telex makes marks of vowels and of dd, w, s, z; VNI and VIQR of vowels followed by digits or signs."""
    assert not set(ALPHABET) & set("AEIOUYWDSZ")
    for alike in ("0OQDC", "1IL", "2Z", "5S", "8B", "6G", "UV"):
        assert len(set(ALPHABET) & set(alike)) <= 1


def test_no_code_of_a_dossier_is_one() -> None:
    dice = random.Random(1)
    for _ in range(500):
        code = codes.show(codes.new_tracking_code(dice.randbytes(16)))
        assert not linking.given(TextSent(code), in_form=False)
        assert not linking.given(Started(code), in_form=False)


@pytest.fixture
def world() -> Pretend:
    made = World()
    made.link_to = ("zalo", "telegram")
    return made


def test_the_place_is_asked_for_where_there_are_several(world: Pretend) -> None:
    world.take(Pressed("join"))
    assert [button.value for button in world.last[-1].buttons][:2] == ["join:zalo", "join:telegram"]
    world.take(TextSent("Nối Zalo"))
    assert world.effects == [OfferCode("zalo")]
    world.take(TextSent("48 21"))
    assert world.effects == [GiveNumber("4821")]


def test_a_number_that_is_too_short_keeps_the_place(world: Pretend) -> None:
    world.take(Pressed("join:zalo"))
    world.take(TextSent("482"))
    assert not world.effects
    assert world.state.talk.screen == linking.SCREEN
    assert [button.value for button in world.last[-1].buttons] == ["join:zalo", "menu"]


def test_words_lead_on_from_there(world: Pretend) -> None:
    world.take(Pressed("join:zalo"))
    world.take(TextSent("đăng ký khai sinh"))
    assert world.state.talk.screen != linking.SCREEN


@pytest.mark.parametrize(
    ("value", "effect"),
    [
        ("nojoin", Refuse()),
        ("notme:abc", Unlink("abc")),
        ("unlink:abc", Unlink("abc")),
        ("alertok:4F7K2M9P", GiveCode("4F7K2M9P", agreed=True)),
    ],
)
def test_presses(world: Pretend, value: str, effect: object) -> None:
    world.take(Pressed(value))
    assert world.effects == [effect]


def test_a_talk_with_an_officer_hears_no_code(world: Pretend) -> None:
    """What is typed there is read by the whole office."""
    world.call_open = True
    world.take(TextSent("4F7K-2M9P"))
    assert world.effects == [GiveCode("4F7K2M9P")]
    world.take(Pressed("nojoin"))
    assert world.effects == [Refuse()]


def test_whoever_comes_by_a_link_hears_first_who_speaks(world: Pretend) -> None:
    world.state = world.state.at("start")
    turn = world.take(Started("noi-4F7K2M9P"))
    assert turn.says[0].key.startswith("start.greeting")
    assert world.effects == [GiveCode("4F7K2M9P")]


@pytest.mark.parametrize("words", ["0984123456", "0984 123 456"])
def test_a_telephone_number_is_looked_up_also_where_four_digits_are_awaited(words: str, world: Pretend) -> None:
    world.take(Pressed("join:zalo"))
    world.take(TextSent(words))
    assert world.state.talk.screen == looking_up.SCREEN
