"""Both libraries run against the fake as they run against Telegram, by polling and by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import telegram as ptb
from aiogram import Bot, Dispatcher
from aiogram import types as ai
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from tests.telegram.fake import FakeBot, FakeTelegram, Room
from tests.telegram.test_fake_schema import jpeg

SECRET = "bi-mat"
Context = ContextTypes.DEFAULT_TYPE


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


def dispatcher() -> Dispatcher:
    """Echoes words with a button, gives photos back."""
    made = Dispatcher()

    @made.message()
    async def on_message(message: ai.Message, bot: Bot) -> None:
        if message.photo:
            kept = await bot.download(message.photo[-1])
            assert kept
            await message.answer_photo(ai.BufferedInputFile(kept.read(), "a.jpg"), caption="đây")
            return
        button = ai.InlineKeyboardButton(text="Có", callback_data="yes")
        await message.answer(f"chào {message.text}", reply_markup=ai.InlineKeyboardMarkup(inline_keyboard=[[button]]))

    @made.callback_query()
    async def on_press(query: ai.CallbackQuery) -> None:
        await query.answer("vâng")
        assert isinstance(query.message, ai.Message)
        await query.message.edit_text("đã rõ")

    return made


@asynccontextmanager
async def aiogram_bot(fake: FakeTelegram, account: FakeBot, mode: str) -> AsyncIterator[None]:
    async with Bot(account.token, AiohttpSession(api=TelegramAPIServer.from_base(fake.url))) as bot:
        made = dispatcher()
        if mode == "polling":
            running = asyncio.create_task(made.start_polling(bot, handle_signals=False))
            try:
                yield
            finally:
                await fake.until(lambda: fake.desk.mailboxes[account.id].poller.polled)
                await made.stop_polling()
                await running
            return
        app = web.Application()
        SimpleRequestHandler(made, bot, secret_token=SECRET).register(app, "/hook")
        setup_application(app, made)
        async with served(app) as url:
            await bot.set_webhook(url, secret_token=SECRET)
            yield


@asynccontextmanager
async def ptb_bot(fake: FakeTelegram, account: FakeBot, mode: str) -> AsyncIterator[None]:
    builder: Any = Application.builder().token(account.token)
    builder = builder.base_url(f"{fake.url}/bot").base_file_url(f"{fake.url}/file/bot")
    application = (builder if mode == "polling" else builder.updater(None)).build()

    async def on_message(update: ptb.Update, _: Context) -> None:
        message = update.message
        assert message
        if message.photo:
            file = await message.photo[-1].get_file()
            await message.reply_photo(bytes(await file.download_as_bytearray()), caption="đây")
            return
        keys = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Có", callback_data="yes")]])
        await message.reply_text(f"chào {message.text}", reply_markup=keys)

    async def on_press(update: ptb.Update, _: Context) -> None:
        query = update.callback_query
        assert query
        await query.answer("vâng")
        await query.edit_message_text("đã rõ")

    application.add_handler(MessageHandler(filters.TEXT | filters.PHOTO, on_message))
    application.add_handler(CallbackQueryHandler(on_press))
    async with application:
        await application.start()
        try:
            if mode == "polling":
                assert application.updater
                await application.updater.start_polling()
                yield
                await application.updater.stop()
                return

            async def hook(request: web.Request) -> web.Response:
                if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
                    return web.Response(status=403)
                await application.update_queue.put(ptb.Update.de_json(await request.json(), application.bot))
                return web.Response()

            app = web.Application()
            app.router.add_post("/hook", hook)
            async with served(app) as url:
                await application.bot.set_webhook(url, secret_token=SECRET)
                yield
        finally:
            await application.stop()


async def _talk(fake: FakeTelegram, account: FakeBot, room: Room, where: Any, person: Any) -> None:
    await person.text(where, "/viec")
    await fake.until(lambda: room.find("chào /viec"))
    press = await person.press(room.find("chào"), "Có")
    assert (await press.answer).text == "vâng"
    await fake.until(lambda: room.find("đã rõ"))
    assert [edit.text for edit in room.find("đã rõ").edits] == ["chào /viec"]
    if where is account:
        await person.photo(where, jpeg())
        shown = await fake.until(lambda: room.find("đây"))
        assert (shown.file.width, shown.file.height) == (200, 100)
    await fake.settle()


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.parametrize("library", ["aiogram", "ptb"])
async def test_a_talk(library: str, mode: str) -> None:
    async with FakeTelegram(limits=False) as fake:
        account = fake.bot("111:AAA", "motcua_bot")
        nam, ha = fake.user("Nam"), fake.user("Hà")
        group = fake.group("Tổ", [nam, ha])
        async with (aiogram_bot if library == "aiogram" else ptb_bot)(fake, account, mode):
            await nam.start(account)
            await _talk(fake, account, fake.chat(nam, account), account, nam)
            async with fake.shuffled(account):
                await ha.start(account)
            await _talk(fake, account, fake.chat(ha, account), account, ha)
            group.bots[account.id] = "member"
            await _talk(fake, account, group, group, ha)
            if mode == "webhook":
                assert fake.webhook(account).secret == SECRET
                assert fake.webhook(account).error == ""
        fake.assert_clean()
        assert all(call.ok for call in fake.calls), [call for call in fake.calls if not call.ok]
