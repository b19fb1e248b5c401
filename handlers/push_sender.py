"""Notifications for closed pages: encrypted for their browser (RFC 8291), signed with our key (RFC 8292).

The push service in between, Google's, Mozilla's or Apple's, learns that there is something, and nothing else.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final, Protocol

import aiohttp
import msgspec
from aiohttp import ClientSession, ClientTimeout, TCPConnector

from conversations.messages import Message, MessageGone, Refused, Sent, TryLater, Uncertain, Undeliverable
from handlers.push_guard import NotPublic, PublicOnly, checked
from handlers.push_types import Claims, Subscription

CHANNEL: Final = "push"
KEPT: Final = 24 * 3600  # seconds for which a service keeps what a browser that is off has not fetched
_SIGNED: Final = 12 * 3600  # seconds for which a signature is good: RFC 8292 allows a day
_TIMEOUT: Final = ClientTimeout(total=30, sock_connect=10)
_TAKEN: Final = frozenset({200, 201, 202, 204})
_GONE: Final = frozenset({404, 410})
_WAIT: Final = 60.0  # seconds, where a service does not say
_LONGEST_WAIT: Final = 3600.0
_BEGINS_FAILING: Final = 500


class Door(Protocol):
    """What the sender needs from the rest of the program."""

    async def secret(self) -> bytes:
        """Our own key's private number."""
        ...

    async def subscription(self, address: str) -> Subscription | None: ...
    async def gone(self, address: str) -> None:
        """Its service does not know it any more."""


class PushSender:
    """What bot/way.py asks of a sender. An address is a subscription's id."""

    channels: Final = (CHANNEL,)

    def __init__(
        self,
        door: Door,
        contact: str,
        *,
        connector: Callable[[], TCPConnector] | None = None,
        origin: Callable[[str], str] = checked,
    ) -> None:
        """`contact`: whom a push service may write to about us (mailto: or https:). The rest is for tests."""
        self._door = door
        self._contact = contact
        self._connector = connector or (lambda: TCPConnector(resolver=PublicOnly(), limit=20))
        self._origin = origin
        self._secret = b""
        self._session: ClientSession | None = None

    async def send(self, address: str, message: Message) -> Sent:
        """One notification. What the service still keeps of the same matter is replaced by it."""
        found = await self._door.subscription(address)
        if found is None:
            raise Undeliverable("gone")
        self._secret = self._secret or await self._door.secret()
        try:
            claims = Claims(self._origin(found.endpoint), int(time.time()) + _SIGNED, self._contact)
            packed, signed = await asyncio.to_thread(_packed, found, _payload(message), claims, self._secret)
        except (ValueError, NotPublic):  # nothing that we may call, or keys that are none
            await self._door.gone(address)
            raise Undeliverable("gone") from None
        headers = _about(message) | signed
        status, wait = await self._post(found.endpoint, packed, headers)
        if status in _GONE:
            await self._door.gone(address)
            raise Undeliverable("gone")
        if status == 429 or status >= _BEGINS_FAILING:
            raise TryLater(wait)
        if status not in _TAKEN:
            raise Refused(f"push service: {status}")
        return Sent("")

    async def edit(self, address: str, message_id: str, message: Message) -> None:  # noqa: ARG002 - as the protocol has it
        """What is on a screen stays as it is."""
        raise MessageGone

    async def close(self) -> None:
        """End the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, endpoint: str, packed: bytes, headers: dict[str, str]) -> tuple[int, float]:
        """The status, and the seconds to wait. Redirects are not followed: they could lead anywhere."""
        if self._session is None:
            self._session = ClientSession(connector=self._connector(), timeout=_TIMEOUT)
        try:
            async with self._session.post(endpoint, data=packed, headers=headers, allow_redirects=False) as answer:
                return answer.status, _wait(answer.headers.get("Retry-After"))
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, NotPublic):
                raise Refused("not a public address") from None
            raise
        except (TimeoutError, aiohttp.ServerDisconnectedError):
            raise Uncertain("no answer") from None


def _packed(to: Subscription, payload: bytes, claims: Claims, secret: bytes) -> tuple[bytes, dict[str, str]]:
    """Beside the event loop: the libraries take their time to load, and the curve to reckon."""
    from handlers import push_sealed  # noqa: PLC0415 - only where somebody is told

    return push_sealed.packed(to, payload), push_sealed.signed(claims, secret)


def _about(message: Message) -> dict[str, str]:
    topic = hashlib.sha256(_tag(message).encode()).digest()
    return {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT),
        "Urgency": "normal",
        "Topic": base64.urlsafe_b64encode(topic)[:32].decode(),
    }


def _payload(message: Message) -> bytes:
    """As sw.js reads it."""
    return msgspec.json.encode({"title": message.speaker, "body": message.text, "tag": _tag(message)})


def _tag(message: Message) -> str:
    return message.facts.get("tag", "")


def _wait(said: str | None) -> float:
    """Seconds, or a moment (RFC 9110, section 10.2.3)."""
    if not said:
        return _WAIT
    try:
        seconds = float(said) if said.isdecimal() else parsedate_to_datetime(said).timestamp() - time.time()
    except (ValueError, TypeError):
        return _WAIT
    return min(max(seconds, 1.0), _LONGEST_WAIT)
