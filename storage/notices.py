"""Notices: news for a person, each a row that says what is known of its arrival; its attempts are rows of the outbox.

What a live page shows has no row in the outbox: there the message itself is the delivery, and `page` and `number` are
which one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from sqlalchemy import Select, and_, bindparam, case, exists, func, insert, literal_column, or_, select, update

from conversations.messages import Message
from domain.codes import ALPHABET
from domain.words import bare
from storage import tables as t
from storage.outbox_statements import FAILED, OPEN
from storage.prepared import Prepared
from storage.sealed import keys

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from storage.work import Work

KEPT: Final = timedelta(days=30)  # for which news that could not be given is still worth giving
_n = t.notices.c
_o = t.outbox.c
_SHORT: Final = ("sms", "zns")  # that something waits, and not what
_CHECK: Final = 8  # characters
_decode: Final = msgspec.json.Decoder(Message).decode
_encode: Final = msgspec.json.Encoder().encode


class State(StrEnum):
    """What is known of a notice's arrival."""

    GOING = "going"  # on its way, or waiting for the morning
    ARRIVED = "arrived"  # a messenger took it, or a page shows it
    READ = "read"
    ANSWERED = "answered"
    PHONE = "phone"  # an officer has to telephone
    LOST = "lost"  # and has, in vain
    DROPPED = "dropped"  # they want no news, or it is no news any more


UNTOLD: Final = (State.GOING, State.PHONE, State.LOST, State.DROPPED)


@dataclass(frozen=True, slots=True)
class Notice:
    """One row. `told`: the chat in which it was told last; `next_at`: when it goes on if nothing happens."""

    id: str
    person: str | None
    chat: str
    subject: str
    kind: str
    message: Message
    check: str
    expects: bool
    urgent: bool
    status: State
    told: str | None
    page: str | None
    number: int | None
    made_at: datetime
    next_at: datetime | None = None
    ended_at: datetime | None = None


class Attempt(NamedTuple):
    """A call that was to give a notice, in the words of the outbox; `ended` is a machine moment."""

    chat: str
    channel: str
    status: str
    ended: float


_COLUMNS: Final = (
    _n.id,
    _n.person,
    _n.chat,
    _n.subject,
    _n.kind,
    _n.body,
    _n.check,
    _n.expects,
    _n.urgent,
    _n.status,
    _n.told,
    _n.page,
    _n.number,
    _n.made_at,
    _n.next_at,
    _n.ended_at,
)
_ADD: Final = Prepared(
    insert(t.notices).values(
        {
            name: bindparam(name)
            for name in (
                "id",
                "person",
                "chat",
                "subject",
                "kind",
                "body",
                "text_key",
                "check",
                "expects",
                "urgent",
                "status",
                "told",
                "page",
                "number",
                "rung",
                "made_at",
                "next_at",
                "ended_at",
            )
        }
    )
)
# Once all its calls to a chat were taken; a notice of which nothing more is awaited ends with that.
_ARRIVED: Final = Prepared(
    update(t.notices)
    .where(
        _n.id == bindparam("notice"),
        _n.status.in_([literal_column(f"'{state}'") for state in ("going", "phone", "lost", "arrived")]),
        ~exists().where(_o.notice == bindparam("of_notice"), _o.chat == bindparam("in_chat"), OPEN | FAILED),
    )
    .values(
        status=literal_column("'arrived'"),
        told=bindparam("to_chat"),
        ended_at=case(
            (_n.expects, _n.ended_at), else_=func.coalesce(bindparam("at", type_=_n.ended_at.type), _n.made_at)
        ),
    )
)


class Notices:
    """Written in the transaction of what they tell of."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def add(self, notice: Notice) -> None:
        """A new one; its words are kept until it needs them no more."""
        values = {name: getattr(notice, name) for name in _SAME_NAME}
        body = {"body": _encode(notice.message), "text_key": keys().look_up(bare(notice.message.text))}
        _ADD.many(self._c, [{**values, **body, "status": str(notice.status), "rung": int(notice.told is not None)}])

    def get(self, notice: str) -> Notice | None:
        """One of them, locked."""
        return self._first(select(*_COLUMNS).where(_n.id == notice).with_for_update())

    def newest(self, subject: str) -> Notice | None:
        """The latest about a dossier or call."""
        about = select(*_COLUMNS).where(_n.subject == subject)
        return self._first(about.order_by(_n.made_at.desc(), _n.id.desc()).limit(1))

    def of(self, subject: str) -> Sequence[Notice]:
        """All about a dossier or call, the oldest first."""
        return self._all(select(*_COLUMNS).where(_n.subject == subject).order_by(_n.made_at, _n.id))

    def made_at(self, words: str, codes: Collection[str], person: str = "") -> datetime | None:
        """When news of these bare words, or under one of these codes, was made; None where none was.

        With `person` only theirs is looked at.
        """
        same = or_(_n.text_key == keys().look_up(words), _n.check.in_(codes)) if words else _n.check.in_(codes)
        same = same & (_n.person == person) if person else same
        return self._c.scalar(select(_n.made_at).where(same).order_by(_n.made_at.desc()).limit(1))

    def of_person(self, person: str, since: datetime, *states: State) -> Sequence[Notice]:
        """A person's, made since a moment and in one of these states, the oldest first."""
        wanted = and_(_n.person == person, _n.made_at >= since, _n.status.in_(states))
        return self._all(select(*_COLUMNS).where(wanted).order_by(_n.made_at, _n.id))

    def to_telephone(self, office: str, owner: str | None = None) -> Sequence[str]:
        """The dossiers of an office, or of one of its officers, about which somebody is to be telephoned.

        Those that wait longest stand first.
        """
        d = t.dossiers.c
        of = (d.office == office) if owner is None else (d.office == office) & (d.owner == owner)
        about = and_(_n.subject == literal_column("'dossier:'") + d.id, of, _n.status == literal_column("'phone'"))
        waits = select(d.id).where(about).group_by(d.id).order_by(func.min(_n.made_at), d.id)
        return self._c.scalars(waits).all()

    def waiting_to_be_telephoned(self, subject: str) -> bool:
        """Whether somebody has to telephone about this already."""
        waits = select(_n.id).where(_n.subject == subject, _n.status == State.PHONE).limit(1)
        return self._c.scalar(waits) is not None

    def change(self, notice: str, **columns: Any) -> None:
        """Note what has become of it."""
        self._c.execute(update(t.notices).where(_n.id == notice).values(columns))

    def taken(self, row: int) -> None:
        """A row of the outbox turned out to have been taken."""
        found = self._c.execute(select(_o.notice, _o.chat).where(_o.id == row)).first()
        if found is not None and found.notice is not None:
            self.arrived([(found.notice, found.chat)], None)

    def arrived(self, calls: Collection[tuple[str, str]], at: datetime | None) -> None:
        """Of these notices a call to this chat was taken."""
        blanks = [
            {"notice": notice, "of_notice": notice, "in_chat": chat, "to_chat": chat, "at": at}
            for notice, chat in dict.fromkeys(calls)
        ]
        _ARRIVED.many(self._c, blanks)

    def ended(self, subject: str, at: datetime, *, answered: bool, kinds: Collection[str] = ()) -> Sequence[str]:
        """An answer has come, or none is due any more; gives which notices waited for it."""
        open_ = and_(_n.subject == subject, _n.expects, _n.ended_at.is_(None))
        if kinds:
            open_ &= _n.kind.in_(kinds)
        status: Any = State.ANSWERED
        if not answered:
            status = case((_n.status == State.PHONE, State.DROPPED), else_=_n.status)
            open_ &= _n.status != State.GOING
        over = update(t.notices).where(open_).values(status=status, ended_at=at, next_at=None).returning(_n.id)
        return list(self._c.scalars(over))

    def reminded(self, subject: str, at: datetime) -> None:
        """What was told before goes no further by itself: the reminder does."""
        told = and_(_n.subject == subject, _n.expects, _n.ended_at.is_(None), _n.status == State.ARRIVED)
        self._c.execute(update(t.notices).where(told).values(ended_at=at, next_at=None))

    def attempts(self, notice: str) -> Sequence[Attempt]:
        """The calls that were made or wait for it, the oldest first."""
        rows = select(_o.chat, _o.channel, _o.status, _o.ended).where(_o.notice == notice).order_by(_o.id)
        return [Attempt(chat, channel, status, ended or 0.0) for chat, channel, status, ended in self._c.execute(rows)]

    def failed_in(self, chat: str) -> Sequence[Notice]:
        """What a chat could not be given, and nobody was told elsewhere, or only in the words of a short message."""
        short = select(t.chats.c.id).where(t.chats.c.channel.in_(_SHORT))
        briefly = and_(_n.status == State.ARRIVED, _n.expects, _n.ended_at.is_(None), _n.told.in_(short))
        untold = or_(_n.status.in_((State.PHONE, State.LOST)), briefly)
        lost = _o.notice.in_(select(_n.id).where(untold))
        ids = select(_o.notice).where(_o.chat == chat, FAILED, lost).distinct()
        return self._all(select(*_COLUMNS).where(_n.id.in_(ids)).order_by(_n.made_at, _n.id))

    def settle(self, subject: str, at: datetime, status: State) -> bool:
        """An officer has telephoned; False where nothing waited for it."""
        waits = and_(_n.subject == subject, _n.status == State.PHONE)
        over = update(t.notices).where(waits).values(status=status, ended_at=at, next_at=None)
        return bool(self._c.execute(over).rowcount)

    def move(self, gone: str, keep: str) -> None:
        """A person has turned out to be another."""
        self._c.execute(update(t.notices).where(_n.person == gone).values(person=keep))

    def _first(self, statement: Select[Any]) -> Notice | None:
        row = self._c.execute(statement).first()
        return None if row is None else _notice(row)

    def _all(self, statement: Select[Any]) -> Sequence[Notice]:
        return [_notice(row) for row in self._c.execute(statement)]


_SAME_NAME: Final = (
    "id",
    "person",
    "chat",
    "subject",
    "kind",
    "check",
    "expects",
    "urgent",
    "told",
    "page",
    "number",
    "made_at",
    "next_at",
    "ended_at",
)


def new_check() -> str:
    """What stands on a message so that anybody may ask whether it is ours: letters that are not mistaken."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_CHECK))


def _notice(row: Any) -> Notice:
    found = row._asdict()
    body = found.pop("body")
    return Notice(**{**found, "status": State(found["status"])}, message=_decode(body))
