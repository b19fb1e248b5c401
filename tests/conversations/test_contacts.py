"""A contact that is shared: one's own number answers the question for it, and nothing else does."""

from __future__ import annotations

import pytest

from conversations import plans
from conversations.effects import Relay
from conversations.messages import ContactShared, Pressed
from domain.values import phone
from tests.conversations.filling import to
from tests.conversations.world import World, catalogue

OWN = ContactShared("+84984721482", own=True)
OTHERS = ContactShared("+84984721482", own=False)


def at_phone() -> World:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:xac-nhan-tinh-trang-hon-nhan"))
    world.says("[Cho tôi]")
    to(world, "requester_phone")
    return world


def answers(world: World) -> list[str]:
    assert world.state.draft is not None
    return list(world.state.draft.answers.values())


def asks(world: World) -> str:
    """What the last message asks for; none before it asks for anything."""
    assert not any(message.asks for message in world.last[:-1])
    return world.last[-1].asks


@pytest.mark.parametrize("number", ["+84984721482", "84984721482", "0984721482", "+84 984 721 482", "0984.721.482"])
def test_ones_own_number_answers_and_is_read_back(number: str) -> None:
    world = at_phone()
    assert world.says(ContactShared(number, own=True))[0] == "apply.noted"
    assert "0984 721 482" in world.text
    assert "+84984721482" in answers(world)


def test_a_message_that_asks_for_a_number_says_so() -> None:
    world = at_phone()
    assert asks(world) == "phone"
    assert world.says("không biết") == ("wrong.phone",)
    assert asks(world) == "phone"
    world.says(OWN)
    assert asks(world) == ""


def test_every_question_for_a_number_is_one_that_asks_for_it() -> None:
    kinds = {q.kind for p in catalogue().procedures.values() for q in plans.plan(p).order if "ố điện thoại" in q.label}
    assert kinds == {"phone"}


def test_somebody_elses_number_is_typed() -> None:
    world = at_phone()
    assert world.says(OTHERS) == ("misfit.contact-other",)
    assert (asks(world), phone(OTHERS.phone) in answers(world)) == ("phone", False)
    assert world.says("0984721482")[0] == "apply.noted"


@pytest.mark.parametrize("number", ["+79161234567", "", "abc", "1" * 300])
def test_a_number_that_is_none_here_is_asked_for_again(number: str) -> None:
    world = at_phone()
    assert world.says(ContactShared(number, own=True))[0] in (
        "wrong.phone",
        "wrong.phone-long",
        "wrong.too-long",
        "wrong.empty",
    )
    assert asks(world) == "phone"


def test_the_button_pressed_twice() -> None:
    world = at_phone()
    world.says(OWN)
    before = answers(world)
    assert world.says(OWN)[0] == "misfit.contact-known"
    assert answers(world) == before


def test_a_number_that_is_given_anew() -> None:
    world = at_phone()
    world.says(OWN)
    world.says("[Quay lại]")
    assert asks(world) == "phone"
    assert world.says(ContactShared("0911222333", own=True))[0] == "apply.noted"
    assert "+84911222333" in answers(world)
    assert "+84984721482" not in answers(world)


@pytest.mark.parametrize("contact", [OWN, OTHERS])
@pytest.mark.parametrize("screen", ["menu", "page", "office", "call-about"])
def test_where_no_number_is_asked_for(screen: str, contact: ContactShared) -> None:
    world = World(screen=screen)
    assert world.says(contact)[0] == "misfit.contact"
    assert world.state.talk.screen == screen


def test_at_a_question_for_something_else() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:xac-nhan-tinh-trang-hon-nhan"))
    assert world.says(OWN)[0] == "misfit.contact"
    world.says("[Cho tôi]")
    assert world.says(OTHERS)[0] == "misfit.contact"
    assert world.state.talk.screen == "draft"


def test_an_officer_is_given_it() -> None:
    world = World()
    world.call_open = True
    assert world.says(OTHERS) == ()
    assert world.effects == [Relay("Số điện thoại: +84984721482")]


def test_the_first_contact_of_all_greets() -> None:
    assert World(office="", screen="start").says(OWN)[0] == "start.greeting"
