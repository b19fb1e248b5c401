"""The checker of calls lets right calls of both libraries pass and names what is wrong in broken ones."""

from __future__ import annotations

import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import telegram as ptb
from aiogram import Bot
from aiogram import types as ai
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from PIL import Image
from telegram.ext import Defaults, ExtBot

from tests.telegram import fake_schema_aiogram
from tests.telegram.fake import FakeTelegram
from tests.telegram.fake_client import connected
from tests.telegram.fake_schema import OFFICIAL, Schema, schema

AiCall = Callable[[Bot, int], Awaitable[Any]]
PtbCall = Callable[[ptb.Bot, int], Awaitable[Any]]


def test_the_official_schema_is_at_hand() -> None:
    if not OFFICIAL.exists():
        pytest.skip(f"{OFFICIAL} IS MISSING: calls are checked against aiogram's models only, not the official schema")
    assert schema().source.startswith("Bot API 10")
    assert len(list(schema().names())) > 180


def jpeg() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (200, 100), "red").save(kept, "JPEG")
    return kept.getvalue()


def upload(name: str = "a.jpg") -> ai.BufferedInputFile:
    return ai.BufferedInputFile(jpeg(), name)


def keys() -> ai.InlineKeyboardMarkup:
    button, link = ai.InlineKeyboardButton(text="Có", callback_data="có"), ai.InlineKeyboardButton(text="x", url="a.vn")
    return ai.InlineKeyboardMarkup(inline_keyboard=[[button, link]])


def phone() -> ai.ReplyKeyboardMarkup:
    return ai.ReplyKeyboardMarkup(keyboard=[[ai.KeyboardButton(text="Số của tôi", request_contact=True)]])


AIOGRAM: dict[str, AiCall] = {
    "me": lambda b, _: b.get_me(),
    "text": lambda b, c: b.send_message(c, "xin chào"),
    "html": lambda b, c: b.send_message(c, "<b>xin</b> chào &lt;3", parse_mode="HTML"),
    "entities": lambda b, c: b.send_message(c, "xin", entities=[ai.MessageEntity(type="bold", offset=0, length=3)]),
    "preview": lambda b, c: b.send_message(c, "a.vn", link_preview_options=ai.LinkPreviewOptions(is_disabled=True)),
    "inline": lambda b, c: b.send_message(c, "chọn", reply_markup=keys()),
    "reply keys": lambda b, c: b.send_message(c, "số?", reply_markup=phone()),
    "no keys": lambda b, c: b.send_message(c, "xong", reply_markup=ai.ReplyKeyboardRemove()),
    "force": lambda b, c: b.send_message(c, "vì sao?", reply_markup=ai.ForceReply(selective=True)),
    "reply": lambda b, c: b.send_message(c, "đây", reply_parameters=ai.ReplyParameters(message_id=1)),
    "photo": lambda b, c: b.send_photo(c, upload(), caption="ảnh"),
    "document": lambda b, c: b.send_document(c, upload("đơn.pdf"), thumbnail=upload()),
    "album": lambda b, c: b.send_media_group(c, [ai.InputMediaPhoto(media=upload(), caption="1")] * 2),
    "files": lambda b, c: b.send_media_group(c, [ai.InputMediaDocument(media=upload(), thumbnail=upload())] * 2),
    "mixed": lambda b, c: b.send_media_group(
        c, [ai.InputMediaPhoto(media=upload()), ai.InputMediaVideo(media=upload("v.mp4"))]
    ),
    "place": lambda b, c: b.send_location(c, 20.8, 106.6),
    "contact": lambda b, c: b.send_contact(c, "84912345678", "Hà"),
    "typing": lambda b, c: b.send_chat_action(c, "typing"),
    "commands": lambda b, _: b.set_my_commands([ai.BotCommand(command="start", description="Bắt đầu")]),
    "scope": lambda b, c: b.set_my_commands(
        [ai.BotCommand(command="tim", description="Tìm")],
        scope=ai.BotCommandScopeChat(chat_id=c),
        language_code="vi",
    ),
    "my commands": lambda b, _: b.get_my_commands(),
    "menu": lambda b, c: b.set_chat_menu_button(c, ai.MenuButtonCommands()),
    "chat": lambda b, c: b.get_chat(c),
    "hook info": lambda b, _: b.get_webhook_info(),
    "no hook": lambda b, _: b.delete_webhook(drop_pending_updates=False),
    "description": lambda b, _: b.set_my_description("Một cửa", language_code="vi"),
    "copy": lambda b, c: b.copy_message(c, c, 1),
    "forward": lambda b, c: b.forward_message(c, c, 1),
    "pin": lambda b, c: b.pin_chat_message(c, 1),
    "reaction": lambda b, c: b.set_message_reaction(c, 1, [ai.ReactionTypeEmoji(emoji="👍")]),
    "delete": lambda b, c: b.delete_messages(c, [1, 2]),
}


def ptb_keys() -> ptb.InlineKeyboardMarkup:
    return ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Nhận", callback_data="n")]])


async def _edit(bot: ptb.Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "thẻ", reply_markup=ptb_keys())
    await bot.edit_message_text("thẻ mới", chat, sent.message_id, reply_markup=ptb_keys())
    await bot.edit_message_reply_markup(chat, sent.message_id)
    photo = await bot.send_photo(chat, jpeg())
    await bot.edit_message_caption(chat, photo.message_id, caption="ảnh")
    await bot.edit_message_media(ptb.InputMediaPhoto(jpeg()), chat, photo.message_id)
    await bot.delete_message(chat, sent.message_id)


PTB: dict[str, PtbCall] = {
    "me": lambda b, _: b.get_me(),
    "text": lambda b, c: b.send_message(c, "xin chào"),
    "markdown": lambda b, c: b.send_message(c, "*xin* chào\\.", parse_mode="MarkdownV2"),
    "silent": lambda b, c: b.send_message(c, "x", disable_notification=True, protect_content=True),
    "inline": lambda b, c: b.send_message(c, "chọn", reply_markup=ptb_keys()),
    "reply keys": lambda b, c: b.send_message(c, "số?", reply_markup=ptb.ReplyKeyboardMarkup([["Có", "Không"]])),
    "reply": lambda b, c: b.send_message(c, "đây", reply_to_message_id=1, allow_sending_without_reply=True),
    "photo": lambda b, c: b.send_photo(c, jpeg(), caption="ảnh", filename="a.jpg"),
    "document": lambda b, c: b.send_document(c, jpeg(), filename="đơn.pdf", thumbnail=jpeg()),
    "album": lambda b, c: b.send_media_group(c, [ptb.InputMediaPhoto(jpeg()), ptb.InputMediaPhoto(jpeg())]),
    "files": lambda b, c: b.send_media_group(c, [ptb.InputMediaDocument(jpeg(), filename="a.pdf")] * 2, caption="2"),
    "place": lambda b, c: b.send_location(c, 20.8, 106.6),
    "typing": lambda b, c: b.send_chat_action(c, "upload_document"),
    "commands": lambda b, _: b.set_my_commands([("nhan", "Nhận việc")], ptb.BotCommandScopeAllGroupChats()),
    "my commands": lambda b, _: b.get_my_commands(ptb.BotCommandScopeAllGroupChats()),
    "chat": lambda b, c: b.get_chat(c),
    "member": lambda b, c: b.get_chat_member(c, c),
    "edits": _edit,
    "hook": lambda b, _: b.delete_webhook(),
}


async def a_chat(fake: FakeTelegram) -> int:
    bot = fake.bot("111:AAA", "motcua_bot")
    nam = fake.user("Nam", last_name="Trần", username="nam_tran")
    await nam.start(bot)
    return nam.id


async def test_right_calls_of_aiogram_pass() -> None:
    async with FakeTelegram(limits=False) as fake:
        chat = await a_chat(fake)
        api = TelegramAPIServer.from_base(fake.url)
        async with Bot("111:AAA", AiohttpSession(api=api)) as bot:
            for name, call in AIOGRAM.items():
                assert await call(bot, chat), name
        default = DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True)
        async with Bot("111:AAA", AiohttpSession(api=api), default=default) as bot:
            await bot.send_message(chat, "<i>x</i>")
            await bot.send_location(chat, 20.8, 106.6)
        fake.assert_clean()
    assert len(AIOGRAM) + len(PTB) >= 28


async def test_right_calls_of_python_telegram_bot_pass() -> None:
    async with FakeTelegram(limits=False) as fake:
        chat = await a_chat(fake)
        async with ExtBot("111:AAA", f"{fake.url}/bot", defaults=Defaults(parse_mode="HTML")) as bot:
            for call in PTB.values():
                await call(bot, chat)
        fake.assert_clean()


BROKEN: dict[str, tuple[str, dict[str, Any], list[str], str]] = {
    "missing": ("sendMessage", {"chat_id": 5}, [], "parameter 'text' is missing"),
    "misspelt": ("sendMessage", {"chat_id": 5, "text": "a", "parsemode": "HTML"}, [], "'parsemode' is unknown"),
    "mistyped": ("sendLocation", {"chat_id": 5, "latitude": "north", "longitude": 1}, [], "latitude"),
    "boolean": ("sendMessage", {"chat_id": 5, "text": "a", "protect_content": "perhaps"}, [], "protect_content"),
    "integer": ("editMessageText", {"chat_id": 5, "text": "a", "message_id": "one"}, [], "message_id"),
    "unattached": ("sendPhoto", {"chat_id": 5, "photo": "attach://a"}, [], "no part for attach://a"),
    "unattached in media": (
        "sendMediaGroup",
        {"chat_id": 5, "media": [{"type": "photo", "media": "attach://a"}, {"type": "photo", "media": "attach://b"}]},
        ["a"],
        "no part for attach://b",
    ),
    "unused": ("sendPhoto", {"chat_id": 5, "photo": "attach://a"}, ["a", "b"], "part 'b' is used by nothing"),
    "unused own": ("sendMessage", {"chat_id": 5, "text": "a"}, ["photo"], "part 'photo' is used by nothing"),
    "nested misspelt": (
        "sendMessage",
        {"chat_id": 5, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "calback_data": "b"}]]}},
        [],
        "reply_markup.inline_keyboard[0][0].calback_data",
    ),
    "nested missing": ("setMyCommands", {"commands": [{"command": "a"}]}, [], "commands[0].description"),
    "nested mistyped": (
        "sendMessage",
        {"chat_id": 5, "text": "a", "entities": [{"type": "bold", "offset": "0", "length": 1}]},
        [],
        "entities[0].offset",
    ),
    "no list": ("setMyCommands", {"commands": {"command": "a", "description": "b"}}, [], "commands"),
    "no json": ("sendMessage", {"chat_id": 5, "text": "a", "reply_markup": "{'inline_keyboard': []}"}, [], "markup"),
    "kind": ("setMyCommands", {"commands": [], "scope": {"type": "everybody"}}, [], "scope.type"),
    "action": ("sendChatAction", {"chat_id": 5, "action": "sleeping"}, [], "action"),
    "keys on an edit": (
        "editMessageText",
        {"chat_id": 5, "message_id": 1, "text": "a", "reply_markup": {"keyboard": [["a"]]}},
        [],
        "reply_markup.keyboard",
    ),
    "keys on an album": (
        "sendMediaGroup",
        {"chat_id": 5, "media": [], "reply_markup": {}},
        [],
        "'reply_markup' is unknown",
    ),
    "old name": ("sendMessage", {"chat_id": 5, "text": "a", "reply_to_message_id": 1}, [], "'reply_to_message_id'"),
}


def as_text(params: dict[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("source", ["official", "aiogram"])
def test_broken_calls_are_caught(name: str, source: str) -> None:
    used = schema() if source == "official" else Schema(fake_schema_aiogram.described(), "aiogram")
    called, params, parts, words = BROKEN[name]
    method = used.method(called.upper())
    assert method
    problems = used.problems(method, method.read(as_text(params)), parts)
    if name == "old name" and "aiogram" in used.source:
        return  # its models are laxer here
    assert any(words in problem for problem in problems), problems


async def test_a_broken_call_is_answered_with_400_and_noted() -> None:
    async with connected() as (fake, _, client):
        assert "'txt' is unknown" in await client.refused("sendMessage", chat_id=5, txt="a")
        assert await client.refused("sendCarrierPigeon") == "Not Found: method not found"
        assert len(fake.complaints) == 2
        with pytest.raises(AssertionError, match="2 complaints"):
            fake.assert_clean()


async def test_names_of_methods_in_any_letters_and_by_get() -> None:
    async with connected() as (fake, _, client):
        assert (await client.ok("GETME"))["username"] == "motcua_bot"
        async with client.http.get(f"{fake.url}/bot111:AAA/getme") as answer:
            assert (await answer.json())["ok"]
        async with client.http.get(f"{fake.url}/bot111:BBB/getMe") as answer:
            assert answer.status == 401
        async with client.http.post(f"{fake.url}/bot111:AAA/sendMessage", json={"chat_id": 7, "text": "a"}) as answer:
            assert (await answer.json())["description"] == "Bad Request: chat not found"
