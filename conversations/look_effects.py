"""What looking up and proving a number cause beyond words."""

from __future__ import annotations

from msgspec import Struct


class LookedUp(Struct, frozen=True, tag=True):
    """Somebody looked something up that is not known to be theirs: it counts, whether anything was found or not.

    `pair`: a number and a code together.
    """

    phone: str = ""
    pair: bool = False


class HeldBack(Struct, frozen=True, tag=True):
    """Somebody has looked up too often, and was told to wait."""


class ShownHuman(Struct, frozen=True, tag=True):
    """Somebody has answered the little question that asks whether a human is there."""


class ProveShared(Struct, frozen=True, tag=True):
    """The messenger has given the speaker's own number; `how` stands in domain/rights.py."""

    phone: str
    how: str


class AskCode(Struct, frozen=True, tag=True):
    """Send a code to this number."""

    phone: str


class CheckCode(Struct, frozen=True, tag=True):
    """This was typed as the code; the right one proves the number."""

    code: str


class AskDeskCode(Struct, frozen=True, tag=True):
    """Make a code that is shown here, to be read out to an officer at the desk."""

    phone: str


class Follow(Struct, frozen=True, tag=True):
    """The news of a dossier that the desk entered are to come to this chat."""

    dossier: str
    phone: str


class JoinByNumber(Struct, frozen=True, tag=True):
    """Another chat that has proven this number is to be asked whether both belong to one human."""

    phone: str


WhoEffect = LookedUp | HeldBack | ShownHuman | ProveShared | AskCode | CheckCode | AskDeskCode | Follow | JoinByNumber
