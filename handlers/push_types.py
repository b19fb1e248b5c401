"""What the parts of a push have in common."""

from __future__ import annotations

from msgspec import Struct


class Subscription(Struct, frozen=True):
    """Where a browser is told, and the keys that only it can open with."""

    endpoint: str
    p256dh: str
    auth: str


class Claims(Struct, frozen=True):
    """What is signed: for which service, until when (epoch seconds), and whom it may write to about us."""

    origin: str
    until: int
    contact: str
