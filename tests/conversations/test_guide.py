"""The guide leads to what no menu has room for, and to nothing that is not there."""

from __future__ import annotations

from tests.conversations.world import World


def test_it_leads_to_what_the_menu_has_no_room_for() -> None:
    world = World()
    world.says("hướng dẫn")
    found = {button.value for button in world.buttons}
    assert {"look", "owndata", "trust", "menu"} <= found
    assert not {"where", "join"} & found  # nowhere else to be told, nothing to be linked with


def test_where_there_are_other_places_it_leads_to_them() -> None:
    world = World()
    world.ways, world.link_to = frozenset({"email"}), ("zalo",)
    world.says("hướng dẫn")
    assert {"where", "join"} <= {button.value for button in world.buttons}


def test_each_of_them_answers() -> None:
    world = World()
    world.ways, world.link_to = frozenset({"email"}), ("zalo", "telegram")
    for label in ("Tra cứu theo số điện thoại", "Nhận tin ở đâu", "Dữ liệu của tôi", "Tin này thật không?"):
        world.says("hướng dẫn")
        assert world.says(f"[{label}]")
    world.says("hướng dẫn")
    assert world.says("[Làm tiếp trên máy khác]") == ("linking.choose",)


def test_before_the_office_is_known_it_only_says_how() -> None:
    world = World(office="", screen="office")
    world.says("hướng dẫn")
    assert not {"look", "where", "owndata", "trust"} & {button.value for button in world.buttons}


def test_an_archive_is_not_promised_where_it_cannot_be_sent() -> None:
    world = World()
    world.channel, world.link_to = "zalo", ("web",)
    world.says("dữ liệu của tôi")
    assert world.says("[Lấy tệp dữ liệu]") == ("own-data.file-elsewhere",)
    assert not world.effects
    assert "join:web" in [button.value for button in world.buttons]
