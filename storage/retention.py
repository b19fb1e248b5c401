"""What is no longer kept: found by age, a few at a time, and counted.

Nothing is found by an index of its own, which each turn would have to pay for: once a day a table is gone through in
the order of its key, so many rows a transaction, however large it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import msgspec
from sqlalchemy import (
    CursorResult,
    Delete,
    String,
    Update,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy import cast as sql_cast

from conversations.messages import Message
from storage import tables as t
from storage.chats import GROUP

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from storage.work import Work

_PAGES: Final = ("web", "console", "group", "officer")  # whose lines show their files for longer
_TYPED: Final = ("email", "sms", "zns")
_ENDED: Final = ("sent", "failed", "unknown")
_NOTHING: Final = b'{"text":""}'
_NOBODY: Final = b'{"applicant":""}'
_EMPTY: Final = 60  # bytes at most of that, sealed
_LOOKED_AT: Final = 2_000  # rows in one transaction, of which so many at most are forgotten
_MOST: Final = 100
_body = msgspec.json.Decoder(Message).decode


After = tuple[Any, ...]  # the key of the last row that was looked at; empty at a table's beginning, and at its end


class Retention:
    """Methods that take `after` look at a part of a table, and also give after which row the next part begins."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def note(self, what: str, count: int, at: datetime) -> None:
        """So many of a kind were forgotten."""
        self._c.execute(insert(t.retention).values(what=what, count=count, at=at))

    def noted(self, most: int) -> Sequence[tuple[datetime, str, int]]:
        """The newest notes: moment, kind, number."""
        c = t.retention.c
        rows = self._c.execute(select(c.at, c.what, c.count).order_by(c.id.desc()).limit(most))
        return [(at, what, count) for at, what, count in rows]

    def closed(self, before: datetime, after: After) -> tuple[Sequence[str], After]:
        """Dossiers that ended before a moment and still hold answers or documents."""
        found, after = self._part((t.dossiers.c.id,), _ended(before), after)
        return [dossier for (dossier,) in found], after

    def any_closed(self, before: datetime) -> bool:
        """Whether there is one."""
        return self._c.scalar(select(t.dossiers.c.id).where(_ended(before)).limit(1)) is not None

    def empty(self, dossier: str) -> list[str]:
        """A dossier's answers and documents go, its number, who helped, and words; gives the files nobody holds.

        A dossier that was begun again shares its papers with the older one, so files are asked for over all owners.
        """
        d = t.documents.c
        rows = self._c.execute(select(d.file, d.copies).where(d.owner == dossier)).all()
        refs = {ref for row in rows for ref in (row.file, *row.copies.split())}
        m = t.mandates.c
        refs |= {ref for ref in self._c.scalars(select(m.evidence).where(m.owner == dossier)) if ref}
        nothing = {"name": _NOBODY, "evidence": None, "phone": None, "phone_key": ""}
        self._c.execute(update(t.mandates).where(m.owner == dossier).values(nothing))
        self._c.execute(update(t.dossiers).where(t.dossiers.c.id == dossier).values(phone_key=""))
        self._c.execute(update(t.ratings).where(t.ratings.c.dossier == dossier).values(word=None))
        self._c.execute(delete(t.documents).where(d.owner == dossier))
        self._c.execute(delete(t.answers).where(t.answers.c.owner == dossier))
        return sorted(self.unneeded(refs))

    def unneeded(self, refs: Collection[str]) -> set[str]:
        """Those of these files that are no document, no copy of one, and no paper that the office issued."""
        if not refs:
            return set()
        d, f = t.documents.c, t.files.c
        used = set(self._c.scalars(select(d.file).where(d.file.in_(refs))))
        original = exists().where(d.file == f.original)
        used |= set(self._c.scalars(select(f.id).where(f.id.in_(refs), f.original.is_not(None), original)))
        used |= set(self._c.scalars(select(t.slips.c.file).where(t.slips.c.file.in_(refs))))
        used |= set(self._c.scalars(select(t.mandates.c.evidence).where(t.mandates.c.evidence.in_(refs))))
        return set(refs) - used

    def lines(self, before: datetime, after: After) -> tuple[int, list[str], After]:
        """Lines of chats that are older; gives how many went, and the files that were shown in them.

        In a group the line that shows a card stays: it is drawn anew as long as its dossier lives.
        """
        m, k, c = t.messages.c, t.cards.c, t.chats.c
        shown = exists().where(k.chat == m.chat, k.message == sql_cast(m.number, String))
        group = exists().where(c.id == m.chat, c.channel == GROUP)
        keys, after = self._part((m.chat, m.number), and_(m.at < before, ~and_(group, shown)), after)
        refs: list[str] = []
        for chat, number in keys:
            here = (m.chat == chat, m.number == number)
            body = self._c.execute(delete(t.messages).where(*here).returning(m.body)).scalar_one_or_none()
            refs += [file.ref for file in _body(body).files] if body is not None else []
        return len(keys), refs, after

    def talks(self, before: datetime, after: After) -> tuple[int, After]:
        """What talks with officers were about that began before a moment, and their cards."""
        k, c = t.calls.c, t.cards.c
        card = exists().where(c.subject == "call:" + k.id)
        found, after = self._part((k.id,), and_(~k.open, k.opened_at < before, card), after)
        old = [call for (call,) in found]
        self._c.execute(update(t.calls).where(k.id.in_(old)).values(about=b""))
        self._c.execute(delete(t.cards).where(c.subject.in_([f"call:{call}" for call in old])))
        return len(old), after

    def addresses(self, before: datetime, after: After) -> tuple[int, After]:
        """Numbers and e-mail addresses that somebody typed once, and that are nobody's proven ones.

        Whoever wants no mails there stays known, and so does an officer's own.
        """
        c, p, o = t.chats.c, t.proofs.c, t.outbox.c
        proven = exists().where(p.value_key == c.address_key, p.ended_at.is_(None))
        told = exists().where(o.chat == c.id) | exists().where(t.notices.c.chat == c.id)
        alone = and_(c.person.is_(None), c.officer.is_(None), c.unreachable != "blocked", ~proven, ~told)
        found, after = self._part((c.id,), and_(c.channel.in_(_TYPED), c.created_at < before, alone), after)
        return self._gone(delete(t.chats).where(c.id.in_([chat for (chat,) in found]))), after

    def sent(self, before: float, after: After) -> tuple[int, list[str], After]:
        """Rows of the outbox that came to an end before a machine moment; and the files that went with them alone."""
        o, g, c = t.outbox.c, t.grants.c, t.chats.c
        found, after = self._part((o.id,), and_(o.status.in_(_ENDED), o.ended < before), after)
        gone = delete(t.outbox).where(o.id.in_([row for (row,) in found])).returning(o.body)
        bodies = self._c.scalars(gone).all()
        refs = {file.ref for body in bodies if body is not None for file in _body(body).files}
        page = select(g.file).join(t.chats, c.id == g.chat).where(g.file.in_(refs), c.channel.in_(_PAGES))
        return len(bodies), sorted(refs - set(self._c.scalars(page))), after

    def told(self, before: datetime, after: After) -> tuple[int, After]:
        """The texts of notices that are over; that they were ours is still known."""
        n = t.notices.c
        size = func.length(n.body)
        found, after = self._part((n.id,), and_(n.made_at < before, n.ended_at.is_not(None), size > _EMPTY), after)
        ids = [notice for (notice,) in found]
        return self._gone(update(t.notices).where(n.id.in_(ids)).values(body=_NOTHING)), after

    def known(self, before: datetime, after: After) -> tuple[int, After]:
        """Persons on earlier forms."""
        r = t.remembered.c
        old, after = self._part((r.person, r.id), r.updated_at < before, after)
        for person, one in old:
            self._c.execute(delete(t.remembered).where(r.person == person, r.id == one))
        return len(old), after

    def rest(self, day: str, before: datetime, codes: float) -> int:
        """What was asked in vain before a day, audits, looks and ended proofs before a moment, codes before another."""
        gone = self._gone(delete(t.missed).where(t.missed.c.day < day))
        gone += self._work.seals.forget(before)
        gone += self._gone(delete(t.proofs).where(t.proofs.c.ended_at < before))
        gone += self._gone(delete(t.retention).where(t.retention.c.at < before))
        gone += self._gone(delete(t.codes).where(t.codes.c.expires < codes))
        return gone + self._gone(delete(t.attempts).where(t.attempts.c.at < codes))

    def _part(
        self, key: tuple[ColumnElement[Any], ...], old: ColumnElement[bool], after: After
    ) -> tuple[Sequence[After], After]:
        """The keys of what is old among the next rows."""
        order: Any = key[0] if len(key) == 1 else tuple_(*key)

        def value(row: After) -> Any:
            return row[0] if len(row) == 1 else row

        begin = order > value(after) if after else true()
        edge = self._c.execute(select(*key).where(begin).order_by(*key).offset(_LOOKED_AT - 1).limit(1)).first()
        here = and_(begin, order <= value(tuple(edge))) if edge else begin
        found = [tuple(row) for row in self._c.execute(select(*key).where(here, old).order_by(*key).limit(_MOST))]
        if len(found) == _MOST:
            return found, found[-1]
        return found, tuple(edge) if edge else ()

    def _gone(self, statement: Delete | Update) -> int:
        return cast("CursorResult[Any]", self._c.execute(statement)).rowcount


def _ended(before: datetime) -> ColumnElement[bool]:
    d = t.dossiers.c
    holds = or_(exists().where(t.answers.c.owner == d.id), exists().where(t.documents.c.owner == d.id))
    return and_(d.closed_at.is_not(None), d.closed_at < before, holds)
