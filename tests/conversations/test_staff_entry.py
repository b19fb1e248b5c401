"""A clerk enters a dossier: asked what is missing, told what is wrong, corrected at will, and nothing is kept twice."""

from __future__ import annotations

from conversations import staff_entry
from conversations.entry import EnterDossier, HoldFile
from conversations.messages import File, FileSent, Pressed
from conversations.staff_state import Officer
from tests.conversations.desk_world import HOA, Desk, labels


def _reviewed(desk: Desk, procedure: str = "khai tử") -> None:
    for said in (f"/tiepnhan {procedure}", "Trực tiếp tại bàn", "Nguyễn Thị Lài", "0984123456"):
        desk.type(HOA, said)
    desk.type(HOA, "Xem bản giấy, không chụp")


def _photo(number: int) -> FileSent:
    return FileSent(File(f"ref-{number}", "image/jpeg", 1000))


def _entered(desk: Desk, officer: Officer = HOA) -> EnterDossier:
    desk.effects.clear()
    desk.type(officer, "Ghi nhận")
    (effect,) = desk.effects
    assert isinstance(effect, EnterDossier)
    return effect


def test_six_messages_and_a_press_make_a_dossier() -> None:
    desk = Desk()
    _reviewed(desk)
    entry = _entered(desk).entry
    assert (entry.procedure, entry.channel, entry.name) == ("khai-tu", "direct", "Nguyễn Thị Lài")
    assert (entry.phone, entry.photos, entry.days) == ("+84984123456", (), -1)
    assert desk.talks[HOA.id].entry is None


def test_an_unclear_wish_is_asked_with_candidates() -> None:
    desk = Desk()
    said = desk.type(HOA, "/tiepnhan đăng ký lại")
    offered = labels(said)
    assert 2 < len(offered) <= 7
    assert offered[-1] == "Thôi, bỏ hết"
    desk.says(HOA, Pressed(said[-1].buttons[1].value))
    assert desk.talks[HOA.id].screen == staff_entry.CHANNEL
    assert "Gõ lại bằng chữ khác" in desk.type(HOA, "/tiepnhan qwerty zxcv")[-1].text


def test_what_is_wrong_keeps_the_place() -> None:
    desk = Desk()
    desk.type(HOA, "/tiepnhan khai tử")
    desk.type(HOA, "2")  # by post
    for wrong in ("12", "không biết"):
        assert "họ, chữ đệm và tên" in desk.type(HOA, wrong)[0].text
    desk.type(HOA, "lê văn tám")
    assert "10 chữ số" in desk.type(HOA, "0123")[0].text
    desk.type(HOA, "không có")
    entry = desk.talks[HOA.id].entry
    assert entry is not None
    assert (entry.channel, entry.name, entry.phone) == ("post", "Lê Văn Tám", "")


def test_photos_come_at_any_moment_and_are_named_or_not() -> None:
    desk = Desk()
    desk.type(HOA, "/tiepnhan khai sinh")
    assert any(isinstance(e, HoldFile) for e in desk.turn(HOA, _photo(1)).effects)
    for said in ("Trực tiếp tại bàn", "Nguyễn Thị Lài", "không có"):
        desk.type(HOA, said)
    desk.says(HOA, FileSent(File("ref-2", "image/jpeg", 1000), caption="giấy chứng sinh"))
    desk.says(HOA, _photo(3))
    desk.type(HOA, "ủy quyền")
    desk.says(HOA, _photo(4))
    desk.type(HOA, "Xong ảnh")
    photos = {photo.file.ref: photo.paper for photo in _entered(desk).entry.photos}
    assert photos == {"ref-1": "van-ban-uy-quyen", "ref-2": "giay-chung-sinh", "ref-3": "van-ban-uy-quyen", "ref-4": ""}


def test_there_is_an_end_to_photos() -> None:
    desk = Desk()
    _reviewed(desk)
    desk.says(HOA, Pressed(f"s:efix:me:{staff_entry.PHOTOS}"))
    for number in range(staff_entry.MOST_PHOTOS):
        desk.says(HOA, _photo(number))
    turn = desk.turn(HOA, _photo(99))
    assert turn.effects == ()
    assert [say.key for say in turn.says] == ["entry.photos-full"]
    desk.says(HOA, Pressed("s:edrop:me"))
    assert len(desk.talks[HOA.id].entry.files) == staff_entry.MOST_PHOTOS - 1  # type: ignore[union-attr]


def test_each_thing_is_corrected_by_itself() -> None:
    desk = Desk()
    _reviewed(desk)
    desk.type(HOA, "Sửa họ tên")
    desk.type(HOA, "Nguyễn Thị Lan")
    desk.type(HOA, "Sửa cách nộp")
    desk.type(HOA, "Qua bưu chính")
    desk.type(HOA, "Sửa thủ tục")
    desk.type(HOA, "khai sinh")
    desk.type(HOA, "Sửa điện thoại")
    desk.type(HOA, "không có")
    entry = _entered(desk).entry
    assert (entry.procedure, entry.channel, entry.name, entry.phone) == ("khai-sinh", "post", "Nguyễn Thị Lan", "")


def test_an_unknown_time_is_promised_by_the_clerk() -> None:
    desk = Desk()
    _reviewed(desk, "giấy khen đột xuất")
    assert desk.talks[HOA.id].screen == staff_entry.DAYS
    assert "từ 1 đến 250" in desk.type(HOA, "900")[0].text
    assert "sau 7 ngày làm việc" in desk.type(HOA, "7")[0].text
    assert _entered(desk).entry.days == 7


def test_old_buttons_find_nothing_to_do() -> None:
    desk = Desk()
    for value in ("s:eenter:me", "s:ephotos:me", "s:eis:me:0", "s:efix:me:entry-name"):
        assert "/tiepnhan" in desk.says(HOA, Pressed(value))[0].text
    _reviewed(desk)
    desk.type(HOA, "Thôi, bỏ hết")
    assert desk.talks[HOA.id].entry is None
    assert desk.effects == []


def test_pressing_before_all_is_told_asks_for_the_rest() -> None:
    desk = Desk()
    desk.type(HOA, "/tiepnhan khai tử")
    desk.says(HOA, Pressed("s:eenter:me"))
    assert desk.effects == []
    assert desk.talks[HOA.id].screen == staff_entry.CHANNEL
