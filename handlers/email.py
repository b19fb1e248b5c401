"""Mails out, through one SMTP server. A connection a mail: a commune sends a few dozen a day."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)
from msgspec import Struct

from conversations.messages import Message, MessageGone, Sent, Uncertain
from handlers.email_errors import about_message, about_recipient, about_us
from handlers.email_mail import Mailbox, identity, mail

log = logging.getLogger(__name__)

CHANNEL: Final = "email"
Load = Callable[[str], Awaitable[bytes]]  # the bytes of a file by its ref

_AT_ONCE: Final = 3  # connections; servers count them
_PATIENCE: Final = 30.0  # seconds for each answer
_TAKING: Final = 50.0  # seconds for the answer after the mail itself, while a server may look for viruses
_GOODBYE: Final = 5.0
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS: Final = {"smtp": 587, "smtps": 465}


class BadServer(ValueError):
    """A setting that names no mail server."""


class Server(Struct, frozen=True):
    """Where mails are handed in. `secret`: the line must be encrypted, for a password goes over it."""

    host: str
    port: int
    tls: bool  # from the first byte; else STARTTLS
    user: str = ""
    password: str = ""

    @property
    def secret(self) -> bool:
        return bool(self.user) and self.host not in _HERE


def server(url: str) -> Server:
    """smtp://user:password@host:587 (STARTTLS) or smtps://… (TLS at once); raises BadServer, without the password."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise BadServer from None
    if not parts.hostname:
        raise BadServer
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, port, parts.scheme == "smtps", user, password)


class SmtpSender:
    """What bot/way.py asks of a sender."""

    channels: Final = (CHANNEL,)

    def __init__(self, at: Server, sender: Mailbox, load: Load, *, context: ssl.SSLContext | None = None) -> None:
        self._server = at
        self._sender = sender
        self._load = load
        self._context = context
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def send(self, address: str, message: Message) -> Sent:
        """One mail. After Uncertain the same message is the same mail again, by its Message-ID."""
        files = [(file, await self._load(file.ref)) for file in message.files]
        made = mail(self._sender, address, message, files, datetime.now(UTC))
        async with self._gate:
            await self._hand_in(address, made.as_bytes())
        return Sent(identity(address, message))

    async def edit(self, address: str, message_id: str, message: Message) -> None:  # noqa: ARG002 - as the protocol has it
        """A mail that has gone stays as it is."""
        raise MessageGone

    async def hello(self) -> None:
        """Whether the server takes us, without a mail: raises what `send` would."""
        client = self._client()
        try:
            await self._open(client)
            with contextlib.suppress(Exception):
                await client.quit(timeout=_GOODBYE)
        finally:
            client.close()

    @property
    def place(self) -> str:
        """The server, without a password."""
        return f"{self._server.host}:{self._server.port}"

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _hand_in(self, address: str, body: bytes) -> None:
        client = self._client()
        try:
            await self._open(client)
            await self._envelope(client, address)
            await self._body(client, body)
            with contextlib.suppress(Exception):  # whatever it says good-bye with: the mail has been taken
                await client.quit(timeout=_GOODBYE)
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        at = self._server
        upgrade = None if not (at.tls or at.secret) else not at.tls  # None: where the server offers it
        return aiosmtplib.SMTP(
            hostname=at.host,
            port=at.port,
            use_tls=at.tls,
            start_tls=False if at.tls else upgrade,
            username=at.user or None,
            password=at.password or None,
            local_hostname=self._sender.domain,
            timeout=_PATIENCE,
            tls_context=self._context,
        )

    async def _open(self, client: aiosmtplib.SMTP) -> None:
        """Raises TryLater where the server will not have us; what is wrong with the line is tried again."""
        try:
            await client.connect()
        except SMTPResponseException as error:
            log.error("the mail server %s refuses us with %d", self._server.host, error.code)  # noqa: TRY400
            raise about_us(error.code) from None
        except SMTPServerDisconnected:
            raise
        except SMTPTimeoutError:
            raise
        except SMTPException as error:
            if isinstance(error, ConnectionError):
                raise
            log.error("the mail server %s offers no %s", self._server.host, "STARTTLS or login")  # noqa: TRY400
            raise about_us(0) from None

    async def _envelope(self, client: aiosmtplib.SMTP, address: str) -> None:
        try:
            await client.mail(self._sender.address)
            await client.rcpt(address)
        except SMTPSenderRefused as error:
            log.error("the mail server %s takes no mail from us: %d", self._server.host, error.code)  # noqa: TRY400
            raise about_us(error.code) from None
        except SMTPRecipientRefused as error:
            raise about_recipient(error.code, error.message) from None

    async def _body(self, client: aiosmtplib.SMTP, body: bytes) -> None:
        """From here on a line that breaks may break after the mail was taken."""
        try:
            await client.data(body, timeout=_TAKING)
        except SMTPDataError as error:
            raise about_message(error.code, error.message) from None
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
            raise Uncertain(type(error).__name__) from None
