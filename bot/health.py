"""What tells other programs how this process is: it lives, it is ready, and its figures for Prometheus.

A stranger learns from the first two whether the program is there, and nothing else. Figures are for this machine and
for whoever shows the token.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Final

from aiohttp import web
from sqlalchemy import text

from bot.app import App
from bot.metrics import Metrics
from handlers.web_network import here
from storage.migrate import HEAD
from storage.work import Work

log = logging.getLogger(__name__)

ALIVE: Final = "/song"
READY: Final = "/san-sang"
FIGURES: Final = "/metrics"
_PATIENCE: Final = 1.0  # seconds within which the database has to answer
_FRESH: Final = 0.5  # seconds for which an answer is good: strangers' questions cost the database nothing
_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def routes(app: App) -> list[web.RouteDef]:
    """For the pages, and for the small port of a process that only works."""
    health = Health(app)
    return [web.get(ALIVE, health.alive), web.get(READY, health.ready), web.get(FIGURES, health.figures)]


class Health:
    """One process."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._metrics = Metrics(app)
        self._token = app.settings.metrics_token
        self._asked = 0.0
        self._well = False
        self._asking: asyncio.Task[bool] | None = None

    async def alive(self, _: web.Request) -> web.Response:
        """The event loop goes round."""
        return _told("song")

    async def ready(self, _: web.Request) -> web.Response:
        """Whether requests may be sent here."""
        well = not self._app.draining and await self._answers() and not self._app.draining
        return _told("san-sang") if well else _told("chua", 503)

    async def figures(self, request: web.Request) -> web.Response:
        """For Prometheus; to all others there is no such page."""
        if not self._may_see(request):
            raise web.HTTPNotFound
        body = await self._metrics.text()
        return web.Response(body=body, headers={"Content-Type": _TYPE, "Cache-Control": "no-store"})

    def _may_see(self, request: web.Request) -> bool:
        if self._token:
            shown = request.headers.get("Authorization", "").encode(errors="surrogateescape")
            return hmac.compare_digest(shown, f"Bearer {self._token}".encode())
        return here(request)

    async def _answers(self) -> bool:
        """The database, asked once for however many ask us."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._asked < _FRESH:
            return self._well
        if self._asking is None:
            self._asking = loop.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> bool:
        try:
            self._well = await asyncio.wait_for(self._app.database.run(_at_least_head), _PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
            log.warning("not ready: %s", type(error).__name__)
            self._well = False
        finally:
            self._asked = asyncio.get_running_loop().time()
            self._asking = None
        return self._well


def _at_least_head(work: Work) -> bool:
    """A newer one is well: migrations are made so that the release before goes on until it is restarted."""
    return str(work.connection.scalar(text("SELECT version_num FROM alembic_version"))) >= HEAD


def _told(word: str, status: int = 200) -> web.Response:
    return web.Response(text=f"{word}\n", status=status, headers={"Cache-Control": "no-store"})
