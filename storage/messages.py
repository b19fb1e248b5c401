"""What live pages show: messages of both directions, numbered per chat, with a revision that grows at each change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import bindparam, insert, or_, select, update

from conversations.messages import Message, Shown
from storage import tables as t
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.work import Work

BOT: Final = ""
CITIZEN: Final = "citizen"
_LAST: Final = 500  # messages among which a paper of the last days is
_DIGITS: Final = 18  # of the largest number that both databases take

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Message).decode
_m = t.messages.c
_INSERT = Prepared(
    insert(t.messages).values(
        {column: bindparam(column) for column in ("chat", "number", "revision", "author", "only", "body", "at")}
    )
)
_EDIT = Prepared(
    update(t.messages)
    .where(_m.chat == bindparam("in_chat"), _m.number == bindparam("in_number"))
    .values(revision=bindparam("to_revision"), body=bindparam("to_body"))
)
_SINCE = Prepared(
    select(_m.number, _m.revision, _m.author, _m.only, _m.body, _m.at)
    .where(
        _m.chat == bindparam("chat"),
        _m.revision > bindparam("revision"),
        or_(_m.only.is_(None), _m.only == bindparam("reader")),
    )
    .order_by(_m.revision)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Line:
    """A message to add: who wrote it, and in a group the one officer who may see it (and their private chat)."""

    message: Message
    author: str = BOT
    only: str | None = None
    only_chat: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """All that came into a chat between revision `after` and the revision of the last line."""

    chat: str
    after: int
    lines: Sequence[Line]
    at: datetime

    def shown(self, reader: str) -> list[Shown]:
        """As `Messages.since` would give it, once it is committed."""
        return [
            Shown(str(number), number, line.author == reader, line.message, self.at, line.only is not None)
            for number, line in enumerate(self.lines, self.after + 1)
            if line.only is None or line.only == reader
        ]


class Messages:
    """Written in the transaction of the turn that caused them: the row is the delivery."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection
        self.added: list[Added] = []

    def add(
        self, chat: str, lines: Sequence[Line], at: datetime, *, state: bytes | None = None, heard: bool = False
    ) -> int:
        """Append messages and, with `state`, keep that too; gives the number of the last one.

        `heard` as in Chats.save.
        """
        count = len(lines)
        chats = self._work.chats
        last = chats.advance(chat, count) if state is None else chats.save(chat, state, count, heard=heard)
        if not count:
            return last
        rows = [
            {
                "chat": chat,
                "number": number,
                "revision": number,
                "author": line.author,
                "only": line.only,
                "body": _encode(line.message),
                "at": at,
            }
            for number, line in enumerate(lines, last - count + 1)
        ]
        _INSERT.many(self._c, rows)
        for line in lines:
            if line.message.files:
                self._work.files.grant(line.only_chat or chat, [file.ref for file in line.message.files])
        self._work.touch("chat:" + chat)
        self.added.append(Added(chat, last - count, tuple(lines), at.astimezone(UTC)))
        return last

    def edit(self, chat: str, number: int, message: Message) -> None:
        """Replace a message; live pages draw it again where it stands."""
        revision = self._work.chats.advance(chat, 1)
        values = {"in_chat": chat, "in_number": number, "to_revision": revision, "to_body": _encode(message)}
        _EDIT.many(self._c, [values])
        self._work.touch("chat:" + chat)

    def get(self, chat: str, number: int, *, shared: bool = False) -> Message | None:
        """One message; `shared`: only if everybody in the chat may see it."""
        wanted = select(_m.body).where(_m.chat == chat, _m.number == number)
        body = self._c.scalar(wanted.where(_m.only.is_(None)) if shared else wanted)
        return None if body is None else _decode(body)

    def showing(self, chat: str, file: str) -> int:
        """The number of the newest of the last messages of a chat that shows this file; 0 when none does."""
        rows = self._c.execute(
            select(_m.number, _m.body).where(_m.chat == chat, _m.author == BOT).order_by(_m.number.desc()).limit(_LAST)
        )
        found = (number for number, body in rows if any(one.ref == file for one in _decode(body).files))
        return int(next(found, 0))

    def since(self, chat: str, revision: int, reader: str = CITIZEN, most: int = 500) -> list[Shown]:
        """What `reader` may see that was added or changed after a revision, oldest change first."""
        rows = _SINCE.rows(self._c, {"chat": chat, "revision": revision, "reader": reader, "most": most})
        return [
            Shown(str(number), rev, author == reader, _decode(body), at, only is not None)
            for number, rev, author, only, body, at in rows
        ]


def number_of(message_id: str) -> int:
    """The number that a live page's message id stands for; 0 when it stands for none."""
    known = message_id.isascii() and message_id.isdecimal() and len(message_id) <= _DIGITS
    return int(message_id) if known else 0
