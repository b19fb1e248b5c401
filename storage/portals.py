"""Dossiers by what the National Portal calls them, and those whose status has moved since a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from storage.dossiers import Record
    from storage.work import Work

_d = t.dossiers.c
_h = t.history.c
_PAGE = 500  # dossiers looked for at once
_MOVES = or_(_h.from_status != _h.to_status, _h.what == "submit")


class Portals:
    """The code is a column of the dossier's row, in clear as the official code is; the status is in its sealed part."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def holder(self, code: str) -> str | None:
        """The dossier that this code of the portal was noted for, the newest if there are several."""
        query = select(_d.id).where(_d.portal_code == code).order_by(_d.submitted_at.desc()).limit(1)
        found: str | None = self._c.scalar(query)
        return found

    def by_any_code(self, code: str) -> str | None:
        """By the portal's code, or else by our own: the official or the tracking code."""
        own = select(_d.id).where(or_(_d.official_code == code, _d.tracking_code == code)).limit(1)
        found: str | None = self._c.scalar(own)
        return self.holder(code) or found

    def moved(self, since: datetime, offices: Sequence[str]) -> Iterator[tuple[Record, datetime]]:
        """Dossiers of these offices whose status has changed since then, each with its last change, by id."""
        last = ""
        while True:
            some = self._ids(since, offices, last)
            for dossier in some:
                record = self._work.dossiers.get(dossier)
                if record is not None:
                    yield record, self._changed(dossier)
            if len(some) < _PAGE:
                return
            last = some[-1]

    def _ids(self, since: datetime, offices: Sequence[str], last: str) -> Sequence[str]:
        moved = select(_h.dossier).where(_h.at >= since, _MOVES)
        query = select(_d.id).where(_d.office.in_(offices), _d.id > last, _d.id.in_(moved))
        return list(self._c.scalars(query.order_by(_d.id).limit(_PAGE)))

    def _changed(self, dossier: str) -> datetime:
        """When it came to the status it has."""
        query = select(_h.at).where(_h.dossier == dossier, _MOVES)
        found: datetime | None = self._c.scalar(query.order_by(_h.number.desc()).limit(1))
        assert found is not None
        return found
