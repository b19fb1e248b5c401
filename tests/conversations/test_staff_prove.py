"""/xacso and /tracuunhatky: a number proven at the desk, what an officer's search leaves behind, who was held back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.messages import Pressed
from conversations.staff_look_effects import NoteLooks, ProveAtDesk
from tests.conversations.desk_world import HEAD, HOA, ID, NOW, Desk

GIVEN = "123 456"


def desk() -> Desk:
    made = Desk()
    made.provable[GIVEN] = "+84984123456"
    return made


def test_the_number_is_shown_before_it_is_confirmed() -> None:
    made = desk()
    (asked,) = made.type(HOA, f"/xacso {GIVEN}")
    assert "0984 123 456" in asked.text
    assert made.effects == []
    made.says(HOA, Pressed(asked.buttons[0].value))
    assert made.effects == [ProveAtDesk(GIVEN)]


def test_a_number_that_did_not_ring_stays_as_it_is() -> None:
    made = desk()
    (asked,) = made.type(HOA, f"/xacso {GIVEN}")
    made.says(HOA, Pressed(asked.buttons[1].value))
    assert made.effects == []


@pytest.mark.parametrize("words", ["/xacso", "/xacso 999999", "/xacso abc", "/xacso " + "9" * 300])
def test_what_leads_to_no_number_is_said(words: str) -> None:
    made = desk()
    (said,) = made.type(HOA, words)
    assert said.buttons == ()
    assert made.effects == []


def test_a_search_leaves_what_it_has_shown_and_what_was_opened() -> None:
    made = desk()
    made.type(HOA, "/tim nguyễn")
    made.type(HOA, "/tim nobody at all")
    made.type(HOA, f"/hoso {made.files[ID].tracking_code}")
    assert made.effects == [NoteLooks((ID,), "listed"), NoteLooks((ID,), "opened")]


def test_the_head_reads_when_somebody_was_held_back() -> None:
    made = desk()
    assert "không ai" in made.type(HEAD, "/tracuunhatky")[0].text
    made.guessed = [NOW, NOW - timedelta(days=1)]
    assert "Có 2 lần" in made.type(HEAD, "/tracuunhatky")[0].text
    assert "Có 2 lần" not in made.type(HOA, "/tracuunhatky")[0].text
