"""The Official Account's calls: a token that is renewed once, the endpoint that takes this account's messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any, ClassVar, Final, TypeVar

from msgspec import Struct

from conversations.messages import TryLater, Uncertain
from handlers.zalo_door import Pass
from handlers.zalo_errors import OA, Fault, Kind, outcome
from handlers.zalo_wire import Json, Unsent, Wire

log = logging.getLogger(__name__)

T = TypeVar("T")

_MESSAGES: Final[Mapping[str, str]] = {"v3": "/v3.0/oa/message/cs", "v2": "/v2.0/oa/message"}
_FALL: Final = {"v3": (Kind.NOT_V3, "v2"), "v2": (Kind.NOT_V2, "v3")}
_AGAIN: Final = 1.0  # seconds before a message that failed at Zalo's is given there once more
_HUMAN: Final = (Kind.HUMAN, Kind.TOKEN)  # a token that was renewed just now and is not taken, too


class Who(Struct, frozen=True):
    """What Zalo tells of a person; a shared number is what they say it is, not proven."""

    name: str = ""
    phone: str = ""


class Calls:
    """What the account and the templates have in common: a token that goes along, and one wait for all."""

    where: ClassVar[str] = "api"

    def __init__(self, passes: Pass, wire: Wire) -> None:
        self.passes = passes
        self.wire = wire
        self._too_fast = 0  # times in a row
        self._closed_until = 0.0  # monotonic; the limit is the app's, so nobody's call goes

    async def call(self, ask: Callable[[str], Awaitable[T]]) -> T:
        """One call, and one more with another token where the first was worn out. Raises Fault, as `Wire`, TryLater."""
        wait = self._closed_until - monotonic()
        if wait > 0:
            raise TryLater(wait)
        token = await self.passes.access()
        try:
            try:
                answer = await ask(token)
            except Fault as fault:
                if fault.kind is not Kind.TOKEN:
                    raise
                answer = await ask(await self.passes.renewed(token))
        except Fault as fault:
            await self._heed(fault)
            raise
        self._too_fast = 0
        return answer

    def told(self, fault: Fault) -> Exception:
        """The fault in the words of conversations/messages.py."""
        return outcome(fault, datetime.now(UTC), too_fast=max(0, self._too_fast - 1))

    async def _heed(self, fault: Fault) -> None:
        if fault.kind is Kind.RATE:
            self._too_fast += 1
            again = self.told(fault)
            assert isinstance(again, TryLater)
            self._closed_until = monotonic() + again.seconds
        elif fault.kind in _HUMAN:
            await self.passes.trouble(self.where, fault.code)


class Client(Calls):
    """One Official Account."""

    def __init__(self, passes: Pass, base: str, secret: str = "") -> None:
        super().__init__(passes, Wire(base, OA, secret))

    async def message(self, body: Json) -> str:
        """Send; gives Zalo's id of the message. Raises Fault and what `Wire` raises.

        v3 first. Accounts of state agencies are told -235 there and served by v2, others -240 the other way round:
        only these two codes, which say that nothing was sent, lead to the other endpoint. What worked is remembered.
        """
        choices = await self.passes.choices()
        try:
            return await self._twice(choices.send_api, body)
        except Fault as fault:
            kind, other = _FALL[choices.send_api]
            if fault.kind is not kind or choices.fixed:
                if fault.kind in (Kind.NOT_V3, Kind.NOT_V2):
                    await self.passes.trouble(self.where, fault.code)
                raise
        try:
            sent = await self._twice(other, body)
        except Fault as fault:
            if fault.kind in (Kind.NOT_V3, Kind.NOT_V2):
                await self.passes.trouble(self.where, fault.code)
            raise
        await self.passes.remember(send_api=other)
        return sent

    async def _twice(self, api: str, body: Json) -> str:
        """Where it failed for no reason that Zalo gives, once more."""
        try:
            return await self._message(api, body)
        except Fault as fault:
            if fault.kind is not Kind.FAILED:
                raise
        await asyncio.sleep(_AGAIN)
        return await self._message(api, body)

    async def _message(self, api: str, body: Json) -> str:
        data = await self.call(lambda token: self.wire.post(_MESSAGES[api], token, body))
        await self.passes.trouble(self.where, 0)
        return str(_mapping(data).get("message_id", ""))

    async def upload(self, what: str, name: str, data: bytes, media_type: str) -> str:
        """`what` is image or file; gives the id under which it can be sent for a week."""
        try:
            answer = await self.call(
                lambda token: self.wire.upload(f"/v2.0/oa/upload/{what}", token, name, data, media_type)
            )
        except Uncertain as error:  # nobody was told anything: it may be done again
            raise Unsent(str(error)) from None
        found = _mapping(answer)
        return str(found.get("attachment_id") or found.get("token") or "")

    async def person(self, user: str) -> Who:
        """Name and shared number; empty where Zalo does not tell: nothing depends on it."""
        asked = {"user_id": user}
        try:
            try:
                found = await self.call(lambda token: self.wire.get("/v3.0/oa/user/detail", token, asked))
            except Fault as fault:
                if fault.kind is not Kind.NOT_V3:
                    raise
                found = await self.call(lambda token: self.wire.get("/v2.0/oa/getprofile", token, asked))
        except Exception as error:  # noqa: BLE001 - as said
            log.info("no profile of a Zalo user: %s", type(error).__name__)
            return Who()
        told = _mapping(found)
        shared = _mapping(told.get("shared_info"))
        return Who(str(told.get("display_name") or ""), str(shared.get("phone") or ""))

    async def account(self) -> Mapping[str, Any]:
        """What Zalo tells of the account itself; has no effect."""
        return _mapping(await self.call(lambda token: self.wire.get("/v2.0/oa/getoa", token)))

    async def close(self) -> None:
        await self.wire.close()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
