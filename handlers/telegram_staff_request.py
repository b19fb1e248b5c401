"""How python-telegram-bot's calls reach Telegram: over aiohttp, telling apart what went out from what did not.

PTB brings httpx. With 64 calls under way and a Bot API that takes 50 ms, httpx costs 9 ms of CPU a call, most of it
looking through its pool of connections, and aiohttp 0.2 ms. httpx also tells one time-out from another by no more than
a chain of causes, while a message that may have been taken must not be sent again as if it had not.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
    TCPConnector,
)
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

_CONNECT: Final = 10.0  # seconds to reach Telegram, or to get a free connection
_READ: Final = 30.0  # seconds without a byte after all was sent: albums take it a while
_TOTAL: Final = 55.0  # seconds of a call; the outbox takes a row back after 60
_DOWNLOAD: Final = 300.0  # seconds for a file of 20 MB, with nobody who waits for it
_LARGEST: Final = 20 << 20  # bytes of an answer
_JSON: Final = msgspec.json.Decoder()
_UNREADABLE: Final = "no answer of the Bot API's"


class NotSent(NetworkError):
    """Telegram was not reached: it has not taken this call."""


class NoAnswer(NetworkError):
    """The call went out and nothing came back that tells whether it was taken."""


class Flooded(TelegramError):
    """429. PTB's own RetryAfter warns of its own deprecation each time it is made."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"flood limit: {seconds} s")
        self.seconds = seconds


class Request(BaseRequest):
    """A pool of connections of its own."""

    __slots__ = ("_connections", "_not_sent", "_proxy", "_session")

    def __init__(self, connections: int, proxy: str = "") -> None:
        self._connections = connections
        self._proxy = proxy
        self._session: ClientSession | None = None
        self._not_sent: tuple[type[Exception], ...] = (ClientConnectorError, ConnectionTimeoutError, InvalidURL)

    @property
    def read_timeout(self) -> float | None:
        """PTB adds this to the time that a long poll waits."""
        return _READ

    async def initialize(self) -> None:
        """Open the pool; again after a shutdown."""
        if self._session is None:
            self._session = ClientSession(
                connector=self._connector(),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close it; what is under way fails with NoAnswer."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    def _connector(self) -> TCPConnector:
        if not self._proxy:
            return TCPConnector(limit=self._connections)
        from aiohttp_socks import (  # noqa: PLC0415 - few need it
            ProxyConnectionError,
            ProxyConnector,
            ProxyError,
            ProxyTimeoutError,
        )

        self._not_sent = (*self._not_sent, ProxyConnectionError, ProxyError, ProxyTimeoutError)
        url = self._proxy.replace("socks5h://", "socks5://").replace("socks4a://", "socks4://")
        return ProxyConnector.from_url(url, rdns=True, limit=self._connections)  # names are blocked as well

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """One call; of PTB's time-outs only a long poll's counts."""
        if self._session is None:
            raise NotSent("not begun, or ended")
        read = read_timeout if isinstance(read_timeout, int | float) else _READ
        total = _DOWNLOAD if method == "GET" else max(_TOTAL, read + _CONNECT)
        timeout = ClientTimeout(total=total, connect=_CONNECT, sock_connect=_CONNECT, sock_read=read)
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                status, body = response.status, await _read_all(response)
        except self._not_sent as error:
            raise NotSent(type(error).__name__) from error
        except (ClientError, OSError, TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from error
        if status != 200:
            _check(status, body)
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """PTB's own writes what it can't read into the log, and takes anything that is JSON."""
        answer = _read(payload)
        if answer is None:
            raise NoAnswer(_UNREADABLE)
        return answer


async def _read_all(response: ClientResponse) -> bytes:
    """No more than the Bot API gives out, whatever it said of the file's size."""
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > _LARGEST:
            raise BadRequest("file is too big")
    return bytes(body)


def _body(data: RequestData | None) -> FormData | dict[str, str] | None:
    if data is None:
        return None
    words = data.json_parameters
    if not data.contains_files:
        return words or None
    form = FormData(quote_fields=False)  # else Telegram shows "h%E1%BB%93…" as the name of a file
    for name, value in words.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form


def _check(status: int, body: bytes) -> None:
    """Raise where PTB would tell too little; what is left to it are the Bot API's own errors."""
    answer = _read(body)
    if status == 429:
        raise Flooded(_seconds(answer))
    if status == 413:
        raise BadRequest("Request Entity Too Large")
    if status in (502, 504) or (answer is None and not 300 <= status < 500):
        raise NoAnswer(f"{status}")  # by something before the Bot API, which may have taken it
    if answer is None:
        raise NotSent(f"{status}")  # a proxy's page, or another server's


def _read(body: bytes) -> dict[str, Any] | None:
    """None where the Bot API can't have written it."""
    try:
        answer = _JSON.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    return answer if isinstance(answer, dict) and ("ok" in answer) else None


def _seconds(answer: dict[str, Any] | None) -> float:
    parameters = answer.get("parameters") if answer else None
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, int | float) else 5.0
