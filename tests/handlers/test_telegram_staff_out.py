"""What officers are shown on Telegram, and what a call that failed means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from msgspec.structs import replace

from conversations.messages import (
    AddressChanged,
    Button,
    File,
    Message,
    MessageGone,
    Refused,
    Sent,
    TryLater,
    Uncertain,
    Undeliverable,
)
from conversations.staff_commands import command
from handlers import telegram_staff_menu as menu
from handlers.telegram_poll import Elsewhere, Rejected
from handlers.telegram_staff import StaffBot
from handlers.telegram_staff_request import NotSent
from tests.handlers.telegram_proxy import proxying
from tests.handlers.telegram_staff_desk import TOKEN, Desk, RecordingDoor, opened, picture

CARD = Message(
    "🟢 Đăng ký kết hôn\nMã theo dõi K7P4 <b>&\nCần xử lý",
    (Button("Nhận việc", "d:claim:K7P4"), Button("Việc khác…", "d:menu:K7P4")),
    card="dossier:K7P4",
)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened() as desk:
        yield desk


async def nothing(_: str) -> bytes:
    raise AssertionError("no file was to be sent")


async def test_a_card_is_plain_text_with_a_bold_first_line(desk: Desk) -> None:
    sent = await desk.bot.send(str(desk.group.id), CARD)
    shown = desk.group.last
    assert (str(shown.id), shown.text, shown.labels) == (sent.message_id, CARD.text, ["Nhận việc", "Việc khác…"])
    assert shown.entities == [{"type": "bold", "offset": 0, "length": 18}]  # the sign counts as two
    desk.fake.assert_clean()


async def test_a_card_is_edited_in_place(desk: Desk) -> None:
    sent = await desk.bot.send(str(desk.group.id), CARD)
    done = Message("✅ Đăng ký kết hôn\nĐã trả kết quả", card=CARD.card)
    for _ in range(2):  # once more changes nothing, and is well
        await desk.bot.edit(str(desk.group.id), sent.message_id, done)
    assert (desk.group.last.text, desk.group.last.labels) == (done.text, [])
    desk.fake.assert_clean()


async def test_a_card_that_is_gone(desk: Desk) -> None:
    sent = await desk.bot.send(str(desk.group.id), CARD)
    await desk.lan.delete(desk.group.last)
    with pytest.raises(MessageGone):
        await desk.bot.edit(str(desk.group.id), sent.message_id, Message("mới"))


async def test_words_of_somebody_and_what_they_answer(desk: Desk) -> None:
    first = await desk.bot.send(str(desk.group.id), CARD)
    await desk.bot.send(str(desk.group.id), Message("Bao giờ xong ạ?", speaker="Người dân", reply_to=first.message_id))
    assert desk.group.last.text == "Người dân:\nBao giờ xong ạ?"
    assert desk.group.last.entities == [{"type": "bold", "offset": 0, "length": 10}]
    assert desk.group.last.reply_to is not None
    assert str(desk.group.last.reply_to.id) == first.message_id
    await desk.bot.send(str(desk.group.id), Message("Còn đây không?", reply_to="4711"))
    assert desk.group.last.reply_to is None
    desk.fake.assert_clean()


async def test_a_button_that_telegram_refuses_does_not_cost_the_card(desk: Desk) -> None:
    await desk.bot.send(str(desk.group.id), replace(CARD, buttons=(*CARD.buttons, Button("Dài", "ộ" * 22))))
    assert desk.group.last.labels == ["Nhận việc", "Việc khác…"]
    desk.fake.assert_clean()


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_a_proxy_carries_all_of_it(desk: Desk, scheme: str) -> None:
    async with proxying() as (port, seen):
        bot = StaffBot(TOKEN, desk.door, nothing, api=desk.fake.url, proxy=f"{scheme}://127.0.0.1:{port}")
        assert await bot.begin() == "canbo_bot"
        await bot.send(str(desk.group.id), Message("Qua đường vòng"))
        await bot.updates(desk.offset, 0)
        await bot.close()
    assert desk.group.last.text == "Qua đường vòng"
    assert set(seen) == {f"127.0.0.1:{desk.fake.port}"}


async def test_papers_as_album_photo_or_document(desk: Desk) -> None:
    chat, address = desk.fake.chat(desk.lan, desk.account), str(desk.lan.id)
    desk.files |= {"p1": picture(), "p2": picture(80, 80), "d1": b"%PDF-1.4 one"}
    photos = (File("p1", "image/jpeg", 9, "don-1.jpg"), File("p2", "image/jpeg", 9, "don-2.jpg"))
    pdf = File("d1", "application/pdf", 9, 'Tờ khai "mới"\n')

    sent = await desk.bot.send(address, Message("Tờ khai (2 tệp)", files=photos))
    first, second = chat.messages[-2:]
    assert sent == Sent(str(first.id), (str(second.id),))
    assert (first.caption, second.caption) == ("Tờ khai (2 tệp)", "")
    assert first.media_group_id == second.media_group_id != ""
    assert {first.file.kind, second.file.kind} == {"photo"}

    await desk.bot.send(address, Message("Xem xong?", (Button("Tiếp nhận", "d:accept:K"),), photos[:1]))
    assert (chat.last.caption, chat.last.file.kind, chat.last.labels) == ("Xem xong?", "photo", ["Tiếp nhận"])

    await desk.bot.send(address, Message("", files=(pdf,)))
    assert (chat.last.file.kind, chat.last.file.name, chat.last.file.data) == (
        "document",
        "Tờ khai mới.pdf",
        desk.files["d1"],
    )
    await desk.bot.send(address, Message("", files=(pdf, photos[0])))
    assert [message.file.kind for message in chat.messages[-2:]] == ["document", "document"]
    desk.fake.assert_clean()


async def test_what_telegram_makes_no_photo_of_goes_as_a_document(desk: Desk) -> None:
    chat = desk.fake.chat(desk.lan, desk.account)
    desk.files |= {"strip": picture(2100, 50), "p": picture()}
    strip, photo = File("strip", "image/jpeg", 9, "dai.jpg"), File("p", "image/jpeg", 9, "p.jpg")
    await desk.bot.send(str(desk.lan.id), Message("dài", files=(strip,)))
    assert (chat.last.file.kind, chat.last.caption) == ("document", "dài")
    await desk.bot.send(str(desk.lan.id), Message("dài", files=(photo, strip)))
    assert [message.file.kind for message in chat.messages[-2:]] == ["document", "document"]


async def test_bytes_on_their_way_are_waited_for(desk: Desk) -> None:
    with pytest.raises(TryLater):
        await desk.bot.send(str(desk.lan.id), Message("", files=(File("not-here", "image/jpeg", 9),)))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 429, "retry_after": 7}, TryLater(7)),
        ({"status": 403}, Undeliverable("blocked")),
        ({"status": 403, "description": "Forbidden: user is deactivated"}, Undeliverable("gone")),
        ({"status": 403, "description": "Forbidden: bot can't initiate conversation with a user"}, "blocked"),
        ({"status": 403, "description": "Forbidden: bot was kicked from the group chat"}, "removed"),
        ({"status": 403, "description": "Forbidden: bot is not a member of the supergroup chat"}, "removed"),
        ({"status": 400, "description": "Bad Request: chat not found"}, "gone"),
        ({"status": 400, "description": "Bad Request: not enough rights to send text messages to the chat"}, "muted"),
        ({"status": 400, "description": "Bad Request: CHAT_WRITE_FORBIDDEN"}, "muted"),
        ({"status": 400, "description": "Bad Request: BUTTON_DATA_INVALID"}, Refused("Button_data_invalid")),
        ({"cut": "after"}, Uncertain()),
        ({"garbage": True}, Uncertain()),
        ({"status": 502}, Uncertain()),
    ],
)
async def test_what_a_failed_call_means(desk: Desk, fault: dict[str, Any], expected: Exception | str) -> None:
    desk.fake.fail("sendMessage", **fault)
    error = Undeliverable(expected) if isinstance(expected, str) else expected
    with pytest.raises(type(error)) as raised:
        await desk.bot.send(str(desk.lan.id), Message("x"))
    if isinstance(error, Undeliverable | Refused):
        assert str(raised.value) == str(error)
    if isinstance(error, TryLater):
        assert isinstance(raised.value, TryLater)
        assert raised.value.seconds == error.seconds


async def test_a_call_that_may_be_made_again(desk: Desk) -> None:
    desk.fake.fail("sendMessage", status=500)
    with pytest.raises(Exception, match="Internal Server Error") as raised:
        await desk.bot.send(str(desk.lan.id), Message("x"))
    assert not isinstance(raised.value, Uncertain | Refused | Undeliverable | TryLater)


async def test_a_group_that_moved_meanwhile(desk: Desk) -> None:
    old = str(desk.group.id)
    await desk.group.upgrade()
    with pytest.raises(AddressChanged) as raised:
        await desk.bot.send(old, CARD)
    assert raised.value.address == str(desk.group.id)


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:{port}", "socks5://127.0.0.1:{port}"])
async def test_where_nobody_is_reached_nothing_was_sent(unused_tcp_port: int, proxy: str) -> None:
    api, way = f"http://127.0.0.1:{unused_tcp_port}", proxy.format(port=unused_tcp_port)
    stray = StaffBot(TOKEN, RecordingDoor(), nothing, api=api, proxy=way)
    with pytest.raises(NotSent):
        await stray.begin()
    with pytest.raises(NotSent):
        await stray.send("1", Message("x"))
    await stray.close()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b"<html>hello</html>", Uncertain),
        (200, b"[]", Uncertain),
        (200, b'{"ok":true,"result":"?"}', Uncertain),
        (200, b'{"ok":false,"error_code":400}', Uncertain),
        (504, b"", Uncertain),
        (404, b"<html>not here</html>", NotSent),
        (302, b"", NotSent),
        (413, b"<html>too large</html>", Refused),
        (429, b"slow down", TryLater),
    ],
)
async def test_answers_that_no_bot_api_gives(status: int, body: bytes, expected: type[Exception]) -> None:
    me = b'{"ok":true,"result":{"id":8087654321,"is_bot":true,"first_name":"b","username":"canbo_bot"}}'

    async def answer(request: web.Request) -> web.Response:
        if request.match_info["method"] == "sendMessage":
            return web.Response(body=body, status=status)
        return web.Response(body=me)

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot = StaffBot(TOKEN, RecordingDoor(), nothing, api=f"http://127.0.0.1:{runner.addresses[0][1]}")
    await bot.begin()
    with pytest.raises(expected):
        await bot.send("1", Message("x"))
    await bot.close()
    await runner.cleanup()


async def test_files_that_cannot_be_had(desk: Desk) -> None:
    with pytest.raises(Undeliverable, match="gone"):
        await desk.bot.fetch("never-heard-of")
    desk.fake.fail("getFile", status=400, description="Bad Request: file is too big")
    with pytest.raises(Refused, match="too-large"):
        await desk.bot.fetch("x")
    desk.fake.fail("getFile", status=429, retry_after=2)
    with pytest.raises(TryLater):
        await desk.bot.fetch("x")


async def test_commands_are_shown_in_vietnamese(desk: Desk) -> None:
    shown = {scope: [c["command"] for c in commands] for (scope, _), commands in desk.account.commands.items()}
    assert {"homnay", "tim", "hoso", "vang", "trogiup", "moi", "nhom"} <= set(shown["all_private_chats"])
    assert {"homnay", "trogiup", "nhom"} <= set(shown["all_group_chats"])
    assert len(shown["all_group_chats"]) < len(shown["all_private_chats"])
    desk.fake.assert_clean()


async def test_a_start_without_its_menu_is_a_start(desk: Desk) -> None:
    desk.fake.fail("setMyCommands", status=429, retry_after=900, times=2)
    desk.fake.fail("setMyDescription", status=500)
    assert await desk.bot.begin() == "canbo_bot"


async def test_a_wrong_token_is_rejected_without_being_told() -> None:
    async with opened() as desk:
        wrong = StaffBot("1:wrong", RecordingDoor(), nothing, api=desk.fake.url)
        with pytest.raises(Rejected) as raised:
            await wrong.begin()
        assert raised.value.__cause__ is None
        await wrong.close()


async def test_webhook_and_polling_exclude_each_other(desk: Desk) -> None:
    await desk.bot.set_webhook("https://motcua.example.vn/telegram/staff", "geheim")
    with pytest.raises(Elsewhere) as raised:
        await desk.bot.updates(None, 0)
    assert raised.value.hooked
    await desk.bot.drop_webhook()
    first = asyncio.create_task(desk.bot.updates(desk.offset, 30))
    await asyncio.sleep(0.1)
    await desk.lan.text(desk.account, "x")
    assert len(await first) == 1
    desk.fake.fail("getUpdates", status=409)
    with pytest.raises(Elsewhere) as raised:
        await desk.bot.updates(None, 0)
    assert not raised.value.hooked


def test_every_command_of_the_menus_is_one_that_officers_have() -> None:
    named = {command(f"/{name}") for name in menu.KNOWN - {"start", "help", "menu", "huy"}}
    assert ("la", "") not in named
    assert set(menu.GROUP) <= set(menu.PRIVATE)
