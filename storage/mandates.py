"""Mandates: who may hand in for whom, and how the person helped has said so; a row for each time it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import delete, insert, select, update

from domain.helping import WORDING
from storage import tables as t
from storage.notices import UNTOLD, State
from storage.sealed import keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.work import Work

_m = t.mandates.c


class Names(msgspec.Struct, frozen=True, omit_defaults=True):
    """The sealed part: the person helped, who helps, who they are to each other, and what it was asked for.

    `wording` is the version of the words that were agreed to.
    """

    applicant: str
    helper: str = ""
    relation: str = ""
    procedure: str = ""  # its name
    wording: str = WORDING


@dataclass(frozen=True, slots=True)
class Mandate:
    """One consent that was asked for. `owner` is the draft, and the dossier that it becomes."""

    id: str
    helper: str
    owner: str
    names: Names
    how: str
    status: str
    asked_at: datetime
    phone: str = ""  # E.164, of the person helped
    evidence: str | None = None  # a file: their voice, or the signed sheet
    given_at: datetime | None = None
    ended_at: datetime | None = None
    ends_at: datetime | None = None
    officer: str | None = None


class Mandates:
    """The newest row of a dossier is the one that counts."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def add(self, mandate: Mandate) -> None:
        """A new one; those before it of the same dossier count no more. What still waited was cleared before."""
        self._c.execute(
            insert(t.mandates).values(
                id=mandate.id,
                helper=mandate.helper,
                owner=mandate.owner,
                name=msgspec.json.encode(mandate.names),
                phone=mandate.phone.encode() if mandate.phone else None,
                phone_key=keys().look_up(mandate.phone) if mandate.phone else "",
                how=mandate.how,
                evidence=mandate.evidence,
                status=mandate.status,
                asked_at=mandate.asked_at,
                given_at=mandate.given_at,
                ended_at=mandate.ended_at,
                ends_at=mandate.ends_at,
                officer=mandate.officer,
            )
        )

    def get(self, mandate: str, *, lock: bool = False) -> Mandate | None:
        """By id; with `lock` nobody else changes it until the commit."""
        query = select(t.mandates).where(_m.id == mandate)
        return _first(self._c.execute(query.with_for_update() if lock else query).first())

    def of(self, owner: str) -> Mandate | None:
        """The one that counts for a draft or dossier."""
        newest = select(t.mandates).where(_m.owner == owner).order_by(_m.asked_at.desc(), _m.id.desc()).limit(1)
        return _first(self._c.execute(newest).first())

    def all_of(self, owner: str) -> Sequence[Mandate]:
        """Every one that was asked for a draft or dossier, the newest first."""
        return self._all(_m.owner == owner)

    def of_helper(self, person: str) -> Sequence[Mandate]:
        """Every one of a helper, the newest first."""
        return self._all(_m.helper == person)

    def of_phone(self, phone: str) -> Sequence[Mandate]:
        """Every one that names this phone (E.164) as the number of the person helped, the newest first."""
        return self._all(_m.phone_key == keys().look_up(phone))

    def change(self, mandate: str, **columns: Any) -> None:
        """Set columns."""
        self._c.execute(update(t.mandates).where(_m.id == mandate).values(columns))

    def clear(self, owner: str) -> Sequence[str]:
        """Drop what was asked and never answered, before it is asked anew; gives the files that were kept with it."""
        waiting = (_m.owner == owner, _m.given_at.is_(None), _m.ended_at.is_(None))
        files = self._c.scalars(select(_m.evidence).where(*waiting, _m.evidence.is_not(None))).all()
        self._c.execute(delete(t.mandates).where(*waiting))
        return [file for file in files if file]

    def forget(self, owner: str) -> Sequence[str]:
        """Drop the rows of a draft that is given up; gives the files that were kept with them."""
        files = self._c.scalars(select(_m.evidence).where(_m.owner == owner, _m.evidence.is_not(None))).all()
        self._c.execute(delete(t.mandates).where(_m.owner == owner))
        return [file for file in files if file]

    def close_doors(self, dossier: str, helper: str, at: datetime) -> None:
        """A helper's chats may open no file of this dossier any more, and what was not said to them never is.

        Its news are nobody's: no stop and resume, no coming back after a block brings them.
        """
        chats = self._c.scalars(select(t.chats.c.id).where(t.chats.c.person == helper)).all()
        d, s, g, o = t.documents.c, t.slips.c, t.grants.c, t.outbox.c
        files: set[str] = set()
        for file, copies in self._c.execute(select(d.file, d.copies).where(d.owner == dossier)):
            files |= {file, *copies.split()}
        files |= {file for file in self._c.scalars(select(s.file).where(s.dossier == dossier)) if file}
        files |= {file for file in self._c.scalars(select(_m.evidence).where(_m.owner == dossier)) if file}
        if files:
            self._c.execute(delete(t.grants).where(g.chat.in_(chats), g.file.in_(sorted(files))))
        about = (o.chat.in_(chats), o.subject == f"dossier:{dossier}", o.status == "waiting")
        self._c.execute(delete(t.outbox).where(*about))
        n = t.notices.c
        theirs = (n.person == helper, n.subject == f"dossier:{dossier}")
        untold = n.ended_at.is_(None) | n.status.in_(UNTOLD)
        over = {"status": State.DROPPED, "ended_at": at, "next_at": None}
        self._c.execute(update(t.notices).where(*theirs, untold).values(over))
        self._c.execute(update(t.notices).where(*theirs).values(person=None))

    def move(self, gone: str, keep: str) -> None:
        """All of one helper become another's: they are one person."""
        self._c.execute(update(t.mandates).where(_m.helper == gone).values(helper=keep))

    def _all(self, where: Any) -> list[Mandate]:
        query = select(t.mandates).where(where).order_by(_m.asked_at.desc(), _m.id.desc()).limit(500)
        return [_mandate(row) for row in self._c.execute(query)]


def _first(row: Any) -> Mandate | None:
    return None if row is None else _mandate(row)


def _mandate(row: Any) -> Mandate:
    return Mandate(
        row.id,
        row.helper,
        row.owner,
        msgspec.json.decode(row.name, type=Names),
        row.how,
        row.status,
        row.asked_at,
        row.phone.decode() if row.phone else "",
        row.evidence,
        row.given_at,
        row.ended_at,
        row.ends_at,
        row.officer,
    )
