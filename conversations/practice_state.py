"""What practice may cause."""

from __future__ import annotations

from msgspec import Struct


class MakePractice(Struct, frozen=True, tag=True):
    """Make invented dossiers for the office for practice."""
