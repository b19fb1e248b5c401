"""Proofs: which phone numbers and e-mail addresses a person has shown to be theirs, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from domain.rights import Proof
from storage import tables as t
from storage.sealed import keys

if TYPE_CHECKING:
    from datetime import datetime

    from storage.work import Work

_p = t.proofs.c


class Proofs:
    """Rows are ended, never changed: what was proven once stays to be read."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def add(self, person: str, proof: Proof) -> None:
        """In the place of an earlier one of the same value, proven in the same way."""
        same = (_p.person == person, _p.kind == proof.kind, _p.value_key == keys().look_up(proof.value))
        self._c.execute(
            update(t.proofs).where(*same, _p.how == proof.how, _p.ended_at.is_(None)).values(ended_at=proof.at)
        )
        values = {"kind": proof.kind, "value": proof.value.encode(), "value_key": keys().look_up(proof.value)}
        self._c.execute(insert(t.proofs).values(person=person, how=proof.how, at=proof.at, **values))

    def of(self, person: str) -> list[Proof]:
        """Those that stand, the newest first."""
        wanted = select(_p.kind, _p.value, _p.how, _p.at).where(_p.person == person, _p.ended_at.is_(None))
        rows = self._c.execute(wanted.order_by(_p.at.desc(), _p.id.desc()))
        return [Proof(kind, value.decode(), how, at) for kind, value, how, at in rows]

    def holders(self, kind: str, value: str) -> list[str]:
        """Persons who have proven this, whoever did so last in front."""
        here = (_p.kind == kind, _p.value_key == keys().look_up(value), _p.ended_at.is_(None))
        rows = self._c.scalars(select(_p.person).where(*here).order_by(_p.at.desc(), _p.id.desc()))
        return list(dict.fromkeys(rows))

    def end(self, person: str, kind: str, value: str, at: datetime) -> None:
        """It stands no longer, however it was proven."""
        same = (_p.person == person, _p.kind == kind, _p.value_key == keys().look_up(value))
        self._c.execute(update(t.proofs).where(*same, _p.ended_at.is_(None)).values(ended_at=at))

    def end_since(self, person: str, since: datetime, at: datetime) -> None:
        """What was proven after a moment stands no longer."""
        new = (_p.person == person, _p.at > since, _p.ended_at.is_(None))
        self._c.execute(update(t.proofs).where(*new).values(ended_at=at))

    def move(self, gone: str, keep: str) -> None:
        """Everything that one person has proven is another's, who turned out to be the same."""
        self._c.execute(update(t.proofs).where(_p.person == gone).values(person=keep))
