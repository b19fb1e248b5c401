"""A bare bot of python-telegram-bot to measure against: as it comes, it answers a press; run as its own process."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Any

from aiohttp import web
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes

from benchmarks.server import report


async def pressed(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Đã nhận việc")


async def main(port: int, api: str) -> None:
    """Serve until killed; PTB's own webhook server too puts updates into this queue and answers at once."""
    app: Application[Any, Any, Any, Any, Any, Any]
    app = ApplicationBuilder().token("1:bare").base_url(f"{api}/bot").updater(None).build()
    app.add_handler(CallbackQueryHandler(pressed))

    async def take(request: web.Request) -> web.Response:
        await app.update_queue.put(Update.de_json(await request.json(), app.bot))
        return web.Response()

    page = web.Application()
    page.router.add_post("/telegram/staff", take)
    runner = web.AppRunner(page, access_log=None)
    await app.initialize()
    await app.start()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    threading.Thread(target=report, daemon=True).start()
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
