"""Short messages out, through an HTTP gateway. What may have been taken is never handed in again."""

from __future__ import annotations

import hashlib
import logging
from typing import Final

import httpx
import msgspec

from conversations.messages import Message, MessageGone, Sent, TryLater, Uncertain, Undeliverable
from handlers.sms_gateways import MENDED, Gateway

log = logging.getLogger(__name__)

CHANNEL: Final = "sms"
ID: Final = "id"  # of Message.facts: what a gateway may know a message again by
_PATIENCE: Final = httpx.Timeout(connect=10.0, read=30.0, write=15.0, pool=30.0)
_NOT_OUT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class SmsSender:
    """What bot/way.py asks of a sender. The message's text is what is sent, already short."""

    channels: Final = (CHANNEL,)

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._client = httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=False)

    async def send(self, address: str, message: Message) -> Sent:
        """One POST. Raises Uncertain from the moment on at which it may have been read."""
        if not address.startswith("+84"):  # gateways take numbers of this country
            raise Undeliverable("gone")
        reference = _reference(address, message)
        call = self._gateway.call(address, message.text, reference)
        try:
            answer = await self._client.post(
                call.url,
                content=msgspec.json.encode(call.body),
                headers={"Content-Type": "application/json; charset=utf-8", **call.headers},
            )
        except _NOT_OUT:
            raise
        except httpx.HTTPError as error:
            raise Uncertain(type(error).__name__) from None
        try:
            return self._gateway.taken(answer.status_code, answer.content, reference)
        except TryLater as error:
            if error.seconds == MENDED:
                log.error("the SMS gateway %s does not serve us: check key, balance and addresses", self._gateway.name)  # noqa: TRY400
            raise

    async def edit(self, address: str, message_id: str, message: Message) -> None:  # noqa: ARG002 - as the protocol has it
        """A short message that has gone stays as it is."""
        raise MessageGone

    async def close(self) -> None:
        await self._client.aclose()


def _reference(address: str, message: Message) -> str:
    known = message.facts.get(ID, "") or msgspec.json.encode(message).decode()
    return hashlib.sha256(f"sms {address} {known}".encode()).hexdigest()[:32]
