"""Tokens: cookies, return links, staff links and links to the upload page; only their hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, insert, select, update

from storage import tables as t

if TYPE_CHECKING:
    from storage.work import Work

_k = t.tokens.c


class Grant(NamedTuple):
    """The chat that a token opens, what alone it is good for, and for how many seconds more."""

    chat: str
    subject: str
    seconds: float


class Tokens:
    """A token opens one chat until it expires."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def make(self, purpose: str, chat: str, seconds: float, subject: str = "", *, token: str = "") -> str:
        """A new token for a chat; `purpose` is "cookie", "return", "staff", "login", "group", "upload" or "mail".

        One with a `subject` is good for that alone. `token`: this one, where people have to type it.
        """
        token = token or secrets.token_urlsafe(24)
        expires = self._work.machine_now() + seconds
        values = {"hash": hashed(token), "purpose": purpose, "chat": chat, "expires": expires, "subject": subject}
        self._c.execute(insert(t.tokens).values(values))
        return token

    def chat(self, token: str, purpose: str) -> str | None:
        """The chat that a token opens, while it is good."""
        return self._c.scalar(
            select(_k.chat).where(
                _k.hash == hashed(token), _k.purpose == purpose, _k.expires > self._work.machine_now()
            )
        )

    def grant(self, token: str, purpose: str) -> Grant | None:
        """All that is known of a token, while it is good."""
        now = self._work.machine_now()
        row = self._c.execute(
            select(_k.chat, _k.subject, _k.expires).where(
                _k.hash == hashed(token), _k.purpose == purpose, _k.expires > now
            )
        ).first()
        return None if row is None else Grant(row.chat, row.subject, row.expires - now)

    def spend(self, token: str, purpose: str) -> str | None:
        """Like `chat`, and the token is used up; of two who try at once one gets it."""
        gone = self._c.execute(
            delete(t.tokens)
            .where(_k.hash == hashed(token), _k.purpose == purpose, _k.expires > self._work.machine_now())
            .returning(_k.chat)
        ).first()
        return None if gone is None else str(gone[0])

    def withdraw(self, purpose: str, subject: str) -> None:
        """No token of this purpose is good for this any more."""
        self._c.execute(delete(t.tokens).where(_k.purpose == purpose, _k.subject == subject))

    def of_chat(self, purpose: str, chat: str) -> Grant | None:
        """The newest of a purpose that a chat has open, while it is good."""
        now = self._work.machine_now()
        good = (_k.chat == chat, _k.purpose == purpose, _k.expires > now)
        row = self._c.execute(select(_k.chat, _k.subject, _k.expires).where(*good).order_by(_k.expires.desc())).first()
        return None if row is None else Grant(row.chat, row.subject, row.expires - now)

    def about(self, purpose: str, beginning: str) -> Grant | None:
        """One of a purpose whose subject begins like this, while it is good."""
        now = self._work.machine_now()
        good = (_k.subject.startswith(beginning, autoescape=True), _k.purpose == purpose, _k.expires > now)
        row = self._c.execute(select(_k.chat, _k.subject, _k.expires).where(*good).order_by(_k.expires.desc())).first()
        return None if row is None else Grant(row.chat, row.subject, row.expires - now)

    def rename(self, purpose: str, chat: str, subject: str) -> None:
        """What of this purpose a chat has open is about this from now on."""
        self._c.execute(update(t.tokens).where(_k.chat == chat, _k.purpose == purpose).values(subject=subject))

    def close(self, purpose: str, chat: str) -> None:
        """Nothing of this purpose is open for this chat any more."""
        self._c.execute(delete(t.tokens).where(_k.chat == chat, _k.purpose == purpose))

    def drop(self, token: str) -> None:
        """Close this one door."""
        self._c.execute(delete(t.tokens).where(_k.hash == hashed(token)))

    def revoke(self, chat: str) -> None:
        """Close every door to a chat, such as when an officer leaves."""
        self._c.execute(delete(t.tokens).where(_k.chat == chat))

    def forget(self) -> None:
        """Drop what has expired."""
        self._c.execute(delete(t.tokens).where(_k.expires <= self._work.machine_now()))


def hashed(token: str) -> str:
    """What of a token is kept."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()  # a cookie may hold any bytes
