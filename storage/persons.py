"""Persons: which office is theirs, and what they have agreed to, each yes and no with its moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert, select, update

from conversations.state import Person, Told
from storage import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from storage.work import Work


def told_words(told: Told) -> str:
    """The column `settings`: empty where nothing was chosen."""
    return "" if told == Told() else msgspec.json.encode(told).decode()


def told_of(settings: str) -> Told:
    """How somebody wants to be told."""
    return msgspec.json.decode(settings, type=Told) if settings else Told()


class Persons:
    """Loaded with their chat; saved by difference."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def save(self, before: Person, after: Person, channel: str, at: datetime) -> None:
        """Keep what changed; consents given or withdrawn become rows of evidence."""
        if before == after:
            return
        self._c.execute(
            update(t.persons)
            .where(t.persons.c.id == after.id)
            .values(office=after.office, consents=",".join(after.consents), settings=told_words(after.told))
        )
        rows = [
            {"person": after.id, "purpose": purpose, "given": purpose in after.consents, "channel": channel, "at": at}
            for purpose in sorted(set(before.consents) ^ set(after.consents))
        ]
        if rows:
            self._c.execute(insert(t.consents), rows)

    def told(self, person: str) -> Told:
        """How somebody wants to be told; nobody has to wait for that."""
        return told_of(self._c.scalar(select(t.persons.c.settings).where(t.persons.c.id == person)) or "")

    def consents(self, person: str) -> list[tuple[str, bool, datetime]]:
        """Every consent given or withdrawn: purpose, given, moment."""
        c = t.consents.c
        rows = self._c.execute(select(c.purpose, c.given, c.at).where(c.person == person).order_by(c.id))
        return [(purpose, given, at) for purpose, given, at in rows]
