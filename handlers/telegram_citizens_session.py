"""The one connection pool of the citizens' bot: aiogram's session, more exact about what failed and how."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

import msgspec
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import SendDocument, SendMediaGroup, SendPhoto
from aiogram.methods.base import TelegramMethod
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    InvalidURL,
)
from yarl import URL

from conversations.messages import Refused, Uncertain

T = TypeVar("T")

DOWNLOAD: Final = 20 * 1024 * 1024  # bytes that the Bot API gives out of a file
_CONNECT: Final = 15.0  # seconds until somebody has to be there
_ANSWER: Final = 40.0  # seconds until Telegram has to have answered; within the lease of a row of the outbox
_UPLOAD: Final = 55.0
_FETCH: Final = 120.0
_FILES: Final = (SendPhoto, SendDocument, SendMediaGroup)
_JSON: Final = {"Content-Type": "application/json"}
_encode: Final = msgspec.json.encode


class _Taken(msgspec.Struct):
    """What Telegram says to a call."""

    ok: bool
    result: Any = None


_taken: Final = msgspec.json.Decoder(_Taken).decode


class Unsent(Exception):
    """Nobody was reached: Telegram has certainly not seen the call."""


class Session(AiohttpSession):
    """As aiogram's, but a call without an answer is Unsent or Uncertain, and calls without files are sent as JSON."""

    def __init__(self, api: str, proxy: str) -> None:
        known = proxy.replace("socks5h://", "socks5://").replace("socks4a://", "socks4://")  # names always go through
        super().__init__(
            proxy=known or None,
            api=TelegramAPIServer.from_base(api),
            json_loads=msgspec.json.decode,
            json_dumps=lambda value: _encode(value).decode(),
        )
        self._urls: dict[str, URL] = {}
        self._ended = False
        self._unsent: tuple[type[Exception], ...] = (ClientConnectorError, ConnectionTimeoutError, InvalidURL)
        if proxy:
            from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError  # noqa: PLC0415 - few need it

            self._unsent = (*self._unsent, ProxyConnectionError, ProxyError, ProxyTimeoutError)

    async def create_session(self) -> ClientSession:
        """Opened at the first call, and kept."""
        if self._ended:
            raise Unsent("ended")
        if self._session is None:
            connector = self._connector_type(**self._connector_init)
            self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar())
        return self._session

    async def close(self) -> None:
        """At once: since aiohttp itself waits for encrypted connections to end, aiogram's own wait has no use."""
        self._ended = True
        if self._session is not None:
            await self._session.close()

    async def make_request(self, bot: Bot, method: TelegramMethod[T], timeout: int | None = None) -> T:  # noqa: ASYNC109 - aiogram's
        """One call, once. Raises aiogram's own errors for what Telegram refused."""
        with_files = isinstance(method, _FILES)
        total = timeout or (_UPLOAD if with_files else _ANSWER)
        data: FormData | bytes = self.build_form_data(bot, method) if with_files else _body(method)
        url = self._url(bot, method.__api_method__)
        status, content = await self._post(url, data, ClientTimeout(total=total, connect=_CONNECT))
        return self._checked(bot, method, status, content)

    async def say(self, bot: Bot, kind: type[TelegramMethod[T]], body: dict[str, Any]) -> T:
        """The same for a call that is plain JSON both ways: a model is made only of what Telegram refused."""
        timeout = ClientTimeout(total=_ANSWER, connect=_CONNECT)
        status, content = await self._post(self._url(bot, kind.__api_method__), _encode(body), timeout)
        if status == HTTPStatus.OK:
            try:
                taken = _taken(content)
            except (msgspec.DecodeError, UnicodeDecodeError):
                pass
            else:
                if taken.ok:
                    return cast("T", taken.result)
        return self._checked(bot, kind.model_construct(**body), status, content)

    async def _post(self, url: URL, data: FormData | bytes, timeout: ClientTimeout) -> tuple[int, bytes]:  # noqa: ASYNC109 - aiohttp's
        session = await self.create_session()
        headers = _JSON if isinstance(data, bytes) else None
        with self._heard():
            async with session.post(
                url, data=data, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()

    def _checked(self, bot: Bot, method: TelegramMethod[T], status: int, content: bytes) -> T:
        try:
            answer = self.check_response(bot, method, status, content.decode(errors="replace"))
        except (ClientDecodeError, TypeError, AttributeError):  # the last two: aiogram expects a refusal to say why
            if 300 <= status < 500 or status == 503:
                raise Unsent(f"{status}, but not from Telegram") from None
            raise Uncertain(f"{status}, unreadable") from None  # the error's words hold the message
        return cast("T", answer.result)

    async def download(self, url: str) -> bytes:
        """The bytes of a file."""
        session = await self.create_session()
        data = bytearray()
        with self._heard():
            timeout = ClientTimeout(total=_FETCH, connect=_CONNECT)
            async with session.get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise Uncertain(f"{response.status}")
                async for part in response.content.iter_any():
                    data += part
                    if len(data) > DOWNLOAD:
                        raise Refused("too-large")
        return bytes(data)

    @contextmanager
    def _heard(self) -> Iterator[None]:
        """Tells what was not sent from what may have been. Their words hold addresses, with the token: only kinds."""
        try:
            yield
        except self._unsent as error:
            raise Unsent(type(error).__name__) from None
        except (ClientError, OSError, TimeoutError) as error:
            raise Uncertain(type(error).__name__) from None

    def _url(self, bot: Bot, name: str) -> URL:
        url = self._urls.get(name)
        if url is None:
            url = self._urls[name] = URL(self.api.api_url(bot.token, name))
        return url


def _body(method: TelegramMethod[Any]) -> bytes:
    """What was set of the method. What was not would only say that the bot has no defaults."""
    given = method.model_dump(exclude_unset=True, warnings=False)
    return _encode({key: value for key, value in given.items() if value is not None and not isinstance(value, Default)})
