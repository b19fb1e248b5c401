"""Chats: one address of a person or an officer, or the group of an office, with the state of its conversation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import Float, bindparam, exists, func, insert, select, update

from storage import tables as t
from storage.conflict import Conflict
from storage.prepared import Prepared
from storage.sealed import keys

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from storage.work import Work

OFFICER: Final = "officer"  # the private chat of an officer with the bot; the address is the officer's id
DESK: Final = "desk"  # of somebody who has no chat; the address is the id of the dossier entered for them
GROUP: Final = "group"  # the group of an office; the address is the office's id
UNHEARD: Final = frozenset({DESK, "email", "sms", "zns", "push"})  # channels on which nobody is ever heard
_MANY: Final = 1_000  # ids in one statement


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as a turn needs it; office, consents and the rest are those of its person."""

    id: str
    channel: str
    address: str
    person: str | None
    state: bytes | None
    office: str
    consents: str
    in_call: bool = False  # talks with an officer
    drafts: int = 0  # how many there are
    mirrors: str | None = None  # the officer's own chat, or the group of the office, that this messenger's chat shows
    unreachable: str = ""  # why nothing can be sent there
    settings: str = ""  # how the person wants to be told
    heard_at: float = 0.0  # the machine moment at which the person last did something there
    shared: bool = False  # the person has other chats too


_OTHERS = t.chats.alias()
_COLUMNS = (
    t.chats.c.id,
    t.chats.c.channel,
    t.chats.c.address,
    t.chats.c.person,
    t.chats.c.state,
    t.persons.c.office,
    t.persons.c.consents,
    exists().where(t.calls.c.person == t.chats.c.person, t.calls.c.open).label("in_call"),
    select(func.count()).where(t.drafts.c.person == t.chats.c.person).scalar_subquery().label("drafts"),
    t.chats.c.mirrors,
    t.chats.c.unreachable,
    t.persons.c.id.label("known"),
    t.persons.c.settings,
    t.chats.c.heard_at,
    exists().where(_OTHERS.c.person == t.chats.c.person, _OTHERS.c.id != t.chats.c.id).label("shared"),
)
_CHATS = select(*_COLUMNS).select_from(t.chats.outerjoin(t.persons, t.chats.c.person == t.persons.c.id))
_AT_ADDRESS = _CHATS.where(t.chats.c.channel == bindparam("channel"), t.chats.c.address_key == bindparam("key"))
_WITH_ID = _CHATS.where(t.chats.c.id == bindparam("id"))
_BY_ADDRESS = Prepared(_AT_ADDRESS.with_for_update(of=t.chats))
_BY_ID = Prepared(_WITH_ID.with_for_update(of=t.chats))
_LOOK = Prepared(_AT_ADDRESS)
_LOOK_AT = Prepared(_WITH_ID)
_HOLD = select(t.persons.c.id).where(t.persons.c.id == bindparam("person")).with_for_update(key_share=True)
_MIRRORS = Prepared(_CHATS.where(t.chats.c.mirrors == bindparam("chat")).order_by(t.chats.c.created_at, t.chats.c.id))
_SAVE = Prepared(
    update(t.chats)
    .where(t.chats.c.id == bindparam("chat"))
    .values(
        state=bindparam("state"),
        revision=t.chats.c.revision + bindparam("count"),
        heard_at=func.coalesce(bindparam("heard", type_=Float), t.chats.c.heard_at),
    )
    .returning(t.chats.c.revision)
)
_ADVANCE = Prepared(
    update(t.chats)
    .where(t.chats.c.id == bindparam("chat"))
    .values(revision=t.chats.c.revision + bindparam("count"))
    .returning(t.chats.c.revision)
)


class Chats:
    """Found by address, locked while a turn is under way."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def find(self, channel: str, address: str) -> Chat | None:
        """The chat at an address, locked."""
        return _chat(_BY_ADDRESS.first(self._c, {"channel": channel, "key": keys().look_up(address)}))

    def by_key(self, channel: str, key: str) -> Chat | None:
        """The chat at the address with this keyed hash, locked."""
        return _chat(_BY_ADDRESS.first(self._c, {"channel": channel, "key": key}))

    def get(self, chat: str) -> Chat | None:
        """The chat with this id, locked."""
        return _chat(_BY_ID.first(self._c, {"id": chat}))

    def look(self, channel: str, address: str) -> Chat | None:
        """The chat at an address as it is now: nobody has to wait for this, and nothing may be saved by it.

        An officer's turn locks their own chat and then the group: who has the group locked must not wait for theirs.
        """
        return _chat(_LOOK.first(self._c, {"channel": channel, "key": keys().look_up(address)}))

    def look_at(self, chat: str) -> Chat | None:
        """The same by its id."""
        return _chat(_LOOK_AT.first(self._c, {"id": chat}))

    def latest_of(self, person: str) -> Chat | None:
        """The chat in which somebody last did something, locked; None where they have none that hears."""
        c = t.chats.c
        heard = func.coalesce(c.heard_at, 0.0).desc()
        row = self._c.execute(
            select(c.id).where(c.person == person, c.channel.not_in(UNHEARD)).order_by(heard, c.created_at.desc(), c.id)
        ).first()
        return self.get(row.id) if row is not None else None

    def hold(self, chat: Chat) -> Chat:
        """The same chat with its person held until the commit, where others speak for that person too.

        Two turns of one person in two chats, at once, would each overwrite what the other has changed. SQLite has one
        writer anyway.
        """
        if self._c.dialect.name == "sqlite" or chat.person is None or not chat.shared:
            return chat
        self._c.execute(_HOLD, {"person": chat.person})
        again = self.get(chat.id)  # as whoever held the person has left it
        if again is None or again.person != chat.person:
            raise Conflict
        return again

    def of_person(self, person: str) -> list[Chat]:
        """Every chat of a person, the oldest first."""
        query = _CHATS.where(t.chats.c.person == person).order_by(t.chats.c.created_at, t.chats.c.id)
        return [found for row in self._c.execute(query) if (found := _chat(row)) is not None]

    def leave(self, chat: str, at: datetime) -> str:
        """A chat of a new person from now on, who has nothing but the office in common; gives that person."""
        person = secrets.token_hex(8)
        office = (
            select(t.persons.c.office).join(t.chats, t.chats.c.person == t.persons.c.id).where(t.chats.c.id == chat)
        )
        values = {"id": person, "created_at": at, "office": self._c.scalar(office) or ""}
        self._c.execute(insert(t.persons).values(values))
        self._c.execute(update(t.chats).where(t.chats.c.id == chat).values(person=person))
        return person

    def alerts(self, chat: str, officer: str | None) -> None:
        """Whom a citizens' channel's chat alerts as an officer; nobody any more without one."""
        self._c.execute(update(t.chats).where(t.chats.c.id == chat).values(officer=officer))

    def of_officer(self, officer: str) -> list[Chat]:
        """The addresses at which an officer is alerted, the oldest first."""
        query = _CHATS.where(t.chats.c.officer == officer).order_by(t.chats.c.created_at, t.chats.c.id)
        return [found for row in self._c.execute(query) if (found := _chat(row)) is not None]

    def officer_of(self, chat: str) -> str | None:
        """Whom a chat alerts."""
        return self._c.scalar(select(t.chats.c.officer).where(t.chats.c.id == chat))

    def channel_of(self, chat: str) -> str:
        """The channel of a chat, which nobody has to wait for."""
        return self._c.scalar(select(t.chats.c.channel).where(t.chats.c.id == chat)) or ""

    def open_citizen(self, channel: str, address: str, at: datetime) -> Chat:
        """A new chat of a new person."""
        person = secrets.token_hex(8)
        self._c.execute(insert(t.persons).values(id=person, created_at=at))
        return self._open(channel, address, person, at)

    def open_staff(self, channel: str, address: str, at: datetime) -> Chat:
        """The private chat of an officer or the group of an office; made when it is not there."""
        return self.find(channel, address) or self._open(channel, address, None, at)

    def open_mirror(self, channel: str, address: str, mirrors: str, at: datetime) -> Chat:
        """A messenger's chat that shows what `mirrors` shows from now on, whatever it showed before."""
        chat = self.find(channel, address) or self._open(channel, address, None, at)
        changes = {"mirrors": mirrors, "unreachable": "", "unreachable_since": None}
        self._c.execute(update(t.chats).where(t.chats.c.id == chat.id).values(changes))
        return replace(chat, mirrors=mirrors, unreachable="")

    def mirrors_of(self, chat: str) -> list[Chat]:
        """The messengers' chats that show what this one shows, also those that can't be reached now."""
        return [found for row in _MIRRORS.rows(self._c, {"chat": chat}) if (found := _chat(row)) is not None]

    def release(self, chat: str) -> None:
        """A messenger's chat that shows nothing from now on."""
        self._c.execute(update(t.chats).where(t.chats.c.id == chat).values(mirrors=None))

    def mark(self, chat: str, unreachable: str) -> None:
        """Note why nothing can be sent to a chat; empty when it can."""
        since = func.coalesce(t.chats.c.unreachable_since, self._work.machine_now()) if unreachable else None
        changes = {"unreachable": unreachable, "unreachable_since": since}
        self._c.execute(update(t.chats).where(t.chats.c.id == chat).values(changes))

    def unreachable_since(self, chat: str) -> float | None:
        """The machine moment since which nothing can be sent to a chat."""
        return self._c.scalar(select(t.chats.c.unreachable_since).where(t.chats.c.id == chat))

    def calls(self, chat: str) -> list[float]:
        """The moments of the last calls to a messenger's group."""
        return _calls(self._c.scalar(select(t.chats.c.calls).where(t.chats.c.id == chat)))

    def called(self, chat: str, window: float) -> None:
        """Note a call to a messenger's group, beside the others of the last `window` seconds."""
        now = self._work.machine_now()
        calls = [*(at for at in self.calls(chat) if at > now - window), round(now, 3)]
        self._c.execute(update(t.chats).where(t.chats.c.id == chat).values(calls=msgspec.json.encode(calls).decode()))

    def move(self, channel: str, old: str, new: str) -> Chat | None:
        """The chat at `old` is at `new` from now on; None when there is none, such as when it has moved already."""
        chat = self.find(channel, old)
        if chat is None or self.find(channel, new) is not None:
            return None
        here = {"address": new.encode(), "address_key": keys().look_up(new)}
        changes = {**here, "unreachable": "", "unreachable_since": None}
        self._c.execute(update(t.chats).where(t.chats.c.id == chat.id).values(changes))
        return replace(chat, address=new, unreachable="")

    def _open(self, channel: str, address: str, person: str | None, at: datetime) -> Chat:
        chat = secrets.token_hex(8)
        values = {"id": chat, "person": person, "channel": channel, "address": address.encode(), "created_at": at}
        self._c.execute(insert(t.chats).values(address_key=keys().look_up(address), **values))
        return Chat(chat, channel, address, person, None, "", "")

    def save(self, chat: str, state: bytes, count: int, *, heard: bool = False) -> int:
        """Keep a state and reserve `count` revisions; gives the last of them. `heard`: the person did something."""
        at = self._work.began if heard else None
        return _revision(_SAVE.first(self._c, {"chat": chat, "state": state, "count": count, "heard": at}))

    def heard(self, chat: str) -> None:
        """The person did something there that is no turn."""
        self._c.execute(update(t.chats).where(t.chats.c.id == chat).values(heard_at=self._work.machine_now()))

    def advance(self, chat: str, count: int) -> int:
        """Reserve `count` revisions; gives the last of them."""
        return _revision(_ADVANCE.first(self._c, {"chat": chat, "count": count}))

    def revisions(self, chats: Collection[str]) -> dict[str, int]:
        """The last revision of each of these, which a change of what is shown there raises."""
        wanted, found = list(chats), dict[str, int]()
        for begin in range(0, len(wanted), _MANY):
            some = t.chats.c.id.in_(wanted[begin : begin + _MANY])
            rows = self._c.execute(select(t.chats.c.id, t.chats.c.revision).where(some))
            found |= {row.id: row.revision for row in rows}
        return found

    def read(self, chat: str, revision: int) -> None:
        """The reader has seen everything up to here."""
        later = t.chats.c.read_revision < revision
        self._c.execute(update(t.chats).where(t.chats.c.id == chat, later).values(read_revision=revision))

    def read_up_to(self, chat: str) -> int:
        """The last revision that the reader has seen."""
        return int(self._c.scalar(select(t.chats.c.read_revision).where(t.chats.c.id == chat)) or 0)


def _calls(known: str | None) -> list[float]:
    """The moments in the column `calls`."""
    return msgspec.json.decode(known, type=list[float]) if known else []


def _chat(row: Any) -> Chat | None:
    if row is None:
        return None
    chat, channel, address, person, state, office, consents, in_call, drafts, mirrors, unreachable, *rest = row
    known, settings, heard_at, shared = rest
    if person is not None and known is None:  # merged while this row was waited for: read before, it has no person
        raise Conflict
    return Chat(
        chat,
        channel,
        address.decode(),
        person,
        state,
        office or "",
        consents or "",
        bool(in_call),
        int(drafts),
        mirrors,
        unreachable,
        settings or "",
        heard_at or 0.0,
        bool(shared),
    )


def _revision(row: Any) -> int:
    assert row is not None, "whoever saves a chat has found it"
    return int(row[0])
