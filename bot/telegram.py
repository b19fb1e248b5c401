"""The Telegram bots of one process: each hears and speaks while this process holds its lease."""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol, TypeVar

from aiohttp import web

from bot.app import App
from bot.door import MessengerDoor
from bot.invitations import USERNAME
from bot.lease import Lease, Lost
from bot.receive import place
from bot.telegram_settings import check
from bot.troubles import REJECTED
from conversations.messages import Message, Refused, Sent, TryLater
from handlers.telegram_door import Door, Load
from handlers.telegram_poll import Rejected, poll
from handlers.telegram_webhook import route
from storage.sealed import keys

log = logging.getLogger(__name__)

T = TypeVar("T")

CITIZENS_NAME: Final = "telegram-username"  # in `installation`: the username under which people find the bot
STAFF_NAME: Final = USERNAME
PATHS: Final = {CITIZENS_NAME: "/telegram/citizens", STAFF_NAME: "/telegram/staff"}
_WORDS: Final = {CITIZENS_NAME: "Telegram, người dân:", STAFF_NAME: "Telegram, cán bộ:   "}
_REJECTED: Final = "mã bot bị từ chối. Chép lại mã từ BotFather rồi chạy lại."
_PAUSES: Final = (1, 2, 5, 15, 30, 60)  # seconds before Telegram is asked anew whether it is there


class Bot(Protocol):
    """What both bots can do; see handlers/telegram_citizens.py and handlers/telegram_staff.py."""

    channels: Sequence[str]

    async def begin(self) -> str: ...
    async def updates(self, offset: int | None, wait: int) -> list[dict[str, object]]: ...
    async def take(self, raw: dict[str, object]) -> None: ...
    async def send(self, address: str, message: Message) -> Sent: ...
    async def edit(self, address: str, message_id: str, message: Message) -> None: ...
    async def fetch(self, file_id: str) -> bytes: ...
    async def set_webhook(self, url: str, secret: str) -> None: ...
    async def drop_webhook(self) -> None: ...
    async def close(self) -> None: ...


class Telegram:
    """Made once a process, where a token is set; `say` tells whoever started the program."""

    def __init__(self, app: App, say: Callable[[str], None]) -> None:
        self._app = app
        self._say = say
        self._settings = app.settings
        check(self._settings)
        self._door = MessengerDoor(app.database, app.world, app.receiver)
        self._bots = _made(app, self._door)
        # what Telegram has to show at each call: as this process started, for Telegram was told no other one
        self._secrets = {name: keys().shown(f"{name} webhook") for name in self._bots}
        self._tasks: list[asyncio.Task[None]] = []

    def routes(self) -> list[web.RouteDef]:
        """Where Telegram calls us; none where we ask it for news."""
        if not self._settings.telegram_webhook:
            return []
        return [route(PATHS[name], bot, self._secrets[name]) for name, bot in self._bots.items()]

    def start(self, *, speak: bool = True) -> None:
        """Begin to hear and to speak; or only make ready to be called, where another process speaks."""
        begin = self._serve if speak else self._introduce
        self._tasks = [asyncio.create_task(begin(name, bot)) for name, bot in self._bots.items()]

    async def stop(self) -> None:
        """Hear nothing more; then calls under way may end, and the connections are closed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._door.stop()
        await self._app.stop()
        for bot in self._bots.values():
            await bot.close()

    async def _introduce(self, name: str, bot: Bot) -> None:
        try:
            await self._patiently(name, bot.begin)
        except Rejected:
            self._say(f"{_WORDS[name]} {_REJECTED}")

    async def _serve(self, name: str, bot: Bot) -> None:
        lease = Lease(self._app.database, name, self._say)
        username = ""
        while True:
            try:
                # also without the lease: a webhook may bring updates to any process
                username = username or await self._patiently(name, bot.begin)
                async with lease.held():
                    await self._work(name, bot, username)
            except Rejected:
                self._say(f"{_WORDS[name]} {_REJECTED}")
                await self._app.database.run(lambda work: work.installation.put(REJECTED + name, "1"))
                return
            except Lost:
                log.warning("%s: another process has taken over", name)
            except Exception as error:  # noqa: BLE001 - it goes on, with a new lease
                log.error("%s stumbled: %s at %s", name, type(error).__name__, place(error))  # noqa: TRY400
                await asyncio.sleep(_PAUSES[0])

    async def _work(self, name: str, bot: Bot, username: str) -> None:
        """While the lease is ours."""
        app = self._app
        await app.database.run(lambda work: work.installation.put(name, username))
        await app.database.run(lambda work: work.installation.put(REJECTED + name, ""))
        self._say(f"{_WORDS[name]} https://t.me/{username}")
        app.senders.update(dict.fromkeys(bot.channels, bot))
        app.fetchers.update(dict.fromkeys(bot.channels, bot.fetch))
        app.bells.ring(frozenset({"outbox", "cards", "jobs"}))
        try:
            if self._settings.telegram_webhook:
                url = self._settings.address + PATHS[name]
                await self._patiently(name, lambda: bot.set_webhook(url, self._secrets[name]))
                await asyncio.Event().wait()
            else:
                await self._patiently(name, bot.drop_webhook)
                await poll(bot, self._say)
        finally:
            for channel in bot.channels:
                app.senders.pop(channel, None)
                app.fetchers.pop(channel, None)
            await app.deliverer.leave()  # before the lease is given back: else what is under way were sent again

    async def _patiently(self, name: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Telegram may be out of reach, or want something of us first: it is asked until it says yes."""
        told = ""
        for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
            wait, words = float(pause), "chưa kết nối được với Telegram"
            try:
                return await ask()
            except Rejected:
                raise
            except TryLater as error:
                wait = max(wait, error.seconds)
            except Refused as error:
                words = f"Telegram chưa chấp nhận ({error})"
            except Exception as error:  # noqa: BLE001 - whatever it is: without Telegram the rest goes on
                log.warning("%s: Telegram does not answer: %s", name, type(error).__name__)
            if words != told:
                self._say(f"{_WORDS[name]} {words}, sẽ tự thử lại.")
                told = words
            await asyncio.sleep(wait)
        raise AssertionError("the pauses never end")


def _made(app: App, door: Door) -> dict[str, Bot]:
    settings = app.settings
    load: Load = app.load
    options = {"api": settings.telegram_api.rstrip("/"), "proxy": settings.telegram_proxy}
    bots: dict[str, Bot] = {}
    gc.disable()  # 0.4 s of the start would go into looking for garbage among what is being made
    if settings.telegram_token:
        from handlers.telegram_citizens import CitizensBot  # noqa: PLC0415 - aiogram takes 2.7 s and 130 MB

        bots[CITIZENS_NAME] = CitizensBot(settings.telegram_token, door, load, **options)
    if settings.telegram_staff_token:
        from handlers.telegram_staff import StaffBot  # noqa: PLC0415

        bots[STAFF_NAME] = StaffBot(settings.telegram_staff_token, door, load, **options)
    gc.enable()
    gc.freeze()  # aiogram's models are 130 MB that never die: looking through them again and again costs 100 ms each
    return bots
