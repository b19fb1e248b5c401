"""What officers and groups do on Telegram reaches the door as what it means, once it can be read at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from conversations.messages import (
    Button,
    Edited,
    FileSent,
    Left,
    Message,
    Moved,
    Pressed,
    Returned,
    Started,
    TextSent,
    Unsupported,
)
from handlers.telegram_door import GROUP, STAFF
from tests.handlers.telegram_staff_desk import Desk, Heard, opened, picture

CARD = Message("🟢 Đăng ký kết hôn\nK7P4", (Button("Nhận việc", "d:claim:K7P4"),), card="dossier:K7P4")
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened() as desk:
        yield desk
        desk.fake.assert_clean()


async def test_words_commands_and_starts_in_private(desk: Desk) -> None:
    for typed in ("tìm Hoa", "/homnay", "/tim@canbo_bot Hoa", "/start", "/START@Canbo_Bot Tok-en_1", "  /khac"):
        await desk.lan.text(desk.account, typed)
    assert await desk.pump() == [
        desk.private(TextSent("tìm Hoa")),
        desk.private(TextSent("/homnay")),
        desk.private(TextSent("/tim Hoa")),
        desk.private(Started()),
        desk.private(Started("Tok-en_1")),
        desk.private(TextSent("  /khac")),
    ]
    assert len(set(desk.door.ids)) == len(desk.door.ids)


async def test_replies_name_what_they_answer(desk: Desk) -> None:
    sent = await desk.bot.send(str(desk.lan.id), Message("Giấy tờ hồ sơ"))
    shown = desk.fake.chat(desk.lan, desk.account).last
    await desk.lan.text(desk.account, "Bạn chụp lại nhé", reply_to=shown)
    await desk.lan.photo(desk.account, picture(), "mẫu", reply_to=shown)
    words, photo = await desk.pump()
    assert words == desk.private(TextSent("Bạn chụp lại nhé", sent.message_id))
    assert isinstance(photo.event, FileSent)
    assert (photo.event.reply_to, photo.event.caption) == (sent.message_id, "mẫu")


async def test_photos_documents_and_albums(desk: Desk) -> None:
    await desk.lan.photo(desk.account, picture(1000, 800))
    await desk.lan.document(desk.account, b"%PDF-1.4", "mẫu đơn.pdf")
    await desk.lan.document(desk.account, b"x")
    await desk.lan.album(desk.account, [picture(), picture()], "hai trang")
    photo, document, nameless, first, second = [
        heard.event for heard in await desk.pump() if isinstance(heard.event, FileSent)
    ]
    assert photo.file.media_type == "image/jpeg"
    assert await desk.bot.fetch(photo.file.ref) == desk.fake.chat(desk.lan, desk.account).messages[1].file.data
    assert (document.file.media_type, document.file.name, document.file.size) == ("application/pdf", "mẫu đơn.pdf", 8)
    assert (nameless.file.name, nameless.album) == ("", "")
    assert first.album == second.album != ""
    assert (first.caption, second.caption) == ("hai trang", "")


async def test_a_file_without_a_size_and_one_too_large(desk: Desk) -> None:
    await desk.lan.document(desk.account, b"x", "lon.pdf", size=25 << 20)
    assert await desk.pump() == [desk.private(Unsupported("too-large"))]
    [heard] = await desk.give(message=_private(desk, document={"file_id": "F", "file_unique_id": "U"}))
    assert isinstance(heard.event, FileSent)
    assert heard.event.file.size < 0


async def test_what_we_have_no_use_for(desk: Desk) -> None:
    await desk.lan.sticker(desk.account)
    await desk.lan.location(desk.account)
    await desk.lan.video(desk.account)
    await desk.lan.contact(desk.account, "0912345678")
    await desk.lan.voice(desk.account)
    kinds = ("sticker", "location", "video", "contact", "unknown")
    assert await desk.pump() == [desk.private(Unsupported(kind)) for kind in kinds]


async def test_telegrams_own_remarks_are_nothing(desk: Desk) -> None:
    assert not await desk.give(message=_private(desk, pinned_message=_private(desk, text="x")))
    assert not await desk.give(
        message=_private(desk, message_auto_delete_timer_changed={"message_auto_delete_time": 9})
    )


async def test_edits_count_in_private_only(desk: Desk) -> None:
    mine = await desk.lan.text(desk.account, "số 12")
    command = await desk.lan.text(desk.group, "/homnay")
    await desk.pump()
    await desk.lan.edit(mine, "số 13")
    await desk.lan.edit(command, "/quahan")
    assert await desk.pump() == [desk.private(Edited("số 13"))]
    assert not await desk.give(edited_message=_private(desk, location={"latitude": 1.0, "longitude": 2.0}))


async def test_presses(desk: Desk) -> None:
    sent = await desk.bot.send(str(desk.group.id), CARD)
    await desk.lan.press(desk.group.last, "Nhận việc")
    assert await desk.pump() == [desk.in_group(Pressed("d:claim:K7P4", sent.message_id))]
    sent = await desk.bot.send(str(desk.lan.id), CARD)
    shown = desk.fake.chat(desk.lan, desk.account).last
    await desk.lan.press(shown, "Nhận việc")
    await desk.lan.press_data(shown, "forged \u202e value", old=True)
    assert await desk.pump() == [
        desk.private(Pressed("d:claim:K7P4", sent.message_id)),
        desk.private(Pressed("forged \u202e value", sent.message_id)),
    ]


async def test_a_press_above_which_nothing_is_left(desk: Desk) -> None:
    query = {"id": "1", "from": desk.lan.api(), "chat_instance": "7"}
    assert not await desk.give(callback_query={**query, "data": "x", "inline_message_id": "abc"})
    assert not await desk.give(callback_query={**query, "message": _private(desk, text="x"), "game_short_name": "g"})
    await desk.fake.until(lambda: len(desk.fake.called("answerCallbackQuery", 400)) == 2)


async def test_commands_in_a_group(desk: Desk) -> None:
    for typed in ("/nhom@canbo_bot 7Q2M", "/nhom 7Q2M", "/start@canbo_bot 7Q2M", "/xyz@canbo_bot"):
        await desk.lan.text(desk.group, typed)
    assert await desk.pump() == [
        desk.in_group(TextSent("/nhom 7Q2M")),
        desk.in_group(TextSent("/nhom 7Q2M")),
        desk.in_group(Started("7Q2M")),
        desk.in_group(TextSent("/xyz")),
    ]


async def test_talk_among_people_is_not_heard(desk: Desk) -> None:
    """Also where privacy mode is off."""
    desk.account.privacy = False
    theirs = await desk.lan.text(desk.group, "ăn trưa chưa?")
    await desk.lan.text(desk.group, "rồi", reply_to=theirs)
    await desk.lan.text(desk.group, "/homnay@khac_bot")
    await desk.lan.text(desk.group, "/roll")
    await desk.lan.photo(desk.group, picture())
    await desk.group.rename("Tổ 2")
    assert not await desk.pump()


async def test_answers_to_the_bot_in_a_group(desk: Desk) -> None:
    sent = await desk.bot.send(str(desk.group.id), CARD)
    card = desk.group.last
    await desk.lan.text(desk.group, "Bạn bổ sung giúp", reply_to=card)
    await desk.lan.document(desk.group, b"%PDF", "mau.pdf", reply_to=card)
    words, file = await desk.pump()
    assert words == desk.in_group(TextSent("Bạn bổ sung giúp", sent.message_id))
    assert isinstance(file.event, FileSent)
    assert (file.event.reply_to, file.group) == (sent.message_id, str(desk.group.id))


async def test_who_hides_behind_a_group_or_is_a_bot_is_not_heard(desk: Desk) -> None:
    chat = desk.group.api()
    for author, sender in ((ANONYMOUS, chat), (desk.lan.api(), {"id": -1007, "type": "channel", "title": "k"})):
        message = {"message_id": 50, "date": 1, "chat": chat, "from": author, "sender_chat": sender}
        assert not await desk.give(message={**message, "text": "/nhom 7Q2M"})
    own = {"message_id": 51, "date": 1, "chat": chat, "from": desk.account.api(), "text": "/homnay"}
    assert not await desk.give(message=own)
    assert not await desk.give(message={**own, "chat": {"id": desk.lan.id, "type": "private", "first_name": "Lan"}})
    assert not await desk.give(message={"message_id": 52, "date": 1, "chat": chat, "text": "/homnay"})


async def test_the_bots_standing(desk: Desk) -> None:
    await desk.group.demote(desk.account)
    await desk.group.promote(desk.account)
    await desk.group.remove(desk.account, desk.lan)
    await desk.group.add(desk.account, desk.lan)
    await desk.lan.block(desk.account)
    await desk.lan.unblock(desk.account)
    assert await desk.pump() == [
        desk.of_group(Left("muted")),
        desk.of_group(Returned()),
        desk.of_group(Left("removed")),
        desk.of_group(Returned()),
        Heard(STAFF, str(desk.lan.id), Left("blocked")),
        Heard(STAFF, str(desk.lan.id), Returned()),
    ]


async def test_a_group_that_moves_is_told_from_both_sides(desk: Desk) -> None:
    old = str(desk.group.id)
    await desk.group.upgrade()
    new = str(desk.group.id)
    moved = Heard(GROUP, old, Moved(new))
    assert [heard for heard in await desk.pump() if isinstance(heard.event, Moved)] == [moved, moved]


async def test_channels_and_unknown_kinds_are_let_go(desk: Desk) -> None:
    channel = {"id": -1009, "type": "channel", "title": "k"}
    assert not await desk.give(message={"message_id": 1, "date": 1, "chat": channel, "text": "/homnay"})
    assert not await desk.give(channel_post={"message_id": 1, "date": 1, "chat": channel, "text": "x"})
    assert not await desk.give(some_future_thing={"id": 1})
    assert not await desk.give()
    assert not desk.door.apart


@pytest.mark.parametrize(
    "update",
    [
        {"message": "words"},
        {"message": {"message_id": 1}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": 7, "text": "x"}},
        {"callback_query": {"id": "1", "data": "x"}},
        {"callback_query": []},
        {"my_chat_member": {"chat": {"id": 5, "type": "private"}}},
        {"message": {"message_id": 1, "date": "soon", "chat": {"id": 5, "type": "private"}}},
    ],
)
async def test_what_cannot_be_read_is_kept_aside(desk: Desk, update: dict[str, Any]) -> None:
    assert not await desk.give(**update)
    [(channel, event_id, raw)] = desk.door.apart
    assert (channel, event_id) == (STAFF, "u900000")
    assert b"900000" in raw


async def test_wrong_types_inside_are_kept_aside(desk: Desk) -> None:
    """PTB takes any JSON for what it expects."""
    assert not await desk.give(message=_private(desk, text=["x"]))
    assert not await desk.give(message=_private(desk, text="nửa \ud83d"))
    assert not await desk.give(message={**_private(desk, text="x"), "chat": {"id": {}, "type": "private"}})
    await desk.bot.take({"update_id": "nine", "message": _private(desk, text="x")})
    await desk.bot.take({"message": _private(desk, text="x")})
    assert not desk.door.heard
    assert len(desk.door.apart) == 5


async def test_what_was_not_stored_is_not_taken(desk: Desk) -> None:
    desk.door.fails = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        await desk.give(message=_private(desk, text="x"))
    assert not desk.door.apart


async def test_a_repeat_has_the_same_id(desk: Desk) -> None:
    update = {"update_id": 7, "message": _private(desk, text="x")}
    await desk.bot.take(update)
    await desk.bot.take(update)
    assert desk.door.ids[-2:] == ["u7", "u7"]


async def test_nothing_is_taken_before_the_bot_has_begun(desk: Desk) -> None:
    await desk.bot.close()
    with pytest.raises(RuntimeError):
        await desk.give(message=_private(desk, text="x"))
    assert not desk.door.apart
    assert await desk.bot.begin() == "canbo_bot"
    assert await desk.give(message=_private(desk, text="x")) == [desk.private(TextSent("x"))]


def _private(desk: Desk, **parts: object) -> dict[str, Any]:
    chat = {"id": desk.lan.id, "type": "private", "first_name": "Lan"}
    return {"message_id": 77, "date": 1_700_000_000, "chat": chat, "from": desk.lan.api(), **parts}
