"""What citizens are told in Telegram: one message is one call, and a call that fails says how."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiohttp import web
from aiohttp.test_utils import TestServer

from conversations.messages import (
    AddressChanged,
    Button,
    File,
    Message,
    MessageGone,
    Refused,
    TryLater,
    Uncertain,
    Undeliverable,
)
from handlers import telegram_citizens_session as session
from handlers.telegram_citizens import CitizensBot
from handlers.telegram_citizens_session import Unsent
from handlers.telegram_pieces import pieces
from handlers.telegram_poll import Elsewhere, Rejected
from tests.handlers.telegram_citizens_chat import HOA, TOKEN, Line, RecordingDoor, opened, picture
from tests.handlers.telegram_proxy import proxying
from tests.telegram.fake import FakeMessage

YES, NO = Button("Có", "yes"), Button("Không", "no")


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with opened() as line:
        yield line
        line.fake.assert_clean()


def shown(line: Line) -> FakeMessage:
    return line.chat.last


# messages


async def test_a_text_is_sent_as_it_is(line: Line) -> None:
    words = "<b>1 < 2</b> & *sao* _gạch_ [x](http://a.vn) `mã` 🙂"
    sent = await line.say(words)
    assert (shown(line).text, shown(line).entities) == (words, [])
    assert sent.message_id == str(shown(line).id)
    params = line.calls("sendMessage")[-1].params
    assert "parse_mode" not in params
    assert params["link_preview_options"] == {"is_disabled": True} or json.loads(params["link_preview_options"])


async def test_buttons_are_laid_out_and_carry_their_values(line: Line) -> None:
    long = Button("Đăng ký khai sinh cho trẻ em", "p:khai-sinh")
    await line.say("Bạn chọn:", buttons=(YES, NO, long))
    rows = [[(button.label, button.data) for button in row] for row in shown(line).buttons]
    assert rows == [[("Có", "yes"), ("Không", "no")], [(long.label, long.value)]]


async def test_a_button_that_telegram_refuses_does_not_cost_the_message(line: Line) -> None:
    await line.say("Bạn chọn:", buttons=(Button("Dài", "ộ" * 22), Button("Rỗng", ""), Button("", "x"), YES))
    assert shown(line).labels == ["…", "Có"]


async def test_who_speaks_stands_above_the_words(line: Line) -> None:
    await line.say("Chào bác", speaker="Chị Lan 🙂")
    assert shown(line).text == "Chị Lan 🙂:\nChào bác"
    assert shown(line).entities == [{"type": "bold", "offset": 0, "length": 11}]


async def test_an_answer_hangs_on_what_it_answers_if_that_is_still_there(line: Line) -> None:
    asked = await line.hoa.text(line.account, "Bao giờ xong?")
    await line.say("Thứ Sáu", reply_to=str(asked.id))
    assert shown(line).reply_to is asked
    asked.deleted = True
    await line.say("Thứ Sáu", reply_to=str(asked.id))
    await line.say("Thứ Sáu", reply_to="không phải số")
    assert shown(line).reply_to is None


async def test_files_go_as_what_they_are(line: Line) -> None:
    pdf = line.keep(b"%PDF-1.7", "application/pdf", 'Giấy "hẹn"\r\n.pdf')
    await line.say("Ảnh", files=(line.photo(),), buttons=(YES,))
    assert (shown(line).file.kind, shown(line).caption, shown(line).labels) == ("photo", "Ảnh", ["Có"])
    await line.say("Giấy hẹn", files=(pdf,), speaker="Chị Lan")
    assert (shown(line).file.kind, shown(line).file.data) == ("document", b"%PDF-1.7")
    assert shown(line).caption == "Chị Lan:\nGiấy hẹn"
    assert shown(line).file.name == "Giấy 'hẹn'__.pdf"
    await line.say("", files=(File(line.keep(b"x", "").ref, "", 1),))
    assert (shown(line).caption, shown(line).file.name) == ("", "giay-to")
    assert line.chat.actions == ["upload_photo", "upload_document", "upload_document"]


async def test_an_album_is_one_call_and_known_by_its_first(line: Line) -> None:
    before = len(line.chat.messages)
    sent = await line.say("Hồ sơ", files=(line.photo(), line.photo(), line.photo()))
    album = line.chat.messages[before:]
    assert [message.caption for message in album] == ["Hồ sơ", "", ""]
    assert len({message.media_group_id for message in album}) == 1
    assert sent.message_id == str(album[0].id)
    assert len(line.calls("sendMediaGroup")) == 1


async def test_an_album_of_documents(line: Line) -> None:
    papers = tuple(line.keep(b"%PDF", "application/pdf", f"{n}.pdf") for n in range(2))
    asked = await line.hoa.text(line.account, "Cho tôi xin mẫu đơn")
    await line.say("Hai mẫu đơn", files=papers, reply_to=str(asked.id), speaker="Chị Lan")
    first, second = line.chat.messages[-2:]
    assert (first.file.name, second.file.name) == ("0.pdf", "1.pdf")
    assert (first.caption, first.reply_to) == ("Chị Lan:\nHai mẫu đơn", asked)
    assert first.caption_entities[0]["type"] == "bold"


async def test_a_picture_that_is_no_photo_for_telegram_goes_as_a_document(line: Line) -> None:
    strip = line.photo(2000, 50)
    refusal = "Bad Request: PHOTO_INVALID_DIMENSIONS"
    line.fake.fail("sendPhoto", status=400, description=refusal)
    await line.say("Ảnh", files=(strip,))
    assert (shown(line).file.kind, shown(line).caption) == ("document", "Ảnh")
    line.fake.fail("sendMediaGroup", status=400, description=refusal)
    await line.say("Ảnh", files=(strip, line.photo()))
    assert [message.file.kind for message in line.chat.messages[-2:]] == ["document", "document"]


async def test_a_file_that_is_still_on_its_way_waits(line: Line) -> None:
    before = len(line.fake.calls)
    with pytest.raises(TryLater):
        await line.say("Ảnh", files=(File("on its way", "image/jpeg", 1),))
    assert len(line.fake.calls) == before


async def test_files_are_sent_although_the_chat_action_fails(line: Line) -> None:
    line.fake.fail("sendChatAction", status=429, retry_after=5)
    line.fake.heal()
    line.fake.fail("sendChatAction", status=500)
    await line.say("Ảnh", files=(line.photo(),))
    assert shown(line).file.kind == "photo"


async def test_a_whole_turn_in_pieces_is_taken_by_telegram(line: Line) -> None:
    files = (*(line.photo() for _ in range(11)), line.keep(b"%PDF", "application/pdf"))
    turn = [
        Message("Xin chào 🙂 " * 700, (YES, NO), speaker="Chị Lan"),
        Message("Hồ sơ", (YES,), files),
        Message("", tuple(Button(f"Xã số {n}", str(n)) for n in range(101))),
        Message("Số nào?", (NO,), asks="phone"),
    ]
    for piece in pieces(turn):
        await line.bot.send(str(HOA), piece)


# the keyboard for the own number

ASK = {"asks": "phone", "buttons": (Button("Quay lại", "back"), Button("Hủy hồ sơ này và làm lại từ đầu", "cancel"))}


async def test_the_own_number_can_be_sent_with_a_key(line: Line) -> None:
    await line.say("Số điện thoại của bạn?", **ASK)
    labels = [[(key.label, key.asks_contact) for key in row] for row in line.chat.keyboard]
    assert labels == [
        [("📱 Gửi số điện thoại của tôi", True)],
        [("Quay lại", False)],
        [("Hủy hồ sơ này và làm lại từ đầu", False)],
    ]
    await line.hoa.tap(line.account, "Gửi số điện thoại")
    (event,) = await line.pump()
    assert getattr(event, "own", False)
    await line.hoa.tap(line.account, "Quay lại")
    (event,) = await line.pump()
    assert getattr(event, "text", "") == "Quay lại"


async def test_the_keyboard_goes_with_the_next_message_after_the_answer(line: Line) -> None:
    await line.say("Số điện thoại của bạn?", **ASK)
    await line.say("Một thông báo khác")  # nobody has answered: the keyboard stays
    assert line.chat.keyboard
    await line.hoa.text(line.account, "0912345678")
    await line.pump()
    await line.say("Cảm ơn bạn")
    assert not line.chat.keyboard


async def test_a_message_with_buttons_keeps_them_and_leaves_the_keyboard_to_the_next(line: Line) -> None:
    await line.say("Số điện thoại của bạn?", **ASK)
    await line.hoa.text(line.account, "0912345678")
    await line.pump()
    await line.say("Bạn đồng ý không?", buttons=(YES, NO))
    assert shown(line).labels == ["Có", "Không"]
    await line.say("Cảm ơn bạn")
    assert not line.chat.keyboard
    await line.say("Hẹn gặp lại")
    assert not shown(line).keyboard_removed


async def test_a_keyboard_from_before_this_process_began_goes_once_it_is_used(line: Line) -> None:
    await line.hoa.contact(line.account, "84912345678")
    await line.pump()
    await line.say("Cảm ơn bạn")
    assert shown(line).keyboard_removed


async def test_a_number_that_is_not_taken_is_asked_for_with_the_keyboard_again(line: Line) -> None:
    for _ in range(2):
        await line.say("Số điện thoại của bạn?", **ASK)
        await line.hoa.text(line.account, "09")
        await line.pump()
    assert line.chat.keyboard


# edits


async def test_an_edit_changes_words_and_buttons(line: Line) -> None:
    sent = await line.say("Đang kiểm tra", buttons=(YES,))
    await line.bot.edit(str(HOA), sent.message_id, Message("Đã xong", (NO,)))
    assert (shown(line).text, shown(line).labels) == ("Đã xong", ["Không"])
    await line.bot.edit(str(HOA), sent.message_id, Message("Đã xong", (NO,)))  # "message is not modified"
    await line.bot.edit(str(HOA), sent.message_id, Message("dài " * 3000))
    assert shown(line).labels == []


async def test_an_edit_of_a_caption(line: Line) -> None:
    file = line.photo()
    sent = await line.say("Ảnh 1", files=(file,))
    await line.bot.edit(str(HOA), sent.message_id, Message("Ảnh một", files=(file,)))
    assert shown(line).caption == "Ảnh một"


async def test_an_edit_of_what_is_gone(line: Line) -> None:
    sent = await line.say("Đang kiểm tra")
    shown(line).deleted = True
    for number in (sent.message_id, "999", "", "x"):
        with pytest.raises(MessageGone):
            await line.bot.edit(str(HOA), number, Message("Đã xong"))


# what goes wrong

FAILURES: dict[str, tuple[dict[str, Any], type[Exception], Callable[[Any], bool]]] = {
    "too fast": ({"status": 429, "retry_after": 7}, TryLater, lambda e: e.seconds == 7),
    "blocked": ({"status": 403}, Undeliverable, lambda e: str(e) == "blocked"),
    "never begun": (
        {"status": 403, "description": "Forbidden: bot can't initiate conversation with a user"},
        Undeliverable,
        lambda e: str(e) == "blocked",
    ),
    "account deleted": (
        {"status": 403, "description": "Forbidden: user is deactivated"},
        Undeliverable,
        lambda e: str(e) == "gone",
    ),
    "no such chat": (
        {"status": 400, "description": "Bad Request: chat not found"},
        Undeliverable,
        lambda e: str(e) == "gone",
    ),
    "refused": ({"status": 400}, Refused, lambda e: "ordered by the test" in str(e)),
    "too much": ({"status": 413, "description": "Request Entity Too Large"}, Refused, lambda e: str(e) == "too-large"),
    "cut before": ({"cut": "before"}, Uncertain, lambda _: True),
    "cut after": ({"cut": "after"}, Uncertain, lambda _: True),
    "garbage": ({"garbage": True}, Uncertain, lambda _: True),
    "gateway": ({"status": 502}, Uncertain, lambda _: True),
    "gateway's time-out": ({"status": 504}, Uncertain, lambda _: True),
    "not ready": ({"status": 503}, Unsent, lambda _: True),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_a_send_that_fails_says_how(line: Line, name: str) -> None:
    fault, kind, right = FAILURES[name]
    line.fake.fail("sendMessage", **fault)
    before = len([call for call in line.fake.calls if call.method == "sendMessage"])
    with pytest.raises(kind) as raised:
        await line.say("Chào bạn")
    assert right(raised.value)
    assert len([call for call in line.fake.calls if call.method == "sendMessage"]) == before + 1  # never twice
    assert TOKEN not in repr(raised.value)


async def test_telegrams_own_fault_may_be_tried_again(line: Line) -> None:
    line.fake.fail("sendMessage", status=500)
    with pytest.raises(Exception, match="Internal Server Error") as raised:
        await line.say("Chào bạn")
    assert not isinstance(raised.value, Uncertain | Refused | Undeliverable | TryLater)


async def test_a_time_out_after_writing_is_uncertain(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_ANSWER", 0.2)
    line.fake.fail("sendMessage", slow=0.6)
    with pytest.raises(Uncertain):
        await line.say("Chào bạn")


async def test_blocked_for_real(line: Line) -> None:
    await line.hoa.block(line.account)
    with pytest.raises(Undeliverable, match="blocked"):
        await line.say("Chào bạn")
    with pytest.raises(Undeliverable, match="gone"):
        await line.bot.send("không phải số", Message("Chào bạn"))


async def test_a_chat_that_moved(line: Line) -> None:
    group = line.fake.group("Nhóm", [line.hoa])
    await group.add(line.account, line.hoa)
    old = str(group.id)
    await group.upgrade()
    with pytest.raises(AddressChanged) as raised:
        await line.bot.send(old, Message("Chào"))
    assert raised.value.address == str(group.id)


async def none(_: str) -> bytes:
    raise AssertionError


def alone(api: str, proxy: str = "") -> CitizensBot:
    return CitizensBot(TOKEN, RecordingDoor(), none, api=api, proxy=proxy)


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.parametrize(
    "proxy", ["", "http://127.0.0.1:{port}", "socks5://127.0.0.1:{port}", "socks5h://127.0.0.1:{port}"]
)
async def test_where_nobody_is_reached_nothing_was_sent(proxy: str) -> None:
    port = closed_port()
    bot = alone(f"http://127.0.0.1:{port}", proxy.format(port=port))
    with pytest.raises(Unsent):
        await bot.send(str(HOA), Message("Chào bạn"))
    await bot.close()


async def test_a_name_that_is_nobodys_was_not_sent_to() -> None:
    bot = alone("http://telegram.invalid")
    with pytest.raises(Unsent):
        await bot.send(str(HOA), Message("Chào bạn"))
    await bot.close()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, "<html>not here</html>", Unsent),
        (302, "", Unsent),
        (200, "<html>Đăng nhập Wi-Fi</html>", Uncertain),
        (200, "[]", Uncertain),
        (200, '{"ok":true,"result":true}', Uncertain),
        (200, '{"ok":true,"result":{}}', Uncertain),
        (500, "{}", Uncertain),
    ],
)
async def test_answers_that_are_not_telegrams(status: int, body: str, kind: type[Exception]) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, headers={"Location": "http://wifi.invalid/"})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    async with TestServer(app) as server:
        bot = alone(str(server.make_url("")).rstrip("/"))
        with pytest.raises(kind):
            await bot.send(str(HOA), Message("Chào bạn"))
        await bot.close()


# a proxy on the way


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_a_proxy_carries_all_of_it(line: Line, scheme: str) -> None:
    async with proxying() as (port, seen):
        bot = CitizensBot(TOKEN, line.door, none, api=line.fake.url, proxy=f"{scheme}://127.0.0.1:{port}")
        assert await bot.begin() == "motcua_bot"
        await bot.send(str(HOA), Message("Qua đường vòng"))
        assert shown(line).text == "Qua đường vòng"
        assert set(seen) == {f"127.0.0.1:{line.fake.port}"}
        await bot.close()


# the bot itself


async def test_a_wrong_token_is_rejected(line: Line) -> None:
    for status in (401, 404):
        line.fake.fail("getMe", status=status)
        with pytest.raises(Rejected):
            await line.bot.begin()
    with pytest.raises(Rejected):
        CitizensBot("mã chép nhầm", line.door, none)


async def test_after_the_end_nothing_is_begun_anew(line: Line) -> None:
    await line.bot.close()
    with pytest.raises(Unsent):
        await line.say("Chào bạn")


async def test_files_are_fetched_or_gone(line: Line) -> None:
    sent = await line.hoa.document(line.account, b"%PDF", "a.pdf", "application/pdf", size=25 << 20)
    assert sent.file.size > 20 << 20
    await line.hoa.photo(line.account, picture())
    _, event = await line.pump()
    ref = getattr(event, "file").ref  # noqa: B009
    assert await line.bot.fetch(ref) == sent_photo(line)
    line.fake.fail("getFile", status=400, description="Bad Request: invalid file_id")
    with pytest.raises(Undeliverable, match="gone"):
        await line.bot.fetch(ref)
    busy = "Bad Request: wrong file_id or the file is temporarily unavailable"
    line.fake.fail("getFile", status=400, description=busy)
    with pytest.raises(TelegramBadRequest):
        await line.bot.fetch(ref)
    line.fake.fail("getFile", status=400, description="Bad Request: file is too big")
    with pytest.raises(Refused, match="too-large"):
        await line.bot.fetch(ref)
    line.fake.fail("getFile", status=429, retry_after=3)
    with pytest.raises(TryLater):
        await line.bot.fetch(ref)
    line.fake.heal()
    line.fake.fail("file", status=500)
    with pytest.raises(Uncertain):
        await line.bot.fetch(ref)
    assert await line.bot.fetch(ref)


def sent_photo(line: Line) -> bytes:
    return next(message for message in reversed(line.chat.messages) if message.files).file.data


async def test_a_file_that_grew_is_not_taken_whole(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "DOWNLOAD", 100)
    await line.hoa.photo(line.account, picture())
    (event,) = await line.pump()
    with pytest.raises(Refused, match="too-large"):
        await line.bot.fetch(getattr(event, "file").ref)  # noqa: B009


async def test_webhook_and_polling_give_way_to_each_other(line: Line) -> None:
    await line.hoa.text(line.account, "đang chờ")
    await line.bot.set_webhook("https://motcua.example.vn/telegram/citizens", "s3cret_-")
    hook = line.fake.webhook(line.account)
    assert hook.url == "https://motcua.example.vn/telegram/citizens"
    with pytest.raises(Elsewhere) as raised:
        await line.bot.updates(None, 0)
    assert raised.value.hooked
    await line.bot.drop_webhook()
    assert len(await line.pump()) == 1  # nothing was dropped


async def test_another_process_that_asks_is_noticed(line: Line) -> None:
    line.fake.fail("getUpdates", status=409)
    with pytest.raises(Elsewhere) as raised:
        await line.bot.updates(None, 0)
    assert not raised.value.hooked
