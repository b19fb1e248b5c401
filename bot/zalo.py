"""The Zalo Official Account of one process: any process hears it, the one that holds its lease speaks."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import Final

from aiohttp import web

from bot import zalo_alarm
from bot.app import App
from bot.echoes import WAIT
from bot.lease import Lease, Lost
from bot.receive import place
from bot.settings import BadSetting, Settings
from bot.zalo_door import ZaloDoor
from bot.zalo_tokens import Tokens
from conversations.messages import Refused, TryLater, Undeliverable
from conversations.render import text
from handlers import zalo_pieces
from handlers.zalo_bot import ZaloBot
from handlers.zalo_door import ZALO
from handlers.zalo_webhook import PATH, Road
from storage.echoes import Echoes

log = logging.getLogger(__name__)

NAME: Final = "zalo-name"  # in `installation`: what the account is called
_WORDS: Final = "Zalo, người dân:"
_PAUSES: Final = (1, 2, 5, 15, 30, 60)  # seconds before Zalo is asked anew
_CARD: Final = "/page/icon-512.png"  # on the card that asks for a number; Zalo wants a picture there


class Zalo:
    """Made once a process, where an account is set; `say` tells whoever started the program."""

    def __init__(self, app: App, say: Callable[[str], None]) -> None:
        self._app = app
        self._say = say
        self._settings = settings = app.settings
        check(settings)
        self.door = ZaloDoor(app.database, app.world, app.receiver)
        self.tokens = Tokens(app.database, settings, lambda work: zalo_alarm.tell(work, app.world, settings.zalo_oa_id))
        official = settings.zalo_openapi_base == Settings().zalo_openapi_base
        self._bot = ZaloBot(
            self.tokens,
            app.load,
            base=settings.zalo_openapi_base.rstrip("/"),
            secret=settings.zalo_app_secret,
            plain=zalo_pieces.plain,
            shrink=app.worker.smaller,
            link=_elsewhere,
            card_title=text("zalo.card"),
            card_image=settings.address + _CARD if settings.public_url else "",
            any_host=not official,
        )
        self._tasks: list[asyncio.Task[None]] = []

    def routes(self) -> list[web.RouteDef]:
        """Where Zalo calls us."""
        settings = self._settings
        road = Road(
            self.door,
            app_id=settings.zalo_app_id,
            oa=settings.zalo_oa_id,
            secret=settings.zalo_oa_secret_key,
            oa_first=settings.zalo_accept_oaid_mac,
        )
        return road.routes()

    def start(self) -> None:
        """Begin to speak; to hear, the routes are enough."""
        self._tasks = [asyncio.create_task(self._serve()), asyncio.create_task(self.tokens.keep())]

    async def stop(self) -> None:
        """Speak no more; what was heard is played to its end."""
        await self.door.rest()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._app.stop()
        await self.tokens.close()
        await self._bot.close()

    async def _serve(self) -> None:
        lease = Lease(self._app.database, ZALO, self._say)
        while True:
            try:
                async with lease.held():
                    await self._work()
            except Lost:
                log.warning("zalo: another process has taken over")
            except Exception as error:  # noqa: BLE001 - it goes on, with a new lease
                log.error("zalo stumbled: %s at %s", type(error).__name__, place(error))  # noqa: TRY400
                await asyncio.sleep(_PAUSES[0])

    async def _work(self) -> None:
        """While the lease is ours."""
        app = self._app
        name = await self._introduced()
        own = (app.deliverer.name,)
        await app.database.run(lambda work: Echoes(work).doubt(ZALO, own, WAIT))
        await app.database.run(lambda work: work.installation.put(NAME, name))
        self._say(f"{_WORDS} https://zalo.me/{self._settings.zalo_oa_id}" + (f" ({name})" if name else ""))
        self._say(f"Webhook của Zalo: {self._settings.address}{PATH}")
        app.senders.update(dict.fromkeys(self._bot.channels, self._bot))
        app.fetchers.update(dict.fromkeys(self._bot.channels, self._bot.fetch))
        app.bells.ring(frozenset({"outbox", "jobs"}))
        try:
            await asyncio.Event().wait()
        finally:
            for channel in self._bot.channels:
                app.senders.pop(channel, None)
                app.fetchers.pop(channel, None)
            await app.deliverer.leave()  # before the lease is given back: else what is under way were sent again

    async def _introduced(self) -> str:
        """The account's name. Where Zalo is out of reach, or wants something of a person first, it is asked again."""
        told = ""
        for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
            wait, words = float(pause), "chưa kết nối được với Zalo"
            try:
                return await self._bot.begin()
            except (Refused, Undeliverable):  # an account that tells nothing of itself may send all the same
                return ""
            except TryLater as error:
                wait, words = min(error.seconds, _PAUSES[-1]), "Zalo chưa cho chương trình này vào (xem docs/zalo.md)"
            except Exception as error:  # noqa: BLE001 - whatever it is: without Zalo the rest goes on
                log.warning("Zalo does not answer: %s", type(error).__name__)
            if words != told:
                self._say(f"{_WORDS} {words}, sẽ tự thử lại.")
                told = words
            await asyncio.sleep(wait)
        raise AssertionError("the pauses never end")


def check(settings: Settings) -> None:
    """Raises BadSetting where an account is set and something that it needs is not."""
    needed = {
        "MOTCUA_ZALO_APP_ID": settings.zalo_app_id,
        "MOTCUA_ZALO_APP_SECRET": settings.zalo_app_secret,
        "MOTCUA_ZALO_OA_SECRET_KEY": settings.zalo_oa_secret_key,
    }
    for name, value in needed.items():
        if not value:
            raise BadSetting(f"{name}: needed where MOTCUA_ZALO_OA_ID is set; see docs/zalo.md")


async def _elsewhere(_address: str, _ref: str) -> str:
    """Where somebody gets a file that Zalo does not take."""
    return text("zalo.file")
