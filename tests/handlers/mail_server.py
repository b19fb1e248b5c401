"""A mail server of our own, on this machine: takes mails, refuses them as told, or breaks the line."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "motcua@example.vn", "mật khẩu @ :/"


@dataclass
class Taken:
    """One mail as the server got it."""

    sender: str
    to: list[str]
    mail: EmailMessage
    encrypted: bool
    user: str


@dataclass
class MailServer:
    """`answers` are given in turn for a command ("MAIL", "RCPT", "DATA"), then everything is taken."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    cut: bool = False  # the line breaks when a mail has been taken, before the server says so
    logins: int = 0

    def refuses(self, command: str, *answers: str) -> None:
        self.answers.setdefault(command, []).extend(answers)

    def last(self) -> EmailMessage:  # no property: aiosmtpd reads whatever a handler has
        return self.taken[-1].mail

    # what aiosmtpd calls ----------------------------------------------------------------------------------------------

    async def handle_MAIL(  # noqa: N802 - its name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer("MAIL")
        if answer == "250 OK":
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self._answer("RCPT")
        if answer == "250 OK":
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self._answer("DATA")
        if answer == "250 OK":
            assert isinstance(envelope.content, bytes)
            assert envelope.content.isascii(), "the server did not say that it takes eight bits"
            assert max(map(len, envelope.content.split(b"\r\n"))) <= 998
            mail = message_from_bytes(envelope.content, policy=default)
            assert envelope.mail_from is not None
            user = USER if session.authenticated else ""
            assert server.transport is not None
            encrypted = session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None
            self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), mail, encrypted, user))
            if self.cut:
                cast("asyncio.Transport", server.transport).abort()
        return answer

    def login(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        self.logins += 1
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, auth_data=USER.encode() if right else None, handled=False)

    def _answer(self, command: str) -> str:
        waiting = self.answers.get(command)
        return waiting.pop(0) if waiting else "250 OK"


@asynccontextmanager
async def mail_server(*, tls: str = "", login: bool = False) -> AsyncIterator[MailServer]:
    """`tls`: "starttls" is offered and asked for, "at-once", or none."""
    server = MailServer()
    context = certified()[0] if tls else None

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a login over an open line is unwise is what is tested
            return made()

    def made() -> SMTP:
        return SMTP(
            server,
            hostname="thu.example.vn",
            enable_SMTPUTF8=False,
            decode_data=False,
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            authenticator=server.login if login else None,
            auth_required=login,
            auth_require_tls=bool(tls) and tls != "at-once",
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if tls == "at-once" else None)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await listening.wait_closed()


@cache
def certified() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side and a client's that trusts it, for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    day = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(day)
        .not_valid_after(day.replace(year=2120))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        both = Path(folder) / "both.pem"
        both.write_bytes(pem + secret)
        ours.load_cert_chain(both)
    theirs = ssl.create_default_context(cadata=pem.decode())
    return ours, theirs
