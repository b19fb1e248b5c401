"""Leases: what only one process may do at a time, and who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from storage import tables as t
from storage.upsert import insert

if TYPE_CHECKING:
    from storage.work import Work

_l = t.leases.c


class Leases:
    """A lease ends by itself unless its holder renews it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def take(self, name: str, holder: str, seconds: float) -> str:
        """Take or renew a lease; gives who holds it now, which is `holder` when it worked."""
        now = self._work.machine_now()
        values = {"holder": holder, "until": now + seconds}
        # One that ends later than any could was taken before a clock was put back: its holder renews it, or is dead.
        free = (_l.until < now) | (_l.until > now + 2 * seconds) | (_l.holder == holder)
        self._c.execute(
            insert(self._c, t.leases)
            .values(name=name, **values)
            .on_conflict_do_update(index_elements=["name"], set_=values, where=free)
        )
        return str(self._c.scalar(select(_l.holder).where(_l.name == name)))

    def drop(self, name: str, holder: str) -> None:
        """Give it back, or away from a holder that is known to have died."""
        self._c.execute(delete(t.leases).where(_l.name == name, _l.holder == holder))
