"""The master key on a sheet of paper, for the safe: groups to type again, the same as a QR, and what to do with it."""

from __future__ import annotations

from msgspec import Struct


class RecoverySheet(Struct, frozen=True):
    """`place` is the office's name, `address` where its page is (empty: nowhere yet), `made` a day in words."""

    place: str
    address: str
    number: int
    groups: tuple[str, ...]
    made: str
