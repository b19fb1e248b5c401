"""The audit: what somebody may have to look into later, such as guessing, or a number proven at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import func, insert, select

from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from storage.work import Work

_a = t.audit.c


@dataclass(frozen=True, slots=True)
class Noted:
    """One line: what happened when, in which chat, about what."""

    at: datetime
    what: str
    chat: str
    subject: str
    data: Mapping[str, Any]


class Looked(NamedTuple):
    """An officer looked at a dossier, or had a list or ledger; `dossier` holds a ledger's days then."""

    at: datetime
    officer: str
    what: str
    dossier: str


class Audit:
    """Append-only."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def add(
        self, what: str, at: datetime, *, chat: str = "", subject: str = "", data: Mapping[str, Any] | None = None
    ) -> None:
        """Note it; `data` is sealed, and may hold a phone number."""
        sealed = None if data is None else msgspec.json.encode(data)
        self._c.execute(insert(t.audit).values(at=at, what=what, chat=chat or None, subject=subject, data=sealed))

    def of(self, what: str, since: datetime, most: int = 200) -> list[Noted]:
        """Lines of one kind, the newest first."""
        return self._all(_a.what == what, _a.at >= since, most=most)

    def about(self, what: str, subjects: Collection[str], since: datetime) -> list[Noted]:
        """Lines of one kind about one of these subjects, the newest first."""
        return self._all(_a.what == what, _a.subject.in_(subjects), _a.at >= since)

    def in_chat(self, what: str, chat: str) -> list[Noted]:
        """Lines of one kind of what happened in a chat, the newest first."""
        return self._all(_a.what == what, _a.chat == chat)

    def count(self, what: str, since: datetime, subject: str = "") -> int:
        """How many lines of one kind, or of those about one subject."""
        query = select(func.count()).select_from(t.audit).where(_a.what == what, _a.at >= since)
        return int(self._c.scalar(query.where(_a.subject == subject) if subject else query) or 0)

    def looks(
        self, since: datetime, until: datetime, *, dossier: str = "", officers: Collection[str] = (), most: int = 1_000
    ) -> list[Looked]:
        """Who looked at what within these moments, the newest first; all where nothing is named."""
        c = t.looks.c
        query = select(c.at, c.officer, c.what, c.dossier).where(c.at >= since, c.at < until)
        query = query.where(c.dossier == dossier) if dossier else query
        query = query.where(c.officer.in_(officers)) if officers else query
        return [Looked(*row) for row in self._c.execute(query.order_by(c.at.desc(), c.id.desc()).limit(most))]

    def lines(
        self, since: datetime, until: datetime, *, subjects: Collection[str] = (), most: int = 1_000
    ) -> list[Noted]:
        """What was noted within these moments, of every kind, the newest first; all where no subject is named."""
        named = [_a.subject.in_(subjects)] if subjects else []
        return self._all(_a.at >= since, _a.at < until, *named, most=most)

    def _all(self, *where: ColumnElement[bool], most: int | None = None) -> list[Noted]:
        query = select(_a.at, _a.what, _a.chat, _a.subject, _a.data).where(*where)
        rows = self._c.execute(query.order_by(_a.at.desc(), _a.id.desc()).limit(most))
        return [
            Noted(at, named, chat or "", subject, msgspec.json.decode(data) if data else {})
            for at, named, chat, subject, data in rows
        ]
