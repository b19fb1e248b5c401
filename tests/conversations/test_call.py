"""Talking to a person: what it is about, silence of the menus, and the way back."""

from __future__ import annotations

from conversations.effects import CallOfficer, EndCall, Relay
from conversations.messages import Edited, File, FileSent, Pressed, Started, TextSent, Unsupported
from conversations.state import Draft
from tests.conversations.world import World


def calling() -> World:
    world = World()
    assert world.says("gặp cán bộ") == ("call.about",)
    assert world.says("Tôi muốn hỏi giờ nộp") == ("call.opened",)
    return world


def test_asking_for_one() -> None:
    world = calling()
    assert world.effects == [CallOfficer("Tôi muốn hỏi giờ nộp")]
    assert world.labels == ["Kết thúc trao đổi"]


def test_everything_goes_to_the_officer() -> None:
    world = calling()
    photo = File("r", "image/jpeg", 10)
    voice = File("v", "audio/ogg", 10)
    for event, relayed in (
        (TextSent("tôi cần gấp"), Relay("tôi cần gấp")),
        (FileSent(photo, "đây ạ"), Relay("đây ạ", photo)),
        (FileSent(voice), Relay("", voice)),
    ):
        assert world.says(event) == ()
        assert world.effects == [relayed]


def test_what_cannot_be_relayed_is_said() -> None:
    world = calling()
    assert world.says(Unsupported("sticker")) == ("call.not-relayed",)
    assert world.says(Unsupported("too-large")) == ("misfit.too-large",)
    assert world.says("dài " * 1000) == ("misfit.too-long",)
    assert world.says(Edited("x")) == ("call.not-relayed",)
    assert world.says(Pressed("open:khai-tu")) == ("call.still-open",)
    assert world.says(Started()) == ("call.still-open",)
    assert world.says("menu") == ("call.still-open",)
    assert world.effects == []


def test_an_emergency_is_answered_and_relayed() -> None:
    world = calling()
    assert world.says("cháy nhà rồi") == ("common.emergency",)
    assert world.effects == [Relay("cháy nhà rồi")]


def test_the_end_leads_back() -> None:
    world = World(consents=("handle", "no-notify"))
    world.says(Pressed("start:xac-nhan-tinh-trang-hon-nhan"))
    world.says("[Cho tôi]")
    world.says("gặp cán bộ")
    assert world.says("[Quay lại]") == ("apply.question",)
    world.says("gặp cán bộ")
    world.says("Giấy này làm gì")
    assert world.says("kết thúc") == ("call.ended", "apply.question")
    assert world.effects == [EndCall()]
    assert world.says(Pressed("endcall")) == ("call.over", "apply.question")


def test_about_a_dossier_or_a_procedure_nothing_is_asked() -> None:
    world = World()
    world.dossiers.append(world.view(Draft("a" * 16, "khai-tu", "v", applicant="self")))
    assert world.says(Pressed("call:" + "a" * 16)) == ("call.opened",)
    assert world.effects == [CallOfficer("Hỏi về hồ sơ: Đăng ký khai tử", "a" * 16)]
    world.says("kết thúc")
    assert world.says(Pressed("callp:khai-tu")) == ("call.opened",)
    assert world.effects == [CallOfficer("Hỏi về thủ tục: Đăng ký khai tử")]


def test_a_photo_before_the_words() -> None:
    world = World()
    world.says("gặp cán bộ")
    assert world.photo() == ("call.words-first", "call.about")


def test_words_that_are_buttons_elsewhere_may_be_the_question() -> None:
    world = World()
    world.says("gặp cán bộ")
    assert world.says("1") == ("call.opened",)
