"""The outbox: messages for channels that are reached by a call; a row before it is a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import and_, delete, insert, or_, select, update

from conversations.messages import Message
from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from storage.work import Work

LEASE: Final = 60.0  # seconds; longer than any channel's HTTP time-out
TRIES: Final = 8
ANSWER, NOTICE, BULK = 0, 1, 2  # lanes
_o = t.outbox.c
_decode: Final = msgspec.json.Decoder(Message).decode


@dataclass(frozen=True, slots=True)
class Row:
    """A claimed message and where it goes."""

    id: int
    chat: str
    channel: str
    address: str
    message: Message
    attempts: int
    repeatable: bool
    lane: int
    subject: str  # "dossier:<id>" or "call:<id>" it is about, or empty


class Outbox:
    """Order holds per chat and lane: a row that waits holds back the later ones of its own lane only."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def add(  # noqa: PLR0913 - what a row may carry, named where it is given
        self,
        chat: str,
        channel: str,
        message: Message,
        *,
        lane: int = ANSWER,
        key: str | None = None,
        repeatable: bool = True,
        subject: str = "",
        burst: str = "",
        delay: float = 0.0,
    ) -> bool:
        """A message to send, after `delay` seconds; False when one with this key is there already."""
        now = self._work.machine_now()
        if key is not None and self._c.scalar(select(_o.id).where(_o.key == key)) is not None:
            return False
        self._c.execute(
            insert(t.outbox).values(
                chat=chat,
                channel=channel,
                lane=lane,
                body=msgspec.json.encode(message),
                repeatable=repeatable,
                status="waiting",
                key=key,
                subject=subject,
                burst=burst or None,
                not_before=now + delay if delay else 0.0,
                created=now,
            )
        )
        self._work.touch("outbox")
        return True

    def supersede(self, chat: str, burst: str) -> None:
        """What still waits of a burst is no longer worth saying: something newer is."""
        older = (_o.chat == chat) & (_o.burst == burst) & (_o.status == "waiting")
        self._c.execute(delete(t.outbox).where(older))

    def claim(self, channels: Collection[str], by: str, most: int = 30) -> Sequence[Row]:
        """The first waiting row of each chat and lane on these channels, leased to `by`."""
        now = self._work.machine_now()
        earlier = t.outbox.alias()
        first = ~(
            select(earlier.c.id)
            .where(
                earlier.c.chat == _o.chat,
                earlier.c.lane == _o.lane,
                earlier.c.id < _o.id,
                earlier.c.status.in_(("waiting", "claimed")),
            )
            .exists()
        )
        ripe = and_(_o.status == "waiting", _o.channel.in_(channels), _o.not_before <= now, first)
        ids = list(
            self._c.scalars(
                select(_o.id).where(ripe).order_by(_o.lane, _o.id).limit(most).with_for_update(skip_locked=True)
            )
        )
        if not ids:
            return ()
        self._c.execute(
            update(t.outbox)
            .where(_o.id.in_(ids))
            .values(status="claimed", claimed_by=by, claimed_until=now + LEASE, attempts=_o.attempts + 1)
        )
        rows = self._c.execute(
            select(
                _o.id,
                _o.chat,
                _o.channel,
                t.chats.c.address,
                _o.body,
                _o.attempts,
                _o.repeatable,
                _o.lane,
                _o.subject,
            )
            .join(t.chats, t.chats.c.id == _o.chat)
            .where(_o.id.in_(ids))
            .order_by(_o.lane, _o.id)
        )
        return [
            Row(i, chat, channel, address.decode(), _decode(body), attempts, repeatable, lane, subject)
            for i, chat, channel, address, body, attempts, repeatable, lane, subject in rows
        ]

    def sent(self, row: int, provider_id: str) -> None:
        """The provider took it: its words are no longer kept."""
        self._end(row, status="sent", provider_id=provider_id, body=None)

    def later(self, row: int, seconds: float, error: str) -> None:
        """Put off; the later rows of its lane wait with it."""
        self._c.execute(
            update(t.outbox)
            .where(_o.id == row)
            .values(status="waiting", not_before=self._work.machine_now() + seconds, error=error[:200])
        )

    def failed(self, row: int, error: str) -> None:
        """Given up; the words are kept for when the chat can be reached again."""
        self._end(row, status="failed", error=error[:200])

    def unknown(self, row: int) -> None:
        """The provider may have taken it or not, and it must not be sent twice."""
        self._end(row, status="unknown")

    def _end(self, row: int, **values: object) -> None:
        self._c.execute(update(t.outbox).where(_o.id == row).values(ended=self._work.machine_now(), **values))

    def revive(self, chat: str, since: float) -> None:
        """Send the notices after all that a chat could not be given since a machine moment."""
        lost = (_o.chat == chat) & (_o.status == "failed") & (_o.lane == NOTICE) & (_o.created >= since)
        again = self._c.execute(update(t.outbox).where(lost).values(status="waiting", attempts=0, not_before=0.0))
        if again.rowcount:
            self._work.touch("outbox")

    def subject_at(self, chat: str, provider_id: str) -> str:
        """What a message that was sent is about, or empty."""
        here = (_o.chat == chat) & (_o.provider_id == provider_id) & (_o.subject != "")
        return self._c.scalar(select(_o.subject).where(here).order_by(_o.id.desc())) or ""

    def release(self, by: str | None = None) -> None:
        """After a crash: what was claimed is unknown; repeatable rows go out once more, the others never.

        With `by`, that claimer's rows (a single process at its start); else those whose lease has run out.
        """
        now = self._work.machine_now()
        mine = _o.claimed_by == by if by is not None else or_(_o.claimed_until < now, _o.claimed_until.is_(None))
        lost = and_(_o.status == "claimed", mine)
        again = self._c.execute(update(t.outbox).where(lost, _o.repeatable).values(status="waiting"))
        never = self._c.execute(update(t.outbox).where(lost, ~_o.repeatable).values(status="unknown"))
        if again.rowcount or never.rowcount:
            self._work.touch("outbox")
