"""Browsers that want to hear of news while the page is closed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from storage import tables as t
from storage.chats import OFFICER
from storage.prepared import Prepared
from storage.sealed import keys

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from storage.work import Work

MOST: Final = 5  # browsers of one chat; the oldest goes
_p = t.pushes.c
_OF = Prepared(select(_p.id).where(_p.chat == bindparam("of")).order_by(_p.created_at, _p.id))


class Body(msgspec.Struct, frozen=True):
    """The sealed part of a row."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A browser and the live chat that it shows."""

    id: str
    chat: str
    body: Body


class Pushes:
    """One row a browser and page; it belongs to whoever pressed there last."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def add(self, chat: str, body: Body, at: datetime) -> str:
        """Keep one; gives its id. The same browser in the same chat keeps its id, in another chat it gets a new one."""
        key = keys().look_up(body.endpoint)
        known = self._c.execute(select(_p.id, _p.chat).where(_p.endpoint_key == key)).first()
        if known is not None and known.chat == chat:
            self._c.execute(t.pushes.update().where(_p.id == known.id).values(body=msgspec.json.encode(body)))
            return str(known.id)
        self._c.execute(delete(t.pushes).where(_p.endpoint_key == key))
        for old in self.of(chat)[: -(MOST - 1)]:
            self.drop(old)
        new = secrets.token_hex(8)
        values = {"id": new, "chat": chat, "endpoint_key": key, "body": msgspec.json.encode(body), "created_at": at}
        self._c.execute(insert(t.pushes).values(values))
        return new

    def get(self, push: str) -> Kept | None:
        """One of them, opened."""
        row = self._c.execute(select(_p.id, _p.chat, _p.body).where(_p.id == push)).first()
        return None if row is None else Kept(row.id, row.chat, msgspec.json.decode(row.body, type=Body))

    def of(self, chat: str) -> list[str]:
        """The ids of a chat's browsers, the oldest first."""
        return [row[0] for row in _OF.rows(self._c, {"of": chat})]

    def of_officers(self, officers: Collection[str]) -> list[str]:
        """The same of these officers' own chats."""
        c = t.chats.c
        own = c.address_key.in_([keys().look_up(officer) for officer in officers])
        found = select(_p.id).join(t.chats, c.id == _p.chat).where(c.channel == OFFICER, own).order_by(_p.id)
        return list(self._c.scalars(found))

    def drop(self, push: str) -> None:
        """It is told nothing more."""
        self._c.execute(delete(t.pushes).where(_p.id == push))

    def drop_endpoint(self, chat: str, endpoint: str) -> None:
        """The same, by its address, of one chat."""
        self._c.execute(delete(t.pushes).where(_p.chat == chat, _p.endpoint_key == keys().look_up(endpoint)))

    def drop_of(self, chat: str) -> None:
        """All of a chat's."""
        self._c.execute(delete(t.pushes).where(_p.chat == chat))
