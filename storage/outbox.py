"""The outbox: messages for channels that are reached by a call; a row before it is a call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import delete, func, insert, literal, or_, select, update

from conversations.messages import Message
from storage import outbox_statements as statements
from storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import ColumnElement

    from storage.work import Work

LEASE: Final = 60.0  # seconds; longer than any channel's HTTP time-out
TRIES: Final = 12
LANES = ANSWER, NOTICE, BULK = 0, 1, 2
ASKED_TO_WAIT: Final = "asked to wait"
NOTICES: Final = "notice"  # the kind of job that looks after one
_LEFT: Final = 30.0  # seconds in which a messenger may still say what it was given before a crash
_TOGETHER: Final = 10  # rows in one message
_LAST: Final = 500  # rows, among which are those of the last second
_o = t.outbox.c
_decode: Final = msgspec.json.Decoder(Message).decode

Remark = tuple[str, Message]  # what an answer of a burst remarks; a later one of the same mark says it better
_UNSAID: Final[dict[str, object]] = {
    "repeatable": True,
    "status": "waiting",
    "attempts": 0,
    "not_before": 0.0,
    "claimed_by": None,
    "claimed_until": None,
    "key": None,
    "subject": "",
    "burst": None,
    "remarks": None,
    "notice": None,
}
_remarks: Final = msgspec.json.Decoder(list[Remark]).decode


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
    unreachable: str = ""  # why nothing can be sent to the chat
    created: float = field(default=0.0, compare=False)  # a machine moment
    notice: str | None = None  # which notice it is an attempt to give


@dataclass(frozen=True, slots=True)
class Head:
    """The first ripe row of a chat and lane, not claimed."""

    chat: str
    lane: int
    subject: str
    unreachable: str


class Outbox:
    """Order holds per chat and lane: a row that waits holds back the later ones of its own lane only."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection
        self._taken: set[str] = set()

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
        remarks: Sequence[Remark] = (),
        delay: float = 0.0,
        notice: str | None = None,
    ) -> bool:
        """A message to send, after `delay` seconds; False when one with this key is there already."""
        now = self._work.began
        if key is not None and self._c.scalar(select(_o.id).where(_o.key == key)) is not None:
            return False
        self._insert(
            chat=chat,
            channel=channel,
            lane=lane,
            body=msgspec.json.encode(message),
            repeatable=repeatable,
            key=key,
            subject=subject,
            burst=burst or None,
            remarks=msgspec.json.encode(remarks) if remarks else None,
            not_before=now + delay if delay else 0.0,
            created=now,
            notice=notice,
        )
        self._work.touch("outbox")
        return True

    def waits(self, chat: str, lane: int) -> bool:
        """Whether something is still to be claimed there."""
        return bool(statements.WAITING_IN_LANE.rows(self._c, {"in_chat": chat, "in_lane": lane}))

    def take(
        self,
        chat: str,
        channel: str,
        address: str,
        message: Message,
        by: str,
        *,
        subject: str = "",
        repeatable: bool = True,
    ) -> Row | None:
        """An answer that `by`, in this process, sends as soon as this is committed: its row is born claimed.

        None, and nothing is added, where an earlier answer to this chat is still to be sent.
        """
        now = self._work.began
        values = {
            **_UNSAID,
            "chat": chat,
            "channel": channel,
            "lane": ANSWER,
            "body": msgspec.json.encode(message),
            "status": "claimed",
            "attempts": 1,
            "claimed_by": by,
            "claimed_until": now + LEASE,
            "subject": subject,
            "repeatable": repeatable,
            "created": now,
        }
        # what this transaction adds goes out in its own order
        added = (statements.INSERT if chat in self._taken else statements.INSERT_FIRST).rows(self._c, values)
        if not added:
            return None
        self._taken.add(chat)
        return Row(added[0][0], chat, channel, address, message, 1, repeatable, ANSWER, subject, created=now)

    def _insert(self, **values: object) -> int:
        return int(statements.INSERT.rows(self._c, {**_UNSAID, **values})[0][0])

    def supersede(self, chat: str, burst: str) -> list[Remark]:
        """What still waits of a burst is not said any more; gives the remarks in it, which are yet to be made."""
        older = (_o.chat == chat) & (_o.burst == burst) & statements.OPEN & statements.WAITS
        kept = list(self._c.execute(select(_o.id, _o.remarks).where(older).order_by(_o.id).with_for_update()))
        if kept:
            self._c.execute(delete(t.outbox).where(_o.id.in_([row for row, _ in kept])))
        return [remark for _, remarks in kept if remarks for remark in _remarks(remarks)]

    def claim(self, channels: Collection[str], by: str, most: int = 30, lanes: Sequence[int] = LANES) -> Sequence[Row]:
        """The first waiting row of each chat and lane on these channels, leased to `by`."""
        now = self._work.began
        found: list[Row] = []
        for lane in lanes:
            for channel in channels:
                if (room := most - len(found)) > 0:
                    place = {"in_channel": channel, "in_lane": lane, "ripe_at": now, "most": room}
                    found += map(_row, statements.FIRSTS.rows(self._c, place))
        self._claim(found, by, now)
        return found

    def claim_next(
        self, chat: str, lane: int, by: str, fits: Callable[[Sequence[Row], Row], bool] | None = None
    ) -> Sequence[Row]:
        """The next row of one chat and lane, leased to `by`; and those after it while each `fits` the ones before."""
        now = self._work.machine_now()
        place = {"in_chat": chat, "in_lane": lane, "most": 1 if fits is None else _TOGETHER}
        found: list[Row] = []
        for *columns, status, not_before in statements.OF_CHAT.rows(self._c, place):
            row = _row(columns)
            if status == "claimed" or not_before > now or (fits is not None and not fits(found, row)):
                break
            found.append(row)
        self._claim(found, by, now)
        return found

    def heads(self, channels: Collection[str], most: int = 100) -> Sequence[Head]:
        """Where something waits on these channels and may be sent now."""
        now = self._work.machine_now()
        found: list[Head] = []
        for channel in channels:
            for lane in LANES:
                place = {"in_channel": channel, "in_lane": lane, "ripe_at": now, "most": most}
                rows = map(_row, statements.FIRSTS.rows(self._c, place))
                found += [Head(row.chat, row.lane, row.subject, row.unreachable) for row in rows]
        return found

    def ripe_in(self, channels: Collection[str]) -> float | None:
        """Seconds until the next row that was put off may be sent."""
        now = self._work.began
        later = select(func.min(_o.not_before)).where(_o.channel.in_(channels), statements.WAITS, _o.not_before > now)
        ripe_at = self._c.scalar(later)
        return None if ripe_at is None else float(ripe_at) - now

    def _claim(self, rows: Sequence[Row], by: str, now: float) -> None:
        if rows:
            statements.CLAIM.many(self._c, [{"row": row.id, "by": by, "until": now + LEASE} for row in rows])

    def renew(self, rows: Collection[int], by: str) -> None:
        """They are still in the claimer's hands."""
        mine = _o.id.in_(rows) & statements.CLAIMED & (_o.claimed_by == by)
        self._c.execute(update(t.outbox).where(mine).values(claimed_until=self._work.machine_now() + LEASE))

    def holds(self, row: int, by: str) -> bool:
        """Whether a claim is still good: what came of a call is noted once, and by nobody who stood still for long."""
        mine = (_o.id == row) & statements.CLAIMED & (_o.claimed_by == by)
        return self._c.scalar(select(_o.id).where(mine).with_for_update()) is not None

    def give_back(self, rows: Collection[int], by: str) -> None:
        """Claimed, and not tried after all."""
        if rows:
            mine = _o.id.in_(rows) & statements.CLAIMED & (_o.claimed_by == by)
            self._c.execute(update(t.outbox).where(mine).values(status="waiting", attempts=_o.attempts - 1))
            self._work.touch("outbox")

    def sent(self, row: int, provider_id: str) -> None:
        """The provider took it: its words are no longer kept."""
        self.sent_all([(row, provider_id)])

    def sent_all(self, rows: Sequence[tuple[int, str]]) -> bool:
        """The same for several rows and the provider's ids of them; whether something may wait behind one of them."""
        if self._c.dialect.name != "sqlite":
            ids, providers = zip(*rows, strict=True)
            return any(behind for (behind,) in statements.SENT_ALL.rows(self._c, {"rows": ids, "providers": providers}))
        now = self._work.machine_now()
        statements.SENT.many(self._c, [{"row": row, "provider": provider, "at": now} for row, provider in rows])
        return any(statements.WAITING_BEHIND.rows(self._c, {"row": row}) for row, _ in rows)

    def sent_also(self, row: int, provider_ids: Sequence[str]) -> None:
        """The other messages of an album that a row was: whoever answers one of them answers the row."""
        kept = ("chat", "channel", "lane", "repeatable", "status", "attempts", "subject", "created", "ended")
        for provider_id in provider_ids:
            same = select(*(_o[name] for name in kept), literal(provider_id)).where(_o.id == row)
            self._c.execute(insert(t.outbox).from_select([*kept, "provider_id"], same))

    def later(self, row: int, seconds: float, error: str) -> None:
        """Put off; the later rows of its lane wait with it."""
        self._c.execute(
            update(t.outbox)
            .where(_o.id == row)
            .values(status="waiting", not_before=self._work.machine_now() + seconds, error=error[:200])
        )

    def behind(self, row: int, seconds: float, error: str) -> None:
        """Put off, and behind whatever else waits in its lane."""
        found = self._c.execute(select(t.outbox).where(_o.id == row)).mappings().one()
        self._c.execute(delete(t.outbox).where(_o.id == row))
        kept = {
            name: found[name] for name in statements.BLANKS if name not in ("status", "claimed_by", "claimed_until")
        }
        number = self._insert(**{**kept, "status": "waiting"})
        self.later(number, seconds, error)

    def hold(self, chat: str, seconds: float) -> None:
        """The provider wants nothing for this chat: whatever waits for it waits so long at least."""
        until = self._work.machine_now() + seconds
        soon = (_o.chat == chat) & statements.OPEN & statements.WAITS & (_o.not_before < until)
        self._c.execute(update(t.outbox).where(soon).values(not_before=until))

    def hurry(self, channels: Collection[str]) -> None:
        """The provider answers again: what was put off because it did not goes out now."""
        now = self._work.machine_now()
        late = _o.channel.in_(channels) & statements.WAITS & (_o.not_before > now)
        tried = late & _o.error.is_not(None) & (_o.error != ASKED_TO_WAIT)
        if self._c.execute(update(t.outbox).where(tried).values(not_before=0.0)).rowcount:
            self._work.touch("outbox")

    def failed(self, row: int, error: str) -> None:
        """Given up; the words are kept for when the chat can be reached again."""
        self._end(row, status="failed", error=error[:200])

    def notices_waiting(self, chat: str) -> Sequence[str]:
        """What the rows are about that wait for a chat in the lane of notices, and belong to none."""
        waits = (_o.chat == chat) & (_o.lane == NOTICE) & statements.OPEN & statements.WAITS & (_o.subject != "")
        return list(self._c.scalars(select(_o.subject).where(waits, _o.notice.is_(None)).order_by(_o.id)))

    def waiting_of_notices(self, chat: str) -> Sequence[str]:
        """The notices with a row that waits for a chat."""
        waits = (_o.chat == chat) & statements.OPEN & statements.WAITS & _o.notice.is_not(None)
        return list(dict.fromkeys(self._c.scalars(select(_o.notice).where(waits).order_by(_o.id))))

    def withdraw(self, notices: Collection[str]) -> None:
        """What waits to give these is not said any more; a call that is under way is let go on."""
        if notices:
            self._c.execute(delete(t.outbox).where(_o.notice.in_(notices), statements.OPEN, statements.WAITS))

    def too_slow(self, notice: str) -> bool:
        """What waits to give this one is given up; False while a call is under way."""
        mine = _o.notice == notice
        if self._c.scalar(select(_o.id).where(mine, statements.CLAIMED).limit(1)) is not None:
            return False
        lost = {"status": "failed", "error": "slow", "remarks": None, "ended": self._work.machine_now()}
        self._c.execute(update(t.outbox).where(mine, statements.OPEN, statements.WAITS).values(lost))
        return True

    def slow(self, chat: str, subject: str) -> bool | None:
        """What still waits for a chat about this is given up; whether there was anything, None while it is called."""
        mine = (_o.chat == chat) & (_o.subject == subject)
        if self._c.scalar(select(_o.id).where(mine, statements.CLAIMED).limit(1)) is not None:
            return None
        waits = mine & statements.OPEN & statements.WAITS
        lost = {"status": "failed", "error": "slow", "remarks": None, "ended": self._work.machine_now()}
        return bool(self._c.execute(update(t.outbox).where(waits).values(lost)).rowcount)

    def failed_all(self, chat: str, error: str) -> None:
        """All that waits for a chat is given up."""
        waits = (_o.chat == chat) & statements.OPEN & statements.WAITS
        lost = {"status": "failed", "error": error[:200], "remarks": None, "ended": self._work.machine_now()}
        self._c.execute(update(t.outbox).where(waits).values(lost))

    def missed(self, chat: str, subject: str, since: float) -> bool:
        """Whether a notice about this has failed there since a machine moment."""
        lost = (_o.chat == chat) & statements.FAILED & (_o.subject == subject) & (_o.lane == NOTICE)
        return self._c.scalar(select(_o.id).where(lost, _o.ended >= since).limit(1)) is not None

    def unknown(self, row: int) -> None:
        """The provider may have taken it or not, and it must not be sent twice."""
        self._end(row, status="unknown")

    def _end(self, row: int, **values: object) -> None:
        self._c.execute(
            update(t.outbox).where(_o.id == row).values(ended=self._work.machine_now(), remarks=None, **values)
        )

    def revive(self, chat: str, since: float, notices: Collection[str] = ()) -> None:
        """Send after all what a chat could not be given since a machine moment: rows of no notice, and of these."""
        lost = (_o.chat == chat) & statements.FAILED & (_o.lane == NOTICE) & (_o.created >= since)
        lost &= _o.notice.is_(None) | _o.notice.in_(notices)
        again = self._c.execute(update(t.outbox).where(lost).values(status="waiting", attempts=0, not_before=0.0))
        if again.rowcount:
            self._work.touch("outbox")

    def drop(self, chat: str) -> None:
        """What still waits for a chat is not for whoever is there any more."""
        self._c.execute(delete(t.outbox).where(_o.chat == chat, statements.OPEN, statements.WAITS))

    def forget_ids(self, chat: str) -> None:
        """The messenger numbers the chat's messages anew: the old numbers stand for nothing, or for others."""
        known = (_o.chat == chat) & _o.provider_id.is_not(None)
        self._c.execute(update(t.outbox).where(known).values(provider_id=None))

    def delivered(self, key: str) -> bool:
        """Whether the messenger took every call that was given this key."""
        states = self._c.scalars(select(_o.status).where(_o.key.startswith(f"{key}:", autoescape=True))).all()
        return bool(states) and set(states) == {"sent"}

    def subject_at(self, chat: str, provider_id: str) -> str:
        """What a message that was sent is about, or empty."""
        here = (_o.chat == chat) & (_o.provider_id == provider_id) & statements.ABOUT
        return self._c.scalar(select(_o.subject).where(here).order_by(_o.id.desc())) or ""

    def release(self, by: str | None = None, *, but: Collection[int] = ()) -> None:
        """After a crash: what was claimed is unknown; repeatable rows go out once more, the others never.

        With `by`, that claimer's rows; else those whose lease has run out. `but` are in the caller's own hands: a clock
        that was put forward ends no call.
        """
        now = self._work.machine_now()
        mine = _o.claimed_by == by if by is not None else or_(_o.claimed_until < now, _o.claimed_until.is_(None))
        self._release(mine & _o.id.not_in(but) if but else mine)

    def inherit(self, channels: Collection[str], by: str) -> None:
        """The same for all that others than `by` have claimed on these channels: no other process sends there now."""
        self._release(_o.channel.in_(channels) & (_o.claimed_by != by))

    def _release(self, lost: ColumnElement[bool]) -> None:
        lost &= statements.CLAIMED
        again = self._c.execute(update(t.outbox).where(lost, _o.repeatable).values(status="waiting"))
        unknown = update(t.outbox).where(lost, ~_o.repeatable).values(status="unknown").returning(_o.notice)
        never = list(self._c.scalars(unknown))
        for notice in filter(None, never):  # nobody will say what came of it: it goes on elsewhere
            self._work.jobs.add(NOTICES, notice, due=self._work.machine_now() + _LEFT)
        if again.rowcount or never:
            self._work.touch("outbox")

    def ended_since(self, channels: Collection[str], moment: float) -> Sequence[tuple[str, float]]:
        """Chat and moment of the last calls, as far as rows tell: one that was claimed and lost may have gone too."""
        at = func.coalesce(_o.ended, _o.claimed_until - LEASE)
        newest = select(func.max(_o.id)).scalar_subquery()
        rows = select(_o.chat, at).where(_o.id > newest - _LAST, _o.channel.in_(channels), at >= moment)
        return [(chat, float(ended)) for chat, ended in self._c.execute(rows.order_by(at))]


def _row(found: Sequence[Any]) -> Row:
    row, chat, channel, address, body, attempts, repeatable, lane, subject, unreachable, created, notice = found
    tries = attempts + 1  # the one that begins now
    words = address.decode(), _decode(body)
    return Row(row, chat, channel, *words, tries, bool(repeatable), lane, subject, unreachable, created, notice)
