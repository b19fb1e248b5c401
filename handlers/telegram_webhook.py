"""Telegram calls us: one road a bot on the one HTTP server; answered with 200 only when the update is durable."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections import Counter
from typing import Final, Protocol

import msgspec
from aiohttp import web

from handlers.telegram_poll import Raw
from handlers.web_body import whole

log = logging.getLogger(__name__)

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_LIMIT: Final = 1024 * 1024  # bytes of one update; a full text that answers another full text is under 100 KB
_TRIES: Final = 3  # how often a body that nobody can read is refused before it is let go
_REMEMBERED: Final = 100  # such bodies


class Taker(Protocol):
    """Where updates go."""

    async def take(self, raw: Raw) -> None:
        """One update, durable when this returns."""
        ...


def route(path: str, bot: Taker, secret: str) -> web.RouteDef:
    """The road for one bot; `secret` is what was given to setWebhook."""
    if not secret:
        raise ValueError("a webhook without a secret takes updates from anybody")
    return web.post(path, _Road(bot, secret).take)


class _Road:
    def __init__(self, bot: Taker, secret: str) -> None:
        self._bot = bot
        self._secret = secret.encode()
        self._unreadable: Counter[bytes] = Counter()

    async def take(self, request: web.Request) -> web.Response:
        """Updates of different chats arrive at the same time; those of one chat Telegram sends one by one."""
        shown = request.headers.get(HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return web.Response(status=401)  # without a look at the body
        body = await whole(request, _LIMIT)
        if body is None:
            return web.Response(status=413)
        raw = _read(body)
        if raw is None:
            return self._refuse(body)
        try:
            await self._bot.take(raw)
        except Exception as error:  # noqa: BLE001 - whatever it is, Telegram keeps the update and sends it again
            log.error("update %s not stored: %s", raw.get("update_id"), type(error).__name__)  # noqa: TRY400
            return web.Response(status=500)
        return web.Response()

    def _refuse(self, body: bytes) -> web.Response:
        """A body may have broken on its way. One that comes again unchanged would come for a day: it is let go."""
        if len(self._unreadable) >= _REMEMBERED:
            self._unreadable.clear()
        key = hashlib.sha256(body).digest()
        self._unreadable[key] += 1
        if self._unreadable[key] < _TRIES:
            return web.Response(status=400)
        log.error("an update of %d bytes is not readable and was let go", len(body))
        return web.Response()


def _read(body: bytes) -> Raw | None:
    """None when it is no JSON object."""
    raw: object
    try:
        raw = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        try:
            raw = json.loads(body)  # takes more, such as half a surrogate pair
        except (ValueError, RecursionError):
            return None
    return raw if isinstance(raw, dict) else None
