"""The facts that figures are reckoned from, out of the dossiers' and ratings' rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, or_, select

from domain.figures import Facts
from storage import tables as t
from storage.prepared import Prepared

if TYPE_CHECKING:
    from datetime import datetime

    from storage.work import Work

_d = t.dossiers.c
_FACTS = select(
    _d.id,
    _d.procedure,
    _d.status,
    _d.submitted_at,
    _d.answer_by,
    _d.channel,
    _d.answered_at,
    _d.answered_late,
    _d.accepted_at,
    _d.due_at,
    _d.extended_from,
    _d.done_at,
    _d.closed_at,
    _d.rounds,
    func.coalesce(t.ratings.c.stars, 0),
).select_from(t.dossiers.outerjoin(t.ratings, t.ratings.c.dossier == _d.id))
_BETWEEN = Prepared(
    _FACTS.where(
        _d.office == bindparam("of_office", type_=_d.office.type),
        _d.submitted_at < bindparam("until", type_=_d.submitted_at.type),
        or_(_d.closed_at.is_(None), _d.closed_at >= bindparam("since", type_=_d.closed_at.type)),
    ).order_by(_d.submitted_at, _d.id)
)
_FIRST = select(func.min(_d.submitted_at))


class FigureFacts:
    """Read only."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def between(self, office: str, since: datetime, until: datetime) -> list[Facts]:
        """All that were handed in before `until` and not closed before `since`: figures of that time count no other."""
        rows = _BETWEEN.rows(self._c, {"of_office": office, "since": since, "until": until})
        return [_facts(*row) for row in rows]

    def begun(self, office: str) -> datetime | None:
        """When the office's first dossier was handed in."""
        first: datetime | None = self._c.scalar(_FIRST.where(_d.office == office))
        return first

    def ids(self, office: str, after: str, most: int) -> list[str]:
        """Dossiers of the office in the order of their ids, those behind `after`."""
        wanted = select(_d.id).where(and_(_d.office == office, _d.id > after)).order_by(_d.id).limit(most)
        return list(self._c.scalars(wanted))


def _facts(  # noqa: PLR0913, PLR0917 - the columns of one row, in their order
    dossier: str,
    procedure: str,
    status: str,
    submitted_at: datetime,
    answer_by: datetime,
    channel: str,
    answered_at: datetime | None,
    answered_late: bool | None,  # noqa: FBT001 - a column
    accepted_at: datetime | None,
    due_at: datetime | None,
    extended_from: datetime | None,
    done_at: datetime | None,
    closed_at: datetime | None,
    rounds: int,
    stars: int,
) -> Facts:
    return Facts(
        dossier,
        procedure,
        status,
        submitted_at,
        answer_by,
        channel,
        answered_at,
        answered_late,
        accepted_at,
        due_at,
        extended_from is not None,
        done_at,
        closed_at,
        rounds,
        stars,
    )
