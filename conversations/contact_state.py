"""An officer's own addresses, as their conversation sees them, and what it may cause."""

from __future__ import annotations

from msgspec import Struct


class OwnWay(Struct, frozen=True):
    """One address; `label` with its middle left out. `well`: nothing is known against it."""

    chat: str
    channel: str  # zalo, telegram, sms or email
    label: str
    well: bool = True


class AddZalo(Struct, frozen=True, tag=True):
    """Show a code that makes a Zalo chat an address of this officer."""


class AskContact(Struct, frozen=True, tag=True):
    """Send a code to a phone number (E.164) or an e-mail address; `kind` is "phone" or "email"."""

    kind: str
    value: str


class ProveContact(Struct, frozen=True, tag=True):
    """The code that was sent there: from now on it is an address of this officer."""

    code: str


class DropContact(Struct, frozen=True, tag=True):
    chat: str


class TryContacts(Struct, frozen=True, tag=True):
    """Send a line to all of them."""


ContactEffect = AddZalo | AskContact | ProveContact | DropContact | TryContacts
