"""A payment gateway calls us: `/payments/<gateway>`. Answered with 200 only when what it told is durable."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from aiohttp import web

from handlers.payment import Gateway, Taker, Unreadable, Unsigned
from handlers.payment_sepay import SePay
from handlers.web_body import whole

log = logging.getLogger(__name__)

GATEWAYS: Final[dict[str, Callable[[str], Gateway]]] = {SePay.name: SePay}  # by name, each made with its secret
LIMIT: Final = 32 * 1024  # bytes; what a bank tells of one transfer is under two


def route(gateway: Gateway, taker: Taker) -> web.RouteDef:
    """The road for one gateway."""
    return web.post(f"/payments/{gateway.name}", _Road(gateway, taker).take)


class _Road:
    def __init__(self, gateway: Gateway, taker: Taker) -> None:
        self._gateway = gateway
        self._taker = taker

    async def take(self, request: web.Request) -> web.Response:
        """Whatever goes wrong on our side is answered with 500, so that it is told again."""
        body = await whole(request, LIMIT)
        if body is None:
            return _answer(413, told=False)
        try:
            credits_ = self._gateway.credits(request.headers, body)
        except Unsigned:
            return _answer(401, told=False)
        except Unreadable:
            log.warning("%s told of something in %d bytes that nobody can read", self._gateway.name, len(body))
            return _answer(400, told=False)
        try:
            for credit in credits_:
                await self._taker.take(credit)
        except Exception as error:  # noqa: BLE001 - whatever it is, the gateway tells it again
            log.error("%s: a credit was not stored: %s", self._gateway.name, type(error).__name__)  # noqa: TRY400
            return _answer(500, told=False)
        return _answer(200, told=True)


def _answer(status: int, *, told: bool) -> web.Response:
    return web.json_response({"success": told}, status=status)
