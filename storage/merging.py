"""Two persons that turn out to be one: the rows of one become the other's, and can be given back.

Every column that says whose something is stands in `OWNED`; a test compares it with the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import and_, delete, select, tuple_, update

from storage import tables as t
from storage.dossiers import Body, applicant_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement

    from storage.work import Work

Moved = dict[str, list[list[Any]]]  # by table: the keys of the rows that moved

# In this order, since a turn locks its chat first and an officer's decision its dossier: what either writes after that
# is there before the tables behind them are looked through.
OWNED: Final[tuple[Column[Any], ...]] = (
    t.chats.c.person,
    t.dossiers.c.person,
    t.drafts.c.person,
    t.calls.c.person,
    t.remembered.c.person,
    t.consents.c.person,
    t.proofs.c.person,
    t.notices.c.person,
    t.mandates.c.helper,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A person's own row."""

    id: str
    office: str
    consents: tuple[str, ...]
    settings: str
    merged: str | None


class Merging:
    """Rows that change hands. Only bot/merging.py knows when they may."""

    def __init__(self, work: Work) -> None:
        self._c = work.connection

    def lock(self, *persons: str) -> dict[str, Row]:
        """These persons, until the commit; always in the same order, so that two who do this crosswise don't block.

        Waits for whoever is about to commit rows that name them.
        """
        p = t.persons.c
        columns = (p.id, p.office, p.consents, p.settings, p.merged)
        query = select(*columns).where(p.id.in_(persons)).order_by(p.id).with_for_update()
        return {
            row.id: Row(row.id, row.office, tuple(filter(None, row.consents.split(","))), row.settings, row.merged)
            for row in self._c.execute(query)
        }

    def set(self, person: str, **changes: Any) -> None:
        """Set columns of a person's own row."""
        self._c.execute(update(t.persons).where(t.persons.c.id == person).values(**changes))

    def current(self, person: str) -> str:
        """Who this person is now: the one they were merged into, or themselves."""
        seen = {person}
        while into := self._c.scalar(select(t.persons.c.merged).where(t.persons.c.id == person)):
            if into in seen:
                break
            seen.add(into)
            person = into
        return person

    def into(self, person: str) -> list[str]:
        """The merges by which a person has become what they are, each as "<gone> <into whom>"."""
        p, found, layer = t.persons.c, list[str](), [person]
        while layer:
            rows = self._c.execute(select(p.id, p.merged).where(p.merged.in_(layer))).all()
            found += [f"{row.id} {row.merged}" for row in rows]
            layer = [row.id for row in rows]
        return found

    def move(self, gone: str, keep: str, only: Mapping[str, Sequence[Sequence[Any]]] | None = None) -> Moved:
        """Make everything of `gone` `keep`'s, or `only` these rows; gives the keys of what moved."""
        moved: Moved = {}
        for column in OWNED:
            name = column.table.name
            mine = column == gone if only is None else and_(column == gone, _among(column, only.get(name, ())))
            rows = self._c.execute(update(column.table).where(mine).values({column: keep}).returning(*_key(column)))
            keys = sorted(list(row) for row in rows)
            if keys:
                moved[name] = keys
        self._twins(keep, moved.get(t.dossiers.name, ()))
        return moved

    def later(self, person: str, chats: Iterable[str], but: Mapping[str, Sequence[Sequence[Any]]]) -> Moved:
        """What of a person's has come to these chats, besides rows that are known: dossiers, calls and notices."""
        here = list(chats)
        found: Moved = {}
        for column in (t.dossiers.c.person, t.calls.c.person, t.notices.c.person):
            table = column.table
            rows = self._c.execute(select(*_key(column)).where(column == person, table.c.chat.in_(here)))
            new = sorted(key for key in map(list, rows) if key not in but.get(table.name, ()))
            if new:
                found[table.name] = new
        return found

    def has(self, person: str) -> Moved:
        """The drafts and dossiers that are a person's, by table."""
        tables = (t.drafts, t.dossiers)
        return {
            one.name: [[id_] for id_ in self._c.scalars(select(one.c.id).where(one.c.person == person))]
            for one in tables
        }

    def follow(self, *persons: str) -> None:
        """What these persons are asked for again, told of, and allowed to do for others goes with its dossier."""
        d, f = t.dossiers.c, t.drafts.c
        whose = select(d.person).where(d.id == f.dossier).scalar_subquery()
        mine = select(d.id).where(d.person.in_(persons))
        self._c.execute(update(t.drafts).where(f.person.in_(persons), f.dossier.in_(mine)).values(person=whose))
        n, m = t.notices.c, t.mandates.c
        whose = select(d.person).where("dossier:" + d.id == n.subject).scalar_subquery()
        told = select("dossier:" + d.id).where(d.person.in_(persons))
        self._c.execute(update(t.notices).where(n.person.in_(persons), n.subject.in_(told)).values(person=whose))
        for table in (t.drafts, t.dossiers):
            whose = select(table.c.person).where(table.c.id == m.owner).scalar_subquery()
            mine = select(table.c.id).where(table.c.person.in_(persons))
            open_ = (m.helper.in_(persons), m.owner.in_(mine), m.ended_at.is_(None))
            self._c.execute(update(t.mandates).where(*open_).values(helper=whose))

    def close_files(self, chats: Collection[str], person: str) -> None:
        """These chats may open no file of a person's drafts and dossiers any more."""
        d, s, g = t.documents.c, t.slips.c, t.grants.c
        owners = [id_ for rows in self.has(person).values() for (id_,) in rows]
        files: set[str] = set()
        for file, copies in self._c.execute(select(d.file, d.copies).where(d.owner.in_(owners))):
            files |= {file, *copies.split()}
        files |= {file for file in self._c.scalars(select(s.file).where(s.dossier.in_(owners))) if file}
        self._c.execute(delete(t.grants).where(g.chat.in_(chats), g.file.in_(files)))

    def call_home(self, person: str, chat: str) -> None:
        """What was begun in a chat that is not this person's any more is answered in `chat` from now on."""
        theirs = select(t.chats.c.id).where(t.chats.c.person == person)
        for column in (t.dossiers.c.person, t.calls.c.person, t.notices.c.person):
            here = column.table.c.chat
            astray = (column == person, here.not_in(theirs))
            self._c.execute(update(column.table).where(*astray).values({here: chat}))

    def untold(self, chat: str) -> None:
        """What waits to be sent to a chat of dossiers and calls that are not its person's is not sent there."""
        o, whose = t.outbox.c, select(t.chats.c.person).where(t.chats.c.id == chat).scalar_subquery()
        mine = [
            select(kind + table.c.id).where(table.c.person == whose)
            for kind, table in (("dossier:", t.dossiers), ("call:", t.calls))
        ]
        about = o.subject.startswith("dossier:") | o.subject.startswith("call:")
        foreign = about & and_(*(o.subject.not_in(known) for known in mine))
        waits = (o.chat == chat) & (o.status == "waiting")
        self._c.execute(delete(t.outbox).where(waits, foreign))

    def last_agreed(self, person: str, *purposes: str) -> str:
        """Of these purposes the one that a person agreed to last, or empty."""
        c = t.consents.c
        wanted = select(c.purpose).where(c.person == person, c.purpose.in_(purposes), c.given)
        return self._c.scalar(wanted.order_by(c.at.desc(), c.id.desc()).limit(1)) or ""

    def _twins(self, person: str, dossiers: Sequence[Sequence[Any]]) -> None:
        """The same matter handed in twice is found by who handed it in."""
        d = t.dossiers.c
        for (dossier,) in dossiers:
            body = self._c.scalar(select(d.body).where(d.id == dossier))
            key = applicant_key(person, msgspec.json.decode(body or b"{}", type=Body).applicant)
            self._c.execute(update(t.dossiers).where(d.id == dossier).values(applicant_key=key))


def _key(column: Column[Any]) -> list[Column[Any]]:
    """What tells a row from the others of its owner."""
    return [one for one in column.table.primary_key.columns if one is not column]


def _among(column: Column[Any], rows: Sequence[Sequence[Any]]) -> ColumnElement[bool]:
    key = _key(column)
    if len(key) == 1:
        return key[0].in_([row[0] for row in rows])
    return tuple_(*key).in_([tuple(row) for row in rows])
