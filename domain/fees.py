"""What is to be paid for a dossier, what has come, and what is too little or too much."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.values import fold

LEAST_VND: Final = 500  # no smaller money is about; a smaller number is a slip of the finger
MOST_VND: Final = 50_000_000  # far above any fee of a commune

State = Literal["due", "paid", "waived", "refunded"]
# What a transfer led to. The last four are money that belongs back.
Outcome = Literal["settled", "underpaid", "overpaid", "twice", "waived", "closed"]
BACK: Final = frozenset({"overpaid", "twice", "waived", "closed"})

_TYPED: Final = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d{1,9})\s*(k|nghin|ngan|tr|trieu)?\s*(?:d|dong|vnd)?")
_UNIT: Final = {"k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}


class Charge(Struct, frozen=True):
    """A fee that an officer has confirmed for one dossier, with the postage if the office bears it in advance.

    `paid_vnd` is what the office holds of it now. `memo`: see domain/memos.py. `reason` is why nothing is to be paid.
    """

    amount_vnd: int
    memo: str
    state: State = "due"
    paid_vnd: int = 0
    how: str = ""  # the way it was last paid: desk, or a gateway's name
    reason: str = ""

    @property
    def missing_vnd(self) -> int:
        """Still to be paid."""
        return max(0, self.amount_vnd - self.paid_vnd) if self.state == "due" else 0

    @property
    def excess_vnd(self) -> int:
        """To be given back."""
        owed = self.amount_vnd if self.state in ("due", "paid") else 0
        return max(0, self.paid_vnd - owed)


def confirmed(charge: Charge, amount_vnd: int, reason: str = "") -> Charge:
    """The same charge for another amount: 0 waives it. What has come counts towards it."""
    if amount_vnd == 0:
        return replace(charge, amount_vnd=0, state="waived", reason=reason)
    state: State = "paid" if charge.paid_vnd >= amount_vnd else "due"
    return replace(charge, amount_vnd=amount_vnd, state=state, reason="")


def credited(charge: Charge, amount_vnd: int, how: str, *, closed: bool = False) -> tuple[Charge, Outcome]:
    """Money has come. `closed`: the dossier ended without a result, so nothing is owed any more."""
    outcome: Outcome
    before = charge.state
    paid = charge.paid_vnd + amount_vnd
    if closed:
        return replace(charge, paid_vnd=paid, how=how), "closed"
    if before == "due" and paid < charge.amount_vnd:
        return replace(charge, paid_vnd=paid, how=how), "underpaid"
    if before == "due":
        outcome = "settled" if paid == charge.amount_vnd else "overpaid"
        return replace(charge, paid_vnd=paid, how=how, state="paid"), outcome
    outcome = "waived" if before == "waived" else "twice"
    return replace(charge, paid_vnd=paid), outcome


def returned(charge: Charge, amount_vnd: int) -> Charge:
    """Money was given back: no more than the office holds (ValueError)."""
    if not 0 < amount_vnd <= charge.paid_vnd:
        raise ValueError("more than is held")
    paid = charge.paid_vnd - amount_vnd
    state: State = "refunded" if charge.state == "paid" and paid < charge.amount_vnd else charge.state
    return replace(charge, paid_vnd=paid, state=state)


def amount_typed(text: str) -> int | None:
    """Whole đồng from "24.000", "24000 đ", "24 nghìn", "24k"; None when it is no amount, or none that a fee has."""
    found = _TYPED.fullmatch(fold(text))
    if found is None:
        return None
    digits = re.sub(r"[.,]", "", found[1])
    amount = int(digits) * _UNIT.get(found[2] or "", 1)
    return amount if LEAST_VND <= amount <= MOST_VND else None
