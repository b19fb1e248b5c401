"""«Xác nhận số điện thoại»: by the messenger, by a code, at the desk."""

from __future__ import annotations

import pytest

from conversations import engine
from conversations.look_effects import AskCode, AskDeskCode, CheckCode, ProveShared
from conversations.messages import ContactShared, Pressed
from domain.rights import PHONE, Proof
from tests.conversations.test_contacts import at_phone
from tests.conversations.world import NOW, World

NUMBER = "+84984123456"
OWN = ContactShared("+84984123456", own=True)
OTHERS = ContactShared("+84984123456", own=False)


class Phone(World):
    """Somebody on a channel; with or without codes to telephones."""

    def __init__(self, channel: str = "web", *, codes: bool = False, screen: str = "menu") -> None:
        super().__init__(screen=screen)
        self.channel = channel
        self.codes_by_phone = codes


def labels(world: World) -> list[str]:
    return [button.label for button in world.buttons]


def asks(world: World) -> str:
    return world.last[-1].asks


def test_telegram_has_a_key_for_it() -> None:
    world = Phone("telegram")
    assert world.says("Xác nhận số điện thoại") == ("prove.share",)
    assert asks(world) == "phone"
    assert world.says(OWN)[0] == "prove.done"
    assert world.effects == [ProveShared(NUMBER, "telegram")]
    world.proofs.append(Proof(PHONE, NUMBER, "telegram", NOW))
    assert engine.ask(world.state, world)[0].key == "look-up.none"


def test_in_zalo_it_is_claimed() -> None:
    world = Phone("zalo", codes=True)
    world.says("xac nhan so")
    assert asks(world) == "phone"
    assert world.says(OWN)[0] == "prove.claimed"
    assert world.effects == [ProveShared(NUMBER, "zalo")]


def test_in_zalo_a_number_may_be_typed_and_gets_a_code() -> None:
    world = Phone("zalo", codes=True)
    assert world.says("xac nhan so") == ("prove.share-zalo",)
    world.says("0984 123 456")
    assert world.effects == [AskCode(NUMBER)]


def test_in_zalo_without_codes_a_typed_number_leads_to_the_desk() -> None:
    world = Phone("zalo")
    world.says("xac nhan so")
    assert world.says("0984 123 456") == ("prove.desk",)
    assert "codedesk:" + NUMBER in [button.value for button in world.buttons]


@pytest.mark.parametrize("channel", ["telegram", "zalo"])
def test_somebody_elses_contact_proves_nothing(channel: str) -> None:
    world = Phone(channel)
    world.says("xac nhan so")
    assert world.says(OTHERS)[0] == "prove.not-own"
    assert world.effects == []


def test_a_channel_that_vouches_for_nobody_proves_nothing() -> None:
    world = Phone("web")
    world.says("xac nhan so")
    assert world.says(OWN)[0] == "prove.not-own"
    assert world.effects == []


def test_a_form_that_asks_for_the_number_proves_it_as_well() -> None:
    world = at_phone()
    world.channel = "telegram"
    assert world.says(OWN)[0] == "apply.noted"
    assert ProveShared(NUMBER, "telegram") in world.effects


def test_a_form_on_the_page_proves_nothing() -> None:
    world = at_phone()
    assert world.says(OWN)[0] == "apply.noted"
    assert not any(isinstance(effect, ProveShared) for effect in world.effects)


def test_a_shared_number_keeps_what_is_being_told() -> None:
    world = Phone("telegram", screen="call-about")
    assert world.says(OWN)[0] == "prove.done"
    assert world.state.talk.screen == "call-about"
    assert world.effects == [ProveShared(NUMBER, "telegram")]


def test_with_codes_a_number_is_all_it_takes() -> None:
    world = Phone(codes=True)
    assert world.says("xác nhận số điện thoại") == ("prove.which",)
    assert world.says("0984 123 456") == ("look-up.code-sent",)
    assert world.effects == [AskCode(NUMBER)]
    assert world.says("12 34 56") == ("look-up.code-sent",)
    assert world.effects == [CheckCode("123456")]
    world.proofs.append(Proof(PHONE, NUMBER, "sms", NOW))
    assert engine.ask(world.state, world)[0].key == "look-up.none"


def test_what_is_no_code_is_said_and_leaves_the_place() -> None:
    world = Phone(codes=True)
    world.says("xác nhận số điện thoại")
    world.says("0984123456")
    assert world.says("1234") == ("prove.code-form", "look-up.code-sent")
    assert world.effects == []
    assert world.says("hồ sơ của tôi") == ("track.none",)  # nobody is locked in


@pytest.mark.parametrize("typed", ["0984 123", "+84 98", "123456789012"])
def test_what_is_no_number_is_said_and_asked_again(typed: str) -> None:
    world = Phone()
    world.says("xác nhận số điện thoại")
    assert world.says(typed) == ("prove.number-form", "prove.which")


def test_another_code_on_request() -> None:
    world = Phone(codes=True)
    world.says("xác nhận số điện thoại")
    world.says("0984123456")
    assert world.says("[Gửi lại mã]") == ("look-up.code-sent",)
    assert world.effects == [AskCode(NUMBER)]


def test_out_of_a_look_up() -> None:
    world = Phone(codes=True)
    world.says("0984123456")
    assert world.says("[Số này là của tôi]") == ("look-up.code-sent",)
    assert world.effects == [AskCode(NUMBER)]


def test_without_codes_the_desk_helps() -> None:
    world = Phone()
    world.says("0984123456")
    assert world.says("[Số này là của tôi]") == ("prove.desk",)
    assert "0984 123 456" in world.text
    world.says("[Lấy mã đọc ở quầy]")
    assert world.effects == [AskDeskCode(NUMBER)]


def test_a_number_that_is_proven_already_needs_no_code() -> None:
    world = Phone(codes=True)
    world.proofs.append(Proof(PHONE, NUMBER, "clerk", NOW))
    assert world.says(Pressed(f"code:{NUMBER}")) == ("look-up.none",)
    assert world.effects == []


@pytest.mark.parametrize(
    "value", ["code:", "code:abc", "prove:xyz", "codedesk:", "havecode:1", "look:?", "lookd:", "human:", "lookjoin:"]
)
def test_buttons_that_nobody_made_do_no_harm(value: str) -> None:
    world = Phone(codes=True)
    assert world.says(Pressed(value))
    assert world.effects == []
