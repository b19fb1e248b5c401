"""Ratings: one of a dossier, changeable for a while; a low one waits for an officer's answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from storage import tables as t
from storage import upsert
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Rating:
    """A row, its word opened. `owner` is who is to answer a low one; `at` is when it was first given."""

    dossier: str
    office: str
    stars: int
    word: str
    at: datetime
    owner: str | None
    answered_at: datetime | None


_r = t.ratings.c
_ALL = select(_r.dossier, _r.office, _r.stars, _r.word, _r.at, _r.owner, _r.answered_at)
_OF = Prepared(_ALL.where(_r.dossier == bindparam("rated")))


class Ratings:
    """By dossier."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def of(self, dossier: str) -> Rating | None:
        """The dossier's, if it has one."""
        row = _OF.first(self._c, {"rated": dossier})
        return None if row is None else _rating(row)

    def of_many(self, dossiers: Collection[str]) -> Mapping[str, Rating]:
        """Of these, each that has one."""
        rows = self._c.execute(_ALL.where(_r.dossier.in_(dossiers)))
        return {row.dossier: _rating(row) for row in rows}

    def rate(self, dossier: str, office: str, stars: int, at: datetime) -> None:
        """Give the stars, or change them: all else stays."""
        self._c.execute(
            upsert.insert(self._c, t.ratings)
            .values(dossier=dossier, office=office, at=at, stars=stars)
            .on_conflict_do_update(index_elements=["dossier"], set_={"stars": stars})
        )

    def change(self, dossier: str, **values: Any) -> None:
        """Set columns; the word is sealed."""
        if "word" in values:
            values["word"] = values["word"].encode()
        self._c.execute(update(t.ratings).where(_r.dossier == dossier).values(**values))

    def unanswered(self, office: str, low: int, most: int = 50) -> list[Rating]:
        """Low ones that nobody has answered, the oldest first."""
        wanted = _ALL.where(_r.office == office, _r.stars <= low, _r.answered_at.is_(None)).order_by(_r.at)
        return [_rating(row) for row in self._c.execute(wanted.limit(most))]


def _rating(row: Any) -> Rating:
    dossier, office, stars, word, at, owner, answered_at = row
    return Rating(dossier, office, stars, word.decode() if word else "", at, owner, answered_at)
