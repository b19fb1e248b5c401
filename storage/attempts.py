"""Attempts: a row each time somebody tries what is limited; keys are keyed hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, select

from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.work import Work

_a = t.attempts.c


class Attempts:
    """Counted within a window of machine time."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def add(self, what: str, attempt_keys: Iterable[str]) -> None:
        """One attempt, under each of these keys."""
        now = self._work.machine_now()
        self._c.execute(insert(t.attempts), [{"what": what, "key": key, "at": now} for key in attempt_keys])

    def moments(self, what: str, key: str, since: float, most: int) -> list[float]:
        """When it was tried with this key, the newest first."""
        query = select(_a.at).where(and_(_a.what == what, _a.key == key, _a.at > since))
        return list(self._c.scalars(query.order_by(_a.at.desc()).limit(most)))

    def forget(self, older: float) -> None:
        """Drop what is older than a machine moment."""
        self._c.execute(delete(t.attempts).where(_a.at < older))
