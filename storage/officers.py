"""Officers: our own list of who is staff, of which office, in which role."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from conversations.staff_state import Officer
from storage import tables as t
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.work import Work

_o = t.officers.c
_OFFICERS = select(_o.id, _o.name, _o.role, _o.office, _o.absent).where(_o.left_at.is_(None))
_BY_ID = Prepared(_OFFICERS.where(_o.id == bindparam("officer")))


class Officers:
    """Who may do the desk's work."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def add(self, office: str, name: str, role: str) -> Officer:
        """A new officer ("officer" or "head")."""
        officer = Officer(secrets.token_hex(8), name, role, office)
        self._c.execute(insert(t.officers).values(id=officer.id, office=office, name=name, role=role))
        return officer

    def get(self, officer: str) -> Officer | None:
        """By id; None when they have left."""
        row = _BY_ID.first(self._c, {"officer": officer})
        return None if row is None else Officer(*row)

    def named(self, name: str, office: str = "") -> Officer | None:
        """By name, within an office when given."""
        query = _OFFICERS.where(_o.name == name)
        row = self._c.execute(query.where(_o.office == office) if office else query).first()
        return None if row is None else Officer(*row)

    def of_office(self, office: str) -> Sequence[Officer]:
        """All who work there, heads first."""
        rows = self._c.execute(_OFFICERS.where(_o.office == office).order_by(_o.role, _o.name))
        return [Officer(*row) for row in rows]

    def names(self, office: str) -> frozenset[str]:
        """Every name that anybody bore there, those who left too: history says who did what by these."""
        return frozenset(self._c.scalars(select(_o.name).where(_o.office == office)))

    def known(self, office: str) -> dict[str, str]:
        """The name of everybody who works or worked there, by id."""
        rows = self._c.execute(select(_o.id, _o.name).where(_o.office == office))
        return {row.id: row.name for row in rows}

    def all(self) -> Sequence[Officer]:
        """Everybody."""
        return [Officer(*row) for row in self._c.execute(_OFFICERS.order_by(_o.office, _o.role, _o.name))]

    def absent(self, officer: str, *, absent: bool) -> None:
        """Away or back."""
        self._c.execute(update(t.officers).where(_o.id == officer).values(absent=absent))

    def change(self, officer: str, *, name: str = "", role: str = "") -> None:
        """Another name or role; what they did before is shown under the new name."""
        values = {key: value for key, value in (("name", name), ("role", role)) if value}
        self._c.execute(update(t.officers).where(_o.id == officer).values(values))

    def leave(self, officer: str, at: datetime) -> None:
        """No longer staff: every door closes at the next event."""
        self._c.execute(update(t.officers).where(_o.id == officer).values(left_at=at))
