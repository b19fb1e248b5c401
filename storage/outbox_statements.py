"""The outbox's statements: the partial indexes serve only conditions that are spelt out as theirs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, bindparam, insert, literal_column, select, update

from storage import tables as t
from storage.prepared import Prepared

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

_o = t.outbox.c
_WAITING: Final[ColumnElement[str]] = literal_column("'waiting'")
_CLAIMED: Final[ColumnElement[str]] = literal_column("'claimed'")

WAITS: Final[ColumnElement[bool]] = _o.status == _WAITING
OPEN: Final[ColumnElement[bool]] = _o.status.in_((_WAITING, _CLAIMED))
FAILED: Final[ColumnElement[bool]] = _o.status == literal_column("'failed'", String)
ABOUT: Final[ColumnElement[bool]] = _o.subject != literal_column("''", String)  # something
CLAIMED: Final[ColumnElement[bool]] = OPEN & (_o.status == _CLAIMED)

BLANKS: Final[dict[str, Any]] = {
    column: bindparam(column)
    for column in (
        "chat",
        "channel",
        "lane",
        "body",
        "repeatable",
        "status",
        "attempts",
        "not_before",
        "claimed_by",
        "claimed_until",
        "key",
        "subject",
        "burst",
        "remarks",
        "created",
        "notice",
    )
}
INSERT: Final = Prepared(insert(t.outbox).values(BLANKS).returning(_o.id))
_IN_LANE: Final = select(_o.id).where(_o.chat == bindparam("in_chat"), _o.lane == bindparam("in_lane"), OPEN).limit(1)
OPEN_IN_LANE: Final = Prepared(_IN_LANE)
WAITING_IN_LANE: Final = Prepared(_IN_LANE.where(WAITS))

_earlier = t.outbox.alias()
_FIRST: Final = ~(
    select(_earlier.c.id)
    .where(
        _earlier.c.chat == _o.chat,
        _earlier.c.lane == _o.lane,
        _earlier.c.id < _o.id,
        _earlier.c.status.in_((_WAITING, _CLAIMED)),
    )
    .exists()
)
_ROWS: Final = select(
    _o.id,
    _o.chat,
    _o.channel,
    t.chats.c.address,
    _o.body,
    _o.attempts,
    _o.repeatable,
    _o.lane,
    _o.subject,
    t.chats.c.unreachable,
    _o.created,
    _o.notice,
).join(t.chats, t.chats.c.id == _o.chat)
_RIPE: Final = WAITS & (_o.not_before <= bindparam("ripe_at"))
FIRSTS: Final = Prepared(  # the first row of each chat, in one lane of one channel
    _ROWS.where(_o.channel == bindparam("in_channel"), _o.lane == bindparam("in_lane"), _RIPE, _FIRST)
    .order_by(_o.id)
    .limit(bindparam("most"))
    .with_for_update(of=t.outbox, skip_locked=True)
)
OF_CHAT: Final = Prepared(  # what waits in one lane of one chat, ripe or not
    _ROWS.where(_o.chat == bindparam("in_chat"), _o.lane == bindparam("in_lane"), OPEN)
    .add_columns(_o.status, _o.not_before)
    .order_by(_o.id)
    .limit(bindparam("most"))
    .with_for_update(of=t.outbox, skip_locked=True)
)
CLAIM: Final = Prepared(
    update(t.outbox)
    .where(_o.id == bindparam("row"))
    .values(
        status="claimed",
        claimed_by=bindparam("by"),
        claimed_until=bindparam("until"),
        attempts=_o.attempts + 1,
    )
)
SENT: Final = Prepared(
    update(t.outbox)
    .where(_o.id == bindparam("row"))
    .values(status="sent", provider_id=bindparam("provider"), body=None, remarks=None, ended=bindparam("at"))
)
