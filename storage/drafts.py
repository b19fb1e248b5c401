"""Drafts: a dossier in the making as rows from the first answer on, saved by difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update

from conversations.messages import Finding
from conversations.state import Document, Draft, DraftLine, Pending, ReadCard, Want
from storage import tables as t
from storage.conflict import Conflict
from storage.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from storage.work import Work


_a, _f = t.answers.c, t.documents.c
_ANSWERS = Prepared(select(_a.key, _a.value).where(_a.owner == bindparam("of")))
_DOCUMENT = (_f.id, _f.paper, _f.file, _f.media_type, _f.size, _f.verdict, _f.facts, _f.copies)
_DOCUMENTS = Prepared(
    select(*_DOCUMENT).where(_f.owner == bindparam("of"), _f.replaced.is_(False)).order_by(_f.position, _f.id)
)


class Body(msgspec.Struct, frozen=True):
    """The sealed part of a draft's row."""

    applicant: str = ""
    skipped: tuple[str, ...] = ()
    finished: tuple[str, ...] = ()
    wants: tuple[Want, ...] = ()
    marks: Mapping[str, str] = {}
    flags: tuple[str, ...] = ()
    tries: Mapping[str, int] = {}
    card: ReadCard | None = None
    pending: Pending | None = None


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """The sealed part of a document's row."""

    finding: Finding | None = None
    marked: str = ""
    used: bool = False
    by: str = ""
    shared: bool = False


class Left(msgspec.Struct, frozen=True):
    """Since when a draft has not been touched, whose it is, and what was said of it (domain.draft_times.SAID)."""

    person: str
    office: str
    consents: tuple[str, ...]
    touched_at: datetime
    reminded: int


class Drafts:
    """Owned by a person; answers and documents are shared with dossiers (same id)."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def get(self, draft: str, person: str) -> Draft | None:
        """One of this person's drafts, whole."""
        d = t.drafts.c
        row = self._c.execute(
            select(d.procedure, d.version, d.body, d.dossier).where(d.id == draft, d.person == person)
        ).first()
        if row is None:
            return None
        body = msgspec.json.decode(row.body, type=Body)
        return Draft(
            draft,
            row.procedure,
            row.version,
            self.answers(draft),
            self.documents(draft),
            body.skipped,
            body.finished,
            body.applicant,
            row.dossier or "",
            body.wants,
            body.marks,
            body.flags,
            body.tries,
            body.card,
            body.pending,
        )

    def begun_in(self, office: str, procedure: str) -> dict[str, str]:
        """Who has begun something with an office, or one of its procedures, and their newest chat."""
        d, p, c = t.drafts.c, t.persons.c, t.chats.c
        rows = self._c.execute(
            select(d.person, c.id)
            .join(t.persons, p.id == d.person)
            .join(t.chats, c.person == d.person)
            .where(p.office == office, d.dossier.is_(None), *([d.procedure == procedure] if procedure else []))
            .order_by(c.created_at, c.id)
        )
        return {row.person: row.id for row in rows}

    def lines(self, person: str) -> list[DraftLine]:
        """This person's drafts, the latest first."""
        d = t.drafts.c
        rows = self._c.execute(
            select(d.id, d.procedure, d.body, d.updated_at, d.dossier)
            .where(d.person == person)
            .order_by(d.updated_at.desc())
        )
        return [
            DraftLine(draft, procedure, msgspec.json.decode(body, type=Body).applicant, at, dossier or "")
            for draft, procedure, body, at, dossier in rows
        ]

    def unfinished(self) -> list[str]:
        """Every draft that is not about a dossier."""
        d = t.drafts.c
        return list(self._c.scalars(select(d.id).where(d.dossier.is_(None)).order_by(d.id)))

    def left(self, draft: str, *, lock: bool = False) -> Left | None:
        """What is known of a draft that nobody works on; None when it is no more."""
        d, p = t.drafts.c, t.persons.c
        found = select(d.person, p.office, p.consents, d.updated_at, d.reminded).join(t.persons, p.id == d.person)
        found = found.where(d.id == draft)
        row = self._c.execute(found.with_for_update(of=t.drafts) if lock else found).first()
        if row is None:
            return None
        return Left(row.person, row.office, tuple(row.consents.split(",")), row.updated_at, row.reminded)

    def remind(self, draft: str, reminded: int) -> None:
        """Note what was said of it; that is no touch."""
        self._c.execute(update(t.drafts).where(t.drafts.c.id == draft).values(reminded=reminded))

    def touch(self, draft: str, at: datetime, before: datetime) -> None:
        """Somebody looked at it, if it was last touched before a moment."""
        mine = (t.drafts.c.id == draft) & (t.drafts.c.updated_at < before)
        self._c.execute(update(t.drafts).where(mine).values(updated_at=at))

    def save(self, before: Draft | None, after: Draft, person: str, at: datetime) -> None:
        """Keep what changed between two values of one draft; `before` is None for a new one."""
        if before == after:
            return
        body = msgspec.json.encode(
            Body(
                after.applicant,
                after.skipped,
                after.finished,
                after.wants,
                after.marks,
                after.flags,
                after.tries,
                after.card,
                after.pending,
            )
        )
        if before is None:
            values = {"id": after.id, "person": person, "procedure": after.procedure, "version": after.version}
            self._c.execute(
                insert(t.drafts).values(
                    **values, body=body, dossier=after.dossier or None, created_at=at, updated_at=at
                )
            )
        else:
            kept = self._c.execute(
                update(t.drafts)
                .where(t.drafts.c.id == after.id)
                .values(procedure=after.procedure, version=after.version, body=body, updated_at=at)
            )
            if not kept.rowcount:
                raise Conflict
        self.save_answers(after.id, before.answers if before else {}, after.answers)
        self._save_documents(after.id, before.documents if before else (), after.documents)

    def save_answers(self, owner: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Keep the answers that differ, drop those that are gone."""
        changed = [key for key in before if after.get(key) != before[key]]
        if changed:
            a = t.answers.c
            self._c.execute(delete(t.answers).where(a.owner == owner, a.key.in_(changed)))
        new = [
            {"owner": owner, "key": key, "value": value.encode()}
            for key, value in after.items()
            if before.get(key) != value
        ]
        if new:
            self._c.execute(insert(t.answers), new)

    def _save_documents(self, owner: str, before: Sequence[Document], after: Sequence[Document]) -> None:
        old = {document.id: (position, document) for position, document in enumerate(before)}
        gone = [key for key in old if key not in {document.id for document in after}]
        d = t.documents.c
        if gone:
            self._c.execute(delete(t.documents).where(d.id.in_(gone)))
        for position, document in enumerate(after):
            known = old.get(document.id)
            if known is None:
                self._c.execute(
                    insert(t.documents).values(
                        id=document.id,
                        owner=owner,
                        paper=document.paper,
                        position=position,
                        file=document.ref,
                        media_type=document.media_type,
                        size=document.size,
                        verdict=document.verdict,
                        **_seen(document),
                    )
                )
            elif known != (position, document):
                self._c.execute(
                    update(t.documents)
                    .where(d.id == document.id)
                    .values(paper=document.paper, verdict=document.verdict, position=position, **_seen(document))
                )

    def answers(self, owner: str) -> dict[str, str]:
        """The answers of a draft or dossier."""
        return {key: value.decode() for key, value in _ANSWERS.rows(self._c, {"of": owner})}

    def documents(self, owner: str) -> tuple[Document, ...]:
        """The documents of a draft or dossier that count, in the order they were sent."""
        return tuple(_document(*row) for row in _DOCUMENTS.rows(self._c, {"of": owner}))

    def answers_of(self, owners: Collection[str], ending: str = "") -> Mapping[str, dict[str, str]]:
        """The answers of each of these, in one statement; only those whose key ends so, if it is given."""
        if len(owners) == 1 and not ending:
            return {owner: self.answers(owner) for owner in owners}
        answers: dict[str, dict[str, str]] = {owner: {} for owner in owners}
        wanted = select(_a.owner, _a.key, _a.value).where(_a.owner.in_(owners))
        if ending:
            wanted = wanted.where(_a.key.endswith(ending, autoescape=True))
        for owner, key, value in self._c.execute(wanted):
            answers[owner][key] = value.decode()
        return answers

    def documents_of(self, owners: Collection[str]) -> Mapping[str, Sequence[Document]]:
        """As `documents`, of each of these in one statement."""
        if len(owners) == 1:
            return {owner: self.documents(owner) for owner in owners}
        documents: dict[str, list[Document]] = {owner: [] for owner in owners}
        wanted = select(_f.owner, *_DOCUMENT).where(_f.owner.in_(owners), _f.replaced.is_(False))
        for owner, *row in self._c.execute(wanted.order_by(_f.position, _f.id)):
            documents[owner].append(_document(*row))
        return documents

    def found(
        self, document: str, verdict: str, finding: Finding | None, copies: Sequence[str] = (), marked: str = ""
    ) -> bool:
        """Note what the worker found, wherever the document is by now; False when it is nowhere."""
        d = t.documents.c
        row = self._c.execute(select(d.facts).where(d.id == document)).first()
        if row is None:
            return False
        facts = msgspec.structs.replace(_facts(row.facts), finding=finding, marked=marked)
        values = {"verdict": verdict, **_columns(facts, copies)}
        self._c.execute(update(t.documents).where(d.id == document).values(values))
        return True

    def looks(self, office: str, most: int) -> list[tuple[str, str, str]]:
        """Document, dossier and perceptual hash of an office's newest pictures, `most` of them."""
        d, o = t.documents.c, t.dossiers.c
        rows = self._c.execute(
            select(d.id, d.owner, d.look)
            .join(t.dossiers, o.id == d.owner)
            .where(o.office == office, d.look != "")
            .order_by(o.submitted_at.desc())
            .limit(most)
        )
        return [(row.id, row.owner, row.look) for row in rows]

    def arrived(self, document: str, media_type: str, size: int) -> None:
        """The bytes of a document have come, and tell what it is."""
        values = {"media_type": media_type, "size": size}
        self._c.execute(update(t.documents).where(t.documents.c.id == document).values(values))

    def move_documents(self, draft: str, dossier: str, papers: Sequence[str]) -> None:
        """A supplement's documents become the dossier's; those they replace stay, marked as replaced."""
        d = t.documents.c
        self._c.execute(update(t.documents).where(d.owner == dossier, d.paper.in_(papers)).values(replaced=True))
        self._c.execute(update(t.documents).where(d.owner == draft).values(owner=dossier))

    def hand_over(self, dossier: str, person: str) -> None:
        """What is asked for again of a dossier is another person's to give from now on."""
        self._c.execute(update(t.drafts).where(t.drafts.c.dossier == dossier).values(person=person))

    def move_document(self, document: str, draft: str, paper: str) -> None:
        """A document belongs to another draft, behind what it has."""
        d = t.documents.c
        last = select(func.coalesce(func.max(d.position), -1) + 1).where(d.owner == draft).scalar_subquery()
        self._c.execute(update(t.documents).where(d.id == document).values(owner=draft, paper=paper, position=last))

    def close(self, draft: str) -> None:
        """The draft has become a dossier: its answers and documents stay."""
        self._c.execute(delete(t.drafts).where(t.drafts.c.id == draft))

    def discard(self, draft: str) -> list[str]:
        """Forget a draft with all it holds; gives the files that nobody needs any more."""
        d = t.documents.c
        files = [ref for document in self.documents(draft) for ref in document.refs]
        self._c.execute(delete(t.documents).where(d.owner == draft))
        self._c.execute(delete(t.answers).where(t.answers.c.owner == draft))
        self.close(draft)
        return files


def _facts(sealed: bytes | None) -> Facts:
    return Facts() if sealed is None else msgspec.json.decode(sealed, type=Facts)


def _columns(facts: Facts, copies: Sequence[str]) -> dict[str, Any]:
    look = facts.finding.look if facts.finding is not None else ""
    return {"facts": msgspec.json.encode(facts), "copies": " ".join(copies), "look": look}


def _seen(document: Document) -> dict[str, Any]:
    return _columns(
        Facts(document.finding, document.marked, document.used, document.by, document.shared), document.copies
    )


def _document(  # noqa: PLR0913, PLR0917 - a row's columns
    key: str, paper: str, ref: str, media_type: str, size: int, verdict: str, facts: bytes | None, copies: str
) -> Document:
    seen = _facts(facts)
    kept = tuple(copies.split())
    found = (seen.finding, kept, seen.marked, seen.used, seen.by, seen.shared)
    return Document(key, paper, ref, media_type, size, verdict, *found)
