"""One message as one mail: headers, both forms of the words, and what is attached."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

import msgspec
from msgspec import Struct

from conversations.messages import File, Message, Undeliverable
from handlers.email_page import ID, STOP, SUBJECT, html, text

_PLAIN: Final = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f-\uffff]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONGEST: Final = 150  # letters of a subject line
_NAMELESS: Final = "tep"


class BadAddress(ValueError):
    """A setting that names no mailbox."""


class Mailbox(Struct, frozen=True):
    """Whose name a mail bears, and where answers to it go."""

    name: str
    address: str
    reply_to: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def mailbox(mail_from: str, reply_to: str = "") -> Mailbox:
    """From settings: `motcua@xa.gov.vn`, or `Một cửa xã Sơn Tiên <motcua@xa.gov.vn>`; raises BadAddress."""
    name, address = parseaddr(mail_from)
    _, answers = parseaddr(reply_to)
    for given, found in ((mail_from, address), (reply_to, answers)):
        if given and not _PLAIN.fullmatch(found):
            raise BadAddress(given)
    return Mailbox(one_line(name), address, answers)


def mail(
    sender: Mailbox, address: str, message: Message, files: Sequence[tuple[File, bytes]], at: datetime
) -> EmailMessage:
    """Raises Undeliverable where `address` is none that a mail can be sent to."""
    if not _PLAIN.fullmatch(address):
        raise Undeliverable("gone")
    made = EmailMessage(policy=SMTP.clone(max_line_length=78))
    made["From"] = _header(sender.name, sender.address)
    made["To"] = Address(addr_spec=address)
    made["Subject"] = one_line(message.facts.get(SUBJECT, "") or sender.name)[:_LONGEST]
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{identity(address, message)}@{sender.domain}>"
    if sender.reply_to:
        made["Reply-To"] = Address(addr_spec=sender.reply_to)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
    made["X-Auto-Response-Suppress"] = "All"
    stop = one_line(message.facts.get(STOP, ""))
    if stop:
        made["List-Unsubscribe"] = f"<{stop}>"
        if stop.startswith("https://"):
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    made.set_content(text(message), cte="quoted-printable")
    made.add_alternative(html(message), subtype="html", cte="quoted-printable")
    for file, data in files:
        kind, _, of = file.media_type.partition("/")
        made.add_attachment(data, maintype=kind or "application", subtype=of or "octet-stream", filename=_name(file))
    return made


def identity(address: str, message: Message) -> str:
    """What stays the same when a mail is sent again, and differs for every other mail."""
    known = message.facts.get(ID, "")
    body = known.encode() if known else address.encode() + b"\0" + msgspec.json.encode(message)
    return hashlib.sha256(b"mail " + body).hexdigest()[:32]


def one_line(words: str) -> str:
    """Without line breaks and controls, with which a header would end and another begin."""
    return " ".join(_CONTROLS.sub(" ", words).split())


def _header(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)


def _name(file: File) -> str:
    return one_line(file.name).replace("/", "-").replace("\\", "-")[:100] or _NAMELESS
