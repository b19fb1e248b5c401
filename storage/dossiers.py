"""Dossiers: rows changed only by compare-and-set on their version."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, bindparam, case, func, insert, or_, select, true, update

from conversations.state import Collector, Contact, CoSigner, Helper, Part, Portal, PostWish, Want
from domain.dossier import BALL_WITH_CITIZEN, OPEN, Decision, Status
from storage import tables as t
from storage import upsert
from storage.conflict import Conflict
from storage.prepared import Prepared
from storage.sealed import keys

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from storage.work import Work


class Body(msgspec.Struct, frozen=True):
    """The sealed part of a dossier's row."""

    applicant: str = ""
    skipped: tuple[str, ...] = ()
    wants: tuple[Want, ...] = ()
    correction: Want | None = None  # key and proposed value
    correction_old: str = ""
    marks: Mapping[str, str] = {}  # as in conversations.state.Draft
    collector: Collector | None = None
    parts: tuple[Part, ...] = ()
    post: PostWish | None = None
    portal: Portal | None = None
    cosigner: CoSigner | None = None
    contact: Contact | None = None  # of whoever has no chat
    helper: Helper | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A dossier's row, its sealed parts opened."""

    id: str
    person: str
    chat: str
    office: str
    procedure: str
    catalogue_version: str
    tracking_code: str
    official_code: str | None
    status: Status
    version: int
    body: Body
    submitted_at: datetime
    answer_by: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    appointment_at: datetime | None
    rounds: int
    twin: str
    owner: str | None
    held: Decision | None
    held_by: str | None
    held_until: float | None
    channel: str = "online"  # how it was handed in: online, direct (at the desk) or post
    paused_at: datetime | None = None  # since when it waits for the citizen and the clock does not run
    wait_until: datetime | None = None  # until when it waits; None: no limit known
    reminded_at: datetime | None = None  # when the citizen was reminded in this wait
    extended_from: datetime | None = None  # the due moment before the one extension
    done_at: datetime | None = None  # when the result was ready at last
    closed_at: datetime | None = None
    answered_at: datetime | None = None  # when the office first decided anything
    answered_late: bool | None = None  # whether that was later than promised


_d = t.dossiers.c
_COLUMNS = (
    _d.id,
    _d.person,
    _d.chat,
    _d.office,
    _d.procedure,
    _d.catalogue_version,
    _d.tracking_code,
    _d.official_code,
    _d.status,
    _d.version,
    _d.body,
    _d.submitted_at,
    _d.answer_by,
    _d.accepted_at,
    _d.due_at,
    _d.appointment_at,
    _d.rounds,
    _d.twin,
    _d.owner,
    _d.held,
    _d.held_by,
    _d.held_until,
    _d.channel,
    _d.paused_at,
    _d.wait_until,
    _d.reminded_at,
    _d.extended_from,
    _d.done_at,
    _d.closed_at,
    _d.answered_at,
    _d.answered_late,
)
_NAMES = tuple(column.name for column in _COLUMNS)
_BY_ID = Prepared(select(*_COLUMNS).where(_d.id == bindparam("dossier")))
_LOCKED = Prepared(select(*_COLUMNS).where(_d.id == bindparam("dossier")).with_for_update())
_OPEN = tuple(OPEN)
_PROMISED = func.coalesce(_d.due_at, _d.answer_by)
_WITH_OFFICE = tuple((OPEN - BALL_WITH_CITIZEN) | {Status.DRAFTED})  # whose due day comes nearer


class Dossiers:
    """Found by id, code, person or office; most lists are bounded."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._c = work.connection

    def add(self, record: Record) -> None:
        """A new dossier; its id is the draft's, so that a draft becomes one dossier at most."""
        values = {column.name: getattr(record, column.name) for column in _COLUMNS}
        values["body"] = msgspec.json.encode(record.body)
        values["held"] = None
        key = applicant_key(record.person, record.body.applicant)
        self._c.execute(insert(t.dossiers).values(**values, applicant_key=key))

    def get(self, dossier: str, *, lock: bool = False) -> Record | None:
        """One dossier by id; with `lock` nobody else changes it until the commit."""
        row = (_LOCKED if lock else _BY_ID).first(self._c, {"dossier": dossier})
        return None if row is None else _record(row)

    def by_code(self, code: str) -> Record | None:
        """By tracking code or official code, or else by the one that the National Portal gave."""
        own = select(*_COLUMNS).where(or_(_d.tracking_code == code, _d.official_code == code))
        noted = select(*_COLUMNS).where(_d.portal_code == code).order_by(_d.submitted_at.desc()).limit(1)
        return self._first(own) or self._first(noted)

    def pair(self, code: str, phone: str) -> Record | None:
        """By tracking or official code and the number it was handed in with, in one query."""
        same = or_(_d.tracking_code == code, _d.official_code == code)
        return self._first(select(*_COLUMNS).where(same, _d.phone_key == keys().look_up(phone)))

    def of_phone(self, phone: str, office: str = "", most: int = 50) -> list[Record]:
        """What was handed in with a number (E.164), newest first; of one office only, where one is named."""
        here = _d.phone_key == keys().look_up(phone)
        return self._all(and_(here, _d.office == office) if office else here, _d.submitted_at.desc(), most)

    def reached_at(self, dossier: str, phone: str) -> None:
        """Note the number (E.164, or empty) that a dossier was handed in with; its version stays."""
        key = keys().look_up(phone) if phone else ""
        self._c.execute(update(t.dossiers).where(_d.id == dossier).values(phone_key=key))

    def without_phone(self, after: str, most: int) -> list[Record]:
        """Those for which no number is noted, by id, after this one."""
        return self._all(and_(_d.phone_key == "", _d.id > after), _d.id, most)

    def change(self, record: Record, **changes: Any) -> None:
        """Set columns of the row as it was read; Conflict when it has changed since. Grows the version."""
        if "body" in changes:
            changes["body"] = msgspec.json.encode(changes["body"])
        if changes.get("held") is not None:
            changes["held"] = msgspec.json.encode(changes["held"])
        new = {f"new_{column}": value for column, value in {**changes, "version": record.version + 1}.items()}
        known = {"known_id": record.id, "known_version": record.version}
        if not _changing(tuple(sorted(changes))).rows(self._c, {**new, **known}):
            raise Conflict

    def of_person(self, person: str) -> list[Record]:
        """All of one person, newest first."""
        return self._all(_d.person == person, _d.submitted_at.desc(), 100)

    def twin_of(self, record: Record) -> str:
        """The tracking code of an open or recent dossier of the same applicant for the same procedure, or empty."""
        same = and_(
            _d.office == record.office,
            _d.applicant_key == applicant_key(record.person, record.body.applicant),
            _d.procedure == record.procedure,
            _d.status.in_((*_OPEN, Status.HANDED_OVER)),
            _d.id != record.id,
        )
        query = select(_d.tracking_code).where(same).order_by(_d.submitted_at.desc()).limit(1)
        return self._c.scalar(query) or ""

    def latest(self, office: str, most: int = 200) -> list[Record]:
        """The newest of an office."""
        return self._all(_d.office == office, _d.submitted_at.desc(), most)

    def newest(self, office: str, most: int, pages: int) -> Iterator[list[Record]]:
        """All of an office, the newest first, so many at a time."""
        for page in range(pages):
            here = select(*_COLUMNS).where(_d.office == office).order_by(_d.submitted_at.desc(), _d.id)
            found = [_record(row) for row in self._c.execute(here.limit(most).offset(page * most))]
            yield found
            if len(found) < most:
                return

    def newest_open(self, office: str, most: int) -> list[Record]:
        """The newest of an office that are not closed."""
        return self._all(and_(_d.office == office, _d.status.in_(_OPEN)), _d.submitted_at.desc(), most)

    def appointed(self, office: str, since: datetime, until: datetime) -> list[Record]:
        """Whoever is expected at the desk in this time, in their order."""
        expected = _d.status.in_((Status.INVITED, Status.DONE))
        between = and_(_d.office == office, expected, _d.appointment_at >= since, _d.appointment_at < until)
        return self._all(between, _d.appointment_at, 200)

    def agenda(self, office: str, since: datetime, until: datetime) -> list[Record]:
        """Open ones that want something before `until`; of appointments only those from `since` on."""
        wanted = or_(
            and_(_d.status == Status.SUBMITTED, _d.answer_by <= until),
            and_(_d.status.in_(_WITH_OFFICE), _d.due_at <= until),
            and_(_d.status.in_((Status.INVITED, Status.DONE)), _d.appointment_at.between(since, until)),
        )
        order = case((_d.status.in_((Status.INVITED, Status.DONE)), _d.appointment_at), else_=_PROMISED)
        return self._all(and_(_d.office == office, _d.status.in_(_OPEN), wanted), order, 1000)

    def unanswered(self, office: str) -> list[Record]:
        """Handed in and not yet looked at, or left without an owner when one went away; the oldest first.

        Results that only wait to be collected come last, for there may be many.
        """
        left = and_(_d.owner.is_(None), _d.status.in_((*_WITH_OFFICE, Status.INVITED, Status.DONE)))
        wanted = and_(_d.office == office, or_(_d.status == Status.SUBMITTED, left))
        return self._all(wanted, (case((_d.status == Status.DONE, 1), else_=0), _d.submitted_at), 50)

    def overdue(self, office: str, now: datetime) -> list[Record]:
        """Whose promised moment has passed while the ball is with the office, the oldest promise first."""
        late = or_(
            and_(_d.status == Status.SUBMITTED, _d.answer_by < now),
            and_(_d.status.in_(_WITH_OFFICE), _d.due_at < now),
        )
        return self._all(and_(_d.office == office, late), _PROMISED, 50)

    def concerned(self, office: str, procedure: str) -> list[Record]:
        """All open ones of an office, or of one of its procedures, the oldest first."""
        here = _d.procedure == procedure if procedure else true()
        return self._all(and_(_d.office == office, _d.status.in_(_OPEN), here), _d.submitted_at, 100_000)

    def of_owner(self, officer: str) -> list[Record]:
        """Open ones that an officer has claimed."""
        return self._all(and_(_d.owner == officer, _d.status.in_(_OPEN)), _d.submitted_at, 500)

    def held(self, until: float) -> list[str]:
        """Dossiers whose held decision may be carried out by a machine moment."""
        return list(self._c.scalars(select(_d.id).where(_d.held_until <= until).order_by(_d.held_until).limit(50)))

    def next_number(self, office: str, day: str) -> int:
        """The next official number of an office's day; no gaps, since it commits with what uses it."""
        counter = upsert.insert(self._c, t.counters).values(office=office, day=day, last=1)
        counter = counter.on_conflict_do_update(index_elements=["office", "day"], set_={"last": t.counters.c.last + 1})
        return int(self._c.execute(counter.returning(t.counters.c.last)).scalar_one())

    def _first(self, query: Any) -> Record | None:
        row = self._c.execute(query).first()
        return None if row is None else _record(row)

    def _all(self, where: ColumnElement[bool], order: Any, most: int) -> list[Record]:
        by = order if isinstance(order, tuple) else (order,)
        rows = self._c.execute(select(*_COLUMNS).where(where).order_by(*by).limit(most))
        return [_record(row) for row in rows]


@functools.cache
def _changing(columns: tuple[str, ...]) -> Prepared:
    """Few combinations of columns change together."""
    new = {_d[column]: bindparam(f"new_{column}", type_=_d[column].type) for column in (*columns, "version")}
    here = (_d.id == bindparam("known_id"), _d.version == bindparam("known_version"))
    return Prepared(update(t.dossiers).where(*here).values(new).returning(_d.id))


def _record(row: Any) -> Record:
    values = dict(zip(_NAMES, row, strict=True))
    values["status"] = Status(values["status"])
    values["body"] = msgspec.json.decode(values["body"], type=Body)
    values["held"] = None if values["held"] is None else msgspec.json.decode(values["held"], type=Decision)
    return Record(**values)


def applicant_key(person: str, applicant: str) -> str:
    """Under which the same matter is found when it is handed in twice."""
    return keys().look_up(f"{person}:{applicant.casefold()}")
