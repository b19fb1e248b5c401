"""A bare aiogram bot to measure against: three steps, memory state, its own webhook server; run as its own process."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from benchmarks.server import report

router = Router()


class Steps(StatesGroup):
    """Where somebody is."""

    field = State()
    procedure = State()


def keyboard(labels: list[str]) -> InlineKeyboardMarkup:
    """As our own bot draws it: a row each."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=f"choice:{n}")] for n, label in enumerate(labels)
        ]
    )


@router.message(F.text == "menu")
async def menu(message: Message, state: FSMContext) -> None:
    await state.set_state(Steps.field)
    await message.answer(
        "Bạn cần làm việc gì? Bạn cứ gõ như nói chuyện, ví dụ: xin giấy độc thân.",
        reply_markup=keyboard([f"Việc cần làm số {n}" for n in range(6)]),
    )


@router.message(Steps.field)
async def field(message: Message, state: FSMContext) -> None:
    await state.update_data(field=message.text)
    await state.set_state(Steps.procedure)
    await message.answer("Bạn chọn lĩnh vực:", reply_markup=keyboard([f"Lĩnh vực hành chính {n}" for n in range(8)]))


@router.message(Steps.procedure)
async def procedure(message: Message, state: FSMContext) -> None:
    known = await state.get_data()
    await state.clear()
    await message.answer(
        f"{known['field']}: có 7 thủ tục. Bạn chọn:",
        reply_markup=keyboard([f"Thủ tục số {n} của lĩnh vực" for n in range(8)]),
    )


async def main(port: int, api: str) -> None:
    """Serve until killed."""
    bot = Bot("1:bare", AiohttpSession(api=TelegramAPIServer.from_base(api)))
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    page = web.Application()
    SimpleRequestHandler(dispatcher, bot).register(page, "/telegram/citizens")
    runner = web.AppRunner(page, access_log=None)
    await runner.setup()
    gc.collect()
    gc.freeze()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    threading.Thread(target=report, daemon=True).start()
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
