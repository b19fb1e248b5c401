"""Places in the slots of an office: never two dossiers in one, and never two of one dossier's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select

from storage import tables as t
from storage import upsert
from storage.conflict import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from storage.work import Work

_p = t.places.c
_MEANWHILE: Final = 20  # so many may come in between


class Places:
    """Who comes when. Whoever is quicker at the last place has it: the primary key decides, not what was read."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def of(self, dossier: str) -> datetime | None:
        """The moment at which a dossier has a place."""
        return self._c.scalar(select(_p.at).where(_p.dossier == dossier))

    def take(self, office: str, at: datetime, capacity: int, dossier: str) -> bool:
        """A place of this moment instead of the one the dossier had; with none left it keeps that, and gets False."""
        taken = self._taken(office, at)
        if dossier in taken.values():
            return True
        if len(taken) >= capacity:
            return False
        return self._move(office, at, dossier, (n for n in range(1, capacity + 1) if n not in taken))

    def keep(self, office: str, at: datetime, dossier: str) -> None:
        """A place even where none is left: what the office itself had promised and took back for a minute."""
        taken = self._taken(office, at)
        above = range(1, len(taken) + _MEANWHILE)
        if dossier not in taken.values() and not self._move(office, at, dossier, (n for n in above if n not in taken)):
            raise Conflict

    def free(self, dossier: str) -> None:
        """Nobody is expected for this dossier any more."""
        self._c.execute(delete(t.places).where(_p.dossier == dossier))

    def free_in(self, office: str, moments: Sequence[datetime], capacity: int) -> Mapping[datetime, int]:
        """How many places are left at each of these moments."""
        if not moments:
            return {}
        between = (_p.office == office, _p.at >= min(moments), _p.at <= max(moments))
        rows = self._c.execute(select(_p.at, func.count()).where(*between).group_by(_p.at))
        taken: dict[datetime, int] = dict(rows.all())
        return {moment: max(0, capacity - taken.get(moment, 0)) for moment in moments}

    def _taken(self, office: str, at: datetime) -> dict[int, str]:
        here = select(_p.place, _p.dossier).where(_p.office == office, _p.at == at)
        return dict(self._c.execute(here).all())

    def _move(self, office: str, at: datetime, dossier: str, numbers: Iterable[int]) -> bool:
        """To the first of these places that nobody takes meanwhile; back to the former one where all are lost.

        An insert waits for whoever is about to take the same place, and then does nothing.
        """
        left = delete(t.places).where(_p.dossier == dossier).returning(_p.office, _p.at, _p.place)
        former = self._c.execute(left).first()
        for number in numbers:
            if self._insert(office, at, number, dossier):
                return True
        if former is not None:
            self._insert(former.office, former.at, former.place, dossier)
        return False

    def _insert(self, office: str, at: datetime, place: int, dossier: str) -> bool:
        row = upsert.insert(self._c, t.places).values(office=office, at=at, place=place, dossier=dossier)
        return self._c.execute(row.on_conflict_do_nothing().returning(_p.place)).first() is not None
