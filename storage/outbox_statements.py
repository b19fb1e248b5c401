"""The outbox's statements: the partial indexes serve only conditions that are spelt out as theirs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, String, bindparam, exists, func, insert, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY

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
_earlier = t.outbox.alias()
_UNSENT: Final = _earlier.c.status.in_((_WAITING, _CLAIMED))
_IN_THE_WAY: Final = exists().where(_earlier.c.chat == bindparam("chat"), _earlier.c.lane == bindparam("lane"), _UNSENT)
INSERT_FIRST: Final = Prepared(  # the same, where nothing of its chat and lane is still to be sent
    insert(t.outbox)
    .from_select([*BLANKS], select(*(bindparam(name, type_=_o[name].type) for name in BLANKS)).where(~_IN_THE_WAY))
    .returning(_o.id)
)
_IN_LANE: Final = select(_o.id).where(_o.chat == bindparam("in_chat"), _o.lane == bindparam("in_lane"), OPEN).limit(1)
WAITING_IN_LANE: Final = Prepared(_IN_LANE.where(WAITS))
WAITING_BEHIND: Final = Prepared(
    select(_o.id)
    .join(_earlier, (_earlier.c.chat == _o.chat) & (_earlier.c.lane == _o.lane))
    .where(_earlier.c.id == bindparam("row"), OPEN, WAITS)
    .limit(1)
)

_FIRST: Final = ~(
    select(_earlier.c.id)
    .where(
        _earlier.c.chat == _o.chat,
        _earlier.c.lane == _o.lane,
        _earlier.c.id < _o.id,
        _UNSENT,
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
_ended: Final = (
    func.unnest(bindparam("rows", type_=ARRAY(BigInteger)), bindparam("providers", type_=ARRAY(String)))
    .table_valued("row_id", "provider", name="ended_rows")
    .render_derived()
)
SENT_ALL: Final = Prepared(  # PostgreSQL's: many in one journey; and whether something waits behind each
    update(t.outbox)
    .where(_o.id == _ended.c.row_id)
    .values(
        status="sent",
        provider_id=_ended.c.provider,
        body=None,
        remarks=None,
        ended=func.extract("epoch", func.clock_timestamp()),
    )
    .returning(
        exists()
        .where(_earlier.c.chat == _o.chat, _earlier.c.lane == _o.lane, _UNSENT, _earlier.c.status == _WAITING)
        .correlate(t.outbox)
    )
)
