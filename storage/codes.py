"""One-time codes on their way: one a purpose and chat, kept as a keyed hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from storage import tables as t
from storage.sealed import keys

if TYPE_CHECKING:
    from storage.work import Work

_k = t.codes.c


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was sent. `wrong`: how often another was typed; `expires` is a machine moment."""

    id: str
    chat: str
    subject: str
    kind: str
    target: str
    digest: str
    wrong: int
    expires: float


class Codes:
    """A new one takes the place of the one before it."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def add(self, chat: str, purpose: str, digest: str, target: tuple[str, str], seconds: float, subject: str) -> None:
        """`target` is the kind ("phone", "email" or "") and the address it goes to."""
        self.drop(chat, purpose)
        kind, address = target
        now = self._work.machine_now()
        where = {"kind": kind, "target": address.encode(), "target_key": keys().look_up(address)}
        what = {"id": secrets.token_hex(8), "chat": chat, "purpose": purpose, "subject": subject, "digest": digest}
        self._c.execute(insert(t.codes).values(**what, **where, expires=now + seconds, created=now))

    def get(self, chat: str, purpose: str) -> Code | None:
        """The one that is waited for, also when its time is over; locked."""
        return self._one(_k.chat == chat, _k.purpose == purpose)

    def by_digest(self, digest: str, purpose: str) -> Code | None:
        """The one with this hash, in whichever chat, while it is good."""
        return self._one(_k.digest == digest, _k.purpose == purpose, _k.expires > self._work.machine_now())

    def wrong(self, code: Code) -> None:
        """Another was typed."""
        self._c.execute(update(t.codes).where(_k.id == code.id).values(wrong=_k.wrong + 1))

    def drop(self, chat: str, purpose: str) -> None:
        """None is waited for any more."""
        self._c.execute(delete(t.codes).where(_k.chat == chat, _k.purpose == purpose))

    def spend(self, code: Code) -> bool:
        """It is used up; of two who try at once one gets it."""
        return self._c.execute(delete(t.codes).where(_k.id == code.id).returning(_k.id)).first() is not None

    def forget(self, older: float) -> None:
        """Drop what expired before a machine moment."""
        self._c.execute(delete(t.codes).where(_k.expires < older))

    def _one(self, *where: object) -> Code | None:
        columns = (_k.id, _k.chat, _k.subject, _k.kind, _k.target, _k.digest, _k.wrong, _k.expires)
        row = self._c.execute(select(*columns).where(*where).with_for_update()).first()  # type: ignore[arg-type]
        if row is None:
            return None
        chat, subject, kind, target, digest, wrong, expires = row[1:]
        return Code(row[0], chat, subject, kind, target.decode(), digest, wrong, expires)
