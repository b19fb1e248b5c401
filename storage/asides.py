"""What was set aside after three tries: events of the inbox and jobs, to be looked at, played again or dropped."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct
from sqlalchemy import String, delete, literal_column, select, update

from conversations.messages import Inbound
from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement

    from storage.work import Work

_i, _j = t.inbox.c, t.jobs.c
_ASIDE: Final = literal_column("'aside'", String)  # spelt out, as the condition of its index is
_MOST: Final = 500


class Aside(Struct, frozen=True):
    """One of them, without anything of a person. `name` is what it is called by here.

    `where` is an event's channel or a job's kind; `about` an event's type, or what a job's subject is called, empty
    where a body can't be read: such an event can only be dropped.
    """

    name: str
    event: bool
    where: str
    about: str
    attempts: int
    at: float | None  # when an event came, a machine moment
    key: tuple[str, str, str] | int


class Asides:
    """See above."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def all(self) -> Sequence[Aside]:
        """The oldest first, events before jobs, a few hundred at most."""
        columns = select(_i.channel, _i.address_key, _i.event_id, _i.attempts, _i.received, _i.payload)
        events = self._c.execute(columns.where(_i.status == _ASIDE).order_by(_i.received).limit(_MOST))
        found = [
            Aside(_named(*row[:3]), True, row[0], _type(row[5]), row[3], row[4], (row[0], row[1], row[2]))
            for row in events
        ]
        jobs = select(_j.id, _j.kind, _j.subject, _j.attempts).where(_j.status == "aside").order_by(_j.id).limit(_MOST)
        return found + [
            Aside(f"j{number}", False, kind, subject, attempts, None, number)
            for number, kind, subject, attempts in self._c.execute(jobs)
        ]

    def retry(self, one: Aside) -> bool:
        """Have it played again, as often as anything new; False where that can't be, or it was done meanwhile."""
        if one.event and not one.about:
            return False
        if isinstance(one.key, tuple):
            again = update(t.inbox).where(_event(one.key), _i.status == _ASIDE).values(status="failed", attempts=0)
        else:
            fresh = {"status": "waiting", "attempts": 0, "claimed_until": 0.0, "claimed_by": ""}
            again = update(t.jobs).where(_j.id == one.key, _j.status == "aside").values(fresh)
        self._work.touch("jobs")
        return bool(self._c.execute(again).rowcount)

    def drop(self, one: Aside) -> bool:
        """It is not done any more. Of an event it stays known that it has come, so that a repeat does nothing."""
        if isinstance(one.key, tuple):
            gone = update(t.inbox).where(_event(one.key), _i.status == _ASIDE).values(status="done", payload=None)
            return bool(self._c.execute(gone).rowcount)
        return bool(self._c.execute(delete(t.jobs).where(_j.id == one.key, _j.status == "aside")).rowcount)


def _event(key: tuple[str, str, str]) -> ColumnElement[bool]:
    channel, address_key, event_id = key
    return (_i.channel == channel) & (_i.address_key == address_key) & (_i.event_id == event_id)


def _named(channel: str, address_key: str, event_id: str) -> str:
    """Nobody's address and no browser's own word."""
    return "e" + hashlib.sha256(f"{channel} {address_key} {event_id}".encode()).hexdigest()[:10]


def _type(payload: bytes | None) -> str:
    try:
        return type(msgspec.json.decode(payload or b"", type=Inbound).event).__name__
    except msgspec.MsgspecError:
        return ""
