"""What officers' looking up leaves behind."""

from __future__ import annotations

from msgspec import Struct


class NoteLooks(Struct, frozen=True, tag=True):
    """These dossiers were shown to the officer: `what` is "listed" (lines of a list) or "opened"."""

    dossiers: tuple[str, ...]
    what: str


class ProveAtDesk(Struct, frozen=True, tag=True):
    """The officer has seen the card and called the number; `given` is a code of six digits, or a dossier's code."""

    given: str


StaffLookEffect = NoteLooks | ProveAtDesk
