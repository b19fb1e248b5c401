"""What a citizen's turn may cause about the way in which they are told."""

from __future__ import annotations

from msgspec import Struct


class SeenNotice(Struct, frozen=True, tag=True):
    """They have read a notice."""

    notice: str


class GiveMissed(Struct, frozen=True, tag=True):
    """They want news again: what was not told meanwhile is told here."""


WhereEffect = SeenNotice | GiveMissed
