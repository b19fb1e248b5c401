"""What adding and removing an e-mail address causes beyond words."""

from __future__ import annotations

from msgspec import Struct


class AskMailCode(Struct, frozen=True, tag=True):
    """Send a mail with a code and a link to this address."""

    address: str


class CheckMailCode(Struct, frozen=True, tag=True):
    """This was typed as the code; the right one proves the address."""

    code: str


class DropMail(Struct, frozen=True, tag=True):
    """No mails to this address on this person's account any more."""

    address: str


MailEffect = AskMailCode | CheckMailCode | DropMail
