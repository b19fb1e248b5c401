"""The inbox: each event is taken once; one that failed is kept, counted, and set aside after three tries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import Float, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from conversations.messages import Inbound
from storage import tables as t
from storage.prepared import Prepared
from storage.sealed import keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.work import Work

TRIES: Final = 3
_TICK: Final = 1e-6  # seconds
_VALUES: dict[str, Any] = {
    "channel": bindparam("channel"),
    "address_key": bindparam("key"),
    "event_id": bindparam("event"),
    "status": bindparam("new_status"),
}
_NOW = bindparam("now", type_=Float)
_ARRIVED = {
    name: Prepared(
        insert(t.inbox).values({**_VALUES, "received": received}).on_conflict_do_nothing().returning(t.inbox.c.received)
    )
    for name, insert, received in (
        ("sqlite", sqlite.insert, _NOW),
        ("postgresql", postgresql.insert, func.coalesce(_NOW, func.extract("epoch", func.clock_timestamp()))),
    )
}


class Inbox:
    """Unique by channel, address and the sender's event id."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection
        self._kept = 0

    def arrived(self, inbound: Inbound) -> bool:
        """Note an event as done, in the transaction that does it; False when it is a repeat."""
        dialect = self._c.dialect.name
        known = dialect == "sqlite" or "began" in vars(self._work)
        now = self._work.began if known else None  # PostgreSQL tells its time by the way
        new = _ARRIVED[dialect].first(self._c, {**self._values(inbound, "done"), "now": now})
        if new is not None:
            self._work.began = new[0]
        return new is not None

    def keep(self, inbound: Inbound) -> bool:
        """Note an event that is to be played next, by whoever comes to it first; False when it is a repeat."""
        self._kept += 1  # those of one transaction have an order, too
        values = {**self._values(inbound, "failed"), "now": self._work.began + self._kept * _TICK}
        new = _ARRIVED[self._c.dialect.name].rows(self._c, values)
        if new:
            i = t.inbox.c
            here = (i.channel == inbound.channel) & (i.address_key == keys().look_up(inbound.address))
            payload = msgspec.json.encode(inbound)
            self._c.execute(update(t.inbox).where(here, i.event_id == inbound.event_id).values(payload=payload))
        return bool(new)

    def earlier(self, inbound: Inbound) -> Sequence[Inbound]:
        """What was kept for its address before it and has not been tried yet, such as by another process."""
        i = t.inbox.c
        here = (i.channel == inbound.channel) & (i.address_key == keys().look_up(inbound.address))
        own = select(i.received).where(here, i.event_id == inbound.event_id).scalar_subquery()
        untried = (i.status == "failed") & (i.attempts == 0) & i.payload.is_not(None)
        rows = self._c.execute(select(i.payload).where(here, untried, i.received < own).order_by(i.received))
        return [msgspec.json.decode(payload, type=Inbound) for (payload,) in rows]

    def known(self, channel: str, address: str, event_id: str) -> bool:
        """Whether an event has arrived, whatever became of it."""
        i = t.inbox.c
        here = (i.channel == channel) & (i.address_key == keys().look_up(address)) & (i.event_id == event_id)
        return self._c.scalar(select(i.status).where(here)) is not None

    def failed(self, inbound: Inbound) -> int:
        """Note that handling an event failed; gives how often so far, and sets it aside at the third time.

        An event that is done stays done: when the connection broke just after the commit, that was no failure.
        """
        _ARRIVED[self._c.dialect.name].rows(self._c, {**self._values(inbound, "failed"), "now": self._work.began})
        here = (
            (t.inbox.c.channel == inbound.channel)
            & (t.inbox.c.address_key == keys().look_up(inbound.address))
            & (t.inbox.c.event_id == inbound.event_id)
            & (t.inbox.c.status != "done")
        )
        attempts = int(self._c.scalar(select(t.inbox.c.attempts).where(here)) or 0) + 1
        status = "aside" if attempts >= TRIES else "failed"
        payload = msgspec.json.encode(inbound)
        self._c.execute(update(t.inbox).where(here).values(attempts=attempts, status=status, payload=payload))
        return attempts

    def count(self, channel: str, address: str, since: float) -> int:
        """How many events came from an address after a machine moment."""
        i = t.inbox.c
        here = (i.channel == channel) & (i.address_key == keys().look_up(address)) & (i.received > since)
        return int(self._c.scalar(select(func.count()).select_from(t.inbox).where(here)) or 0)

    def aside(self, channel: str, event_id: str, raw: bytes) -> None:
        """Keep something that can't be read, for whoever looks into it; there is nobody to tell."""
        values = {"channel": channel, "key": keys().look_up(""), "event": event_id, "new_status": "aside"}
        new = _ARRIVED[self._c.dialect.name].rows(self._c, {**values, "now": self._work.machine_now()})
        if new:
            here = (t.inbox.c.channel == channel) & (t.inbox.c.address_key == values["key"])
            self._c.execute(update(t.inbox).where(here, t.inbox.c.event_id == event_id).values(payload=raw))

    def retry(self, inbound: Inbound) -> bool:
        """Note an event that failed before as done; False when it was done or set aside meanwhile."""
        done = self._c.execute(
            update(t.inbox)
            .where(
                t.inbox.c.channel == inbound.channel,
                t.inbox.c.address_key == keys().look_up(inbound.address),
                t.inbox.c.event_id == inbound.event_id,
                t.inbox.c.status == "failed",
            )
            .values(status="done", payload=None)
        )
        return bool(done.rowcount)

    def to_retry(self) -> Sequence[Inbound]:
        """Events that failed and were left, the oldest first; such as by a process that died."""
        rows = self._c.execute(
            select(t.inbox.c.payload).where(t.inbox.c.status == "failed").order_by(t.inbox.c.received)
        )
        return [msgspec.json.decode(payload, type=Inbound) for (payload,) in rows if payload]

    def forget(self, before: float) -> int:
        """Drop what was done before a machine moment: nobody redelivers after that."""
        old = delete(t.inbox).where(t.inbox.c.status == "done", t.inbox.c.received < before)
        return self._c.execute(old).rowcount

    def _values(self, inbound: Inbound, status: str) -> dict[str, object]:
        return {
            "channel": inbound.channel,
            "key": keys().look_up(inbound.address),
            "event": inbound.event_id,
            "new_status": status,
        }
