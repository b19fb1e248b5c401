"""The way of one call through the fake Bot API: checked, counted, carried out, written down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.telegram import fake_wire as wire
from tests.telegram.fake_ask import NOT_MODIFIED, Ask
from tests.telegram.fake_delivery import Mailbox
from tests.telegram.fake_faults import Faults, too_many
from tests.telegram.fake_limits import Limits, counts
from tests.telegram.fake_methods import METHODS
from tests.telegram.fake_model import Call, Json, Refused, bad
from tests.telegram.fake_schema import Method, schema
from tests.telegram.fake_webhook import webhook_of
from tests.telegram.fake_world import FakeBot, World


@dataclass(slots=True)
class Calls:
    """`strict`: the schema's checks; `second`: the libraries' as well."""

    world: World
    limits: Limits | None
    strict: bool
    second: bool
    mailboxes: dict[int, Mailbox] = field(default_factory=dict)
    tokens: dict[str, FakeBot] = field(default_factory=dict)
    made: list[Call] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    running: int = 0
    quiet_since: float = 0.0

    def warm_up(self) -> None:
        """All that takes seconds, before the first call waits for it."""
        schema()
        if self.second:
            from tests.telegram import fake_second  # noqa: F401, PLC0415 - both libraries, two seconds

    async def on_request(self, request: web.Request) -> web.StreamResponse:
        bot = self.tokens.get(request.match_info["token"])
        if bot is None:
            return wire.error(Refused(401, "Unauthorized"))
        call = Call(bot, request.match_info["method"], {}, self.world.now())
        if call.method.lower() == "getupdates":
            return await self._go(request, call)
        self._begin(call)
        try:
            return await self._go(request, call)
        except Exception as broken:
            self.complaints.append(f"the fake itself broke on {call.method}: {broken!r} ({str(call.params)[:300]})")
            raise
        finally:
            self._end(call)

    async def in_answer(self, bot: FakeBot, params: Json, parts: dict[str, wire.Upload]) -> None:
        """A call in the body of a webhook's answer: its result is never seen."""
        call = Call(bot, str(params.pop("method")), params, self.world.now())
        self._begin(call)
        known = schema().method(call.method)
        call.params = known.read(params) if known else params
        try:
            call.result = await self._do(call, parts)
            call.status = 200
        except Refused as refused:
            self._refused(call, refused)
        finally:
            self._end(call)

    async def on_file(self, request: web.Request) -> web.Response:
        bot = self.tokens.get(request.match_info["token"])
        if bot is None:
            return wire.error(Refused(401, "Unauthorized"))
        call = Call(bot, "file", {"path": request.match_info["path"]}, self.world.now())
        fault = self.faults.take(call)
        if fault and fault.cut:
            return wire.cut(request)
        if fault and fault.slow:
            await asyncio.sleep(fault.slow)
        if fault and fault.status:
            return wire.error(Refused(fault.status, fault.description or "ordered by the test"))
        try:
            file = self.world.files.open(bot.id, request.match_info["path"], self.world.now())
        except Refused as refused:
            return wire.error(refused)
        return web.Response(body=file.data, content_type="application/octet-stream")

    def _begin(self, call: Call) -> None:
        self.made.append(call)
        self.running += 1

    def _end(self, call: Call) -> None:
        call.ended = self.world.now()
        self.running -= 1
        self.quiet_since = asyncio.get_running_loop().time()

    def _refused(self, call: Call, refused: Refused) -> None:
        call.status, call.description = refused.status, refused.description
        if refused.blame:
            self.complaints.append(f"{call.method} by {call.bot}: {refused.description} ({str(call.params)[:300]})")

    async def _go(self, request: web.Request, call: Call) -> web.StreamResponse:
        try:
            text, parts = await wire.read(request)
        except Refused as refused:
            self._refused(call, refused)
            return wire.error(refused)
        known = schema().method(call.method)
        call.params = known.read(text) if known else text
        call.files = {name: part.data for name, part in parts.items()}
        fault = self.faults.take(call) if self.faults.ordered else None
        if fault is None:
            return await self._answer(call, parts)
        return await self.faults.act(fault, request, call, lambda: self._answer(call, parts))

    async def _answer(self, call: Call, parts: dict[str, wire.Upload]) -> web.StreamResponse:
        try:
            call.result = await self._do(call, parts)
        except Refused as refused:
            self._refused(call, refused)
            return wire.error(refused)
        call.status = 200
        if isinstance(call.result, _Updates):
            return wire.ok_raw(call.result)
        return wire.ok(call.result)

    async def _do(self, call: Call, parts: dict[str, wire.Upload]) -> Any:
        name = call.method.lower()
        known = schema().method(name)
        if known is None:
            raise Refused(404, "Not Found: method not found", blame=True)
        call.method = known.name
        self._check(known, call, parts)
        mailbox = self.mailboxes[call.bot.id]
        match name:
            case "getupdates":
                return await self._updates(mailbox, call.params)
            case "setwebhook" | "deletewebhook":
                return self._webhook(mailbox, call.params, on=name == "setwebhook")
            case "getwebhookinfo":
                return mailbox.info()
            case _:
                pass
        method = METHODS.get(name)
        if method is None:
            raise bad(f"fake: {known.name} is in the Bot API, but not in the fake", blame=True)
        ask = Ask(self.world, call.bot, call.params, parts)
        result = self._paced(call, ask, method) if counts(name) else method(ask)
        if self.second:
            from tests.telegram import fake_second  # noqa: PLC0415 - both libraries, two seconds

            self.complaints += [f"the fake's answer to {known.name}: {p}" for p in fake_second.on_answer(known, result)]
        return result

    def _check(self, known: Method, call: Call, parts: dict[str, wire.Upload]) -> None:
        if not self.strict:
            return
        problems = schema().problems(known, call.params, parts)
        if not problems and self.second:
            from tests.telegram import fake_second  # noqa: PLC0415 - both libraries, two seconds

            problems = fake_second.on_call(known, call.params, [p for p in parts if p in known.fields])
        if problems:
            raise bad("fake: " + "; ".join(problems), blame=True)

    def _paced(self, call: Call, ask: Ask, method: Callable[[Ask], Any]) -> Any:
        now = self.world.now()
        self.faults.check_lock(call, now)
        if self.limits is None:
            return method(ask)
        chat = call.params.get("chat_id")
        number = chat if isinstance(chat, int) else None
        many = len(call.params["media"]) if call.method == "sendMediaGroup" else 1
        wait = self.limits.wait(call.bot.id, number, now, many)
        if wait > 0:
            raise too_many(wait)
        try:
            result = method(ask)
        except Refused as refused:
            if NOT_MODIFIED in refused.description:
                self.limits.note(call.bot.id, number, now, many)
            raise
        self.limits.note(call.bot.id, number, now, many)
        return result

    async def _updates(self, mailbox: Mailbox, params: Json) -> Any:
        numbers = (params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))
        return _Updates(await mailbox.poller.get(*numbers, params.get("allowed_updates")))

    def _webhook(self, mailbox: Mailbox, params: Json, *, on: bool) -> bool:
        webhook = webhook_of(params if on else {})
        if params.get("drop_pending_updates"):
            mailbox.forget()
        mailbox.allow(params.get("allowed_updates"))
        mailbox.set_webhook(webhook)
        return True


class _Updates(list[bytes]):
    """The answer to getUpdates, JSON already."""
