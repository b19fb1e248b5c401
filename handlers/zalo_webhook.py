"""Zalo calls us: one road, answered with 200 as soon as what happened is durable; its turn is played afterwards."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, Protocol

from aiohttp import web

from handlers import zalo_signature
from handlers.pace import Buckets, Pace
from handlers.web_body import whole
from handlers.web_network import network
from handlers.zalo_events import Happening, Unknown, read

log = logging.getLogger(__name__)

PATH: Final = "/zalo"
SIGNATURE: Final = "X-ZEvent-Signature"
SERVER: Final = "X-ZEvent-Server"  # "ZNS" where it is about a template message
LIMIT: Final = 1024 * 1024  # bytes of one event
FRESH: Final = 86_400.0  # seconds; Zalo tries again for two hours at most
_ALLOWED: Final = "Đã cho phép. Chép cả địa chỉ của trang này vào cửa sổ lệnh đang chờ."
_WRONG: Final = Pace(30, 0.5)  # wrong signatures of one network address, before its calls are not read any more
_PATIENCE: Final = 1.8  # seconds, of the two that Zalo waits


class Taker(Protocol):
    """Where events go."""

    async def take(self, happening: Happening) -> None:
        """One event, durable when this returns; a repeat does nothing."""
        ...


class Road:
    """The road for one Official Account. Nobody but Zalo learns anything from its answers: they are always the same.

    `counted` says how often something was let go, and why: "signature" (unsigned, or signed with another key: also
    where our own settings are wrong, since Zalo would stop calling us after a few refusals), "flood" (by whoever did
    that often), "old", "large", "unknown".
    """

    def __init__(
        self,
        taker: Taker,
        *,
        app_id: str,
        oa: str,
        secret: str,
        oa_first: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.counted: Counter[str] = Counter()
        self._taker = taker
        self._app_id = app_id
        self._oa = oa
        self._secret = secret
        self._oa_first = oa_first
        self._clock = clock
        self._wrong = Buckets(_WRONG)

    def routes(self) -> list[web.RouteDef]:
        """POST, and what the developers' console asks to see whether somebody is there."""
        return [web.post(PATH, self.take), web.get(PATH, self.greet)]

    async def greet(self, request: web.Request) -> web.Response:
        """Nothing is done. An administrator who has just let the program in comes by here (bot/zalo_link.py)."""
        return web.Response(text=_ALLOWED if "code" in request.query else "")

    async def take(self, request: web.Request) -> web.Response:
        """200, also for what nobody can use. 503 where it could not be made durable in time: Zalo sends it again."""
        caller = network(request)
        if caller and not self._wrong.room(caller):
            return self._let_go("flood")  # unread: who has often signed wrongly is not Zalo
        raw = await whole(request, LIMIT)
        if raw is None:
            return self._let_go("large")
        if not self._signed(raw, request.headers.get(SIGNATURE)):
            self._wrong.take(caller)
            return self._let_go("signature")
        if abs(self._clock() - int(zalo_signature.timestamp(raw) or 0) / 1000) > FRESH:
            return self._let_go("old")
        body: Any = json.loads(raw)  # as the look at its moment has shown
        happening = read(body, self._oa, template=request.headers.get(SERVER, "").strip().upper() == "ZNS")
        if isinstance(happening, Unknown):
            log.info("Zalo tells of %.40r, which is nothing for us", happening.name)
            return self._let_go("unknown")
        taking = asyncio.ensure_future(self._taker.take(happening))
        try:
            await asyncio.wait_for(asyncio.shield(taking), _PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever it is, Zalo keeps the event and sends it again
            taking.add_done_callback(_forget)
            log.error("an event was not stored: %s", type(error).__name__)  # noqa: TRY400
            return web.Response(status=503)
        return web.Response()

    def _signed(self, raw: bytes, header: str | None) -> bool:
        if zalo_signature.signed(raw, header, self._app_id, self._secret):
            return True
        if self._oa_first and zalo_signature.signed(raw, header, self._oa, self._secret):
            self.counted["oa-first"] += 1
            return True
        return False

    def _let_go(self, why: str) -> web.Response:
        self.counted[why] += 1
        count = self.counted[why]
        if why != "unknown" and str(count).strip("0") == "1":  # the 1st, 10th, 100th: no flood of lines
            log.warning("%d Zalo events let go so far: %s", count, why)
        return web.Response()


def _forget(task: asyncio.Future[None]) -> None:
    """An error of what nobody waits for any more was logged already."""
    if not task.cancelled():
        task.exception()
