"""What is no longer kept: found by age, a few at a time, and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import msgspec
from sqlalchemy import CursorResult, Delete, String, Update, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy import cast as sql_cast

from conversations.messages import Message
from storage import tables as t
from storage.chats import GROUP

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from storage.work import Work

_PAGES: Final = ("web", "console", "group", "officer")  # whose lines show their files for longer
_TYPED: Final = ("email", "sms", "zns")
_ENDED: Final = ("sent", "failed", "unknown")
_NOTHING: Final = b'{"text":""}'
_NOBODY: Final = b'{"applicant":""}'
_EMPTY: Final = 60  # bytes at most of that, sealed
_body = msgspec.json.Decoder(Message).decode


class Retention:
    """Each method forgets at most `most` things; gives what became of them, so that one may go on."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def note(self, what: str, count: int, at: datetime) -> None:
        """So many of a kind were forgotten."""
        self._c.execute(insert(t.retention).values(what=what, count=count, at=at))

    def noted(self, most: int) -> Sequence[tuple[datetime, str, int]]:
        """The newest notes: moment, kind, number."""
        c = t.retention.c
        rows = self._c.execute(select(c.at, c.what, c.count).order_by(c.id.desc()).limit(most))
        return [(at, what, count) for at, what, count in rows]

    def closed(self, before: datetime, most: int) -> Sequence[str]:
        """Dossiers that ended before a moment and still hold answers or documents."""
        d = t.dossiers.c
        holds = or_(
            exists().where(t.answers.c.owner == d.id),
            exists().where(t.documents.c.owner == d.id),
        )
        ended = and_(d.closed_at.is_not(None), d.closed_at < before, holds)
        return list(self._c.scalars(select(d.id).where(ended).order_by(d.closed_at).limit(most)))

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
        """Those of these files that are in no document and are no paper that the office issued."""
        if not refs:
            return set()
        d = t.documents.c
        used = set(self._c.scalars(select(d.file).where(d.file.in_(refs))))
        used |= set(self._c.scalars(select(t.slips.c.file).where(t.slips.c.file.in_(refs))))
        used |= set(self._c.scalars(select(t.mandates.c.evidence).where(t.mandates.c.evidence.in_(refs))))
        copied = self._c.scalars(select(d.copies).where(or_(*(d.copies.contains(ref) for ref in refs))))
        return set(refs) - used - {ref for copies in copied for ref in copies.split()}

    def lines(self, before: datetime, most: int) -> tuple[int, list[str]]:
        """Lines of chats that are older; gives how many went, and the files that were shown in them.

        In a group the line that shows a card stays: it is drawn anew as long as its dossier lives.
        """
        m, k, c = t.messages.c, t.cards.c, t.chats.c
        shown = exists().where(k.chat == m.chat, k.message == sql_cast(m.number, String))
        group = exists().where(c.id == m.chat, c.channel == GROUP)
        old = select(m.chat, m.number, m.body).where(m.at < before, ~and_(group, shown))
        rows = self._c.execute(old.limit(most)).all()
        refs = [file.ref for row in rows for file in _body(row.body).files]
        for row in rows:
            self._c.execute(delete(t.messages).where(m.chat == row.chat, m.number == row.number))
        return len(rows), refs

    def talks(self, before: datetime, most: int) -> int:
        """What talks with officers were about that began before a moment, and their cards."""
        k, c = t.calls.c, t.cards.c
        card = exists().where(c.subject == "call:" + k.id)
        old = list(self._c.scalars(select(k.id).where(~k.open, k.opened_at < before, card).limit(most)))
        self._c.execute(update(t.calls).where(k.id.in_(old)).values(about=b""))
        self._c.execute(delete(t.cards).where(c.subject.in_([f"call:{call}" for call in old])))
        return len(old)

    def addresses(self, before: datetime, most: int) -> int:
        """Numbers and e-mail addresses that somebody typed once, and that are nobody's proven ones.

        Whoever wants no mails there stays known, and so does an officer's own.
        """
        c, p, o = t.chats.c, t.proofs.c, t.outbox.c
        proven = exists().where(p.value_key == c.address_key, p.ended_at.is_(None))
        told = exists().where(o.chat == c.id) | exists().where(t.notices.c.chat == c.id)
        alone = and_(c.person.is_(None), c.officer.is_(None), c.unreachable != "blocked", ~proven, ~told)
        old = select(c.id).where(c.channel.in_(_TYPED), c.created_at < before, alone).limit(most)
        return self._gone(delete(t.chats).where(c.id.in_(old.scalar_subquery())))

    def sent(self, before: float, most: int) -> tuple[int, list[str]]:
        """Rows of the outbox that came to an end before a machine moment; and the files that went with them alone."""
        o, g, c = t.outbox.c, t.grants.c, t.chats.c
        rows = self._c.execute(select(o.id, o.body).where(o.status.in_(_ENDED), o.ended < before).limit(most)).all()
        self._c.execute(delete(t.outbox).where(o.id.in_([row.id for row in rows])))
        refs = {file.ref for row in rows if row.body is not None for file in _body(row.body).files}
        page = select(g.file).join(t.chats, c.id == g.chat).where(g.file.in_(refs), c.channel.in_(_PAGES))
        return len(rows), sorted(refs - set(self._c.scalars(page)))

    def told(self, before: datetime, most: int) -> int:
        """The texts of notices that are over; that they were ours is still known."""
        n = t.notices.c
        size = func.length(n.body)
        old = select(n.id).where(n.made_at < before, n.ended_at.is_not(None), size > _EMPTY).limit(most)
        ids = list(self._c.scalars(old))
        return self._gone(update(t.notices).where(n.id.in_(ids)).values(body=_NOTHING))

    def known(self, before: datetime, most: int) -> int:
        """Persons on earlier forms."""
        r = t.remembered.c
        old = list(self._c.execute(select(r.person, r.id).where(r.updated_at < before).limit(most)))
        for person, one in old:
            self._c.execute(delete(t.remembered).where(r.person == person, r.id == one))
        return len(old)

    def rest(self, day: str, before: datetime, codes: float) -> int:
        """What was asked in vain before a day, audits, looks and ended proofs before a moment, codes before another."""
        gone = self._gone(delete(t.missed).where(t.missed.c.day < day))
        gone += self._gone(delete(t.audit).where(t.audit.c.at < before))
        gone += self._gone(delete(t.proofs).where(t.proofs.c.ended_at < before))
        gone += self._gone(delete(t.looks).where(t.looks.c.at < before))
        gone += self._gone(delete(t.retention).where(t.retention.c.at < before))
        gone += self._gone(delete(t.codes).where(t.codes.c.expires < codes))
        return gone + self._gone(delete(t.attempts).where(t.attempts.c.at < codes))

    def _gone(self, statement: Delete | Update) -> int:
        return cast("CursorResult[Any]", self._c.execute(statement)).rowcount
