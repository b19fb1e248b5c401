"""The shapes of the program: everything in one process, or pages and webhooks in some and the work in others."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from contextlib import AsyncExitStack
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from bot import disk_words, setup
from bot.app import App, opened
from bot.catalogue_diff import note_in_use
from bot.commands import say, trial_links, trial_staff
from bot.hands import bury
from bot.settings import Settings
from bot.sockets import room_for_sockets
from bot.stopping import asked_to_stop

if TYPE_CHECKING:
    from aiohttp import web

    from bot.gateways import Gateways
    from bot.telegram import Telegram
    from bot.zalo import Zalo

log = logging.getLogger(__name__)

AGAIN: Final = -1  # in place of an exit status: begin anew, with the settings as they are now
_OBJECTS: Final = 10_000  # that are made until the youngest of them are looked through: some twenty turns
_FINISH: Final = 10.0  # seconds that requests under way may still take when the program ends
_LONGEST: Final = 35.0  # seconds for all of the end; who has asked for it kills at some time


class Shape(Enum):
    """`motcua run`, `motcua serve`, `motcua work`."""

    RUN = "run"
    SERVE = "serve"
    WORK = "work"

    @property
    def serves(self) -> bool:
        """Answers what comes by HTTP: pages with their calls, and webhooks."""
        return self is not Shape.WORK

    @property
    def works(self) -> bool:
        """Does jobs, delivers, speaks in the messengers' names, and asks them for news where nobody calls us."""
        return self is not Shape.SERVE


async def live(settings: Settings, shape: Shape, port: int | None = None) -> int:
    """One process of this shape, until it is asked to end; gives the exit status. `port`: in place of the settings'.

    A process that only works opens a port where one is given, and tells there how it is and nothing else.
    """
    if port is not None and shape.serves:
        settings = replace(settings, port=port)
    room_for_sockets()
    async with opened(settings) as app, AsyncExitStack() as ends:
        stop = _heeding(app)
        if settings.trial:
            await app.database.run(lambda work: trial_staff(work, app.world))
        await app.database.run(lambda work: note_in_use(work, app.world))
        telegram, zalo = _telegram(app, shape), _zalo(app)
        gateways = _gateways(app) if shape.works else None
        if telegram:
            ends.push_async_callback(telegram.stop)
        if zalo:
            ends.push_async_callback(zalo.stop)
        if gateways:
            ends.push_async_callback(gateways.stop)
        if shape.serves or port is not None:
            heard = [*(telegram.routes() if telegram else ()), *(zalo.routes() if zalo else ())]
            runner = await _listening(app, shape, heard, port or settings.port)
            if runner is None:
                return 1
            ends.push_async_callback(runner.cleanup)  # first of all: who comes now is better served by another
        if shape.works:
            await app.database.run(bury)
            app.start()
        else:
            app.follow()
        if not shape.serves:
            ends.push_async_callback(app.stop)  # first of all: what waits here is waited for
        await _greet(app, shape)
        if telegram:
            telegram.start(speak=shape.works)
        if zalo and shape.works:
            zalo.start()
        if gateways:
            gateways.start()
        _settle()
        await stop.wait()
        late = asyncio.get_running_loop().call_later(_LONGEST, _give_up)
    late.cancel()
    return AGAIN if app.again else 0


def _settle() -> None:
    """What is there now stays: garbage is looked for among what comes and goes, and not after every few objects."""
    gc.freeze()
    gc.set_threshold(_OBJECTS, 20, 20)


def _heeding(app: App) -> asyncio.Event:
    """Set when somebody wants the process to end; from now on that does not kill it any more."""
    stop = asyncio.Event()

    def drain() -> None:
        app.draining = True  # whoever asks whether this process is ready hears so before anything is closed
        stop.set()

    app.end = drain
    asked_to_stop(drain)
    return stop


def _give_up() -> None:
    """Such as where the database answers nothing: whatever was acknowledged is durable, and others take over."""
    log.error("it took too long to end; what was under way goes on elsewhere, or at the next start")
    os._exit(1)


def _telegram(app: App, shape: Shape) -> Telegram | None:
    """The bots that have a token; without one, or where nothing is to be heard or said, nothing of it is loaded."""
    settings = app.settings
    if not (settings.telegram_token or settings.telegram_staff_token):
        return None
    if not (shape.works or settings.telegram_webhook):
        return None
    from bot.telegram import Telegram  # noqa: PLC0415

    return Telegram(app, say)


def _zalo(app: App) -> Zalo | None:
    if not app.settings.zalo_oa_id:
        return None
    from bot.zalo import Zalo  # noqa: PLC0415

    return Zalo(app, say)


def _gateways(app: App) -> Gateways:
    from bot.gateways import Gateways  # noqa: PLC0415 - senders are only needed where something is sent

    return Gateways(app, say)


async def _listening(app: App, shape: Shape, heard: list[web.RouteDef], port: int) -> web.AppRunner | None:
    """What answers on the port; None, and somebody was told, where it can't be had."""
    from aiohttp import web  # noqa: PLC0415 - only where something is served

    if shape.serves:
        from bot.pages import pages  # noqa: PLC0415

        page = pages(app, heard)
    else:
        from bot.health import routes  # noqa: PLC0415

        page = web.Application()
        page.add_routes(routes(app))
    runner = web.AppRunner(page, access_log=None, handle_signals=False, shutdown_timeout=_FINISH)
    await runner.setup()
    try:
        await web.TCPSite(runner, app.settings.host, port).start()
    except OSError as error:
        say(f"Không mở được cổng {port} ({disk_words.why(error)}).")
        say("Đặt MOTCUA_PORT khác, hoặc tắt chương trình đang chạy ở cổng đó.")
        await runner.cleanup()
        return None
    return runner


async def _greet(app: App, shape: Shape) -> None:
    settings = app.settings
    if shape.serves:
        say(f"Trang của người dân: {settings.address}/")
        say(f"Trang của cán bộ:    {settings.address}/canbo")
        if settings.trial:
            say("Liên kết đăng nhập thử (dùng một lần, trong 15 phút; lấy liên kết mới: motcua staff link TÊN):")
            for line in await app.database.run(lambda work: trial_links(work, app)):
                say(line)
    if shape.serves and await app.database.run(lambda work: setup.wanted(work, app.world)):
        say("Cài đặt lần đầu (chỉ mở trên máy này; lấy liên kết mới: motcua setup):")
        say(f"  {await app.database.run(lambda work: setup.link(work, app.world))}")
    if shape is not Shape.RUN:
        _tell_apart(settings, shape)
    say(f"Dữ liệu: {settings.data}. Khóa chính: {settings.key_file} (giữ một bản ở nơi khác).")


def _tell_apart(settings: Settings, shape: Shape) -> None:
    """What several processes need of each other, where the settings leave it open."""
    if shape is Shape.SERVE:
        say("Tiến trình này chỉ mở trang và nhận tin. Việc nền và gửi tin: chạy thêm ít nhất một «motcua work».")
    else:
        say("Tiến trình này làm việc nền và gửi tin. Trang web: chạy thêm ít nhất một «motcua serve».")
    if settings.database_url.startswith("sqlite"):
        say("Dữ liệu ở SQLite: mọi tiến trình phải chạy trên máy này. Nhiều máy thì cần PostgreSQL (MOTCUA_DATABASE).")
    elif "://" not in settings.file_store:
        say(f"Tệp ở thư mục {settings.file_store}: mọi tiến trình phải thấy nó. Nhiều máy thì cần S3 (MOTCUA_FILES).")
    if not settings.public_url:
        say("Chưa đặt MOTCUA_PUBLIC_URL: liên kết gửi đi chỉ mở được trên máy này.")
