"""Failures on order: errors, cut connections, slow answers, garbage."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.telegram import fake_wire as wire
from tests.telegram.fake_model import Call, Refused

WORDS = {
    400: "Bad Request: ordered by the test",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
}


@dataclass(slots=True)
class Fault:
    """`after`: so many calls pass first. `done`: the call is carried out although an error is answered."""

    method: str
    times: int = 1
    after: int = 0
    chat: int | None = None
    status: int = 0
    description: str = ""
    retry_after: int = 0
    cut: str = ""
    slow: float = 0.0
    garbage: bool = False
    done: bool = False

    def meets(self, call: Call) -> bool:
        name = call.method.lower()
        if self.method != name and (self.method != "*" or name == "getupdates"):
            return False
        return self.chat is None or str(call.params.get("chat_id")) == str(self.chat)


@dataclass(slots=True)
class Faults:
    ordered: list[Fault] = field(default_factory=list)
    locked: dict[tuple[int, str], float] = field(default_factory=dict)  # until when a chat refuses after a 429

    def take(self, call: Call) -> Fault | None:
        """The fault that meets this call, used up by it."""
        for fault in self.ordered:
            if not fault.meets(call):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.ordered.remove(fault)
            return fault
        return None

    def check_lock(self, call: Call, now: float) -> None:
        """A chat that was told to wait refuses until the time is up."""
        key = (call.bot.id, str(call.params.get("chat_id")))
        left = self.locked.get(key, 0.0) - now
        if left > 0.001:
            raise too_many(left)

    async def act(
        self, fault: Fault, request: web.Request, call: Call, go: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """The call as the fault wants it; `go` carries it out."""
        answer: web.StreamResponse | None = None
        if fault.done or fault.cut == "after" or not (fault.cut or fault.status):
            answer = await go()
        if fault.slow:
            await asyncio.sleep(fault.slow)
        if fault.cut:
            call.status, call.description = -1, f"connection cut {fault.cut} doing it"
            return wire.cut(request)
        if fault.garbage:
            return web.Response(body=b'{"ok":tru', status=fault.status or 200, content_type=wire.JSON)
        if not fault.status:
            assert answer
            return answer
        call.status, call.description = fault.status, fault.description or WORDS.get(fault.status, "")
        if fault.status == 429:
            wait = fault.retry_after or 1
            self.locked[call.bot.id, str(call.params.get("chat_id"))] = call.at + wait
            refused = too_many(wait)
            call.description = refused.description
            return wire.error(refused)
        if fault.status > 500:
            return wire.page(fault.status, "Bad Gateway" if fault.status == 502 else "Service Unavailable")
        return wire.error(Refused(fault.status, call.description))


def too_many(wait: float) -> Refused:
    seconds = max(1, math.ceil(wait - 0.001))
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
