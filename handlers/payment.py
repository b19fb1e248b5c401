"""What a payment gateway is to us: it tells of credits to an account, and signs what it tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct


class Credit(Struct, frozen=True):
    """Money that came to an account. `provider` and `reference` together name it once for all.

    `accounts`: the numbers under which the account is known, such as its own and a virtual one.
    """

    provider: str
    reference: str
    amount_vnd: int
    memo: str
    accounts: tuple[str, ...]
    at: datetime


class Unsigned(Exception):
    """Not from the gateway, or from too long ago."""


class Unreadable(Exception):
    """Signed, but not as the gateway's documents say."""


class Gateway(Protocol):
    """One provider's way of telling us."""

    name: str

    def credits(self, headers: Mapping[str, str], body: bytes) -> tuple[Credit, ...]:
        """What one call tells of; nothing where it is about something else. Raises Unsigned or Unreadable."""
        ...


class Taker(Protocol):
    """Where credits go."""

    async def take(self, credit: Credit) -> None:
        """Durable when this returns."""
        ...
