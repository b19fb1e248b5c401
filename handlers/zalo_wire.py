"""Calls to Zalo over one pool of connections: once each, the body read first, and what failed told exactly."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Final

import httpx
import msgspec
from msgspec import Struct

from conversations.messages import TryLater, Uncertain
from handlers.zalo_errors import Fault, Kind, fault

_TIMES: Final = httpx.Timeout(15.0, connect=5.0)  # seconds; together within the lease of a row of the outbox
_CONNECTIONS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20)
_PROOF: Final = (-242, -1241)  # the token's proof is missing: of the account, and of templates
_BUSY: Final = 429
_NOT_THERE: Final = 503  # what a gateway says where nobody took the call
# Of these it is known that nothing of the call has left us.
UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)

Json = dict[str, Any]


class Unsent(Exception):
    """Nobody was reached: Zalo has certainly not seen the call."""


class Envelope(Struct, frozen=True):
    """What is around every answer. `error` comes as a number, in some answers as its digits."""

    error: int | str = 0
    data: Any = None

    @property
    def code(self) -> int:
        """0 is well."""
        return int(self.error)


def proof(secret: str, token: str) -> str:
    """That whoever shows a token knows the app's secret, too."""
    return hmac.digest(secret.encode(), token.encode(), "sha256").hex()


class Wire:
    """Tries nothing twice; follows no redirect, for the token goes along."""

    def __init__(self, base: str, table: Mapping[int, Kind], secret: str = "") -> None:
        self._table = table
        self._secret = secret  # the app's; with it a token is shown to be ours, where the app wants that
        self._proves = False
        self._client = httpx.AsyncClient(
            base_url=base.rstrip("/"), timeout=_TIMES, limits=_CONNECTIONS, follow_redirects=False
        )

    async def get(self, path: str, token: str, data: Json | None = None) -> Any:
        """What an answer holds as `data`; raises as `_answer`."""
        asked = {"data": msgspec.json.encode(data).decode()} if data is not None else {}
        return await self._answer("GET", path, token, params=asked)

    async def post(self, path: str, token: str, body: Json) -> Any:
        """The same for a call with a JSON body."""
        return await self._answer("POST", path, token, content=msgspec.json.encode(body), json=True)

    async def upload(self, path: str, token: str, name: str, data: bytes, media_type: str) -> Any:
        """The same for a file, in the one field that Zalo reads."""
        return await self._answer("POST", path, token, files={"file": (name, data, media_type)})

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _answer(self, method: str, path: str, token: str, **call: Any) -> Any:
        """One call. Raises Fault for what Zalo refused, Unsent where nobody was reached, Uncertain for silence.

        An app may be set to want a proof with each token, which is found out by its saying so.
        """
        try:
            return await self._once(method, path, token, **call)
        except Fault as fault:
            if self._proves or not self._secret or fault.code not in _PROOF:
                raise
        self._proves = True
        return await self._once(method, path, token, **call)

    async def _once(self, method: str, path: str, token: str, *, json: bool = False, **call: Any) -> Any:
        headers = {"access_token": token, **({"Content-Type": "application/json"} if json else {})}
        if self._proves:
            headers["appsecret_proof"] = proof(self._secret, token)
        try:
            response = await self._client.request(method, path, headers=headers, **call)
        except UNSENT as error:
            raise Unsent(type(error).__name__) from None
        except httpx.HTTPError as error:  # their words hold addresses, and those may hold what was asked
            raise Uncertain(type(error).__name__) from None
        return self._opened(response)

    def _opened(self, response: httpx.Response) -> Any:
        """Errors arrive under any status, mostly 200: only what is no envelope is judged by its status."""
        try:
            envelope = msgspec.json.decode(response.content, type=Envelope)
            code = envelope.code
        except (msgspec.DecodeError, ValueError):
            raise self._no_envelope(response.status_code) from None
        if code:
            raise fault(code, self._table)
        if response.status_code >= 400:
            raise self._no_envelope(response.status_code)
        return envelope.data

    @staticmethod
    def _no_envelope(status: int) -> Exception:
        if status == _BUSY:
            return TryLater(5.0)
        if 300 <= status < 500 or status == _NOT_THERE:
            return Unsent(f"{status}, but not from Zalo")
        return Uncertain(f"{status}, unreadable")
