"""What is to be paid for a dossier, and the transfers that a bank or gateway told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from domain.fees import Charge
from storage import tables as t
from storage import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from storage.work import Work

NEW: Final = "new"  # written down, not yet looked at
UNKNOWN: Final = "unknown"  # no charge of ours is named in it
RETURNED: Final = "returned"  # an officer has noted that it went back
FOREIGN: Final = "foreign"  # came to an account that is no office's
_c = t.charges.c
_r = t.transfers.c
_CHARGE = (_c.amount_vnd, _c.memo, _c.state, _c.paid_vnd, _c.how, _c.reason)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One credit to an account, as it was told. `dossier` once it is known whose it is."""

    id: int
    office: str
    provider: str
    reference: str
    amount_vnd: int
    memo: str
    at: datetime
    dossier: str | None = None
    outcome: str = NEW


class Charges:
    """One a dossier. Whoever changes it has locked the dossier's row first."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def get(self, dossier: str) -> Charge | None:
        """None until an officer has confirmed a fee."""
        row = self._c.execute(select(*_CHARGE).where(_c.dossier == dossier)).first()
        return None if row is None else _charge(row)

    def of_many(self, dossiers: Collection[str]) -> Mapping[str, Charge]:
        """Of these, each that has one."""
        rows = self._c.execute(select(_c.dossier, *_CHARGE).where(_c.dossier.in_(dossiers)))
        return {dossier: _charge(row) for dossier, *row in rows}

    def put(self, dossier: str, charge: Charge, at: datetime, confirmed_by: str = "") -> None:
        """Set it; who confirmed it stays unless another is named. IntegrityError where another has the memo."""
        values: dict[str, Any] = {
            "amount_vnd": charge.amount_vnd,
            "state": charge.state,
            "paid_vnd": charge.paid_vnd,
            "how": charge.how,
            "reason": charge.reason.encode() or None,
            "settled_at": at if charge.state != "due" else None,
            **({"confirmed_by": confirmed_by} if confirmed_by else {}),
        }
        new = upsert.insert(self._c, t.charges).values(dossier=dossier, memo=charge.memo, created_at=at, **values)
        self._c.execute(new.on_conflict_do_update(index_elements=["dossier"], set_=values))

    def with_memo(self, memos: Sequence[str]) -> Sequence[str]:
        """The dossiers whose charges these memos name."""
        if not memos:
            return []
        return self._c.scalars(select(_c.dossier).where(_c.memo.in_(memos))).all()


class Transfers:
    """Every credit once, however often it is told."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def add(self, new: Transfer) -> int | None:
        """Its number, or None where it is known already; the `id` given counts for nothing."""
        row = upsert.insert(self._c, t.transfers).values(
            office=new.office,
            provider=new.provider,
            reference=new.reference,
            amount_vnd=new.amount_vnd,
            memo=new.memo.encode(),
            at=new.at,
            outcome=new.outcome,
        )
        row = row.on_conflict_do_nothing(index_elements=["provider", "reference"])
        number: int | None = self._c.scalar(row.returning(_r.id))
        return number

    def get(self, transfer: int, *, lock: bool = False) -> Transfer | None:
        """By number; with `lock` nobody else changes it until the commit."""
        query = select(t.transfers).where(_r.id == transfer)
        row = self._c.execute(query.with_for_update() if lock else query).first()
        return None if row is None else _transfer(row)

    def open(self, office: str, most: int = 20) -> Sequence[Transfer]:
        """Those of an office of which nobody knows yet whose they are, the oldest first."""
        here = (_r.office == office, _r.outcome.in_((NEW, UNKNOWN)))
        query = select(t.transfers).where(*here).order_by(_r.id).limit(most)
        return [_transfer(row) for row in self._c.execute(query)]

    def of(self, dossier: str) -> Sequence[Transfer]:
        """All that came for a dossier, in the order in which they were told."""
        rows = self._c.execute(select(t.transfers).where(_r.dossier == dossier).order_by(_r.id))
        return [_transfer(row) for row in rows]

    def became(self, transfer: int, outcome: str, dossier: str | None = None) -> None:
        """What it led to."""
        self._c.execute(update(t.transfers).where(_r.id == transfer).values(outcome=outcome, dossier=dossier))


def _charge(row: Any) -> Charge:
    amount, memo, state, paid, how, reason = row
    return Charge(amount, memo, state, paid, how, reason.decode() if reason else "")


def _transfer(row: Any) -> Transfer:
    values = {**row._mapping, "memo": row.memo.decode()}  # noqa: SLF001 - its documented name
    return Transfer(**values)
