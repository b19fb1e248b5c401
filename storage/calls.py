"""Calls: a citizen talking with an officer; one open call a person."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from storage import tables as t
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Call:
    """A row, its words opened. `waiting_since` is set while the citizen waits for an answer."""

    id: str
    person: str
    chat: str
    office: str
    dossier: str | None
    about: str
    open: bool
    owner: str | None
    opened_at: datetime
    waiting_since: datetime | None


_k = t.calls.c
_CALLS = select(
    _k.id, _k.person, _k.chat, _k.office, _k.dossier, _k.about, _k.open, _k.owner, _k.opened_at, _k.waiting_since
)
_OPEN_OF = Prepared(_CALLS.where(_k.person == bindparam("in_call"), _k.open))


class Calls:
    """Opened by the citizen, or by an officer who writes first."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def start(self, values: Call) -> None:
        """Keep a new call."""
        self._c.execute(
            insert(t.calls).values(
                id=values.id,
                person=values.person,
                chat=values.chat,
                office=values.office,
                dossier=values.dossier,
                about=values.about.encode(),
                open=values.open,
                owner=values.owner,
                opened_at=values.opened_at,
                waiting_since=values.waiting_since,
            )
        )

    def get(self, call: str) -> Call | None:
        """By id."""
        return self._first(_k.id == call)

    def open_of(self, person: str) -> Call | None:
        """The call a person is in."""
        row = _OPEN_OF.first(self._c, {"in_call": person})
        return None if row is None else _call(row)

    def open_of_many(self, persons: Collection[str]) -> Mapping[str, Call]:
        """The calls that these are in, by person."""
        if len(persons) == 1:
            return {person: call for person in persons if (call := self.open_of(person)) is not None}
        rows = self._c.execute(_CALLS.where(_k.person.in_(persons), _k.open))
        return {row.person: _call(row) for row in rows}

    def newest_open(self, office: str, most: int) -> list[Call]:
        """The newest of an office that are not over."""
        query = _CALLS.where(_k.office == office, _k.open).order_by(_k.opened_at.desc()).limit(most)
        return [_call(row) for row in self._c.execute(query)]

    def change(self, call: str, **changes: Any) -> None:
        """Set columns."""
        self._c.execute(update(t.calls).where(_k.id == call).values(**changes))

    def _first(self, where: Any) -> Call | None:
        row = self._c.execute(_CALLS.where(where)).first()
        return None if row is None else _call(row)


def _call(row: Any) -> Call:
    values = dict(zip(_CALLS.exported_columns.keys(), row, strict=True))
    return Call(**{**values, "about": values["about"].decode()})


def new_call_id() -> str:
    """A random id."""
    return secrets.token_hex(8)
