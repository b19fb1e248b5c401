"""Persons on a citizen's own forms, kept to be offered to that citizen again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, select

from conversations.state import Known
from storage import tables as t
from storage.upsert import insert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.work import Work

_r = t.remembered.c
_known = msgspec.json.Decoder(Known).decode


class Remembered:
    """A row each; nobody else's are ever given."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def of(self, person: str) -> Sequence[Known]:
        """The speaker first, then whoever was written of last; each once, also where two citizens became one."""
        bodies = self._c.scalars(select(_r.body).where(_r.person == person).order_by(_r.updated_at.desc(), _r.id))
        people: list[Known] = []
        for known in sorted((_known(body) for body in bodies), key=lambda known: not known.own):
            if not any(known.fields.items() <= other.fields.items() for other in people):
                people.append(known)
        return people

    def keep(self, person: str, known: Known, at: datetime) -> None:
        """Instead of what was kept under the same id, if anything was."""
        values = {"body": msgspec.json.encode(known), "updated_at": at}
        self._c.execute(
            insert(self._c, t.remembered)
            .values(person=person, id=known.id, **values)
            .on_conflict_do_update(index_elements=["person", "id"], set_=values)
        )

    def forget(self, person: str, ids: Sequence[str] = ()) -> None:
        """These, or everybody."""
        gone = delete(t.remembered).where(_r.person == person)
        self._c.execute(gone.where(_r.id.in_(ids)) if ids else gone)
