"""The second opinion: teremok, made by others for aiogram alone, and this fake agree on what is right."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from teremok.session import MockedSession

from tests.telegram import fake_second
from tests.telegram.fake import FakeTelegram
from tests.telegram.fake_schema import schema
from tests.telegram.test_fake_schema import jpeg

CHAT = 5_000_000_123
Case = Callable[[Bot], Awaitable[Any]]


def _keys(**parts: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Có", **parts)]])


def _photo(words: str) -> Case:
    return lambda bot: bot.send_photo(CHAT, BufferedInputFile(jpeg(), "a.jpg"), caption=words)


def _text(words: str, **more: Any) -> Case:
    return lambda bot: bot.send_message(CHAT, words, **more)


def _bold(offset: int, length: int) -> list[MessageEntity]:
    return [MessageEntity(type="bold", offset=offset, length=length)]


CASES: dict[str, tuple[Case, str]] = {  # what both say: "" for right
    "text": (_text("xin chào"), ""),
    "longest": (_text("ế" * 4096), ""),
    "too long": (_text("ế" * 4097), "message is too long"),
    "too long in UTF-16": (_text("🙂" * 2049), "message is too long"),
    "caption": (_photo("ế" * 1024), ""),
    "long caption": (_photo("ế" * 1025), "caption is too long"),
    "64 bytes": (_text("a", reply_markup=_keys(callback_data="ế" * 21 + "a")), ""),
    "65 bytes": (_text("a", reply_markup=_keys(callback_data="ế" * 21 + "aa")), "BUTTON_DATA_INVALID"),
    "bare button": (_text("a", reply_markup=_keys()), "can't parse inline keyboard button"),
    "html": (_text("<b>a <i>b</i></b> &lt;", parse_mode="HTML"), ""),
    "open tag": (_text("<b>a", parse_mode="HTML"), 'Can\'t find end tag corresponding to start tag "b"'),
    "less than": (_text("3 < 5", parse_mode="HTML"), "can't parse entities: Unsupported start tag"),
    "unknown tag": (_text("<h1>a</h1>", parse_mode="HTML"), 'can\'t parse entities: Unsupported start tag "h1"'),
    "crossed tags": (_text("<b><i>a</b></i>", parse_mode="HTML"), "can't parse entities: Unmatched end tag"),
    "span": (_text("<span>a</span>", parse_mode="HTML"), 'Tag "span" must have class "tg-spoiler"'),
    "markdown": (_text("*a* \\. [b](http://c.d) ||e||", parse_mode="MarkdownV2"), ""),
    "dot": (_text("a.", parse_mode="MarkdownV2"), "Character '.' is reserved and must be escaped"),
    "dash": (_text("a-b", parse_mode="MarkdownV2"), "Character '-' is reserved and must be escaped"),
    "open mark": (_text("*a", parse_mode="MarkdownV2"), "can't parse entities: Can't find end of"),
    "old markdown": (_text("*a* _b_ `c_d`", parse_mode="Markdown"), ""),
    "snake": (_text("snake_case", parse_mode="Markdown"), "can't parse entities: Can't find end of"),
    "entities": (_text("🙂a", entities=_bold(2, 1)), ""),
    "entities outside": (_text("🙂a", entities=_bold(2, 2)), "out of"),
}


async def _says(case: Case, bot: Bot) -> str:
    try:
        await case(bot)
    except TelegramBadRequest as refused:
        return refused.message
    return ""


async def test_teremok_and_the_fake_agree() -> None:
    async with FakeTelegram(limits=False) as fake:
        await fake.user("Nam", id=CHAT).start(fake.bot("111:AAA", "motcua_bot"))
        session = AiohttpSession(api=TelegramAPIServer.from_base(fake.url))
        async with Bot("111:AAA", MockedSession()) as theirs, Bot("111:AAA", session) as ours:
            for name, (case, words) in CASES.items():
                for bot in (theirs, ours):
                    said = await _says(case, bot)
                    assert words.lower() in said.lower(), (name, bot.session)
                    assert bool(said) is bool(words), (name, bot.session, said)
        assert len(fake.complaints) == sum(bool(words) for _, words in CASES.values())


def test_aiograms_models_object_too() -> None:
    method = schema().method("sendMessage")
    assert method
    assert not fake_second.on_call(method, {"chat_id": 5, "text": "a"}, [])
    assert fake_second.on_call(method, {"chat_id": 5}, []) == ["aiogram: text: Field required"]
    assert "entities" in fake_second.on_call(method, {"chat_id": 5, "text": "a", "entities": [{"type": "bold"}]}, [])[0]


def test_answers_that_a_library_could_not_read_are_named() -> None:
    method = schema().method("sendMessage")
    assert method
    message = {"message_id": 1, "date": 1_795_000_000, "chat": {"id": 5, "type": "private"}, "text": "a"}
    assert fake_second.on_answer(method, message) == []
    del message["message_id"]
    objections = fake_second.on_answer(method, message)
    assert [words.partition(":")[0] for words in objections] == ["aiogram", "python-telegram-bot"]
