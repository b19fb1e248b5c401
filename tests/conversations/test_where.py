"""Where somebody is told: what is offered, chosen, stopped and wanted again."""

from __future__ import annotations

import pytest

from conversations.messages import Pressed
from conversations.state import Address, Draft, Told
from conversations.where_effects import GiveMissed, SeenNotice
from tests.conversations.world import World

HERE = Address("w", "web", here=True)
ZALO = Address("z", "zalo")
LOST = Address("t", "telegram", well=False)
MAIL = Address("", "email", "E-mail h…a@example.vn")


def at_home(*addresses: Address, ways: tuple[str, ...] = ()) -> World:
    world = World(consents=("handle", "notify"))
    world.addresses = list(addresses)
    world.ways = frozenset(ways)
    return world


@pytest.mark.parametrize("asked", ["báo tin", "/baotin", "Nhận tin ở đâu?", "bao tin cho toi o dau"])
def test_every_address_is_shown_and_the_others_that_work_may_be_first(asked: str) -> None:
    world = at_home(HERE, ZALO, LOST, MAIL)
    assert world.says(asked) == ("where.ask",)
    assert (
        "- Trước tiên: Trang web (chỗ này)\n- Sau đó: Zalo\n"
        "- Sau đó: Telegram (không gửi tới được; bạn vào đó nhắn một câu là nhận lại)\n"
        "- Sau đó: E-mail h…a@example.vn"
    ) in world.text
    assert world.labels[:2] == ["Ưu tiên: Zalo", "Ưu tiên: E-mail h…a@example.vn"]
    assert [button.value for button in world.buttons if button.value.startswith("told:")] == ["told:z", "told:email"]


def test_what_is_there_is_not_offered_again() -> None:
    world = at_home(HERE, Address("", "sms", "Tin nhắn tới 0984 … 456"), ways=("zalo", "phone", "email"))
    world.says("báo tin")
    assert world.labels == ["Ưu tiên: Tin nhắn tới 0984 … 456", "Thêm Zalo", "Thêm e-mail", *ALWAYS]


ALWAYS = ["Ban đêm cũng nhắn", "Dừng nhận tin", "Về đầu"]


def test_one_is_chosen_and_a_stranger_s_is_not() -> None:
    world = at_home(HERE, ZALO)
    world.says("báo tin")
    assert world.says("[Ưu tiên: Zalo]") == ("where.chosen",)
    assert world.state.person.told == Told(chat="z")
    assert world.says(Pressed("told:somebody-elses")) == ("where.gone", "where.ask")
    assert world.state.person.told == Told(chat="z")


def test_nights() -> None:
    world = at_home(HERE, ZALO)
    assert world.says(Pressed("quiet:off"))[0] == "where.quiet-off"
    assert not world.state.person.told.quiet
    assert world.says(Pressed("quiet:on"))[0] == "where.quiet-on"
    assert world.state.person.told == Told()


@pytest.mark.parametrize("said", ["/dung", "dừng nhận tin", "Ngừng nhận tin", "/dungnhantin"])
def test_stop_and_resume_are_consents_too(said: str) -> None:
    world = at_home(HERE, ZALO)
    assert world.says(said) == ("where.stop",)
    assert (world.state.person.told.stopped, world.state.person.consents) == (True, ("handle", "no-notify"))
    assert world.says(said) == ("where.stopped-already",)
    assert world.says("báo tin") == ("where.stopped",)
    assert world.says("nhận lại tin") == ()
    assert (world.state.person.told.stopped, world.state.person.consents) == (False, ("handle", "notify"))
    assert GiveMissed() in world.effects
    assert world.says("/nhantin") == ("where.not-stopped",)


@pytest.mark.parametrize("said", ["đúng", "dung", "Dừng", "đừng"])
def test_yes_stops_nothing(said: str) -> None:
    world = at_home(HERE, ZALO)
    world.says(said)
    assert not world.state.person.told.stopped


def test_a_notice_is_seen() -> None:
    world = at_home(HERE)
    assert world.says(Pressed("seen:0123456789abcdef")) == ("where.seen",)
    assert SeenNotice("0123456789abcdef") in world.effects


@pytest.mark.parametrize(
    ("addresses", "ways", "shown"), [((HERE,), (), False), ((HERE, ZALO), (), True), ((HERE,), ("zalo",), True)]
)
def test_the_way_in_stands_only_where_there_is_something_to_choose(
    addresses: tuple[Address, ...], ways: tuple[str, ...], *, shown: bool
) -> None:
    world = at_home(*addresses, ways=ways)
    world.dossiers.append(world.view(Draft("a" * 16, "khai-tu", "v", applicant="self")))
    world.says("hồ sơ của tôi")
    assert ("Nhận tin ở đâu" in world.labels) is shown
