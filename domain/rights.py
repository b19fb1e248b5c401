"""What each way of proving a phone number or an e-mail address allows. There is no password anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct

PHONE: Final = "phone"
EMAIL: Final = "email"
FRESH: Final = timedelta(days=180)  # a number that is given up goes to somebody else after some months


class Right(StrEnum):
    """What whoever has proven a number or address may be given."""

    NOTIFY = "notify"  # be told there of dossiers that are theirs anyway
    BARE = "bare"  # with a dossier's code: its state, without names or papers
    DETAILS = "details"  # all dossiers handed in with this number, each with its history
    TAKE_OVER = "take-over"  # have a dossier that the desk entered, and its news, in one's own chat
    MERGE = "merge"  # ask to become one with another chat that has proven the same; it has to agree


_FULL: Final = frozenset(Right)

# The one table. A way of proving that does not stand here allows nothing.
RIGHTS: Final[Mapping[str, frozenset[Right]]] = {
    "telegram": _FULL,  # Telegram's contact, its owner's id the sender's: Telegram has sent that number a code
    "sms": _FULL,  # a code of ours was sent to the number and came back: who holds the telephone
    "zns": _FULL,  # the same, through Zalo's messages by phone number
    "clerk": _FULL,  # an officer has seen the person with their card and called the number before their eyes
    "zalo": frozenset({Right.NOTIFY, Right.BARE}),  # as its owner wrote it in Zalo: claimed until a code comes back
    "email": frozenset({Right.NOTIFY}),  # an address for copies; whole families and shops share one
}


class Proof(Struct, frozen=True):
    """That somebody has proven a number (E.164) or an e-mail address (small letters): how, and when."""

    kind: str
    value: str
    how: str
    at: datetime


def allows(how: str) -> frozenset[Right]:
    """What a proof of this kind allows."""
    return RIGHTS.get(how, frozenset())


def may(proofs: Iterable[Proof], kind: str, value: str, right: Right, now: datetime) -> bool:
    """Whether one of these proofs gives this right; to be told something needs no fresh one."""
    return any(
        proof.kind == kind
        and proof.value == value
        and right in allows(proof.how)
        and (right == Right.NOTIFY or now - proof.at < FRESH)
        for proof in proofs
    )
