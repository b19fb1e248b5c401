"""Officers' sessions in browsers, and log-ins that wait to be confirmed: rows of `tokens`, with what is known of them.

A row is named by the beginning of its hash, which opens nothing.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import delete, func, insert, select, update

from storage import tables as t
from storage.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.work import Work

SESSION: Final = "staff"
WAITING: Final = "enter"
ASKED, CONFIRMED, REFUSED = "asked", "yes", "no"
_ID: Final = 16  # letters of a hash
_k = t.tokens.c
_ABOUT: Final = (_k.hash, _k.chat, _k.expires, _k.subject, _k.made, _k.seen, _k.about)


class Browser(Struct, frozen=True):
    """Where somebody logs in: the browser in words, and the network address as people know it."""

    name: str = ""
    network: str = ""


class Challenge(Struct, frozen=True):
    """What a log-in waits for. `digits`: what the browser shows; empty where a code is typed there instead.

    `way` is the chat in which it is confirmed. `address`: of a messenger's chat that wants to become this officer's.
    """

    browser: Browser
    way: str
    digits: str = ""
    choices: tuple[str, ...] = ()
    address: str = ""


class Session(NamedTuple):
    """An officer's session; moments are the machine's."""

    id: str
    chat: str
    made: float | None
    seen: float | None
    expires: float
    browser: Browser


class Waiting(NamedTuple):
    """A log-in that waits for its confirmation, has it, or was refused."""

    id: str
    chat: str
    state: str
    challenge: Challenge
    made: float


class Sessions:
    """All within machine time. A session ends when it is `idle` seconds unused, or after its whole life."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def make(self, chat: str, browser: Browser, seconds: float) -> tuple[str, str]:
        """A new session: its token, and the id by which it is named."""
        return self._add(SESSION, chat, seconds, "", browser)

    def chat(self, token: str, idle: float) -> tuple[str, str, float] | None:
        """Chat and id of a live session, and for how many seconds it was not used."""
        now = self._work.machine_now()
        row = self._c.execute(
            select(_k.hash, _k.chat, _k.seen, _k.made).where(
                _k.hash == hashed(token), _k.purpose == SESSION, _k.expires > now
            )
        ).first()
        if row is None:
            return None
        unused = 0.0 if row.made is None else now - (row.seen or row.made)  # one from an older release has no moment
        return (str(row.chat), str(row.hash)[:_ID], unused) if unused < idle else None

    def used(self, session: str) -> None:
        """Somebody does something there."""
        self._c.execute(update(t.tokens).where(_named(session, SESSION)).values(seen=self._work.machine_now()))

    def of(self, chat: str, idle: float) -> Sequence[Session]:
        """The live ones of an officer, the newest first."""
        now = self._work.machine_now()
        live = (_k.purpose == SESSION, _k.chat == chat, _k.expires > now)
        alive = func.coalesce(_k.seen, _k.made, now) > now - idle
        rows = self._c.execute(select(*_ABOUT).where(*live, alive).order_by(_k.expires.desc()))
        return [Session(row.hash[:_ID], row.chat, row.made, row.seen, row.expires, _browser(row.about)) for row in rows]

    def end(self, chat: str, session: str) -> bool:
        """One of an officer's; False where it has ended already."""
        return bool(self._c.execute(delete(t.tokens).where(_named(session, SESSION), _k.chat == chat)).rowcount)

    def end_all(self, chat: str, but: str = "") -> int:
        """All of an officer's, `but` one; gives how many."""
        others = (_k.purpose == SESSION, _k.chat == chat)
        kept = (~_k.hash.startswith(but, autoescape=True),) if but else ()
        return int(self._c.execute(delete(t.tokens).where(*others, *kept)).rowcount)

    def ask(self, chat: str, challenge: Challenge, seconds: float) -> tuple[str, str]:
        """A log-in that waits: the token of the browser that asked, and the id by which it is confirmed."""
        return self._add(WAITING, chat, seconds, ASKED, challenge)

    def waiting(self, token: str) -> Waiting | None:
        """By its browser's token."""
        return self._waiting(_k.hash == hashed(token))

    def asked(self, waiting: str) -> Waiting | None:
        """By id; only one that nobody has answered."""
        found = self._waiting(_named(waiting, WAITING))
        return found if found is not None and found.state == ASKED else None

    def asked_of(self, chat: str) -> Waiting | None:
        """The newest of an officer that nobody has answered."""
        return self._waiting(_k.chat == chat, _k.subject == ASKED)

    def settle(self, waiting: str, state: str) -> bool:
        """Confirmed or refused; once, whoever comes first."""
        asked = (_named(waiting, WAITING), _k.subject == ASKED)
        return bool(self._c.execute(update(t.tokens).where(*asked).values(subject=state)).rowcount)

    def spend(self, token: str) -> bool:
        """A confirmed log-in is used up; of two who try at once one gets it."""
        mine = (_k.hash == hashed(token), _k.purpose == WAITING, _k.subject == CONFIRMED)
        return bool(self._c.execute(delete(t.tokens).where(*mine, _k.expires > self._work.machine_now())).rowcount)

    def _waiting(self, *where: Any) -> Waiting | None:
        good = (_k.purpose == WAITING, _k.expires > self._work.machine_now())
        row = self._c.execute(select(*_ABOUT).where(*where, *good).order_by(_k.made.desc())).first()
        if row is None or not row.about:
            return None
        challenge = msgspec.json.decode(row.about, type=Challenge)
        return Waiting(row.hash[:_ID], row.chat, row.subject, challenge, row.made)

    def _add(self, purpose: str, chat: str, seconds: float, subject: str, about: Struct) -> tuple[str, str]:
        token, now = secrets.token_urlsafe(24), self._work.machine_now()
        values = {"hash": hashed(token), "purpose": purpose, "chat": chat, "expires": now + seconds}
        known = {"subject": subject, "made": now, "about": msgspec.json.encode(about)}
        self._c.execute(insert(t.tokens).values(**values, **known))
        return token, hashed(token)[:_ID]


def _named(row: str, purpose: str) -> Any:
    return (_k.purpose == purpose) & _k.hash.startswith(row if len(row) == _ID else "-", autoescape=True)


def _browser(about: bytes | None) -> Browser:
    return msgspec.json.decode(about, type=Browser) if about else Browser()
